/**
 * Serves the `topology` slice. Maps of the same namespaces share one graph, which stays 30 s after the
 * last map was closed. A changed cluster changes a map at most every 100 ms, later where making it anew
 * takes long, and only what changed in it travels: states by themselves, without the rest of the map.
 */
import type { KindInfo } from '#shared/contract/cluster';
import { topology, type EdgeOrigin, type MapBatch } from '#shared/contract/topology';
import type { RelationNode } from '#shared/domain/topology/graph';
import { originsOf } from '#shared/domain/topology/map/build';
import { coalesce, implement, type Served } from '#shared/rpc/server';
import type { ParsedUpdateOf } from '#shared/rpc/define';
import type { Scope } from '#shared/rpc/scope';
import { fail } from '#shared/util/app-error';
import { Gate } from '../../engine/gate';
import { systemClock } from '../../engine/clock';
import { kindsFor } from './kinds';
import { LiveMap } from './live-map';
import { Observer, type AskMetrics } from './observed';
import { Workspace, type WorkspaceDeps } from './workspace';

const LINGER_MS = 30_000;
const EVERY_MS = 100;
const MOST_ORIGINS = 50;
const MOST_MEMBERS = 1_000;

export interface TopologyDeps extends Omit<WorkspaceDeps, 'gate'> {
  readonly scope: Scope;
  byId(id: string): KindInfo | undefined;
  all(): readonly KindInfo[];
  ready(signal: AbortSignal): Promise<unknown>;
  readonly askMetrics: AskMetrics;
  /** Called when the kinds of the cluster changed. */
  onKinds(listener: () => void, scope: Scope): void;
}

export type MapUpdate = ParsedUpdateOf<(typeof topology)['members']['map']>;

export interface TopologyService {
  readonly served: Served;
  suspend(): void;
  resume(): void;
}

export function topologyService(deps: TopologyDeps): TopologyService {
  const workspaces = new Map<
    string,
    { workspace: Workspace; scope: Scope; users: number; linger: () => void }
  >();
  const sessions = new Map<string, LiveMap>();
  const observers = new Set<Observer>();
  const gate = new Gate(systemClock);
  let suspended = false;

  const use = (namespaces: readonly string[], held: Scope): Workspace => {
    const key = [...namespaces].sort().join(',');
    let entry = workspaces.get(key);
    if (!entry) {
      const scope = deps.scope.child(`topology ${key}`);
      const workspace = new Workspace({ ...deps, gate }, [...namespaces].sort(), scope);
      if (suspended) workspace.suspend();
      entry = { workspace, scope, users: 0, linger: () => undefined };
      workspaces.set(key, entry);
      scope.add(() => workspaces.delete(key));
    }
    const used = entry;
    used.users++;
    used.linger();
    held.add(() => {
      if (--used.users === 0) used.linger = used.scope.timeout(() => used.scope.dispose(), LINGER_MS);
    });
    return used.workspace;
  };

  const mapOf = (session: string): LiveMap => {
    const map = sessions.get(session);
    if (!map) throw fail('not-found', 'This map is no longer open.');
    return map;
  };

  const served = implement(topology, {
    map: ({ session, ...first }, sink) => {
      let query: MapUpdate = first;
      let workspace: Workspace | undefined;
      let held: Scope | undefined;
      let listening = '';
      let observer: Observer | undefined;
      let observing = '';
      let lastObserved = '';
      let watched: Scope | undefined;
      const map = new LiveMap((group, kind) => deps.kind(group, kind)?.id ?? '');
      sessions.set(session, map);
      sink.scope.add(() => {
        if (sessions.get(session) === map) sessions.delete(session);
      });
      const take = (): MapBatch | undefined => {
        if (!workspace || query.hidden) return undefined;
        workspace.settle();
        return map.take(workspace, query, deps.byId(query.object?.kind ?? ''), observer?.state);
      };
      const feed = coalesce(sink, take, EVERY_MS);
      let slow: (() => void) | undefined;
      // A map that takes long to make is made less often: never more than a fifth of the time.
      const mark = (): void => {
        const wait = map.cost * 4;
        if (wait <= EVERY_MS) return feed.mark();
        slow ??= sink.scope.timeout(() => {
          slow = undefined;
          feed.mark();
        }, wait);
      };
      const attach = (): void => {
        const key = query.namespaces.join(',');
        if (!workspace || listening !== key) {
          const before = held;
          held = sink.scope.child('workspace');
          listening = key;
          workspace = use(query.namespaces, held);
          held.add(workspace.onChange(mark));
          before?.dispose();
          map.reset();
        }
        workspace.need(kindsFor(query.view, deps.all(), query.object?.kind));
      };
      /** Asked while it is looked at only, and anew for other namespaces. */
      const observe = (): void => {
        const key = query.observed && !query.hidden ? `on ${query.namespaces.join(',')}` : '';
        if (key === observing) return;
        observing = key;
        watched?.dispose();
        watched = undefined;
        // Of a hidden map the last flows stay until it is seen again.
        if (key === '') {
          if (!query.observed) observer = undefined;
          return;
        }
        watched = sink.scope.child('observed');
        const before = key === lastObserved ? observer?.state : undefined;
        lastObserved = key;
        const one = new Observer(deps.askMetrics, query.namespaces, watched, feed.mark, before);
        if (suspended) one.suspend();
        observers.add(one);
        watched.add(() => observers.delete(one));
        observer = one;
      };
      void deps.ready(sink.signal).then(
        () => {
          if (sink.signal.aborted) return;
          attach();
          observe();
          deps.onKinds(() => {
            attach();
            workspace?.live.remake();
          }, sink.scope);
          feed.mark();
        },
        () => undefined,
      );
      return (update) => {
        query = update;
        if (!workspace) return;
        attach();
        observe();
        feed.mark();
      };
    },
    origins: ({ session, from, to }) => {
      const map = mapOf(session);
      const found = map.edge(from, to, originsOf);
      return { origins: found.slice(0, MOST_ORIGINS).map(toOrigin), total: found.length };
    },
    members: ({ session, id }) =>
      mapOf(session)
        .members(id)
        .slice(0, MOST_MEMBERS)
        .flatMap((node) => {
          const kind = deps.kind(node.group, node.kind);
          if (!kind || node.state !== 'present') return [];
          return { kind: kind.id, namespace: node.namespace, name: node.name, uid: node.uid };
        }),
  });

  return {
    served,
    suspend: () => {
      suspended = true;
      for (const observer of observers) observer.suspend();
      for (const { workspace } of workspaces.values()) workspace.suspend();
    },
    resume: () => {
      suspended = false;
      gate.reset();
      for (const observer of observers) observer.resume();
      for (const { workspace } of workspaces.values()) workspace.resume();
    },
  };
}

type Edge = ReturnType<typeof originsOf>[number];

function toOrigin(edge: Edge): EdgeOrigin {
  return {
    from: title(edge.from),
    to: title(edge.to),
    relation: edge.relation,
    holder: title(edge.holder),
    field: edge.field,
    value: edge.value,
    rule: edge.rule,
    inferred: edge.confidence === 'inferred',
    weak: edge.weak,
    invalid: edge.invalid ?? '',
    note: edge.note ?? '',
  };
}

function title({ kind, namespace, name }: RelationNode): string {
  return namespace === '' ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}
