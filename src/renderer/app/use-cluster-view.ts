/** What the frame shows of a context: name, colour, state. */
import { baseContext } from '#shared/contract/app';
import { useAppData, useSettings } from '../data/app-data';
import { useClusterData } from '../data/cluster-data';
import { ownTitle } from '../data/context-title';
import { useClockText } from '../ui/clock';
import { clusterColor, clusterColorValue } from '../ui/theme/cluster-color';
import { liveStatus, type LiveStatus } from './live-status';

export interface ClusterView {
  readonly title: string;
  readonly provider: string | undefined;
  /** CSS value. */
  readonly color: string;
  readonly protected: boolean;
  readonly readOnly: boolean;
  readonly name: string;
  readonly server: string;
}

export function useClusterView(contextId: string): ClusterView {
  const context = useAppData((state) => state.contextById.get(contextId));
  const { contexts } = useSettings();
  const own = contexts[baseContext(contextId)];
  const base = useAppData((state) => state.contextById.get(baseContext(contextId))?.name);
  const name = context?.name ?? contextId;
  const title = context ? ownTitle(context, contexts) : { title: name, provider: undefined };
  return {
    ...title,
    color: clusterColorValue(clusterColor(base ?? name, own?.color)),
    protected: own?.protected === true,
    readOnly: own?.readOnly === true,
    name,
    server: context?.server ?? '',
  };
}

/** State of a cluster, with ages that follow the clock; drawn again only when a word changes. */
export function useLiveStatus(contextId: string): LiveStatus {
  const host = useAppData((state) => state.hosts.get(contextId));
  const { status } = useClusterData(contextId);
  const text = useClockText((now) => liveStatus(host, status, now).text);
  return { ...liveStatus(host, status, Date.now()), text };
}
