/**
 * Shells in containers: finds the container and its shell, and carries bytes both ways.
 * Guarantees: closing the stream ends the program's terminal; output has back-pressure up to the
 * program; input typed before the shell runs is kept; how it ended is told once.
 * Does not: reconnect (the person decides), keep what was printed.
 */
import { shell, type ShellContainer, type TerminalBatch, type TerminalUpdate } from '#shared/contract/shell';
import { ByteOutbox } from '#shared/rpc/byte-outbox';
import { implement, type Served, type Sink } from '#shared/rpc/server';
import { AppFailure, isCancelled, toAppError } from '#shared/util/app-error';
import type { Api } from '../../k8s/api';
import type { Dialler } from '../../k8s/channel-socket';
import { openExec, type ExecEnd, type ExecHandlers, type ExecStream } from '../../k8s/exec-stream';
import { resourcePath } from '../../k8s/path';
import { attachEnd, type Attached } from './attach-end';
import { chooseShell, type ShellMemory } from './choose-shell';
import { Input } from './input';
import { podContainers, type PodContainers, type ShellPod } from './pod-containers';

export interface ShellDeps {
  readonly api: Api & Dialler;
}

interface OpenInput {
  readonly namespace: string;
  readonly pod: string;
  readonly container?: string | undefined;
  readonly command?: readonly string[] | undefined;
  readonly attach?: boolean | undefined;
  readonly size: { readonly columns: number; readonly rows: number };
}

export function shellService({ api }: ShellDeps): Served {
  const memory: ShellMemory = new Map();
  return implement(shell, {
    containers: async ({ namespace, pod }, signal): Promise<readonly ShellContainer[]> =>
      (await readPod(api, namespace, pod, signal)).containers,
    open: (input, sink) => openTerminal(api, memory, input, sink),
  });
}

async function readPod(
  api: Api,
  namespace: string,
  pod: string,
  signal: AbortSignal,
): Promise<PodContainers> {
  const path = resourcePath({ group: '', version: 'v1', resource: 'pods', namespace, name: pod });
  return podContainers(await api.json<ShellPod>({ path }, signal));
}

function openTerminal(
  api: Api & Dialler,
  memory: ShellMemory,
  input: OpenInput,
  sink: Sink<TerminalBatch>,
): (update: TerminalUpdate) => void {
  let stream: ExecStream | undefined;
  let { size } = input;
  let attached: Attached | undefined;
  const outbox = new ByteOutbox<TerminalBatch>(sink, {
    pause: () => stream?.pause(),
    resume: () => stream?.resume(),
  });
  const typed = new Input((taken) => outbox.note({ taken }));
  const handlers: ExecHandlers = {
    onData: (_, bytes) => outbox.push(bytes),
    onEnd: (end: ExecEnd) => {
      if (!attached || 'error' in end) return outbox.end({ end });
      attachEnd(api, attached, sink.signal).then(
        (told) => outbox.end({ end: told }),
        // Closed meanwhile: nobody listens any more.
        () => undefined,
      );
    },
  };

  const run = async (): Promise<void> => {
    const { namespace, pod } = input;
    const found = await readPod(api, namespace, pod, sink.signal).catch((thrown: unknown) => {
      // Who may exec but not get still gets a shell; the server chooses the container.
      if (toAppError(thrown).code === 'forbidden') return undefined;
      throw thrown;
    });
    const all = found?.containers ?? [];
    const container = input.container ?? all.find((one) => one.default)?.name;
    const image = all.find((one) => one.name === container)?.image;
    const target = { namespace, pod, ...(container === undefined ? {} : { container }) };
    if (input.attach === true && container !== undefined)
      attached = { namespace, pod, container, restarts: found?.restarts.get(container) ?? 0 };
    const asked = input.attach === true ? 'attach' : input.command;
    const opened = asked
      ? {
          stream: await openExec(
            api,
            { ...target, command: asked, tty: true, stdin: true },
            handlers,
            sink.signal,
          ),
          command: asked === 'attach' ? [] : asked,
        }
      : await chooseShell(
          { api, target, image, windows: found?.windows ?? false, memory, size: () => size },
          handlers,
          sink.signal,
        );
    stream = opened.stream;
    if (outbox.paused) stream.pause();
    outbox.note({
      started: {
        command: opened.command,
        ...(container === undefined ? {} : { container }),
        ...(image === undefined ? {} : { image }),
      },
    });
    // A program that is already there draws itself anew only when its size changes.
    if (input.attach === true) stream.resize(size.columns + 1, size.rows + 1);
    stream.resize(size.columns, size.rows);
    typed.attach(stream);
  };
  run().catch((thrown: unknown) => {
    if (isCancelled(thrown) && sink.signal.aborted) return;
    const error = thrown instanceof AppFailure ? thrown.error : toAppError(thrown);
    outbox.end({ end: { error } });
  });

  return (update) => {
    switch (update.type) {
      case 'input':
        typed.push(update.data);
        return;
      case 'ack':
        outbox.acknowledge(update.bytes);
        return;
      case 'resize':
        size = { columns: update.columns, rows: update.rows };
        stream?.resize(size.columns, size.rows);
        return;
    }
  };
}
