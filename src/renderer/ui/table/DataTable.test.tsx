// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { DataTable } from './DataTable';
import { shownColumns, type OfferedColumn } from './columns';
import { TableNavigator } from './navigator';
import { TableSelection } from './selection';
import type { RowSource, TableRow } from './types';

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const offered: readonly OfferedColumn[] = [
  { id: 'name', title: 'Name', type: 'text', cell: 'name' },
  { id: 'status', title: 'Status', type: 'status', cell: 0 },
  { id: 'restarts', title: 'Restarts', type: 'restarts', cell: 1 },
  { id: 'age', title: 'Age', type: 'time', cell: 2 },
];

class ArraySource implements RowSource {
  rows: TableRow[];
  private readonly listeners = new Map<number, Set<() => void>>();
  private readonly all = new Set<() => void>();
  readonly seen: [number, number][] = [];
  constructor(count: number, born = Date.now() - 5_000) {
    this.rows = Array.from({ length: count }, (_, i) => ({
      id: `id-${i}`,
      name: `pod-${i}`,
      namespace: 'shop',
      cells: [['ok', 'Running', null], [i, null], born],
    }));
  }
  readonly count = (): number => this.rows.length;
  readonly rowAt = (index: number): TableRow | undefined => this.rows[index];
  readonly indexOf = (id: string): number | undefined => {
    const at = this.rows.findIndex((row) => row.id === id);
    return at < 0 ? undefined : at;
  };
  readonly subscribe = (listener: () => void): (() => void) => {
    this.all.add(listener);
    return () => this.all.delete(listener);
  };
  readonly subscribeRow = (index: number, listener: () => void): (() => void) => {
    const set = this.listeners.get(index) ?? new Set();
    this.listeners.set(index, set.add(listener));
    return () => set.delete(listener);
  };
  readonly setVisible = (first: number, last: number): void => void this.seen.push([first, last]);
  replace(index: number, row: TableRow): void {
    this.rows[index] = row;
    for (const listener of this.listeners.get(index) ?? []) listener();
  }
  changed(): void {
    for (const set of this.listeners.values()) for (const listener of set) listener();
    for (const listener of this.all) listener();
  }
}

function setup(source: ArraySource): {
  nav: TableNavigator;
  drawn: number[];
  grid: HTMLElement;
  onSort: ReturnType<typeof vi.fn>;
  onOpen: ReturnType<typeof vi.fn>;
} {
  const nav = new TableNavigator(source, new TableSelection());
  const drawn: number[] = [];
  const onSort = vi.fn();
  const onOpen = vi.fn();
  nav.events = { onOpen };
  render(
    <DataTable
      label="Pods"
      nav={nav}
      columns={shownColumns(offered, {})}
      sort={null}
      density="normal"
      onSort={onSort}
      onWidth={() => undefined}
      onMoveColumn={() => undefined}
      onDrawRow={(index) => drawn.push(index)}
    />,
  );
  return { nav, drawn, grid: screen.getByRole('grid'), onSort, onOpen };
}

/** The table has stood still for long enough. */
const rest = (): void => act(() => void vi.advanceTimersByTime(1_000));

const key = (grid: HTMLElement, name: string, more: object = {}): void =>
  void fireEvent.keyDown(grid, { key: name, ...more });

