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
  waitingBars,
  yieldColumns,
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

describe('columns without room', () => {
  const pods: readonly OfferedColumn[] = [
    { id: 'name', title: 'Name', type: 'text', cell: 'name' },
    { id: 'namespace', title: 'Namespace', type: 'text', cell: 'namespace' },
    { id: 'status', title: 'Status', type: 'status', cell: 1 },
    { id: 'ready', title: 'Ready', type: 'ratio', cell: 2 },
    { id: 'restarts', title: 'Restarts', type: 'restarts', cell: 3 },
    { id: 'node', title: 'Node', type: 'text', cell: 4, link: true },
    { id: 'owner', title: 'Owner', type: 'text', cell: 5, link: true },
    { id: 'age', title: 'Age', type: 'time', cell: 6 },
  ];
  const at = (width: number): string[] => ids(yieldColumns(shownColumns(pods, {}), width));

  it('yield by what they tell: owner, node, then counts and namespace, never name, status and age', () => {
    expect(at(1200)).toEqual(ids(pods));
    expect(at(800)).toEqual(['name', 'namespace', 'status', 'ready', 'restarts', 'node', 'age']);
    expect(at(680)).toEqual(['name', 'namespace', 'status', 'ready', 'restarts', 'age']);
    expect(at(600)).toEqual(['name', 'namespace', 'status', 'ready', 'restarts', 'age']);
    expect(at(300)).toEqual(['name', 'status', 'age']);
  });

  it('make the table as wide as its room from the narrowest name and status on', () => {
    fc.assert(
      fc.property(fc.integer({ min: 340, max: 2000 }), (width) => {
        const left = fitColumns(yieldColumns(shownColumns(pods, {}), width), width);
        expect(totalWidth(left)).toBeLessThanOrEqual(width);
        expect(ids(left)).toEqual(expect.arrayContaining(['name', 'status', 'age']));
      }),
    );
  });

  it('do not yield to a column somebody made wide: the table scrolls then', () => {
    const setup = setWidth({}, 'owner', 900);
    expect(ids(yieldColumns(shownColumns(pods, setup), 1000))).toEqual(ids(pods));
  });

  it('stay while the width is not known', () => {
    expect(at(0)).toEqual(ids(pods));
  });

  it('draws a bar in each column of a row that has not arrived, where its words will stand', () => {
    const columns = shownColumns(offered, { widths: { name: 116, status: 66, age: 56 } });
    const bars = waitingBars(columns).split(', ');
    expect(bars.map((bar) => /\) (\d+)px center \/ (\d+)px/.exec(bar)?.slice(1).map(Number))).toEqual([
      [14, 40],
      [124, 20],
      [116 + 66 + 56 - 12 - 16, 16],
    ]);
  });
});
