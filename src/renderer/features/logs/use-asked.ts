/** An answer of the host to a question that changes while a person types; the newest question counts. */
import { useEffect, useState } from 'react';
import type { RpcClient } from '#shared/rpc/client';
import { toAppError, type AppError } from '#shared/util/app-error';
import { useCluster } from '../../data/connections';

export interface Asked<T> {
  readonly answer: T | undefined;
  readonly error: AppError | undefined;
  readonly waiting: boolean;
  readonly again: () => void;
}

/** Typing goes on for this long before a question is asked (ms). */
const PAUSE = 250;

/** `key` names the question; undefined asks nothing. */
export function useAsked<T>(
  key: string | undefined,
  ask: (client: RpcClient, signal: AbortSignal) => Promise<T>,
): Asked<T> {
  const client = useCluster();
  const [turn, setTurn] = useState(0);
  const [state, setState] = useState<{ key?: string; answer?: T; error?: AppError }>({});
  useEffect(() => {
    if (key === undefined || !client) return undefined;
    const controller = new AbortController();
    const timer = setTimeout(() => {
      ask(client, controller.signal).then(
        (answer) => !controller.signal.aborted && setState({ key, answer }),
        (thrown: unknown) => !controller.signal.aborted && setState({ key, error: toAppError(thrown) }),
      );
    }, PAUSE);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the key says when the question is another
  }, [key, client, turn]);
  return {
    answer: state.answer,
    error: state.key === key ? state.error : undefined,
    waiting: key !== undefined && state.key !== key,
    again: () => setTurn(turn + 1),
  };
}
