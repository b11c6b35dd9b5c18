/**
 * Nodes and edges with constant-time adding and removing: every edge knows its places in the lists
 * of its ends. Nodes of missing objects exist as long as an edge needs them. The order of lists
 * says nothing. What edges there are is decided in relation-graph.ts.
 */
import type { StringMap } from '../../k8s/types';
import { isVirtual } from './relations/kinds';
import type { Fields, RuleId, Self, Target } from './relations/types';
import type { Standing } from './selections';

/** `missing`: something points to it and it is not there. `virtual`: a user, an outside address, a Helm release. */
export type NodeState = 'present' | 'missing' | 'virtual';

export interface RelationEdge {
  readonly rule: RuleId;
  /** Name of the relation: `owner`, `selects`, `mounts`. */
  readonly relation: string;
  readonly from: RelationNode;
  readonly to: RelationNode;
  /** The object whose field this is; `from` but for reversed relations. */
  readonly holder: RelationNode;
  /** Where it stands, with indices: `spec.volumes[0].configMap.name`. */
  readonly field: string;
  readonly value: string;
  readonly confidence: 'fact' | 'inferred';
  /** The pod starts without it. */
  readonly optional: boolean;
  /** Second class: policy peers, labels of applications. */
  readonly weak: boolean;
  /** Why the server does not honour it. */
  readonly invalid: string | undefined;
  readonly note: string | undefined;
  readonly port: string | undefined;
}

/** Read-only outside this folder: `out` and `in` are live. */
export interface RelationNode extends Self {
  readonly id: string;
  readonly state: NodeState;
  readonly out: readonly RelationEdge[];
  readonly in: readonly RelationEdge[];
}

/** What changed; an edge that stays is in neither list. */
export interface RelationChanges {
  readonly added: RelationEdge[];
  readonly removed: RelationEdge[];
}

export interface GraphEdge extends RelationEdge {
  readonly from: GraphNode;
  readonly to: GraphNode;
  readonly holder: GraphNode;
  readonly standing: Standing<GraphNode> | undefined;
  outAt: number;
  inAt: number;
}

const NO_LABELS: StringMap = {};

export class GraphNode implements RelationNode {
  object: Fields | undefined = undefined;
  labels: StringMap = NO_LABELS;
  /** Another uid it goes by. */
  alias = '';
  readonly out: GraphEdge[] = [];
  readonly in: GraphEdge[] = [];
  /** Edges of this object's fields, in the order of reading. */
  held: GraphEdge[] = [];
  standing: Standing<GraphNode>[] = [];
  topics: string[] = [];

  constructor(
    readonly id: string,
    readonly group: string,
    readonly kind: string,
    readonly namespace: string,
    readonly name: string,
    public uid: string,
  ) {}

  get state(): NodeState {
    if (this.object) return 'present';
    return isVirtual(this.group) ? 'virtual' : 'missing';
  }
}

/** Key of an object; `uid` only for objects that are meant by uid and are not there. */
export function nodeId(group: string, kind: string, namespace: string, name: string): string {
  return `${group}/${kind}/${namespace}/${name}`;
}

export class Graph {
  readonly nodes = new Map<string, GraphNode>();

  ensure(target: Target, id: string): GraphNode {
    let node = this.nodes.get(id);
    if (!node) {
      node = new GraphNode(id, target.group, target.kind, target.namespace, target.name, target.uid ?? '');
      this.nodes.set(id, node);
    }
    return node;
  }

  add(edge: GraphEdge): void {
    edge.outAt = edge.from.out.push(edge) - 1;
    edge.inAt = edge.to.in.push(edge) - 1;
  }

  remove(edge: GraphEdge): void {
    const { from, to } = edge;
    const lastOut = from.out.pop();
    if (lastOut && lastOut !== edge) {
      from.out[edge.outAt] = lastOut;
      lastOut.outAt = edge.outAt;
    }
    const lastIn = to.in.pop();
    if (lastIn && lastIn !== edge) {
      to.in[edge.inAt] = lastIn;
      lastIn.inAt = edge.inAt;
    }
    this.drop(from);
    this.drop(to);
  }

  /** Forgets a node that is no object and that nothing points to any more. */
  drop(node: GraphNode): void {
    if (!node.object && node.in.length === 0 && node.out.length === 0) this.nodes.delete(node.id);
  }
}
