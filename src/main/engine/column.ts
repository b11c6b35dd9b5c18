/**
 * One column of a table as typed arrays: codes of a dictionary for words, floats for
 * numbers and times. `set` reports whether the cell changed, which is what lets a table
 * drop updates that show nothing new. Values of the wrong type are stored as "nothing".
 */
import type { Cell, ColumnMeta, ColumnType, Tone } from '#shared/kinds/define';
import { Dictionary } from './dictionary';
import { Codes, Numbers } from './store';

export const tones: readonly Tone[] = ['ok', 'progress', 'warn', 'bad', 'idle', 'done'];
const toneCodes = new Map<unknown, number>(tones.map((tone, i) => [tone, i]));

/** Longer words are cut: a cell is one line of a table, not a document. */
const MAX_TEXT = 1024;

export interface Column {
  readonly meta: ColumnMeta;
  /** Words of text, mono and status columns. */
  readonly dictionary?: Dictionary;
  /** Codes into `dictionary`. */
  readonly codes?: Codes;
  /** The sortable number: count, bytes, epoch ms, have of have/want; NaN for nothing. */
  readonly numbers?: Numbers;
  /** want of have/want, last restart (epoch ms); NaN for nothing. */
  readonly seconds?: Numbers | undefined;
  set(row: number, value: unknown): boolean;
  /** `set` of the words whose UTF-8 is source[start..end). */
  setBytes(row: number, source: Buffer, start: number, end: number): boolean;
  /** Notes the cell in CELL_SIZE numbers; good for this epoch of the dictionary. */
  save(row: number, to: Float64Array, at: number): void;
  /** `set` of a noted cell. */
  load(row: number, from: Float64Array, at: number): boolean;
  clear(row: number): void;
  cell(row: number): Cell;
  resize(capacity: number): void;
  /** Rows move down: row map[i] becomes i. */
  gather(map: Uint32Array): void;
  /** Gives unused words back; `top` rows are in use. */
  compact(top: number): void;
  readonly footprint: number;
}

/** Numbers that a noted cell takes. */
export const CELL_SIZE = 3;

export function makeColumn(meta: ColumnMeta): Column {
  if (meta.type === 'cpu-use' || meta.type === 'bytes-use') return new UseColumn(meta);
  if (isWords(meta.type)) return new WordColumn(meta);
  return new NumberColumn(meta);
}

/**
 * Use against a bound: objects set the bound, metrics set the use (`setUse`), and neither touches
 * the other, so that an update of the object does not blank what was measured.
 */
export class UseColumn implements Column {
  readonly meta: ColumnMeta;
  readonly numbers = new Numbers();
  readonly seconds = new Numbers();

  constructor(meta: ColumnMeta) {
    this.meta = meta;
  }

  /** Use in the column's unit; null: not known (any more). True when the cell changed. */
  setUse(row: number, use: number | null): boolean {
    return this.numbers.set(row, use);
  }

  set(row: number, bound: unknown): boolean {
    return this.seconds.set(row, bound);
  }

  setBytes(row: number): boolean {
    return this.set(row, null);
  }

  save(row: number, to: Float64Array, at: number): void {
    to[at] = this.seconds.at(row);
  }

  load(row: number, from: Float64Array, at: number): boolean {
    return this.seconds.set(row, from[at]);
  }

  clear(row: number): void {
    this.numbers.set(row, NaN);
    this.seconds.set(row, NaN);
  }

  cell(row: number): Cell {
    const use = this.numbers.at(row);
    if (use !== use) return null;
    const bound = this.seconds.at(row);
    return [use, bound !== bound ? null : bound];
  }

  resize(capacity: number): void {
    this.numbers.resize(capacity);
    this.seconds.resize(capacity);
  }

  gather(map: Uint32Array): void {
    this.numbers.gather(map);
    this.seconds.gather(map);
  }

  compact(): void {
    // Nothing is shared here.
  }

  get footprint(): number {
    return this.numbers.footprint + this.seconds.footprint;
  }
}

/** A column that shows what the table keeps anyway (name, namespace): no store of its own. */
export class BaseColumn implements Column {
  readonly meta: ColumnMeta;
  readonly dictionary: Dictionary;
  readonly codes: Codes;
  readonly footprint = 0;

  constructor(meta: ColumnMeta, dictionary: Dictionary, codes: Codes) {
    this.meta = meta;
    this.dictionary = dictionary;
    this.codes = codes;
  }

  set(): boolean {
    return false;
  }
  setBytes(): boolean {
    return false;
  }
  load(): boolean {
    return false;
  }
  save(): void {
    // The table does it.
  }

  cell(row: number): Cell {
    return this.dictionary.get(this.codes.at(row)) || null;
  }

  clear(): void {
    // The table does it.
  }
  resize(): void {
    // The table does it.
  }
  gather(): void {
    // The table does it.
  }
  compact(): void {
    // The table does it.
  }
}

export function isWords(type: ColumnType): boolean {
  return type === 'text' || type === 'mono' || type === 'status';
}

class WordColumn implements Column {
  readonly meta: ColumnMeta;
  readonly dictionary = new Dictionary();
  readonly codes = new Codes();
  private readonly isStatus: boolean;
  private readonly tone = new Codes();
  /** Rare, so not an array: when the state of a status ends. */
  private readonly at = new Map<number, number>();

  constructor(meta: ColumnMeta) {
    this.meta = meta;
    this.isStatus = meta.type === 'status';
  }

