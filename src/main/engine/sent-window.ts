/**
 * The window of a view as its reader has it: which rows, and each in which version.
 * Guarantees: what stands as before costs one look at two numbers a row and makes no string; a row
 * that changed or came is sent once; `order` is given only when it is another one. A version names one
 * state of one object (table.ts), so that a row number with another object in it is told apart.
 */
import type { WireRow } from '#shared/contract/resources';
import type { Table } from './table';

export interface WindowChange {
  /** uids, top to bottom; absent when as before. */
  readonly order?: readonly string[];
  /** New or changed since. */
  readonly rows: readonly WireRow[];
}

export class SentWindow {
  private readonly table: Table;
  private rows: number[] = [];
  private versions: number[] = [];
  private ids: string[] = [];
  private offset = -1;
  private members = new Set<number>();

  constructor(table: Table) {
    this.table = table;
  }

  /** Whether the window showed the row when it was told last. */
  has(row: number): boolean {
    return this.members.has(row);
  }

  /** From now on the reader has matched[start..end); says what it must be told for that. */
  advance(matched: Uint32Array, start: number, end: number): WindowChange {
    return this.inPlace(matched, start, end) ?? this.anew(matched, start, end);
  }

  /** undefined: other rows than before. */
  private inPlace(matched: Uint32Array, start: number, end: number): WindowChange | undefined {
    const { table, rows, versions, ids } = this;
    if (start !== this.offset || end - start !== rows.length) return undefined;
    for (let i = 0; i < rows.length; i++) if (matched[start + i] !== rows[i]) return undefined;
    const changed: WireRow[] = [];
    const places: number[] = [];
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!;
      if (table.version[row] === versions[i]) continue;
      const id = table.uid(row);
      if (id !== ids[i]) return undefined;
      changed.push(this.wire(row, id));
      places.push(i);
    }
    for (const i of places) versions[i] = table.version[rows[i]!]!;
    return { rows: changed };
  }

  private anew(matched: Uint32Array, start: number, end: number): WindowChange {
    const { table, ids: before, versions } = this;
    const known = new Map(before.map((id, i) => [id, versions[i]]));
    const changed: WireRow[] = [];
    this.rows = Array.from(matched.subarray(start, end));
    this.versions = this.rows.map((row) => table.version[row]!);
    this.ids = this.rows.map((row) => table.uid(row));
    this.ids.forEach((id, i) => {
      if (known.get(id) !== this.versions[i]) changed.push(this.wire(this.rows[i]!, id));
    });
    this.members = new Set(this.rows);
    const isSame = start === this.offset && sameList(this.ids, before);
    this.offset = start;
    return isSame ? { rows: changed } : { order: this.ids, rows: changed };
  }

  private wire(row: number, id: string): WireRow {
    const { table } = this;
    const wire = { id, name: table.name(row), namespace: table.namespace(row), cells: table.cells(row) };
    return table.deleting[row] === 1 ? { ...wire, deleting: true } : wire;
  }
}

export function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
