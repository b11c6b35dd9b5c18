/**
 * Objects in, edges out, kept right under changes: after any sequence of `upsert` and `remove` the
 * edges are those of a fresh `load` of the same objects, in whatever order they came. A change
 * re-reads the changed object and those that looked at it, nothing else. Objects without kind or
 * name are no nodes; nothing an object holds makes this throw.
 */
import { own } from '../../k8s/read';
import type { StringMap } from '../../k8s/types';
import { ensure } from './ensure';
import { Extraction, sameEdge, sameStanding, signature } from './extraction';
import { Graph, nodeId, type GraphEdge, type GraphNode, type KindPlace } from './graph';
import type { RelationChanges, RelationEdge, RelationNode } from './graph';
import { identify, type Identity } from './identity';
import { compileFields } from './relations/compile';
import { knownScope, VIRTUAL } from './relations/kinds';
import { RELATIONS } from './relations/table';
import { means, Selections, withNameLabel, type Standing } from './selections';

export interface RelationGraphOptions {
  /** Discovery's answer for kinds: whether cluster-scoped; undefined when it does not know either. */
  readonly clusterScoped?: (group: string, kind: string) => boolean | undefined;
}

export class RelationGraph {
  readonly #graph = new Graph();
  readonly #selections = new Selections<GraphNode>();
  readonly #byUid = new Map<string, GraphNode>();
  /** What holders looked at -> the holders. */
  readonly #watchers = new Map<string, Set<GraphNode>>();
  readonly #extraction: Extraction;
  readonly #options: RelationGraphOptions;
  #objects = 0;
  #changes: RelationChanges | undefined;

