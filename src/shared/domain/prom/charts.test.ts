import { describe, expect, test } from 'vitest';
import { chartsFor, knownMetrics, withWindow, type MetricsTarget } from './charts';
import { escapePattern, podPattern, quote } from './promql-text';
import { detectSchema, type Detected } from './schema';

/** Label names as recorded from set-ups of these kinds. */
const recorded: Readonly<Record<string, Detected>> = {
  'kube-prometheus-stack': {
    labels: {
      container_cpu_usage_seconds_total: [
        '__name__',
        'container',
        'cpu',
        'endpoint',
        'id',
        'image',
        'instance',
        'job',
        'metrics_path',
        'name',
        'namespace',
        'node',
        'pod',
        'service',
      ],
      kube_pod_container_resource_requests: [
        '__name__',
        'container',
        'endpoint',
        'instance',
        'job',
        'namespace',
        'node',
        'pod',
        'resource',
        'service',
        'uid',
        'unit',
      ],
      node_cpu_seconds_total: [
        '__name__',
        'container',
        'cpu',
        'endpoint',
        'instance',
        'job',
        'mode',
        'namespace',
        'pod',
        'service',
      ],
    },
    metrics: knownMetrics,
    scrape: 30,
  },
  'before 1.16': {
    labels: {
      container_cpu_usage_seconds_total: [
        '__name__',
        'container_name',
        'cpu',
        'id',
        'image',
        'instance',
        'job',
        'kubernetes_io_hostname',
        'namespace',
        'pod_name',
      ],
    },
    metrics: ['container_cpu_usage_seconds_total', 'container_memory_working_set_bytes'],
  },
  'whole pods only': {
    labels: {
      container_cpu_usage_seconds_total: [
        '__name__',
        'cpu',
        'id',
        'instance',
        'job',
        'namespace',
        'node',
        'pod',
      ],
    },
    metrics: [
      'container_cpu_usage_seconds_total',
      'container_memory_working_set_bytes',
      'container_spec_memory_limit_bytes',
    ],
    scrape: 10,
  },
  'state metrics without honorLabels': {
    labels: {
      container_cpu_usage_seconds_total: ['__name__', 'container', 'instance', 'namespace', 'pod'],
      kube_pod_container_resource_requests: [
        '__name__',
        'container',
        'exported_container',
        'exported_namespace',
        'exported_pod',
        'namespace',
        'pod',
        'resource',
      ],
    },
    metrics: knownMetrics,
  },
  'nothing answered': { labels: {}, metrics: null },
};

const schemaOf = (name: string): ReturnType<typeof detectSchema> =>
  detectSchema(recorded[name] ?? { labels: {}, metrics: null });
const pod: MetricsTarget = { kind: 'pod', namespace: 'shop', name: 'web-0' };
const query = (target: MetricsTarget, name: string, chart: string, role = 'series'): string | undefined =>
  chartsFor(target, schemaOf(name))
    .charts.find((one) => one.id === chart)
    ?.queries.find((one) => one.role === role)?.expr;

describe('labels are detected', () => {
  test.each([
    [
      'kube-prometheus-stack',
      { pod: 'pod', container: 'container', namespace: 'namespace', node: 'node', scrape: 30 },
    ],
    [
      'before 1.16',
      {
        pod: 'pod_name',
        container: 'container_name',
        node: 'kubernetes_io_hostname',
        state: null,
        exporter: null,
      },
    ],
    ['whole pods only', { pod: 'pod', container: null, node: 'node', scrape: 10 }],
    [
      'state metrics without honorLabels',
      {
        state: { namespace: 'exported_namespace', pod: 'exported_pod', container: 'exported_container' },
        node: 'instance',
      },
    ],
    [
      'nothing answered',
      { pod: 'pod', container: 'container', namespace: 'namespace', metrics: null, scrape: 30 },
    ],
  ])('%s', (name, expected) => {
    expect(schemaOf(name)).toMatchObject(expected);
  });
  test('a label cluster with one value chooses nothing, with two it does', () => {
    const labels = { container_cpu_usage_seconds_total: ['cluster', 'pod'] };
    expect(detectSchema({ labels, metrics: null, clusters: ['a'] }).cluster).toBeNull();
    expect(detectSchema({ labels, metrics: null, clusters: ['a', 'b'] }).cluster?.values).toEqual(['a', 'b']);
  });
});

