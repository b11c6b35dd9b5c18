/** What a pod's containers use now, beside what they asked for; from metrics-server, where there is one. */
import { resources, type ObjectRef } from '#shared/contract/resources';
import { items, str } from '#shared/k8s/read';
import type { RpcClient } from '#shared/rpc/client';
import { formatBytes, formatCpu, parseQuantity } from '#shared/util/quantity';
import { useKind } from '../../../data/cluster-data';
import { useStream } from '../../../data/connections';
import { field } from './facts';

const POD_METRICS = 'pods.metrics.k8s.io';

export interface InUse {
  readonly words: string;
  /** Close to the memory limit: it may be killed for it. */
  readonly warn: boolean;
}

/** By container; empty for what is no pod, and while nothing is known. */
export function useInUse(
  client: RpcClient | undefined,
  reference: ObjectRef,
  object: unknown,
): ReadonlyMap<string, InUse> {
  const served = useKind(POD_METRICS) !== undefined && reference.kind === 'pods';
  const { namespace, name } = reference;
  const { data } = useStream(served ? client : undefined, resources, 'object', {
    kind: POD_METRICS,
    namespace,
    name,
  });
  return data?.phase === 'live' && data.object ? inUse(data.object, object) : nothing;
}

const nothing: ReadonlyMap<string, InUse> = new Map();
/** Share of the memory limit from which it is worth a warning. */
const CLOSE = 0.9;

export function inUse(metrics: unknown, pod: unknown): ReadonlyMap<string, InUse> {
  const asked = new Map(
    ['containers', 'initContainers'].flatMap((part) =>
      listOf(field(pod, 'spec', part)).map((one) => [str(field(one, 'name')), one] as const),
    ),
  );
  return new Map(
    listOf(field(metrics, 'containers')).map((one): readonly [string, InUse] => {
      const container = asked.get(str(field(one, 'name')));
      const cpu = parseQuantity(field(one, 'usage', 'cpu'));
      const memory = parseQuantity(field(one, 'usage', 'memory'));
      const limit = parseQuantity(field(container, 'resources', 'limits', 'memory'));
      return [
        str(field(one, 'name')),
        {
          words: [
            ...(cpu === null ? [] : [`cpu ${formatCpu(cpu)}${share(cpu, container, 'cpu')}`]),
            ...(memory === null
              ? []
              : [`memory ${formatBytes(memory)}${share(memory, container, 'memory')}`]),
          ].join(', '),
          warn: memory !== null && limit !== null && limit > 0 && memory / limit >= CLOSE,
        },
      ];
    }),
  );
}

function share(used: number, container: unknown, resource: string): string {
  for (const part of ['limits', 'requests'] as const) {
    const asked = parseQuantity(field(container, 'resources', part, resource));
    if (asked === null || asked <= 0) continue;
    return ` (${Math.round((used / asked) * 100)}% of its ${part === 'limits' ? 'limit' : 'request'})`;
  }
  return '';
}

function listOf(value: unknown): readonly object[] {
  return items(Array.isArray(value) ? (value as readonly object[]) : undefined);
}
