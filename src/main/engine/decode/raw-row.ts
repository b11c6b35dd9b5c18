/**
 * One object as the places of its fields in the bytes, valid until the next one is walked:
 * what a table needs to fill a row without an object. `key` holds every masked field that no
 * column shows by itself, so equal keys mean equal cells of all other columns.
 */
import type { KubeObject } from '#shared/kinds/define';
import type { RowLayout } from './row-layout';

export const NAME = 0;
export const NAMESPACE = 1;
export const UID = 2;
export const VERSION = 3;
/** Slot of the first direct column. */
export const DIRECT = 4;

/** Bytes put one after the other, used again and again. */
export class Gathered {
  buf = Buffer.allocUnsafeSlow(1024);
  length = 0;

  byte(value: number): void {
    if (this.length === this.buf.length) this.grow(1);
    this.buf[this.length++] = value;
  }

  /** Bytes with their length before them, so that no two sequences look alike. */
  bytes(from: Uint8Array, start: number, end: number): void {
    const length = end - start;
    if (this.length + length + 4 > this.buf.length) this.grow(length + 4);
    const { buf } = this;
    let at = this.length;
    if (length < 0x80) {
      buf[at++] = length;
    } else {
      buf[at++] = 0x80 | (length >>> 24);
      buf[at++] = (length >>> 16) & 0xff;
      buf[at++] = (length >>> 8) & 0xff;
      buf[at++] = length & 0xff;
    }
    for (let p = start; p < end; p++) buf[at++] = from[p]!;
    this.length = at;
  }

  raw(from: Uint8Array, start: number, end: number): void {
    if (this.length + end - start > this.buf.length) this.grow(end - start);
    const { buf } = this;
    let at = this.length;
    for (let p = start; p < end; p++) buf[at++] = from[p]!;
    this.length = at;
  }

  private grow(more: number): void {
    const wider = Buffer.allocUnsafeSlow(Math.max(this.length + more, this.buf.length * 2));
    this.buf.copy(wider, 0, 0, this.length);
    this.buf = wider;
  }
}

/**
 * A repeated field as the stretch of bytes from its first to its last entry, and that of the row
 * before: neighbours of one workload share labels and owners, which one comparison tells.
 */
export class Stretch {
  from = 0;
  /** End of the first entry. */
  firstTo = 0;
  to = 0;
  /** What a reader made of the last stretch; -1: not yet, or another one came. */
  known = -1;
  /** In which `epoch` of the reader's codes that was. */
  epoch = 0;
  private last = Buffer.alloc(0);
  private lastLength = 0;
  private lastFirst = 0;

  add(start: number, stop: number): void {
    if (this.to === 0) {
      this.from = start;
      this.firstTo = stop;
    }
    this.to = stop;
  }

  reset(): void {
    this.from = this.firstTo = this.to = 0;
  }

  /** Whether it differs from the row before's; notes it for the next. */
  changed(buf: Buffer): boolean {
    const { from, to } = this;
    const length = to - from;
    const first = this.firstTo - from;
    if (length === this.lastLength && first === this.lastFirst) {
      if (length === 0 || buf.compare(this.last, 0, length, from, to) === 0) return false;
    }
    if (length > this.last.length) this.last = Buffer.allocUnsafeSlow(length * 2);
    buf.copy(this.last, 0, from, to);
    this.lastLength = length;
    this.lastFirst = first;
    this.known = -1;
    return true;
  }

  /** What was made of the last stretch does not count: it could not be read. */
  forget(): void {
    this.lastLength = -1;
    this.known = -1;
  }
}

/** The objects of a row, made when asked for; Malformed where the bytes are not one. */
export interface RowObjects {
  /** The whole masked object. */
  readonly object: () => KubeObject;
  /** Without labels and owners: what no column reads whose cells depend on `key`. */
  readonly rest: () => KubeObject;
  /** `rest` without its status. */
  readonly head: () => KubeObject;
  /** That status. */
  readonly status: () => unknown;
}

export class RawRow {
  readonly layout: RowLayout;
  buf: Buffer = Buffer.alloc(0);
  /** Ranges of the base slots and of direct words; empty where nothing is. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Direct numbers, times as epoch ms; NaN for nothing. */
  readonly numbers: Float64Array;
  deleting = false;
  /** As `joinLabels` writes them. */
  readonly labels = new Gathered();
  readonly owners = new Gathered();
  readonly labelsAt = new Stretch();
  readonly ownersAt = new Stretch();
  readonly key = new Gathered();
  /** Where in `key` the status begins, which is all that follows; -1: not one stretch, or none. */
  statusKey = -1;
  /** The status in the bytes, where `statusKey` says so. */
  statusFrom = 0;
  statusTo = 0;
  /** These read the bytes, so only while this row is the newest. */
  readonly read: RowObjects;

  constructor(layout: RowLayout, read: RowObjects) {
    this.layout = layout;
    this.read = read;
    this.from = new Int32Array(DIRECT + layout.direct.length);
    this.to = new Int32Array(DIRECT + layout.direct.length);
    this.numbers = new Float64Array(DIRECT + layout.direct.length);
  }

  text(slot: number): string {
    return this.buf.toString('utf8', this.from[slot], this.to[slot]);
  }

  reset(buf: Buffer): void {
    this.buf = buf;
    this.from.fill(0);
    this.to.fill(0);
    this.numbers.fill(NaN);
    this.deleting = false;
    this.labelsAt.reset();
    this.ownersAt.reset();
    this.key.length = 0;
    this.statusKey = -1;
  }

  /** What a table can hold: a name and a uid. */
  get hasIdentity(): boolean {
    return this.to[NAME]! > this.from[NAME]! && this.to[UID]! > this.from[UID]!;
  }
}
