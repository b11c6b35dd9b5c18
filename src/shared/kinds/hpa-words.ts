/** Words of autoscalers: metrics as `cpu 35% of 80%`, and what holds scaling back (D64-D68). */
import { status, terminating, type Status } from './columns';
import type { KubeObject } from '../k8s/meta';
import { condition, count, isTrue, items, num, str } from '../k8s/read';
import type { Condition, Reference } from '../k8s/types';
import { formatCount, formatResource, parseQuantity } from '../util/quantity';
import { plural } from '../util/text';

export interface MetricValue {
  readonly type?: string;
  readonly averageUtilization?: number;
  readonly averageValue?: string;
  readonly value?: string;
}

interface MetricSource {
  readonly name?: string;
  readonly container?: string;
  readonly metric?: { readonly name?: string };
  readonly target?: MetricValue;
  readonly current?: MetricValue;
}

export interface Metric {
  readonly type?: string;
  readonly resource?: MetricSource;
  readonly containerResource?: MetricSource;
  readonly pods?: MetricSource;
  readonly object?: MetricSource;
  readonly external?: MetricSource;
}

export interface HorizontalPodAutoscaler extends KubeObject {
  readonly spec?: {
    readonly scaleTargetRef?: Reference;
    readonly minReplicas?: number;
    readonly maxReplicas?: number;
    readonly metrics?: readonly Metric[];
  };
  readonly status?: {
    readonly currentReplicas?: number;
    readonly desiredReplicas?: number;
    readonly lastScaleTime?: string;
    readonly currentMetrics?: readonly Metric[];
    readonly conditions?: readonly Condition[];
  };
}

function sourceOf(metric: Metric): MetricSource | undefined {
  return metric.resource ?? metric.containerResource ?? metric.pods ?? metric.object ?? metric.external;
}

function metricName(metric: Metric): string {
  const source = sourceOf(metric);
  const name = str(source?.name) || str(source?.metric?.name);
  const container = metric.containerResource ? str(source?.container) : '';
  return container === '' ? name : `${name} of ${container}`;
}

function valueWords(name: string, value: MetricValue | undefined, percent: boolean): string {
  const utilization = num(value?.averageUtilization);
  if (percent && utilization !== undefined) return `${utilization}%`;
  const raw = str(value?.averageValue) || str(value?.value);
  const amount = parseQuantity(raw);
  if (amount === null) return raw === '' ? '?' : raw;
  return name === 'cpu' || name === 'memory' ? formatResource(name, amount) : formatCount(amount);
}

export interface MetricRow {
  readonly name: string;
  /** `Resource`, `Object`, `External`, ... */
  readonly type: string;
  /** `?` where no value has been read. */
  readonly now: string;
  readonly target: string;
  /** Value now by the value aimed at; null where one of them is no amount. */
  readonly ratio: number | null;
}

/** Each metric with its value now and the one aimed at; at most 16. */
export function metricRows(hpa: HorizontalPodAutoscaler): readonly MetricRow[] {
  const current = new Map<string, MetricSource | undefined>();
  for (const metric of items(hpa.status?.currentMetrics)) {
    current.set(`${str(metric.type)} ${metricName(metric)}`, sourceOf(metric));
  }
  return items(hpa.spec?.metrics)
    .slice(0, 16)
    .map((metric) => {
      const name = metricName(metric);
      const target = sourceOf(metric)?.target;
      const percent = num(target?.averageUtilization) !== undefined;
      const now = current.get(`${str(metric.type)} ${name}`)?.current;
      const plain = str(sourceOf(metric)?.name);
      const [is, aim] = [amountOf(now, percent), amountOf(target, percent)];
      return {
        name,
        type: str(metric.type),
        now: valueWords(plain, now, percent),
        target: valueWords(plain, target, percent),
        ratio: is === null || aim === null || aim <= 0 ? null : is / aim,
      };
    });
}

function amountOf(value: MetricValue | undefined, percent: boolean): number | null {
  if (percent) return num(value?.averageUtilization) ?? null;
  return parseQuantity(str(value?.averageValue) || str(value?.value));
}

/** `cpu 35% of 80%, requests 12 of 100`; `?` where no value has been read. */
export function metricWords(hpa: HorizontalPodAutoscaler): string {
  return metricRows(hpa)
    .map((one) => `${one.name} ${one.now} of ${one.target}`)
    .join(', ');
}

const targetFaults = new Map([
  ['FailedGetScale', 'Cannot read its target'],
  ['FailedUpdateScale', 'Cannot scale its target'],
]);

/** D64-D68. */
export function hpaStatus(o: HorizontalPodAutoscaler): Status {
  const deleting = terminating(o);
  if (deleting) return deleting;
  const conditions = o.status?.conditions;
  const able = condition(conditions, 'AbleToScale');
  if (able?.status === 'False') {
    const reason = str(able.reason);
    const known = targetFaults.get(reason);
    return known !== undefined ? status('bad', known) : status('warn', `Cannot scale: ${reason}`);
  }
  const active = condition(conditions, 'ScalingActive');
  if (active?.status === 'False') {
    const reason = str(active.reason);
    if (reason === 'ScalingDisabled') return status('idle', 'Off: target is at 0');
    if (/^FailedGet.*Metric|^InvalidMetric/.test(reason)) return status('bad', 'No metrics');
    if (reason === 'AmbiguousSelector') return status('bad', 'Another autoscaler has the same pods');
    if (reason === 'InvalidSelector') return status('bad', 'Target has no usable selector');
    return status('bad', `Not scaling: ${reason}`);
  }
  const current = count(o.status?.currentReplicas);
  const desired = num(o.status?.desiredReplicas) ?? current;
  if (desired !== current && active) return status('progress', `Scaling: ${current} to ${desired}`);
  const limited = condition(conditions, 'ScalingLimited');
  const max = num(o.spec?.maxReplicas);
  if (limited?.status === 'True' && limited.reason === 'TooManyReplicas' && current === max) {
    return status('warn', `At maximum, ${plural(current, 'pod')}`);
  }
  if (!isTrue(conditions, 'ScalingActive')) return status('progress', 'Not evaluated yet');
  if (current === (num(o.spec?.minReplicas) ?? 1))
    return status('ok', `At minimum, ${plural(current, 'pod')}`);
  return status('ok', plural(current, 'pod'));
}
