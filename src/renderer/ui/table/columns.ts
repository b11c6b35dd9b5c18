/**
 * From the columns a source offers and what the person has set up to the columns shown.
 * Pure. Guarantees: unknown ids in the settings are ignored, new columns of the source
 * appear, the first column is always shown, widths stay within bounds.
 */
import type { CellType, ShownColumn, TableColumn } from './types';

export interface ColumnSetup {
  readonly order?: readonly string[];
  readonly hidden?: readonly string[];
  /** Optional columns that were chosen. */
  readonly shown?: readonly string[];
  readonly widths?: Readonly<Record<string, number>>;
}

export const MIN_WIDTH = 44;
export const MAX_WIDTH = 1200;
const GROW_MIN = 200;

const typeWidths: Readonly<Record<CellType, number>> = {
  text: 140,
  mono: 150,
  number: 76,
  bytes: 92,
  cpu: 76,
  percent: 76,
  duration: 84,
  time: 64,
  status: 206,
  ratio: 68,
  restarts: 104,
};

export interface OfferedColumn extends TableColumn {
  readonly cell: ShownColumn['cell'];
}

/** All offered columns in the person's order. */
export function orderedColumns(
  offered: readonly OfferedColumn[],
  setup: ColumnSetup,
): readonly OfferedColumn[] {
  const rank = new Map((setup.order ?? []).map((id, index) => [id, index]));
  if (rank.size === 0) return offered;
  const natural = new Map(offered.map((column, index) => [column.id, index]));
  // A column unknown to the settings goes behind its natural neighbour.
  const place = (column: OfferedColumn): number => {
    for (let at = natural.get(column.id) ?? 0; at >= 0; at -= 1) {
      const known = rank.get(offered[at]?.id ?? '');
      if (known !== undefined) return known + ((natural.get(column.id) ?? 0) - at) / 1000;
    }
    return -1;
  };
  return [...offered].sort((a, b) => place(a) - place(b));
}

export function isShown(column: TableColumn, setup: ColumnSetup, first: boolean): boolean {
  if (first) return true;
  if (setup.hidden?.includes(column.id)) return false;
  return column.optional !== true || (setup.shown?.includes(column.id) ?? false);
}

export function shownColumns(offered: readonly OfferedColumn[], setup: ColumnSetup): readonly ShownColumn[] {
  const ordered = orderedColumns(offered, setup);
  const first = offered[0]?.id;
  const shown = ordered.filter((column) => isShown(column, setup, column.id === first));
  return shown.map((column) => {
    const set = Object.hasOwn(setup.widths ?? {}, column.id) ? setup.widths?.[column.id] : undefined;
    const grows = column.id === first && set === undefined;
    const guess = column.width ?? typeWidths[column.type];
    return { ...column, grows, px: clampWidth(set ?? (grows ? Math.max(GROW_MIN, guess) : guess)) };
  });
}

export function clampWidth(px: number): number {
  return Math.round(Math.max(MIN_WIDTH, Math.min(px, MAX_WIDTH)));
}

/** `grid-template-columns` of every row. A filler keeps the last column at the right edge of its text. */
export function gridTemplate(columns: readonly ShownColumn[]): string {
  const tracks = columns.map((column) => (column.grows ? `minmax(${column.px}px, 1fr)` : `${column.px}px`));
  return columns.some((column) => column.grows) ? tracks.join(' ') : [...tracks, 'minmax(0, 1fr)'].join(' ');
}

export function totalWidth(columns: readonly ShownColumn[]): number {
  return columns.reduce((sum, column) => sum + column.px, 0);
}

/** The setup after `moved` was dropped before `before` (at the end when undefined). */
export function moveColumn(
  offered: readonly OfferedColumn[],
  setup: ColumnSetup,
  moved: string,
  before: string | undefined,
): ColumnSetup {
  const ids = orderedColumns(offered, setup)
    .map((column) => column.id)
    .filter((id) => id !== moved);
  const at = before === undefined ? -1 : ids.indexOf(before);
  ids.splice(at < 0 ? ids.length : at, 0, moved);
  return { ...setup, order: ids };
}

export function setShown(column: TableColumn, setup: ColumnSetup, show: boolean): ColumnSetup {
  const without = (list: readonly string[] | undefined): string[] =>
    (list ?? []).filter((id) => id !== column.id);
  const hidden = without(setup.hidden);
  const shown = without(setup.shown);
  if (show && column.optional) shown.push(column.id);
  if (!show && !column.optional) hidden.push(column.id);
  return { ...setup, hidden, shown };
}

export function setWidth(setup: ColumnSetup, id: string, px: number): ColumnSetup {
  return { ...setup, widths: { ...setup.widths, [id]: clampWidth(px) } };
}
