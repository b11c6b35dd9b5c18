/**
 * Serves the `resources` slice: live windowed tables, single objects, their events, YAML
 * and relatives. Everything a screen shows of objects passes here; Secrets leave without
 * values.
 */
import { resources, type ObjectRef } from '#shared/contract/resources';
import type { KindInfo } from '#shared/contract/cluster';
import { coalesce, implement, type Served } from '#shared/rpc/server';
import { fail, toAppError } from '#shared/util/app-error';
import type { Scope } from '#shared/rpc/scope';
import { openView, type LiveTable } from '../../engine/view';
import type { Api } from '../../k8s/api';
import { resourcePath } from '../../k8s/path';
import type { WholeObject } from '../../k8s/watch-few';
import { feedEvents } from './object-events';
import { feedObject } from './object-feed';
import { relatedObjects, type KindLookup } from './related';
import { search } from './search';
import { toYaml } from './to-yaml';

export interface ResourcesDeps {
  readonly api: Api;
  readonly kinds: KindLookup;
  /** A live table of the kind, held until the scope ends. */
  acquire(kind: KindInfo, namespaces: readonly string[], scope: Scope): Promise<LiveTable>;
  /** Tables that are loaded now; never starts one. */
  loaded(): Iterable<{ readonly kind: KindInfo; readonly live: LiveTable }>;
  readonly scope: Scope;
  /** Epoch ms on the server's clock: ages are the cluster's, not this machine's. */
  now(): number;
}

export function resourcesService(deps: ResourcesDeps): Served {
  const { api, kinds } = deps;

  const kindOf = (id: string): KindInfo => {
    const kind = kinds.byId(id);
    if (!kind) throw fail('not-found', `This cluster serves no ${id}.`, { hint: 'Its CRD may have been removed.' });
    return kind;
  };
  const pathsOf = (ref: ObjectRef) => {
    const kind = kindOf(ref.kind);
    const namespace = kind.namespaced ? ref.namespace : undefined;
    return {
      kind,
      listPath: resourcePath({ ...kind, namespace }),
      objectPath: resourcePath({ ...kind, namespace, name: ref.name }),
    };
  };

  return implement(resources, {
    view: (input, sink) => {
      const { kind: id, ...query } = input;
      const kind = kindOf(id);
      let update: ReturnType<typeof openView>['update'] | undefined;
      let pending: Parameters<NonNullable<typeof update>>[0] | undefined;
      let namespaces = input.namespaces;
      let held: Scope | undefined;

      // Another choice of namespaces may need other sources (a user who may only list some).
      const start = async (): Promise<void> => {
        held?.dispose();
        const scope = (held = sink.scope.child('table'));
        const live = await deps.acquire(kind, namespaces, scope);
        if (scope.disposed) return;
        const feed = coalesce(sink, () => view.take());
        const merged = { ...query, ...pending, namespaces };
        const view = openView(live, merged, { onReady: feed.mark, now: deps.now }, scope);
        update = (change) => view.update(change);
      };
      const run = (): void => {
        start().catch((thrown: unknown) => {
          if (!sink.signal.aborted) sink.end(toAppError(thrown));
        });
      };
      run();
      return (change) => {
        pending = { ...pending, ...change };
        const moved = change.namespaces !== undefined && change.namespaces.join() !== namespaces.join();
        if (change.namespaces) namespaces = change.namespaces;
        if (moved) {
          update = undefined;
          run();
        } else update?.(change);
      };
    },

    object: (input, sink) => {
      const { listPath, objectPath } = pathsOf(input);
      let newest: Parameters<typeof sink.send>[0] | undefined;
      const feed = coalesce(sink, () => newest, 50);
      feedObject(api, { listPath, objectPath, name: input.name }, sink.scope, (state) => {
        newest = state;
        feed.mark();
      });
    },

    events: (input, sink) => {
      const events = kinds.byId('events');
      const namespace = input.namespace || undefined;
      const path = resourcePath({ group: '', version: events?.version ?? 'v1', resource: 'events', namespace });
      let newest: Parameters<typeof sink.send>[0] | undefined;
      const feed = coalesce(sink, () => newest, 250);
      feedEvents(api, path, `involvedObject.uid=${input.uid}`, sink.scope, (state) => {
        newest = state;
        feed.mark();
      });
    },

    yaml: async (input, signal) => {
      const object = await api.json<WholeObject>({ path: pathsOf(input).objectPath }, signal);
      const text = toYaml(object, input.managedFields);
      return { text, bytes: Buffer.byteLength(text) };
    },

    select: async (input, signal) => {
      const scope = deps.scope.child('select');
      signal.addEventListener('abort', scope.dispose, { once: true });
      try {
        const live = await deps.acquire(kindOf(input.kind), input.namespaces, scope);
        const query = { ...input, sort: null, offset: 0, limit: 0, request: 0 };
        return openView(live, query, { onReady: () => undefined, now: deps.now }, scope).select(input.limit);
      } finally {
        scope.dispose();
      }
    },

    related: (input, signal) => {
      const { kind } = pathsOf(input);
      const { namespace, name, uid } = input;
      return relatedObjects(api, kinds, { kind, namespace, name, uid }, signal);
    },

    search: (input) => search(deps.loaded(), input.text, input.limit),
  });
}
