/**
 * The pauses between tries, for everything that asks a cluster again and again.
 * Guarantees (rules/watch-and-streams.md 2.1): 0.8 s, doubled to 30 s, each with jitter in
 * [d, 2d), so never more than 60 s; back to the start after 2 minutes without a pause.
 */
export const BACKOFF_FIRST_MS = 800;
export const BACKOFF_CAP_MS = 30_000;
export const BACKOFF_RESET_MS = 120_000;

/** Time and chance, so that tests need no waiting. */
export interface Chance {
  /** Epoch ms. */
  now(): number;
  /** 0 <= x < 1. */
  random(): number;
}

const systemChance: Chance = { now: () => Date.now(), random: () => Math.random() };

export class Backoff {
  private step = BACKOFF_FIRST_MS;
  /** When the last pause was over. */
  private lastEnd = -Infinity;

  constructor(private readonly chance: Chance = systemChance) {}

  /** Milliseconds to wait now; at least `atLeast` (Retry-After). */
  delay(atLeast = 0): number {
    const now = this.chance.now();
    if (now - this.lastEnd > BACKOFF_RESET_MS) this.step = BACKOFF_FIRST_MS;
    const own = this.step * (1 + this.chance.random());
    this.step = Math.min(BACKOFF_CAP_MS, this.step * 2);
    const wait = Math.max(atLeast, own);
    this.lastEnd = now + wait;
    return wait;
  }

  reset(): void {
    this.step = BACKOFF_FIRST_MS;
    this.lastEnd = -Infinity;
  }
}

/** Resolves after `ms`; rejects with an AbortError when the signal ends first. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(handle);
      reject(abortError());
    };
    const handle = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}

function abortError(): Error {
  const error = new Error('Cancelled.');
  error.name = 'AbortError';
  return error;
}
