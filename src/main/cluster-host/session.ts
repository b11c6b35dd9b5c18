/**
 * Composition root of one cluster: who talks to whom, by plain calls. Runs in a utility
 * process of the app and, unchanged, in plain Node (tests, benches, oracles).
 * Guarantees: nothing is contacted before the session is opened; everything it started
 * ends with the scope; no credential leaves it.
 */
import type { KindInfo } from '#shared/contract/cluster';
import type { KeptSources, SourceChange } from '#shared/domain/prom/kept';
import type { CoreEvent } from '#shared/k8s/types';
import type { KindId } from '#shared/kinds/define';
import type { Scope } from '#shared/rpc/scope';
import type { Served } from '#shared/rpc/server';
import { Caches } from '../engine/caches';
import type { LiveTable } from '../engine/view';
import { accessService } from '../features/access/service';
import { actionsService } from '../features/actions/service';
import { EventHistory } from '../features/events/history';
import { eventsService } from '../features/events/service';
import { Descriptors } from '../features/cluster/descriptors';
import { clusterService } from '../features/cluster/service';
import { connectionTestService } from '../features/connection-test/service';
import { NodePods } from '../features/debug/node-pods';
import { debugService } from '../features/debug/service';
import { Grants, type Grant } from '../features/files/grants';
import { filesService } from '../features/files/service';
import { forwardService, reach } from '../features/forward/service';
import { probeService } from '../features/probe/service';
import { objectsService } from '../features/objects/service';
import { logsService } from '../features/logs/service';
import { metricsServices } from '../features/metrics/service';
import { Sources } from '../features/metrics/source';
import { UsagePolls } from '../features/metrics/usage';
import { netpolService } from '../features/netpol/service';
import { admissionService } from '../features/rbac/admission';
import { authenticationService } from '../features/rbac/authentication';
import { rbacService } from '../features/rbac/service';
import { resourcesService } from '../features/resources/service';
import { shellService } from '../features/shell/service';
import { topologyService } from '../features/topology/service';
import { Access } from '../k8s/access';
import { isLoopback } from '../k8s/addresses';
import { Connection } from '../k8s/connection';
import { Discovery } from '../k8s/discovery';
import { Namespaces } from '../k8s/namespaces';
import { openApi } from '../k8s/open-api';
import { guardReadOnly } from '../k8s/read-only';
import type { AuthProvider, ContextConfig, Rotation } from '../kubeconfig/types';
import { KindIndex } from './kind-index';
import { ListRights, namespaceScope } from './namespace-scope';
import { rowFiles } from './row-files';
import { watchWake } from './wake';

export interface SessionOptions {
  readonly context: ContextConfig;
  /** What exec plugins run with: the login shell's, not this process'. */
  readonly environment: Readonly<Record<string, string>>;
  readonly environmentFrom?: 'terminal' | 'shell' | 'guess' | undefined;
  /** Nothing that changes the cluster leaves: `api` itself refuses it. */
  readonly readOnly?: boolean;
  /** Where rows of tables outlive the process; without it they do not. */
  readonly rows?: { readonly folder: string; readonly key: string } | undefined;
  /** Metrics sources given by URL that outlive the process, and who keeps them. */
  readonly sources?: KeptSources | undefined;
  readonly onSource?: (change: SourceChange) => void;
  /** The identity provider rotated the refresh-token of the context's user. */
  readonly onRotated?: (tokens: Rotation) => void;
  readonly scope: Scope;
}

export interface Session {
  readonly services: readonly Served[];
  suspend(): void;
  resume(): void;
  setReadOnly(on: boolean): void;
  /** Newer tokens of the same user entry. */
  setAuthProvider(provider: AuthProvider): void;
  /** Files of this machine the person chose for a transfer. */
  grant(grant: Grant): void;
  /** Ends the tables; settles when their rows are kept. */
  keepRows(): Promise<void>;
  /** Takes away what would outlive the session in the cluster: debug pods of nodes. */
  leave(): Promise<void>;
}

