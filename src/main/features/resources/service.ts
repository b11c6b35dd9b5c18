/**
 * Serves the `resources` slice: live windowed tables, single objects, their events, YAML
 * and relatives. Everything a screen shows of objects passes here; Secrets leave without
 * values.
 */
import {
  resources,
  type ObjectEventsState,
  type ObjectRef,
  type ObjectState,
  type TableState,
  type ViewBatch,
} from '#shared/contract/resources';
import type { KindInfo } from '#shared/contract/cluster';
import type { Around } from '#shared/domain/health/types';
import { coalesce, implement, type Served, type Sink } from '#shared/rpc/server';
import { AppFailure, fail, isCancelled, toAppError } from '#shared/util/app-error';
import type { Scope } from '#shared/rpc/scope';
import { openView, type LiveTable } from '../../engine/view';
import type { Api } from '../../k8s/api';
import { resourcePath } from '../../k8s/path';
import type { WholeObject } from '../../k8s/watch-few';
import { awaitKind, notServed, type KindWaiting } from './await-kind';
import { feedAround } from './around/feed';
import { environmentOf } from './environment';
import { feedEvents, type KeptEvents } from './object-events';
import { feedObject } from './object-feed';
import { relatedObjects, type KindLookup } from './related';
import { revealed } from './reveal';
import { search } from './search';
import { toYaml } from './to-yaml';

export interface ResourcesDeps {
  readonly api: Api;
  readonly kinds: KindLookup & KindWaiting;
  /** A live table of the kind, held until the scope ends. */
  acquire(kind: KindInfo, namespaces: readonly string[], scope: Scope): Promise<LiveTable>;
  /** Feeds what is in use into the table while it is seen; undefined: this kind has no such columns. */
  feedUse(kind: KindInfo, live: LiveTable, scope: Scope): { show(seen: boolean): void } | undefined;
  /** Tables that are loaded now; never starts one. */
  loaded(): Iterable<{ readonly kind: KindInfo; readonly live: LiveTable }>;
  readonly keptEvents: KeptEvents;
  readonly scope: Scope;
  /** Epoch ms on the server's clock: ages are the cluster's, not this machine's. */
  now(): number;
}

