/**
 * What a Prometheus has and how its labels are called: detected from its own answers, never
 * assumed. Set-ups differ (`pod` or `pod_name`, `exported_pod`, no `container` at all), and a query with a
 * wrong label is silently empty.
 */

/** Label names of each metric in `probeMetrics`, as the server lists them; absent: not asked or failed. */
export type LabelsOf = Readonly<Record<string, readonly string[]>>;

export interface PromSchema {
  /** Labels of the container metrics (cAdvisor). */
  readonly namespace: string;
  readonly pod: string;
  /** null: the series are of whole pods, no container is told apart. */
  readonly container: string | null;
  /** Names the node in container metrics; null where nothing does. */
  readonly node: string | null;
  /** Labels of kube-state-metrics; null where it is not scraped. */
  readonly state: { readonly namespace: string; readonly pod: string; readonly container: string } | null;
  /** Label of node exporter's series that tells the node, and whether it is an address. */
  readonly exporter: { readonly label: string; readonly address: boolean } | null;
  /** Labels of kubelet's volume metrics. */
  readonly volumes: { readonly namespace: string; readonly claim: string };
  /** Labels of ingress-nginx' metrics. */
  readonly nginx: { readonly namespace: string; readonly ingress: string };
  /** Labels of controllers' work queues; `pod` null: scraped without the pod's name. */
  readonly queue: { readonly namespace: string; readonly pod: string | null; readonly name: string };
  /** Of the metrics the charts know, those that exist. null: could not be asked, all are tried. */
  readonly metrics: readonly string[] | null;
  /** How often containers are scraped, s. */
  readonly scrape: number;
  /** Holds a label `cluster` with several values: these matchers choose one. */
  readonly cluster: { readonly label: string; readonly values: readonly string[] } | null;
}

const CPU = 'container_cpu_usage_seconds_total';
const REQUESTS = 'kube_pod_container_resource_requests';
const NODE_CPU = 'node_cpu_seconds_total';

const VOLUMES = 'kubelet_volume_stats_used_bytes';
const NGINX = 'nginx_ingress_controller_requests';
const QUEUE = 'workqueue_depth';

/** Metrics whose labels are asked for. */
export const probeMetrics: readonly string[] = [CPU, REQUESTS, NODE_CPU, VOLUMES, NGINX, QUEUE];

const first = (names: readonly string[] | undefined, wanted: readonly string[]): string | undefined =>
  names && wanted.find((name) => names.includes(name));

/** kubelet's default and the operator's is 10-30 s, many set-ups use 60 s. */
export const DEFAULT_SCRAPE = 30;

export interface Detected {
  readonly labels: LabelsOf;
  readonly metrics: readonly string[] | null;
  readonly scrape?: number | undefined;
  readonly clusters?: readonly string[] | undefined;
}

export function detectSchema({ labels, metrics, scrape, clusters }: Detected): PromSchema {
  const cpu = labels[CPU];
  const requests = labels[REQUESTS];
  const exporter = labels[NODE_CPU];
  const exporterLabel = first(exporter, ['node', 'nodename', 'kubernetes_node', 'instance']);
  return {
    namespace:
      first(cpu, ['namespace', 'kubernetes_namespace', 'namespace_name', 'exported_namespace']) ??
      'namespace',
    pod: first(cpu, ['pod', 'pod_name', 'kubernetes_pod_name', 'exported_pod']) ?? 'pod',
    container:
      cpu === undefined
        ? 'container'
        : (first(cpu, ['container', 'container_name', 'kubernetes_container_name', 'exported_container']) ??
          null),
    node: first(cpu, ['node', 'kubernetes_io_hostname', 'kubernetes_node', 'nodename', 'instance']) ?? null,
    state:
      requests === undefined || requests.length === 0
        ? null
        : {
            // Without honorLabels the object's own labels arrive as exported_*.
            namespace: first(requests, ['exported_namespace', 'namespace']) ?? 'namespace',
            pod: first(requests, ['exported_pod', 'pod']) ?? 'pod',
            container: first(requests, ['exported_container', 'container']) ?? 'container',
          },
    exporter:
      exporterLabel === undefined ? null : { label: exporterLabel, address: exporterLabel === 'instance' },
    // What a metric names itself gives way to the target's labels, unless those are told not to (honorLabels).
    volumes: {
      namespace: first(labels[VOLUMES], ['exported_namespace', 'namespace']) ?? 'namespace',
      claim:
        first(labels[VOLUMES], ['exported_persistentvolumeclaim', 'persistentvolumeclaim']) ??
        'persistentvolumeclaim',
    },
    nginx: {
      namespace: first(labels[NGINX], ['exported_namespace', 'namespace']) ?? 'namespace',
      ingress: first(labels[NGINX], ['exported_ingress', 'ingress']) ?? 'ingress',
    },
    queue: {
      namespace: first(labels[QUEUE], ['namespace', 'kubernetes_namespace']) ?? 'namespace',
      pod:
        labels[QUEUE] === undefined
          ? 'pod'
          : (first(labels[QUEUE], ['pod', 'pod_name', 'kubernetes_pod_name']) ?? null),
      name: first(labels[QUEUE], ['exported_name', 'name']) ?? 'name',
    },
    metrics,
    scrape: scrape !== undefined && Number.isFinite(scrape) && scrape > 0 ? scrape : DEFAULT_SCRAPE,
    cluster:
      cpu?.includes('cluster') === true && clusters !== undefined && clusters.length > 1
        ? { label: 'cluster', values: clusters }
        : null,
  };
}

/** Whether all of the metrics exist, as far as is known. */
export function hasMetrics(schema: PromSchema, names: readonly string[]): boolean {
  const { metrics } = schema;
  return metrics === null || names.every((name) => metrics.includes(name));
}
