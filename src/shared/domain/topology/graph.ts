/**
 * Nodes and edges with constant-time adding and removing: every edge knows its places in the lists
 * of its ends. Nodes of missing objects exist as long as an edge needs them. The order of lists
 * says nothing. What edges there are is decided in relation-graph.ts.
 */
import type { StringMap } from '../../k8s/types';
import { ensure } from './ensure';
import type { FieldNode } from './relations/compile';
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
    /** The field says which uid it means: another object of the name is another one. */
    readonly byUid: boolean,
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
const NO_EDGES: readonly GraphEdge[] = [];
const NO_STANDING: readonly Standing<GraphNode>[] = [];
const NO_TOPICS: readonly string[] = [];

export class GraphNode implements RelationNode {
  object: Fields | undefined = undefined;
  labels: StringMap = NO_LABELS;
  /** Another uid it goes by. */
  alias = '';
  readonly out: GraphEdge[] = [];
  readonly in: GraphEdge[] = [];
  /** Edges of this object's fields, in the order of reading. */
  held: readonly GraphEdge[] = NO_EDGES;
  standing: readonly Standing<GraphNode>[] = NO_STANDING;
  topics: readonly string[] = NO_TOPICS;

  constructor(
    readonly id: string,
    readonly place: KindPlace,
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

/** Everything there is of one kind, by namespace and name: objects, and names that edges lead to. */
export class KindPlace {
  /** `group/Kind`. */
  readonly key: string;
  readonly spaces = new Map<string, ByName>();
  /** Whether cluster-scoped, once somebody knows. */
  scope: boolean | undefined = undefined;
  fields: FieldNode | undefined = undefined;

  constructor(
    readonly group: string,
    readonly kind: string,
  ) {
    this.key = `${group}/${kind}`;
  }
}

export class Graph {
  readonly nodes = new Map<string, GraphNode>();
  readonly #kinds = new Map<string, Map<string, KindPlace>>();
  /** Missing objects that are meant by their uid, by that and by the id of their name. */
  readonly #ghosts = new Map<string, Set<GraphNode>>();

  place(group: string, kind: string): KindPlace {
    let kinds = this.#kinds.get(group);
    if (kinds === undefined) this.#kinds.set(group, (kinds = new Map()));
    let place = kinds.get(kind);
    if (place === undefined) kinds.set(kind, (place = new KindPlace(group, kind)));
    return place;
  }

  find(place: KindPlace, namespace: string, name: string): GraphNode | undefined {
    return place.spaces.get(namespace)?.get(name);
  }

  /** The object of this name, there or missing. */
  at(place: KindPlace, namespace: string, name: string): GraphNode {
    let byName = place.spaces.get(namespace);
    if (byName === undefined) place.spaces.set(namespace, (byName = new Map()));
    let node = byName.get(name);
    if (node === undefined) {
      const { group, kind } = place;
      node = new GraphNode(nodeId(group, kind, namespace, name), place, group, kind, namespace, name, '');
      byName.set(name, node);
      this.nodes.set(node.id, node);
    }
    return node;
  }

  /** A missing object that is meant by its uid: another one of the same name is another object. */
  withUid(place: KindPlace, { group, kind, name }: Target, namespace: string, uid: string): GraphNode {
    const named = nodeId(group, kind, namespace, name);
    const id = `${named}@${uid}`;
    let node = this.nodes.get(id);
    if (node === undefined) {
      this.nodes.set(id, (node = new GraphNode(id, place, group, kind, namespace, name, uid)));
      ensure(this.#ghosts, uid, () => new Set()).add(node);
      ensure(this.#ghosts, named, () => new Set()).add(node);
    }
    return node;
  }

  /** Missing objects that this one may be: of its uid, or of its name. */
  ghostsOf(node: GraphNode): readonly GraphNode[] {
    if (this.#ghosts.size === 0) return NO_NODES;
    const found: GraphNode[] = [];
    for (const key of [node.id, node.uid, node.alias]) found.push(...(this.#ghosts.get(key) ?? NO_NODES));
    return found;
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
    const { spaces } = node.place;
    const byName = spaces.get(node.namespace);
    if (byName?.get(node.name) === node) {
      byName.delete(node.name);
      if (byName.size === 0) spaces.delete(node.namespace);
      return;
    }
    if (this.#ghosts.size === 0) return;
    for (const key of [node.uid, nodeId(node.group, node.kind, node.namespace, node.name)]) {
      const ghosts = this.#ghosts.get(key);
      if (ghosts?.delete(node) && ghosts.size === 0) this.#ghosts.delete(key);
    }
  }
}

const NO_NODES: readonly GraphNode[] = [];
