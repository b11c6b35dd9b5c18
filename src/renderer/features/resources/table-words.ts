/** What a table says of itself: the badge, the counts, the sentence when it has no rows. Pure. */
import { formatShort } from '#shared/util/age';
import type { AppError } from '#shared/util/app-error';
import type { ViewHead } from '../../data/live-view';
import type { MarkTone } from '../../ui/StatusMark';

export interface TableBadge {
  readonly tone: MarkTone;
  readonly text: string;
  readonly reason: string;
}

/** `live`, `catching up`, `stale 2m`, `polling`, `denied`, ... with the reason for the tooltip. */
export function tableBadge(head: ViewHead, now: number): TableBadge {
  const { state, lost } = head;
  if (lost) {
    const why = lost.error?.message ?? 'The process that reads this cluster is away.';
    return {
      tone: 'warn',
      text: `stale ${formatShort(now - lost.since)}`,
      reason: `${why} These are the last known rows.`,
    };
  }
  switch (state?.phase) {
    case undefined:
      return { tone: 'progress', text: 'connecting', reason: 'Waiting for the first answer.' };
    case 'listing':
      return { tone: 'progress', text: 'listing', reason: listingWords(state.loaded, state.expected) };
    case 'live':
      return { tone: 'ok', text: 'live', reason: `Live for ${formatShort(now - state.since)}.` };
    case 'catching-up':
      return { tone: 'progress', text: 'catching up', reason: state.reason };
    case 'stale':
      return {
        tone: 'warn',
        text: `stale ${formatShort(now - state.since)}`,
        reason: `${state.error.message} These are the last known rows.`,
      };
    case 'polling':
      return {
        tone: 'warn',
        text: 'polling',
        reason: `Watching is not allowed here; asked again every ${formatShort(state.every)}.`,
      };
    case 'denied':
      return { tone: 'warn', text: 'denied', reason: state.error.message };
    case 'gone':
      return { tone: 'idle', text: 'gone', reason: state.error.message };
    case 'failed':
      return { tone: 'bad', text: 'failed', reason: state.error.message };
  }
}

export function isStale(head: ViewHead): boolean {
  return head.lost !== undefined || head.state?.phase === 'stale';
}

const counts = new Intl.NumberFormat('en-US');

export function number(value: number): string {
  return counts.format(value);
}

/** `9 of 10,412`, or `10,412` without a filter. */
export function countWords(head: ViewHead): string {
  if (head.columns === undefined) return '';
  return head.matched === head.total
    ? number(head.total)
    : `${number(head.matched)} of ${number(head.total)}`;
}

/** `3,400 of about 10,000`. */
export function listingWords(loaded: number, expected: number | null): string {
  return expected === null || expected < loaded
    ? `${number(loaded)} so far`
    : `${number(loaded)} of about ${number(expected)}`;
}

/** ` in shop`, ` in 3 namespaces`, or nothing for all. */
export function scopeWords(namespaces: readonly string[]): string {
  if (namespaces.length === 0) return '';
  return namespaces.length === 1 ? ` in ${namespaces[0]}` : ` in ${namespaces.length} namespaces`;
}

/** Why there are no rows; undefined while there is more to come or rows to see. */
export function emptyWords(
  head: ViewHead,
  title: string,
  namespaces: readonly string[],
  filter: string,
): string | undefined {
  if (head.matched > 0 || head.columns === undefined || head.pending || head.filterError) return undefined;
  const phase = head.state?.phase;
  if (phase === 'listing' || phase === 'denied' || phase === 'gone' || phase === 'failed') return undefined;
  if (head.total > 0 && filter.trim() !== '') {
    return `None of ${number(head.total)} ${title.toLowerCase()}${scopeWords(namespaces)} fits this filter.`;
  }
  return `No ${title.toLowerCase()}${scopeWords(namespaces)}.`;
}

/** The error that stands instead of the rows. */
export function blockingError(
  head: ViewHead,
): { readonly title: string; readonly error: AppError } | undefined {
  const { state, lost } = head;
  if (state?.phase === 'denied') return { title: 'cannot be listed', error: state.error };
  if (state?.phase === 'gone') return { title: 'are no longer served', error: state.error };
  if (state?.phase === 'failed' && head.matched === 0)
    return { title: 'could not be listed', error: state.error };
  if (lost?.error && lost.error.code !== 'closed' && head.matched === 0)
    return { title: 'could not be listed', error: lost.error };
  return undefined;
}
