/**
 * Why a shell ended that nobody ended: its container was restarted, its pod deleted or replaced, or the
 * connection was cut. The pod as it is then tells.
 * Guarantees: an exit code that a person gave stays one; what is lost is said, nothing is reopened.
 */
import { count, num, str } from '#shared/k8s/read';
import { toAppError, type AppError } from '#shared/util/app-error';
import type { Api } from '../../k8s/api';
import { sleep } from '../../k8s/backoff';
import type { ExecEnd } from '../../k8s/exec-stream';
import { resourcePath } from '../../k8s/path';
import { statusOf, type ShellPod } from './pod-containers';

export interface Opened {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** Of the pod when it was opened. */
  readonly uid: string;
  readonly restarts: number;
}

/** The kubelet writes the status a moment after the container is gone. */
const TRIES = 5;
const PAUSE_MS = 500;
/** SIGKILL and SIGTERM, as a container that goes gives them to all in it. */
const killed = new Set([137, 143]);
const LOST = 'Its directory, variables and programs are gone.';

/** `end` again, or the reason behind it where the pod tells one. */
export async function shellEnd(
  api: Api,
  target: Opened,
  end: ExecEnd,
  signal: AbortSignal,
  pauseMs = PAUSE_MS,
): Promise<ExecEnd> {
  const cut = 'error' in end && end.error.reason === 'ConnectionLost';
  if (!cut && !('code' in end && killed.has(end.code))) return end;
  const { namespace, pod } = target;
  const path = resourcePath({ group: '', version: 'v1', resource: 'pods', namespace, name: pod });
  for (let tries = 0; tries < TRIES; tries += 1) {
    if (tries > 0) await sleep(pauseMs, signal);
    try {
      const why = reasonIn(await api.json<ShellPod>({ path }, signal), target);
      if (why) return { error: why };
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      if (toAppError(thrown).code === 'not-found')
        return {
          error: gone(`Pod ${pod} was deleted, and the shell with it.`, `${LOST} Open one in another pod.`),
        };
      // Not to be read, or the same cut: the end as it is.
      break;
    }
  }
  if (!('error' in end)) return end;
  const hint =
    'The shell there is ended with what ran in it, unless that was detached (nohup, tmux). Reconnect opens a new one.';
  return { error: { ...end.error, hint } };
}

function reasonIn(found: ShellPod, { pod, container, uid, restarts }: Opened): AppError | undefined {
  const { metadata } = found;
  if (uid !== '' && str(metadata.uid) !== uid)
    return gone(
      `Pod ${pod} was replaced by another one of that name, and the shell went with it.`,
      `${LOST} Reconnect opens one in the new pod.`,
    );
  if (metadata.deletionTimestamp !== undefined)
    return gone(`Pod ${pod} is being deleted, and its shells with it.`, `${LOST} Open one in another pod.`);
  const status = statusOf(found, container);
  const restarted = count(status?.restartCount) > restarts;
  const ended = restarted ? status?.lastState?.terminated : status?.state?.terminated;
  if (!restarted && !ended) return undefined;
  const code = num(ended?.exitCode);
  const why = [
    ...(['', 'Error', 'Completed'].includes(str(ended?.reason)) ? [] : [str(ended?.reason)]),
    ...(code === undefined ? [] : [`exit code ${code}`]),
  ].join(', ');
  const what = `Container ${container} ${restarted ? 'was restarted' : 'ended'}${why === '' ? '' : ` (${why})`}`;
  return gone(`${what}, and the shell ended with it.`, `${LOST} Reconnect opens a new shell.`);
}

function gone(message: string, hint: string): AppError {
  return { code: 'gone', message, hint, reason: 'ShellLost' };
}