describe('the data table', () => {
  it('holds only the rows on screen of 100,000 and says how many there are', () => {
    const { grid } = setup(new ArraySource(100_000));
    expect(grid.getAttribute('aria-rowcount')).toBe('100001');
    expect(screen.getAllByRole('row').length).toBeLessThan(70);
  });

  it('draws what stands on screen first, and the rows beyond it afterwards', () => {
    vi.useFakeTimers();
    const source = new ArraySource(1000);
    const all = source.rows;
    source.rows = [];
    const { grid, drawn } = setup(source);
    const elements = (): Element[] => [...grid.querySelectorAll('[data-index]')];
    rest();
    source.rows = all;
    act(() => source.changed());
    const first = elements();
    // 800 px of 28 px each, and one that comes in halfway.
    expect(first).toHaveLength(30);
    drawn.length = 0;
    rest();
    expect(elements().slice(0, 30)).toEqual(first);
    expect(elements()).toHaveLength(46);
    expect(Math.min(...drawn)).toBe(30);
  });

  it('draws a changed row alone', () => {
    const source = new ArraySource(1000);
    const { drawn } = setup(source);
    drawn.length = 0;
    const row = source.rows[3] as TableRow;
    act(() => source.replace(3, { ...row, cells: [['bad', 'CrashLoop, exit 3', null], [4, null], 0] }));
    expect(drawn).toEqual([3]);
    expect(screen.getByText('CrashLoop, exit 3')).toBeTruthy();
  });

  it('draws nothing when nothing changed', () => {
    const source = new ArraySource(1000);
    const { drawn } = setup(source);
    drawn.length = 0;
    act(() => source.changed());
    expect(drawn).toEqual([]);
  });

  it('lets ages tick without drawing a row', () => {
    vi.useFakeTimers();
    const { drawn, grid } = setup(new ArraySource(20, Date.now() - 5_000));
    const age = (): string | null | undefined =>
      grid.querySelector('[data-index="0"] [data-col=age]')?.textContent;
    expect(age()).toBe('5s');
    drawn.length = 0;
    act(() => void vi.advanceTimersByTime(3_000));
    expect(age()).toBe('8s');
    expect(drawn).toEqual([]);
  });

  it('draws only rows that come into view while scrolling', () => {
    vi.useFakeTimers();
    const { grid, drawn } = setup(new ArraySource(1000));
    rest();
    drawn.length = 0;
    grid.scrollTop = 28 * 12;
    fireEvent.scroll(grid);
    expect(drawn.length).toBeGreaterThan(0);
    expect(drawn.length).toBeLessThanOrEqual(12);
    expect(Math.min(...drawn)).toBeGreaterThan(30);
  });

  it('says of rows that have not arrived that they are to come, and then their own words', () => {
    const source = new ArraySource(100_000);
    const arrived = source.rowAt;
    let late = (index: number): boolean => index >= 1_000;
    setup(Object.assign(source, { rowAt: (index: number) => (late(index) ? undefined : arrived(index)) }));
    const grid = screen.getByRole('grid');
    const shown = (): Element[] => [...grid.querySelectorAll('[data-index]')];
    expect(shown().some((row) => row.hasAttribute('aria-busy'))).toBe(false);
    grid.scrollTop = 28 * 50_000;
    fireEvent.scroll(grid);
    expect(shown().every((row) => row.getAttribute('aria-busy') === 'true' && row.id === '')).toBe(true);
    late = () => false;
    act(() => source.changed());
    for (const row of shown()) {
      expect(row.querySelector('[data-col=name]')?.textContent).toBe(`pod-${row.getAttribute('data-index')}`);
      expect(row.hasAttribute('aria-busy')).toBe(false);
    }
  });

  it('moves no row element while scrolling, and puts them in order once it rests', () => {
    vi.useFakeTimers();
    const { grid } = setup(new ArraySource(100_000));
    rest();
    const elements = (): Element[] => [...grid.querySelectorAll('[data-index]')];
    const rows = (): number[] => elements().map((row) => Number(row.getAttribute('data-index')));
    const before = elements();
    for (const top of [5, 700, 300, 4_000, 90_000, 89_000]) {
      grid.scrollTop = top * 28;
      fireEvent.scroll(grid);
      expect(elements().map((element) => before.indexOf(element))).toEqual([...before.keys()]);
    }
    rest();
    expect(rows()).toEqual([...rows()].sort((a, b) => a - b));
    expect(elements().every((element) => before.includes(element))).toBe(true);
    // Another place altogether needs no such order: it is in order at once.
    grid.scrollTop = 28 * 123;
    fireEvent.scroll(grid);
    expect(rows()).toEqual([...rows()].sort((a, b) => a - b));
  });

  it('keeps the cursor on its row when rows move', () => {
    const source = new ArraySource(100);
    const { grid, nav } = setup(source);
    key(grid, 'ArrowDown');
    key(grid, 'ArrowDown');
    expect(nav.cursorRow()?.id).toBe('id-1');
    source.rows = [source.rows[50] as TableRow, ...source.rows.slice(0, 50), ...source.rows.slice(51)];
    act(() => source.changed());
    expect(nav.cursorIndex()).toBe(2);
    key(grid, 'j');
    expect(nav.cursorRow()?.id).toBe('id-2');
    expect(document.getElementById(grid.getAttribute('aria-activedescendant') ?? '')?.textContent).toContain(
      'pod-2',
    );
  });

  it('selects by keyboard: a range, single rows, all by query', () => {
    const { grid, nav } = setup(new ArraySource(100));
    key(grid, 'Home');
    key(grid, 'ArrowDown', { shiftKey: true });
    key(grid, 'ArrowDown', { shiftKey: true });
    expect(nav.selection.rows().map((row) => row.id)).toEqual(['id-0', 'id-1', 'id-2']);
    key(grid, ' ');
    expect(nav.selection.rows().map((row) => row.id)).toEqual(['id-0', 'id-1']);
    key(grid, 'a', { ctrlKey: true });
    expect(nav.selection.all).toBe(true);
    expect(nav.selection.rows()).toEqual([]);
    expect(nav.selection.size(100)).toBe(100);
    key(grid, ' ');
    expect(nav.selection.size(100)).toBe(99);
  });

  it('goes to the last row, and opens the row under the cursor', () => {
    const { grid, nav, onOpen } = setup(new ArraySource(100_000));
    key(grid, 'End');
    expect(nav.cursorRow()?.name).toBe('pod-99999');
    key(grid, 'Enter');
    expect(onOpen).toHaveBeenCalledWith(expect.objectContaining({ name: 'pod-99999' }));
  });

  it('fades in a row that came into being, and none that only came into view', () => {
    const source = new ArraySource(5);
    const faded: string[] = [];
    const before = Object.getOwnPropertyDescriptor(Element.prototype, 'animate');
    Object.defineProperty(Element.prototype, 'animate', {
      configurable: true,
      value(this: Element) {
        faded.push(this.id);
        return {};
      },
    });
    vi.stubGlobal('matchMedia', () => ({ matches: false }));
    document.documentElement.style.setProperty('--fresh', 'red');
    try {
      const made = (id: string): TableRow => ({ ...(source.rows[0] as TableRow), id, name: id });
      setup(Object.assign(source, { isFresh: (id: string) => id === 'new' }));
      act(() => source.replace(0, made('old')));
      expect(faded).toEqual([]);
      act(() => source.replace(0, made('new')));
      expect(faded).toHaveLength(1);
      expect(faded[0]).toMatch(/-row-new$/);
    } finally {
      vi.unstubAllGlobals();
      document.documentElement.style.removeProperty('--fresh');
      if (before) Object.defineProperty(Element.prototype, 'animate', before);
      else Reflect.deleteProperty(Element.prototype, 'animate');
    }
  });

  it('sorts text upwards first and numbers downwards first', () => {
    const { onSort } = setup(new ArraySource(3));
    fireEvent.click(screen.getByRole('button', { name: 'Name' }));
    fireEvent.click(screen.getByRole('button', { name: 'Restarts' }));
    expect(onSort.mock.calls).toEqual([
      [{ column: 'name', desc: false }],
      [{ column: 'restarts', desc: true }],
    ]);
  });
});
