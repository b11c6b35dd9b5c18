/**
 * Finds the pods that debug sessions left: by the label of `kubectl debug` (the whole cluster, else
 * the namespaces that may be searched), and those known by name, since copies carry no label.
 */
import type { DebugPod, DebugPods } from '#shared/contract/debug';
import { MANAGED_BY } from '#shared/domain/debug/build';
import { items, str } from '#shared/k8s/read';
import { isCancelled, toAppError } from '#shared/util/app-error';
import type { Api } from '../../k8s/api';
import { resourcePath } from '../../k8s/path';
import type { WholePod } from './pod-facts';

const MOST = 500;
/** What the server notes of us: the head of our User-Agent. */
const MANAGER = 'binnacle';
const labelSelector = Object.entries(MANAGED_BY)
  .map(([key, value]) => `${key}=${value}`)
  .join(',');

export interface Search {
  readonly namespaces: readonly string[];
  readonly known: readonly { readonly namespace: string; readonly pod: string }[];
  readonly labelled: boolean;
}

export async function debugPods(
  api: Api,
  { namespaces, known, labelled: byLabel }: Search,
  signal: AbortSignal,
): Promise<DebugPods> {
  const found = new Map<string, DebugPod>();
  const keep = (pod: WholePod, way: DebugPod['way']): void => {
    const one = toDebugPod(pod, way);
    if (one.uid !== '' && !pod.metadata?.deletionTimestamp && !found.has(one.uid)) found.set(one.uid, one);
  };
  const whole = byLabel ? await labelled(api, undefined, signal) : [];
  for (const pod of whole ?? []) keep(pod, 'node');
  let searched: string[] | undefined;
  if (!whole) {
    searched = [];
    for (const namespace of namespaces) {
      const some = await labelled(api, namespace, signal);
      if (!some) continue;
      searched.push(namespace);
      for (const pod of some) keep(pod, 'node');
    }
  }
  for (const { namespace, pod } of known) {
    const one = await byName(api, namespace, pod, signal);
    if (one) keep(one, 'copy');
  }
  return { pods: [...found.values()], ...(searched ? { searched } : {}) };
}

/** Undefined where they may not be listed. */
async function labelled(
  api: Api,
  namespace: string | undefined,
  signal: AbortSignal,
): Promise<readonly WholePod[] | undefined> {
  const path = resourcePath({
    group: '',
    version: 'v1',
    resource: 'pods',
    ...(namespace === undefined ? {} : { namespace }),
  });
  try {
    const list = await api.json<{ items?: readonly WholePod[] }>(
      { path, query: { labelSelector, limit: MOST } },
      signal,
    );
    return items<WholePod>(list.items);
  } catch (thrown) {
    if (toAppError(thrown).code === 'forbidden') return undefined;
    throw thrown;
  }
}

async function byName(
  api: Api,
  namespace: string,
  name: string,
  signal: AbortSignal,
): Promise<WholePod | undefined> {
  try {
    return await api.json<WholePod>(
      { path: resourcePath({ group: '', version: 'v1', resource: 'pods', namespace, name }) },
      signal,
    );
  } catch (thrown) {
    if (signal.aborted || isCancelled(thrown)) throw thrown;
    return undefined;
  }
}

function toDebugPod(pod: WholePod, way: DebugPod['way']): DebugPod {
  const { metadata, spec, status } = pod;
  const created = Date.parse(str(metadata?.creationTimestamp));
  return {
    namespace: str(metadata?.namespace),
    name: str(metadata?.name),
    uid: str(metadata?.uid),
    phase: str(status?.phase),
    node: str(spec?.nodeName),
    created: Number.isNaN(created) ? 0 : created,
    way,
    byApp: items<{ readonly manager?: unknown }>(
      (metadata as { managedFields?: readonly { manager?: unknown }[] } | undefined)?.managedFields,
    ).some(({ manager }) => manager === MANAGER),
  };
}
