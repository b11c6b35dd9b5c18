/**
 * Removes debug pods: one, as asked, and those of nodes that a session made and that are still there
 * when it ends in good order. What a crash leaves is found at the next connect.
 * Guarantees: only the pod of that uid is deleted, never its successor of the same name.
 */
import type { Api } from '../../k8s/api';
import { resourcePath } from '../../k8s/path';

/** A debug pod's shell does not hear SIGTERM: waiting its 30 s helps nobody. */
export const GRACE_SECONDS = 1;

export interface MadePod {
  readonly namespace: string;
  readonly pod: string;
  readonly uid: string;
}

export const podPath = (namespace: string, name: string, subresource?: string): string =>
  resourcePath({
    group: '',
    version: 'v1',
    resource: 'pods',
    namespace,
    name,
    ...(subresource === undefined ? {} : { subresource }),
  });

export class NodePods {
  private readonly all = new Map<string, MadePod>();

  constructor(private readonly api: Api) {}

  made(pod: MadePod): void {
    this.all.set(pod.uid, pod);
  }

  removed(uid: string): void {
    this.all.delete(uid);
  }

  /** Deletes those that are left; what fails stays for the next connect. */
  async leave(signal: AbortSignal): Promise<void> {
    const left = [...this.all.values()];
    this.all.clear();
    await Promise.allSettled(
      left.map(({ namespace, pod, uid }) => remove(this.api, namespace, pod, uid, GRACE_SECONDS, signal)),
    );
  }
}

export async function remove(
  api: Api,
  namespace: string,
  name: string,
  uid: string,
  gracePeriodSeconds: number,
  signal: AbortSignal,
): Promise<void> {
  await api.json(
    {
      method: 'DELETE',
      path: podPath(namespace, name),
      body: JSON.stringify({
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        gracePeriodSeconds,
        preconditions: { uid },
      }),
    },
    signal,
  );
}
