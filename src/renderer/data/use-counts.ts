/** Live numbers of objects per kind in the chosen namespaces; the last ones stay while a host restarts. */
import { useEffect, useRef, useState } from 'react';
import { cluster, type Count } from '#shared/contract/cluster';
import type { OpenStream } from '#shared/rpc/client';
import { useCluster } from './connections';

/** By kind id. */
export type Counts = Readonly<Record<string, Count>>;

/** What the navigation of each context shows now, for whoever wants a number without a stream. */
export const lastCounts = new Map<string, Counts>();

export function useCounts(
  contextId: string,
  kinds: readonly string[],
  namespaces: readonly string[],
  hidden: boolean,
): Counts {
  const client = useCluster();
  const [counts, setCounts] = useState<Counts>({});
  const stream = useRef<OpenStream<{ kinds?: string[]; namespaces?: string[]; hidden?: boolean }> | null>(
    null,
  );
  const want = { kinds: [...kinds], namespaces: [...namespaces], hidden };
  const latest = useRef(want);
  const key = JSON.stringify(want);
  const any = kinds.length > 0;

  useEffect(() => {
    latest.current = JSON.parse(key) as typeof want;
    stream.current?.update(latest.current);
  }, [key]);
  const space = JSON.stringify(namespaces);
  // Numbers of other namespaces are wrong numbers.
  useEffect(() => setCounts({}), [contextId, space]);
  useEffect(() => {
    if (!client || !any) return undefined;
    const open = client.open(cluster, 'counts', latest.current, {
      onData: (batch) => setCounts(batch),
      onEnd: () => undefined,
    });
    stream.current = open;
    return () => {
      stream.current = null;
      open.close();
    };
  }, [client, any]);
  return counts;
}
