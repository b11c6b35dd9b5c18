/** Charts of a node and of the whole cluster, control plane included. */
import type { ChartPlan, ChartQuery } from './charts';
import { escapePattern, selector, type Matcher } from './promql-text';
import { hasMetrics, type PromSchema } from './schema';

type Part = readonly [query: ChartQuery, needs: readonly string[]];

const plan = (head: Pick<ChartPlan, 'id' | 'title' | 'unit'>, parts: readonly Part[]): ChartPlan => ({
  ...head,
  queries: parts.map(([query]) => query),
  needs: parts.map(([, needs]) => needs),
});

const series = (title: ChartQuery['title'], expr: string, ...needs: string[]): Part => [
  { expr, role: 'series', title },
  needs,
];
const limit = (title: string, expr: string, ...needs: string[]): Part => [
  { expr, role: 'limit', title },
  needs,
];

const CPU = 'container_cpu_usage_seconds_total';
const MEMORY = 'container_memory_working_set_bytes';
/** Interfaces and file systems of containers, which would count twice or say nothing. */
const realInterfaces: Matcher = ['device', '!~', 'lo|veth.*|cali.*|cni.*|docker.*|flannel.*|br-.*|lxc.*'];
const realFiles: Matcher = ['fstype', '!~', 'tmpfs|overlay|squashfs|ramfs|nsfs|fuse.*|9p'];

/** Matchers of one node's series: of container metrics and of node exporter's. */
export function nodeMatchers(
  schema: PromSchema,
  name: string,
  addresses: readonly string[],
): { readonly containers: readonly Matcher[]; readonly exporter: readonly Matcher[] } {
  const containers: readonly Matcher[] =
    schema.node === null
      ? []
      : schema.node === 'instance'
        ? [['instance', '=~', instancePattern(name, addresses)]]
        : [[schema.node, '=', name]];
  const exporter: readonly Matcher[] =
    schema.exporter === null
      ? []
      : schema.exporter.address
        ? [['instance', '=~', instancePattern(name, addresses)]]
        : [[schema.exporter.label, '=', name]];
  return { containers, exporter };
}

/** `instance` is a name or an address, with a port or without. */
function instancePattern(name: string, addresses: readonly string[]): string {
  const hosts = [name, ...addresses].map((host) => escapePattern(host.includes(':') ? `[${host}]` : host));
  return `(${hosts.join('|')})(:[0-9]+)?`;
}

export function nodeCharts(
  schema: PromSchema,
  name: string,
  addresses: readonly string[],
  extra: readonly Matcher[],
): readonly ChartPlan[] {
  const found = nodeMatchers(schema, name, addresses);
  const of = (metric: string, ...more: Matcher[]): string =>
    selector(metric, [...found.containers, ...more, ...extra]);
  const ex = (metric: string, ...more: Matcher[]): string =>
    selector(metric, [...found.exporter, ...more, ...extra]);
  const rate = (text: string): string => `rate(${text}[$window])`;
  const root: Matcher = ['id', '=', '/'];
  const useExporter = schema.exporter !== null && hasMetrics(schema, ['node_cpu_seconds_total']);
  const { pod } = schema;
  const podsOnly: Matcher[] = [[pod, '!=', '']];
  if (schema.container !== null) podsOnly.push([schema.container, '!=', ''], [schema.container, '!=', 'POD']);
  return [
    plan({ id: 'cpu', title: 'CPU', unit: 'cores' }, [
      useExporter
        ? series(
            'used',
            `sum(${rate(ex('node_cpu_seconds_total', ['mode', '!~', 'idle|iowait|steal']))})`,
            'node_cpu_seconds_total',
          )
        : series('used', `sum(${rate(of(CPU, root))})`, CPU),
      series('by pods', `sum(${rate(of(CPU, ...podsOnly))})`, CPU),
      limit('capacity', `max(${of('machine_cpu_cores')})`, 'machine_cpu_cores'),
    ]),
    plan({ id: 'memory', title: 'Memory', unit: 'bytes' }, [
      useExporter
        ? series(
            'used',
            `sum(${ex('node_memory_MemTotal_bytes')} - ${ex('node_memory_MemAvailable_bytes')})`,
            'node_memory_MemTotal_bytes',
            'node_memory_MemAvailable_bytes',
          )
        : series('working set', `sum(${of(MEMORY, root)})`, MEMORY),
      series('by pods', `sum(${of(MEMORY, ...podsOnly)})`, MEMORY),
      limit('capacity', `max(${of('machine_memory_bytes')})`, 'machine_memory_bytes'),
    ]),
    plan({ id: 'top-cpu', title: 'CPU, largest pods', unit: 'cores' }, [
      series(
        [schema.namespace, pod],
        `topk(8, sum by (${schema.namespace}, ${pod}) (${rate(of(CPU, ...podsOnly))}))`,
        CPU,
      ),
    ]),
    plan({ id: 'top-memory', title: 'Memory, largest pods', unit: 'bytes' }, [
      series(
        [schema.namespace, pod],
        `topk(8, sum by (${schema.namespace}, ${pod}) (${of(MEMORY, ...podsOnly)}))`,
        MEMORY,
      ),
    ]),
    plan({ id: 'network', title: 'Network', unit: 'bytes/s' }, [
      series(
        'received',
        `sum(${rate(ex('node_network_receive_bytes_total', realInterfaces))})`,
        'node_network_receive_bytes_total',
      ),
      series(
        'sent',
        `sum(${rate(ex('node_network_transmit_bytes_total', realInterfaces))})`,
        'node_network_transmit_bytes_total',
      ),
    ]),
    plan({ id: 'disk', title: 'File systems, used', unit: 'share' }, [
      series(
        ['mountpoint'],
        `1 - ${ex('node_filesystem_avail_bytes', realFiles)} / ${ex('node_filesystem_size_bytes', realFiles)}`,
        'node_filesystem_avail_bytes',
        'node_filesystem_size_bytes',
      ),
    ]),
    plan({ id: 'disk-operations', title: 'Disk operations', unit: '/s' }, [
      series('reads', `sum(${rate(of('container_fs_reads_total', root))})`, 'container_fs_reads_total'),
      series('writes', `sum(${rate(of('container_fs_writes_total', root))})`, 'container_fs_writes_total'),
    ]),
    plan({ id: 'pods', title: 'Running pods', unit: 'count' }, [
      series('pods', `max(${of('kubelet_running_pods')})`, 'kubelet_running_pods'),
    ]),
  ];
}

