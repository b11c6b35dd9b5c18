/**
 * Holds columns to their types whatever the object holds: a cell is of the column's type or
 * null, finite, and at most 1 KiB of text. It does not catch throws: `get` must not throw.
 */
import type { AnyColumn, CellTypes, ColumnType, Tone } from './define';

/** Longest text of a cell, in UTF-16 units. */
export const maxCellText = 1024;

const tones: ReadonlySet<unknown> = new Set<Tone>(['ok', 'progress', 'warn', 'bad', 'idle', 'done']);

const guards: { readonly [C in ColumnType]: (value: unknown) => CellTypes[C] } = {
  text,
  mono: text,
  number,
  bytes: number,
  cpu: number,
  'cpu-use': number,
  'bytes-use': number,
  percent: number,
  duration: number,
  time: number,
  status: (value) => {
    if (typeof value !== 'object' || value === null) return null;
    const { tone, text: words, at } = value as { tone?: unknown; text?: unknown; at?: unknown };
    const shown = text(words);
    if (!tones.has(tone) || shown === null) return null;
    return typeof at === 'number' && Number.isFinite(at)
      ? { tone: tone as Tone, text: shown, at }
      : { tone: tone as Tone, text: shown };
  },
  ratio: (value) => {
    if (!Array.isArray(value)) return null;
    const have = number(value[0]);
    const want = number(value[1]);
    return have === null || want === null ? null : [have, want];
  },
  restarts: (value) => {
    if (!Array.isArray(value)) return null;
    const total = number(value[0]);
    return total === null ? null : [total, number(value[1])];
  },
};

function text(value: unknown): string | null {
  if (typeof value === 'string') {
    if (value === '') return null;
    return value.length > maxCellText ? `${value.slice(0, maxCellText - 1)}…` : value;
  }
  // IntOrString fields; numbers are words too.
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : null;
}

function number(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

export function guardColumn<T>(column: AnyColumn<T>): AnyColumn<T> {
  const get = column.get as (object: T) => unknown;
  const guard = guards[column.type] as (value: unknown) => never;
  return { ...column, get: (object: T) => guard(get(object)) } as AnyColumn<T>;
}
