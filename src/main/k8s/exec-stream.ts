/**
 * exec and attach: a program in a container with its streams (rules/watch-and-streams.md 2.2),
 * over v5.channel.k8s.io, or v4 where the server is older.
 * Guarantees: an exit code is only told when the server told it (a cut connection is never
 * exit 0); output is in order; `pause` reaches the program; at most 20 resizes a second.
 * Does not: choose a shell, reconnect, speak SPDY.
 */
import { Scope } from '#shared/rpc/scope';
import { AppFailure, toAppError, type AppError } from '#shared/util/app-error';
import { openChannels, type ChannelSocket, type ChannelTimes, type Dialler } from './channel-socket';
import { explainExec, lostFailure } from './exec-errors';
import { resourcePath } from './path';
import { codeOf } from './status-errors';

export interface ContainerTarget {
  readonly namespace: string;
  readonly pod: string;
  /** The server chooses its default where there is none. */
  readonly container?: string;
}

export interface ExecRequest extends ContainerTarget {
  /** Program and arguments, never a shell line. `attach` for the container's own process. */
  readonly command: readonly string[] | 'attach';
  readonly tty: boolean;
  readonly stdin: boolean;
}

/** How a program ended. */
export type ExecEnd = { readonly code: number } | { readonly error: AppError };

export interface ExecHandlers {
  /** With a tty all output is `stdout`. `bytes` is only good during the call. */
  onData(stream: 'stdout' | 'stderr', bytes: Uint8Array): void;
  /** Once, after all output. */
  onEnd(end: ExecEnd): void;
}

export interface ExecStream {
  readonly protocol: string;
  /** False: wait for `drained` before more. */
  write(bytes: Uint8Array): boolean;
  drained(): Promise<void>;
  /** Ends standard input. False where the server cannot (v4): frame the length instead. */
  endInput(): boolean;
  resize(columns: number, rows: number): void;
  pause(): void;
  resume(): void;
  /** Ends the stream; the program gets SIGHUP when it has a tty. */
  close(): void;
}

const channels = { stdin: 0, stdout: 1, stderr: 2, status: 3, resize: 4, close: 255 };
const protocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
const STATUS_BYTES = 64 * 1024;
const RESIZE_MS = 50;
/** After the status: so long without output, and the stream is closed from here. */
export const CLOSE_AFTER_STATUS_MS = 1_000;

/** Terminals of no size, or of a million, break programs (fault 55). */
function clamped(size: number): number {
  return Math.min(1_000, Math.max(2, Math.floor(size) || 2));
}

/** Starts a program; rejects with an AppFailure when there is no stream at all. */
export async function openExec(
  api: Dialler,
  request: ExecRequest,
  handlers: ExecHandlers,
  signal: AbortSignal,
  times: Partial<ChannelTimes> = {},
): Promise<ExecStream> {
  const { namespace, pod, container, command, tty, stdin } = request;
  const attach = command === 'attach';
  const status: Uint8Array[] = [];
  let statusLength = 0;
  const scope = new Scope('exec');
  let opened: ChannelSocket | undefined;
  let over = false;
  let heard = false;
  let held = false;

  // The server closes after the status; one that does not has said all the same that it is over. The
  // status may overtake output (each has a stream of its own behind the API server): as long as some
  // arrives, or waits for a reader that paused, nothing is cut off.
  const closeWhenQuiet = (): void => {
    if (!heard && !held) return opened?.close();
    heard = false;
    scope.timeout(closeWhenQuiet, CLOSE_AFTER_STATUS_MS);
  };

  const finish = (closed: AppError | undefined): void => {
    scope.dispose();
    const told = statusLength > 0 ? endOf(Buffer.concat(status).toString('utf8')) : undefined;
    if (told && 'code' in told) handlers.onEnd(told);
    else if (told) handlers.onEnd({ error: explainExec(told.error, request) });
    else handlers.onEnd({ error: closed?.code === 'cancelled' ? closed : lostFailure(closed, request) });
  };

  try {
    const socket = await openChannels(
      api,
      {
        path: resourcePath({
          group: '',
          version: 'v1',
          resource: 'pods',
          namespace,
          name: pod,
          subresource: attach ? 'attach' : 'exec',
        }),
        query: {
          container,
          ...(attach ? {} : { command }),
          stdin,
          stdout: true,
          stderr: !tty,
          tty,
        },
        protocols,
      },
      {
        onFrame: (channel, bytes) => {
          heard = true;
          if (channel === channels.stdout) handlers.onData('stdout', bytes);
          else if (channel === channels.stderr) handlers.onData('stderr', bytes);
          else if (channel === channels.status && statusLength < STATUS_BYTES) {
            status.push(Uint8Array.from(bytes));
            statusLength += bytes.length;
            if (!over) scope.timeout(closeWhenQuiet, CLOSE_AFTER_STATUS_MS);
            over = true;
          }
        },
        onClose: finish,
      },
      signal,
      times,
    );

    opened = socket;
    let wanted: { Width: number; Height: number } | undefined;
    let waiting = false;
    const sendSize = (): void => {
      if (!wanted || waiting || socket.closed) return;
      socket.send(channels.resize, Buffer.from(JSON.stringify(wanted)));
      wanted = undefined;
      waiting = true;
      scope.timeout(() => {
        waiting = false;
        sendSize();
      }, RESIZE_MS);
    };
    return {
      protocol: socket.protocol,
      write: (bytes) => bytes.length === 0 || socket.send(channels.stdin, bytes),
      drained: () => socket.drained(),
      endInput: () => {
        if (socket.protocol !== 'v5.channel.k8s.io') return false;
        socket.send(channels.close, Uint8Array.of(channels.stdin));
        return true;
      },
      resize: (columns, rows) => {
        if (!tty) return;
        wanted = { Width: clamped(columns), Height: clamped(rows) };
        sendSize();
      },
      pause: () => {
        held = true;
        socket.pause();
      },
      resume: () => {
        held = false;
        heard = true;
        socket.resume();
      },
      close: () => socket.close(),
    };
  } catch (thrown) {
    scope.dispose();
    throw explainThrown(thrown, request);
  }
}

