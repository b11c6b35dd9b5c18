/**
 * Places nodes in ranks inside frames, and frames on the plane, in linear time but for sorting.
 * Guarantees: deterministic; nothing overlaps; given the layout before, a node that stays keeps
 * its place exactly as long as its frame has room (some is always set aside), a frame that must
 * grow moves frames but never what stands inside them. Edges only order; they are not routed here.
 */
import { freshPlan, keptPlan, rankOffsets, type Members } from './columns';
import { appendFrames, placeFrames } from './frames';
import { FRAME, GAP, NODE, type GroupPlan, type Layout, type LayoutInput } from './types';

const ASPECT = 1.6;

export function layOut(input: LayoutInput, before?: Layout): Layout {
  const { nodes, groups } = input;
  const aspect = input.aspect ?? ASPECT;
  const memberLists = membersOf(input);
  const shared = adjacency(input);
  const plans = new Map<string, GroupPlan>();
  const standing: GroupPlan[] = [];
  const fresh: GroupPlan[] = [];
  let moved = before === undefined;
  const ordered = groups.map((group, i) => {
    const members: Members = { nodes, members: memberLists[i]!, ...shared };
    const known = before?.plans.get(group.id);
    const kept = known && keptPlan(known, members);
    // A copy: the layout before stays as it was.
    const plan = kept ? { ...kept } : freshPlan(group.id, members);
    if (known) {
      plan.x = known.x;
      plan.y = known.y;
      standing.push(plan);
      // A frame that shrinks leaves room; one that grows needs room that may be taken.
      if (plan.width > known.width || plan.height > known.height) moved = true;
    } else fresh.push(plan);
    plans.set(group.id, plan);
    return plan;
  });
  if (moved || standing.length * 2 < (before?.plans.size ?? 0)) placeFrames(ordered, aspect);
  else appendFrames(standing, fresh, aspect);
  return place(input, ordered, plans);
}

function place(input: LayoutInput, ordered: readonly GroupPlan[], plans: Map<string, GroupPlan>): Layout {
  const positions = new Float64Array(input.nodes.length * 2);
  const frames = new Float64Array(ordered.length * 4);
  const offsets = ordered.map((plan) => rankOffsets(plan));
  let width = 0;
  let height = 0;
  ordered.forEach((plan, i) => {
    frames.set([plan.x, plan.y, plan.width, plan.height], i * 4);
    width = Math.max(width, plan.x + plan.width);
    height = Math.max(height, plan.y + plan.height);
  });
  input.nodes.forEach((node, i) => {
    const plan = ordered[node.group]!;
    const { rank, column, row } = plan.slots.get(node.id)!;
    positions[i * 2] = plan.x + offsets[node.group]!.get(rank)! + column * (NODE.width + GAP.column);
    positions[i * 2 + 1] = plan.y + FRAME.head + row * (NODE.height + GAP.row);
  });
  return { nodes: positions, groups: frames, width, height, plans };
}

function membersOf({ nodes, groups }: LayoutInput): Int32Array[] {
  const counts = new Int32Array(groups.length);
  for (const { group } of nodes) counts[group]!++;
  const lists = Array.from(counts, (count) => new Int32Array(count));
  counts.fill(0);
  nodes.forEach(({ group }, i) => (lists[group]![counts[group]!++] = i));
  return lists;
}

/** Neighbours within the same group; edges that leave it do not order it. */
function adjacency({ nodes, edges }: LayoutInput): Pick<Members, 'starts' | 'neighbours' | 'position'> {
  const starts = new Int32Array(nodes.length + 1);
  const each = (visit: (a: number, b: number) => void): void => {
    for (let i = 0; i + 1 < edges.length; i += 2) {
      const a = edges[i]!;
      const b = edges[i + 1]!;
      if (a !== b && nodes[a]!.group === nodes[b]!.group) visit(a, b);
    }
  };
  each((a, b) => {
    starts[a + 1]!++;
    starts[b + 1]!++;
  });
  for (let i = 0; i < nodes.length; i++) starts[i + 1]! += starts[i]!;
  const next = starts.slice();
  const neighbours = new Int32Array(starts[nodes.length]!);
  each((a, b) => {
    neighbours[next[a]!++] = b;
    neighbours[next[b]!++] = a;
  });
  return { starts, neighbours, position: new Float64Array(nodes.length) };
}