describe('queries', () => {
  test.each([
    [
      'kube-prometheus-stack',
      'sum by (container) (rate(container_cpu_usage_seconds_total{namespace="shop",pod="web-0",container!="",container!="POD"}[$window]))',
    ],
    [
      'before 1.16',
      'sum by (container_name) (rate(container_cpu_usage_seconds_total{namespace="shop",pod_name="web-0",container_name!="",container_name!="POD"}[$window]))',
    ],
    [
      'whole pods only',
      'sum by (pod) (rate(container_cpu_usage_seconds_total{namespace="shop",pod="web-0"}[$window]))',
    ],
  ])('CPU of a pod: %s', (name, expected) => {
    expect(query(pod, name, 'cpu')).toBe(expected);
  });
  test('request and limit lines come from kube-state-metrics, with its labels', () => {
    expect(query(pod, 'state metrics without honorLabels', 'cpu', 'limit')).toBe(
      'sum(kube_pod_container_resource_limits{exported_namespace="shop",exported_pod="web-0",resource="cpu"})',
    );
    expect(query(pod, 'kube-prometheus-stack', 'memory', 'request')).toContain('resource="memory"');
  });
  test('without kube-state-metrics the limit is the container’s own, where it is recorded', () => {
    expect(query(pod, 'whole pods only', 'memory', 'limit')).toBe(
      'sum(container_spec_memory_limit_bytes{namespace="shop",pod="web-0"} > 0)',
    );
    expect(query(pod, 'whole pods only', 'cpu', 'limit')).toBeUndefined();
  });
  test('what is not recorded is named and not drawn', () => {
    const { charts, missing } = chartsFor(pod, schemaOf('before 1.16'));
    expect(charts.map((one) => one.id)).toEqual(['cpu', 'memory']);
    expect(missing.find((one) => one.title === 'Network')?.metrics).toContain(
      'container_network_receive_bytes_total',
    );
  });
  test('a node is found by its name, or by its addresses where only instance tells it', () => {
    const node: MetricsTarget = { kind: 'node', name: 'n.1', addresses: ['10.0.0.1', 'fd00::1'] };
    expect(query(node, 'whole pods only', 'cpu')).toBe(
      'sum(rate(container_cpu_usage_seconds_total{node="n.1",id="/"}[$window]))',
    );
    expect(query(node, 'kube-prometheus-stack', 'cpu')).toContain(
      'instance=~"(n\\\\.1|10\\\\.0\\\\.0\\\\.1|\\\\[fd00::1\\\\])(:[0-9]+)?"',
    );
  });
  test('every metric asked for is looked up beforehand', () => {
    const targets: MetricsTarget[] = [
      pod,
      { kind: 'container', namespace: 'shop', name: 'web-0', container: 'app' },
      { kind: 'workload', controller: 'Deployment', namespace: 'shop', name: 'web' },
      { kind: 'namespace', name: 'shop' },
      { kind: 'node', name: 'n', addresses: [] },
      { kind: 'cluster' },
      { kind: 'claim', namespace: 'shop', name: 'data' },
      {
        kind: 'ingress',
        namespace: 'shop',
        name: 'web',
        routes: ['a.example/'],
        backends: [{ service: 's', port: '80' }],
      },
    ];
    for (const target of targets) {
      const none = chartsFor(
        target,
        detectSchema({ labels: recorded['kube-prometheus-stack']!.labels, metrics: [] }),
      );
      for (const { metrics } of none.missing)
        for (const name of metrics) expect(knownMetrics).toContain(name);
    }
  });
  test('extra matchers reach every selector', () => {
    const { charts } = chartsFor(pod, schemaOf('kube-prometheus-stack'), [['cluster', '=', 'a"b']]);
    for (const one of charts.flatMap((chart) => chart.queries)) expect(one.expr).toContain('cluster="a\\"b"');
  });
  test('the window of rate is put in everywhere', () => {
    expect(withWindow('a[$window] / b[$window]', '5m')).toBe('a[5m] / b[5m]');
  });
});

describe('text in PromQL', () => {
  test('values cannot leave their quotes', () => {
    expect(quote('a"} or up{x="\\\n')).toBe('"a\\"} or up{x=\\"\\\\\\n"');
  });
  test('patterns match themselves only', () => {
    const odd = 'a.b*c+(d)|e[f]{g}^h$i?j\\k';
    expect(new RegExp(`^${escapePattern(odd)}$`).test(odd)).toBe(true);
    expect(new RegExp(`^${escapePattern('a.b')}$`).test('axb')).toBe(false);
  });
  const long = 'a'.repeat(52);
  test.each([
    ['Deployment', 'web', 'web-54889ddfc9-5798w', true],
    ['Deployment', 'web', 'web-api-54889ddfc9-5798w', false],
    ['Deployment', 'web', 'web-0', false],
    ['Deployment', 'web', 'web-import-x7k2p', true],
    ['Deployment', long, `${`${long}-54889ddfc9-`.slice(0, 58)}5798w`, true],
    ['StatefulSet', 'db', 'db-12', true],
    ['StatefulSet', 'db', 'db-x', false],
    ['DaemonSet', 'agent', 'agent-44ql8', true],
    ['DaemonSet', 'agent', 'agent-two-44ql8', false],
    ['Job', 'import', 'import-3-mzrmt', true],
    ['Job', 'import', 'import-mzrmt', true],
    ['CronJob', 'report', 'report-29920784-l4swp', true],
  ] as const)('%s %s: %s is its pod: %s', (controller, name, podName, expected) => {
    expect(new RegExp(`^(?:${podPattern(controller, name)})$`).test(podName)).toBe(expected);
  });
});
