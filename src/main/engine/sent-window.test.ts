import { describe, expect, it, vi } from 'vitest';
import { sample, sampleKind, uuid } from './sample-kind';
import { SentWindow } from './sent-window';
import { Table } from './table';

function tableOf(...names: string[]): Table {
  const table = new Table(sampleKind);
  for (const name of names) table.upsert(sample(name));
  return table;
}

describe('what a reader must be told of a window', () => {
  it('is everything at first, then nothing, then what changed', () => {
    const table = tableOf('a', 'b', 'c');
    const sent = new SentWindow(table);
    const rows = Uint32Array.of(0, 1, 2);
    expect(sent.advance(rows, 0, 2)).toMatchObject({
      order: [uuid('default/a'), uuid('default/b')],
      rows: [{ name: 'a' }, { name: 'b' }],
    });
    expect(sent.advance(rows, 0, 2)).toEqual({ rows: [] });
    table.upsert(sample('b', { count: 7, rv: '2' }));
    table.upsert(sample('c', { count: 7, rv: '2' }));
    const change = sent.advance(rows, 0, 2);
    expect(change.order).toBeUndefined();
    expect(change.rows.map((row) => row.name)).toEqual(['b']);
  });

  it('makes no name of a row that stands as before', () => {
    const table = tableOf('a', 'b', 'c');
    const sent = new SentWindow(table);
    const rows = Uint32Array.of(0, 1, 2);
    sent.advance(rows, 0, 3);
    const uid = vi.spyOn(table, 'uid');
    table.upsert(sample('b', { count: 7, rv: '2' }));
    sent.advance(rows, 0, 3);
    expect(uid.mock.calls).toEqual([[1]]);
  });

  it('tells another object apart that took the row number of one that went', () => {
    const table = tableOf('a', 'b');
    const sent = new SentWindow(table);
    const rows = Uint32Array.of(0, 1);
    sent.advance(rows, 0, 2);
    table.remove(uuid('default/b'));
    table.upsert(sample('z'));
    expect(table.name(1)).toBe('z');
    expect(sent.advance(rows, 0, 2)).toMatchObject({
      order: [uuid('default/a'), uuid('default/z')],
      rows: [{ name: 'z' }],
    });
  });

  it('sends rows once that stay while the window moves', () => {
    const table = tableOf('a', 'b', 'c', 'd');
    const sent = new SentWindow(table);
    const rows = Uint32Array.of(0, 1, 2, 3);
    sent.advance(rows, 0, 3);
    const moved = sent.advance(rows, 1, 4);
    expect(moved.order).toHaveLength(3);
    expect(moved.rows.map((row) => row.name)).toEqual(['d']);
    expect([0, 1, 3].map((row) => sent.has(row))).toEqual([false, true, true]);
  });

  it('says the order again when the same rows stand at another offset', () => {
    const table = tableOf('a', 'b', 'c');
    const sent = new SentWindow(table);
    sent.advance(Uint32Array.of(0, 1, 2), 1, 3);
    const moved = sent.advance(Uint32Array.of(1, 2), 0, 2);
    expect(moved).toEqual({ order: [uuid('default/b'), uuid('default/c')], rows: [] });
  });
});
