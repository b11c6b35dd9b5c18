/** One question to the host at a time: asked when its key changes, the last answer stays until the next. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { toAppError, type AppError } from '#shared/util/app-error';

export interface Asked<T> {
  readonly data: T | undefined;
  readonly error: AppError | undefined;
  readonly busy: boolean;
  again(): void;
}

/** `ask` undefined: nothing is asked now. `key` says when it is another question. */
export function useAsked<T>(
  ask: ((signal: AbortSignal, again: boolean) => Promise<T>) | undefined,
  key: string,
): Asked<T> {
  const [state, setState] = useState<{ data?: T; error?: AppError; busy: boolean }>({ busy: false });
  const [round, setRound] = useState(0);
  const latest = useRef(ask);
  latest.current = ask;
  const seen = useRef(0);
  const can = ask !== undefined;
  useEffect(() => {
    const run = latest.current;
    if (!run) return undefined;
    const ended = new AbortController();
    const again = seen.current !== round;
    seen.current = round;
    setState((before) => ({ ...before, busy: true }));
    run(ended.signal, again).then(
      (data) => {
        if (!ended.signal.aborted) setState({ data, busy: false });
      },
      (thrown: unknown) => {
        if (!ended.signal.aborted)
          setState((before) => ({ ...before, error: toAppError(thrown), busy: false }));
      },
    );
    return () => ended.abort();
  }, [can, key, round]);
  const again = useCallback(() => setRound((count) => count + 1), []);
  return { data: state.data, error: state.error, busy: state.busy, again };
}
