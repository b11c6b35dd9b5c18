/**
 * Lines of one stream that wait to be merged: their bytes one behind the other, their figures in
 * typed arrays. Order is the stream's own; the time used for merging never goes back in it.
 */
import type { MergeQueue } from '#shared/domain/logs/merge';

export interface QueuedLine {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** As stamped, ms. */
  readonly time: number;
  readonly flags: number;
}

export class LineQueue implements MergeQueue {
  private data = Buffer.allocUnsafeSlow(4096);
  private used = 0;
  private readAt = 0;
  private size = 64;
  private head = 0;
  private tail = 0;
  private ends = new Uint32Array(this.size);
  private secs = new Uint32Array(this.size);
  private nanos = new Uint32Array(this.size);
  private arrived = new Float64Array(this.size);
  private times = new Float64Array(this.size);
  private flags = new Uint8Array(this.size);
  private lastSec = 0;
  private lastNano = 0;

  constructor(readonly order: number) {}

  get length(): number {
    return this.tail - this.head;
  }

  get bytes(): number {
    return this.used - this.readAt;
  }

  headSec(): number {
    return this.secs[this.head] as number;
  }

  headNano(): number {
    return this.nanos[this.head] as number;
  }

  headArrived(): number {
    return this.arrived[this.head] as number;
  }

  countArrivedBy(time: number): number {
    let low = this.head;
    let high = this.tail;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.arrived[middle] as number) <= time) low = middle + 1;
      else high = middle;
    }
    return low - this.head;
  }

  push(
    bytes: Uint8Array,
    start: number,
    end: number,
    sec: number,
    nano: number,
    now: number,
    flags: number,
  ): void {
    if (this.tail === this.size) this.makeRoom();
    const length = end - start;
    if (this.used + length > this.data.length) this.makeBytes(length);
    this.data.set(bytes.subarray(start, end), this.used);
    this.used += length;
    // The stream's own order comes first: a clock that jumps back holds its lines at the last time.
    if (sec > this.lastSec || (sec === this.lastSec && nano > this.lastNano)) {
      this.lastSec = sec;
      this.lastNano = nano;
    }
    const at = this.tail;
    this.ends[at] = this.used;
    this.secs[at] = this.lastSec;
    this.nanos[at] = this.lastNano;
    this.arrived[at] = now;
    this.times[at] = sec * 1000 + Math.floor(nano / 1e6);
    this.flags[at] = flags;
    this.tail = at + 1;
  }

  shift(): QueuedLine {
    const at = this.head;
    const start = this.readAt;
    const end = this.ends[at] as number;
    const line = {
      bytes: this.data,
      start,
      end,
      time: this.times[at] as number,
      flags: this.flags[at] as number,
    };
    this.readAt = end;
    this.head = at + 1;
    if (this.head === this.tail) {
      this.head = 0;
      this.tail = 0;
      this.used = 0;
      this.readAt = 0;
    }
    return line;
  }

  private makeRoom(): void {
    const length = this.tail - this.head;
    const size = length * 2 > this.size ? this.size * 2 : this.size;
    const move = <T extends Uint32Array | Float64Array | Uint8Array>(from: T, to: T): T => {
      to.set(from.subarray(this.head, this.tail));
      return to;
    };
    this.ends = move(this.ends, new Uint32Array(size));
    this.secs = move(this.secs, new Uint32Array(size));
    this.nanos = move(this.nanos, new Uint32Array(size));
    this.arrived = move(this.arrived, new Float64Array(size));
    this.times = move(this.times, new Float64Array(size));
    this.flags = move(this.flags, new Uint8Array(size));
    this.size = size;
    this.head = 0;
    this.tail = length;
  }

  private makeBytes(need: number): void {
    const kept = this.used - this.readAt;
    const size = Math.max(kept + need, kept * 2 > this.data.length ? this.data.length * 2 : this.data.length);
    // Always a new buffer: lines handed out a moment ago still point into the old one.
    const data = Buffer.allocUnsafeSlow(size);
    data.set(this.data.subarray(this.readAt, this.used), 0);
    for (let i = this.head; i < this.tail; i += 1) this.ends[i] = (this.ends[i] as number) - this.readAt;
    this.data = data;
    this.used = kept;
    this.readAt = 0;
  }
}
