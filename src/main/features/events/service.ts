/**
 * Serves the `events` slice. Following begins when somebody first looks and lasts as long as the
 * cluster's process, so that what the server forgets stays. A user who may not read all
 * namespaces follows those that are chosen.
 */
import { events, type EventsBatch } from '#shared/contract/events';
import { coalesce, implement, type Served } from '#shared/rpc/server';
import type { Scope } from '#shared/rpc/scope';
import type { Api } from '../../k8s/api';
import { followEvents, type Followed } from './follow';
import type { EventHistory } from './history';

/** Batches travel at most this often, ms. */
const EVERY = 500;
/** Scopes followed one by one, where not all may be read. */
const MOST_SPACES = 50;

export interface EventsDeps {
  readonly api: Api;
  readonly scope: Scope;
  /** Also filled by the details of objects. */
  readonly history: EventHistory;
}

export function eventsService({ api, scope, history }: EventsDeps): Served {
  const followed = new Map<string, Followed>();
  const listeners = new Set<() => void>();
  let since = 0;

  const follow = (namespace: string): void => {
    if (followed.has(namespace)) return;
    followed.set(namespace, { phase: 'reading' });
    followEvents(api, namespace, history, scope.child(`events ${namespace}`), (state) => {
      followed.set(namespace, state);
      for (const listener of [...listeners]) listener();
    });
  };

  return implement(events, {
    stream: (input, sink) => {
      let filter = input;
      since ||= Date.now();
      follow('');
      const take = (): EventsBatch => {
        let state = followed.get('') ?? { phase: 'reading' };
        if (state.phase === 'denied' && filter.namespaces.length > 0) {
          const spaces = filter.namespaces.slice(0, MOST_SPACES);
          spaces.forEach(follow);
          // As good as the best of them: some may be denied while others are read.
          const states = spaces.map((namespace) => followed.get(namespace));
          state = states.find((one) => one?.phase === 'live') ?? states[0] ?? state;
        }
        return { ...history.query(filter), ...state, since };
      };
      const feed = coalesce(sink, take, EVERY);
      listeners.add(feed.mark);
      sink.scope.add(() => listeners.delete(feed.mark));
      feed.mark();
      return (update) => {
        filter = update;
        feed.mark();
      };
    },
  });
}
