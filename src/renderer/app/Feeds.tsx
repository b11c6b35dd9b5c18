/** Follows the main process and every running host; opens a first cluster; draws nothing. */
import { useEffect, useSyncExternalStore, type ReactNode } from 'react';
import { feedAppData, useAppData } from '../data/app-data';
import { feedClusterData } from '../data/cluster-data';
import { useApp, useConnections } from '../data/connections';
import { keepBenches } from '../data/bench-storage';
import { openFirstCluster } from '../data/session';

export function Feeds(): ReactNode {
  const client = useApp();
  const connections = useConnections();
  const hosts = useAppData((state) => state.hosts);
  const ready = useAppData((state) => state.contexts !== undefined && state.settings !== undefined);

  useEffect(() => (client ? feedAppData(client) : undefined), [client]);
  useEffect(() => {
    if (hosts.size > 0) connections.hosts([...hosts.values()]);
  }, [connections, hosts]);
  useEffect(() => {
    if (ready) openFirstCluster();
  }, [ready]);
  useEffect(keepBenches, []);

  const followed = [...hosts.values()].filter((host) => host.phase !== 'stopped' && host.phase !== 'failed');
  return followed.map((host) => <ClusterFeed key={host.contextId} contextId={host.contextId} />);
}

function ClusterFeed({ contextId }: { readonly contextId: string }): ReactNode {
  const connections = useConnections();
  const client = useSyncExternalStore(connections.subscribe, () => connections.cluster(contextId));
  useEffect(() => (client ? feedClusterData(contextId, client) : undefined), [contextId, client]);
  return null;
}
