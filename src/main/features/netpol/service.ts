/** Serves the `netpol` slice over the live model. Questions are answered here, off the UI's thread. */
import { netpol, type AskBatch } from '#shared/contract/netpol';
import { inquire } from '#shared/domain/netpol/inquiry';
import { coalesce, implement, type Served } from '#shared/rpc/server';
import { placeChoices } from './choices';
import { LiveNetpol, type LiveDeps } from './live';

const STATE_EVERY = 500;
const ASK_EVERY = 300;

export interface NetpolService {
  readonly served: Served;
  suspend(): void;
  resume(): void;
}

export function netpolService(deps: LiveDeps): NetpolService {
  const live = new LiveNetpol(deps);
  const served = implement(netpol, {
    state: (_, sink) => {
      const feed = coalesce(sink, () => live.state(), STATE_EVERY);
      live.use(sink.scope, feed.mark);
      feed.mark();
    },
    places: (input) => placeChoices(live.model(), live.services(), input),
    ask: (input, sink) => {
      const feed = coalesce(
        sink,
        (): AskBatch | undefined => {
          if (!live.ready) return undefined;
          try {
            return { revision: live.revision, answer: inquire(live.world(), input) };
          } catch (thrown) {
            // Errors of a question are words for the person who asked it.
            return {
              revision: live.revision,
              problem: thrown instanceof Error ? thrown.message : String(thrown),
            };
          }
        },
        ASK_EVERY,
      );
      live.use(sink.scope, feed.mark);
      feed.mark();
    },
  });
  return { served, suspend: () => live.suspend(), resume: () => live.resume() };
}
