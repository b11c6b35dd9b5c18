/** What happened to a table since it was last told. */
import type { Changes } from './changes';

export class Pending {
  added: number[] = [];
  changed: number[] = [];
  removed: number[] = [];
  dirty: Uint8Array;
  meta = false;

  constructor(columns: number) {
    this.dirty = new Uint8Array(columns);
  }

  get empty(): boolean {
    return this.added.length + this.changed.length + this.removed.length === 0;
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
