/** Delays between tries: 0.8 s doubling to 30 s, each with jitter in [d, 2d); reset after 2 quiet minutes. */
const START = 800;
const CAP = 30_000;
const RESET_AFTER = 120_000;

export class Backoff {
  private next = START;
  private last = 0;
  private readonly now: () => number;
  private readonly random: () => number;

  constructor(now: () => number = Date.now, random: () => number = Math.random) {
    this.now = now;
    this.random = random;
  }

  /** Milliseconds to wait now; at least `atLeast` (Retry-After). */
  delay(atLeast = 0): number {
    const now = this.now();
    if (now - this.last > RESET_AFTER) this.next = START;
    this.last = now;
    const base = this.next;
    this.next = Math.min(CAP, base * 2);
    return Math.max(atLeast, base * (1 + this.random()));
  }

  reset(): void {
    this.next = START;
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
