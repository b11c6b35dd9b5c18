/**
 * Why there is no program to talk to, in words. The server says it in prose of several
 * programs (API server, kubelet, container runtime): known sentences are recognised,
 * all others pass as they are. Pure.
 */
import type { AppError } from '#shared/util/app-error';
import { visible } from '#shared/util/text';

export interface ExecTarget {
  readonly namespace: string;
  readonly pod: string;
  readonly container?: string;
  readonly command: readonly string[] | 'attach';
}

/** `reason` of the AppError for a program that the container does not have. */
export const NO_SUCH_COMMAND = 'NoSuchCommand';

const noCommand =
  /executable file not found|no such file or directory|not found in \$PATH|exec format error|CreateProcess.*(?:cannot find|0x2\b)|The system cannot find the (?:file|path)/i;

/** True for text by which a runtime says that a program does not exist. */
export function saysNoCommand(text: string): boolean {
  return noCommand.test(text);
}

export function explainExec(error: AppError, target: ExecTarget): AppError {
  const words = (more: Partial<AppError>): AppError => ({ ...error, ...more });
  const { message } = error;
  const { pod, command } = target;
  const container = target.container ?? 'its container';
  const program = command === 'attach' ? '' : (command[0] ?? '');

  const invalid = /container (\S+) is not valid for pod/.exec(message);
  if (invalid) {
    return words({ code: 'not-found', message: `Pod ${pod} has no container ${invalid[1] ?? container}.` });
  }
  if (
    /container not found \(|container .* (?:is not running|not running)|container is in CONTAINER_EXITED/i.test(
      message,
    )
  ) {
    return words({
      code: 'conflict',
      message: `Container ${container} of pod ${pod} is not running.`,
      hint: 'It may be restarting or waiting for its image. Look at its state, or debug a copy of the pod.',
    });
  }
  if (/cannot exec into a container in a completed pod/i.test(message)) {
    return words({
      code: 'conflict',
      message: `Pod ${pod} has completed: nothing runs in it any more.`,
      hint: 'A copy of the pod can be debugged.',
    });
  }
  if (/pod \S+ does not have a host assigned/i.test(message)) {
    return words({ code: 'conflict', message: `Pod ${pod} is not scheduled to a node yet.` });
  }
  if (command !== 'attach' && saysNoCommand(message)) {
    return words({
      code: 'not-found',
      reason: NO_SUCH_COMMAND,
      message: `Container ${container} has no ${visible(program)}.`,
      hint: 'The image may have been built without it. A debug container brings its own tools.',
    });
  }
  if (/permission denied/i.test(message) && /exec failed/i.test(message)) {
    return words({
      code: 'not-found',
      reason: NO_SUCH_COMMAND,
      message: `Container ${container} may not run ${visible(program)} (permission denied).`,
    });
  }
  if (/admission webhook/i.test(message)) {
    return words({
      code: 'forbidden',
      hint:
        error.hint ?? 'A policy of this cluster refuses it. Ask the people who run the webhook named here.',
    });
  }
  if (
    /error dialing backend|dial tcp|No agent available|unable to upgrade connection: (?:Unauthorized|Forbidden)/i.test(
      message,
    )
  ) {
    return words({
      code: 'network',
      hint: 'The API server cannot reach the kubelet: the node may be down, or its firewall or tunnel (konnectivity) is in the way.',
    });
  }
  if (error.status === 403 || error.code === 'forbidden') {
    const sub = command === 'attach' ? 'pods/attach' : 'pods/exec';
    const verb = error.denied?.verb ?? 'create';
    return words({
      code: 'forbidden',
      hint:
        error.hint ?? `Needs ${verb} on ${sub} in ${target.namespace}; a role with it can be granted there.`,
    });
  }
  return error;
}

/** The stream ended without a status: nobody knows how the program ended. */
export function lostFailure(closed: AppError | undefined, target: ExecTarget): AppError {
  const what =
    target.command === 'attach' ? 'The process may still run.' : 'What ran there has lost its terminal.';
  return {
    code: closed?.code ?? 'network',
    reason: 'ConnectionLost',
    message: closed?.message ?? 'The connection was closed before the program ended.',
    hint: `${what} The pod may have been replaced, or the network was cut.`,
  };
}
