/**
 * Where observed traffic comes from: the metrics of meshes and of Hubble, how each is asked for, and
 * how its labels are read. Rates are over the last five minutes, each request or flow counted once as
 * far as the labels allow. Knows nothing of the graph.
 */
import type { Labels } from '../../prom/answer';
import { escapePattern, selector, type Matcher } from '../../prom/promql-text';
import type { FlowUnit, Mesh, Workload } from './types';

/** Over which rates are taken. */
export const WINDOW = '5m';

export interface FlowMetric {
  readonly metric: string;
  readonly by: Mesh;
  readonly unit: FlowUnit;
  /** Labels the answer is summed by. */
  readonly labels: readonly string[];
  /** What every series must have to tell from where to where. */
  readonly only: readonly Matcher[];
  /** Names of the labels that hold the namespaces of both ends. */
  readonly spaces: readonly [from: string, to: string];
  /** The kind is '' where the labels do not tell it. */
  from(labels: Labels): Workload;
  to(labels: Labels): Workload;
  /** Undefined where the metric does not tell successes from failures. */
  failed?(labels: Labels): boolean;
}

const named = (kind: string, namespace: string | undefined, name: string | undefined): Workload => ({
  kind,
  namespace: namespace ?? '',
  name: name ?? '',
});

/** gRPC codes that are the server's fault: UNKNOWN, DEADLINE_EXCEEDED, UNIMPLEMENTED, INTERNAL, UNAVAILABLE, DATA_LOSS. */
const GRPC_FAULTS = new Set(['2', '4', '12', '13', '14', '15']);
const isServerError = (code: string | undefined): boolean => code?.startsWith('5') === true;

const LINKERD_KINDS = ['deployment', 'statefulset', 'daemonset', 'replicationcontroller', 'cronjob', 'job'];
const KIND_OF: Readonly<Record<string, string>> = {
  deployment: 'Deployment',
  statefulset: 'StatefulSet',
  daemonset: 'DaemonSet',
  replicationcontroller: 'ReplicationController',
  cronjob: 'CronJob',
  job: 'Job',
};

function linkerdEnd(labels: Labels, prefix: string): Workload {
  for (const label of LINKERD_KINDS) {
    const name = labels[`${prefix}${label}`];
    if (name) return named(KIND_OF[label] ?? '', labels[`${prefix}namespace`], name);
  }
  return named('', labels[`${prefix}namespace`], '');
}

const linkerd = {
  by: 'Linkerd',
  unit: 'requests',
  spaces: ['namespace', 'dst_namespace'],
  // Inbound proxies count the same requests again, without saying who asked.
  only: [
    ['direction', '=', 'outbound'],
    ['dst_namespace', '!=', ''],
  ],
  from: (labels) => linkerdEnd(labels, ''),
  to: (labels) => linkerdEnd(labels, 'dst_'),
} as const satisfies Partial<FlowMetric>;
const linkerdLabels = ['', 'dst_'].flatMap((prefix) =>
  ['namespace', ...LINKERD_KINDS].map((label) => `${prefix}${label}`),
);

const hubble = {
  by: 'Hubble',
  spaces: ['source_namespace', 'destination_namespace'],
  only: [
    ['source_workload', '!=', ''],
    ['destination_workload', '!=', ''],
  ],
  from: (labels) => named('', labels['source_namespace'], labels['source_workload']),
  to: (labels) => named('', labels['destination_namespace'], labels['destination_workload']),
} as const satisfies Partial<FlowMetric>;
const hubbleLabels = ['source_namespace', 'source_workload', 'destination_namespace', 'destination_workload'];

/** In order of preference: of two that tell of the same way, the first is shown. */
export const FLOW_METRICS: readonly FlowMetric[] = [
  {
    metric: 'istio_requests_total',
    by: 'Istio',
    unit: 'requests',
    labels: [
      'source_workload',
      'source_workload_namespace',
      'destination_workload',
      'destination_workload_namespace',
      'response_code',
      'grpc_response_status',
      'reporter',
    ],
    only: [],
    spaces: ['source_workload_namespace', 'destination_workload_namespace'],
    from: (labels) => named('', labels['source_workload_namespace'], labels['source_workload']),
    to: (labels) => named('', labels['destination_workload_namespace'], labels['destination_workload']),
    // 0: the connection ended before there was an answer.
    failed: ({ response_code: code, grpc_response_status: grpc }) =>
      isServerError(code) || code === '0' || (grpc !== undefined && GRPC_FAULTS.has(grpc)),
  },
  {
    ...linkerd,
    metric: 'response_total',
    labels: [...linkerdLabels, 'classification'],
    failed: ({ classification }) => classification === 'failure',
  },
  { ...linkerd, metric: 'request_total', labels: linkerdLabels },
  {
    ...hubble,
    metric: 'hubble_http_requests_total',
    unit: 'requests',
    labels: [...hubbleLabels, 'status', 'reporter'],
    failed: ({ status }) => isServerError(status),
  },
  {
    ...hubble,
    metric: 'hubble_flows_processed_total',
    unit: 'flows',
    labels: [...hubbleLabels, 'verdict'],
    failed: ({ verdict }) => verdict === 'DROPPED' || verdict === 'ERROR',
  },
];

/** PromQL for the rates of a metric; of some namespaces those that begin or end in them. Empty: all. */
export function flowQuery(metric: FlowMetric, namespaces: readonly string[]): string {
  const rate = (more: readonly Matcher[]): string =>
    `rate(${selector(metric.metric, [...metric.only, ...more])}[${WINDOW}])`;
  const by = metric.labels.join(', ');
  if (namespaces.length === 0) return `sum by (${by}) (${rate([])})`;
  const pattern = namespaces.map(escapePattern).join('|');
  const [from, to] = metric.spaces;
  return `sum by (${by}) (${rate([[from, '=~', pattern]])} or ${rate([[to, '=~', pattern]])})`;
}
