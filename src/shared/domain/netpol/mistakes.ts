/**
 * What in a policy does not do what its author may think, seen against what the cluster holds now.
 * A mistake names its place, says the effect and what to do. Nothing here is a matter of taste:
 * each is something that has no effect, or an effect people report as a surprise.
 */
import { refText, rulesOf, type Peer, type Policy, type Rule } from './compiled';
import { dnsVerdict, type DnsServers } from './dns';
import { NAME_LABEL, type NetpolModel } from './model';
import { selectorText, subjectText } from './policy-words';
import { madeNeedlessBy } from './redundant';
import type { Group } from './runtime';
import { matches, type Selector } from './selector';
import type { Direction, PolicyProblem } from './types';

export type MistakeCode =
  | PolicyProblem['code']
  | 'selectsNothing'
  | 'peerMatchesNothing'
  | 'noSuchNamespace'
  | 'noSuchPortName'
  | 'dnsForgotten'
  | 'needless'
  | 'equalPriority'
  | 'noRules';

export interface Mistake {
  readonly code: MistakeCode;
  /** `error`: something in it has no effect or a wrong one; `warning`: likely not meant; `note`: worth knowing. */
  readonly severity: 'error' | 'warning' | 'note';
  /** As a path: `ingress[0].from[1]`; '' for the whole. */
  readonly at: string;
  /** Of the rule table. */
  readonly rule: string;
  readonly text: string;
}

const DIRECTIONS: readonly Direction[] = ['ingress', 'egress'];
const NOTES: ReadonlySet<string> = new Set(['domainNames', 'beyond']);

export function mistakesOf(model: NetpolModel, policy: Policy, dns: DnsServers): Mistake[] {
  const found: Mistake[] = policy.problems.map(({ code, at, rule, text }) => ({
    code,
    severity: NOTES.has(code) ? 'note' : 'error',
    at,
    rule,
    text: sentence(text),
  }));
  const groups = [...model.groups.values()].filter((group) => group.pods > 0);
  const selected = groups.filter((group) => model.selects(policy, group));
  if (selected.length === 0) {
    found.push({
      code: 'selectsNothing',
      severity: 'warning',
      at: policy.tier === 'networkPolicy' ? 'podSelector' : 'subject',
      rule: 'S5',
      text: `Selects no pod that runs now: no pods are ${subjectText(policy)}.${nearLabels(model, policy)}`,
    });
  }
  for (const direction of DIRECTIONS) {
    for (const rule of rulesOf(policy, direction) ?? [])
      found.push(...inRule(model, policy, rule, direction, groups, selected));
  }
  if (policy.tier === 'networkPolicy') {
    if (policy.egress !== null) found.push(...forgottenDns(model, policy, selected, dns));
    // A default deny is for the pods to come.
    const by = isDefaultDeny(policy) ? undefined : madeNeedlessBy(model, policy);
    if (by) {
      found.push({
        code: 'needless',
        severity: 'note',
        at: '',
        rule: 'S3',
        text: `Changes nothing for the pods that run now: ${names(by)} isolate them already and allow all that this allows.`,
      });
    }
  } else if (policy.tier !== 'engine' && policy.priority >= 0) found.push(...ofTier(model, policy, selected));
  return found;
}

function sentence(text: string): string {
  const upper = text.charAt(0).toUpperCase() + text.slice(1);
  return upper.endsWith('.') ? upper : `${upper}.`;
}

function names(policies: readonly Policy[]): string {
  const shown = policies.slice(0, 3).map((one) => one.ref.name);
  return policies.length > 3 ? `${shown.join(', ')} and ${policies.length - 3} more` : shown.join(' and ');
}

function inRule(
  model: NetpolModel,
  policy: Policy,
  rule: Rule,
  direction: Direction,
  groups: readonly Group[],
  selected: readonly Group[],
): Mistake[] {
  const found: Mistake[] = [];
  const at = `${direction}[${rule.index}]`;
  const side = direction === 'ingress' ? 'from' : 'to';
  rule.peers?.forEach((peer, i) => {
    const one = emptyPeer(model, peer, groups);
    if (one) found.push({ ...one, severity: 'warning', at: `${at}.${side}[${i}]`, rule: 'S8' });
  });
  // S13: the names are those of the destination's pods.
  const destinations =
    direction === 'ingress'
      ? selected
      : rule.peers === null
        ? groups
        : groups.filter((group) => rule.peers?.some((peer) => isPeer(model, peer, group)));
  const ports = policy.ref.kind === 'ClusterNetworkPolicy' ? 'protocols' : 'ports';
  rule.ports?.items.forEach(({ named }, i) => {
    if (!named || destinations.length === 0) return;
    const has = destinations.some((group) =>
      (group.ports.get(named.name) ?? []).some(
        (port) => named.protocol === undefined || port.protocol === named.protocol,
      ),
    );
    if (has) return;
    const whose = direction === 'ingress' ? 'selected pod' : 'pod of its peers';
    found.push({
      code: 'noSuchPortName',
      severity: 'error',
      at: `${at}.${ports}[${i}]`,
      rule: 'S13',
      text: `No ${whose} has a ${named.protocol ?? ''} container port named ${named.name}: this item allows nothing. Names of Service ports do not count.`.replace(
        'a  container',
        'a container',
      ),
    });
  });
  return found;
}

