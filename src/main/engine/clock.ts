/** Time and chance as values, so that tests of the watch loop need no waiting. */
import { fail } from '#shared/util/app-error';

export interface Clock {
  /** Epoch ms. */
  now(): number;
  /** 0 <= x < 1. */
  random(): number;
  /** Runs once after `ms`; the answer cancels it. */
  timer(callback: () => void, ms: number): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  random: () => Math.random(),
  timer: (callback, ms) => {
    const handle = setTimeout(callback, ms);
    return () => clearTimeout(handle);
  },
};

/** Resolves after `ms`; rejects with `cancelled` when the signal aborts. */
export function sleep(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(fail('cancelled', 'Cancelled.'));
      return;
    }
    const onAbort = (): void => {
      cancel();
      reject(fail('cancelled', 'Cancelled.'));
    };
    const cancel = clock.timer(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

/** A signal that aborts with any of the given ones; `done` lets go of them. */
export function linked(...signals: readonly AbortSignal[]): {
  controller: AbortController;
  done: () => void;
} {
  const controller = new AbortController();
  const onAbort = (): void => controller.abort();
  for (const signal of signals) {
    if (signal.aborted) controller.abort();
    else signal.addEventListener('abort', onAbort, { once: true });
  }
  return {
    controller,
    done: () => {
      for (const signal of signals) signal.removeEventListener('abort', onAbort);
    },
  };
}

export const BACKOFF_FIRST_MS = 800;
export const BACKOFF_CAP_MS = 30_000;
export const BACKOFF_RESET_MS = 120_000;

/** Start 0.8 s, doubled to 30 s, each delay in [d, 2d); back to the start after 2 min without one. */
export class Backoff {
  private readonly clock: Clock;
  private step = BACKOFF_FIRST_MS;
  private lastEnd = -Infinity;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** ms to wait now. */
  next(): number {
    if (this.clock.now() - this.lastEnd > BACKOFF_RESET_MS) this.step = BACKOFF_FIRST_MS;
    const delay = this.step * (1 + this.clock.random());
    this.step = Math.min(BACKOFF_CAP_MS, this.step * 2);
    this.lastEnd = this.clock.now() + delay;
    return delay;
  }

  reset(): void {
    this.step = BACKOFF_FIRST_MS;
    this.lastEnd = -Infinity;
  }
}
