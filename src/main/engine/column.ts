/**
 * One column of a table as typed arrays: codes of a dictionary for words, floats for
 * numbers and times. `set` reports whether the cell changed, which is what lets a table
 * drop updates that show nothing new. Values of the wrong type are stored as "nothing".
 */
import type { Cell, ColumnMeta, ColumnType, Tone } from '#shared/kinds/define';
import { Dictionary } from './dictionary';

export const tones: readonly Tone[] = ['ok', 'progress', 'warn', 'bad', 'idle', 'done'];
const toneCodes = new Map<unknown, number>(tones.map((tone, i) => [tone, i]));

/** Longer words are cut: a cell is one line of a table, not a document. */
const MAX_TEXT = 1024;

type Floats = Float64Array | Float32Array;

export interface Column {
  readonly meta: ColumnMeta;
  /** Words of text, mono and status columns. */
  readonly dictionary?: Dictionary;
  /** Codes into `dictionary`; read anew after each resize. */
  readonly codes?: Uint32Array;
  /** The sortable number: count, bytes, epoch ms, have of have/want; NaN for nothing. */
  readonly numbers?: Floats;
  /** want of have/want, last restart (epoch ms); NaN for nothing. */
  readonly seconds?: Floats | undefined;
  set(row: number, value: unknown): boolean;
  clear(row: number): void;
  cell(row: number): Cell;
  resize(capacity: number): void;
  /** Rows move down: row map[i] becomes i. */
  gather(map: Uint32Array): void;
  compact(): void;
  readonly footprint: number;
}

export function makeColumn(meta: ColumnMeta): Column {
  if (isWords(meta.type)) return new WordColumn(meta);
  return new NumberColumn(meta);
}

/** A column that shows what the table keeps anyway (name, namespace): no store of its own. */
export class BaseColumn implements Column {
  readonly meta: ColumnMeta;
  readonly dictionary: Dictionary;
  private readonly read: () => Uint32Array<ArrayBuffer>;
  readonly footprint = 0;

  constructor(meta: ColumnMeta, dictionary: Dictionary, codes: () => Uint32Array<ArrayBuffer>) {
    this.meta = meta;
    this.dictionary = dictionary;
    this.read = codes;
  }

  get codes(): Uint32Array<ArrayBuffer> {
    return this.read();
  }

  set(): boolean {
    return false;
  }

  cell(row: number): Cell {
    return this.dictionary.get(this.codes[row]!) || null;
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
  codes = new Uint32Array(0);
  private readonly isStatus: boolean;
  private tone = new Uint8Array(0);
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
    const { dictionary, codes } = this;
    const code = dictionary.acquire(text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1)}…` : text);
    const old = codes[row]!;
    dictionary.release(old);
    codes[row] = code;
    return code !== old;
  }

  private setStatus(row: number, value: unknown): boolean {
    const status = (typeof value === 'object' ? value : null) as {
      tone?: unknown;
      text?: unknown;
      at?: unknown;
    } | null;
    const tone = toneCodes.get(status?.tone) ?? 4;
    const at = typeof status?.at === 'number' && Number.isFinite(status.at) ? status.at : undefined;
    let changed = this.setText(row, status?.text);
    if (this.tone[row] !== tone) {
      this.tone[row] = tone;
      changed = true;
    }
    if (this.at.get(row) !== at) {
      if (at === undefined) this.at.delete(row);
      else this.at.set(row, at);
      changed = true;
    }
    return changed;
  }

  clear(row: number): void {
    this.dictionary.release(this.codes[row]!);
    this.codes[row] = 0;
    if (this.isStatus) {
      this.tone[row] = 0;
      this.at.delete(row);
    }
  }

  cell(row: number): Cell {
    const code = this.codes[row]!;
    if (code === 0) return null;
    const text = this.dictionary.get(code);
    return this.isStatus ? [tones[this.tone[row]!]!, text, this.at.get(row) ?? null] : text;
  }

  /** For sorts: what is bad comes first. */
  toneOf(row: number): number {
    return this.tone[row]!;
  }

  resize(capacity: number): void {
    const codes = new Uint32Array(capacity);
    codes.set(this.codes.subarray(0, capacity));
    this.codes = codes;
    if (this.isStatus) {
      const tone = new Uint8Array(capacity);
      tone.set(this.tone.subarray(0, capacity));
      this.tone = tone;
    }
  }

  gather(map: Uint32Array): void {
    const old = new Map(this.at);
    this.at.clear();
    for (let i = 0; i < map.length; i++) {
      const from = map[i]!;
      this.codes[i] = this.codes[from]!;
      if (this.isStatus) {
        this.tone[i] = this.tone[from]!;
        const at = old.get(from);
        if (at !== undefined) this.at.set(i, at);
      }
    }
    this.codes.fill(0, map.length);
  }

  compact(): void {
    if (!this.dictionary.wasteful) return;
    const map = this.dictionary.compact();
    const { codes } = this;
    for (let i = 0; i < codes.length; i++) codes[i] = map[codes[i]!]!;
  }

  get footprint(): number {
    return this.codes.length * 4 + this.tone.length + this.at.size * 40 + this.dictionary.footprint;
  }
}

class NumberColumn implements Column {
  readonly meta: ColumnMeta;
  numbers: Floats;
  seconds: Floats | undefined;

  constructor(meta: ColumnMeta) {
    this.meta = meta;
    const { type } = meta;
    const small = type === 'ratio' || type === 'restarts';
    this.numbers = small ? new Float32Array(0) : new Float64Array(0);
    if (type === 'ratio') this.seconds = new Float32Array(0);
    if (type === 'restarts') this.seconds = new Float64Array(0);
  }

  set(row: number, value: unknown): boolean {
    if (this.seconds === undefined) return put(this.numbers, row, value);
    const pair = Array.isArray(value) ? (value as unknown[]) : [];
    const first = put(this.numbers, row, pair[0]);
    return put(this.seconds, row, pair[1]) || first;
  }

  clear(row: number): void {
    this.numbers[row] = NaN;
    if (this.seconds) this.seconds[row] = NaN;
  }

  cell(row: number): Cell {
    const n = this.numbers[row]!;
    if (n !== n) return null;
    if (this.seconds === undefined) return n;
    const second = this.seconds[row]!;
    return [n, second !== second ? null : second];
  }

  resize(capacity: number): void {
    this.numbers = resizeFloats(this.numbers, capacity);
    if (this.seconds) this.seconds = resizeFloats(this.seconds, capacity);
  }

  gather(map: Uint32Array): void {
    for (const list of this.seconds ? [this.numbers, this.seconds] : [this.numbers]) {
      for (let i = 0; i < map.length; i++) list[i] = list[map[i]!]!;
      list.fill(NaN, map.length);
    }
  }

  compact(): void {
    // Nothing is shared here.
  }

  get footprint(): number {
    return this.numbers.byteLength + (this.seconds?.byteLength ?? 0);
  }
}

/** Stores a finite number, NaN for anything else; true when the cell is another one now. */
function put(list: Floats, row: number, value: unknown): boolean {
  const old = list[row]!;
  list[row] = typeof value === 'number' && Number.isFinite(value) ? value : NaN;
  const now = list[row]!;
  return now !== old && !(now !== now && old !== old);
}

function resizeFloats(from: Floats, capacity: number): Floats {
  const to = from instanceof Float64Array ? new Float64Array(capacity) : new Float32Array(capacity);
  const kept = from.length < capacity ? from : from.subarray(0, capacity);
  to.set(kept);
  to.fill(NaN, kept.length);
  return to;
}