export function openSession(options: SessionOptions): Session {
  const { context, environment, readOnly, rows, scope } = options;
  const api = openApi(context, environment, scope, options.onRotated);
  const guard = guardReadOnly(api, context.name, readOnly === true);
  const grants = new Grants();
  const access = new Access(api);
  const connection = new Connection(api, access, scope);
  const discovery = new Discovery(api, scope);
  const namespaces = new Namespaces({ api, scope, own: context.namespace });
  const keep = rows && rowFiles({ ...rows, identity: identityOf(context) });
  const caches = new Caches({ api, ...(keep && { keep }) }, scope);
  const kinds = new KindIndex(discovery);
  const usage = new UsagePolls(api, scope);
  const partsOf = new WeakMap<LiveTable['table'], readonly string[]>();
  const now = (): number => Date.now() + api.clockOffset;
  const descriptors = new Descriptors(api, () => discovery.state, now);
  const rights = new ListRights((kind, namespace, signal) => {
    const question = { verb: 'list', group: kind.group, resource: kind.resource, namespace };
    // A server that cannot tell is asked for the list itself: its answer is the truth.
    return access.can(question, signal).then(
      (answer) => answer.allowed,
      () => true,
    );
  });
  // A table whose kind left discovery (its CRD was deleted) asks once more and then says so;
  // one that was gone asks again when kinds change.
  discovery.observed.follow(() => {
    for (const table of caches.loaded())
      if (!kinds.byId(table.id) || table.state.phase === 'gone') table.retry();
  }, scope);
  connection.onRecovered(() => {
    rights.forget();
    caches.retry();
    namespaces.refresh();
    void discovery.refresh();
  });

  // A table that was denied holds nothing for those who choose namespaces they may read.
  const loadedWhole = (id: KindId) =>
    caches.loaded().find((table) => {
      const whole = table.id === id ? table.stateOf('') : undefined;
      return whole !== undefined && whole.phase !== 'denied';
    });

  const acquire = async (kind: KindInfo, chosen: readonly string[], held: Scope): Promise<LiveTable> => {
    const { signal } = held;
    const whole = loadedWhole(kind.id) !== undefined;
    const parts = await namespaceScope(kind, chosen, rights, () => namespaces.state, whole, signal);
    const descriptor = await descriptors.of(kind, parts?.[0], signal);
    const expected = rights.counted(kind.id);
    const live = caches.acquire({ served: kind, descriptor, namespaces: parts, expected }, signal);
    // Somebody looks again at what was denied: the right may have been granted since.
    if (live.state.phase === 'denied') live.retry();
    if (parts) partsOf.set(live.table, parts);
    return live;
  };

  const liveCount = (id: KindId, chosen: readonly string[]): number | undefined => {
    const table = loadedWhole(id);
    if (!table || (table.state.phase !== 'live' && table.state.phase !== 'polling')) return undefined;
    if (chosen.length === 0) return table.table.count();
    return chosen.reduce((sum, namespace) => sum + table.table.count(namespace), 0);
  };

  const sources = new Sources({
    api,
    environment,
    scope,
    kept: options.sources,
    onKept: options.onSource,
  });

  const maps = topologyService({
    api,
    scope,
    askMetrics: async (expr, signal) => {
      await sources.ready(namespaces.state.names);
      return (await sources.client()).instant(expr, undefined, signal);
    },
    kind: (group, kind) => kinds.byGroupKind(group, kind),
    byId: (id) => kinds.byId(id),
    all: () => discovery.state.kinds,
    ready: (signal) => discovery.ready(signal),
    onKinds: (listener, held) => discovery.observed.follow(listener, held),
    scopeOf: (kind, chosen, signal) =>
      namespaceScope(kind, chosen, rights, () => namespaces.state, false, signal),
  });

  const policies = netpolService({
    api,
    gate: caches.gate,
    scope,
    kinds: {
      byId: (id) => kinds.byId(id),
      ready: (signal) => kinds.ready(signal),
      groups: () => [...new Set(discovery.state.kinds.map(({ group }) => group))],
      onChange: (listener, until) => kinds.observe(listener, until),
    },
    namespaces: () => namespaces.state.names,
  });

  void connection.start();

  const resume = (): void => {
    void connection.resume();
    caches.resume();
    usage.resume();
    policies.resume();
    maps.resume();
    namespaces.refresh();
  };
  // A server on this machine needs no network.
  const { hostname } = new URL(context.cluster.server);
  const isHere = hostname === 'localhost' || isLoopback(hostname.replace(/^\[|\]$/g, ''));
  watchWake(scope, (reason) => {
    if (reason !== 'offline') resume();
    else if (!isHere) {
      caches.suspend();
      maps.suspend();
      usage.suspend();
      connection.offline();
    }
  });

  const nodePods = new NodePods(api);
  const history = new EventHistory();
  return {
    services: [
      clusterService({
        api,
        status: connection,
        kinds: discovery,
        namespaces,
        kind: (id) => kinds.byId(id),
        ready: (signal) => discovery.ready(signal),
        liveCount,
        onAnswer: (id, count) => rights.note(id, count),
        reconnect: async () => {
          await connection.reconnect();
          access.forget();
          rights.forget();
          caches.retry();
          namespaces.refresh();
          await discovery.refresh();
        },
      }),
      accessService(access),
      eventsService({ api, scope, history }),
      actionsService({
        api,
        kinds: {
          byId: (id) => kinds.byId(id),
          byGroupKind: (group, kind) => kinds.byGroupKind(group, kind),
          all: () => discovery.state.kinds,
          ready: (signal) => discovery.ready(signal),
        },
        now,
      }),
      connectionTestService({ context, environment, api, environmentFrom: options.environmentFrom }),
      objectsService({ api, kinds, scope }),
      logsService({ api, kind: (id) => kinds.byId(id), ready: (signal) => discovery.ready(signal), now }),
      rbacService({
        api,
        gate: caches.gate,
        access,
        namespaces: () => namespaces.state.names,
        onNamespaces: (listener, held) => namespaces.observe(listener, held),
        scope,
      }),
      admissionService(api, now),
      authenticationService({ api, context, now }),
      ...metricsServices(sources, {
        api,
        gate: caches.gate,
        scope,
        usage,
        namespaces: () => namespaces.state.names,
      }),
      resourcesService({
        api,
        kinds,
        acquire,
        feedUse: ({ id }, live, held) =>
          id === 'pods' || id === 'nodes'
            ? usage.feed(id, live, partsOf.get(live.table) ?? null, held)
            : undefined,
        loaded: () => kinds.withTables(caches.loaded()),
        keptEvents: {
          put: (event) => void history.put(event as unknown as CoreEvent),
          of: (uid) => history.of(uid),
        },
        now,
        scope,
      }),
      shellService({ api, scope }),
      policies.served,
      maps.served,
      forwardService({ api, scope }),
      filesService({ api, grants }),
      probeService({ api, reach: reach(api, scope) }),
      debugService({ api, nodePods }),
    ],
    setReadOnly: (on) => guard.set(on),
    setAuthProvider: (provider) => {
      if (api.credentials.adopt?.(provider) === true && connection.state.phase === 'unauthorized')
        void connection.reconnect();
    },
    grant: (grant) => grants.add(grant),
    keepRows: () => caches.close(),
    leave: () => nodePods.leave(scope.signal),
    suspend: () => {
      caches.suspend();
      maps.suspend();
      usage.suspend();
      connection.suspend();
    },
    resume,
  };
}

/** Rows of one server, user and file are never shown as those of another. */
function identityOf({ id, cluster, user }: ContextConfig): string {
  return JSON.stringify([id, cluster.server, user.name, user.impersonate ?? null]);
}
