/**
 * What a disruption budget lets happen now, as data: how many pods may be evicted, which, and what
 * holds the others. Pure; the object is hostile input. The server decides; this repeats its rule.
 */
import type { PodBrief } from '#shared/domain/health/types';
import { count, keys, num, str } from '#shared/k8s/read';
import { plural } from '#shared/util/text';
import { field, type PlainObject } from '../facts';

export interface BudgetNow {
  /** undefined: the controller has not looked at it yet. */
  readonly allowed: number | undefined;
  readonly healthy: number;
  readonly desired: number;
  readonly expected: number;
}

export function budgetNow(object: PlainObject): BudgetNow {
  return {
    allowed: num(field(object, 'status', 'disruptionsAllowed')),
    healthy: count(field(object, 'status', 'currentHealthy')),
    desired: count(field(object, 'status', 'desiredHealthy')),
    expected: count(field(object, 'status', 'expectedPods')),
  };
}

function amount(object: PlainObject, name: 'minAvailable' | 'maxUnavailable'): string {
  const value = field(object, 'spec', name);
  return typeof value === 'number' ? String(value) : str(value);
}

/** `at least 2 pods stay`, `at most 25% are gone at once`. */
export function ruleWords(object: PlainObject): string {
  const least = amount(object, 'minAvailable');
  const most = amount(object, 'maxUnavailable');
  const pods = (value: string): string =>
    value.includes('%') ? `${value} of the pods` : plural(Number(value), 'pod');
  if (least !== '') return `at least ${pods(least)} must stay healthy`;
  return most === '' ? 'none given' : `at most ${pods(most)} may be gone at once`;
}

/** Why no pod may be evicted now; none where some may. */
export function blockers(object: PlainObject): readonly string[] {
  const { allowed, healthy, desired, expected } = budgetNow(object);
  const generation = num(field(object, 'metadata', 'generation'));
  const seen = num(field(object, 'status', 'observedGeneration'));
  const reasons: string[] = [];
  if (allowed === undefined || (generation !== undefined && seen !== undefined && seen < generation))
    reasons.push('The controller has not looked at its last change yet.');
  if (allowed === undefined || allowed > 0 || expected === 0) return reasons;
  if (desired >= expected)
    reasons.push(`All ${plural(expected, 'pod')} must stay: as it is written, it never lets one go.`);
  if (healthy < desired) {
    const missing = desired - healthy;
    reasons.push(
      `${plural(missing, 'more pod')} must be healthy first: ${healthy} of the ${desired} it wants are.`,
    );
  } else if (desired < expected) {
    reasons.push(`Exactly as many pods are healthy as must be: ${healthy}.`);
  }
  const gone = keys(field(object, 'status', 'disruptedPods') as object | undefined);
  if (gone.length > 0) reasons.push(`Evicted and not gone yet: ${gone.slice(0, 10).join(', ')}.`);
  return reasons;
}

/** What the budget says of pods that are not healthy themselves. */
export function unhealthyWords(object: PlainObject): string {
  return str(field(object, 'spec', 'unhealthyPodEvictionPolicy')) === 'AlwaysAllow'
    ? 'may always be evicted'
    : 'may be evicted only while enough others are healthy';
}

export interface BudgetPod {
  readonly pod: PodBrief;
  readonly may: boolean;
  readonly words: string;
}

/** Each pod with whether the budget lets it be evicted now; the held ones first. */
export function budgetPods(object: PlainObject, pods: readonly PodBrief[]): readonly BudgetPod[] {
  const { allowed = 0, healthy, desired } = budgetNow(object);
  const always = str(field(object, 'spec', 'unhealthyPodEvictionPolicy')) === 'AlwaysAllow';
  const judge = (pod: PodBrief): Omit<BudgetPod, 'pod'> => {
    if (pod.tone === 'done') return { may: true, words: 'ended, does not count' };
    if (pod.node === '') return { may: true, words: 'does not run yet, does not count' };
    const isHealthy = pod.ready[1] > 0 && pod.ready[0] === pod.ready[1];
    if (isHealthy)
      return allowed > 0 ? { may: true, words: 'may be evicted' } : { may: false, words: 'held' };
    if (always || (healthy >= desired && desired > 0))
      return { may: true, words: 'not healthy, may be evicted' };
    return allowed > 0 ? { may: true, words: 'may be evicted' } : { may: false, words: 'not healthy, held' };
  };
  return pods.map((pod) => ({ pod, ...judge(pod) })).sort((a, b) => Number(a.may) - Number(b.may));
}
