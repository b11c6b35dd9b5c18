/** Rows of a view as they travel to the page, and as text for the clipboard and files. */
import { stripAnsi } from '#shared/domain/logs/ansi';
import { CONTEXT, LEVEL_BITS, MARKER } from '#shared/domain/logs/flags';
import { levels } from '#shared/domain/logs/level';
import type { LogRows } from '#shared/contract/logs';
import { fail } from '#shared/util/app-error';
import type { LogSession } from './log-session';
import type { LogView } from './log-view';

/** Longest text of a row on screen (security.md: lines are cut at 16 KiB in view). */
const MOST_TEXT = 16 * 1024;
const MOST_COPY = 64 * 1024 * 1024;
const SLICE_ROWS = 5_000;

export function readRows(session: LogSession, view: LogView, from: number, to: number): LogRows {
  const rows = { seq: [], time: [], stream: [], flags: [], text: [], bytes: [], more: [], hits: [] } as {
    [K in 'seq' | 'time' | 'stream' | 'flags' | 'bytes' | 'more']: number[];
  } & { text: string[]; hits: number[][] };
  for (let row = from; row < to; row += 1) {
    const seq = view.seqOf(row);
    const place = session.store.place(seq);
    if (!place) continue;
    const { chunk, index } = place;
    const start = chunk.starts[index] as number;
    const end = chunk.endOf(index);
    const text = chunk.data.toString('utf8', start, Math.min(end, start + MOST_TEXT));
    rows.seq.push(seq);
    rows.time.push(chunk.base + (chunk.deltas[index] as number));
    rows.stream.push(chunk.streams[index] as number);
    rows.flags.push((chunk.flags[index] as number) | (view.isContext(row) ? CONTEXT : 0));
    rows.text.push(text);
    rows.bytes.push(end - start);
    if (view.folds) rows.more.push(view.folded(chunk, index, seq));
    rows.hits.push(view.matcher ? view.matcher.places(stripAnsi(text)) : []);
  }
  const { more, ...rest } = rows;
  return { offset: from, ...rest, ...(view.folds ? { more } : {}) };
}

export interface CopyInput {
  readonly from: number;
  readonly to: number;
  readonly format: 'text' | 'ndjson';
  readonly times: boolean;
  readonly names: boolean;
}

export async function copyRows(
  session: LogSession,
  view: LogView,
  { from, to, format, times, names }: CopyInput,
  signal: AbortSignal,
): Promise<{ text: string; truncated: boolean }> {
  const parts: string[] = [];
  let size = 0;
  for (let row = Math.max(from, view.first); row <= Math.min(to, view.end - 1); row += 1) {
    const place = session.store.place(view.seqOf(row));
    if (!place) continue;
    const { chunk, index } = place;
    const text = chunk.data.toString('utf8', chunk.starts[index] as number, chunk.endOf(index));
    const time = new Date(chunk.base + (chunk.deltas[index] as number)).toISOString();
    const { pod, info } = session.streams[chunk.streams[index] as number] ?? {};
    const flags = chunk.flags[index] as number;
    let line: string;
    if (format === 'ndjson') {
      line = JSON.stringify({
        time,
        namespace: pod?.namespace,
        pod: pod?.name,
        container: info?.name,
        level: levels[flags & LEVEL_BITS],
        ...((flags & MARKER) === 0 ? {} : { binnacle: true }),
        text,
      });
    } else {
      const name = names && pod ? `${pod.name}/${info?.name ?? ''} ` : '';
      const mark = (flags & MARKER) === 0 ? '' : '--- ';
      line = `${times ? `${time} ` : ''}${name}${mark}${stripAnsi(text)}`;
    }
    size += line.length + 1;
    if (size > MOST_COPY) return { text: `${parts.join('\n')}\n`, truncated: true };
    parts.push(line);
    if (parts.length % SLICE_ROWS === 0) {
      await new Promise((resolve) => setImmediate(resolve));
      if (signal.aborted) throw fail('cancelled', 'Cancelled.');
    }
  }
  return { text: parts.length === 0 ? '' : `${parts.join('\n')}\n`, truncated: false };
}
