/**
 * Moves the cursor of one table and what is chosen with it, by keyboard, pointer or
 * command. Guarantees: the cursor is kept by row id over updates; a move to a row that
 * has not arrived completes when it does; a range over rows not at hand is fetched whole
 * or not chosen at all.
 */
import { scrollTopToShow, visibleRows, type Geometry } from './geometry';
import type { TableSelection } from './selection';
import type { RowSource, TableRow } from './types';

/** The part of the table that knows the screen. */
export interface TableScreen {
  geometry(): Geometry;
  scrollTop(): number;
  scrollTo(top: number): void;
  focus(): void;
}

export interface NavigatorEvents {
  /** The cursor came to stand on a row. */
  onCursor?(row: TableRow): void;
  onOpen?(row: TableRow): void;
  /** Rows out of sight could not be chosen; `reason` is what the source threw. */
  onRangeFailed?(reason: unknown): void;
}

export class TableNavigator {
  readonly source: RowSource;
  readonly selection: TableSelection;
  screen: TableScreen | undefined;
  events: NavigatorEvents = {};
  private waiting: (() => void) | undefined;
  private extension = 0;

  constructor(source: RowSource, selection: TableSelection) {
    this.source = source;
    this.selection = selection;
  }

  /** Where the cursor's row stands now; -1 without a cursor. */
  cursorIndex(): number {
    const { id, index } = this.selection.cursor;
    const now = id === undefined ? undefined : this.source.indexOf(id);
    return Math.min(now ?? index, this.source.count() - 1);
  }

  cursorRow(): TableRow | undefined {
    const index = this.cursorIndex();
    return index < 0 ? undefined : this.source.rowAt(index);
  }

  move(delta: number, how: 'choose' | 'extend' | 'cursor' = 'choose'): void {
    const from = this.cursorIndex();
    this.moveTo(from < 0 ? (delta < 0 ? this.source.count() - 1 : this.firstOnScreen()) : from + delta, how);
  }

  page(direction: 1 | -1, how: 'choose' | 'extend' | 'cursor' = 'choose'): void {
    const geometry = this.screen?.geometry();
    const rows = geometry ? Math.max(1, Math.floor(geometry.viewport / geometry.rowHeight) - 1) : 10;
    this.move(direction * rows, how);
  }

  moveTo(index: number, how: 'choose' | 'extend' | 'cursor' = 'choose'): void {
    const count = this.source.count();
    if (count === 0) return;
    const to = Math.max(0, Math.min(index, count - 1));
    this.stopWaiting();
    this.show(to);
    if (how === 'extend') {
      this.extendTo(to);
      return;
    }
    const row = this.source.rowAt(to);
    if (row) this.land(to, row, how);
    else {
      this.selection.moveTo(to, undefined);
      this.waiting = this.source.subscribeRow(to, () => {
        const arrived = this.source.rowAt(to);
        if (!arrived) return;
        this.stopWaiting();
        this.land(to, arrived, how);
      });
    }
  }

  /** Chooses every row from the anchor to `index`. */
  extendTo(index: number): void {
    const { anchor } = this.selection;
    const from = anchor < 0 ? Math.max(0, this.cursorIndex()) : anchor;
    this.selection.setAnchor(from);
    const first = Math.min(from, index);
    const last = Math.max(from, index);
    const rows: TableRow[] = [];
    for (let at = first; at <= last; at += 1) {
      const row = this.source.rowAt(at);
      if (row) rows.push(row);
    }
    const turn = ++this.extension;
    if (rows.length === last - first + 1) {
      this.selection.chooseRange(rows, index, this.source.rowAt(index)?.id);
      return;
    }
    this.selection.moveTo(index, this.source.rowAt(index)?.id);
    this.source.range?.(first, last).then(
      (fetched) => {
        if (turn !== this.extension) return;
        this.selection.chooseRange(fetched, index, this.source.rowAt(index)?.id);
      },
      (reason: unknown) => {
        if (turn === this.extension) this.events.onRangeFailed?.(reason);
      },
    );
  }

  toggle(index = this.cursorIndex()): void {
    const row = this.source.rowAt(index);
    if (row) this.selection.toggle(index, row);
  }

  /** `row` under the pointer, with the modifiers held. */
  click(index: number, how: { readonly range: boolean; readonly add: boolean }): void {
    const row = this.source.rowAt(index);
    this.stopWaiting();
    if (!row) return;
    if (how.range) this.extendTo(index);
    else if (how.add) this.selection.toggle(index, row);
    else this.land(index, row, 'choose');
  }

  open(): void {
    const row = this.cursorRow();
    if (row) this.events.onOpen?.(row);
  }

  focus(): void {
    this.screen?.focus();
  }

  show(index: number): void {
    const { screen } = this;
    if (!screen) return;
    const top = scrollTopToShow(screen.geometry(), screen.scrollTop(), index);
    if (top !== undefined) screen.scrollTo(top);
  }

  stopWaiting(): void {
    this.waiting?.();
    this.waiting = undefined;
  }

  private land(index: number, row: TableRow, how: 'choose' | 'cursor'): void {
    this.extension += 1;
    if (how === 'choose') this.selection.choose(index, row);
    else this.selection.moveTo(index, row.id);
    this.events.onCursor?.(row);
  }

  private firstOnScreen(): number {
    const { screen } = this;
    return screen ? visibleRows(screen.geometry(), screen.scrollTop()).first : 0;
  }
}

export interface KeyLike {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

/** Runs the table's own keys; false when the key is not one of them. */
export function handleKey(event: KeyLike, nav: TableNavigator): boolean {
  const mod = event.ctrlKey || event.metaKey;
  if (event.altKey) return false;
  if (mod && event.key.toLowerCase() === 'a' && !event.shiftKey) {
    nav.selection.chooseAll();
    return true;
  }
  const how = event.shiftKey ? 'extend' : mod ? 'cursor' : 'choose';
  switch (event.key) {
    case 'ArrowDown':
      nav.move(1, how);
      return true;
    case 'ArrowUp':
      nav.move(-1, how);
      return true;
    case 'Home':
      nav.moveTo(0, how);
      return true;
    case 'End':
      nav.moveTo(Number.MAX_SAFE_INTEGER, how);
      return true;
    case 'PageDown':
      nav.page(1, how);
      return true;
    case 'PageUp':
      nav.page(-1, how);
      return true;
    default:
      return !mod && plainKey(event.key, nav);
  }
}

function plainKey(key: string, nav: TableNavigator): boolean {
  switch (key) {
    case 'j':
      nav.move(1);
      return true;
    case 'k':
      nav.move(-1);
      return true;
    case 'J':
      nav.move(1, 'extend');
      return true;
    case 'K':
      nav.move(-1, 'extend');
      return true;
    case ' ':
      nav.toggle();
      return true;
    case 'Enter':
      nav.open();
      return true;
    default:
      return false;
  }
}
