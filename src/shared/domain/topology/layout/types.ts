/** What a layout takes and gives: plain numbers, so that 20,000 nodes travel and compare cheaply. */

/** World units are CSS pixels at zoom 1. Every node is one row high: it is a line of text, not a box to fill. */
export const NODE = { width: 208, height: 28 } as const;
export const GAP = { rank: 64, column: 16, row: 8 } as const;
export const FRAME = { pad: 16, head: 32, gap: 32 } as const;

export interface LayoutNode {
  /** Unique in the input; positions are kept by it. */
  readonly id: string;
  /** Index of its group in `groups`. */
  readonly group: number;
  /** Column in reading direction: what points stands left of what it points at. Any integer. */
  readonly rank: number;
  /** Ties between nodes that edges leave equal are broken by it, then by `id`. */
  readonly order: string;
}

export interface LayoutGroup {
  readonly id: string;
}

export interface LayoutInput {
  readonly nodes: readonly LayoutNode[];
  /** In reading order: frames are placed in this order. */
  readonly groups: readonly LayoutGroup[];
  /** Pairs of indexes into `nodes`: from, to, from, to... */
  readonly edges: Int32Array;
  /** Width divided by height that the whole should have; default 1.6. */
  readonly aspect?: number;
}

/** Where one group's nodes stand; kept from layout to layout so that nothing moves without need. */
export interface GroupPlan {
  readonly id: string;
  /** By rank: how many columns it has. */
  readonly columns: Map<number, number>;
  /** By node id: its rank, the column in the rank and its row. */
  readonly slots: Map<string, Slot>;
  /** Rows that are set aside, at least as many as are used. */
  rows: number;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Slot {
  readonly rank: number;
  readonly column: number;
  readonly row: number;
}

export interface Layout {
  /** Upper left corner of each node, in the order of the input: x, y, x, y... */
  readonly nodes: Float64Array;
  /** Frame of each group: x, y, width, height... */
  readonly groups: Float64Array;
  readonly width: number;
  readonly height: number;
  /** For the next layout. */
  readonly plans: ReadonlyMap<string, GroupPlan>;
}