  set(row: number, value: unknown): boolean {
    return this.isStatus ? this.setStatus(row, value) : this.setText(row, value);
  }

  private setText(row: number, value: unknown): boolean {
    const text = typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
    return this.exchange(row, this.dictionary.acquire(cut(text)));
  }

  private exchange(row: number, code: number): boolean {
    const old = this.codes.at(row);
    this.dictionary.release(old);
    if (code === old) return false;
    this.codes.set(row, code);
    return true;
  }

  setBytes(row: number, source: Buffer, start: number, end: number): boolean {
    if (end - start > MAX_TEXT) return this.set(row, source.toString('utf8', start, end));
    return this.exchange(row, this.dictionary.acquireBytes(source, start, end));
  }

  save(row: number, to: Float64Array, at: number): void {
    to[at] = this.codes.at(row);
    if (!this.isStatus) return;
    to[at + 1] = this.tone.at(row);
    to[at + 2] = this.at.get(row) ?? NaN;
  }

  load(row: number, from: Float64Array, at: number): boolean {
    const changed = this.exchange(row, this.dictionary.acquireCode(from[at]!));
    if (!this.isStatus) return changed;
    const when = from[at + 2]!;
    return this.setRest(row, from[at + 1]!, when === when ? when : undefined) || changed;
  }

  private setStatus(row: number, value: unknown): boolean {
    const status = (typeof value === 'object' ? value : null) as {
      tone?: unknown;
      text?: unknown;
      at?: unknown;
    } | null;
    const tone = toneCodes.get(status?.tone) ?? 4;
    const at = typeof status?.at === 'number' && Number.isFinite(status.at) ? status.at : undefined;
    const changed = this.setText(row, status?.text);
    return this.setRest(row, tone, at) || changed;
  }

  private setRest(row: number, tone: number, at: number | undefined): boolean {
    let changed = false;
    if (this.tone.at(row) !== tone) {
      this.tone.set(row, tone);
      changed = true;
    }
    if (this.at.size === 0 && at === undefined) return changed;
    if (this.at.get(row) !== at) {
      if (at === undefined) this.at.delete(row);
      else this.at.set(row, at);
      changed = true;
    }
    return changed;
  }

  clear(row: number): void {
    this.dictionary.release(this.codes.at(row));
    this.codes.set(row, 0);
    if (this.isStatus) {
      this.tone.set(row, 0);
      this.at.delete(row);
    }
  }

  cell(row: number): Cell {
    const code = this.codes.at(row);
    if (code === 0) return null;
    const text = this.dictionary.get(code);
    return this.isStatus ? [tones[this.tone.at(row)]!, text, this.at.get(row) ?? null] : text;
  }

  /** For sorts: what is bad comes first. */
  toneOf(row: number): number {
    return this.tone.at(row);
  }

  resize(capacity: number): void {
    this.codes.resize(capacity);
    if (this.isStatus) this.tone.resize(capacity);
  }

  gather(map: Uint32Array): void {
    this.codes.gather(map);
    if (!this.isStatus) return;
    this.tone.gather(map);
    const old = new Map(this.at);
    this.at.clear();
    for (let i = 0; i < map.length; i++) {
      const at = old.get(map[i]!);
      if (at !== undefined) this.at.set(i, at);
    }
  }

  compact(top: number): void {
    if (this.dictionary.wasteful) this.codes.recode(this.dictionary.compact(), top);
  }

  get footprint(): number {
    return this.codes.footprint + this.tone.footprint + this.at.size * 40 + this.dictionary.footprint;
  }
}

function cut(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1)}…` : text;
}

class NumberColumn implements Column {
  readonly meta: ColumnMeta;
  readonly numbers: Numbers;
  readonly seconds: Numbers | undefined;

  constructor(meta: ColumnMeta) {
    this.meta = meta;
    const { type } = meta;
    this.numbers = new Numbers(type === 'time' ? 1000 : 1);
    if (type === 'ratio') this.seconds = new Numbers();
    if (type === 'restarts') this.seconds = new Numbers(1000);
  }

  set(row: number, value: unknown): boolean {
    if (this.seconds === undefined) return this.numbers.set(row, value);
    const pair = Array.isArray(value) ? (value as unknown[]) : [];
    const first = this.numbers.set(row, pair[0]);
    return this.seconds.set(row, pair[1]) || first;
  }

  setBytes(row: number): boolean {
    return this.set(row, null);
  }

  save(row: number, to: Float64Array, at: number): void {
    to[at] = this.numbers.at(row);
    to[at + 1] = this.seconds?.at(row) ?? NaN;
  }

  load(row: number, from: Float64Array, at: number): boolean {
    const first = this.numbers.set(row, from[at]);
    if (this.seconds === undefined) return first;
    return this.seconds.set(row, from[at + 1]) || first;
  }

  clear(row: number): void {
    this.numbers.set(row, NaN);
    this.seconds?.set(row, NaN);
  }

  cell(row: number): Cell {
    const n = this.numbers.at(row);
    if (n !== n) return null;
    if (this.seconds === undefined) return n;
    const second = this.seconds.at(row);
    return [n, second !== second ? null : second];
  }

  resize(capacity: number): void {
    this.numbers.resize(capacity);
    this.seconds?.resize(capacity);
  }

  gather(map: Uint32Array): void {
    this.numbers.gather(map);
    this.seconds?.gather(map);
  }

  compact(): void {
    // Nothing is shared here.
  }

  get footprint(): number {
    return this.numbers.footprint + (this.seconds?.footprint ?? 0);
  }
}
