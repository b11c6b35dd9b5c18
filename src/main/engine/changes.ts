/** How a table tells what happened to it, and how a relist talks to it. */
import type { KubeObject } from '#shared/kinds/define';
import type { RawRow } from './decode/raw-row';

/** What happened since the last `flush`. A row may stand in several lists; read its state, not the list. */
export interface Changes {
  readonly added: readonly number[];
  readonly changed: readonly number[];
  readonly removed: readonly number[];
  /** 1 at each column that has another cell somewhere. */
  readonly columns: Uint8Array;
  /** Labels or the deletion mark of some row changed. */
  readonly meta: boolean;
  /** Rows have new numbers: forget all that was kept by row. */
  readonly reset: boolean;
}

export interface Replace {
  add(object: KubeObject): void;
  /** Where rows can be made from bytes; read at once, the next object uses the same row. */
  addRow?(raw: RawRow): void;
  /** Forgets what was added so far, e.g. before a full list after an expired token. */
  restart(): void;
  /** Removes the rows of the scope that were not added. */
  commit(): void;
}
