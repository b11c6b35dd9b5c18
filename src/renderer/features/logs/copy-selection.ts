/** What is selected, on the clipboard: part of one line, or lines the host still has, wherever they are. */
import { stripAnsi } from '#shared/domain/logs/ansi';
import { plural } from '#shared/util/text';
import { copyText } from '../../data/clipboard';
import type { LogSelection } from '../../ui/log/selection';
import type { LogFeed } from './log-feed';

const COPY_ROWS = 200_000;

/** Resolves with what to tell the person; undefined: nothing. */
export async function copySelection(feed: LogFeed, selection: LogSelection): Promise<string | undefined> {
  const range = selection.range();
  if (!range) return undefined;
  const { from, to } = range;
  const first = feed.rowAt(from.row);
  if (from.row === to.row && first) {
    await copyText(stripAnsi(first.text).slice(from.column, to.column));
    return undefined;
  }
  const { text, truncated } = await feed.text(from.row, Math.min(to.row, from.row + COPY_ROWS - 1), {
    format: 'text',
    times: false,
    names: false,
  });
  const lines = text.replace(/\n$/, '').split('\n');
  const cut = truncated || to.row - from.row >= COPY_ROWS;
  const last = lines.length - 1;
  if (!cut) lines[last] = (lines[last] ?? '').slice(0, to.column);
  lines[0] = (lines[0] ?? '').slice(from.column);
  if (!(await copyText(lines.join('\n')))) return undefined;
  return cut
    ? `Copied the first ${lines.length.toLocaleString('en')} lines: the rest is too much for the clipboard; save it instead.`
    : `Copied ${plural(lines.length, 'line').replace(/^\d+/, lines.length.toLocaleString('en'))}.`;
}
