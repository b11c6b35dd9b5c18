import { describe, expect, test } from 'vitest';
import { chartsFor, knownMetrics, type ChartDef, type MetricsTarget } from './charts';
import { detectSchema, type LabelsOf, type PromSchema } from './schema';

const schemaOf = (labels: LabelsOf, metrics: readonly string[] | null = knownMetrics): PromSchema =>
  detectSchema({ labels, metrics });
const without = (...prefixes: readonly string[]): readonly string[] =>
  knownMetrics.filter((metric) => !prefixes.some((prefix) => metric.startsWith(prefix)));
const chart = (target: MetricsTarget, schema: PromSchema, id: string): ChartDef | undefined =>
  chartsFor(target, schema).charts.find((one) => one.id === id);
const exprs = (target: MetricsTarget, schema: PromSchema, id: string): readonly string[] =>
  chart(target, schema, id)?.queries.map(({ expr }) => expr) ?? [];

/** As listed by servers of these set-ups. */
const kubelet = ['__name__', 'endpoint', 'instance', 'job', 'namespace', 'node', 'persistentvolumeclaim'];
const nginx = [
  '__name__',
  'controller_class',
  'host',
  'ingress',
  'method',
  'namespace',
  'path',
  'service',
  'status',
];
const queue = ['__name__', 'instance', 'job', 'name', 'namespace', 'pod'];

describe('a claim', () => {
  const claim: MetricsTarget = { kind: 'claim', namespace: 'shop', name: 'data-db-0' };
  test.each([
    ['kubelet with honorLabels', kubelet, '{namespace="shop",persistentvolumeclaim="data-db-0"}'],
    [
      'kubelet without',
      [...kubelet, 'exported_namespace'],
      '{exported_namespace="shop",persistentvolumeclaim="data-db-0"}',
    ],
    [
      'everything exported',
      [...kubelet, 'exported_namespace', 'exported_persistentvolumeclaim'],
      '{exported_namespace="shop",exported_persistentvolumeclaim="data-db-0"}',
    ],
    ['nothing answered', undefined, '{namespace="shop",persistentvolumeclaim="data-db-0"}'],
  ])('%s', (_, labels, matchers) => {
    const schema = schemaOf(labels ? { kubelet_volume_stats_used_bytes: labels } : {});
    const of = (metric: string): string => `kubelet_volume_stats_${metric}${matchers}`;
    expect(exprs(claim, schema, 'space')).toEqual([
      `max(${of('used_bytes')})`,
      `max(${of('capacity_bytes')})`,
    ]);
    expect(exprs(claim, schema, 'space-share')).toEqual([
      `max(${of('used_bytes')} / ${of('capacity_bytes')})`,
    ]);
    expect(exprs(claim, schema, 'inodes')).toEqual([`max(${of('inodes_used')})`, `max(${of('inodes')})`]);
  });
  test('capacity and inodes are limits, and what a driver does not tell is named', () => {
    const schema = schemaOf({}, without('kubelet_volume_stats_inodes'));
    expect(chart(claim, schema, 'space')?.queries.map(({ role }) => role)).toEqual(['series', 'limit']);
    expect(chartsFor(claim, schema).missing).toEqual([
      { title: 'Inodes', metrics: ['kubelet_volume_stats_inodes_used', 'kubelet_volume_stats_inodes'] },
    ]);
  });
});

