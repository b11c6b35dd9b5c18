/**
 * Which charts an object has, as PromQL made for this set-up's labels. A chart whose metrics do
 * not exist is told by name, not drawn empty. Pure: no time, no width; `$window` in an expression stands for
 * the window of `rate()`, which the range decides (`withWindow`).
 */
import { clusterCharts, nodeCharts } from './charts-cluster';
import { claimCharts, ingressCharts, objectMetrics, queueCharts, type IngressTarget } from './charts-objects';
import { podCharts, type PodsSelection } from './charts-pods';
import { podPattern, type Controller, type Matcher } from './promql-text';
import { hasMetrics, type PromSchema } from './schema';
import type { PromUnit } from './units';

export type MetricsTarget =
  | { readonly kind: 'pod'; readonly namespace: string; readonly name: string }
  | {
      readonly kind: 'container';
      readonly namespace: string;
      readonly name: string;
      readonly container: string;
    }
  | {
      readonly kind: 'workload';
      readonly controller: Controller;
      readonly namespace: string;
      readonly name: string;
    }
  | { readonly kind: 'namespace'; readonly name: string }
  | { readonly kind: 'node'; readonly name: string; readonly addresses: readonly string[] }
  | { readonly kind: 'claim'; readonly namespace: string; readonly name: string }
  | ({ readonly kind: 'ingress' } & IngressTarget)
  | { readonly kind: 'cluster' };

type PodsTarget = Extract<MetricsTarget, { kind: 'pod' | 'container' | 'workload' | 'namespace' }>;

export type SeriesRole = 'series' | 'request' | 'limit' | 'mark';

export interface ChartQuery {
  readonly expr: string;
  readonly role: SeriesRole;
  /** Title of its only series; or the labels whose values title each series. */
  readonly title: string | readonly string[];
}

export interface ChartDef {
  readonly id: string;
  readonly title: string;
  readonly unit: PromUnit;
  readonly queries: readonly ChartQuery[];
  /** An instant query: the chart is drawn only where this has a value. */
  readonly onlyIf?: string;
}

/** A chart before it is known whether its metrics exist. */
export interface ChartPlan extends ChartDef {
  /** All of these must exist, for each query of the same place; queries without are always asked. */
  readonly needs: readonly (readonly string[])[];
}

export interface ChartSet {
  readonly charts: readonly ChartDef[];
  /** What this Prometheus does not record, and by which metric one would know. */
  readonly missing: readonly { readonly title: string; readonly metrics: readonly string[] }[];
}

/** Extra matchers for every query, e.g. the cluster of a Prometheus of many. */
export function chartsFor(
  target: MetricsTarget,
  schema: PromSchema,
  extra: readonly Matcher[] = [],
): ChartSet {
  const plans = plansOf(target, schema, extra);
  const charts: ChartDef[] = [];
  const missing: { title: string; metrics: readonly string[] }[] = [];
  for (const { needs, ...plan } of plans) {
    const queries = plan.queries.filter((_, i) => hasMetrics(schema, needs[i] ?? []));
    if (queries.some((query) => query.role === 'series')) charts.push({ ...plan, queries });
    else if (plan.onlyIf === undefined)
      missing.push({ title: plan.title, metrics: [...new Set(needs.flat())] });
  }
  return { charts, missing };
}

function plansOf(target: MetricsTarget, schema: PromSchema, extra: readonly Matcher[]): readonly ChartPlan[] {
  switch (target.kind) {
    case 'cluster':
      return [...clusterCharts(schema, extra), ...queueCharts(schema, undefined, extra)];
    case 'node':
      return nodeCharts(schema, target.name, target.addresses, extra);
    case 'claim':
      return claimCharts(schema, target.namespace, target.name, extra);
    case 'ingress':
      return ingressCharts(schema, target, extra);
    default: {
      const selection = selectionOf(target, schema);
      const { namespace, pods, container } = selection;
      const queues = pods && container === undefined ? queueCharts(schema, { namespace, pods }, extra) : [];
      return [...podCharts(schema, selection, extra), ...queues];
    }
  }
}

function selectionOf(target: PodsTarget, schema: PromSchema): PodsSelection {
  switch (target.kind) {
    case 'namespace':
      return { namespace: target.name, pods: undefined, by: 'pod', most: 10 };
    case 'workload':
      return {
        namespace: target.namespace,
        pods: ['=~', podPattern(target.controller, target.name)],
        by: 'pod',
      };
    case 'container':
      return {
        namespace: target.namespace,
        pods: ['=', target.name],
        container: target.container,
        by: 'container',
      };
    case 'pod':
      return {
        namespace: target.namespace,
        pods: ['=', target.name],
        by: schema.container === null ? 'pod' : 'container',
      };
  }
}

/** Puts the window of `rate()` in. */
export function withWindow(expr: string, window: string): string {
  return expr.replaceAll('$window', window);
}

/** Every metric the charts may ask for, to be looked up at once. */
export const knownMetrics: readonly string[] = [
  'container_cpu_usage_seconds_total',
  'container_cpu_cfs_throttled_periods_total',
  'container_cpu_cfs_periods_total',
  'container_spec_cpu_quota',
  'container_spec_cpu_period',
  'container_memory_working_set_bytes',
  'container_spec_memory_limit_bytes',
  'container_oom_events_total',
  'container_start_time_seconds',
  'container_network_receive_bytes_total',
  'container_network_transmit_bytes_total',
  'container_network_receive_packets_dropped_total',
  'container_network_transmit_packets_dropped_total',
  'container_fs_reads_bytes_total',
  'container_fs_writes_bytes_total',
  'container_fs_reads_total',
  'container_fs_writes_total',
  'container_fs_usage_bytes',
  'container_fs_limit_bytes',
  'kube_pod_container_resource_requests',
  'kube_pod_container_resource_limits',
  'kube_pod_container_status_restarts_total',
  'node_cpu_seconds_total',
  'node_memory_MemTotal_bytes',
  'node_memory_MemAvailable_bytes',
  'node_filesystem_avail_bytes',
  'node_filesystem_size_bytes',
  'node_network_receive_bytes_total',
  'node_network_transmit_bytes_total',
  'machine_cpu_cores',
  'machine_memory_bytes',
  'kubelet_running_pods',
  'apiserver_request_total',
  'apiserver_request_duration_seconds_bucket',
  'apiserver_current_inflight_requests',
  'etcd_request_duration_seconds_bucket',
  'coredns_dns_requests_total',
  'coredns_dns_request_duration_seconds_bucket',
  ...objectMetrics,
];
