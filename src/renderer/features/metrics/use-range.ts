/**
 * Range queries of one chart: asked while it can be seen, again at each refresh, cancelled
 * when out of sight. What was known stays on screen until the newer answer is there.
 */
import { useEffect, useRef, useState, type RefObject } from 'react';
import { metrics, type RangeAnswer } from '#shared/contract/metrics';
import { withWindow } from '#shared/domain/prom/charts';
import { rangeFor, rateWindow, type PromRange } from '#shared/domain/prom/range';
import { toAppError, type AppError } from '#shared/util/app-error';
import { useCluster } from '../../data/connections';
import type { TimeChoice } from './time';

export interface RangeState {
  readonly range: PromRange | undefined;
  /** In the order of the expressions; undefined where one failed. */
  readonly answers: readonly (RangeAnswer | undefined)[];
  /** Of the same expressions `time.compare` earlier; undefined where none was asked for or it failed. */
  readonly earlier: readonly (RangeAnswer | undefined)[];
  readonly exprs: readonly string[];
  readonly error: AppError | undefined;
  readonly loading: boolean;
}

export interface RangeQuery {
  /** With `$window` for the window of `rate()`. */
  readonly exprs: readonly string[];
  readonly width: number;
  readonly scrape: number;
  /** Prometheus' clock minus ours, ms. */
  readonly skew: number;
  readonly time: TimeChoice;
  readonly shown: boolean;
}

const nothing: RangeState = {
  range: undefined,
  answers: [],
  earlier: [],
  exprs: [],
  error: undefined,
  loading: false,
};

export function useRange({ exprs, width, scrape, skew, time, shown }: RangeQuery): RangeState {
  const client = useCluster();
  const [state, setState] = useState<RangeState>(nothing);
  const key = JSON.stringify(exprs);
  // A width that changes by little asks for the same step: the points stay.
  const room = Math.ceil(width / 60) * 60;
  useEffect(() => {
    if (!client || !shown || room === 0 || exprs.length === 0) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ended = new AbortController();
    const turn = async (): Promise<void> => {
      const now = (Date.now() + skew) / 1000;
      const range = rangeFor(time.zoom?.from ?? now - time.span, time.zoom?.to ?? now, room, scrape);
      const texts = exprs.map((expr) => withWindow(expr, rateWindow(range.step, scrape)));
      setState((before) => ({ ...before, loading: true }));
      const back = Math.round(time.compare / range.step) * range.step;
      const before = { ...range, start: range.start - back, end: range.end - back };
      const ask = (expr: string, when: PromRange): Promise<RangeAnswer> =>
        client.call(metrics, 'range', { expr, ...when }, ended.signal);
      const [found, past] = await Promise.all([
        Promise.allSettled(texts.map((expr) => ask(expr, range))),
        Promise.allSettled(back > 0 ? texts.map((expr) => ask(expr, before)) : []),
      ]);
      if (ended.signal.aborted) return;
      const failed = found.find((one) => one.status === 'rejected');
      const answers = found.map((one) => (one.status === 'fulfilled' ? one.value : undefined));
      const error = failed?.status === 'rejected' ? toAppError(failed.reason) : undefined;
      const earlier = past.map((one) => (one.status === 'fulfilled' ? one.value : undefined));
      setState((before) =>
        // All failed: the last picture stays, marked by its error.
        error && answers.every((one) => one === undefined) && before.range
          ? { ...before, error, loading: false }
          : { range, answers, earlier, exprs: texts, error, loading: false },
      );
      if (time.every > 0 && !time.zoom) timer = setTimeout(() => void turn(), time.every * 1000);
    };
    void turn();
    return () => {
      ended.abort();
      clearTimeout(timer);
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `key` stands for `exprs`
  }, [client, key, room, scrape, skew, time, shown]);
  return state;
}

/** Whether an element is on screen or near it. */
export function useSeen(): [RefObject<HTMLDivElement | null>, boolean] {
  const box = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const watcher = new IntersectionObserver(
      (entries) => setSeen(entries.some((entry) => entry.isIntersecting)),
      { rootMargin: '120px' },
    );
    watcher.observe(element);
    return () => watcher.disconnect();
  }, []);
  return [box, seen];
}
