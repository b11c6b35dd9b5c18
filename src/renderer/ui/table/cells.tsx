/**
 * One renderer per column type. They return elements and hold no state: a row is drawn
 * only when its data changed. Times are left empty here; `times.ts` writes them.
 * Cluster text is data: it becomes text nodes, with hidden characters made visible.
 */
import type { ReactNode } from 'react';
import { formatDuration, none } from '#shared/util/age';
import { formatBytes, formatCpu } from '#shared/util/quantity';
import { nameEnd, visible } from '#shared/util/text';
import { StatusMark } from '../StatusMark';
import { middleText, PADDING } from './middle-text';
import styles from './table.module.css';
import { surelyFits } from './text-width';
import type { CellTone, CellType, CellValue, ShownColumn, TableRow } from './types';
import { cellOf } from './types';
import { timeText } from './times';

type Renderer = (value: NonNullable<CellValue>, quiet: boolean, room: number) => ReactNode;

const nothing = <span className={styles.muted}>{none}</span>;

function Time({ form, at, text }: { form: string; at: number; text?: string }): ReactNode {
  return <span data-at={at} data-form={form} data-text={text} />;
}

function plain(value: NonNullable<CellValue>): ReactNode {
  return visible(String(value));
}

function isStatus(value: CellValue): value is readonly [CellTone, string, number | null] {
  return Array.isArray(value) && typeof value[0] === 'string';
}

/**
 * A number and a 40 px bar against its bound. Near a limit the bar has a colour; over a request (a
 * negative bound) it is only full: that is allowed.
 */
function measured(value: NonNullable<CellValue>, format: (amount: number) => string): ReactNode {
  if (!Array.isArray(value) || typeof value[0] !== 'number') return nothing;
  const bound = typeof value[1] === 'number' && value[1] !== 0 ? value[1] : null;
  const share = bound === null ? 0 : value[0] / Math.abs(bound);
  const tone =
    bound === null || bound < 0 ? undefined : share >= 0.9 ? 'bad' : share >= 0.75 ? 'warn' : undefined;
  const words =
    bound === null
      ? 'No limit and no request'
      : bound < 0
        ? `${format(-bound)} requested, no limit`
        : `of ${format(bound)}`;
  return (
    <span className={styles.use} title={words}>
      {format(value[0])}
      <span className={styles.useBar} data-none={bound === null || undefined}>
        <span data-tone={tone} style={{ width: `${Math.min(100, share * 100)}%` }} />
      </span>
    </span>
  );
}

const renderers: Readonly<Record<CellType, Renderer>> = {
  text: plain,
  mono: (value, _quiet, room) => middleText(String(value), room, 'mono'),
  number: (value, quiet) => (quiet && value === 0 ? <span className={styles.muted}>0</span> : plain(value)),
  bytes: (value) => formatBytes(value as number),
  cpu: (value) => formatCpu(value as number),
  percent: (value) => (typeof value === 'number' ? `${Math.round(value * 100)}%` : nothing),
  duration: (value) => formatDuration(value as number),
  time: (value) => (typeof value === 'number' ? <Time form="age" at={value} /> : nothing),
  status: (value) => {
    if (!isStatus(value)) return plain(value as string);
    const [tone, text, at] = value;
    return (
      <span className={styles.status} data-tone={tone}>
        <StatusMark tone={tone} />
        {at === null ? visible(text) : <span data-at={at} data-form="status" data-text={visible(text)} />}
      </span>
    );
  },
  ratio: (value, quiet) => {
    const [have, want] = value as readonly [number, number];
    const look = quiet ? styles.muted : have < want ? styles.warn : undefined;
    return (
      <span className={look}>
        {have}/{want}
      </span>
    );
  },
  restarts: (value) => {
    const [count, last] = value as readonly [number, number | null];
    if (count === 0 || last === null) return count;
    return <Time form="restarts" at={last} text={String(count)} />;
  },
  'cpu-use': (value) => measured(value, formatCpu),
  'bytes-use': (value) => measured(value, formatBytes),
};

