/**
 * What each connected cluster's host says of it: state, kinds, namespaces. Opened once
 * per cluster by the frame and read by everybody; the last known state stays while a
 * host restarts, so that screens go stale and not blank.
 */
import { useMemo } from 'react';
import { create } from 'zustand';
import {
  cluster,
  type ClusterStatus,
  type KindInfo,
  type KindsState,
  type NamespacesState,
} from '#shared/contract/cluster';
import type { RpcClient } from '#shared/rpc/client';
import { useClusterId } from './connections';

export interface ClusterData {
  readonly status: ClusterStatus | undefined;
  readonly kinds: KindsState | undefined;
  readonly kindById: ReadonlyMap<string, KindInfo>;
  readonly namespaces: NamespacesState | undefined;
}

const nothing: ClusterData = {
  status: undefined,
  kinds: undefined,
  kindById: new Map(),
  namespaces: undefined,
};

export const useClusters = create<{ readonly byId: Readonly<Record<string, ClusterData>> }>()(() => ({
  byId: {},
}));

export function clusterData(contextId: string): ClusterData {
  return useClusters.getState().byId[contextId] ?? nothing;
}

/** State of a cluster by context id; empty fields before its host has spoken. */
export function useClusterData(contextId: string): ClusterData {
  return useClusters((state) => state.byId[contextId] ?? nothing);
}

/** State of the cluster this part of the screen shows. */
export function useThisCluster(): ClusterData {
  return useClusterData(useClusterId());
}

/** Kind by id (`pods`, `deployments.apps`) of the cluster this part of the screen shows. */
export function useKind(id: string | undefined): KindInfo | undefined {
  const { kindById } = useThisCluster();
  return useMemo(() => (id === undefined ? undefined : kindById.get(id)), [kindById, id]);
}

function set(contextId: string, change: Partial<ClusterData>): void {
  useClusters.setState((state) => ({
    byId: { ...state.byId, [contextId]: { ...(state.byId[contextId] ?? nothing), ...change } },
  }));
}

/** Follows a cluster's state until the returned function is called. */
export function feedClusterData(contextId: string, client: RpcClient): () => void {
  const ignore = { onEnd: () => undefined };
  const streams = [
    client.open(cluster, 'status', undefined, { ...ignore, onData: (status) => set(contextId, { status }) }),
    client.open(cluster, 'kinds', undefined, {
      ...ignore,
      onData: (kinds) =>
        set(contextId, { kinds, kindById: new Map(kinds.kinds.map((kind) => [kind.id, kind])) }),
    }),
    client.open(cluster, 'namespaces', undefined, {
      ...ignore,
      onData: (namespaces) => set(contextId, { namespaces }),
    }),
  ];
  return () => {
    for (const stream of streams) stream.close();
  };
}