  constructor(options: RelationGraphOptions = {}) {
    this.#options = options;
    this.#extraction = new Extraction({
      graph: this.#graph,
      scope: this.#scope,
      byUid: (uid) => this.#byUid.get(uid),
      named: (group, kind, name) => this.#named(group, kind, name),
      all: (group, kind) => this.#all(group, kind),
    });
  }

  /** Asked for every end of every edge: remembered once known. */
  #scope = (place: KindPlace): boolean | undefined => {
    if (place.scope !== undefined || place.group === VIRTUAL) return place.scope;
    const told = this.#options.clusterScoped?.(place.group, place.kind);
    return (place.scope = told ?? knownScope(place.group, place.kind));
  };

  #scopeOf = (group: string, kind: string): boolean | undefined =>
    this.#scope(this.#graph.place(group, kind));

  /** All nodes: objects, missing objects that something points to, virtual ones. */
  nodes(): IterableIterator<RelationNode> {
    return this.#graph.nodes.values();
  }

  get(id: string): RelationNode | undefined {
    return this.#graph.nodes.get(id);
  }

  /** Key of an object for `get`; the namespace is empty for cluster-scoped kinds. */
  static id(group: string, kind: string, namespace: string, name: string): string {
    return nodeId(group, kind, namespace, name);
  }

  byUid(uid: string): RelationNode | undefined {
    return this.#byUid.get(uid);
  }

  *edges(): Generator<RelationEdge> {
    for (const node of this.#graph.nodes.values()) yield* node.out;
  }

  /** Adds many objects at once: the quick way to build; the result is that of single `upsert`s. */
  load(objects: Iterable<unknown>): void {
    if (this.#objects > 0) {
      for (const object of objects) this.upsert(object);
      return;
    }
    const fresh: GraphNode[] = [];
    const again: unknown[] = [];
    for (const object of objects) {
      const identity = identify(object, this.#scopeOf);
      if (!identity) continue;
      // A second object of the same name or uid goes the slow, exact way.
      const { uid, alias } = identity;
      const isTaken = (uid !== '' && this.#byUid.has(uid)) || (alias !== '' && this.#byUid.has(alias));
      if (isTaken || this.#graph.nodes.has(identity.id)) again.push(object);
      else fresh.push(this.#place(identity));
    }
    for (const node of fresh) this.#read(node, false);
    for (const node of fresh) {
      if (!this.#selections.selects(node.place.key)) continue;
      for (const standing of this.#selections.matching(node, this.#namespaceLabels)) {
        this.#addEdge(this.#extraction.selected(standing, node));
      }
    }
    for (const object of again) this.upsert(object);
  }

  /** Adds or replaces an object. */
  upsert(object: unknown): RelationChanges {
    const changes: RelationChanges = { added: [], removed: [] };
    const identity = identify(object, this.#scopeOf);
    if (!identity) return changes;
    this.#changes = changes;
    const { id, uid } = identity;
    const sameUid = uid ? this.#byUid.get(uid) : undefined;
    if (sameUid && sameUid.id !== id) this.#remove(sameUid);
    const before = this.#graph.nodes.get(id);
    const present = before?.object !== undefined && before.uid === uid && before.alias === identity.alias;
    if (before?.object && !present) this.#remove(before);
    const labels = present ? before.labels : undefined;
    const node = this.#place(identity);
    this.#read(node, true);
    if (!present || !sameLabels(labels, node.labels)) {
      this.#match(node);
      if (node.kind === 'Namespace' && node.group === '') this.#matchByNamespaceLabels();
    }
    this.#tell(node, !present);
    this.#changes = undefined;
    return settle(changes);
  }

  /** Forgets an object by uid, or by id when it has none. */
  remove(uidOrId: string): RelationChanges {
    const changes: RelationChanges = { added: [], removed: [] };
    const node = this.#byUid.get(uidOrId) ?? this.#graph.nodes.get(uidOrId);
    if (!node?.object) return changes;
    this.#changes = changes;
    this.#remove(node);
    this.#changes = undefined;
    return settle(changes);
  }

  #place(identity: Identity): GraphNode {
    const { group, kind, namespace, name } = identity;
    const node = this.#graph.at(this.#graph.place(group, kind), namespace, name);
    if (!node.object) this.#objects++;
    node.object = identity.object;
    node.labels = identity.labels;
    node.uid = identity.uid;
    node.alias = identity.alias;
    if (node.uid !== '') this.#byUid.set(node.uid, node);
    if (node.alias !== '') this.#byUid.set(node.alias, node);
    return node;
  }

  #remove(node: GraphNode): void {
    for (const uid of [node.uid, node.alias])
      if (uid && this.#byUid.get(uid) === node) this.#byUid.delete(uid);
    if (node.object) this.#objects--;
    const namespaceLost = node.kind === 'Namespace' && node.group === '';
    node.object = undefined;
    node.labels = {};
    this.#watch(node, []);
    for (const standing of node.standing) this.#selections.remove(standing);
    const lost = [...node.held];
    for (const standing of node.standing) lost.push(...this.#edgesOf(standing));
    node.standing = [];
    node.held = [];
    for (const edge of lost) this.#removeEdge(edge);
    for (const edge of new Set(node.in.concat(node.out))) if (edge.standing) this.#removeEdge(edge);
    if (namespaceLost) this.#matchByNamespaceLabels();
    this.#tell(node, true);
    node.uid = '';
    node.alias = '';
    this.#graph.drop(node);
  }

  /** Reads the fields of an object; edges that stay are kept as they are. */
  #read(node: GraphNode, evaluate: boolean): void {
    const fields = (node.place.fields ??= compileFields(RELATIONS, node.group, node.kind));
    const found = this.#extraction.run(node, fields);
    this.#watch(node, found.topics);
    this.#replaceHeld(node, found.edges);
    if (sameStanding(node.standing, found.standing)) return;
    for (const standing of node.standing) {
      this.#selections.remove(standing);
      for (const edge of this.#edgesOf(standing)) this.#removeEdge(edge);
    }
    node.standing = found.standing;
    for (const standing of node.standing) {
      this.#selections.add(standing);
      if (evaluate)
        for (const target of this.#selected(standing))
          this.#addEdge(this.#extraction.selected(standing, target));
    }
  }

  #replaceHeld(node: GraphNode, read: readonly GraphEdge[]): void {
    const { held } = node;
    if (held.length === read.length && held.every((edge, i) => sameEdge(edge, read[i]))) return;
    if (held.length === 0) {
      node.held = read;
      for (const edge of read) this.#addEdge(edge);
      return;
    }
    const left = new Map<string, GraphEdge[]>();
    for (const edge of held) ensure(left, signature(edge), () => [] as GraphEdge[]).push(edge);
    const kept = new Set<GraphEdge>();
    node.held = read.map((edge) => {
      const before = left.get(signature(edge))?.pop();
      if (before) kept.add(before);
      return before ?? edge;
    });
    for (const edge of node.held) if (!kept.has(edge)) this.#addEdge(edge);
    for (const edges of left.values()) for (const edge of edges) this.#removeEdge(edge);
  }

  /** Brings the selections that mean this object up to date. */
  #match(node: GraphNode): void {
    const wanted = new Set<Standing<GraphNode>>(this.#selections.matching(node, this.#namespaceLabels));
    for (const edge of new Set(node.in.concat(node.out))) {
      if (!edge.standing || selectedEnd(edge) !== node) continue;
      if (!wanted.delete(edge.standing)) this.#removeEdge(edge);
    }
    for (const standing of wanted) this.#addEdge(this.#extraction.selected(standing, node));
  }

  #matchByNamespaceLabels(): void {
    for (const standing of this.#selections.byNamespaceLabels()) {
      const wanted = new Set(this.#selected(standing));
      for (const edge of this.#edgesOf(standing))
        if (!wanted.delete(selectedEnd(edge))) this.#removeEdge(edge);
      for (const node of wanted) this.#addEdge(this.#extraction.selected(standing, node));
    }
  }

  #selected(standing: Standing<GraphNode>): GraphNode[] {
    const { selection } = standing;
    const { spaces } = this.#graph.place(selection.group, selection.kind);
    const namespaces = selection.namespaces === 'any' ? spaces.keys() : new Set(selection.namespaces);
    const found: GraphNode[] = [];
    for (const namespace of namespaces) {
      for (const node of spaces.get(namespace)?.values() ?? []) {
        if (node.object && means(selection, node, this.#namespaceLabels)) found.push(node);
      }
    }
    return found;
  }

  #edgesOf(standing: Standing<GraphNode>): GraphEdge[] {
    const { holder } = standing;
    const found = holder.out.filter((edge) => edge.standing === standing);
    for (const edge of holder.in) if (edge.standing === standing && edge.from !== holder) found.push(edge);
    return found;
  }

  #namespaceLabels = (namespace: string): StringMap =>
    withNameLabel(namespace, this.#graph.nodes.get(nodeId('', 'Namespace', '', namespace))?.labels ?? {});

  #named(group: string, kind: string, name: string): GraphNode[] {
    const found: GraphNode[] = [];
    for (const byName of this.#graph.place(group, kind).spaces.values()) {
      const node = byName.get(name);
      if (node?.object) found.push(node);
    }
    return found.sort(byId);
  }

  #all(group: string, kind: string): GraphNode[] {
    const found: GraphNode[] = [];
    for (const byName of this.#graph.place(group, kind).spaces.values())
      for (const node of byName.values()) if (node.object) found.push(node);
    return found.sort(byId);
  }

  #watch(node: GraphNode, topics: readonly string[]): void {
    if (node.topics.length === topics.length && node.topics.every((topic, i) => topic === topics[i])) return;
    for (const topic of node.topics) {
      const watchers = this.#watchers.get(topic);
      watchers?.delete(node);
      if (watchers?.size === 0) this.#watchers.delete(topic);
    }
    node.topics = topics;
    for (const topic of topics) ensure(this.#watchers, topic, () => new Set()).add(node);
  }

  /** Re-reads the objects that looked at this one, or that mean it by its uid. */
  #tell(node: GraphNode, presence: boolean): void {
    const holders = new Set<GraphNode>();
    if (presence) {
      const meant = (edge: GraphEdge): void => {
        if (edge.byUid) holders.add(edge.holder);
      };
      for (const one of [node, ...this.#graph.ghostsOf(node)]) {
        one.in.forEach(meant);
        one.out.forEach(meant);
      }
    }
    if (this.#watchers.size > 0) {
      const collect = (topic: string): void => {
        for (const holder of this.#watchers.get(topic) ?? []) holders.add(holder);
      };
      if (presence) {
        collect(`has:${node.id}`);
        collect(`named:${node.place.key}/${node.name}`);
      }
      collect(`obj:${node.id}`);
      collect(`all:${node.place.key}`);
    }
    holders.delete(node);
    for (const holder of holders) if (holder.object) this.#read(holder, true);
  }

  #addEdge(edge: GraphEdge): void {
    this.#graph.add(edge);
    this.#changes?.added.push(edge);
  }

  #removeEdge(edge: GraphEdge): void {
    this.#graph.remove(edge);
    this.#changes?.removed.push(edge);
  }
}

function byId(a: GraphNode, b: GraphNode): number {
  return a.id < b.id ? -1 : 1;
}

/** The end of a selection's edge that was selected. */
function selectedEnd(edge: GraphEdge): GraphNode {
  return edge.from === edge.holder ? edge.to : edge.from;
}

function sameLabels(a: StringMap | undefined, b: StringMap): boolean {
  if (a === b) return true;
  if (a === undefined) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => own(a, key) === own(b, key) && key in b)
  );
}

/** Edges that came and went within one change are no change. */
function settle(changes: RelationChanges): RelationChanges {
  if (changes.added.length === 0 || changes.removed.length === 0) return changes;
  const removed = new Set(changes.removed);
  const passing = new Set(changes.added.filter((edge) => removed.has(edge)));
  if (passing.size === 0) return changes;
  const stays = (edge: RelationEdge): boolean => !passing.has(edge as GraphEdge);
  return { added: changes.added.filter(stays), removed: changes.removed.filter(stays) };
}
