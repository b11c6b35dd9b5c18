import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fitColumns,
  gridTemplate,
  MAX_WIDTH,
  moveColumn,
  orderedColumns,
  setShown,
  setWidth,
  shownColumns,
  totalWidth,
  type OfferedColumn,
} from './columns';

const offered: readonly OfferedColumn[] = [
  { id: 'name', title: 'Name', type: 'text', cell: 'name' },
  { id: 'status', title: 'Status', type: 'status', cell: 1 },
  { id: 'ip', title: 'IP', type: 'mono', cell: 2, optional: true },
  { id: 'age', title: 'Age', type: 'time', cell: 3 },
];
const ids = (list: readonly { id: string }[]): string[] => list.map((column) => column.id);

describe('columns', () => {
  it('leaves optional ones out until they are chosen, and hides what is unchecked', () => {
    expect(ids(shownColumns(offered, {}))).toEqual(['name', 'status', 'age']);
    const ip = offered[2] as OfferedColumn;
    const age = offered[3] as OfferedColumn;
    const setup = setShown(age, setShown(ip, {}, true), false);
    expect(ids(shownColumns(offered, setup))).toEqual(['name', 'status', 'ip']);
    expect(ids(shownColumns(offered, setShown(age, setup, true)))).toEqual(['name', 'status', 'ip', 'age']);
  });

  it('always shows the first and ignores settings of columns that are gone', () => {
    expect(ids(shownColumns(offered, { hidden: ['name', 'old'], order: ['old', 'age'] }))).toContain('name');
  });

  it('puts a column the settings do not know behind its natural neighbour', () => {
    expect(ids(orderedColumns(offered, { order: ['age', 'name', 'status'] }))).toEqual([
      'age',
      'name',
      'status',
      'ip',
    ]);
  });

  it('moves before another column, or to the end', () => {
    expect(ids(orderedColumns(offered, moveColumn(offered, {}, 'age', 'status')))).toEqual([
      'name',
      'age',
      'status',
      'ip',
    ]);
    expect(ids(orderedColumns(offered, moveColumn(offered, {}, 'status', undefined)))).toEqual([
      'name',
      'ip',
      'age',
      'status',
    ]);
  });

  it('lets the first column take the rest of the width until somebody sets it', () => {
    expect(gridTemplate(shownColumns(offered, {}))).toBe('minmax(200px, 1fr) 206px 64px');
    const set = shownColumns(offered, setWidth({}, 'name', 5_000));
    expect(gridTemplate(set)).toBe(`${MAX_WIDTH}px 206px 64px minmax(0, 1fr)`);
  });

  it('is not fooled by ids of Object.prototype', () => {
    const odd: OfferedColumn[] = [...offered, { id: 'constructor', title: 'C', type: 'text', cell: 4 }];
    expect(shownColumns(odd, { widths: {} }).at(-1)?.px).toBe(140);
  });

  it('fits the width whenever it can, and never makes a column narrower than it may be', () => {
    const least = shownColumns(offered, {}).reduce((sum, column) => sum + (column.min ?? column.px), 0);
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 4000 }), (width) => {
        const columns = shownColumns(offered, {});
        const fitted = fitColumns(columns, width);
        expect(totalWidth(fitted)).toBe(Math.max(least, width));
        for (const column of fitted) expect(column.px).toBeGreaterThanOrEqual(column.min ?? column.px);
      }),
    );
  });

  it('gives the words of the status more of the free width than the name, and keeps set widths', () => {
    const columns = shownColumns(offered, {});
    const by = (id: string, list: readonly { id: string; px: number }[]): number =>
      list.find((column) => column.id === id)?.px ?? 0;
    const fitted = fitColumns(columns, totalWidth(columns) + 100);
    expect(by('status', fitted) - by('status', columns)).toBeGreaterThan(
      by('name', fitted) - by('name', columns),
    );
    const set = fitColumns(shownColumns(offered, setWidth({}, 'status', 300)), 2000);
    expect(by('status', set)).toBe(300);
  });
});
