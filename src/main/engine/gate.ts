/**
 * What all list-watches of one cluster share: at most 10 lists at a time and 2 large
 * ones, one brake for 429, and one circuit: after 5 failures on the way to the server a
 * single prober tries while the others wait. Not a rate limiter for anything else.
 */
import { fail, type AppError } from '#shared/util/app-error';
import type { Clock } from './clock';
import { sleep } from './clock';

export const MAX_LISTS = 10;
export const MAX_LARGE_LISTS = 2;
/** Items still to come that make a list a large one. */
export const LARGE_LIST = 2000;
const CIRCUIT_FAILURES = 5;
export const STAGGER_MS = 2000;

const wayCodes = new Set<AppError['code']>(['refused', 'dns', 'timeout', 'tls', 'proxy', 'network']);

/** The failure says nothing about the request, only about the way to the server. */
export function isWayError(error: AppError): boolean {
  return wayCodes.has(error.code);
}

export class Gate {
  private readonly clock: Clock;
  private readonly lists = new Slots(MAX_LISTS);
  private readonly large = new Slots(MAX_LARGE_LISTS);
  /** False once the server refused a WatchList. */
  watchList = true;
  private brakeUntil = 0;
  private failures = 0;
  private prober: object | undefined;
  private readonly waiting = new Set<() => void>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** A place among the lists in flight; the answer gives it back (once). */
  list(signal: AbortSignal): Promise<() => void> {
    return this.lists.take(signal);
  }

  largeList(signal: AbortSignal): Promise<() => void> {
    return this.large.take(signal);
  }

  /** The server said 429: nobody asks before `ms` are over. */
  brake(ms: number): void {
    this.brakeUntil = Math.max(this.brakeUntil, this.clock.now() + ms);
  }

  /** Waits for the brake (with jitter) and, while the circuit is open, for the prober. */
  async admit(who: object, signal: AbortSignal): Promise<void> {
    for (;;) {
      const braked = this.brakeUntil - this.clock.now();
      if (braked > 0) {
        await sleep(this.clock, braked * (1 + this.clock.random() * 0.25), signal);
        continue;
      }
      if (this.failures < CIRCUIT_FAILURES) return;
      this.prober ??= who;
      if (this.prober === who) return;
      await this.change(signal);
    }
  }

  /** Each request's outcome; `undefined` for an answer, whatever it said. */
  report(who: object, error: AppError | undefined): void {
    if (error && isWayError(error)) {
      this.failures++;
      return;
    }
    if (error?.code === 'cancelled') return;
    this.failures = 0;
    this.leave(who);
    this.wake();
  }

  /** `who` asks no more: another may probe. */
  leave(who: object): void {
    if (this.prober !== who) return;
    this.prober = undefined;
    this.wake();
  }

  /** Forgets brake and circuit: the person asked, or the network changed. */
  reset(): void {
    this.failures = 0;
    this.brakeUntil = 0;
    this.prober = undefined;
    this.wake();
  }

  /** True while a single prober stands for all. */
  get open(): boolean {
    return this.failures >= CIRCUIT_FAILURES;
  }

  private wake(): void {
    const waiting = [...this.waiting];
    this.waiting.clear();
    for (const resolve of waiting) resolve();
  }

  private change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(fail('cancelled', 'Cancelled.'));
        return;
      }
      const done = (): void => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      };
      const onAbort = (): void => {
        this.waiting.delete(done);
        reject(fail('cancelled', 'Cancelled.'));
      };
      this.waiting.add(done);
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }
}

/** A counting semaphore, first come first served. */
class Slots {
  private free: number;
  private readonly queue: (() => void)[] = [];

  constructor(count: number) {
    this.free = count;
  }

  take(signal: AbortSignal): Promise<() => void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(fail('cancelled', 'Cancelled.'));
        return;
      }
      const onAbort = (): void => {
        this.queue.splice(this.queue.indexOf(grant), 1);
        reject(fail('cancelled', 'Cancelled.'));
      };
      const grant = (): void => {
        signal.removeEventListener('abort', onAbort);
        let given = false;
        resolve(() => {
          if (given) return;
          given = true;
          const next = this.queue.shift();
          if (next) next();
          else this.free++;
        });
      };
      if (this.free > 0) {
        this.free--;
        grant();
      } else {
        this.queue.push(grant);
        signal.addEventListener('abort', onAbort, { once: true });
      }
    });
  }
}
