/**
 * Cells of rows whose status is new but whose other fields came before, as in most events. A column
 * that did not ask for the status when its cell was made gives the same cell for every status, so it
 * is made once for each different head (every field but the status) and taken from there after that.
 * Relies on columns being pure functions of the object, as `CellMemo` does.
 */
import type { KubeObject } from '#shared/kinds/define';
import { CellMemo } from './cell-memo';
import type { Column } from './column';
import { Dictionary } from './dictionary';
import type { RawRow } from './decode/raw-row';

/** Beyond these the memory starts anew. */
const MAX_HEADS = 4096;
const MAX_HEAD_BYTES = 512 * 1024;
/** Heads kept as objects, for columns that ask for both parts. */
const OBJECTS = 64;

/** Sets the cell of one column; true when it changed. */
export type MakeCell = (place: number, row: number, object: KubeObject, dirty: Uint8Array) => boolean;

/** The status of the row that is being filled. */
class Current {
  status: unknown;
  wasAsked = false;
}

/** An object whose status is that of the row being filled. */
class Joined {
  private readonly current: Current;

  constructor(head: KubeObject, current: Current) {
    Object.assign(this, head);
    this.current = current;
  }

  get status(): unknown {
    this.current.wasAsked = true;
    return this.current.status;
  }
}

export class HeadCells {
  private readonly columns: readonly Column[];
  private readonly makeCell: MakeCell;
  private readonly current = new Current();
  private heads = new Dictionary();
  private readonly objects: (KubeObject | undefined)[] = new Array<undefined>(OBJECTS).fill(undefined);
  private readonly entries = new Int32Array(OBJECTS);
  /** Places of the columns that never asked for the status, and their cells by head. */
  private apart: readonly number[];
  private byHead: CellMemo;
  /** Those that did. */
  private both: readonly number[] = [];

  /** `places`: the columns to fill, of the table's. */
  constructor(columns: readonly Column[], places: readonly number[], makeCell: MakeCell) {
    this.columns = columns;
    this.makeCell = makeCell;
    this.apart = places;
    this.byHead = new CellMemo(columns, places, []);
  }

  /** Bytes held, objects not counted: there are at most `OBJECTS`. */
  get footprint(): number {
    return this.heads.footprint + this.byHead.footprint;
  }

  /** Fills the cells of a row whose `statusKey` says where its status is; true when one changed. */
  fill(row: number, raw: RawRow, dirty: Uint8Array): boolean {
    const { current } = this;
    if (this.heads.size > MAX_HEADS || this.heads.footprint > MAX_HEAD_BYTES) this.clear();
    const head = this.heads.acquireKey(raw.key.buf, raw.statusKey);
    // Before any column: bytes that are no status must be told as such, not as cells that fail.
    current.status = raw.read.status();
    const object = this.objectOf(head, raw);
    let changed = false;
    for (const place of this.both) changed = this.makeCell(place, row, object, dirty) || changed;
    if (this.byHead.has(head)) changed = this.byHead.load(head, row, dirty) || changed;
    else changed = this.makeApart(head, row, object, dirty) || changed;
    current.status = undefined;
    return changed;
  }

  private makeApart(head: number, row: number, object: KubeObject, dirty: Uint8Array): boolean {
    const { current } = this;
    const asking: number[] = [];
    let changed = false;
    for (const place of this.apart) {
      current.wasAsked = false;
      changed = this.makeCell(place, row, object, dirty) || changed;
      if (current.wasAsked) asking.push(place);
    }
    if (asking.length > 0) {
      this.both = [...this.both, ...asking];
      this.apart = this.apart.filter((place) => !asking.includes(place));
      this.byHead = new CellMemo(this.columns, this.apart, []);
    }
    this.byHead.save(head, row);
    return changed;
  }

  private objectOf(head: number, raw: RawRow): KubeObject {
    const slot = head % OBJECTS;
    let object = this.objects[slot];
    if (object === undefined || this.entries[slot] !== head) {
      object = new Joined(raw.read.head(), this.current) as unknown as KubeObject;
      this.objects[slot] = object;
      this.entries[slot] = head;
    }
    return object;
  }

  private clear(): void {
    this.heads = new Dictionary();
    this.byHead.clear();
    this.objects.fill(undefined);
  }
}