/** What stands in the cell. `quiet`: the row is finished or idle, its shortfalls are no trouble. */
export function renderCell(column: ShownColumn, row: TableRow, quiet: boolean): ReactNode {
  const value = cellOf(row, column);
  if (value === null || value === '') return nothing;
  if (column.cell === 'name') {
    return (
      <span className={styles.name} data-open="">
        {middleText(row.name, column.px)}
      </span>
    );
  }
  if (column.link && typeof value === 'string') {
    return (
      <span className={styles.link} data-link={column.id}>
        {/* Of an address the start tells which one it is. */}
        {nameEnd(value) === ''
          ? visible(value)
          : middleText(value, column.px, column.type === 'mono' ? 'mono' : 'plain')}
      </span>
    );
  }
  return renderers[column.type](value, quiet, column.px);
}

const MARK = 16;

/**
 * Whether the cell's words may need more room than it has. Only such a cell is clipped: each clip is one
 * more thing to paint on its own, and a screen has hundreds of cells.
 */
export function mayOverflow(column: ShownColumn, row: TableRow): boolean {
  const value = cellOf(row, column);
  const room = column.px - PADDING;
  const font = column.type === 'mono' ? 'mono' : 'plain';
  const fits = (text: string, taken = 0): boolean => surelyFits(text, room - taken, font);
  if (value === null || value === '') return false;
  // Cut in the middle by the same widths.
  if (column.cell === 'name') return !surelyFits(row.name, Infinity, font);
  switch (column.type) {
    case 'mono':
      return column.link && nameEnd(String(value)) === ''
        ? !fits(String(value))
        : !surelyFits(String(value), Infinity, font);
    case 'time':
      return !fits('in 999 d');
    case 'restarts':
      return Array.isArray(value) && !fits(value[1] === null ? String(value[0]) : `${value[0]}, 59m ago`);
    case 'status':
      if (!isStatus(value)) return !fits(String(value));
      return !fits(value[2] === null ? value[1] : `${value[1]}, 59m overdue`, MARK);
    case 'ratio':
      return Array.isArray(value) && !fits(`${value[0]}/${value[1]}`);
    case 'text':
    case 'number':
      return !fits(String(value));
    default:
      return true;
  }
}

/** Finished, suspended or unknown rows do not ask for attention. */
export function isQuiet(row: TableRow, columns: readonly ShownColumn[]): boolean {
  const status = columns.find((column) => column.type === 'status');
  const value = status && cellOf(row, status);
  return value !== undefined && isStatus(value) && (value[0] === 'done' || value[0] === 'idle');
}

/** The cell as a person would copy it; times as RFC 3339. */
export function copyText(column: ShownColumn, row: TableRow, now: number): string {
  const value = cellOf(row, column);
  if (value === null) return '';
  switch (column.type) {
    case 'time':
      return typeof value === 'number' ? new Date(value).toISOString() : '';
    case 'status':
      return isStatus(value)
        ? value[2] === null
          ? value[1]
          : timeText('status', value[1], value[2], now)
        : '';
    case 'ratio':
      return Array.isArray(value) ? `${value[0]}/${value[1]}` : '';
    case 'restarts':
      return Array.isArray(value) ? String(value[0]) : '';
    case 'cpu-use':
      return Array.isArray(value) ? formatCpu(value[0] as number) : '';
    case 'bytes-use':
      return Array.isArray(value) ? formatBytes(value[0] as number) : '';
    case 'bytes':
      return formatBytes(value as number);
    case 'cpu':
      return formatCpu(value as number);
    default:
      return String(value);
  }
}

/** Same words on screen? Rows arrive as new objects, cells rarely differ. */
export function sameCell(a: CellValue, b: CellValue): boolean {
  if (a === b) return true;
  if (!Array.isArray(a) || !Array.isArray(b)) return false;
  return a[0] === b[0] && a[1] === b[1] && a[2] === b[2];
}
