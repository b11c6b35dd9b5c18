/**
 * Shells in containers: finds the container and its shell, and carries bytes both ways.
 * Guarantees: closing the stream ends the program's terminal; when instead its page goes away it is
 * kept for 5 minutes, with what it printed, for the page that comes back (fault 67); output has
 * back-pressure up to the program; input typed before the shell runs is kept; how it ended is told once.
 * Does not: reconnect a connection that was lost (the person decides).
 */
import {
  shell,
  type ShellContainer,
  type TerminalBatch,
  type TerminalEnd,
  type TerminalUpdate,
} from '#shared/contract/shell';
import type { Scope } from '#shared/rpc/scope';
import { implement, type Served, type Sink } from '#shared/rpc/server';
import { AppFailure, fail, isCancelled, toAppError } from '#shared/util/app-error';
import type { Api } from '../../k8s/api';
import type { Dialler } from '../../k8s/channel-socket';
import { openExec, type ExecEnd, type ExecHandlers, type ExecStream } from '../../k8s/exec-stream';
import { resourcePath } from '../../k8s/path';
import { attachEnd, type Attached } from './attach-end';
import { chooseShell, type ShellMemory } from './choose-shell';
import { Input } from './input';
import { KeptTerminal } from './kept-terminal';
import { podContainers, type PodContainers, type ShellPod } from './pod-containers';
import { shellEnd, type Opened } from './shell-end';

export interface ShellDeps {
  readonly api: Api & Dialler;
  /** Ends all terminals, also those without a page. */
  readonly scope: Scope;
}

/** A page that crashed or was loaded anew is back within seconds. */
const KEEP_MS = 5 * 60_000;

interface OpenInput {
  readonly namespace: string;
  readonly pod: string;
  readonly container?: string | undefined;
  readonly command?: readonly string[] | undefined;
  readonly attach?: boolean | undefined;
  readonly size: { readonly columns: number; readonly rows: number };
  readonly keep?: string | undefined;
  readonly again?: boolean | undefined;
}

type Update = (update: TerminalUpdate) => void;

/** A terminal that runs, for the next page. */
interface Running {
  show(sink: Sink<TerminalBatch>): Update;
}

export function shellService({ api, scope }: ShellDeps): Served {
  const memory: ShellMemory = new Map();
  const kept = new Map<string, Running>();
  return implement(shell, {
    containers: async ({ namespace, pod }, signal): Promise<readonly ShellContainer[]> =>
      (await readPod(api, namespace, pod, signal)).containers,
    open: (input, sink) => {
      const { keep, again } = input;
      const running = keep === undefined ? undefined : kept.get(keep);
      if (running) return running.show(sink);
      if (again === true)
        throw fail('gone', 'This shell ended while its window was away.', {
          hint: 'What ran in it has ended. Open a new one.',
        });
      const own = scope.child('terminal');
      const made = openTerminal(api, memory, input, own);
      if (keep !== undefined) {
        kept.set(keep, made);
        own.add(() => kept.delete(keep));
      }
      return made.show(sink);
    },
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

/** Runs until its scope ends: when its reader closes it, or nobody has come back for it. */
function openTerminal(api: Api & Dialler, memory: ShellMemory, input: OpenInput, scope: Scope): Running {
  let stream: ExecStream | undefined;
  let { size } = input;
  let attached: Attached | undefined;
  let inside: Opened | undefined;
  let reader: Sink<TerminalBatch> | undefined;
  let stopWaiting: (() => void) | undefined;
  const { signal } = scope;
  const screen = new KeptTerminal(
    { pause: () => stream?.pause(), resume: () => stream?.resume() },
    input.keep !== undefined,
  );
  const over = (end: TerminalEnd): void => {
    screen.over(end);
    // Where nobody is there to hear it, the one who comes back does.
    if (reader) scope.dispose();
  };
  const typed = new Input((taken) => screen.took(taken));
  const handlers: ExecHandlers = {
    onData: (_, bytes) => screen.push(bytes),
    onEnd: (end: ExecEnd) => {
      const told =
        attached && 'code' in end
          ? attachEnd(api, attached, signal)
          : inside
            ? shellEnd(api, inside, end, signal)
            : Promise.resolve(end);
      told.then(over, () => {
        // Closed meanwhile: nobody listens any more.
      });
    },
  };

  const run = async (): Promise<void> => {
    const { namespace, pod } = input;
    const found = await readPod(api, namespace, pod, signal).catch((thrown: unknown) => {
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
    else if (input.attach !== true && container !== undefined && found)
      inside = {
        namespace,
        pod,
        container,
        uid: found.uid,
        restarts: found.restarts.get(container) ?? 0,
      };
    const asked = input.attach === true ? 'attach' : input.command;
    const opened = asked
      ? {
          stream: await openExec(
            api,
            { ...target, command: asked, tty: true, stdin: true },
            handlers,
            signal,
          ),
          command: asked === 'attach' ? [] : asked,
        }
      : await chooseShell(
          { api, target, image, windows: found?.windows ?? false, memory, size: () => size },
          handlers,
          signal,
        );
    stream = opened.stream;
    if (screen.paused) stream.pause();
    screen.started({
      command: opened.command,
      ...(container === undefined ? {} : { container }),
      ...(image === undefined ? {} : { image }),
    });
    // A program that is already there draws itself anew only when its size changes.
    if (input.attach === true) stream.resize(size.columns + 1, size.rows + 1);
    stream.resize(size.columns, size.rows);
    typed.attach(stream);
  };
  run().catch((thrown: unknown) => {
    if (isCancelled(thrown) && signal.aborted) return;
    over({ error: thrown instanceof AppFailure ? thrown.error : toAppError(thrown) });
  });

  const update: Update = (one) => {
    switch (one.type) {
      case 'input':
        typed.push(one.data);
        return;
      case 'ack':
        screen.acknowledge(one.bytes);
        return;
      case 'resize':
        size = { columns: one.columns, rows: one.rows };
        stream?.resize(size.columns, size.rows);
        return;
    }
  };

  return {
    show: (sink) => {
      reader = sink;
      stopWaiting?.();
      screen.show(sink);
      sink.scope.add(() => {
        // A later page reads already: this one has nothing to say.
        if (reader !== sink) return;
        reader = undefined;
        if (!sink.portGone || input.keep === undefined || screen.ended) return scope.dispose();
        screen.hide();
        stopWaiting = scope.timeout(() => scope.dispose(), KEEP_MS);
      });
      // It ended meanwhile: that was told just now.
      if (screen.ended) scope.dispose();
      return update;
    },
  };
}
