/**
 * Runs the queries of one explorer together, over the same range. A new run cancels the one before;
 * what is known stays until its successor is there.
 */
import { useCallback, useEffect, useRef, useState } from 'react';
import { metrics, type SourceState } from '#shared/contract/metrics';
import type { Exemplars } from '#shared/domain/prom/exemplars';
import { rangeFor } from '#shared/domain/prom/range';
import { toAppError } from '#shared/util/app-error';
import { useCluster } from '../../data/connections';
import { remember } from './history-store';
import type { Result } from './queries';
import type { TimeChoice } from './time';

export type Mode = 'range' | 'instant';

const none: Exemplars = { found: [], total: 0 };

export interface Asked {
  readonly id: string;
  readonly expr: string;
}

export interface QueriesRun {
  readonly results: Readonly<Record<string, Result>>;
  readonly busy: boolean;
  run(queries: readonly Asked[]): void;
  cancel(): void;
}

export interface QueriesInput {
  readonly source: SourceState | undefined;
  readonly time: TimeChoice;
  readonly mode: Mode;
  /** px of the chart. */
  readonly width: number;
  /** The page is on screen. */
  readonly shown: boolean;
  /** Run when the source is ready. */
  readonly first: readonly Asked[];
}

export function useQueries({ source, time, mode, width, shown, first }: QueriesInput): QueriesRun {
  const client = useCluster();
  const [results, setResults] = useState<Readonly<Record<string, Result>>>({});
  const [busy, setBusy] = useState(false);
  const running = useRef<AbortController | undefined>(undefined);
  const asked = useRef(first);
  const ready = source?.phase === 'ready';

  const run = async (queries: readonly Asked[]): Promise<void> => {
    const whole = queries.filter(({ expr }) => expr.trim() !== '');
    asked.current = whole;
    running.current?.abort();
    if (!client || whole.length === 0) {
      setResults({});
      setBusy(false);
      return;
    }
    const mine = new AbortController();
    const { signal } = mine;
    running.current = mine;
    setBusy(true);
    const now = (Date.now() + (source?.clockSkew ?? 0)) / 1000;
    const [from, to] = [time.zoom?.from ?? now - time.span, time.zoom?.to ?? now];
    const range = rangeFor(from, to, width, source?.schema?.scrape ?? 30);
    const one = async ({ expr }: Asked): Promise<Result> => {
      const began = performance.now();
      const took = (): number => Math.round(performance.now() - began);
      try {
        if (mode === 'instant') {
          const at = time.zoom === null ? {} : { at: time.zoom.to };
          return {
            expr,
            instant: await client.call(metrics, 'query', { expr, ...at }, signal),
            took: took(),
          };
        }
        return { expr, range: await client.call(metrics, 'range', { expr, ...range }, signal), took: took() };
      } catch (thrown) {
        return { expr, error: toAppError(thrown), took: took() };
      }
    };
    const found = await Promise.all(whole.map(one));
    if (running.current !== mine) return;
    setBusy(false);
    if (signal.aborted) return;
    setResults(Object.fromEntries(whole.map(({ id }, i) => [id, found[i]!])));
    for (const { expr } of whole) remember(expr);
    if (mode === 'instant') return;
    // The lines are right without them, and do not wait.
    const { start, end } = range;
    const exemplars = await Promise.all(
      whole.map(({ expr }) =>
        client.call(metrics, 'exemplars', { expr, start, end }, signal).catch(() => none),
      ),
    );
    if (running.current !== mine || signal.aborted || exemplars.every(({ total }) => total === 0)) return;
    setResults(
      Object.fromEntries(whole.map(({ id }, i) => [id, { ...found[i]!, exemplars: exemplars[i]! }])),
    );
  };
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    if (ready && shown && asked.current.some(({ expr }) => expr !== '')) void latest.current(asked.current);
  }, [ready, shown, mode, time.span, time.zoom, time.asked]);
  useEffect(() => {
    const nothing = Object.keys(results).length === 0;
    if (!shown || !ready || time.every === 0 || time.zoom || nothing || busy) return undefined;
    const timer = setTimeout(() => void latest.current(asked.current), time.every * 1000);
    return () => clearTimeout(timer);
  }, [shown, ready, time.every, time.zoom, results, busy]);
  useEffect(() => () => running.current?.abort(), []);
  return {
    results,
    busy,
    run: useCallback((queries) => void latest.current(queries), []),
    cancel: useCallback(() => running.current?.abort(), []),
  };
}
