/**
 * What draining a node would do with each of its pods, and which PodDisruptionBudget holds one
 * back and why. The rules are kubectl drain's; nothing here evicts.
 */
import { matchesSelector } from '../../k8s/selector';
import type { LabelSelector } from '../../k8s/types';
import { at, int, list, map, word } from './read';
import type { Thing } from './types';

export interface DrainOptions {
  readonly ignoreDaemonSets: boolean;
  /** Pods with emptyDir volumes go, and what is in them is lost. */
  readonly deleteEmptyDir: boolean;
  /** Pods that no controller makes again go for good. */
  readonly force: boolean;
  /** Seconds each pod gets; null: its own. */
  readonly grace: number | null;
}

export const kubectlDefaults: DrainOptions = {
  ignoreDaemonSets: true,
  deleteEmptyDir: false,
  force: false,
  grace: null,
};

export interface DrainPod {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** `ReplicaSet web-5d4`; empty for a bare pod. */
  readonly owner: string;
  /** `evict`: goes. `stays`: not touched. `stops`: the drain does not begin while it is so. */
  readonly verdict: 'evict' | 'stays' | 'stops';
  readonly why: string;
  readonly kind: 'plain' | 'daemonset' | 'mirror' | 'bare' | 'local-data' | 'finished' | 'leaving';
  /** The budgets that select it and refuse it now. */
  readonly held?: string;
}

export interface DrainInput {
  readonly pods: readonly Thing[];
  readonly budgets: readonly Thing[];
  /** Uids of DaemonSets that exist; undefined: unknown (no right to list), all are taken to exist. */
  readonly daemonSets: ReadonlySet<string> | undefined;
}

/** Pods that hold the drain back first, then those that go, then those that stay. */
export function planDrain(input: DrainInput, options: DrainOptions): readonly DrainPod[] {
  const budgets = byNamespace(input.budgets);
  const spent = new Map<string, number>();
  const rows = input.pods.map((pod) => {
    const row = classify(pod, input.daemonSets, options);
    if (row.verdict !== 'evict' || row.kind === 'finished' || row.kind === 'leaving') return row;
    const held = heldBy(pod, budgets.get(row.namespace) ?? [], spent);
    return held === undefined ? row : { ...row, held };
  });
  const rank = (row: DrainPod): number =>
    row.verdict === 'stops' ? 0 : row.verdict === 'stays' ? 3 : row.held === undefined ? 2 : 1;
  return rows.sort(
    (a, b) => rank(a) - rank(b) || a.namespace.localeCompare(b.namespace) || a.name.localeCompare(b.name),
  );
}

function classify(pod: Thing, daemonSets: DrainInput['daemonSets'], options: DrainOptions): DrainPod {
  const controller = list(at(pod, 'metadata', 'ownerReferences')).find((one) => one.controller === true);
  const owner = controller ? `${word(controller.kind)} ${word(controller.name)}` : '';
  const base = {
    namespace: word(at(pod, 'metadata', 'namespace')),
    name: word(at(pod, 'metadata', 'name')),
    uid: word(at(pod, 'metadata', 'uid')),
    owner,
  };
  const phase = word(at(pod, 'status', 'phase'));
  const finished = phase === 'Succeeded' || phase === 'Failed';
  const hasLocal = list(at(pod, 'spec', 'volumes')).some((volume) => volume.emptyDir !== undefined);
  if (map(at(pod, 'metadata', 'annotations')).has('kubernetes.io/config.mirror'))
    return {
      ...base,
      verdict: 'stays',
      kind: 'mirror',
      why: 'Static pod of the node itself; the kubelet runs it from a file.',
    };
  if (word(at(pod, 'metadata', 'deletionTimestamp')) !== '')
    return { ...base, verdict: 'evict', kind: 'leaving', why: 'Ending already; the drain waits for it.' };
  if (finished) return { ...base, verdict: 'evict', kind: 'finished', why: `${phase}: nothing runs in it.` };
  if (word(controller?.kind) === 'DaemonSet') {
    const exists = daemonSets?.has(word(controller?.uid)) ?? true;
    if (exists) {
      return options.ignoreDaemonSets
        ? { ...base, verdict: 'stays', kind: 'daemonset', why: 'A DaemonSet would put it back at once.' }
        : {
            ...base,
            verdict: 'stops',
            kind: 'daemonset',
            why: `${owner} would put it back at once: leave DaemonSet pods where they are.`,
          };
    }
    if (!options.force)
      return {
        ...base,
        verdict: 'stops',
        kind: 'bare',
        why: `${owner} is gone: nothing makes this pod again.`,
      };
  }
  if (!controller && !options.force)
    return {
      ...base,
      verdict: 'stops',
      kind: 'bare',
      why: 'No controller makes it again: evicted, it is gone for good.',
    };
  if (hasLocal && !options.deleteEmptyDir)
    return {
      ...base,
      verdict: 'stops',
      kind: 'local-data',
      why: 'It has emptyDir volumes: what is in them would be lost.',
    };
  const words = [
    ...(controller ? [] : ['No controller makes it again: gone for good.']),
    ...(hasLocal ? ['Data in its emptyDir volumes is lost.'] : []),
  ];
  return {
    ...base,
    verdict: 'evict',
    kind: controller ? (hasLocal ? 'local-data' : 'plain') : 'bare',
    why: words.join(' '),
  };
}

