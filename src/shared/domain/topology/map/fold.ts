/**
 * Who stands for whom on a map: a ReplicaSet is its Deployment, and edges a pod has from its template
 * are its workload's. Cyclic and invalid owners end the climb; nothing here changes the graph.
 */
import { ensure } from '../ensure';
import type { RelationEdge, RelationNode } from '../graph';

/** The owner that controls it, when it is there and the server honours it. */
export function controller(node: RelationNode): RelationNode | undefined {
  let found: RelationNode | undefined;
  for (const edge of node.out) {
    if (edge.relation !== 'owner' || edge.invalid !== undefined || edge.to.state !== 'present') continue;
    if (edge.to === node) continue;
    if (found === undefined || isController(edge)) found = edge.to;
  }
  return found;
}

function isController(edge: RelationEdge): boolean {
  return edge.note?.includes('controller') === true;
}

/** The node that is drawn in its place: itself, but for a Deployment's ReplicaSets. */
export function shownAs(node: RelationNode): RelationNode {
  if (node.kind !== 'ReplicaSet' || node.group !== 'apps') return node;
  const owner = controller(node);
  return owner && (owner.kind === 'Deployment' || owner.kind === 'Rollout') ? owner : node;
}

/** The workload a pod belongs to, as it is drawn. */
export function workloadOf(node: RelationNode): RelationNode | undefined {
  const owner = controller(node);
  return owner && shownAs(owner);
}

const STEPS = 8;

/** The last owner on the way up. */
export function topOwner(node: RelationNode): RelationNode {
  let top = node;
  for (let step = 0; step < STEPS; step++) {
    const owner = controller(top);
    if (!owner || owner === node) break;
    top = owner;
  }
  return top;
}

/** By group and kind; asked for all objects of a map several times. */
const keys = new Map<string, Map<string, string>>();
/** Owner references name kinds that do not exist: there is no end to those. */
const MOST_KEYS = 10_000;
let known = 0;

export function kindKey({ kind, group }: { readonly kind: string; readonly group: string }): string {
  const key = keys.get(group)?.get(kind);
  if (key !== undefined) return key;
  if (++known > MOST_KEYS) {
    keys.clear();
    known = 1;
  }
  const made = `${kind}.${group}`;
  ensure(keys, group, () => new Map<string, string>()).set(kind, made);
  return made;
}
