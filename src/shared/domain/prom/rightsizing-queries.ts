/**
 * The queries behind rightsizing, in this set-up's labels, and whose pod a name is: metrics know
 * pods by name only, also those that are gone. Percentiles are taken by Prometheus over the chosen time, of
 * values averaged over one step, so that no sample has to travel.
 */
import { hasMetrics, type PromSchema } from './schema';
import { durationText } from './range';
import { podPattern, selector, type Controller, type Matcher } from './promql-text';

export type SizingPart =
  | 'cpu-p50'
  | 'cpu-p95'
  | 'cpu-max'
  | 'memory-p50'
  | 'memory-p95'
  | 'memory-max'
  | 'covered'
  | 'throttled'
  | 'oom';

export interface SizingQuery {
  readonly part: SizingPart;
  readonly expr: string;
}

const CPU = 'container_cpu_usage_seconds_total';
const MEMORY = 'container_memory_working_set_bytes';
const THROTTLED = 'container_cpu_cfs_throttled_periods_total';
const PERIODS = 'container_cpu_cfs_periods_total';
const OOM = 'container_oom_events_total';
const POINTS = 300;

/** Seconds between the values that percentiles are taken of. */
export function sizingStep(span: number, scrape: number): number {
  return Math.max(Math.ceil(span / POINTS), Math.ceil(scrape) * 2, 30);
}

/** One row per pod and container (or per pod, where containers are not told apart). Empty `namespaces`: all. */
export function sizingQueries(
  schema: PromSchema,
  namespaces: readonly string[],
  span: number,
  extra: readonly Matcher[] = [],
): readonly SizingQuery[] {
  const step = sizingStep(span, schema.scrape);
  const matchers: Matcher[] = [[schema.pod, '!=', '']];
  if (schema.container !== null) matchers.push([schema.container, '!=', ''], [schema.container, '!=', 'POD']);
  if (namespaces.length === 1) matchers.push([schema.namespace, '=', namespaces[0] ?? '']);
  else if (namespaces.length > 1)
    matchers.push([schema.namespace, '=~', namespaces.map((name) => name.replace(/[.]/g, '\\.')).join('|')]);
  const of = (metric: string): string => selector(metric, [...matchers, ...extra]);
  const by = [schema.namespace, schema.pod, ...(schema.container === null ? [] : [schema.container])];
  const sum = (expr: string): string => `sum by (${by.join(', ')}) (${expr})`;
  const window = durationText(Math.max(step, schema.scrape * 4));
  const range = `[${durationText(span)}:${durationText(step)}]`;
  const cpu = `${sum(`rate(${of(CPU)}[${window}])`)}${range}`;
  const memory = `${sum(of(MEMORY))}${range}`;
  const whole = durationText(span);
  const all: readonly (SizingQuery & { readonly needs: readonly string[] })[] = [
    { part: 'cpu-p50', expr: `quantile_over_time(0.5, ${cpu})`, needs: [CPU] },
    { part: 'cpu-p95', expr: `quantile_over_time(0.95, ${cpu})`, needs: [CPU] },
    { part: 'cpu-max', expr: `max_over_time(${cpu})`, needs: [CPU] },
    { part: 'memory-p50', expr: `quantile_over_time(0.5, ${memory})`, needs: [MEMORY] },
    { part: 'memory-p95', expr: `quantile_over_time(0.95, ${memory})`, needs: [MEMORY] },
    { part: 'memory-max', expr: `max_over_time(${memory})`, needs: [MEMORY] },
    { part: 'covered', expr: `count_over_time(${memory}) * ${step}`, needs: [MEMORY] },
    {
      part: 'throttled',
      expr: `${sum(`increase(${of(THROTTLED)}[${whole}])`)} / ${sum(`increase(${of(PERIODS)}[${whole}])`)}`,
      needs: [THROTTLED, PERIODS],
    },
    { part: 'oom', expr: sum(`increase(${of(OOM)}[${whole}])`), needs: [OOM] },
  ];
  return all.filter(({ needs }) => hasMetrics(schema, needs)).map(({ part, expr }) => ({ part, expr }));
}

export type SizedController = Extract<Controller, 'Deployment' | 'StatefulSet' | 'DaemonSet'>;

interface Named {
  readonly controller: SizedController;
  readonly namespace: string;
  readonly name: string;
}

/** Longer names may have been cut in the names of their pods. */
const LONG = 46;

/** Finds the workload a pod of that name belongs (or belonged) to. */
export function workloadIndex<T extends Named>(
  all: readonly T[],
): (namespace: string, pod: string) => T | undefined {
  const byKey = new Map<string, T>();
  const long = new Map<string, { readonly one: T; readonly pattern: RegExp }[]>();
  for (const one of all) {
    byKey.set(`${one.controller}/${one.namespace}/${one.name}`, one);
    if (one.name.length < LONG) continue;
    const list = long.get(one.namespace) ?? [];
    list.push({ one, pattern: new RegExp(`^(?:${podPattern(one.controller, one.name)})$`) });
    long.set(one.namespace, list);
  }
  const forms: readonly (readonly [SizedController, RegExp])[] = [
    ['StatefulSet', /^(.+)-[0-9]+$/],
    ['DaemonSet', /^(.+)-[a-z0-9]{5}$/],
    ['Deployment', /^(.+)-[a-z0-9]{1,10}-[a-z0-9]{5}$/],
  ];
  return (namespace, pod) => {
    for (const [controller, form] of forms) {
      const name = form.exec(pod)?.[1];
      const found = name === undefined ? undefined : byKey.get(`${controller}/${namespace}/${name}`);
      if (found) return found;
    }
    return long.get(namespace)?.find(({ pattern }) => pattern.test(pod))?.one;
  };
}
