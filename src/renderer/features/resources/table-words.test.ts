import { describe, expect, it } from 'vitest';
import type { ViewHead } from '../../data/live-view';
import { kubectlGet } from './kubectl';
import { blockingError, countWords, emptyWords, isStale, tableBadge } from './table-words';

const now = 1_000_000;
const error = { code: 'timeout', message: 'No answer.' } as const;
const base: ViewHead = {
  columns: [],
  state: { phase: 'live', since: 0 },
  lost: undefined,
  total: 0,
  matched: 0,
  filterError: undefined,
  pending: false,
};

describe('words of a table', () => {
  const badges: readonly (readonly [Partial<ViewHead>, string])[] = [
    [{}, 'live'],
    [{ state: undefined }, 'connecting'],
    [{ state: { phase: 'listing', loaded: 1, expected: null } }, 'listing'],
    [{ state: { phase: 'catching-up', since: 0, reason: 'r' } }, 'catching up'],
    [{ state: { phase: 'stale', since: now - 120_000, error } }, 'stale 2m'],
    [{ lost: { since: now - 5_000, error: undefined } }, 'stale 5s'],
    [{ state: { phase: 'polling', since: 0, every: 10_000 } }, 'polling'],
    [{ state: { phase: 'denied', error } }, 'denied'],
    [{ state: { phase: 'gone', error } }, 'gone'],
    [{ state: { phase: 'failed', error } }, 'failed'],
  ];
  it.each(badges)('%j is %s', (change, text) =>
    expect(tableBadge({ ...base, ...change }, now).text).toBe(text),
  );

  it('counts what fits and what there is', () => {
    expect(countWords({ ...base, total: 10_412, matched: 9 })).toBe('9 of 10,412');
    expect(countWords({ ...base, total: 10_412, matched: 10_412 })).toBe('10,412');
  });

  it('says why there is nothing, but not while there may be', () => {
    expect(emptyWords(base, 'Pods', ['shop'], '')).toBe('No pods in shop.');
    expect(emptyWords({ ...base, total: 7 }, 'Pods', [], 'x')).toBe('None of 7 pods fits this filter.');
    expect(emptyWords({ ...base, pending: true }, 'Pods', [], '')).toBeUndefined();
    expect(
      emptyWords({ ...base, state: { phase: 'listing', loaded: 0, expected: null } }, 'Pods', [], ''),
    ).toBeUndefined();
  });

  it('keeps rows on screen when a table that has some fails or goes stale', () => {
    const failed: ViewHead = { ...base, matched: 5, state: { phase: 'failed', error } };
    expect(blockingError(failed)).toBeUndefined();
    expect(blockingError({ ...failed, matched: 0 })?.error).toBe(error);
    expect(isStale({ ...base, lost: { since: 0, error: undefined } })).toBe(true);
  });

  it('writes kubectl commands a shell reads as meant', () => {
    const pod = (name: string, namespace: string) => ({ kind: 'pods', namespace, name, uid: '' });
    expect(kubectlGet([pod('a', 'shop'), pod('b', 'shop'), pod('c', 'pay')], 'arn:aws:eks:eu/x y')).toBe(
      "kubectl --context 'arn:aws:eks:eu/x y' -n shop get pods a b -o yaml\n" +
        "kubectl --context 'arn:aws:eks:eu/x y' -n pay get pods c -o yaml",
    );
    expect(kubectlGet([pod("x'; rm -rf /", '')], undefined)).toBe(
      "kubectl get pods 'x'\\''; rm -rf /' -o yaml",
    );
  });
});
