/**
 * Who may do this? The subjects of every binding whose role covers the request, each
 * with its paths. Groups stay groups unless their members are known: the groups of
 * service accounts are expanded to the accounts of the snapshot.
 */
import { effectiveNamespace } from './can';
import { MASTERS } from './identity';
import { isUrlRequest, ruleCovers } from './match';
import type { RbacIndex } from './rbac-index';
import type { AccessRequest, Grant, PolicyRule, Subject } from './types';

export type Question = Omit<AccessRequest, 'user' | 'groups'>;

export interface SubjectAnswer {
  readonly kind: 'User' | 'Group' | 'ServiceAccount';
  readonly name: string;
  /** Empty but for service accounts. */
  readonly namespace: string;
  readonly grants: readonly Grant[];
}

/** Sorted by kind, namespace, name. `system:masters` is left to the caller to mention (A18). */
export function whoCan(index: RbacIndex, question: Question): SubjectAnswer[] {
  const request: AccessRequest = { user: '', groups: [], ...question };
  const url = isUrlRequest(request);
  const covering = new Map<string, { rule: PolicyRule; ruleIndex: number }[]>();
  const found = new Map<string, SubjectAnswer & { grants: Grant[] }>();
  for (const { binding, role } of index.bindingsInScope(effectiveNamespace(request))) {
    if (!role || (url && binding.kind !== 'ClusterRoleBinding')) continue;
    const key = `${role.kind}/${role.namespace}/${role.name}`;
    let rules = covering.get(key);
    if (!rules) {
      rules = role.rules.flatMap((rule, ruleIndex) =>
        ruleCovers(rule, request) ? [{ rule, ruleIndex }] : [],
      );
      covering.set(key, rules);
    }
    if (rules.length === 0) continue;
    for (const subject of binding.subjects) {
      const who = identityOf(subject, binding.namespace);
      if (!who) continue;
      const id = `${who.kind}/${who.namespace}/${who.name}`;
      let answer = found.get(id);
      if (!answer) found.set(id, (answer = { ...who, grants: [] }));
      for (const { rule, ruleIndex } of rules)
        answer.grants.push({ binding, subject, role, rule, ruleIndex });
    }
  }
  return [...found.values()].sort(bySubject);
}

export const mastersNote = `Members of group ${MASTERS} may do everything; no object lists them.`;

function identityOf(
  subject: Subject,
  bindingNamespace: string,
): { kind: SubjectAnswer['kind']; name: string; namespace: string } | undefined {
  if (subject.kind === 'ServiceAccount') {
    const namespace = subject.namespace || bindingNamespace;
    return namespace ? { kind: 'ServiceAccount', name: subject.name, namespace } : undefined;
  }
  if (subject.kind === 'User' || subject.kind === 'Group') {
    return { kind: subject.kind, name: subject.name, namespace: '' };
  }
  return undefined;
}

function bySubject(a: SubjectAnswer, b: SubjectAnswer): number {
  return compare(a.kind, b.kind) || compare(a.namespace, b.namespace) || compare(a.name, b.name);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
