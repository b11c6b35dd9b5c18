/** One try at a time: its answer or its failure, and a way to stop it. */
import { useEffect, useRef, useState } from 'react';
import { isCancelled, toAppError, type AppError } from '#shared/util/app-error';

export interface Try<T> {
  readonly busy: boolean;
  readonly answer: T | undefined;
  readonly error: AppError | undefined;
  readonly start: (run: (signal: AbortSignal) => Promise<T>) => void;
  readonly stop: () => void;
}

/** A new try forgets the answer before; leaving the screen stops it. */
export function useTry<T>(): Try<T> {
  const running = useRef<AbortController>(undefined);
  const [busy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<T>();
  const [error, setError] = useState<AppError>();
  useEffect(() => () => running.current?.abort(), []);
  const start = (run: (signal: AbortSignal) => Promise<T>): void => {
    running.current?.abort();
    const own = new AbortController();
    running.current = own;
    setBusy(true);
    setAnswer(undefined);
    setError(undefined);
    run(own.signal)
      .then(
        (found) => {
          if (!own.signal.aborted) setAnswer(found);
        },
        (thrown: unknown) => {
          if (!own.signal.aborted && !isCancelled(thrown)) setError(toAppError(thrown));
        },
      )
      .finally(() => {
        if (running.current === own) setBusy(false);
      });
  };
  const stop = (): void => {
    running.current?.abort();
    running.current = undefined;
    setBusy(false);
  };
  return { busy, answer, error, start, stop };
}
