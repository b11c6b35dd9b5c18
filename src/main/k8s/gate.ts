/** Lets at most `limit` pass at a time, in order. Who waits may give up or be told to. */
import { cancelled } from './network-errors';

export class Gate {
  private inside = 0;
  private readonly waiting = new Set<() => void>();

  constructor(private readonly limit: number) {}

  /** Resolves with a function that leaves (again and again is once); rejects on abort or after `ms`. */
  enter(signal: AbortSignal, ms: number, tooLate: () => Error): Promise<() => void> {
    if (signal.aborted) return Promise.reject(cancelled());
    if (this.inside < this.limit) return Promise.resolve(this.pass());
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        this.waiting.delete(go);
      };
      const go = (): void => {
        settle();
        resolve(this.pass());
      };
      const onAbort = (): void => {
        settle();
        reject(cancelled());
      };
      const timer = setTimeout(() => {
        settle();
        reject(tooLate());
      }, ms);
      signal.addEventListener('abort', onAbort, { once: true });
      this.waiting.add(go);
    });
  }

  private pass(): () => void {
    this.inside += 1;
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.inside -= 1;
      const [next] = this.waiting;
      next?.();
    };
  }
}
