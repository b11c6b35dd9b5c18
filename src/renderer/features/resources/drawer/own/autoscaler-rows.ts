/**
 * What an autoscaler is about to do, as data: what each metric asks for, its bounds and pace, and why
 * it stays where it is. Pure; the object is hostile input.
 */
import { metricRows, type HorizontalPodAutoscaler, type MetricRow } from '#shared/kinds/hpa-words';
import { condition, count, items, num, str } from '#shared/k8s/read';
import type { Condition } from '#shared/k8s/types';
import { plural } from '#shared/util/text';
import { conditionsOf, field, type PlainObject } from '../facts';

/** The controller leaves a target alone that is this near (its default tolerance). */
const TOLERANCE = 0.1;

export interface ScalingRow extends MetricRow {
  /** About how many pods it asks for, before the bounds; null: not known. */
  readonly asks: number | null;
  readonly tone: 'ok' | 'warn';
  readonly words: string;
}

export function scalingRows(object: PlainObject): readonly ScalingRow[] {
  const hpa = object as unknown as HorizontalPodAutoscaler;
  const current = count(field(object, 'status', 'currentReplicas'));
  const { min, max } = bounds(object);
  return metricRows(hpa).map((row) => {
    if (row.ratio === null || current === 0)
      return {
        ...row,
        asks: null,
        tone: row.now === '?' ? 'warn' : 'ok',
        words: row.now === '?' ? 'no value' : '',
      };
    const near = Math.abs(row.ratio - 1) <= TOLERANCE;
    const asks = near ? current : Math.ceil(current * row.ratio);
    const over = max !== undefined && asks > max;
    const words = near
      ? 'near its target'
      : `asks for about ${plural(asks, 'pod')}${over ? `, the most is ${max}` : asks < min ? `, the least is ${min}` : ''}`;
    return { ...row, asks, tone: over ? 'warn' : 'ok', words };
  });
}

export function bounds(object: PlainObject): { readonly min: number; readonly max: number | undefined } {
  return {
    min: num(field(object, 'spec', 'minReplicas')) ?? 1,
    max: num(field(object, 'spec', 'maxReplicas')),
  };
}

/** `3`, or `3, going to 5`. */
export function podsWords(object: PlainObject): string {
  const current = count(field(object, 'status', 'currentReplicas'));
  const desired = num(field(object, 'status', 'desiredReplicas')) ?? current;
  return desired === current ? String(current) : `${current}, going to ${desired}`;
}

/** Why it does not scale further, where it is no fault: a fault is told by the diagnosis above. */
export function holdReasons(object: PlainObject): readonly string[] {
  const conditions = conditionsOf(object);
  const { min, max } = bounds(object);
  const reasons: string[] = [];
  if (conditions.length === 0) return ['The controller has not looked at it yet.'];
  if (condition(conditions, 'ScalingActive')?.status === 'False') return [];
  const able = condition(conditions, 'AbleToScale');
  if (able?.reason === 'ScaleDownStabilized')
    reasons.push(
      `It waits before it scales down: more pods were needed within the last ${windowOf(object, 'scaleDown')} s.`,
    );
  if (able?.reason === 'ScaleUpStabilized')
    reasons.push(
      `It waits before it scales up: fewer pods were needed within the last ${windowOf(object, 'scaleUp')} s.`,
    );
  if (/^Backoff/.test(str(able?.reason))) reasons.push('It scaled a moment ago and waits.');
  reasons.push(...limitReasons(condition(conditions, 'ScalingLimited'), min, max));
  for (const [way, words] of ways)
    if (field(object, 'spec', 'behavior', way, 'selectPolicy') === 'Disabled')
      reasons.push(`Scaling ${words} is switched off (behavior.${way}.selectPolicy).`);
  const current = count(field(object, 'status', 'currentReplicas'));
  const isRight = scalingRows(object).every(({ asks }) => asks !== null && asks <= current);
  if (reasons.length === 0 && isRight && num(field(object, 'status', 'desiredReplicas')) === current)
    reasons.push('The metrics ask for no more pods than there are.');
  return reasons;
}

const ways = [
  ['scaleUp', 'up'],
  ['scaleDown', 'down'],
] as const;

function limitReasons(
  limited: Condition | undefined,
  min: number,
  max: number | undefined,
): readonly string[] {
  if (limited?.status !== 'True') return [];
  switch (limited.reason) {
    case 'TooManyReplicas':
      return [`The metrics ask for more than the maximum of ${max ?? '?'}.`];
    case 'TooFewReplicas':
      return [`The metrics ask for fewer than the minimum of ${min}.`];
    case 'ScaleUpLimit':
      return ['It scales up as fast as behavior.scaleUp lets it.'];
    case 'ScaleDownLimit':
      return ['It scales down as fast as behavior.scaleDown lets it.'];
    default:
      return str(limited.message) === '' ? [] : [str(limited.message)];
  }
}

const defaultWindow = { scaleUp: 0, scaleDown: 300 } as const;

function windowOf(object: PlainObject, way: 'scaleUp' | 'scaleDown'): number {
  return num(field(object, 'spec', 'behavior', way, 'stabilizationWindowSeconds')) ?? defaultWindow[way];
}

/** `4 pods or 100% in 15 s, the most of them; waits 300 s`, with the defaults of the controller. */
export function paceWords(object: PlainObject, way: 'scaleUp' | 'scaleDown'): string {
  const rules = field(object, 'spec', 'behavior', way);
  const select = str(field(rules, 'selectPolicy'));
  if (select === 'Disabled') return 'never';
  const found = items(field(rules, 'policies') as readonly object[] | undefined).slice(0, 8);
  const steps = found.map((one) => {
    const value = count(field(one, 'value'));
    const amount = field(one, 'type') === 'Percent' ? `${value}%` : plural(value, 'pod');
    return `${amount} in ${count(field(one, 'periodSeconds'))} s`;
  });
  if (steps.length === 0)
    steps.push(...(way === 'scaleUp' ? ['4 pods in 15 s', '100% in 15 s'] : ['100% in 15 s']));
  const wait = windowOf(object, way);
  const choice = steps.length < 2 ? '' : select === 'Min' ? ', the least of them' : ', the most of them';
  return `at most ${steps.join(' or ')}${choice}${wait > 0 ? `; waits ${wait} s first` : ''}`;
}
