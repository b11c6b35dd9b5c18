/** Forks a host as an Electron utility process and gives it the shape the supervisor knows. */
import { utilityProcess, type MessagePortMain } from 'electron';
import type { HostEvent } from '../cluster-host/messages';
import { log } from './log';
import type { HostProcess } from './supervisor';

/** A child that does not end on SIGTERM is ended by the kernel after this. */
const KILL_AFTER_MS = 1_000;
const MAX_LINE = 4_000;

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

/** Cuts a byte stream into lines; a line longer than 4,000 characters loses its rest. */
function eachLine(say: (line: string) => void): (chunk: Buffer) => void {
  let held = '';
  return (chunk) => {
    const lines = (held + chunk.toString('utf8')).split('\n');
    held = (lines.pop() ?? '').slice(0, MAX_LINE);
    for (const line of lines) if (line !== '') say(line.slice(0, MAX_LINE));
  };
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
    stream?.on(
      'data',
      eachLine((line) => log.info(`[${options.name}] ${line}`)),
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
