/**
 * What the table draws. It knows rows, cells and columns, not where they come from:
 * a `RowSource` may be a live view, an array or a test.
 */

export type CellTone = 'ok' | 'progress' | 'warn' | 'bad' | 'idle' | 'done';

/** A cell as data; which shape it has depends on the column's type. */
export type CellValue =
  string | number | null | readonly [CellTone, string, number | null] | readonly [number, number | null];

export type CellType =
  | 'text'
  | 'mono'
  | 'number'
  | 'bytes'
  | 'cpu'
  | 'percent'
  | 'duration'
  | 'time'
  | 'status'
  | 'ratio'
  | 'restarts'
  | 'cpu-use'
  | 'bytes-use';

export interface TableColumn {
  /** Stable: settings and sorting name it. */
  readonly id: string;
  readonly title: string;
  readonly type: CellType;
  /** Longer words for the head's tooltip. */
  readonly hint?: string;
  /** Shown only when chosen. */
  readonly optional?: boolean;
  /** First width in px. */
  readonly width?: number;
  /** Its cells are links. */
  readonly link?: boolean;
}

/** A column in its place: where its cell is found, and how wide it is. */
export interface ShownColumn extends TableColumn {
  /** Index in `TableRow.cells`, or the row's own words. */
  readonly cell: number | 'name' | 'namespace';
  readonly px: number;
  /** How narrow it may get where the table has no room, px; undefined: it keeps its width. */
  readonly min?: number;
  /** How much wider than its first width somebody made it, px. */
  readonly widened?: number;
  /** Takes what is left of the width. */
  readonly grows: boolean;
}

export interface TableRow {
  /** Unique among all rows, stable over updates. */
  readonly id: string;
  readonly name: string;
  readonly namespace: string;
  readonly cells: readonly CellValue[];
  /** On its way out. */
  readonly deleting?: boolean;
}

export interface TableSort {
  readonly column: string;
  readonly desc: boolean;
}

/** Rows by place. Methods must not depend on `this`. */
export interface RowSource {
  readonly count: () => number;
  readonly rowAt: (index: number) => TableRow | undefined;
  /** Place of a row, when it is known. */
  readonly indexOf: (id: string) => number | undefined;
  /** Called when the count may have changed. */
  readonly subscribe: (listener: () => void) => () => void;
  /** Called when the row at the place changed. */
  readonly subscribeRow: (index: number, listener: () => void) => () => void;
  /** The rows on screen, both ends included. */
  readonly setVisible: (first: number, last: number) => void;
  /** Rows that are not at hand, for a range; rejects when they cannot be had. */
  readonly range?: (first: number, last: number) => Promise<readonly TableRow[]>;
  /** The row has only just come into being (not: into view). */
  readonly isFresh?: (id: string) => boolean;
}

export type Density = 'compact' | 'normal' | 'relaxed';

export const rowHeights: Readonly<Record<Density, number>> = { compact: 24, normal: 28, relaxed: 34 };

/** Cell of a row in a column; null where the source has none. */
export function cellOf(row: TableRow, column: ShownColumn): CellValue {
  if (column.cell === 'name') return row.name;
  if (column.cell === 'namespace') return row.namespace;
  return row.cells[column.cell] ?? null;
}

const rightAligned: ReadonlySet<CellType> = new Set([
  'number',
  'bytes',
  'cpu',
  'percent',
  'duration',
  'time',
  'ratio',
  'restarts',
  'cpu-use',
  'bytes-use',
]);

export function isRightAligned(type: CellType): boolean {
  return rightAligned.has(type);
}

/** The direction of the first click on a head: text upwards, numbers and times largest and newest first. */
export function firstDirection(type: CellType): boolean {
  return isRightAligned(type);
}
