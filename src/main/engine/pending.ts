/** What happened to a table since it was last told. */
import type { Changes } from './changes';

/** Fewer changes leave too few words unused to look for them, which costs a look into every column. */
const MANY = 256;

export class Pending {
  added: number[] = [];
  changed: number[] = [];
  removed: number[] = [];
  dirty: Uint8Array;
  meta = false;
  private counted = 0;

  constructor(columns: number) {
    this.dirty = new Uint8Array(columns);
  }

  get empty(): boolean {
    return this.added.length + this.changed.length + this.removed.length === 0;
  }

  /** Counts what is to be told; true once in many changes. Before each `take`. */
  tally(): boolean {
    this.counted += this.added.length + this.changed.length + this.removed.length;
    if (this.counted < MANY) return false;
    this.counted = 0;
    return true;
  }

  /** Everything so far; begins anew. */
  take(reset: boolean): Changes {
    const { added, changed, removed, dirty: columns, meta } = this;
    this.added = [];
    this.changed = [];
    this.removed = [];
    this.dirty = new Uint8Array(columns.length);
    this.meta = false;
    return { added, changed, removed, columns, meta, reset };
  }
}
