/** What the status line says of a log view: streams, lines, rate, and what is wrong. */
import type { LogStreamInfo } from '#shared/contract/logs';
import { plural } from '#shared/util/text';
import type { MarkTone } from '../../ui/StatusMark';
import type { FeedHead } from './log-feed';

export interface StreamCounts {
  readonly live: number;
  readonly waiting: number;
  readonly opening: number;
  readonly reconnecting: number;
  readonly ended: number;
  readonly denied: number;
}

export function countStreams(streams: readonly LogStreamInfo[]): StreamCounts {
  const counts = { live: 0, waiting: 0, opening: 0, reconnecting: 0, ended: 0, denied: 0 };
  for (const { phase } of streams) {
    if (phase === 'reading' || phase === 'opening') counts.opening += 1;
    else if (phase === 'denied' || phase === 'failed') counts.denied += 1;
    else counts[phase] += 1;
  }
  return counts;
}

/** `3 live, 1 reconnecting, 2 ended`. */
export function streamWords(head: FeedHead): { readonly tone: MarkTone; readonly text: string } {
  const { live, waiting, opening, reconnecting, ended, denied } = countStreams(head.streams);
  const parts: string[] = [];
  if (opening > 0) parts.push(`${opening} opening`);
  if (live > 0) parts.push(`${live} live`);
  if (reconnecting > 0) parts.push(`${reconnecting} reconnecting`);
  if (waiting > 0) parts.push(`${waiting} waiting`);
  if (ended > 0) parts.push(`${ended} ended`);
  if (denied > 0) parts.push(`${denied} denied`);
  if (head.unopened > 0) parts.push(`${head.unopened} not opened (too many at once)`);
  const text = parts.length === 0 ? 'No streams' : parts.join(', ');
  if (head.lost || denied > 0) return { tone: 'bad', text: head.lost ? `Lost: ${head.lost.message}` : text };
  if (reconnecting > 0) return { tone: 'warn', text };
  if (opening > 0) return { tone: 'progress', text };
  if (live > 0) return { tone: 'ok', text };
  return { tone: ended > 0 ? 'done' : 'idle', text };
}

export function lineWords(head: FeedHead, filtered: boolean): string {
  const shown = head.end - head.first;
  const all = `${head.lines.toLocaleString('en')} lines`;
  const count = filtered
    ? `${shown.toLocaleString('en')} of ${all}`
    : plural(head.lines, 'line').replace(/^\d+/, head.lines.toLocaleString('en'));
  const gone = head.dropped > 0 ? `, ${head.dropped.toLocaleString('en')} older ones dropped` : '';
  const progress = head.filtered < 1 ? `, filtering ${Math.floor(head.filtered * 100)} %` : '';
  return `${count}${progress}${gone}`;
}

/** `151.2 MB, 87.0 MB of them on disk` */
export function bytesWords({ bytes, disk }: Pick<FeedHead, 'bytes' | 'disk'>): string {
  const mb = (value: number): string => `${(value / 1024 / 1024).toFixed(1)} MB`;
  return disk > 0 ? `${mb(bytes)}, ${mb(disk)} of them on disk` : mb(bytes);
}

/** Why the screen is empty, in words; undefined when it is not. */
export function emptyWords(head: FeedHead, filtered: boolean, previous: boolean): string | undefined {
  if (head.end > head.first) return undefined;
  if (!head.connected) return head.lost ? undefined : 'Connecting…';
  if (filtered && head.lines > 0) return head.filtered < 1 ? 'Filtering…' : 'No line meets the filter.';
  const { streams } = head;
  if (streams.length === 0) return head.problem ? undefined : 'No pods yet. New ones join as they appear.';
  const [first] = streams.filter((one) => one.words !== '');
  const active = streams.some((one) => one.phase === 'opening' || one.phase === 'reading');
  if (active) return 'Reading…';
  const live = streams.some((one) => one.phase === 'live');
  if (live) return 'Connected. Nothing has been written yet.';
  if (first) return `${first.pod}/${first.container}: ${first.words}`;
  return previous ? 'The previous instance wrote nothing.' : 'Nothing was written.';
}
