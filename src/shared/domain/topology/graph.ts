/**
 * Nodes and edges with constant-time adding and removing: every edge knows its places in the lists
 * of its ends. Nodes of missing objects exist as long as an edge needs them. The order of lists
 * says nothing. What edges there are is decided in relation-graph.ts.
 */
import type { StringMap } from '../../k8s/types';
import { ensure } from './ensure';
import { isVirtual } from './relations/kinds';
import type { EdgeTerms, Fields, RuleId, Self, Target } from './relations/types';
import type { Standing } from './selections';

/** `missing`: something points to it and it is not there. `virtual`: a user, an outside address, a Helm release. */
export type NodeState = 'present' | 'missing' | 'virtual';

export interface RelationEdge extends EdgeTerms {
  readonly from: RelationNode;
  readonly to: RelationNode;
  /** The object whose field this is; `from` but for reversed relations. */
  readonly holder: RelationNode;
  /** Where it stands, with indices: `spec.volumes[0].configMap.name`. */
  readonly field: string;
  readonly value: string;
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

export class GraphEdge implements RelationEdge {
  outAt = 0;
  inAt = 0;

  constructor(
    readonly terms: EdgeTerms,
    readonly from: GraphNode,
    readonly to: GraphNode,
    readonly holder: GraphNode,
    readonly field: string,
    readonly value: string,
    readonly standing: Standing<GraphNode> | undefined,
  ) {}

  get rule(): RuleId {
    return this.terms.rule;
  }
  get relation(): string {
    return this.terms.relation;
  }
  get confidence(): 'fact' | 'inferred' {
    return this.terms.confidence;
  }
  get optional(): boolean {
    return this.terms.optional;
  }
  get weak(): boolean {
    return this.terms.weak;
  }
  get invalid(): string | undefined {
    return this.terms.invalid;
  }
  get note(): string | undefined {
    return this.terms.note;
  }
  get port(): string | undefined {
    return this.terms.port;
  }
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

type ByName = Map<string, GraphNode>;

export class Graph {
  readonly nodes = new Map<string, GraphNode>();
  /** By kind, group, namespace, name: edges are many, and joining their ids costs more than four lookups. */
  readonly #places = new Map<string, Map<string, Map<string, ByName>>>();

  find(group: string, kind: string, namespace: string, name: string): GraphNode | undefined {
    return this.#places.get(kind)?.get(group)?.get(namespace)?.get(name);
  }

  /** The object of this name, there or missing. */
  at(group: string, kind: string, namespace: string, name: string): GraphNode {
    const byGroup = ensure(this.#places, kind, () => new Map<string, Map<string, ByName>>());
    const byNamespace = ensure(byGroup, group, () => new Map<string, ByName>());
    const byName = ensure(byNamespace, namespace, () => new Map<string, GraphNode>());
    let node = byName.get(name);
    if (!node) {
      node = new GraphNode(nodeId(group, kind, namespace, name), group, kind, namespace, name, '');
      byName.set(name, node);
      this.nodes.set(node.id, node);
    }
    return node;
  }

  /** A missing object that is meant by its uid: another one of the same name is another object. */
  withUid({ group, kind, name }: Target, namespace: string, uid: string): GraphNode {
    const id = `${nodeId(group, kind, namespace, name)}@${uid}`;
    return ensure(this.nodes, id, () => new GraphNode(id, group, kind, namespace, name, uid));
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
    if (node.object || node.in.length > 0 || node.out.length > 0) return;
    this.nodes.delete(node.id);
    const byGroup = this.#places.get(node.kind);
    const byNamespace = byGroup?.get(node.group);
    const byName = byNamespace?.get(node.namespace);
    if (byName?.get(node.name) !== node) return;
    byName.delete(node.name);
    if (byName.size === 0) byNamespace?.delete(node.namespace);
    if (byNamespace?.size === 0) byGroup?.delete(node.group);
    if (byGroup?.size === 0) this.#places.delete(node.kind);
  }
}
