/** State of a cluster's Prometheus, searched for when a screen first needs it. */
import { metrics, type SourceState } from '#shared/contract/metrics';
import { useCluster, useStream } from '../../data/connections';

export function useSource(): SourceState | undefined {
  return useStream(useCluster(), metrics, 'source', undefined).data;
}
