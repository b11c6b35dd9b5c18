/**
 * A graph and what of it changed since a map was made of it. Guarantees: as long as `touched` is the same
 * list, a map of the graph has the nodes, frames and edges it had, and only states can be others: those
 * of the objects in the list, and those told from theirs. Which states are others is for patch.ts to find.
 */
import { same } from '../../merge/value';
import type { RelationNode } from '../graph';
import type { RelationGraph } from '../relation-graph';
import { get, isFields } from '../relations/match';

/** So many are no longer followed one by one: a map that nobody looks at would remember them for ever. */
const MOST = 5_000;

export class LiveGraph {
  graph: RelationGraph;
  /** Objects of which the state alone changed, in order, some several times. Another list: make the map anew. */
  touched: RelationNode[] = [];

  constructor(private readonly fresh: () => RelationGraph) {
    this.graph = fresh();
  }

  /** Forgets everything for these objects. */
  load(objects: Iterable<unknown>): void {
    this.graph = this.fresh();
    this.graph.load(objects);
    this.remake();
  }

  upsert(uid: string, object: unknown): void {
    const node = this.graph.byUid(uid);
    const before = node?.object;
    const { added, removed } = this.graph.upsert(object);
    const isSame =
      node !== undefined &&
      node.object === object &&
      this.graph.byUid(uid) === node &&
      added.length + removed.length === 0 &&
      isStateOnly(before, object);
    if (isSame && this.touched.length < MOST) this.touched.push(node);
    else this.remake();
  }

  remove(uid: string): void {
    this.graph.remove(uid);
    this.remake();
  }

  /** Maps are to be made anew: also where what is known of the cluster's kinds is other than it was. */
  remake(): void {
    this.touched = [];
  }
}

/**
 * Whether all that a map reads of an object besides its edges and its state is the same. Every field
 * but `status` is compared, rather than those read today; of the metadata what people and tools put there.
 */
export function isStateOnly(before: unknown, after: unknown): boolean {
  if (!isFields(before) || !isFields(after)) return false;
  const [old, now] = [get(before, 'metadata'), get(after, 'metadata')];
  const fields = fieldsOf(before);
  return (
    same(get(old, 'labels'), get(now, 'labels')) &&
    same(get(old, 'annotations'), get(now, 'annotations')) &&
    fields.length === fieldsOf(after).length &&
    fields.every((key) => same(before[key], after[key]))
  );
}

function fieldsOf(object: object): string[] {
  return Object.keys(object).filter((key) => key !== 'status' && key !== 'metadata');
}
