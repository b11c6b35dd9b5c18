/**
 * A scope owns things that must end: listeners, timers, sockets, children, scopes.
 * Guarantees: `dispose` runs every disposer once, last added first, even when one
 * throws; adding to a disposed scope disposes at once; `signal` aborts before the
 * disposers run. Live scopes are counted so that tests can prove nothing leaks.
 */

export type Disposer = () => void;

const live = new Set<Scope>();

export class Scope {
  readonly name: string;
  private readonly controller = new AbortController();
  private readonly disposers = new Set<Disposer>();
  private readonly parent: Scope | undefined;

  constructor(name: string, parent?: Scope) {
    this.name = name;
    this.parent = parent;
    live.add(this);
    parent?.add(this.dispose);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  get disposed(): boolean {
    return this.controller.signal.aborted;
  }

  /** Registers a disposer; returns a function that runs it early and forgets it. */
  add(disposer: Disposer): Disposer {
    if (this.disposed) {
      disposer();
      return () => undefined;
    }
    this.disposers.add(disposer);
    return () => {
      if (this.disposers.delete(disposer)) disposer();
    };
  }

  /** A child that ends with this scope, or before. */
  child(name: string): Scope {
    return new Scope(`${this.name}/${name}`, this);
  }

  readonly dispose = (): void => {
    if (this.disposed) return;
    live.delete(this);
    this.parent?.disposers.delete(this.dispose);
    this.controller.abort();
    const list = [...this.disposers].reverse();
    this.disposers.clear();
    let first: { thrown: unknown } | undefined;
    for (const disposer of list) {
      try {
        disposer();
      } catch (thrown) {
        first ??= { thrown };
      }
    }
    if (first) throw first.thrown;
  };

  /** Runs `callback` after `ms` unless the scope ends first. */
  timeout(callback: () => void, ms: number): Disposer {
    const handle = setTimeout(() => {
      this.disposers.delete(clear);
      callback();
    }, ms);
    const clear = (): void => clearTimeout(handle);
    return this.add(clear);
  }
}

/** Names of the scopes not yet disposed; the test set-up fails when any is left. */
export function liveScopes(): string[] {
  return [...live].map((scope) => scope.name);
}
