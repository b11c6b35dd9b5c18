/** A cluster of our own making for the engine's tests: answers by script, time by hand. */
import { fail, type AppError, type AppFailure } from '#shared/util/app-error';
import type { Api, ApiRequest, ApiResponse } from '../k8s/api';
import type { Clock } from './clock';

const encoder = new TextEncoder();

/** Lets everything that is ready run. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 30; i++) await new Promise((resolve) => setImmediate(resolve));
}

export class HandClock implements Clock {
  time = 1_700_000_000_000;
  chance = 0.5;
  private readonly timers = new Set<{ at: number; callback: () => void }>();

  now(): number {
    return this.time;
  }

  random(): number {
    return this.chance;
  }

  timer(callback: () => void, ms: number): () => void {
    const entry = { at: this.time + ms, callback };
    this.timers.add(entry);
    return () => this.timers.delete(entry);
  }

  get pending(): number {
    return this.timers.size;
  }

  /** Moves on, one timer at a time, letting everything run in between. */
  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    for (;;) {
      await settle();
      const due = [...this.timers].filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.timers.delete(due);
      this.time = Math.max(this.time, due.at);
      due.callback();
    }
    this.time = end;
    await settle();
  }
}

/** One request as the script sees it. */
export interface Asked {
  readonly request: ApiRequest;
  readonly watch: boolean;
  /** Epoch ms. */
  readonly at: number;
  /** Bytes of the answer; the first call is the head. */
  send(text: string): void;
  sendBytes(bytes: Uint8Array): void;
  /** A clean end of the body. */
  end(): void;
  /** The connection breaks. */
  cut(): void;
  /** An answer outside 2xx, or none. */
  refuse(error: AppError): void;
  readonly done: boolean;
}

export type Script = (asked: Asked) => void;

export class ScriptedApi implements Api {
  readonly clockOffset = 0;
  readonly asked: Asked[] = [];
  dropped = 0;
  contentType = 'application/json';
  private readonly clock: Clock;
  script: Script;

  constructor(clock: Clock, script: Script) {
    this.clock = clock;
    this.script = script;
  }

  get lists(): Asked[] {
    return this.asked.filter((one) => !one.watch);
  }

  get watches(): Asked[] {
    return this.asked.filter((one) => one.watch);
  }

  dropConnections(): void {
    this.dropped++;
  }

  async json<T>(request: ApiRequest, signal: AbortSignal): Promise<T> {
    const { body } = await this.open(request, signal);
    let text = '';
    for await (const chunk of body) text += Buffer.from(chunk).toString('utf8');
    return JSON.parse(text) as T;
  }

  open(request: ApiRequest, signal: AbortSignal): Promise<ApiResponse> {
    return new Promise((resolve, reject) => {
      const queue: (Uint8Array | 'end' | AppFailure)[] = [];
      let wake: (() => void) | undefined;
      let answered = false;
      let done = false;
      const push = (item: Uint8Array | 'end' | AppFailure): void => {
        if (!answered) {
          answered = true;
          resolve({ status: 200, headers: { 'content-type': this.contentType }, body: body() });
        }
        queue.push(item);
        wake?.();
      };
      async function* body(): AsyncGenerator<Uint8Array> {
        for (;;) {
          const item = queue.shift();
          if (item === undefined) {
            await new Promise<void>((next) => (wake = next));
            continue;
          }
          if (item === 'end') return;
          if (item instanceof Uint8Array) yield item;
          else throw item;
        }
      }
      const stop = (): void => {
        done = true;
        if (answered) push(fail('cancelled', 'Cancelled.'));
        else reject(fail('cancelled', 'Cancelled.'));
      };
      if (signal.aborted) {
        stop();
        return;
      }
      signal.addEventListener('abort', stop, { once: true });
      const asked: Asked = {
        request,
        watch: request.query?.['watch'] === true,
        at: this.clock.now(),
        send: (text) => push(encoder.encode(text)),
        sendBytes: push,
        end: () => {
          done = true;
          push('end');
        },
        cut: () => {
          done = true;
          push(fail('network', 'The connection was cut.'));
        },
        refuse: (error) => {
          done = true;
          reject(fail(error.code, error.message, error));
        },
        get done() {
          return done;
        },
      };
      this.asked.push(asked);
      this.script(asked);
    });
  }
}

/** A list answer of samples named so, all at one version. */
export function listOf(
  names: readonly string[],
  version: string,
  more: { continue?: string; remaining?: number } = {},
): string {
  return JSON.stringify({
    kind: 'SampleList',
    metadata: {
      resourceVersion: version,
      ...(more.continue ? { continue: more.continue } : {}),
      ...(more.remaining ? { remainingItemCount: more.remaining } : {}),
    },
    items: names.map((name) => ({
      metadata: { name, namespace: 'default', uid: `uid-${name}`, resourceVersion: '1' },
    })),
  });
}

/** A watch line about a sample. */
export function eventOf(type: string, name: string, version: string, node = ''): string {
  const metadata = { name, namespace: 'default', uid: `uid-${name}`, resourceVersion: version };
  return `${JSON.stringify({ type, object: { metadata, node } })}\n`;
}
