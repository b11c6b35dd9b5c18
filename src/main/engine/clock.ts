/** Time and chance as values, so that tests of the watch loop need no waiting. */
import { fail } from '#shared/util/app-error';
import type { Chance } from '../k8s/backoff';

export interface Clock extends Chance {
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
