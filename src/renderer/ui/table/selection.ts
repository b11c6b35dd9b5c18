/**
 * What is chosen in one table: a cursor (one row, kept by id) and a set of rows, or all
 * rows of the present query but some. A set holds rows by id; "all" is never a list.
 * Does not know where rows are beyond what the caller tells it.
 */
import type { TableRow } from './types';

export interface Cursor {
  readonly id: string | undefined;
  readonly index: number;
}

export const FLAG_SELECTED = 1;
export const FLAG_CURSOR = 2;

export class TableSelection {
  private readonly listeners = new Set<() => void>();
  private readonly chosen = new Map<string, TableRow>();
  private except: Set<string> | undefined;
  private place: Cursor = { id: undefined, index: -1 };
  private anchorIndex = -1;
  private version = 0;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Grows with every change; for `useSyncExternalStore`. */
  readonly snapshot = (): number => this.version;

  get cursor(): Cursor {
    return this.place;
  }

  /** Where a range starts. */
  get anchor(): number {
    return this.anchorIndex;
  }

  /** All rows of the query are chosen, but for `exceptions`. */
  get all(): boolean {
    return this.except !== undefined;
  }

  get exceptions(): ReadonlySet<string> {
    return this.except ?? new Set();
  }

  /** The chosen rows; empty while `all`. */
  rows(): readonly TableRow[] {
    return [...this.chosen.values()];
  }

  size(matched: number): number {
    return this.except ? Math.max(0, matched - this.except.size) : this.chosen.size;
  }

  flags(id: string | undefined): number {
    if (id === undefined) return 0;
    const selected = this.except ? !this.except.has(id) : this.chosen.has(id);
    return (selected ? FLAG_SELECTED : 0) | (this.place.id === id ? FLAG_CURSOR : 0);
  }

  /** Moves the cursor without changing what is chosen. */
  moveTo(index: number, id: string | undefined): void {
    if (this.place.index === index && this.place.id === id) return;
    this.place = { id, index };
    this.emit();
  }

  /** Chooses only this row. */
  choose(index: number, row: TableRow): void {
    this.chosen.clear();
    this.chosen.set(row.id, row);
    this.except = undefined;
    this.place = { id: row.id, index };
    this.anchorIndex = index;
    this.emit();
  }

  toggle(index: number, row: TableRow): void {
    if (this.except) {
      if (!this.except.delete(row.id)) this.except.add(row.id);
    } else if (!this.chosen.delete(row.id)) this.chosen.set(row.id, row);
    this.place = { id: row.id, index };
    this.anchorIndex = index;
    this.emit();
  }

  /** Chooses these rows (a range from the anchor); the cursor goes to `index`. */
  chooseRange(rows: readonly TableRow[], index: number, id: string | undefined): void {
    this.except = undefined;
    this.chosen.clear();
    for (const row of rows) this.chosen.set(row.id, row);
    this.place = { id, index };
    this.emit();
  }

  setAnchor(index: number): void {
    this.anchorIndex = index;
  }

  /** Rows that are no more are neither chosen nor excepted. */
  forget(ids: Iterable<string>): void {
    let had = false;
    for (const id of ids) {
      if (this.chosen.delete(id)) had = true;
      if (this.except?.delete(id)) had = true;
    }
    if (had) this.emit();
  }

  chooseAll(): void {
    this.chosen.clear();
    this.except = new Set();
    this.emit();
  }

  /** Returns whether there was anything to clear. */
  clear(): boolean {
    const had = this.chosen.size > 0 || this.except !== undefined;
    this.chosen.clear();
    this.except = undefined;
    if (had) this.emit();
    return had;
  }

  private emit(): void {
    this.version += 1;
    for (const listener of [...this.listeners]) listener();
  }
}
