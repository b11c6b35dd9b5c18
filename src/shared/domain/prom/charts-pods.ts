/** Charts of a set of pods: one pod, one container, a workload, a namespace. */
import type { ChartPlan, ChartQuery } from './charts';
import { selector, type Matcher } from './promql-text';
import type { PromSchema } from './schema';

export interface PodsSelection {
  readonly namespace: string;
  /** undefined: all of the namespace. */
  readonly pods: readonly ['=' | '=~', string] | undefined;
  readonly container?: string;
  /** What one line is of. */
  readonly by: 'pod' | 'container';
  /** Only the largest so many at each moment; undefined: all. */
  readonly most?: number;
}

const CPU = 'container_cpu_usage_seconds_total';
const MEMORY = 'container_memory_working_set_bytes';

/** Matchers of container series, of whole-pod series (network) and of kube-state-metrics' series. */
export function podMatchers(
  schema: PromSchema,
  { namespace, pods, container }: PodsSelection,
): { readonly containers: Matcher[]; readonly pods: Matcher[]; readonly state: Matcher[] } {
  const base: Matcher[] = [[schema.namespace, '=', namespace]];
  base.push(pods ? [schema.pod, pods[0], pods[1]] : [schema.pod, '!=', '']);
  const containers = [...base];
  // Series of the pod's own cgroup and of its sandbox would count everything twice.
  if (schema.container !== null) {
    if (container === undefined)
      containers.push([schema.container, '!=', ''], [schema.container, '!=', 'POD']);
    else containers.push([schema.container, '=', container]);
  }
  const state: Matcher[] = [];
  if (schema.state) {
    state.push([schema.state.namespace, '=', namespace]);
    if (pods) state.push([schema.state.pod, pods[0], pods[1]]);
    if (container !== undefined) state.push([schema.state.container, '=', container]);
  }
  return { containers, pods: base, state };
}

export function podCharts(
  schema: PromSchema,
  selection: PodsSelection,
  extra: readonly Matcher[],
): readonly ChartPlan[] {
  const found = podMatchers(schema, selection);
  const of = (metric: string): string => selector(metric, [...found.containers, ...extra]);
  const ofPods = (metric: string): string => selector(metric, [...found.pods, ...extra]);
  const ofState = (metric: string, more: readonly Matcher[] = []): string =>
    selector(metric, [...found.state, ...more, ...extra]);
  const rate = (series: string): string => `rate(${series}[$window])`;
  const by = selection.by === 'container' && schema.container !== null ? schema.container : schema.pod;
  const top = (expr: string): string =>
    selection.most === undefined ? expr : `topk(${selection.most}, ${expr})`;
  const sumBy = (expr: string): string => top(`sum by (${by}) (${expr})`);
  const single = selection.by === 'container' || selection.pods?.[0] === '=';
  const series = (expr: string): ChartQuery => ({ expr, role: 'series', title: [by] });
  const line = (role: 'request' | 'limit', expr: string): ChartQuery => ({ expr, role, title: role });
  const state = schema.state;
  const amounts = (what: 'requests' | 'limits', resource: 'cpu' | 'memory'): string =>
    `sum(${ofState(`kube_pod_container_resource_${what}`, [['resource', '=', resource]])})`;
  // Of many pods the sum of limits would dwarf the lines of each; it stands in the table of the workload instead.
  const stateLines = (resource: 'cpu' | 'memory'): readonly (readonly [ChartQuery, readonly string[]])[] =>
    state === null || !single
      ? []
      : [
          [line('request', amounts('requests', resource)), ['kube_pod_container_resource_requests']],
          [line('limit', amounts('limits', resource)), ['kube_pod_container_resource_limits']],
        ];
  const quota = `sum(${of('container_spec_cpu_quota')} / ${of('container_spec_cpu_period')})`;
  const memoryLimit = `sum(${of('container_spec_memory_limit_bytes')} > 0)`;
  const ownLines = (resource: 'cpu' | 'memory'): readonly (readonly [ChartQuery, readonly string[]])[] =>
    !single || state !== null
      ? []
      : resource === 'cpu'
        ? [[line('limit', quota), ['container_spec_cpu_quota', 'container_spec_cpu_period']]]
        : [[line('limit', memoryLimit), ['container_spec_memory_limit_bytes']]];
  const oom: ChartQuery = {
    expr: `sum(increase(${of('container_oom_events_total')}[$window])) > 0`,
    role: 'mark',
    title: 'OOM kill',
  };
  const plan = (
    head: Pick<ChartPlan, 'id' | 'title' | 'unit'>,
    parts: readonly (readonly [ChartQuery, readonly string[]])[],
  ): ChartPlan => ({
    ...head,
    queries: parts.map(([query]) => query),
    needs: parts.map(([, needs]) => needs),
  });
  const throttled = 'container_cpu_cfs_throttled_periods_total';
  const periods = 'container_cpu_cfs_periods_total';
  const named = (title: string, expr: string): ChartQuery => ({ expr, role: 'series', title });
  const restartsOf = 'kube_pod_container_status_restarts_total';
  const restartsBy = selection.by === 'container' && state ? state.container : (state?.pod ?? schema.pod);

  return [
    plan({ id: 'cpu', title: 'CPU', unit: 'cores' }, [
      [series(sumBy(rate(of(CPU)))), [CPU]],
      ...stateLines('cpu'),
      ...ownLines('cpu'),
    ]),
    plan({ id: 'memory', title: 'Memory, working set', unit: 'bytes' }, [
      [series(sumBy(of(MEMORY))), [MEMORY]],
      ...stateLines('memory'),
      ...ownLines('memory'),
      [oom, ['container_oom_events_total']],
    ]),
    plan({ id: 'throttling', title: 'CPU throttled, share of periods', unit: 'share' }, [
      [
        series(
          top(
            `sum by (${by}) (increase(${of(throttled)}[$window])) / sum by (${by}) (increase(${of(periods)}[$window]))`,
          ),
        ),
        [throttled, periods],
      ],
    ]),
    plan({ id: 'network', title: 'Network', unit: 'bytes/s' }, [
      [
        named('received', `sum(${rate(ofPods('container_network_receive_bytes_total'))})`),
        ['container_network_receive_bytes_total'],
      ],
      [
        named('sent', `sum(${rate(ofPods('container_network_transmit_bytes_total'))})`),
        ['container_network_transmit_bytes_total'],
      ],
    ]),
    plan({ id: 'disk', title: 'Disk', unit: 'bytes/s' }, [
      [
        named('read', `sum(${rate(of('container_fs_reads_bytes_total'))})`),
        ['container_fs_reads_bytes_total'],
      ],
      [
        named('written', `sum(${rate(of('container_fs_writes_bytes_total'))})`),
        ['container_fs_writes_bytes_total'],
      ],
    ]),
    state
      ? plan({ id: 'restarts', title: 'Restarts', unit: 'count' }, [
          [
            {
              expr: top(`sum by (${restartsBy}) (increase(${ofState(restartsOf)}[$window]))`),
              role: 'series',
              title: [restartsBy],
            },
            [restartsOf],
          ],
        ])
      : plan({ id: 'restarts', title: 'Restarts', unit: 'count' }, [
          [
            series(top(`sum by (${by}) (changes(${of('container_start_time_seconds')}[$window]))`)),
            ['container_start_time_seconds'],
          ],
        ]),
  ];
}
