/**
 * A filter as a test of one line after the other, in the order they came. Lines that go on from another
 * (stack traces) pass with it; marker rows pass wherever their stream is shown.
 */
import { CONTINUES, LEVEL_BITS, MARKER } from '#shared/domain/logs/flags';
import type { LogFilter } from '#shared/contract/logs';
import type { Chunk } from './byte-store';
import { compileTerm, type LineMatcher } from './matcher';

export interface LineFilter {
  /** Whether the line is shown. Call for every line, oldest first. */
  passes(chunk: Chunk, index: number, seq: number): boolean;
  /** Whether its stream and its time may be seen at all: what stands around a hit must be. */
  mayShow(chunk: Chunk, index: number): boolean;
  /** Lines shown before and behind each that passes. */
  readonly context: number;
}

/** Undefined for a filter that passes everything; throws an Error with words. */
export function compileFilter(
  filter: LogFilter,
  isHidden: (stream: number) => boolean,
  unfolded: ReadonlySet<number>,
): LineFilter | undefined {
  const include = filter.include.map(compileTerm);
  const exclude = filter.exclude.map(compileTerm);
  const { levels, from, to, fold, hidden } = filter;
  const timed = from !== null || to !== null;
  const terms = include.length + exclude.length > 0 || levels !== 0;
  if (!terms && !timed && !fold && hidden.length === 0) return undefined;
  const low = from ?? -Infinity;
  const high = to ?? Infinity;
  /** By stream: whether the head of the group passed, and its seq. */
  const headPassed: boolean[] = [];
  const headSeq: number[] = [];
  const known: (boolean | undefined)[] = [];
  const mayShow = (chunk: Chunk, index: number): boolean => {
    const stream = chunk.streams[index] as number;
    if (hidden.length > 0 && (known[stream] ??= isHidden(stream))) return false;
    if (!timed) return true;
    const time = chunk.base + (chunk.deltas[index] as number);
    return time >= low && time < high;
  };
  return {
    context: terms ? filter.context : 0,
    mayShow,
    passes: (chunk, index, seq) => {
      if (!mayShow(chunk, index)) return false;
      const stream = chunk.streams[index] as number;
      const flags = chunk.flags[index] as number;
      if ((flags & MARKER) !== 0) return true;
      const goesOn = (flags & CONTINUES) !== 0;
      if (!goesOn) headSeq[stream] = seq;
      if (fold && goesOn && !unfolded.has(headSeq[stream] ?? -1)) return false;
      if (!terms) return true;
      if (goesOn && headPassed[stream] === true) return true;
      const passed = own(chunk, index, flags);
      if (!goesOn) headPassed[stream] = passed;
      return passed;
    },
  };

  function own(chunk: Chunk, index: number, flags: number): boolean {
    if (levels !== 0 && (levels & (1 << (flags & LEVEL_BITS))) === 0) return false;
    if (include.length + exclude.length === 0) return true;
    const start = chunk.starts[index] as number;
    const end = chunk.endOf(index);
    const holds = (matcher: LineMatcher): boolean => matcher.test(chunk.data, start, end);
    return include.every(holds) && !exclude.some(holds);
  }
}
