import { describe, expect, it } from 'vitest';
import type { ContextSettings, ContextSummary, Settings } from '#shared/contract/app';
import { defaultSettings, mergePatch } from './app-data';
import { groupContexts, movePatch, railGroups, RAIL_SHOWS_ALL, withRecent } from './context-order';

const context = (id: string): ContextSummary => ({
  id,
  name: id,
  cluster: id,
  user: id,
  namespace: null,
  server: 'https://h',
  file: '/f',
  auth: ['token'],
});
const all = (ids: string): ContextSummary[] => ids.split(' ').map(context);
const shape = (groups: ReturnType<typeof groupContexts>): string =>
  groups.map((group) => `${group.name}: ${group.contexts.map(({ id }) => id).join(' ')}`).join(' | ');
const settings = (contexts: Record<string, ContextSettings>, recent: string[] = []): Settings => ({
  ...defaultSettings,
  contexts,
  recent,
});

describe('groupContexts', () => {
  it.each([
    ['the order of the files', 'c a b', {}, ': c a b'],
    ['places before the rest', 'c a b', { b: { order: 1 }, a: { order: 0 } }, ': a b c'],
    ['equal places as in the files', 'c a b', { b: { order: 1 }, c: { order: 1 } }, ': c b a'],
    [
      'groups by name, none last',
      'c a b d',
      { b: { group: 'prod' }, a: { group: 'Dev' } },
      'Dev: a | prod: b | : c d',
    ],
    ['numbers in names', 'a b', { a: { group: 'g10' }, b: { group: 'g9' } }, 'g9: b | g10: a'],
    ['blank is no group', 'a b', { a: { group: '  ' } }, ': a b'],
  ] as [string, string, Record<string, ContextSettings>, string][])('%s', (_, ids, own, expected) => {
    expect(shape(groupContexts(all(ids), own))).toBe(expected);
  });
});

describe('railGroups', () => {
  const many = Array.from({ length: 500 }, (_, at) => context(`c${at}`));
  const rail = (
    own: Record<string, ContextSettings>,
    recent: string[],
    opened: string[],
    active: string | null,
  ) =>
    shape(railGroups({ contexts: many, settings: settings(own, recent), opened: new Set(opened), active }));

  it('shows all of a few, without the hidden ones that are not open', () => {
    const few = many.slice(0, RAIL_SHOWS_ALL);
    const own = { c1: { hidden: true }, c2: { hidden: true } };
    const groups = railGroups({
      contexts: few,
      settings: settings(own),
      opened: new Set(['c2']),
      active: null,
    });
    expect(groups[0]?.contexts).toHaveLength(RAIL_SHOWS_ALL - 1);
    expect(shape(groups)).not.toMatch(/\bc1\b/);
    expect(shape(groups)).toMatch(/\bc2\b/);
  });

  it.each([
    ['nothing of 500 before anything is open', {}, [], [], null, ''],
    ['the one on screen', {}, [], [], 'c7', ': c7'],
    [
      'open, favourite and recent ones',
      { c9: { favourite: true } },
      ['c3', 'c400'],
      ['c5'],
      'c7',
      ': c3 c5 c7 c9 c400',
    ],
    [
      'recent ones that are gone or hidden: not',
      { c3: { hidden: true } },
      ['c3', 'gone', 'c4'],
      [],
      null,
      ': c4',
    ],
    ['their groups', { c9: { favourite: true, group: 'prod' } }, [], [], 'c7', 'prod: c9 | : c7'],
  ] as [string, Record<string, ContextSettings>, string[], string[], string | null, string][])(
    '%s',
    (_, own, recent, opened, active, expected) => {
      expect(rail(own, recent, opened, active)).toBe(expected);
    },
  );

  it('never has more than 40 tiles, and never drops the one on screen', () => {
    const own = Object.fromEntries(many.map(({ id }) => [id, { favourite: true }]));
    const groups = railGroups({ contexts: many, settings: settings(own), opened: new Set(), active: 'c499' });
    expect(groups[0]?.contexts).toHaveLength(40);
    expect(groups[0]?.contexts.some(({ id }) => id === 'c499')).toBe(true);
  });
});

describe('movePatch', () => {
  const moved = (ids: string, own: Record<string, ContextSettings>, id: string, to: number): string => {
    const group = groupContexts(all(ids), own)[0]?.contexts ?? [];
    const next = mergePatch(own, movePatch(group, own, id, to)) as Record<string, ContextSettings>;
    return shape(groupContexts(all(ids), next));
  };
  it.each([
    ['a b c d', {}, 'd', 0, ': d a b c'],
    ['a b c d', {}, 'a', 2, ': b c a d'],
    ['a b c d', {}, 'a', 3, ': b c d a'],
    ['a b c d', {}, 'b', 99, ': a c d b'],
    ['a b c d', {}, 'b', -5, ': b a c d'],
    ['a b c d', {}, 'b', 1, ': a b c d'],
    ['a b c d', {}, 'gone', 1, ': a b c d'],
    ['a b c d', { c: { order: 0 }, d: { order: 5 } }, 'a', 1, ': c a d b'],
    ['a b c d', { c: { order: 0 }, d: { order: 5 } }, 'c', 3, ': d a b c'],
  ] as [string, Record<string, ContextSettings>, string, number, string][])(
    'of %s %j: %s to %i',
    (ids, own, id, to, expected) => {
      expect(moved(ids, own, id, to)).toBe(expected);
    },
  );

  it('numbers no more than it must', () => {
    expect(Object.keys(movePatch(all('a b c d e'), {}, 'b', 0))).toEqual(['b', 'a']);
  });
});

it('remembers the newest first, each once', () => {
  expect(withRecent(['a', 'b'], 'b')).toEqual(['b', 'a']);
  expect(
    withRecent(
      Array.from({ length: 50 }, (_, at) => `c${at}`),
      'x',
    ),
  ).toHaveLength(50);
});
