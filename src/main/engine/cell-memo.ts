/**
 * Cells that were made once and hold for every row with the same source: noted by entry, given
 * back without making them again. Forgets everything when a dictionary's codes get new meanings.
 */
import { CELL_SIZE, type Column } from './column';
import type { Dictionary } from './dictionary';

export class CellMemo {
  private readonly columns: readonly Column[];
  /** Places of the columns in the table. */
  private readonly places: readonly number[];
  private readonly dictionaries: readonly Dictionary[];
  private readonly width: number;
  private values: Float64Array;
  private known = new Uint8Array(64);
  private epoch = -1;

  /** `more`: dictionaries beside the columns' own whose codes the entries depend on. */
  constructor(columns: readonly Column[], places: readonly number[], more: readonly Dictionary[]) {
    this.columns = places.map((place) => columns[place]!);
    this.places = places;
    this.width = Math.max(1, places.length * CELL_SIZE);
    this.values = new Float64Array(64 * this.width);
    this.dictionaries = [...more, ...this.columns.flatMap((one) => one.dictionary ?? [])];
  }

  get footprint(): number {
    return this.values.byteLength + this.known.byteLength;
  }

  has(entry: number): boolean {
    let epoch = 0;
    for (const dictionary of this.dictionaries) epoch += dictionary.epoch;
    if (epoch !== this.epoch) {
      this.epoch = epoch;
      this.clear();
    }
    return entry < this.known.length && this.known[entry] === 1;
  }

  /** Writes the cells of an entry into a row; marks the columns that changed. */
  load(entry: number, row: number, dirty: Uint8Array): boolean {
    const { columns, places, values } = this;
    let changed = false;
    let at = entry * this.width;
    for (let i = 0; i < columns.length; i++, at += CELL_SIZE) {
      if (!columns[i]!.load(row, values, at)) continue;
      dirty[places[i]!] = 1;
      changed = true;
    }
    return changed;
  }

  /** Notes the cells of a row. */
  save(entry: number, row: number): void {
    if (entry >= this.known.length) {
      const size = Math.max(entry + 1, this.known.length * 2);
      const known = new Uint8Array(size);
      known.set(this.known);
      this.known = known;
      const values = new Float64Array(size * this.width);
      values.set(this.values);
      this.values = values;
    }
    let at = entry * this.width;
    for (const column of this.columns) {
      column.save(row, this.values, at);
      at += CELL_SIZE;
    }
    this.known[entry] = 1;
  }

  clear(): void {
    this.known.fill(0);
  }
}
