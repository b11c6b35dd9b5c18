/** Forks a host as an Electron utility process and gives it the shape the supervisor knows. */
import { utilityProcess, type MessagePortMain } from 'electron';
import { createInterface } from 'node:readline';
import type { HostEvent } from '../cluster-host/messages';
import { log } from './log';
import type { HostProcess } from './supervisor';

/** A child that does not end on SIGTERM is ended by the kernel after this. */
const KILL_AFTER_MS = 1_000;

export interface ForkOptions {
  /** Built file of the host. */
  readonly file: string;
  /** Name in the system's process list. */
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface Child<Command, Event> {
  post(command: Command, ports?: readonly unknown[]): void;
  onEvent(listener: (event: Event) => void): void;
  onExit(listener: (reason: string) => void): void;
  kill(): void;
}

export function forkChild<Command, Event>(options: ForkOptions): Child<Command, Event> {
  const child = utilityProcess.fork(options.file, [], {
    serviceName: options.name,
    env: { ...options.env },
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let exited = false;
  child.once('exit', () => {
    exited = true;
  });
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue;
    // A line without end is cut by the log; readline keeps at most what one chunk brings.
    createInterface({ input: stream as NodeJS.ReadableStream }).on('line', (line) =>
      log.info(`[${options.name}] ${line.slice(0, 4000)}`),
    );
  }
  return {
    post: (command, ports) => {
      if (!exited) child.postMessage(command, ports ? ([...ports] as MessagePortMain[]) : undefined);
    },
    onEvent: (listener) => {
      child.on('message', (message: Event) => listener(message));
    },
    onExit: (listener) => {
      child.once('exit', (code) =>
        listener(code === 0 ? 'Its process ended.' : `Its process ended with exit code ${code}.`),
      );
    },
    kill: () => {
      const { pid } = child;
      if (exited || pid === undefined) return;
      child.kill();
      setTimeout(() => {
        if (exited) return;
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // Gone in between.
        }
      }, KILL_AFTER_MS).unref();
    },
  };
}

export function forkHost(options: ForkOptions): HostProcess {
  return forkChild<Parameters<HostProcess['post']>[0], HostEvent>(options);
}
