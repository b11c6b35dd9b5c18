/**
 * From the columns a source offers and what the person has set up to the columns shown.
 * Pure. Guarantees: unknown ids in the settings are ignored, new columns of the source
 * appear, the first column is always shown, widths stay within bounds.
 */
import { isRightAligned, type CellType, type ShownColumn, type TableColumn } from './types';

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
/** Flexible columns never get narrower by themselves, px. */
const FLEX_MIN: Readonly<Partial<Record<CellType, number>>> = { text: 76, mono: 76, status: 184 };
/** A name of something else says nothing with fewer letters, and `Namespace` is the head of its column. */
const LINK_MIN = 96;
const NAMESPACE_MIN = 84;
const NAME_MIN = 160;
/** Name and status in a table so narrow that other columns have given way already, px. */
const TIGHT_NAME = 136;
const TIGHT_STATUS = 132;

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
  'cpu-use': 104,
  'bytes-use': 128,
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
    const least =
      column.cell === 'namespace' ? NAMESPACE_MIN : column.link ? LINK_MIN : FLEX_MIN[column.type];
    const flexible = set === undefined ? least : undefined;
    const min = grows ? NAME_MIN : flexible;
    const px = clampWidth(set ?? (grows ? Math.max(GROW_MIN, guess) : guess));
    return {
      ...column,
      grows,
      ...(min !== undefined && { min }),
      px,
      // What somebody widened beyond its first width may make the table scroll; it costs no other column.
      ...(set !== undefined && px > guess && { widened: px - guess }),
    };
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

const PADDING = 8;
/** Left of the first column and right of a last one whose words stand at the right. */
const PADDING_FIRST = 14;
const PADDING_LAST = 12;

/** `background` of a row that has not arrived: in each column a bar where the words will stand. */
export function waitingBars(columns: readonly ShownColumn[]): string {
  let start = 0;
  const bars = columns.map(({ px, type }, at) => {
    const width = Math.round((px - 2 * PADDING) * 0.4);
    const left = isRightAligned(type)
      ? start + px - (at === columns.length - 1 ? PADDING_LAST : PADDING) - width
      : start + (at === 0 ? PADDING_FIRST : PADDING);
    start += px;
    return `linear-gradient(var(--line) 0 0) ${left}px center / ${width}px 6px no-repeat`;
  });
  return bars.join(', ');
}

/** Most a column takes of width nobody else needs, as a share of its first width. */
const STATUS_MOST = 1.9;
const TEXT_MOST = 1.5;

/**
 * The columns in a table of this width, px: flexible ones give way before the table scrolls;
 * what is left over goes to the words of the status first, then to other texts and the name.
 */
export function fitColumns(columns: readonly ShownColumn[], width: number): readonly ShownColumn[] {
  const free = width - totalWidth(columns);
  if (width <= 0 || free === 0) return columns;
  const px = new Map<string, number>();
  if (free < 0) {
    // The name and the status are what one looks for: the others give way first.
    const main = (column: ShownColumn): boolean => column.grows === true || column.type === 'status';
    let short = -free;
    for (const group of [columns.filter((one) => !main(one)), columns.filter(main)]) {
      const give = (column: ShownColumn): number => Math.max(0, column.px - (column.min ?? column.px));
      const all = group.reduce((sum, column) => sum + give(column), 0);
      const part = all === 0 ? 0 : Math.min(1, short / all);
      for (const column of group) {
        // Rounded so that the sum never exceeds the width.
        const less = Math.min(give(column), Math.ceil(give(column) * part));
        px.set(column.id, column.px - less);
        short = Math.max(0, short - less);
      }
    }
  } else {
    const share = (wanted: readonly ShownColumn[], most: number, pot: number): number => {
      const room = wanted.reduce((sum, column) => sum + column.px * (most - 1), 0);
      const part = room === 0 ? 0 : Math.min(1, pot / room);
      let used = 0;
      for (const column of wanted) {
        const more = Math.floor(column.px * (most - 1) * part);
        px.set(column.id, column.px + more);
        used += more;
      }
      return used;
    };
    const flexible = columns.filter(
      (column) => column.min !== undefined && column.min < column.px && !column.grows,
    );
    const used = share(
      flexible.filter((column) => column.type === 'status'),
      STATUS_MOST,
      free * 0.55,
    );
    share(
      flexible.filter((column) => column.type !== 'status'),
      TEXT_MOST,
      (free - used) * 0.5,
    );
  }
  const fitted = columns.map((column) => ({ ...column, px: px.get(column.id) ?? column.px }));
  const rest = Math.floor(width) - totalWidth(fitted);
  return fitted.map((column) => (column.grows && rest > 0 ? { ...column, px: column.px + rest } : column));
}

/** How long a column stays where there is no room; the lowest goes first, then the last one. */
function worth(column: ShownColumn, index: number): number {
  if (index === 0 || column.type === 'status') return Infinity;
  if (column.id === 'age') return 5;
  if (column.cell === 'namespace') return 4;
  if (column.type === 'ratio' || column.type === 'restarts') return 3;
  return column.type === 'text' || column.type === 'mono' ? 1 : 2;
}

/**
 * The columns a table of this width has room for at their narrowest: others yield, the least telling
 * first. Name and status get narrower still before namespace, counts or age would go.
 */
export function yieldColumns(columns: readonly ShownColumn[], width: number): readonly ShownColumn[] {
  if (width <= 0) return columns;
  const room = width + columns.reduce((sum, column) => sum + (column.widened ?? 0), 0);
  const narrowest = (list: readonly ShownColumn[]): number =>
    list.reduce((sum, column) => sum + (column.min ?? column.px), 0);
  if (narrowest(columns) <= room) return columns;
  const order = columns
    .map((column, index) => ({ column, index, worth: worth(column, index) }))
    .filter((one) => one.worth < Infinity)
    .sort((a, b) => a.worth - b.worth || b.index - a.index);
  let left = columns;
  const drop = (most: number): void => {
    for (const one of order) {
      if (one.worth > most || narrowest(left) <= room) return;
      left = left.filter((column) => column.id !== one.column.id);
    }
  };
  drop(2);
  if (narrowest(left) > room) {
    left = left.map((column) =>
      column.min === undefined
        ? column
        : column.grows
          ? { ...column, min: Math.min(column.min, TIGHT_NAME) }
          : column.type === 'status'
            ? { ...column, min: Math.min(column.min, TIGHT_STATUS) }
            : column,
    );
  }
  drop(4);
  return left;
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
