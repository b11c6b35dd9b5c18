/** Starts measured processes and reads what they say. Ends every process it started. */
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { bundle } from './bundle';
import type { Measured } from './host-child';

export interface Held {
  readonly measured: Measured;
  readonly pods: readonly (readonly [name: string, namespace: string])[];
  readonly process: ChildProcess;
  mark(): Promise<{ cpu: number; batches: number; gcMs: number }>;
  /** Heap and buffers after a collection, bytes. */
  heap(): Promise<number>;
  stop(): void;
}

/** The runtime of the app, and the display it needs. */
export interface Shipped {
  readonly electron: string;
  readonly env: Readonly<Record<string, string>>;
}

async function start(mode: string, kubeconfig: string, shipped?: Shipped): Promise<ChildProcess> {
  const profile = process.env['BENCH_PROFILE'];
  const file = await bundle('host-child');
  if (shipped !== undefined) {
    const main = await bundle('utility-main');
    const flags = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    return spawn(shipped.electron, [...flags, main, file, mode, kubeconfig], {
      env: { ...process.env, ...shipped.env },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
  }
  return fork(file, [mode, kubeconfig], {
    execArgv:
      profile === undefined
        ? []
        : ['--cpu-prof', `--cpu-prof-dir=${profile}`, `--cpu-prof-name=${mode}.cpuprofile`],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
}

function answer<T>(child: ChildProcess, pick: (message: unknown) => T | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stderr?.on('data', (chunk: Buffer) => (text = (text + chunk.toString('utf8')).slice(-2000)));
    child.on('message', (message) => {
      const found = pick(message);
      if (found !== undefined) resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`the measured process ended with ${code}: ${text}`)));
  });
}

/** One run of `host-child.ts` from start to end; `shipped`: in a utility process, as the app runs a cluster. */
export async function measure(mode: string, kubeconfig: string, shipped?: Shipped): Promise<Measured> {
  const child = await start(mode, kubeconfig, shipped);
  const ended = new Promise((resolve) => child.once('close', resolve));
  const measured = await answer(child, (m) => (m as { measured?: Measured }).measured);
  await ended;
  return measured;
}

/** A process that has listed all pods and goes on watching. */
export async function holdOn(mode: 'hold' | 'hold-hidden', kubeconfig: string): Promise<Held> {
  const child = await start(mode, kubeconfig);
  const said = await answer(child, (m) =>
    'measured' in (m as object) ? (m as Pick<Held, 'measured' | 'pods'>) : undefined,
  );
  return {
    ...said,
    process: child,
    mark: () => {
      const reply = answer(child, (m) =>
        'cpu' in (m as object) ? (m as { cpu: number; batches: number; gcMs: number }) : undefined,
      );
      child.send('mark');
      return reply;
    },
    heap: async () => {
      const reply = answer(child, (m) => ('heap' in (m as object) ? (m as { heap: number }) : undefined));
      child.send('heap');
      return (await reply).heap;
    },
    stop: () => child.send('stop'),
  };
}

/** Time and peak memory (Linux; NaN elsewhere) of a command whose output is thrown away. */
export function timed(command: string, args: readonly string[]): Promise<{ ms: number; peakBytes: number }> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const child = spawn(command, [...args], { stdio: ['ignore', 'ignore', 'ignore'] });
    let peak = NaN;
    const look = setInterval(() => {
      try {
        const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
        const found = /VmHWM:\s+(\d+) kB/.exec(status);
        if (found) peak = Number(found[1]) * 1024;
      } catch {
        // Gone, or no such file system.
      }
    }, 20);
    child.once('error', (error) => {
      clearInterval(look);
      reject(error);
    });
    child.once('exit', (code) => {
      clearInterval(look);
      if (code === 0) resolve({ ms: performance.now() - began, peakBytes: peak });
      else reject(new Error(`${command} ended with ${code}`));
    });
  });
}
