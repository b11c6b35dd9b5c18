/** The stream of events by a filter; a changed filter is an update of the same stream. */
import { useEffect, useRef, useState } from 'react';
import { events, type EventsBatch } from '#shared/contract/events';
import type { RpcClient } from '#shared/rpc/client';
import type { OpenStream } from '#shared/rpc/client';
import type { InputOf } from '#shared/rpc/define';

export type EventsFilter = InputOf<(typeof events)['members']['stream']>;

/** The newest batch; kept while the stream is away. */
export function useEvents(client: RpcClient | undefined, filter: EventsFilter): EventsBatch | undefined {
  const [batch, setBatch] = useState<EventsBatch | undefined>(undefined);
  const latest = useRef(filter);
  const stream = useRef<OpenStream<EventsFilter> | undefined>(undefined);
  useEffect(() => {
    latest.current = filter;
    stream.current?.update(filter);
  }, [filter]);
  useEffect(() => {
    if (!client) return undefined;
    const open = client.open(events, 'stream', latest.current, { onData: setBatch, onEnd: () => undefined });
    stream.current = open;
    return () => {
      stream.current = undefined;
      open.close();
    };
  }, [client]);
  return batch;
}
