/**
 * The API server's own `/metrics` as charts: samples are summed into few numbers while they are read,
 * and two readings make rates and percentiles. Guarantees: a counter that went back (a restart, another server
 * behind the same address) gives a gap, never a spike; what an older or newer server does not expose is left out.
 */
import { readExposed, type ExposedSample } from './exposition';
import type { PromUnit } from './units';

interface Part {
  readonly chart: string;
  readonly metric: string;
  /** `rate`, gauge as it is, or the 99th percentile of a histogram. */
  readonly as: 'rate' | 'gauge' | 'p99';
  /** Title of the line this sample belongs to; undefined: it belongs to none. */
  readonly line: (labels: Readonly<Record<string, string>>) => string | undefined;
}

export interface ControlChart {
  readonly id: string;
  readonly title: string;
  readonly unit: PromUnit;
}

export const controlCharts: readonly ControlChart[] = [
  { id: 'requests', title: 'Requests by verb', unit: '/s' },
  { id: 'errors', title: 'Requests refused or failed, by code', unit: '/s' },
  { id: 'latency', title: 'Latency by verb, 99th percentile', unit: 'seconds' },
  { id: 'inflight', title: 'Requests in flight', unit: 'count' },
  { id: 'queue', title: 'Priority and fairness: waiting, by level', unit: 'count' },
  { id: 'wait', title: 'Priority and fairness: time in queue, 99th percentile', unit: 'seconds' },
  { id: 'rejected', title: 'Priority and fairness: rejected, by level and reason', unit: '/s' },
  { id: 'webhooks', title: 'Admission webhooks, 99th percentile', unit: 'seconds' },
  { id: 'etcd', title: 'etcd as the API server sees it, 99th percentile', unit: 'seconds' },
  { id: 'storage', title: 'etcd, size of the database', unit: 'bytes' },
  { id: 'watches', title: 'Long-running requests', unit: 'count' },
  { id: 'cpu', title: 'API server, CPU', unit: 'cores' },
  { id: 'memory', title: 'API server, memory', unit: 'bytes' },
];

const long = /^(WATCH|WATCHLIST|CONNECT|PROXY)$/;

const parts: readonly Part[] = [
  { chart: 'requests', metric: 'apiserver_request_total', as: 'rate', line: ({ verb }) => verb },
  {
    chart: 'errors',
    metric: 'apiserver_request_total',
    as: 'rate',
    // 404 and 409 are everyday answers; who may not, must wait or meets a fault is what one looks for.
    line: ({ code = '' }) => (/^(401|403|429|5\d\d|0)$/.test(code) ? code : undefined),
  },
  {
    chart: 'latency',
    metric: 'apiserver_request_duration_seconds_bucket',
    as: 'p99',
    line: ({ verb = '' }) => (long.test(verb) ? undefined : verb),
  },
  {
    chart: 'inflight',
    metric: 'apiserver_current_inflight_requests',
    as: 'gauge',
    line: ({ request_kind: kind }) => (kind === 'readOnly' ? 'reading' : kind),
  },
  {
    chart: 'queue',
    metric: 'apiserver_flowcontrol_current_inqueue_requests',
    as: 'gauge',
    line: ({ priority_level: level }) => level,
  },
  {
    chart: 'wait',
    metric: 'apiserver_flowcontrol_request_wait_duration_seconds_bucket',
    as: 'p99',
    line: ({ priority_level: level }) => level,
  },
  {
    chart: 'rejected',
    metric: 'apiserver_flowcontrol_rejected_requests_total',
    as: 'rate',
    line: ({ priority_level: level = '', reason = '' }) => `${level} ${reason}`,
  },
  {
    chart: 'webhooks',
    metric: 'apiserver_admission_webhook_admission_duration_seconds_bucket',
    as: 'p99',
    line: ({ name }) => name,
  },
  {
    chart: 'etcd',
    metric: 'etcd_request_duration_seconds_bucket',
    as: 'p99',
    line: ({ operation }) => operation,
  },
  ...[
    'apiserver_storage_size_bytes',
    'apiserver_storage_db_total_size_in_bytes',
    'etcd_db_total_size_in_bytes',
  ].map((metric): Part => ({
    chart: 'storage',
    metric,
    as: 'gauge',
    line: ({ storage_cluster_id: id, cluster, endpoint }) => id ?? cluster ?? endpoint ?? 'etcd',
  })),
  {
    chart: 'watches',
    metric: 'apiserver_longrunning_requests',
    as: 'gauge',
    line: ({ verb }) => verb,
  },
  { chart: 'cpu', metric: 'process_cpu_seconds_total', as: 'rate', line: () => 'used' },
  { chart: 'memory', metric: 'process_resident_memory_bytes', as: 'gauge', line: () => 'resident' },
];

