/** The page's side of the `kubeconfig` slice: one question asked again when its input changes. */
import { useCallback, useEffect, useState } from 'react';
import { kubeconfig } from '#shared/contract/kubeconfig';
import type { RpcClient } from '#shared/rpc/client';
import { fail, isCancelled, toAppError, type AppError } from '#shared/util/app-error';
import { useAppData } from '../../data/app-data';

/** The main process' client; AppFailure `closed` while it is away. */
export function mainClient(): RpcClient {
  const { client } = useAppData.getState();
  if (!client) throw fail('closed', 'The main process is not connected yet. Try again in a moment.');
  return client;
}

export interface Asked<T> {
  readonly data: T | undefined;
  readonly error: AppError | undefined;
  readonly again: () => void;
}

/** Asks when `key` changes (null: not at all); the answer before stays until the next one. */
export function useAsked<T>(
  key: string | null,
  ask: (client: RpcClient, signal: AbortSignal) => Promise<T>,
): Asked<T> {
  const [state, setState] = useState<{ readonly data?: T; readonly error?: AppError }>({});
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (key === null) {
      setState({});
      return undefined;
    }
    const controller = new AbortController();
    const run = async (): Promise<void> => {
      try {
        const data = await ask(mainClient(), controller.signal);
        if (!controller.signal.aborted) setState({ data });
      } catch (thrown) {
        if (!controller.signal.aborted && !isCancelled(thrown)) setState({ error: toAppError(thrown) });
      }
    };
    void run();
    return () => controller.abort();
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `key` stands for what `ask` closes over
  }, [key, turn]);
  const again = useCallback(() => setTurn((before) => before + 1), []);
  return { data: state.data, error: state.error, again };
}

export interface Doing {
  readonly busy: boolean;
  readonly error: AppError | undefined;
  /** Runs one change at a time; resolves true when it was done. */
  readonly run: (change: (client: RpcClient) => Promise<void>) => Promise<boolean>;
}

export function useDoing(): Doing {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<AppError>();
  const run = async (change: (client: RpcClient) => Promise<void>): Promise<boolean> => {
    if (busy) return false;
    setBusy(true);
    setError(undefined);
    try {
      await change(mainClient());
      return true;
    } catch (thrown) {
      setError(toAppError(thrown));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, error, run };
}

/** Lets the person choose files or folders and shows what they hold. */
export async function choosePath(what: 'file' | 'folder'): Promise<string | null> {
  return mainClient().call(kubeconfig, 'choose', { what });
}
