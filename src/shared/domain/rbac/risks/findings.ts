/**
 * Dangerous permissions in what subjects really hold: binding -> role -> rule, by subject and
 * scope. Guarantees: every finding names the rules that give it; a rule that gives everything is
 * told once and not again as each thing it holds; a role bound to a thousand subjects is read once.
 */
import { subjectKey } from '../identity';
import { verbMatches, groupMatches, resourceMatches, urlMatches } from '../match';
import type { RbacIndex } from '../rbac-index';
import type { Binding, Grant, PolicyRule, Role, Subject } from '../types';
import { CLUSTER_SCOPED, EVERYTHING, PERMISSIONS } from './permissions';
import type { DangerousPermission, Need, Severity } from './define';

export interface RiskFinding {
  /** Stable while permission, subject and scope stay: what an acceptance is kept under. */
  readonly id: string;
  readonly permission: DangerousPermission;
  readonly severity: Severity;
  readonly subject: Subject;
  /** '' for the whole cluster. */
  readonly namespace: string;
  readonly grants: readonly Grant[];
  /** Objects the grant is limited to; empty: all. */
  readonly names: readonly string[];
  /** Kubernetes' own: controllers, nodes, the scheduler. Told apart, because they need it. */
  readonly builtIn: boolean;
}

const RANKS: readonly Severity[] = ['low', 'medium', 'high', 'critical'];

export function severityRank(severity: Severity): number {
  return RANKS.indexOf(severity);
}

interface Hit {
  readonly permission: DangerousPermission;
  /** Index of the need in `permission.needs`. */
  readonly need: number;
  readonly rule: PolicyRule;
  readonly ruleIndex: number;
}

/** Findings of every subject, the worst first. */
export function riskFindings(index: RbacIndex): RiskFinding[] {
  const hits = new Map<string, readonly Hit[]>();
  const collected = new Map<string, Collected>();
  for (const { binding, role } of index.allBindings()) {
    if (!role) continue;
    const namespace = binding.namespace;
    const key = `${namespace === '' ? 'cluster' : namespace === 'kube-system' ? 'system' : 'namespace'} ${role.kind}/${role.namespace}/${role.name}`;
    let found = hits.get(key);
    if (!found) hits.set(key, (found = hitsOf(role, namespace)));
    if (found.length > 0)
      for (const subject of binding.subjects) collect(collected, binding, role, subject, found);
  }
  const findings: RiskFinding[] = [];
  for (const one of collected.values()) {
    const finding = judge(one);
    if (finding) findings.push(finding);
  }
  return findings.sort(byWeight);
}

interface Collected {
  readonly id: string;
  readonly permission: DangerousPermission;
  readonly subject: Subject;
  readonly namespace: string;
  readonly grants: Grant[];
  readonly needs: Set<number>;
}

function collect(
  collected: Map<string, Collected>,
  binding: Binding,
  role: Role,
  subject: Subject,
  hits: readonly Hit[],
): void {
  const who = subjectKey(subject, binding.namespace);
  if (who === undefined) return;
  for (const { permission, need, rule, ruleIndex } of hits) {
    const id = `${permission.id} ${who} ${binding.namespace}`;
    let one = collected.get(id);
    if (!one) {
      const { namespace } = binding;
      // Its namespace is written out: in a RoleBinding it may be left out (A15).
      const named =
        subject.kind === 'ServiceAccount'
          ? { ...subject, namespace: subject.namespace || namespace }
          : subject;
      one = { id, permission, subject: named, namespace, grants: [], needs: new Set() };
      collected.set(id, one);
    }
    one.needs.add(need);
    one.grants.push({ binding, subject, role, rule, ruleIndex });
  }
}