/** Whether a peer's selectors mean the pods of a group. */
export function isPeer(model: NetpolModel, peer: Peer, group: Group): boolean {
  if (peer.kind !== 'pods' || group.host) return false;
  if (peer.namespace !== undefined && peer.namespace !== group.namespace) return false;
  if (peer.namespaces && !matches(peer.namespaces, model.namespaceLabels(group.namespace))) return false;
  return !peer.pods || matches(peer.pods, group.labels);
}

function emptyPeer(
  model: NetpolModel,
  peer: Peer,
  groups: readonly Group[],
): Pick<Mistake, 'code' | 'text'> | undefined {
  if (peer.kind !== 'pods' || groups.some((group) => isPeer(model, peer, group))) return undefined;
  if (peer.namespaces) {
    const inside = model
      .namespaceNames()
      .filter((name) => matches(peer.namespaces!, model.namespaceLabels(name)));
    if (inside.length === 0) {
      return {
        code: 'noSuchNamespace',
        text: `No namespace has the labels ${selectorText(peer.namespaces)}: this peer matches nothing. Namespaces match by label; ${NAME_LABEL} holds the name.`,
      };
    }
  }
  const labels = selectorText(peer.pods);
  const where = peer.namespaces ? 'the namespaces it names' : `namespace ${peer.namespace ?? ''}`;
  const elsewhere =
    !peer.namespaces && peer.pods
      ? [
          ...new Set(
            groups.filter((group) => matches(peer.pods!, group.labels)).map((group) => group.namespace),
          ),
        ]
      : [];
  const hint =
    elsewhere.length > 0
      ? ` Pods with these labels run in ${elsewhere.slice(0, 3).join(', ')}: a podSelector alone means the policy's own namespace.`
      : '';
  return {
    code: 'peerMatchesNothing',
    text: `No pod that runs now ${labels === '' ? 'is' : `with ${labels} is`} in ${where}: this peer matches nothing.${hint}`,
  };
}

function isDefaultDeny({ subject, ingress, egress }: Policy): boolean {
  const everyPod = !subject.pods || subject.pods.requirements.length === 0;
  return everyPod && (ingress?.length ?? 0) === 0 && (egress?.length ?? 0) === 0;
}

/** Whether dropping one label of the selector would find pods: the usual typing mistake. */
function nearLabels(model: NetpolModel, { subject }: Policy): string {
  const { pods, namespace } = subject;
  if (!pods || pods.requirements.length === 0 || namespace === undefined) return '';
  const groups = [...model.groups.values()].filter((one) => one.pods > 0 && one.namespace === namespace);
  for (const { key } of pods.requirements) {
    const values = [...new Set(groups.flatMap((group) => group.labels[key] ?? []))];
    const first = selectorText({
      ...pods,
      requirements: pods.requirements.filter((one) => one.key === key),
    } as Selector);
    if (
      !groups.some((group) =>
        matches({ ...pods, requirements: pods.requirements.filter((one) => one.key === key) }, group.labels),
      )
    )
      return values.length > 0
        ? ` ${first} fits none; values of ${key} there: ${values.slice(0, 4).join(', ')}.`
        : ` No pod there has the label ${key}.`;
  }
  return '';
}

function forgottenDns(
  model: NetpolModel,
  policy: Policy,
  selected: readonly Group[],
  dns: DnsServers,
): Mistake[] {
  const cut = selected.filter((group) => dnsVerdict(model, group, dns) === 'denied');
  if (cut.length === 0) return [];
  const pods = cut.reduce((sum, group) => sum + group.pods, 0);
  const all = policy.egress?.length === 0;
  return [
    {
      code: 'dnsForgotten',
      severity: all ? 'note' : 'warning',
      at: 'egress',
      rule: 'S21',
      text: `${pods} selected ${pods === 1 ? 'pod' : 'pods'} cannot ask DNS: no policy allows UDP and TCP 53 to the DNS pods. Names will not resolve.`,
    },
  ];
}

function ofTier(model: NetpolModel, policy: Policy, selected: readonly Group[]): Mistake[] {
  const found: Mistake[] = [];
  const same = model.policies.filter(
    (other) =>
      other !== policy &&
      other.tier === policy.tier &&
      other.priority === policy.priority &&
      selected.some((group) => model.selects(other, group)),
  );
  if (same.length > 0) {
    found.push({
      code: 'equalPriority',
      severity: 'error',
      at: 'priority',
      rule: 'tiers',
      text: `${same.map((other) => refText(other.ref)).join(', ')} has the same priority ${policy.priority} for some of the same pods: which of them wins is undefined.`,
    });
  }
  if (!policy.ingress && !policy.egress) {
    found.push({
      code: 'noRules',
      severity: 'warning',
      at: '',
      rule: 'tiers',
      text: 'Has no rules: unlike a NetworkPolicy, it then has no effect at all.',
    });
  }
  return found;
}
