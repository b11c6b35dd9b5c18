/**
 * How the process one was attached to ended: the stream only says that it is over, the pod's status
 * says with which code. Guarantees: a code is only told when the kubelet told it; a process that
 * still runs is never called ended.
 */
import { count, num, str } from '#shared/k8s/read';
import { toAppError } from '#shared/util/app-error';
import type { Api } from '../../k8s/api';
import { sleep } from '../../k8s/backoff';
import type { ExecEnd } from '../../k8s/exec-stream';
import { resourcePath } from '../../k8s/path';
import { statusOf, type ShellPod } from './pod-containers';

/** The kubelet writes the status a moment after the process is gone; a loaded one takes seconds. */
const TRIES = 20;
const PAUSE_MS = 500;

export interface Attached {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** Restarts of the container when it was attached to. */
  readonly restarts: number;
}

export async function attachEnd(api: Api, target: Attached, signal: AbortSignal): Promise<ExecEnd> {
  const { namespace, pod, container, restarts } = target;
  const path = resourcePath({ group: '', version: 'v1', resource: 'pods', namespace, name: pod });
  for (let tries = 0; tries < TRIES; tries += 1) {
    if (tries > 0) await sleep(PAUSE_MS, signal);
    let found: ShellPod;
    try {
      found = await api.json<ShellPod>({ path }, signal);
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.code === 'not-found')
        return { error: { code: 'gone', message: `Pod ${pod} was deleted.`, reason: 'PodDeleted' } };
      return { error: { code: 'closed', message: 'The process is over; its exit code cannot be read.' } };
    }
    const status = statusOf(found, container);
    const restarted = count(status?.restartCount) > restarts;
    const ended = status?.state?.terminated ?? (restarted ? status?.lastState?.terminated : undefined);
    const code = num(ended?.exitCode);
    if (code === undefined) continue;
    // Killed for want of memory and the like: the number alone would hide why.
    const reason = str(ended?.reason);
    if (code !== 0 && reason !== '' && reason !== 'Error')
      return { error: { code: 'closed', message: `exit code ${code} (${reason})`, reason } };
    return { code };
  }
  return {
    error: {
      code: 'closed',
      message: 'The terminal was closed; the process still runs.',
      reason: 'Detached',
    },
  };
}