function judge(one: Collected): RiskFinding | undefined {
  const { id, permission, subject, namespace, grants, needs } = one;
  if (needs.size < permission.needs.length) return undefined;
  const open = grants.some(({ rule }) => (rule.resourceNames?.length ?? 0) === 0);
  const names = open ? [] : [...new Set(grants.flatMap(({ rule }) => rule.resourceNames ?? []))].sort();
  let rank = severityRank(permission.severity);
  // kube-system holds the keys of the cluster: its namespace is no narrower.
  if (namespace !== '' && namespace !== 'kube-system') rank -= 1;
  if (names.length > 0) rank -= 1;
  if (isEverybody(subject)) rank += 1;
  const severity = RANKS[Math.min(Math.max(rank, 0), RANKS.length - 1)] ?? permission.severity;
  return { id, permission, severity, subject, namespace, grants, names, builtIn: isBuiltIn(subject) };
}

/** What a role gives when bound in `namespace` ('' for the whole cluster). */
function hitsOf(role: Role, namespace: string): Hit[] {
  const hits: Hit[] = [];
  role.rules.forEach((rule, ruleIndex) => {
    const whole = EVERYTHING.find(({ needs }) => needs.every((need) => grantsStar(rule, need)));
    if (whole) {
      hits.push({ permission: whole, need: 0, rule, ruleIndex });
      // Reading everything says nothing of changing: what else the rule grants is told.
      if (whole.id !== 'all-resources-read' || !(rule.verbs ?? []).some((verb) => !READS.has(verb))) return;
    }
    for (const permission of PERMISSIONS) {
      if (permission.only !== undefined && namespace !== '' && namespace !== permission.only) continue;
      permission.needs.forEach((need, i) => {
        if (grants(rule, need, namespace)) hits.push({ permission, need: i, rule, ruleIndex });
      });
    }
  });
  return hits;
}

const READS = new Set(['get', 'list', 'watch']);

function grantsStar(rule: PolicyRule, need: Need): boolean {
  const names = rule.resourceNames ?? [];
  if (names.length > 0 || !rule.resources?.includes('*') || !rule.apiGroups?.includes('*')) return false;
  return need.verbs.some((verb) => (verb === '*' ? rule.verbs?.includes('*') : verbMatches(rule, verb)));
}

function grants(rule: PolicyRule, need: Need, namespace: string): boolean {
  const named = (rule.resourceNames?.length ?? 0) > 0;
  if (need.urls) {
    return (
      namespace === '' &&
      need.verbs.some((verb) => verbMatches(rule, verb)) &&
      need.urls.some((url) => urlMatches(rule, url))
    );
  }
  return (
    need.groups.some((group) => groupMatches(rule, group)) &&
    need.resources.some((entry) => {
      const [resource = '', subresource = ''] = entry.split('/');
      const scoped = namespace !== '' && CLUSTER_SCOPED.has(entry) && !need.verbs.includes('bind');
      if (scoped || !resourceMatches(rule, resource, subresource)) return false;
      return need.verbs.some((verb) => verbMatches(rule, verb) && !(named && nameless(verb, subresource)));
    })
  );
}

/** Requests without a name are never granted by rules with names (A10); create on a subresource has one (A12). */
function nameless(verb: string, subresource: string): boolean {
  return (verb === 'create' && subresource === '') || verb === 'deletecollection';
}

const EVERYBODY = new Set([
  'system:anonymous',
  'system:unauthenticated',
  'system:authenticated',
  'system:serviceaccounts',
]);

/** Everybody, or everybody who can run a pod. */
export function isEverybody(subject: Subject): boolean {
  return subject.kind !== 'ServiceAccount' && EVERYBODY.has(subject.name);
}

function isBuiltIn(subject: Subject): boolean {
  if (subject.kind === 'ServiceAccount') {
    return subject.namespace === 'kube-system';
  }
  return (
    subject.name.startsWith('system:') &&
    !isEverybody(subject) &&
    !subject.name.startsWith('system:serviceaccount')
  );
}

function byWeight(a: RiskFinding, b: RiskFinding): number {
  return (
    Number(a.builtIn) - Number(b.builtIn) ||
    severityRank(b.severity) - severityRank(a.severity) ||
    (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  );
}
