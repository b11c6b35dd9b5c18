/**
 * Charts of a volume claim, of an Ingress behind ingress-nginx or Traefik, and of the work queues
 * of controllers. Label names are the set-up's own (`schema`); which of two ingress controllers serves an object
 * is not asked: the one that has numbers of it draws them.
 */
import type { ChartPlan, ChartQuery } from './charts';
import { escapePattern, selector, type Matcher } from './promql-text';
import type { PromSchema } from './schema';

type Part = readonly [query: ChartQuery, needs: readonly string[]];

const plan = (
  head: Pick<ChartPlan, 'id' | 'title' | 'unit' | 'onlyIf'>,
  parts: readonly Part[],
): ChartPlan => ({
  ...head,
  queries: parts.map(([query]) => query),
  needs: parts.map(([, needs]) => needs),
});

const USED = 'kubelet_volume_stats_used_bytes';
const CAPACITY = 'kubelet_volume_stats_capacity_bytes';
const INODES_USED = 'kubelet_volume_stats_inodes_used';
const INODES = 'kubelet_volume_stats_inodes';

/** A claim mounted on several nodes has a series of each; they tell of the same volume. */
export function claimCharts(
  schema: PromSchema,
  namespace: string,
  name: string,
  extra: readonly Matcher[],
): readonly ChartPlan[] {
  const { volumes } = schema;
  const of = (metric: string): string =>
    selector(metric, [[volumes.namespace, '=', namespace], [volumes.claim, '=', name], ...extra]);
  const line = (title: string, metric: string, role: 'series' | 'limit' = 'series'): Part => [
    { expr: `max(${of(metric)})`, role, title },
    [metric],
  ];
  return [
    plan({ id: 'space', title: 'Space', unit: 'bytes' }, [
      line('used', USED),
      line('capacity', CAPACITY, 'limit'),
    ]),
    plan({ id: 'space-share', title: 'Space used, share of capacity', unit: 'share' }, [
      [{ expr: `max(${of(USED)} / ${of(CAPACITY)})`, role: 'series', title: 'used' }, [USED, CAPACITY]],
    ]),
    plan({ id: 'inodes', title: 'Inodes', unit: 'count' }, [
      line('used', INODES_USED),
      line('capacity', INODES, 'limit'),
    ]),
  ];
}

const NGINX = 'nginx_ingress_controller_requests';
const NGINX_TIME = 'nginx_ingress_controller_request_duration_seconds_bucket';
const ROUTER = 'traefik_router_requests_total';
const ROUTER_TIME = 'traefik_router_request_duration_seconds_bucket';
const SERVICE = 'traefik_service_requests_total';
const SERVICE_TIME = 'traefik_service_request_duration_seconds_bucket';

export interface IngressTarget {
  readonly namespace: string;
  readonly name: string;
  /** Host and path of each rule, as written: `shop.example/cart`. */
  readonly routes: readonly string[];
  /** Service and port (name or number) of each backend. */
  readonly backends: readonly { readonly service: string; readonly port: string }[];
}

interface Counted {
  readonly requests: string;
  readonly time: string;
  readonly code: string;
  readonly matchers: readonly Matcher[];
}

/** Traefik joins the words of a name by dashes. */
function joined(text: string): string {
  return text
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .join('-');
}

function anyOf(names: readonly string[], before: string, after: string): string {
  return `${before}(${[...new Set(names)].map(escapePattern).join('|')})${after}`;
}

/** Where requests to the Ingress are counted: at most one for each controller. */
function countedAt(schema: PromSchema, target: IngressTarget): readonly Counted[] {
  const { namespace, name, routes, backends } = target;
  const { nginx, metrics } = schema;
  const found: Counted[] = [
    {
      requests: NGINX,
      time: NGINX_TIME,
      code: 'status',
      matchers: [
        [nginx.namespace, '=', namespace],
        [nginx.ingress, '=', name],
      ],
    },
  ];
  // Routers are counted only where Traefik was told to; services always, but others may share them.
  const byRouter = metrics?.includes(ROUTER) === true && routes.length > 0;
  const names = byRouter
    ? routes.map((route) => joined(`${namespace}-${name}-${route}`))
    : backends.map(({ service, port }) => joined(`${namespace}-${service}-${port}`));
  if (names.length === 0) return found;
  const pattern = byRouter
    ? anyOf(names, '((web|websecure)-)?', '(-[0-9a-f]{20})?@kubernetes')
    : anyOf(names, '', '@kubernetes');
  found.push({
    requests: byRouter ? ROUTER : SERVICE,
    time: byRouter ? ROUTER_TIME : SERVICE_TIME,
    code: 'code',
    matchers: [[byRouter ? 'router' : 'service', '=~', pattern]],
  });
  return found;
}

