/** Serves the `cluster` slice: connection state, kinds, namespaces, counts. */
import {
  cluster,
  type ClusterStatus,
  type KindInfo,
  type KindsState,
  type NamespacesState,
} from '#shared/contract/cluster';
import type { KindId } from '#shared/kinds/define';
import { coalesce, implement, type Served, type Sink } from '#shared/rpc/server';
import type { Scope } from '#shared/rpc/scope';
import type { Api } from '../../k8s/api';
import { Counter } from './counts';

/** A value that changes: what discovery, connection and namespaces each are to a screen. */
export interface Observable<T> {
  readonly state: T;
  /** Listens until the scope ends; being listened to may start the work behind it. */
  observe(listener: () => void, scope: Scope): void;
}

export interface ClusterDeps {
  readonly api: Api;
  readonly status: Observable<ClusterStatus>;
  readonly kinds: Observable<KindsState>;
  readonly namespaces: Observable<NamespacesState>;
  kind(id: KindId): KindInfo | undefined;
  ready(signal: AbortSignal): Promise<unknown>;
  liveCount(id: KindId, namespaces: readonly string[]): number | undefined;
  onAnswer(id: KindId, count: number | null | 'denied'): void;
  reconnect(): Promise<void>;
}

export function clusterService(deps: ClusterDeps): Served {
  return implement(cluster, {
    status: (_, sink) => feed(deps.status, sink),
    kinds: (_, sink) => feed(deps.kinds, sink),
    namespaces: (_, sink) => feed(deps.namespaces, sink),
    counts: (input, sink) => {
      const take = (): Record<string, number | null | 'denied'> => Object.fromEntries(counter.counts);
      const out = coalesce(sink, take, 250);
      const first = { ...input, hidden: input.hidden ?? false };
      const counter: Counter = new Counter(deps, first, sink.scope, () => out.mark());
      return (change) => counter.update(change);
    },
    reconnect: () => deps.reconnect(),
  });
}

function feed<T>(source: Observable<T>, sink: Sink<T>): void {
  const out = coalesce(sink, () => source.state, 50);
  source.observe(out.mark, sink.scope);
  out.mark();
}