describe('an Ingress', () => {
  const web: MetricsTarget = {
    kind: 'ingress',
    namespace: 'shop',
    name: 'web',
    routes: ['shop.example/', 'shop.example/cart'],
    backends: [
      { service: 'frontend', port: '80' },
      { service: 'cart.v2', port: 'http' },
    ],
  };
  test.each([
    ['ingress-nginx with honorLabels', nginx, '{namespace="shop",ingress="web"}'],
    [
      'ingress-nginx scraped as a pod',
      [...nginx, 'exported_namespace', 'pod'],
      '{exported_namespace="shop",ingress="web"}',
    ],
    [
      'ingress-nginx, all exported',
      [...nginx, 'exported_namespace', 'exported_ingress'],
      '{exported_namespace="shop",exported_ingress="web"}',
    ],
  ])('%s', (_, labels, matchers) => {
    const schema = schemaOf({ nginx_ingress_controller_requests: labels }, without('traefik'));
    const requests = `nginx_ingress_controller_requests${matchers}`;
    expect(exprs(web, schema, 'requests')).toEqual([`sum by (status) (rate(${requests}[$window]))`]);
    expect(exprs(web, schema, 'errors')[0]).toBe(
      `(sum(rate(${requests.replace('}', ',status=~"5.."}')}[$window])) or vector(0)) / (sum(rate(${requests}[$window])) > 0)`,
    );
    expect(exprs(web, schema, 'latency')[2]).toBe(
      `histogram_quantile(0.99, sum by (le) (rate(nginx_ingress_controller_request_duration_seconds_bucket${matchers}[$window])))`,
    );
    expect(chart(web, schema, 'latency')?.queries.map(({ title }) => title)).toEqual(['p50', 'p95', 'p99']);
  });

  const pattern = (schema: PromSchema): RegExp => {
    const [expr = ''] = exprs(web, schema, 'requests');
    const text = /=~"((?:[^"\\]|\\.)*)"/.exec(expr)?.[1] ?? '';
    return new RegExp(`^(?:${text.replace(/\\\\/g, '\\')})$`);
  };
  test.each([
    ['shop-web-shop-example@kubernetes', true],
    ['shop-web-shop-example-cart@kubernetes', true],
    ['websecure-shop-web-shop-example-cart@kubernetes', true],
    ['shop-web-shop-example-0f1e2d3c4b5a69788796@kubernetes', true],
    ['shop-web-api-shop-example@kubernetes', false],
    ['eu-shop-web-shop-example@kubernetes', false],
    ['shop-web-shop-example@docker', false],
  ])('Traefik that counts routers: %s belongs to it: %s', (router, expected) => {
    const schema = schemaOf({}, without('nginx'));
    expect(exprs(web, schema, 'requests')[0]).toContain('traefik_router_requests_total{router=~');
    expect(pattern(schema).test(router)).toBe(expected);
  });
  test.each([
    ['shop-frontend-80@kubernetes', true],
    ['shop-cart-v2-http@kubernetes', true],
    ['shop-frontend-8080@kubernetes', false],
    ['shop-frontend-80@docker', false],
  ])('Traefik that counts services only: %s belongs to it: %s', (service, expected) => {
    const schema = schemaOf({}, without('nginx', 'traefik_router'));
    expect(exprs(web, schema, 'requests')[0]).toContain('traefik_service_requests_total{service=~');
    expect(exprs(web, schema, 'requests')[0]).toContain('sum by (code)');
    expect(pattern(schema).test(service)).toBe(expected);
  });
  test('with neither the metrics of both are named', () => {
    const { charts, missing } = chartsFor(web, schemaOf({}, without('nginx', 'traefik')));
    expect(charts).toEqual([]);
    expect(missing[0]).toEqual({
      title: 'Requests by status',
      metrics: ['nginx_ingress_controller_requests', 'traefik_service_requests_total'],
    });
  });
  test('names of the cluster cannot leave their quotes', () => {
    const odd: MetricsTarget = {
      kind: 'ingress',
      namespace: 'a"} or up{b="',
      name: 'x\\',
      routes: [],
      backends: [],
    };
    const [expr] = exprs(odd, schemaOf({}), 'requests');
    expect(expr).toContain('{namespace="a\\"} or up{b=\\"",ingress="x\\\\"}');
  });
});

describe('work queues', () => {
  const operator: MetricsTarget = {
    kind: 'workload',
    controller: 'Deployment',
    namespace: 'ops',
    name: 'operator',
  };
  test.each([
    ['scraped as pods', queue, 'namespace="ops",pod=~', 'name'],
    [
      'old names',
      ['name', 'kubernetes_namespace', 'kubernetes_pod_name'],
      'kubernetes_namespace="ops",kubernetes_pod_name=~',
      'name',
    ],
    ['name of a target besides', [...queue, 'exported_name'], 'namespace="ops",pod=~', 'exported_name'],
  ])('of a workload: %s', (_, labels, matchers, name) => {
    const schema = schemaOf({ workqueue_depth: labels });
    const depth = chart(operator, schema, 'queue-depth');
    expect(depth?.queries[0]?.expr).toContain(`topk(8, sum by (${name}) (workqueue_depth{${matchers}`);
    expect(exprs(operator, schema, 'queue-adds')[0]).toContain(`rate(workqueue_adds_total{${matchers}`);
    expect(exprs(operator, schema, 'queue-wait')[0]).toContain(
      `histogram_quantile(0.99, sum by (le, ${name}) (rate(workqueue_queue_duration_seconds_bucket{${matchers}`,
    );
    expect(depth?.onlyIf).toContain(`count(workqueue_depth{${matchers}`);
  });
  test('most workloads are no controllers: not recorded is not said of them', () => {
    const { charts, missing } = chartsFor(operator, schemaOf({}, without('workqueue')));
    expect(charts.some(({ id }) => id.startsWith('queue'))).toBe(false);
    expect(missing.some(({ title }) => title.startsWith('Work queues'))).toBe(false);
  });
  test('without the pod in their labels they are the whole cluster’s only', () => {
    const schema = schemaOf({ workqueue_depth: ['name', 'job', 'instance'] });
    expect(chart(operator, schema, 'queue-depth')).toBeUndefined();
    expect(exprs({ kind: 'cluster' }, schema, 'queue-depth')).toEqual([
      'topk(8, sum by (job, name) (workqueue_depth))',
    ]);
  });
});
