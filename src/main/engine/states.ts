/** One state for a table that several lists feed: what is worst about its rows, said once. */
import type { TableState } from '#shared/contract/resources';

/** Worst first; `denied` parts do not spoil the others, they only matter when all are. */
const rank: readonly TableState['phase'][] = [
  'stale',
  'failed',
  'listing',
  'catching-up',
  'polling',
  'live',
  'denied',
  'gone',
];

export function combineStates(states: readonly TableState[]): TableState {
  if (states.length === 1) return states[0]!;
  const listing = states.filter((state) => state.phase === 'listing');
  const worst = [...states].sort((a, b) => rank.indexOf(a.phase) - rank.indexOf(b.phase))[0];
  if (worst === undefined) return { phase: 'listing', loaded: 0, expected: null };
  if (worst.phase !== 'listing') return worst;
  let loaded = 0;
  let expected: number | null = 0;
  for (const state of listing) {
    loaded += state.loaded;
    expected = expected === null || state.expected === null ? null : expected + state.expected;
  }
  return { phase: 'listing', loaded, expected };
}