function byNamespace(budgets: readonly Thing[]): ReadonlyMap<string, readonly Thing[]> {
  const out = new Map<string, Thing[]>();
  for (const one of budgets) {
    const namespace = word(at(one, 'metadata', 'namespace'));
    const known = out.get(namespace);
    if (known) known.push(one);
    else out.set(namespace, [one]);
  }
  return out;
}

/** Why the Eviction API would refuse the pod now; `spent` counts what earlier pods of this drain use up. */
function heldBy(pod: Thing, budgets: readonly Thing[], spent: Map<string, number>): string | undefined {
  const labels = at(pod, 'metadata', 'labels') as Readonly<Record<string, string>> | undefined;
  const mine = budgets.filter((one) =>
    matchesSelector(at(one, 'spec', 'selector') as LabelSelector | undefined, labels),
  );
  const [budget, second] = mine;
  if (!budget) return undefined;
  const name = word(at(budget, 'metadata', 'name'));
  if (second) {
    const names = mine.map((one) => word(at(one, 'metadata', 'name'))).join(', ');
    return `More than one PodDisruptionBudget selects it (${names}): the Eviction API refuses such pods.`;
  }
  if (evictsUnready(pod, budget)) return undefined;
  const allowed = int(at(budget, 'status', 'disruptionsAllowed')) ?? 0;
  const key = word(at(budget, 'metadata', 'uid')) || `${word(at(budget, 'metadata', 'namespace'))}/${name}`;
  const used = spent.get(key) ?? 0;
  if (used < allowed) {
    spent.set(key, used + 1);
    return undefined;
  }
  return allowed > 0
    ? `PodDisruptionBudget ${name} lets ${allowed} go at a time: this one waits for the others to be replaced.`
    : budgetWords(budget);
}

/** A pod that is not ready does not count, by the budget's unhealthyPodEvictionPolicy. */
function evictsUnready(pod: Thing, budget: Thing): boolean {
  const phase = word(at(pod, 'status', 'phase'));
  if (phase === 'Pending') return true;
  const ready = list(at(pod, 'status', 'conditions')).some(
    (one) => one.type === 'Ready' && one.status === 'True',
  );
  if (ready) return false;
  if (at(budget, 'spec', 'unhealthyPodEvictionPolicy') === 'AlwaysAllow') return true;
  const healthy = int(at(budget, 'status', 'currentHealthy')) ?? 0;
  const desired = int(at(budget, 'status', 'desiredHealthy')) ?? 0;
  return desired > 0 && healthy >= desired;
}

/** Why a budget allows no disruption, and what would change that. */
export function budgetWords(budget: Thing): string {
  const name = word(at(budget, 'metadata', 'name'));
  const healthy = int(at(budget, 'status', 'currentHealthy')) ?? 0;
  const desired = int(at(budget, 'status', 'desiredHealthy')) ?? 0;
  const expected = int(at(budget, 'status', 'expectedPods')) ?? 0;
  const observed = int(at(budget, 'status', 'observedGeneration'));
  const generation = int(at(budget, 'metadata', 'generation'));
  if (observed !== undefined && generation !== undefined && observed < generation)
    return `PodDisruptionBudget ${name} has not been worked out yet by its controller.`;
  const rule = ruleWords(budget);
  if (expected > 0 && desired >= expected)
    return `PodDisruptionBudget ${name} never lets it go: ${rule} wants ${desired} healthy of ${expected}. Add replicas or change the budget.`;
  return `PodDisruptionBudget ${name} allows no disruption now: ${healthy} of ${expected} healthy, ${desired} wanted (${rule}).`;
}

function ruleWords(budget: Thing): string {
  const spec = at(budget, 'spec');
  const max = at(spec, 'maxUnavailable');
  const min = at(spec, 'minAvailable');
  return max !== undefined && max !== null
    ? `maxUnavailable ${String(max as string)}`
    : `minAvailable ${String((min ?? 1) as string)}`;
}

/** `3 pods go, 1 is held back, 4 stay.` */
export function drainSummary(rows: readonly DrainPod[]): string {
  const number = (test: (row: DrainPod) => boolean): number => rows.filter(test).length;
  const stops = number((row) => row.verdict === 'stops');
  const goes = number((row) => row.verdict === 'evict');
  const held = number((row) => row.held !== undefined);
  const stays = number((row) => row.verdict === 'stays');
  const parts = [
    `${goes} ${goes === 1 ? 'pod goes' : 'pods go'}${held > 0 ? `, ${held} of them held back by a budget` : ''}`,
    ...(stays > 0 ? [`${stays} ${stays === 1 ? 'stays' : 'stay'}`] : []),
    ...(stops > 0 ? [`${stops} ${stops === 1 ? 'needs' : 'need'} a decision first`] : []),
  ];
  return `${parts.join('; ')}.`;
}

/** The same as kubectl would be told. */
export function drainCommand(node: string, options: DrainOptions): readonly string[] {
  return [
    'drain',
    node,
    ...(options.ignoreDaemonSets ? ['--ignore-daemonsets'] : []),
    ...(options.deleteEmptyDir ? ['--delete-emptydir-data'] : []),
    ...(options.force ? ['--force'] : []),
    ...(options.grace === null ? [] : [`--grace-period=${options.grace}`]),
  ];
}
