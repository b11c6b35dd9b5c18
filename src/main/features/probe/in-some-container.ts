/**
 * All containers of a pod share its network: where the one that is asked has no tools, another one
 * that runs, a debug container first, can tell as well.
 * Guarantees: only containers that run are tried; which one answered is said.
 */
import type { PodProbe } from '#shared/contract/probe';
import { items, str } from '#shared/k8s/read';
import type { ContainerStatus, Pod } from '#shared/k8s/types';
import { toAppError } from '#shared/util/app-error';
import type { Api } from '../../k8s/api';
import type { ContainerTarget } from '../../k8s/exec-stream';
import { resourcePath } from '../../k8s/path';

const MOST_TRIED = 6;

interface Where {
  readonly namespace: string;
  readonly pod: string;
  readonly container?: string | undefined;
}

type Statuses = {
  readonly ephemeralContainerStatuses?: readonly ContainerStatus[];
};

/** `run` in the container asked for (the server's default without one), else in another one. */
export async function inSomeContainer(
  api: Api,
  { namespace, pod, container }: Where,
  signal: AbortSignal,
  run: (target: ContainerTarget) => Promise<PodProbe>,
): Promise<PodProbe> {
  const asked = { namespace, pod, ...(container === undefined ? {} : { container }) };
  try {
    return await run(asked);
  } catch (thrown) {
    const { code } = toAppError(thrown);
    if (code !== 'no-shell' && code !== 'conflict') throw thrown;
    for (const other of await running(api, namespace, pod, signal)) {
      if (other === container) continue;
      try {
        return { ...(await run({ namespace, pod, container: other })), container: other };
      } catch (again) {
        if (toAppError(again).code !== 'no-shell') throw again;
      }
    }
    throw thrown;
  }
}

/** Names of what runs there, debug containers first; none where the pod may not be read. */
async function running(
  api: Api,
  namespace: string,
  name: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const path = resourcePath({ group: '', version: 'v1', resource: 'pods', namespace, name });
  const found = await api.json<Pod & { status?: Statuses }>({ path }, signal).catch((thrown: unknown) => {
    if (signal.aborted) throw thrown;
    return undefined;
  });
  const { status } = found ?? {};
  return [
    ...items<ContainerStatus>(status?.ephemeralContainerStatuses),
    ...items<ContainerStatus>(status?.containerStatuses),
    ...items<ContainerStatus>(status?.initContainerStatuses),
  ]
    .filter((one) => one.state?.running)
    .map((one) => str(one.name))
    .slice(0, MOST_TRIED);
}
