/**
 * One side of a verdict as lines a person reads: which policy and rule decided, which only isolate,
 * which nearly fit, and what would allow it. Plain data, ready to be sent.
 */
import { refText, rulesOf, type Policy } from './compiled';
import type { NetpolModel } from './model';
import { emptySentence, ruleText } from './policy-words';
import type { Direction, PolicyRef } from './types';
import type { Decision, NearMiss, SideVerdict, Verdict } from './verdict';
import { sideSentence } from './words';

export interface TraceLine {
  readonly policy: PolicyRef;
  /** `allows` and `denies` decide; `passes` hands on; `isolates` is why a rule is needed; `near` fits in part. */
  readonly effect: 'allows' | 'denies' | 'passes' | 'isolates' | 'near';
  /** `ingress[0].from[1].ports[0]`; '' where the policy as a whole speaks. */
  readonly place: string;
  readonly text: string;
}

export interface SideTrace {
  readonly direction: Direction;
  readonly allowed: boolean;
  readonly undefined: boolean;
  /** Of the rule table: `S3`, `S24`. */
  readonly rule: string;
  readonly sentence: string;
  readonly lines: readonly TraceLine[];
  /** What would allow it; absent when it is allowed. */
  readonly fix?: string;
}

const MOST_LINES = 12;

export function sideTrace(model: NetpolModel, verdict: Verdict, direction: Direction): SideTrace {
  const side = verdict[direction];
  const own = direction === 'ingress' ? verdict.to : verdict.from;
  const other = direction === 'ingress' ? verdict.from : verdict.to;
  const lines: TraceLine[] = [
    ...side.passedBy.map((one) => decided(model, one, direction, 'passes')),
    ...side.decidedBy.map((one) =>
      decided(
        model,
        one,
        direction,
        one.action === 'Deny' ? 'denies' : one.action === 'Pass' ? 'passes' : 'allows',
      ),
    ),
  ];
  if (!side.allowed) {
    for (const miss of side.nearMisses) {
      if (miss.peerMatches || miss.portMatches) lines.push(nearLine(model, miss, direction));
    }
  }
  const spoken = new Set(lines.map((line) => refText(line.policy)));
  for (const ref of side.isolatedBy)
    if (!spoken.has(refText(ref))) lines.push(isolating(model, ref, direction));
  return {
    direction,
    allowed: side.allowed,
    undefined: side.undefined,
    rule: side.because,
    sentence: sideSentence(side, direction, own.name),
    lines: lines.slice(0, MOST_LINES),
    ...(side.allowed ? {} : { fix: fix(side, direction, own.name, other.name, portText(verdict)) }),
  };
}

function portText({ protocol, port }: Verdict): string {
  return port === null ? protocol : `${protocol} ${port}`;
}

function fix(side: SideVerdict, direction: Direction, own: string, other: string, port: string): string {
  const preposition = direction === 'ingress' ? 'from' : 'to';
  if (side.because === 'S13') return `Ask about a port that ${own} has.`;
  if (side.tier === 'admin' || side.tier === 'baseline') {
    const [first] = side.decidedBy;
    const name = first ? refText(first.policy) : 'the policy';
    return side.undefined
      ? `Give the policies different priorities.`
      : `Change ${name}, or put a rule of lower priority number before it that accepts ${preposition} ${other}, ${port}.`;
  }
  const [near] = side.nearMisses;
  if (near && (near.peerMatches || near.portMatches)) {
    const missing = near.peerMatches ? `the port ${port}` : `the peer ${other}`;
    return `Add ${missing} to ${direction} rule ${near.rule + 1} of ${refText(near.policy)}, or add a policy that allows ${direction} ${preposition} ${other}, ${port}.`;
  }
  return `A NetworkPolicy that selects ${own} with an ${direction} rule ${preposition} ${other}, ${port}, would allow it.`;
}

/** A policy of Cilium may be several. */
export function findAll(model: NetpolModel, ref: PolicyRef): readonly Policy[] {
  return model.policies.filter(
    (one) =>
      one.ref.kind === ref.kind &&
      one.ref.group === ref.group &&
      one.ref.namespace === ref.namespace &&
      one.ref.name === ref.name,
  );
}

function find(model: NetpolModel, ref: PolicyRef): Policy | undefined {
  return findAll(model, ref)[0];
}

function decided(
  model: NetpolModel,
  decision: Decision,
  direction: Direction,
  effect: TraceLine['effect'],
): TraceLine {
  const rule = findAll(model, decision.policy)
    .flatMap((policy) => rulesOf(policy, direction) ?? [])
    .find(({ index, action }) => index === decision.rule && action === decision.action);
  const list = direction === 'ingress' ? 'from' : 'to';
  const ports = decision.policy.kind === 'ClusterNetworkPolicy' ? 'protocols' : 'ports';
  const peer = decision.peer === null ? '' : `.${list}[${decision.peer}]`;
  const port = decision.port === null ? '' : ` ${ports}[${decision.port}]`;
  return {
    policy: decision.policy,
    effect,
    place: `${direction}[${decision.rule}]${peer}${port}`,
    text: rule ? ruleText(rule, direction) : '',
  };
}

function nearLine(model: NetpolModel, miss: NearMiss, direction: Direction): TraceLine {
  const policy = find(model, miss.policy);
  const rule = policy && rulesOf(policy, direction)?.find(({ index }) => index === miss.rule);
  const why = miss.peerMatches ? 'the peer fits, the port does not' : 'the port fits, the peer does not';
  return {
    policy: miss.policy,
    effect: 'near',
    place: `${direction}[${miss.rule}]`,
    text: `${rule ? ruleText(rule, direction) : ''}: ${why}`,
  };
}

function isolating(model: NetpolModel, ref: PolicyRef, direction: Direction): TraceLine {
  const policy = find(model, ref);
  const rules = policy ? rulesOf(policy, direction) : null;
  const empty = policy && emptySentence(policy, direction);
  return {
    policy: ref,
    effect: 'isolates',
    place: direction,
    text: empty ?? `none of its ${rules?.length ?? 0} ${direction} rules fits`,
  };
}
