/**
 * Reads workloads with their requests and limits, asks Prometheus for percentiles of their use and
 * joins the two by pod name. Says what could not be read; suggests nothing itself (domain/prom/rightsizing).
 */
import type { RightsizingAnswer, SizedContainer, SizedWorkload } from '#shared/contract/sizing';
import type { Labels } from '#shared/domain/prom/answer';
import type { ContainerUse, UseLevels } from '#shared/domain/prom/rightsizing';
import {
  sizingQueries,
  sizingStep,
  workloadIndex,
  type SizedController,
  type SizingPart,
} from '#shared/domain/prom/rightsizing-queries';
import type { PromSchema } from '#shared/domain/prom/schema';
import type { FieldMask, KubeObject } from '#shared/kinds/define';
import { fail, toAppError } from '#shared/util/app-error';
import { parseQuantity } from '#shared/util/quantity';
import { listMasked, type ListDeps, type Wanted } from './lists';
import type { PromClient } from './prom-client';

const template: FieldMask = { spec: { containers: { name: true, resources: true } } };

const wanted: readonly (Wanted & { readonly id: SizedWorkload['kind']; readonly kind: SizedController })[] = [
  workload('deployments', 'Deployment', { replicas: true, template }, {}),
  workload('statefulsets', 'StatefulSet', { replicas: true, template }, {}),
  workload('daemonsets', 'DaemonSet', { template }, { desiredNumberScheduled: true }),
];

function workload(
  resource: 'deployments' | 'statefulsets' | 'daemonsets',
  kind: SizedController,
  spec: FieldMask,
  status: FieldMask,
): (typeof wanted)[number] {
  const mask = { spec, status };
  return { id: `${resource}.apps`, group: 'apps', version: 'v1', resource, kind, namespaced: true, mask };
}

const scalers: Wanted = {
  group: 'autoscaling',
  version: 'v2',
  resource: 'horizontalpodautoscalers',
  kind: 'HorizontalPodAutoscaler',
  namespaced: true,
  mask: { spec: { scaleTargetRef: { kind: true, name: true }, metrics: true } },
};

const verticals: Wanted = {
  group: 'autoscaling.k8s.io',
  version: 'v1',
  resource: 'verticalpodautoscalers',
  kind: 'VerticalPodAutoscaler',
  namespaced: true,
  mask: { spec: { targetRef: { kind: true, name: true }, updatePolicy: { updateMode: true } } },
};

export interface RightsizingInput {
  readonly namespaces: readonly string[];
  readonly span: number;
}

interface Found {
  readonly controller: SizedController;
  readonly namespace: string;
  readonly name: string;
  readonly kind: SizedWorkload['kind'];
  readonly replicas: number;
  readonly containers: readonly SizedContainer[];
  /** By container ('' where they are not told apart) and pod: what each part said. */
  readonly measured: Map<string, Map<string, Partial<Record<SizingPart, number>>>>;
}

type Json = Readonly<Record<string, unknown>>;
const object = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

export async function rightsizing(
  deps: ListDeps & { readonly namespaces: () => readonly string[] },
  client: PromClient,
  schema: PromSchema,
  { namespaces, span }: RightsizingInput,
  signal: AbortSignal,
): Promise<RightsizingAnswer> {
  const known = deps.namespaces();
  const queries = sizingQueries(schema, namespaces, span);
  const read = (one: Wanted): ReturnType<typeof listMasked> =>
    listMasked(deps, one, namespaces, known, signal);
  const [lists, scaling, vertical, ...answers] = await Promise.all([
    Promise.all(wanted.map(read)),
    read(scalers),
    read(verticals),
    ...queries.map(({ expr }) =>
      client.instant(expr, undefined, signal).catch((thrown: unknown) => toAppError(thrown)),
    ),
  ]);
  const notes: string[] = [];
  lists.forEach(({ error }, i) => {
    if (error) notes.push(`${wanted[i]?.kind ?? ''}s could not all be read: ${error.message}`);
  });
  if (scaling.error && scaling.error.code !== 'not-found')
    notes.push(`Whether an autoscaler depends on a request is not known: ${scaling.error.message}`);
  const all = lists.flatMap(({ items }, i) => items.map((one) => foundOf(one, wanted[i]!)));
  const ownerOf = workloadIndex(all);
  answers.forEach((answer, i) => {
    const part = queries[i]!.part;
    if ('code' in answer) {
      if (answer.code === 'cancelled') throw fail('cancelled', 'Cancelled.');
      notes.push(`${partWords[part]} could not be asked: ${answer.message}`);
      return;
    }
    if (answer.problem)
      notes.push(`${partWords[part]}: Prometheus refuses the query: ${answer.problem.message}`);
    if (answer.total > answer.rows.length)
      notes.push(
        `${partWords[part]}: only ${answer.rows.length} of ${answer.total} rows were read. Choose namespaces.`,
      );
    for (const { labels, value } of answer.rows) {
      const { namespace, pod, container } = placeOf(labels, schema);
      const owner = ownerOf(namespace, pod);
      if (!owner || !Number.isFinite(value)) continue;
      const pods = owner.measured.get(container) ?? new Map<string, Partial<Record<SizingPart, number>>>();
      owner.measured.set(container, pods);
      pods.set(pod, { ...pods.get(pod), [part]: value });
    }
  });
  const scaledBy = targets(scaling.items, 'scaleTargetRef');
  const verticalBy = targets(vertical.items, 'targetRef');
  return {
    workloads: all.map((one) => {
      const key = `${one.controller}/${one.namespace}/${one.name}`;
      return sized(one, schema.container !== null, metricsOf(scaledBy.get(key)), verticalBy.has(key));
    }),
    span,
    step: sizingStep(span, schema.scrape),
    notes: [...new Set(notes)],
    queries: Object.fromEntries(queries.map(({ part, expr }) => [part, expr])),
  };
}

