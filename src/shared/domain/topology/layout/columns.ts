/**
 * The inside of a frame: a rank is one or more columns, a node one row of a column. A fresh plan
 * orders each rank by its neighbours (few crossings); a kept plan gives free rows to new nodes and
 * moves nobody. Deterministic: the same nodes, edges and plan give the same slots.
 */
import { FRAME, GAP, NODE, type GroupPlan, type LayoutNode, type Slot } from './types';

/** Members of one group with the edges among them, as indexes into `nodes`. */
export interface Members {
  readonly nodes: readonly LayoutNode[];
  readonly members: Int32Array;
  /** Neighbours of node n: `neighbours[starts[n] .. starts[n + 1]]`. */
  readonly starts: Int32Array;
  readonly neighbours: Int32Array;
  /** Position of each node in its rank, 0..1; scratch shared by all groups. */
  readonly position: Float64Array;
}

const SWEEPS = 3;
/** Spare rows: a frame takes some growth before it needs the room of its neighbours. */
const ROOM = 4;
const MIN_ROWS = 8;

export function freshPlan(id: string, all: Members): GroupPlan {
  const ranks = byRank(all);
  const rows = rowsFor(all.members.length, ranks.size);
  sortRanks(all, ranks);
  const slots = new Map<string, Slot>();
  const columns = new Map<number, number>();
  let used = 0;
  for (const [rank, list] of ranks) {
    const count = Math.ceil(list.length / rows);
    // Columns of one rank are filled evenly: 30 in 24 rows are 15 and 15.
    const height = Math.ceil(list.length / count);
    columns.set(rank, count);
    used = Math.max(used, height);
    list.forEach((node, i) => {
      const column = Math.floor(i / height);
      slots.set(all.nodes[node]!.id, { rank, column, row: i - column * height });
    });
  }
  const plan = { id, columns, slots, rows: withRoom(used), x: 0, y: 0, width: 0, height: 0 };
  return measure(plan);
}

/**
 * The plan with nodes gone and come. Undefined when less than half of it would stay: then a fresh
 * one reads better than what is left of the old.
 */
export function keptPlan(before: GroupPlan, all: Members): GroupPlan | undefined {
  const slots = new Map<string, Slot>();
  const columns = new Map(before.columns);
  const fresh: LayoutNode[] = [];
  for (const member of all.members) {
    const node = all.nodes[member]!;
    const slot = before.slots.get(node.id);
    if (slot?.rank === node.rank) slots.set(node.id, slot);
    else fresh.push(node);
  }
  if (slots.size * 2 < Math.max(before.slots.size, all.members.length)) return undefined;
  if (fresh.length === 0 && slots.size === before.slots.size) return before;
  let rows = before.rows;
  if (fresh.length > 0) {
    const taken = new Set<string>();
    for (const slot of slots.values()) taken.add(slotKey(slot.rank, slot.column, slot.row));
    fresh.sort(byOrder);
    const cursors = new Map<number, { column: number; row: number }>();
    for (const { id, rank } of fresh) {
      const count = columns.get(rank) ?? 1;
      columns.set(rank, count);
      const cursor = cursors.get(rank) ?? { column: 0, row: 0 };
      cursors.set(rank, cursor);
      // Row by row, so that a rank grows at its end; beyond the rows set aside it grows downwards.
      while (taken.has(slotKey(rank, cursor.column, cursor.row))) {
        cursor.column++;
        if (cursor.column >= count) {
          cursor.column = 0;
          cursor.row++;
        }
      }
      taken.add(slotKey(rank, cursor.column, cursor.row));
      slots.set(id, { rank, column: cursor.column, row: cursor.row });
      if (cursor.row >= rows) rows = withRoom(cursor.row + 1);
    }
  }
  const plan = { ...before, columns, slots, rows };
  return columns.size === before.columns.size && rows === before.rows ? plan : measure(plan);
}

/** Left edge of each rank within the frame. */
export function rankOffsets(plan: GroupPlan): ReadonlyMap<number, number> {
  const offsets = new Map<number, number>();
  let x: number = FRAME.pad;
  for (const rank of [...plan.columns.keys()].sort((a, b) => a - b)) {
    offsets.set(rank, x);
    const count = plan.columns.get(rank)!;
    x += count * NODE.width + (count - 1) * GAP.column + GAP.rank;
  }
  return offsets;
}

function measure(plan: GroupPlan): GroupPlan {
  let width = 2 * FRAME.pad - GAP.rank;
  for (const count of plan.columns.values()) {
    width += count * NODE.width + (count - 1) * GAP.column + GAP.rank;
  }
  plan.width = Math.max(width, 2 * FRAME.pad + NODE.width);
  plan.height = FRAME.head + FRAME.pad + plan.rows * (NODE.height + GAP.row) - GAP.row;
  return plan;
}

function slotKey(rank: number, column: number, row: number): string {
  return `${rank}/${column}/${row}`;
}

/** A fifth more rows than used, at least one, so that a new pod fits without moving a frame. */
function withRoom(used: number): number {
  return used + Math.max(1, Math.min(ROOM, Math.ceil(used / 5)));
}

/** About as high as wide on screen, given that a column is much wider than a row is high. */
function rowsFor(count: number, ranks: number): number {
  const square = Math.sqrt((count * (NODE.width + GAP.column)) / (NODE.height + GAP.row));
  return Math.max(MIN_ROWS, Math.ceil(square / Math.max(1, Math.sqrt(ranks) / 1.2)));
}

function byRank({ nodes, members }: Members): Map<number, number[]> {
  const ranks = new Map<number, number[]>();
  for (const member of members) {
    const { rank } = nodes[member]!;
    const list = ranks.get(rank);
    if (list) list.push(member);
    else ranks.set(rank, [member]);
  }
  const sorted = new Map([...ranks].sort(([a], [b]) => a - b));
  for (const list of sorted.values()) list.sort((a, b) => byOrder(nodes[a]!, nodes[b]!));
  return sorted;
}

/** Barycentres, there and back: each rank in the order of the mean position of its neighbours. */
function sortRanks(all: Members, ranks: ReadonlyMap<number, number[]>): void {
  const lists = [...ranks.values()];
  for (const list of lists) number(all, list);
  if (lists.length < 2) return;
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const order = sweep % 2 === 0 ? lists : [...lists].reverse();
    for (const list of order) sortByNeighbours(all, list);
  }
}

function sortByNeighbours(all: Members, list: number[]): void {
  if (list.length < 2) return;
  const { starts, neighbours, position } = all;
  const weights = new Float64Array(list.length);
  list.forEach((node, i) => {
    const from = starts[node]!;
    const to = starts[node + 1]!;
    let sum = 0;
    for (let k = from; k < to; k++) sum += position[neighbours[k]!]!;
    weights[i] = to > from ? sum / (to - from) : position[node]!;
  });
  // A stable sort of indexes: equal weights stay as they were.
  const indexes = Array.from(list.keys()).sort((a, b) => weights[a]! - weights[b]!);
  const sorted = indexes.map((i) => list[i]!);
  for (let i = 0; i < sorted.length; i++) list[i] = sorted[i]!;
  number(all, list);
}

function number({ position }: Members, list: readonly number[]): void {
  list.forEach((node, i) => (position[node] = (i + 0.5) / list.length));
}

function byOrder(a: LayoutNode, b: LayoutNode): number {
  if (a.order !== b.order) return a.order < b.order ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
