import { expect, it } from 'vitest';
import type { WireRow } from '#shared/contract/resources';
import { RowCache } from './row-cache';

const row = (id: string): WireRow => ({ id, name: id, namespace: 'shop', cells: [] });

it('keeps the window when another question has the same answer', () => {
  const cache = new RowCache();
  cache.apply([row('a'), row('b')], ['a', 'b'], 0, 2, false);
  // A filter that still passes the same rows: the host sends no order, as nothing changed.
  cache.forgetPlaces();
  cache.apply([], undefined, 0, 2, false);
  expect([cache.at(0)?.id, cache.at(1)?.id]).toEqual(['a', 'b']);
});

it('forgets places outside the window when the question changed', () => {
  const cache = new RowCache();
  cache.apply([row('a'), row('b')], ['a', 'b'], 0, 4, false);
  cache.apply([row('c'), row('d')], ['c', 'd'], 2, 4, false);
  cache.forgetPlaces();
  cache.apply([], undefined, 2, 4, false);
  expect([0, 1, 2, 3].map((at) => cache.at(at)?.id)).toEqual([undefined, undefined, 'c', 'd']);
});

it('holds the places of before until it is told not to', () => {
  const cache = new RowCache();
  cache.apply([row('a')], ['a'], 0, 1, false);
  cache.apply([row('b')], ['b'], 0, 1, true);
  expect(cache.at(0)?.id).toBe('a');
  cache.forgetPlaces();
  cache.apply([], undefined, 0, 1, false);
  expect(cache.at(0)?.id).toBe('b');
});

it('calls a row fresh that came into being in a window that stood still, and no other', () => {
  const cache = new RowCache();
  const young = (): boolean => true;
  cache.apply([row('a'), row('b')], ['a', 'b'], 0, 4, false, young);
  expect(cache.isFresh('a')).toBe(false);
  cache.apply([row('new')], ['new', 'a'], 0, 5, false, young);
  expect([cache.isFresh('new'), cache.isFresh('a')]).toEqual([true, false]);
  // Created long ago: a neighbour went, and it moved up.
  cache.apply([row('old')], ['a', 'old'], 0, 4, false, () => false);
  expect(cache.isFresh('old')).toBe(false);
  // Scrolled to.
  cache.apply([row('far')], ['far'], 3, 4, false, young);
  expect(cache.isFresh('far')).toBe(false);
  // Another question.
  cache.forgetPlaces();
  cache.apply([row('other')], ['other'], 3, 4, false, young);
  expect(cache.isFresh('other')).toBe(false);
});
