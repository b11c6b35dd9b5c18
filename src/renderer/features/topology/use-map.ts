/** The stream of one map. A changed question is an update of the same stream; what was shown stays meanwhile. */
import { useEffect, useRef, useState } from 'react';
import { topology } from '#shared/contract/topology';
import type { OpenStream, RpcClient } from '#shared/rpc/client';
import type { InputOf, UpdateOf } from '#shared/rpc/define';
import type { AppError } from '#shared/util/app-error';
import { nextState, type MapState } from './map-state';

type Stream = (typeof topology)['members']['map'];
export type MapQueryInput = Omit<UpdateOf<Stream>, 'request' | 'hidden'>;

export interface MapFeed {
  readonly state: MapState | undefined;
  readonly session: string;
  readonly error: AppError | undefined;
  /** The answer to the newest question is not here yet. */
  readonly pending: boolean;
}

let sessions = 0;

export function useMap(client: RpcClient | undefined, query: MapQueryInput, visible: boolean): MapFeed {
  const [state, setState] = useState<MapState | undefined>(undefined);
  const [error, setError] = useState<AppError | undefined>(undefined);
  const [session] = useState(() => `map-${(sessions += 1)}-${Math.random().toString(36).slice(2)}`);
  const key = JSON.stringify(query);
  const asked = useRef({ key: '', request: 0 });
  const stream = useRef<OpenStream<UpdateOf<Stream>> | undefined>(undefined);
  const now = useRef<InputOf<Stream>>(undefined as never);
  if (asked.current.key !== key) asked.current = { key, request: asked.current.request + 1 };
  now.current = { ...query, request: asked.current.request, hidden: !visible, session };

  useEffect(() => {
    const { session: _session, ...update } = now.current;
    stream.current?.update(update);
  }, [key, visible]);

  useEffect(() => {
    if (!client) return undefined;
    let last: MapState | undefined;
    const open = client.open(topology, 'map', now.current, {
      onData: (batch) => {
        last = nextState(last, batch);
        if (last) setState(last);
        setError(undefined);
      },
      onEnd: setError,
    });
    stream.current = open;
    return () => {
      stream.current = undefined;
      open.close();
    };
  }, [client]);
  return { state, session, error, pending: state?.batch.request !== asked.current.request };
}