const partWords: Readonly<Record<SizingPart, string>> = {
  'cpu-p50': 'CPU (p50)',
  'cpu-p95': 'CPU (p95)',
  'cpu-max': 'CPU (max)',
  'memory-p50': 'Memory (p50)',
  'memory-p95': 'Memory (p95)',
  'memory-max': 'Memory (max)',
  covered: 'How long each pod was measured',
  throttled: 'CPU throttling',
  oom: 'Kills for memory',
};

function placeOf(labels: Labels, schema: PromSchema): { namespace: string; pod: string; container: string } {
  return {
    namespace: labels[schema.namespace] ?? '',
    pod: labels[schema.pod] ?? '',
    container: schema.container === null ? '' : (labels[schema.container] ?? ''),
  };
}

function foundOf(raw: KubeObject, { id, kind }: (typeof wanted)[number]): Found {
  const { spec, status } = raw as { spec?: unknown; status?: unknown };
  const { replicas } = object(spec);
  const desired = object(status)['desiredNumberScheduled'];
  const containers = list(object(object(object(spec)['template'])['spec'])['containers']);
  return {
    kind: id,
    controller: kind,
    namespace: raw.metadata.namespace ?? '',
    name: raw.metadata.name,
    replicas: kind === 'DaemonSet' ? Number(desired ?? 0) : typeof replicas === 'number' ? replicas : 1,
    containers: containers.map((one): SizedContainer => {
      const { name, resources } = object(one);
      const requests = object(object(resources)['requests']);
      const limits = object(object(resources)['limits']);
      return {
        name: text(name),
        // A limit without a request is the request too.
        cpuRequest: parseQuantity(requests['cpu'] ?? limits['cpu']),
        cpuLimit: parseQuantity(limits['cpu']),
        memoryRequest: parseQuantity(requests['memory'] ?? limits['memory']),
        memoryLimit: parseQuantity(limits['memory']),
      };
    }),
    measured: new Map(),
  };
}

function targets(items: readonly KubeObject[], field: string): ReadonlyMap<string, KubeObject> {
  const out = new Map<string, KubeObject>();
  for (const one of items) {
    const spec = object((one as { spec?: unknown }).spec);
    const { kind, name } = object(spec[field]);
    if (object(spec['updatePolicy'])['updateMode'] === 'Off') continue;
    out.set(`${text(kind)}/${one.metadata.namespace ?? ''}/${text(name)}`, one);
  }
  return out;
}

function metricsOf(scaler: KubeObject | undefined): readonly string[] {
  if (!scaler) return [];
  const names = list(object((scaler as { spec?: unknown }).spec)['metrics']).map((raw) => {
    const { type, resource, containerResource } = object(raw);
    const target = type === 'Resource' ? object(resource) : object(containerResource);
    return object(target['target'])['type'] === 'Utilization' ? text(target['name']) : 'other';
  });
  return [...new Set(names)];
}

function sized(one: Found, apart: boolean, scaledBy: readonly string[], vertical: boolean): SizedWorkload {
  const { kind, namespace, name, replicas, measured } = one;
  const wholes = measured.get('');
  const single = one.containers.length === 1;
  const containers = one.containers.map((container): SizedContainer => {
    const pods = apart ? measured.get(container.name) : single ? wholes : undefined;
    const use = pods && useOf(pods);
    return { ...container, ...(use ? { use } : {}), ...(use && !apart ? { ofPod: true } : {}) };
  });
  const whole = !apart && !single && wholes ? useOf(wholes) : undefined;
  const pods = new Set([...measured.values()].flatMap((map) => [...map.keys()])).size;
  return {
    kind,
    namespace,
    name,
    replicas,
    pods,
    containers,
    scaledBy,
    vertical,
    ...(whole ? { whole } : {}),
  };
}

/** Of all pods of a template: the middle one's median, the busiest one's p95 and max. */
function useOf(pods: ReadonlyMap<string, Partial<Record<SizingPart, number>>>): ContainerUse {
  const all = [...pods.values()];
  const values = (part: SizingPart): number[] => all.flatMap((one) => one[part] ?? []).sort((a, b) => a - b);
  const most = (part: SizingPart): number | null => values(part).at(-1) ?? null;
  const levels = (what: 'cpu' | 'memory'): UseLevels | null => {
    const middle = values(`${what}-p50`);
    const [p95, max] = [most(`${what}-p95`), most(`${what}-max`)];
    // Without any memory in it no container ran, only its sandbox.
    if (p95 === null || max === null || middle.length === 0 || (what === 'memory' && max === 0)) return null;
    return { p50: middle[Math.floor((middle.length - 1) / 2)] ?? 0, p95, max };
  };
  return {
    cpu: levels('cpu'),
    memory: levels('memory'),
    covered: most('covered') ?? 0,
    throttled: most('throttled'),
    oomKills:
      values('oom').length === 0 ? null : Math.round(values('oom').reduce((sum, one) => sum + one, 0)),
  };
}
