/**
 * The kind a view is of, once discovery knows it or nobody need ask. Until then (server away, CRD not there
 * yet or deleted) the reader is told why, and the view comes to life by itself when the
 * kind appears.
 */
import type { KindInfo } from '#shared/contract/cluster';
import type { TableState } from '#shared/contract/resources';
import type { Scope } from '#shared/rpc/scope';
import { isCancelled, toAppError } from '#shared/util/app-error';

export interface KindWaiting {
  byId(id: string): KindInfo | undefined;
  /** Served for sure, though the server's kinds were not read yet. */
  assumed?(id: string): KindInfo | undefined;
  /** Resolves once the server's kinds were read; rejects when they cannot be. */
  ready(signal: AbortSignal): Promise<unknown>;
  /** Tells when kinds may have changed. */
  observe(listener: () => void, scope: Scope): void;
}

/** Resolves with the kind; never rejects but by the end of the scope. */
export async function awaitKind(
  kinds: KindWaiting,
  id: string,
  scope: Scope,
  onProblem: (state: TableState) => void,
): Promise<KindInfo> {
  const known = kinds.byId(id) ?? kinds.assumed?.(id);
  if (known) return known;
  const waiting = scope.child('await-kind');
  let changed: () => void = () => undefined;
  kinds.observe(() => changed(), waiting);
  try {
    for (;;) {
      const change = new Promise<void>((resolve, reject) => {
        changed = resolve;
        waiting.add(() => reject(toAbort()));
      });
      // Nobody may be waiting yet when the scope ends.
      change.catch(() => undefined);
      try {
        await kinds.ready(waiting.signal);
        const kind = kinds.byId(id);
        if (kind) return kind;
        onProblem({ phase: 'gone', error: notServed(id) });
      } catch (thrown) {
        if (isCancelled(thrown)) throw thrown;
        onProblem({ phase: 'failed', error: toAppError(thrown) });
      }
      await change;
    }
  } finally {
    waiting.dispose();
  }
}

export function notServed(id: string): { code: 'not-found'; message: string; hint: string } {
  return {
    code: 'not-found',
    message: `This cluster serves no ${id}.`,
    hint: 'Its CRD or API service may have been removed.',
  };
}

function toAbort(): Error {
  return Object.assign(new Error('Cancelled.'), { name: 'AbortError' });
}
