/**
 * Fills the cells of a row from the bytes of its object. Cells that one field shows are set from
 * its bytes; the others are made from the object once for each different key and taken from
 * there after that: rows of one workload are alike (`HeadCells`: where only their status is new).
 * Gives the same cells as `Table.upsert`.
 */
import type { KubeObject } from '#shared/kinds/define';
import { CellMemo } from './cell-memo';
import { BaseColumn } from './column';
import { Dictionary } from './dictionary';
import { DIRECT, type RawRow } from './decode/raw-row';
import { rowLayout, type RowLayout } from './decode/row-layout';
import { HeadCells, type MakeCell } from './head-cells';
import { KeptObject } from './kept-rows';
import { ownerUid } from './row-meta';
import type { Table } from './table';

/** Beyond these the memory starts anew: keys that never come again must not pile up. */
const MAX_KEYS = 8192;
const MAX_KEY_BYTES = 1024 * 1024;
/** Longer keys are not worth keeping. */
const MAX_KEY = 16 * 1024;

export class RowFiller {
  private readonly table: Table;
  private readonly layout: RowLayout | undefined;
  /** Every column with cells of its own. */
  private readonly all: readonly number[];
  private keys = new Dictionary();
  private ownerKeys = new Dictionary();
  /** Hashes of keys that came: those of most events, with a count or a time of their own, come once. */
  private readonly seenKeys = new Uint32Array(2048);
  private readonly byKey: CellMemo;
  private readonly byHead: HeadCells;
  private readonly byOwner: CellMemo;
  private readonly byLabels: CellMemo;
  /** Code in `table.owners` by entry of `ownerKeys`. */
  private ownerCodes: number[] = [];
  /** The last `owner` changed a cell. */
  ownerChanged = false;

  constructor(table: Table) {
    this.table = table;
    this.layout = rowLayout(table.descriptor);
    const { columns } = table;
    this.all = columns.flatMap((column, i) => (column instanceof BaseColumn ? [] : [i]));
    this.byKey = new CellMemo(columns, this.layout?.rest ?? [], []);
    this.byHead = new HeadCells(columns, this.layout?.rest ?? [], this.makeCell);
    this.byOwner = new CellMemo(columns, this.layout?.owners ?? [], [table.owners]);
    this.byLabels = new CellMemo(columns, this.layout?.labels ?? [], [table.labels]);
  }

  get footprint(): number {
    const memos = [this.byKey, this.byHead, this.byOwner, this.byLabels, this.keys, this.ownerKeys];
    return (
      memos.reduce((sum, one) => sum + one.footprint, 0) +
      this.ownerCodes.length * 8 +
      this.seenKeys.byteLength
    );
  }

  /** All cells of an object; true when one changed. */
  object(row: number, object: KubeObject, dirty: Uint8Array): boolean {
    return this.make(row, object, this.all, dirty);
  }

  /** Cells but those of labels and owners; true when one changed. */
  cells(row: number, raw: RawRow, dirty: Uint8Array): boolean {
    const { layout } = this;
    if (layout === undefined || layout !== raw.layout) throw new Error('a row made for another kind');
    const changed = this.direct(row, raw, layout, dirty);
    const { key } = raw;
    if (key.length > MAX_KEY) return this.make(row, raw.read.rest(), layout.rest, dirty) || changed;
    if (this.keys.size > MAX_KEYS || this.keys.footprint > MAX_KEY_BYTES) {
      this.keys = new Dictionary();
      this.byKey.clear();
    }
    const entry = this.keys.acquireKey(key.buf, key.length, this.seenKeys);
    if (entry >= 0 && this.byKey.has(entry)) return this.byKey.load(entry, row, dirty) || changed;
    const made =
      raw.statusKey < 0
        ? this.make(row, raw.read.rest(), layout.rest, dirty)
        : this.byHead.fill(row, raw, dirty);
    if (entry >= 0) this.byKey.save(entry, row);
    return made || changed;
  }

  private direct(row: number, raw: RawRow, layout: RowLayout, dirty: Uint8Array): boolean {
    const { columns } = this.table;
    const { direct } = layout;
    let changed = false;
    for (let i = 0; i < direct.length; i++) {
      const { column, type } = direct[i]!;
      const slot = DIRECT + i;
      const isOther =
        type === 'words'
          ? columns[column]!.setBytes(row, raw.buf, raw.from[slot]!, raw.to[slot]!)
          : columns[column]!.set(row, raw.numbers[slot]);
      if (!isOther) continue;
      dirty[column] = 1;
      changed = true;
    }
    return changed;
  }

  /** Code of the owner's uid, counted as used; fills the cells that follow from the owners. */
  owner(row: number, raw: RawRow, dirty: Uint8Array): number {
    const { table, layout } = this;
    const { owners } = raw;
    this.ownerChanged = false;
    if (this.ownerKeys.size > MAX_KEYS || this.ownerKeys.footprint > MAX_KEY_BYTES) {
      this.ownerKeys = new Dictionary();
      this.byOwner.clear();
    }
    const entry = this.ownerKeys.acquireKey(owners.buf, owners.length);
    if (this.byOwner.has(entry)) {
      if (this.byOwner.load(entry, row, dirty)) this.ownerChanged = true;
      return table.owners.acquireCode(this.ownerCodes[entry]!);
    }
    const object = raw.read.object();
    if (this.make(row, object, layout!.owners, dirty)) this.ownerChanged = true;
    const code = table.owners.acquire(ownerUid(object.metadata.ownerReferences));
    this.ownerCodes[entry] = code;
    this.byOwner.save(entry, row);
    return code;
  }

  /** Code of the labels, counted as used; neighbours of one workload share it. */
  labelCode({ labels, labelsAt }: RawRow): number {
    const words = this.table.labels;
    if (labelsAt.known >= 0 && labelsAt.epoch === words.epoch) return words.acquireCode(labelsAt.known);
    labelsAt.known = words.acquireBytes(labels.buf, 0, labels.length);
    labelsAt.epoch = words.epoch;
    return labelsAt.known;
  }

  /** Cells that follow from the labels, whose code is given. */
  labels(row: number, code: number, raw: RawRow, dirty: Uint8Array): boolean {
    const { layout } = this;
    if (layout!.labels.length === 0) return false;
    if (this.byLabels.has(code)) return this.byLabels.load(code, row, dirty);
    const changed = this.make(row, raw.read.object(), layout!.labels, dirty);
    this.byLabels.save(code, row);
    return changed;
  }

  private make(row: number, object: KubeObject, places: readonly number[], dirty: Uint8Array): boolean {
    const kept = object instanceof KeptObject ? object.values : undefined;
    let changed = false;
    for (const place of places) {
      if (kept) changed = this.set(place, row, kept[place], dirty) || changed;
      else changed = this.makeCell(place, row, object, dirty) || changed;
    }
    return changed;
  }

  private readonly makeCell: MakeCell = (place, row, object, dirty) => {
    const { table } = this;
    let value: unknown;
    try {
      value = table.descriptor.columns[place]!.get(object);
    } catch {
      table.failedCells++;
    }
    return this.set(place, row, value, dirty);
  };

  private set(place: number, row: number, value: unknown, dirty: Uint8Array): boolean {
    if (!this.table.columns[place]!.set(row, value)) return false;
    dirty[place] = 1;
    return true;
  }
}
