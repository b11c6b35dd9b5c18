/**
 * A program in a container as Node streams, with back-pressure all the way to the program.
 * Guarantees: `done` settles once, with the exit code and the head of what it complained about;
 * a cut connection is an error, never an end.
 */
import { Readable, Writable } from 'node:stream';
import { AppFailure, fail, type AppError } from '#shared/util/app-error';
import type { Dialler } from '../../k8s/channel-socket';
import { openExec, type ContainerTarget, type ExecStream } from '../../k8s/exec-stream';

export interface ProgramEnd {
  readonly code: number;
  readonly stderr: string;
}

const STDERR_BYTES = 4_096;

/** Starts a program whose output is read; the stream ends when the program has. */
export async function readProgram(
  api: Dialler,
  target: ContainerTarget,
  command: readonly string[],
  signal: AbortSignal,
): Promise<{ readonly output: Readable; readonly done: Promise<ProgramEnd> }> {
  const program: { stream?: ExecStream } = {};
  const output = new Readable({
    highWaterMark: 512 * 1024,
    read: () => program.stream?.resume(),
    destroy: (error, callback) => {
      program.stream?.close();
      callback(error);
    },
  });
  // A program that is not there ends before anybody reads; whoever reads then still learns why.
  output.on('error', () => undefined);
  const end = settle();
  const stream = await openExec(
    api,
    { ...target, command, tty: false, stdin: false },
    {
      onData: (from, bytes) => {
        if (from === 'stderr') end.complain(bytes);
        else if (!output.destroyed && !output.push(Buffer.from(bytes))) program.stream?.pause();
      },
      onEnd: (how) => {
        end.finish(how);
        if ('error' in how) output.destroy(new AppFailure(how.error));
        else output.push(null);
      },
    },
    signal,
  );
  program.stream = stream;
  return { output, done: end.done };
}

/** Starts a program that reads what is written. */
export async function writeProgram(
  api: Dialler,
  target: ContainerTarget,
  command: readonly string[],
  signal: AbortSignal,
): Promise<{ readonly input: Writable; readonly done: Promise<ProgramEnd> }> {
  const end = settle();
  const holder: { input?: Writable } = {};
  const stream = await openExec(
    api,
    { ...target, command, tty: false, stdin: true },
    {
      onData: (from, bytes) => {
        if (from === 'stderr') end.complain(bytes);
      },
      onEnd: (how) => {
        end.finish(how);
        // A program that ends early (disk full) must not leave its writer waiting.
        if ('error' in how || how.code !== 0) holder.input?.destroy();
      },
    },
    signal,
  );
  const input = new Writable({
    highWaterMark: 256 * 1024,
    write: (chunk: Buffer, _encoding, callback) => {
      if (stream.write(chunk)) callback();
      else void stream.drained().then(() => callback());
    },
    final: (callback) => {
      if (stream.endInput()) return callback();
      stream.close();
      callback(
        fail('unsupported', 'This server cannot end the input of a program (it speaks v4.channel.k8s.io).', {
          hint: 'Uploads need Kubernetes 1.30 or newer.',
        }),
      );
    },
    destroy: (error, callback) => {
      if (error) stream.close();
      callback(error);
    },
  });
  holder.input = input;
  return { input, done: end.done };
}

function settle(): {
  readonly done: Promise<ProgramEnd>;
  finish(how: { readonly code: number } | { readonly error: AppError }): void;
  complain(bytes: Uint8Array): void;
} {
  const said: Buffer[] = [];
  let length = 0;
  let finish: (how: { readonly code: number } | { readonly error: AppError }) => void = () => undefined;
  const done = new Promise<ProgramEnd>((resolve, reject) => {
    finish = (how) => {
      if ('error' in how) reject(new AppFailure(how.error));
      else resolve({ code: how.code, stderr: Buffer.concat(said).toString('utf8').trim() });
    };
  });
  // Whoever only reads the stream learns of the failure there.
  done.catch(() => undefined);
  return {
    done,
    finish: (how) => finish(how),
    complain: (bytes) => {
      if (length >= STDERR_BYTES) return;
      said.push(Buffer.from(bytes.subarray(0, STDERR_BYTES - length)));
      length += bytes.length;
    },
  };
}
