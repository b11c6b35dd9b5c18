/** Serves the `actions` slice: previews, runs and drains. Plans are `domain/actions`' own. */
import { actions, type Inspected, type ItemResult, type RunBatch } from '#shared/contract/actions';
import type { Extras } from '#shared/domain/actions/types';
import { coalesce, implement, type Served } from '#shared/rpc/server';
import { isCancelled, toAppError } from '#shared/util/app-error';
import { dependentsOf } from './dependents';
import { readDrain } from './drain-read';
import { Drain } from './drain-run';
import { extrasOf, type ExtrasDeps } from './extras';
import { runAction } from './run';
import { forScreen, kindOf, readObject, targetOf } from './target';

/** Results travel at most this often, ms. */
const EVERY = 100;

export function actionsService(deps: ExtrasDeps): Served {
  const { api, kinds } = deps;
  return implement(actions, {
    inspect: async ({ verb, items }, signal) => {
      const notes: string[] = [];
      let extras: Extras = { now: deps.now() };
      const objects = await Promise.all(
        items.map(async (item, index): Promise<Inspected> => {
          try {
            const target = targetOf(await kindOf(kinds, item.kind, signal), item);
            const object = await readObject(api, target, signal);
            // Autoscalers are the same for all of a namespace; the first object asks.
            if (index === 0) extras = await extrasOf(deps, verb, target, object, notes, signal);
            return { uid: item.uid, object: forScreen(object, item.kind) };
          } catch (thrown) {
            if (signal.aborted || isCancelled(thrown)) throw thrown;
            return { uid: item.uid, error: toAppError(thrown) };
          }
        }),
      );
      return { objects, extras, notes };
    },

    dependents: async ({ items }, signal) => {
      await kinds.ready(signal);
      return dependentsOf(api, kinds, items, signal);
    },

    run: (input, sink) => {
      const cancel = new AbortController();
      sink.scope.add(() => cancel.abort());
      const changed = new Map<number, ItemResult>();
      let [done, failed, finished, told] = [0, 0, false, false];
      const feed = coalesce<RunBatch>(
        sink,
        () => {
          const items = [...changed.values()];
          changed.clear();
          if (finished && items.length === 0 && told) return undefined;
          told = finished;
          return { items, done, failed, total: input.items.length, finished };
        },
        EVERY,
      );
      const onResult = (result: ItemResult): void => {
        changed.set(result.index, result);
        if (result.phase !== 'running') done += 1;
        if (result.phase === 'failed') failed += 1;
        feed.mark();
      };
      void runAction(deps, input, onResult, cancel.signal).then(() => {
        finished = true;
        feed.mark();
      });
      return () => cancel.abort();
    },

    drainPlan: ({ node, options }, signal) => readDrain(api, node, options, signal),

    drain: ({ node, options }, sink) => {
      const cancel = new AbortController();
      sink.scope.add(() => cancel.abort());
      const feed = coalesce(sink, () => drain.state(), EVERY);
      const drain = new Drain(api, node, options, () => feed.mark());
      void drain.run(cancel.signal);
      return () => cancel.abort();
    },
  });
}
