/** One policy explained: whom it selects now, each rule in a sentence with what it matches, mistakes. */
import { rulesOf, type Policy, type Rule } from './compiled';
import type { DnsServers } from './dns';
import { isPeer, mistakesOf, type Mistake } from './mistakes';
import type { NetpolModel } from './model';
import { emptySentence, ruleSentence, subjectText } from './policy-words';
import { workloadOf, type Direction, type PolicyRef } from './types';

export interface RuleLine {
  readonly direction: Direction;
  /** Undefined: what the direction as a whole does. */
  readonly index?: number;
  readonly text: string;
  /** Pods its peers match now; undefined: anyone, or addresses only. */
  readonly pods?: number;
}

export interface PolicyPage {
  readonly ref: PolicyRef;
  readonly tier: string;
  readonly priority: number;
  readonly subject: string;
  readonly pods: number;
  /** By workload id, with their pods; at most 200. */
  readonly workloads: readonly { readonly id: string; readonly pods: number }[];
  readonly rules: readonly RuleLine[];
  readonly mistakes: readonly Mistake[];
  readonly terminating: boolean;
}

const MOST_WORKLOADS = 200;

/** `more`: what else the same object says (denies and further specs of Cilium). */
export function policyPage(
  model: NetpolModel,
  policy: Policy,
  dns: DnsServers,
  more: readonly Policy[] = [],
): PolicyPage {
  const workloads = new Map<string, number>();
  let pods = 0;
  for (const { pod, group } of model.pods.values()) {
    if (!model.selects(policy, group)) continue;
    pods += 1;
    const id = workloadOf(pod);
    workloads.set(id, (workloads.get(id) ?? 0) + 1);
  }
  const rules: RuleLine[] = [];
  for (const direction of ['ingress', 'egress'] as const) {
    const empty = emptySentence(policy, direction);
    if (empty !== undefined) rules.push({ direction, text: empty });
    for (const one of [policy, ...more]) {
      for (const rule of rulesOf(one, direction) ?? []) {
        const matched = matchedPods(model, rule);
        rules.push({
          direction,
          index: rule.index,
          text: ruleSentence(one, rule, direction),
          ...(matched === undefined ? {} : { pods: matched }),
        });
      }
    }
  }
  return {
    ref: policy.ref,
    tier: policy.tier === 'engine' ? (policy.calicoTier ?? 'default') : policy.tier,
    priority: policy.priority,
    subject: subjectText(policy),
    pods,
    workloads: [...workloads]
      .map(([id, count]) => ({ id, pods: count }))
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .slice(0, MOST_WORKLOADS),
    rules,
    mistakes: mistakesOf(model, policy, dns),
    terminating: policy.terminating,
  };
}

function matchedPods(model: NetpolModel, rule: Rule): number | undefined {
  const peers = rule.peers?.filter((peer) => peer.kind === 'pods') ?? [];
  if (peers.length === 0) return undefined;
  let sum = 0;
  for (const group of model.groups.values()) {
    if (group.pods > 0 && peers.some((peer) => isPeer(model, peer, group))) sum += group.pods;
  }
  return sum;
}
