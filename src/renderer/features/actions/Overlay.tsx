/** The dialog of the action that was asked for, and the strip with the last result. */
import { useEffect, useState, type ReactNode } from 'react';
import type { RpcClient } from '#shared/rpc/client';
import { useClusterData } from '../../data/cluster-data';
import { useConnections } from '../../data/connections';
import { lazy } from '../../ui/lazy';
import { closeAction, useActionDialog, type Asked } from './dialog-state';
import { ResultStrip } from './ResultStrip';
import { RunDialog } from './RunDialog';

const ActionDialog = lazy(() =>
  import('./ActionDialog').then((module) => ({ default: module.ActionDialog })),
);
const DrainDialog = lazy(() => import('./DrainDialog').then((module) => ({ default: module.DrainDialog })));

export function ActionsOverlay(): ReactNode {
  const asked = useActionDialog((state) => state.asked);
  return (
    <>
      {asked && <Dialog key={asked.id} asked={asked} />}
      <ResultStrip />
    </>
  );
}

function Dialog({ asked }: { readonly asked: Asked }): ReactNode {
  const connections = useConnections();
  const { kindById } = useClusterData(asked.clusterId);
  // The host the question was asked of; a newer one would need the question anew.
  const [client] = useState<RpcClient | undefined>(() => connections.cluster(asked.clusterId));
  const [first] = asked.type === 'action' ? asked.objects : [];
  const kind = first && kindById.get(first.kind);
  const lost = asked.type === 'action' && !kind;
  useEffect(() => {
    if (lost) closeAction();
  }, [lost]);
  if (asked.type === 'run') return <RunDialog id={asked.run} client={client} />;
  if (asked.type === 'drain')
    return <DrainDialog client={client} clusterId={asked.clusterId} node={asked.node} />;
  if (!kind) return null;
  return (
    <ActionDialog
      client={client}
      clusterId={asked.clusterId}
      verb={asked.verb}
      kind={kind}
      objects={asked.objects}
    />
  );
}