export interface ExecResult {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

/**
 * Runs a program to its end and gives what it printed, at most `maxBytes` of each stream
 * (the rest is dropped). A program that ran and failed is a result; AppFailure when it
 * could not be run.
 */
export function runExec(
  api: Dialler,
  target: ContainerTarget,
  command: readonly string[],
  signal: AbortSignal,
  maxBytes = 64 * 1024,
): Promise<ExecResult> {
  const kept = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  const length = { stdout: 0, stderr: 0 };
  return new Promise((resolve, reject) => {
    openExec(
      api,
      { ...target, command, tty: false, stdin: false },
      {
        onData: (stream, bytes) => {
          const part = Buffer.from(bytes.subarray(0, Math.max(0, maxBytes - length[stream])));
          length[stream] += part.length;
          if (part.length > 0) kept[stream].push(part);
        },
        onEnd: (end) => {
          if ('error' in end) reject(new AppFailure(end.error));
          else
            resolve({
              code: end.code,
              stdout: Buffer.concat(kept.stdout),
              stderr: Buffer.concat(kept.stderr),
            });
        },
      },
      signal,
    ).catch(reject);
  });
}

/** What channel 3 says: a Status of Kubernetes. */
function endOf(text: string): ExecEnd {
  const found = statusIn(text);
  if (!found) {
    return {
      error: { code: 'bad-answer', message: 'The server told the end in words nobody can read.' },
    };
  }
  if (found.status === 'Success') return { code: 0 };
  if (found.reason === 'NonZeroExitCode') {
    const causes = Array.isArray(found.details?.causes) ? (found.details.causes as unknown[]) : [];
    for (const cause of causes) {
      const { reason, message } = (cause ?? {}) as { reason?: unknown; message?: unknown };
      if (reason === 'ExitCode' && typeof message === 'string' && /^\d{1,10}$/.test(message))
        return { code: Number(message) };
    }
  }
  const message =
    typeof found.message === 'string' && found.message !== '' ? found.message : 'The program failed.';
  return {
    error: {
      code: typeof found.code === 'number' ? codeOf(found.code) : 'server',
      message: message.slice(0, 4_000),
      ...(typeof found.reason === 'string' ? { reason: found.reason } : {}),
    },
  };
}

interface StreamStatus {
  readonly status?: unknown;
  readonly reason?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly details?: { readonly causes?: unknown } | null;
}

/** Unlike the Status of an answer, that of a stream has no `kind`. */
function statusIn(text: string): StreamStatus | undefined {
  try {
    const found = JSON.parse(text) as StreamStatus | null;
    return found?.status === 'Success' || found?.status === 'Failure' ? found : undefined;
  } catch {
    return undefined;
  }
}

function explainThrown(thrown: unknown, request: ExecRequest): unknown {
  return thrown instanceof AppFailure
    ? new AppFailure(explainExec(toAppError(thrown), request), { cause: thrown.cause })
    : thrown;
}
