/** What metrics-server (metrics.k8s.io) says of pods and nodes, read as hostile; and in words why it says nothing. */
import type { UsageState } from '#shared/contract/metrics';
import type { AppError } from '#shared/util/app-error';
import { parseQuantity } from '#shared/util/quantity';
import type { Api } from '../../k8s/api';

const BASE = '/apis/metrics.k8s.io/v1beta1';
const MOST_BYTES = 64 * 1024 * 1024;
const MOST_NAMESPACES = 50;
/** Older measurements are none (fault 65): metrics-server itself measures every 15 to 60 s. */
const OLD_MS = 5 * 60_000;

export type UsageKind = 'pods' | 'nodes';

export interface Used {
  /** Cores. */
  readonly cpu: number;
  /** Bytes of working set. */
  readonly memory: number;
}

interface Usage {
  readonly cpu?: unknown;
  readonly memory?: unknown;
}

export interface MetricsItem {
  readonly timestamp?: unknown;
  readonly metadata?: { readonly name?: unknown; readonly namespace?: unknown };
  readonly usage?: Usage;
  readonly containers?: readonly { readonly name?: unknown; readonly usage?: Usage }[];
}

export function usedOf(usage: Usage | undefined): Used {
  return { cpu: parseQuantity(usage?.cpu) ?? 0, memory: parseQuantity(usage?.memory) ?? 0 };
}

/** Of a pod the sum of its containers. */
export function totalOf(item: MetricsItem): Used {
  if (item.usage) return usedOf(item.usage);
  let [cpu, memory] = [0, 0];
  for (const one of item.containers ?? []) {
    const used = usedOf(one.usage);
    cpu += used.cpu;
    memory += used.memory;
  }
  return { cpu, memory };
}

/** By `namespace/name` (`/name` for nodes). Empty `namespaces`: all. */
export async function readUsage(
  api: Api,
  what: UsageKind,
  namespaces: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Used>> {
  const paths =
    what === 'nodes' || namespaces.length === 0
      ? [`${BASE}/${what}`]
      : namespaces
          .slice(0, MOST_NAMESPACES)
          .map((one) => `${BASE}/namespaces/${encodeURIComponent(one)}/pods`);
  const lists = await Promise.all(
    paths.map((path) => api.json<{ items?: readonly MetricsItem[] }>({ path }, signal, MOST_BYTES)),
  );
  const out = new Map<string, Used>();
  const oldest = Date.now() + (api.clockOffset || 0) - OLD_MS;
  for (const list of lists)
    for (const item of Array.isArray(list.items) ? list.items : []) {
      if (!isMeasured(item) || measuredAt(item) < oldest) continue;
      const { name } = item.metadata;
      const namespace = typeof item.metadata?.namespace === 'string' ? item.metadata.namespace : '';
      out.set(`${namespace}/${name}`, totalOf(item));
    }
  return out;
}

/** Something that has a name and says what it used; anything else is no measurement. */
function isMeasured(item: unknown): item is MetricsItem & { readonly metadata: { readonly name: string } } {
  if (typeof item !== 'object' || item === null) return false;
  const { metadata, usage, containers } = item as MetricsItem;
  if (typeof metadata?.name !== 'string') return false;
  return usage ? typeof usage === 'object' : Array.isArray(containers) && containers.length > 0;
}

/** Epoch ms; an item that does not say is taken as new. */
function measuredAt({ timestamp }: MetricsItem): number {
  const at = typeof timestamp === 'string' ? Date.parse(timestamp) : NaN;
  return Number.isNaN(at) ? Infinity : at;
}

/** One pod or node. */
export function readUsageOf(
  api: Api,
  what: UsageKind,
  namespace: string,
  name: string,
  signal: AbortSignal,
): Promise<MetricsItem> {
  const inside = what === 'pods' ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return api.json<MetricsItem>({ path: `${BASE}${inside}/${what}/${encodeURIComponent(name)}` }, signal);
}

/** Absent, silent or forbidden: which, and how to get it. */
export function usageProblem(error: AppError): UsageState {
  const absent = error.code === 'not-found' || (error.code === 'server' && error.status === 503);
  return {
    phase: absent ? 'absent' : error.code === 'forbidden' ? 'denied' : 'failed',
    error: absent
      ? {
          ...error,
          message:
            error.status === 503
              ? 'metrics-server is installed but does not answer.'
              : 'metrics-server is not installed in this cluster.',
          hint: 'It serves the API metrics.k8s.io, from which CPU and memory columns come. Whoever runs the cluster can install it.',
        }
      : error,
  };
}
