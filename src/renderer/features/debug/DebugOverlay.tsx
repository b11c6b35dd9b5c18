/** The dialogs of debugging, and the strip that tells what earlier sessions left. Loaded when asked. */
import { useState, type ReactNode } from 'react';
import type { RpcClient } from '#shared/rpc/client';
import { ClusterIdContext, useConnections } from '../../data/connections';
import { lazy } from '../../ui/lazy';
import { LeftoverStrip } from './LeftoverStrip';
import { useDebugDialogs, type DebugDialogs } from './sessions';

const DebugDialog = lazy(async () => ({ default: (await import('./DebugDialog')).DebugDialog }));
const DebugPodsDialog = lazy(async () => ({ default: (await import('./DebugPodsDialog')).DebugPodsDialog }));

export function DebugOverlay(): ReactNode {
  const { asked, list } = useDebugDialogs();
  return (
    <>
      {asked && <Asked key={asked.id} asked={asked} />}
      {list !== null && <DebugPodsDialog key={list} clusterId={list} />}
      <LeftoverStrip />
    </>
  );
}

function Asked({ asked }: { readonly asked: NonNullable<DebugDialogs['asked']> }): ReactNode {
  const connections = useConnections();
  // The host the question was asked of; a newer one would need the question anew.
  const [client] = useState<RpcClient | undefined>(() => connections.cluster(asked.clusterId));
  return (
    <ClusterIdContext value={asked.clusterId}>
      <DebugDialog client={client} clusterId={asked.clusterId} object={asked.object} />
    </ClusterIdContext>
  );
}
