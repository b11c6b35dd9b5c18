/**
 * Runs long work in slices of a few milliseconds, so that lists, logs and shells of the same host go
 * on meanwhile. One piece of work at a time; a newer one replaces it. Ends with its scope.
 */
import { performance } from 'node:perf_hooks';
import type { Steps } from '#shared/domain/netpol/steps';
import type { Scope } from '#shared/rpc/scope';

/** Longest run without a breath, ms. */
const SLICE = 10;

/** Calls `done` with the result unless the scope ends or `stop` is called first. */
export function runSliced<T>(
  steps: Steps<T>,
  scope: Scope,
  done: (value: T) => void,
  failed: (thrown: unknown) => void,
): () => void {
  let immediate: NodeJS.Immediate | undefined;
  const slice = (): void => {
    const until = performance.now() + SLICE;
    try {
      for (;;) {
        const step = steps.next();
        if (step.done) {
          stop();
          done(step.value);
          return;
        }
        if (performance.now() >= until) break;
      }
    } catch (thrown) {
      stop();
      failed(thrown);
      return;
    }
    immediate = setImmediate(slice);
  };
  const stop = scope.add(() => {
    if (immediate) clearImmediate(immediate);
  });
  immediate = setImmediate(slice);
  return stop;
}

/** The result of long work for a state of the world: the newest one asked for, made once. */
export class Sliced<T> {
  private readonly scope: Scope;
  private readonly ready: () => void;
  private made: { readonly key: unknown; readonly value: T } | undefined;
  private running: { readonly key: unknown; readonly stop: () => void } | undefined;
  private problem: { readonly key: unknown; readonly thrown: unknown } | undefined;

  /** `ready` is called when `take` would answer. */
  constructor(scope: Scope, ready: () => void) {
    this.scope = scope;
    this.ready = ready;
  }

  /** Undefined: it is being made. Work of another key that runs is finished first: it may be shown. */
  take(key: unknown, work: () => Steps<T>): T | undefined {
    if (this.made && this.made.key === key) return this.made.value;
    if (this.problem && this.problem.key === key) throw this.problem.thrown;
    if (this.running) return undefined;
    const stop = runSliced(
      work(),
      this.scope,
      (value) => {
        this.running = undefined;
        this.made = { key, value };
        this.ready();
      },
      (thrown) => {
        this.running = undefined;
        this.problem = { key, thrown };
        this.ready();
      },
    );
    this.running = { key, stop };
    return undefined;
  }

  /** The newest result, perhaps of a state before. */
  get last(): T | undefined {
    return this.made?.value;
  }
}
