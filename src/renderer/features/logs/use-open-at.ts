/** Opens a view at a time: once its beginning has been read, it stands at the first line from then on. */
import { useEffect, useRef, useState } from 'react';
import type { FeedHead, LogFeed } from './log-feed';
import { rowTime } from './time-words';

/** Lines of streams that read their beginning may still come before those that are there. */
const reads = new Set(['opening', 'reading']);

/** Returns what to say of it. */
export function useOpenAt(
  at: number | undefined,
  feed: LogFeed,
  head: FeedHead,
  go: (row: number, seq: number | undefined) => void,
): string | undefined {
  const [words, setWords] = useState<string>();
  const done = useRef(at === undefined);
  const ready =
    head.connected &&
    head.streams.length > 0 &&
    !head.streams.some((one) => reads.has(one.phase)) &&
    head.end > head.first;
  useEffect(() => {
    if (done.current || !ready || at === undefined) return;
    // The merge holds lines back for a moment after the last stream has been read.
    const timer = setTimeout(() => {
      done.current = true;
      void feed.rowAtTime(at).then((row) => {
        go(row, undefined);
        const { from } = feed.head();
        setWords(
          from !== null && from > at
            ? `Nothing is left from ${rowTime(at, 'local', 0)}: the oldest line is of ${rowTime(from, 'local', 0)}.`
            : `At ${rowTime(at, 'local', 0)}, when the event was said.`,
        );
      });
    }, 500);
    return () => clearTimeout(timer);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only the moment of being ready counts
  }, [ready, at, feed]);
  return words;
}