const OBJECTS = ['apiserver_resource_objects', 'apiserver_storage_objects'];
const START = 'process_start_time_seconds';
const byMetric = new Map<string, readonly Part[]>();
for (const part of parts) byMetric.set(part.metric, [...(byMetric.get(part.metric) ?? []), part]);

const wanted: ReadonlySet<string> = new Set([...byMetric.keys(), ...OBJECTS, START]);

/** Everything kept of one reading. */
export interface ControlReading {
  /** Epoch ms. */
  readonly at: number;
  /** Epoch s when the server began; 0: it does not say. */
  started: number;
  /** By chart and line: the sum (`le` undefined) or the buckets. */
  readonly sums: Map<string, { readonly chart: string; readonly line: string; value: number }>;
  readonly buckets: Map<
    string,
    { readonly chart: string; readonly line: string; readonly les: Map<number, number> }
  >;
  /** Objects stored by resource. */
  readonly objects: Map<string, number>;
}

export function newReading(at: number): ControlReading {
  return { at, started: 0, sums: new Map(), buckets: new Map(), objects: new Map() };
}

/** Most lines of one chart; the rest is summed as `others` where sums make sense, else dropped. */
const MOST_LINES = 30;

export function takeLine(reading: ControlReading, text: string): void {
  const sample = readExposed(text, wanted);
  if (sample) take(reading, sample);
}

function take(reading: ControlReading, { name, labels, value }: ExposedSample): void {
  if (name === START) reading.started = value;
  else if (OBJECTS.includes(name)) {
    const { group = '', resource = '' } = labels;
    const key = name === 'apiserver_resource_objects' && group !== '' ? `${resource}.${group}` : resource;
    if (value >= 0) reading.objects.set(key, value);
  }
  for (const part of byMetric.get(name) ?? []) {
    const line = part.line(labels);
    if (line === undefined || line === '' || !Number.isFinite(value)) continue;
    const key = `${part.chart} ${line}`;
    if (part.as === 'p99') {
      const le = labels['le'] === '+Inf' ? Infinity : Number(labels['le']);
      if (le !== le) continue;
      const known = reading.buckets.get(key) ?? { chart: part.chart, line, les: new Map<number, number>() };
      reading.buckets.set(key, known);
      known.les.set(le, (known.les.get(le) ?? 0) + value);
    } else {
      const known = reading.sums.get(key) ?? { chart: part.chart, line, value: 0 };
      reading.sums.set(key, known);
      known.value += value;
    }
  }
}

const kindOf = new Map(parts.map((part) => [part.chart, part.as]));

export interface ControlPoint {
  readonly chart: string;
  readonly line: string;
  /** NaN: not known at this moment. */
  readonly value: number;
}

/** The values of a moment; rates and percentiles need the reading before. */
export function pointsOf(before: ControlReading | undefined, now: ControlReading): readonly ControlPoint[] {
  const out: ControlPoint[] = [];
  const same = before !== undefined && before.started === now.started && now.at > before.at;
  const seconds = before ? (now.at - before.at) / 1000 : 0;
  for (const [key, { chart, line, value }] of now.sums) {
    if (kindOf.get(chart) === 'gauge') out.push({ chart, line, value });
    else if (same) {
      const past = before.sums.get(key)?.value ?? 0;
      out.push({ chart, line, value: value < past ? NaN : (value - past) / seconds });
    }
  }
  if (same)
    for (const [key, { chart, line, les }] of now.buckets) {
      const past = before.buckets.get(key)?.les;
      const counts = [...les]
        .map(([le, count]) => [le, count - (past?.get(le) ?? 0)] as const)
        .sort((a, b) => a[0] - b[0]);
      out.push({ chart, line, value: quantile(0.99, counts) });
    }
  // Lines that never were anything but zero would be a wall of nothing.
  const most = new Map<string, number>();
  return out
    .sort((a, b) => (b.value === b.value ? b.value : -1) - (a.value === a.value ? a.value : -1))
    .filter(({ chart }) => {
      const count = (most.get(chart) ?? 0) + 1;
      most.set(chart, count);
      return count <= MOST_LINES;
    });
}

/** Of cumulative buckets in the order of `le`, as Prometheus' histogram_quantile does it; NaN: nothing was counted. */
export function quantile(share: number, buckets: readonly (readonly [le: number, count: number])[]): number {
  const last = buckets[buckets.length - 1];
  if (!last || last[0] !== Infinity || !(last[1] > 0) || buckets.length < 2) return NaN;
  const rank = share * last[1];
  const at = buckets.findIndex(([, count]) => count >= rank);
  const bucket = buckets[at];
  if (!bucket || bucket[0] === Infinity) return buckets[buckets.length - 2]![0];
  const [le, count] = bucket;
  const [low, below] = at === 0 ? [0, 0] : buckets[at - 1]!;
  if (at === 0 && le <= 0) return le;
  return count === below ? le : low + (le - low) * ((rank - below) / (count - below));
}