export function resourcesService(deps: ResourcesDeps): Served {
  const { api, kinds } = deps;

  const kindOf = async (id: string, signal: AbortSignal): Promise<KindInfo> => {
    if (!kinds.byId(id)) await kinds.ready(signal);
    const kind = kinds.byId(id);
    if (!kind) throw new AppFailure(notServed(id));
    return kind;
  };

  return implement(resources, {
    view: (input, sink) => {
      const { kind: id, ...query } = input;
      let update: ReturnType<typeof openView>['update'] | undefined;
      let pending: Parameters<NonNullable<typeof update>>[0] | undefined;
      let namespaces = input.namespaces;
      let held: Scope | undefined;
      let use: ReturnType<ResourcesDeps['feedUse']>;
      const seen = (): boolean => (pending?.hidden ?? query.hidden) !== true;
      let shown: { readonly version: string; readonly live: LiveTable } | undefined;

      // Another choice of namespaces may need other sources (a user who may only list some).
      const start = async (): Promise<void> => {
        held?.dispose();
        shown = use = undefined;
        const scope = (held = sink.scope.child('table'));
        const kind = await awaitKind(kinds, id, scope, (state) => problem(sink, state, query.request));
        const live = await deps.acquire(kind, namespaces, scope);
        if (scope.disposed) return;
        shown = { version: kind.version, live };
        use = deps.feedUse(kind, live, scope);
        use?.show(seen());
        const feed = coalesce(sink, () => view.take());
        const merged = { ...query, ...pending, namespaces };
        const view = openView(live, merged, { onReady: feed.mark, now: deps.now }, scope);
        update = (change) => view.update(change);
      };
      const run = (): void => {
        start().catch((thrown: unknown) => {
          if (!isCancelled(thrown) && !sink.signal.aborted) sink.end(toAppError(thrown));
        });
      };
      run();
      // A kind that came back (fault 15) or is served in another version now (fault 16) is read anew.
      kinds.observe(() => {
        const kind = kinds.byId(id);
        if (!kind || !shown) return;
        if (kind.version !== shown.version || shown.live.state.phase === 'gone') run();
      }, sink.scope);
      return (change) => {
        pending = { ...pending, ...change };
        const moved = change.namespaces !== undefined && change.namespaces.join() !== namespaces.join();
        if (change.namespaces) namespaces = change.namespaces;
        if (moved) {
          update = undefined;
          run();
        } else {
          update?.(change);
          use?.show(seen());
        }
      };
    },

    object: (input, sink) => {
      let newest: ObjectState | undefined;
      const feed = coalesce(sink, () => newest, 50);
      const tell = (state: ObjectState): void => {
        newest = state;
        feed.mark();
      };
      const problem = (state: TableState): void => {
        if (state.phase === 'gone' || state.phase === 'failed') tell(state);
      };
      void awaitKind(kinds, input.kind, sink.scope, problem).then(
        (kind) => feedObject(api, { ...pathsOf(kind, input), name: input.name }, sink.scope, tell),
        () => undefined, // Only the end of the stream ends the wait.
      );
    },

    events: (input, sink) => {
      const events = kinds.byId('events');
      const namespace = input.namespace || undefined;
      const path = resourcePath({
        group: '',
        version: events?.version ?? 'v1',
        resource: 'events',
        namespace,
      });
      let newest: Parameters<typeof sink.send>[0] | undefined;
      const feed = coalesce(sink, () => newest, 250);
      const tell = (state: ObjectEventsState): void => {
        newest = state;
        feed.mark();
      };
      const kind = kinds.byId(input.kind);
      if (!kind) return;
      const { objectPath } = pathsOf(kind, input);
      const { uid } = input;
      feedEvents(
        { api, kinds, kept: deps.keptEvents, path, objectPath, namespace: input.namespace, uid },
        sink.scope,
        tell,
      );
    },

    around: ({ turn: _turn, ...input }, sink) => {
      let newest: Around | undefined;
      const feed = coalesce(sink, () => newest, 250);
      const run = async (): Promise<void> => {
        const kind = await kindOf(input.kind, sink.signal);
        const { namespace, name } = input;
        await feedAround(
          { api, byId: (id) => kinds.byId(id) },
          { kind, namespace, name },
          sink.scope,
          (around) => {
            newest = around;
            feed.mark();
          },
        );
      };
      run().catch((thrown: unknown) => {
        if (!isCancelled(thrown) && !sink.signal.aborted) sink.end(toAppError(thrown));
      });
    },

    environment: async (input, signal) => {
      const kind = await kindOf(input.kind, signal);
      const object = await api.json<WholeObject>({ path: pathsOf(kind, input).objectPath }, signal);
      return environmentOf(api, kind.id, object, signal);
    },

    reveal: async ({ key, ...input }, signal) => {
      const kind = await kindOf(input.kind, signal);
      if (kind.id !== 'secrets' && kind.id !== 'configmaps')
        throw fail('invalid-input', 'Only values of Secrets and ConfigMaps are revealed.');
      const object = await api.json<WholeObject>({ path: pathsOf(kind, input).objectPath }, signal);
      return revealed({ ...object, kind: kind.kind }, key, deps.now());
    },

    yaml: async (input, signal) => {
      const kind = await kindOf(input.kind, signal);
      const object = await api.json<WholeObject>({ path: pathsOf(kind, input).objectPath }, signal);
      const text = toYaml(object, input.managedFields);
      return { text, bytes: Buffer.byteLength(text) };
    },

    select: async (input, signal) => {
      const scope = deps.scope.child('select');
      signal.addEventListener('abort', scope.dispose, { once: true });
      try {
        const live = await deps.acquire(await kindOf(input.kind, signal), input.namespaces, scope);
        await loaded(live, scope);
        const query = { ...input, sort: null, offset: 0, limit: 0, request: 0 };
        return openView(live, query, { onReady: () => undefined, now: deps.now }, scope).select(input.limit);
      } finally {
        scope.dispose();
      }
    },

    gone: async (input, signal) => {
      const scope = deps.scope.child('gone');
      signal.addEventListener('abort', scope.dispose, { once: true });
      try {
        const live = await deps.acquire(await kindOf(input.kind, signal), input.namespaces, scope);
        // While a list is still coming in, what it has not brought yet is not gone.
        if (live.state.phase === 'listing') return [];
        return input.ids.filter((id) => live.table.find(id) < 0);
      } finally {
        scope.dispose();
      }
    },

    related: async (input, signal) => {
      const kind = await kindOf(input.kind, signal);
      const { namespace, name, uid } = input;
      return relatedObjects(api, kinds, { kind, namespace, name, uid }, signal);
    },

    search: (input) => search(deps.loaded(), input.text, input.limit),
  });
}

function pathsOf(kind: KindInfo, ref: ObjectRef): { listPath: string; objectPath: string } {
  const { group, version, resource } = kind;
  const list = { group, version, resource, namespace: kind.namespaced ? ref.namespace : undefined };
  return { listPath: resourcePath(list), objectPath: resourcePath({ ...list, name: ref.name }) };
}

/** A batch without rows: the view cannot start, and why. */
function problem(sink: Sink<ViewBatch>, state: TableState, request: number): void {
  if (sink.credit > 0) sink.send({ columns: [], state, total: 0, matched: 0, offset: 0, rows: [], request });
}

/** Resolves once the first list is whole (or failed): a selection of half a list would be a lie. */
function loaded(live: LiveTable, scope: Scope): Promise<void> {
  return new Promise((resolve) => {
    const check = (): void => {
      if (live.state.phase !== 'listing') resolve();
    };
    scope.add(live.onState(check));
    scope.add(resolve);
    check();
  });
}