export function ingressCharts(
  schema: PromSchema,
  target: IngressTarget,
  extra: readonly Matcher[],
): readonly ChartPlan[] {
  const places = countedAt(schema, target);
  const parts = (
    of: (place: Counted, select: (metric: string, ...more: Matcher[]) => string) => Part[],
  ): Part[] =>
    places.flatMap((place) =>
      of(place, (metric, ...more) => selector(metric, [...place.matchers, ...more, ...extra])),
    );
  const rate = (text: string): string => `sum(rate(${text}[$window]))`;
  const series = (title: ChartQuery['title'], expr: string): ChartQuery => ({ expr, role: 'series', title });
  return [
    plan(
      { id: 'requests', title: 'Requests by status', unit: '/s' },
      parts(({ requests, code }, select) => [
        [series([code], `sum by (${code}) (rate(${select(requests)}[$window]))`), [requests]],
      ]),
    ),
    plan(
      { id: 'errors', title: 'Errors, share of requests', unit: 'share' },
      parts(({ requests, code }, select) => {
        // No answer of that class yet is none of them, not a gap.
        const share = (codes: string): string =>
          `(${rate(select(requests, [code, '=~', codes]))} or vector(0)) / (${rate(select(requests))} > 0)`;
        return [
          [series('5xx', share('5..')), [requests]],
          [series('4xx', share('4..')), [requests]],
        ];
      }),
    ),
    plan(
      { id: 'latency', title: 'Latency', unit: 'seconds' },
      parts(({ time }, select) =>
        [0.5, 0.95, 0.99].map((share): Part => {
          const expr = `histogram_quantile(${share}, sum by (le) (rate(${select(time)}[$window])))`;
          return [series(`p${share * 100}`, expr), [time]];
        }),
      ),
    ),
  ];
}

const DEPTH = 'workqueue_depth';
const ADDS = 'workqueue_adds_total';
const RETRIES = 'workqueue_retries_total';
const WAIT = 'workqueue_queue_duration_seconds_bucket';
const WORK = 'workqueue_work_duration_seconds_bucket';
const MOST_QUEUES = 8;

/**
 * Work queues of the controllers in these pods, or of all. Most workloads are no controllers: for pods the
 * charts are drawn only where `onlyIf` finds a queue.
 */
export function queueCharts(
  schema: PromSchema,
  pods: { readonly namespace: string; readonly pods: readonly ['=' | '=~', string] } | undefined,
  extra: readonly Matcher[],
): readonly ChartPlan[] {
  const { queue } = schema;
  if (pods && queue.pod === null) return [];
  const own: Matcher[] =
    pods && queue.pod !== null
      ? [
          [queue.namespace, '=', pods.namespace],
          [queue.pod, pods.pods[0], pods.pods[1]],
        ]
      : [];
  const of = (metric: string): string => selector(metric, [...own, ...extra]);
  const by = pods ? [queue.name] : ['job', queue.name];
  const top = (expr: string): string => `topk(${MOST_QUEUES}, ${expr})`;
  const sum = (text: string): string => top(`sum by (${by.join(', ')}) (${text})`);
  const p99 = (metric: string): string =>
    top(`histogram_quantile(0.99, sum by (le, ${by.join(', ')}) (rate(${of(metric)}[$window])))`);
  const one = (
    id: string,
    title: string,
    unit: ChartPlan['unit'],
    expr: string,
    metric: string,
  ): ChartPlan => {
    const onlyIf = pods ? { onlyIf: `count(${of(DEPTH)})` } : {};
    return plan({ id, title, unit, ...onlyIf }, [[{ expr, role: 'series', title: by }, [metric]]]);
  };
  return [
    one('queue-depth', 'Work queues, waiting items', 'count', sum(of(DEPTH)), DEPTH),
    one('queue-adds', 'Work queues, items added', '/s', sum(`rate(${of(ADDS)}[$window])`), ADDS),
    one('queue-wait', 'Work queues, 99th percentile of waiting', 'seconds', p99(WAIT), WAIT),
    one('queue-work', 'Work queues, 99th percentile of work', 'seconds', p99(WORK), WORK),
    one('queue-retries', 'Work queues, retries', '/s', sum(`rate(${of(RETRIES)}[$window])`), RETRIES),
  ];
}

/** Metrics of these charts, to be looked up beforehand. */
export const objectMetrics: readonly string[] = [
  ...[USED, CAPACITY, INODES_USED, INODES],
  ...[NGINX, NGINX_TIME, ROUTER, ROUTER_TIME, SERVICE, SERVICE_TIME],
  ...[DEPTH, ADDS, RETRIES, WAIT, WORK],
];