export function clusterCharts(schema: PromSchema, extra: readonly Matcher[]): readonly ChartPlan[] {
  const of = (metric: string, ...more: Matcher[]): string => selector(metric, [...more, ...extra]);
  const rate = (text: string): string => `rate(${text}[$window])`;
  const { namespace, pod } = schema;
  const podsOnly: Matcher[] = [[pod, '!=', '']];
  if (schema.container !== null) podsOnly.push([schema.container, '!=', ''], [schema.container, '!=', 'POD']);
  const root: Matcher = ['id', '=', '/'];
  const useExporter = schema.exporter !== null && hasMetrics(schema, ['node_cpu_seconds_total']);
  const slow: Matcher = ['verb', '!~', 'WATCH|CONNECT|WATCHLIST'];
  const p99 = (bucket: string, by: string): string =>
    `histogram_quantile(0.99, sum by (le${by === '' ? '' : `, ${by}`}) (rate(${bucket}[$window])))`;
  return [
    plan({ id: 'cpu', title: 'CPU', unit: 'cores' }, [
      useExporter
        ? series(
            'used',
            `sum(${rate(of('node_cpu_seconds_total', ['mode', '!~', 'idle|iowait|steal']))})`,
            'node_cpu_seconds_total',
          )
        : series('used', `sum(${rate(of(CPU, root))})`, CPU),
      series('by pods', `sum(${rate(of(CPU, ...podsOnly))})`, CPU),
      limit('capacity', `sum(${of('machine_cpu_cores')})`, 'machine_cpu_cores'),
    ]),
    plan({ id: 'memory', title: 'Memory', unit: 'bytes' }, [
      useExporter
        ? series(
            'used',
            `sum(${of('node_memory_MemTotal_bytes')} - ${of('node_memory_MemAvailable_bytes')})`,
            'node_memory_MemTotal_bytes',
            'node_memory_MemAvailable_bytes',
          )
        : series('working set', `sum(${of(MEMORY, root)})`, MEMORY),
      series('by pods', `sum(${of(MEMORY, ...podsOnly)})`, MEMORY),
      limit('capacity', `sum(${of('machine_memory_bytes')})`, 'machine_memory_bytes'),
    ]),
    plan({ id: 'namespaces-cpu', title: 'CPU, largest namespaces', unit: 'cores' }, [
      series([namespace], `topk(8, sum by (${namespace}) (${rate(of(CPU, ...podsOnly))}))`, CPU),
    ]),
    plan({ id: 'namespaces-memory', title: 'Memory, largest namespaces', unit: 'bytes' }, [
      series([namespace], `topk(8, sum by (${namespace}) (${of(MEMORY, ...podsOnly)}))`, MEMORY),
    ]),
    plan({ id: 'api-requests', title: 'API server, requests by code', unit: '/s' }, [
      series(['code'], `sum by (code) (${rate(of('apiserver_request_total'))})`, 'apiserver_request_total'),
    ]),
    plan({ id: 'api-latency', title: 'API server, 99th percentile by verb', unit: 'seconds' }, [
      series(
        ['verb'],
        p99(of('apiserver_request_duration_seconds_bucket', slow), 'verb'),
        'apiserver_request_duration_seconds_bucket',
      ),
    ]),
    plan({ id: 'api-inflight', title: 'API server, requests in flight', unit: 'count' }, [
      series(
        ['request_kind'],
        `sum by (request_kind) (${of('apiserver_current_inflight_requests')})`,
        'apiserver_current_inflight_requests',
      ),
    ]),
    plan({ id: 'etcd-latency', title: 'etcd as the API server sees it, 99th percentile', unit: 'seconds' }, [
      series(
        ['operation'],
        p99(of('etcd_request_duration_seconds_bucket'), 'operation'),
        'etcd_request_duration_seconds_bucket',
      ),
    ]),
    plan({ id: 'dns', title: 'CoreDNS, requests', unit: '/s' }, [
      series(
        ['type'],
        `sum by (type) (${rate(of('coredns_dns_requests_total'))})`,
        'coredns_dns_requests_total',
      ),
    ]),
    plan({ id: 'dns-latency', title: 'CoreDNS, 99th percentile', unit: 'seconds' }, [
      series(
        'p99',
        p99(of('coredns_dns_request_duration_seconds_bucket'), ''),
        'coredns_dns_request_duration_seconds_bucket',
      ),
    ]),
  ];
}
