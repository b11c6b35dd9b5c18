/**
 * Reads one object by the table: which edges its fields give, which selections it holds, and what
 * else it looked at. Depends on nothing but the object and what it looked at (`topics`).
 */
import { formatSelector } from '../../k8s/selector';
import type { LabelSelector } from '../../k8s/types';
import { GraphEdge, nodeId, type Graph, type GraphNode, type KindPlace } from './graph';
import { endOf, pathOf, walkFields, type FieldNode, type Walk } from './relations/compile';
import { VIRTUAL } from './relations/kinds';
import { NO_OPTIONS } from './relations/match';
import type {
  EdgeTerms,
  Fields,
  LinkOptions,
  Relation,
  Selection,
  Self,
  Sink,
  Target,
} from './relations/types';
import { anchorOf, type Standing } from './selections';

export interface Extracted {
  /** Not in the graph yet; their ends are. */
  readonly edges: readonly GraphEdge[];
  readonly standing: readonly Standing<GraphNode>[];
  readonly topics: readonly string[];
}

export interface Surroundings {
  readonly graph: Graph;
  scope(place: KindPlace): boolean | undefined;
  byUid(uid: string): GraphNode | undefined;
  named(group: string, kind: string, name: string): readonly GraphNode[];
  all(group: string, kind: string): readonly GraphNode[];
}

const NO_FIELDS: Fields = {};
const MAX_VALUE = 200;

export class Extraction implements Sink, Walk {
  readonly parents: Fields[] = [];
  readonly indexes: number[] = [];
  at: FieldNode | undefined;
  #self: GraphNode | undefined;
  #entry: Relation | undefined;
  #value: unknown;
  readonly #edges: GraphEdge[] = [];
  readonly #standing: Standing<GraphNode>[] = [];
  readonly #topics = new Set<string>();
  #resolvedByUid = false;

  constructor(readonly around: Surroundings) {}

  run(node: GraphNode, fields: FieldNode): Extracted {
    this.#self = node;
    // Both are filled again for each object: what is kept of them is as long as it must be.
    this.#edges.length = 0;
    this.#standing.length = 0;
    if (this.#topics.size > 0) this.#topics.clear();
    walkFields(fields, node.object, this);
    const edges = this.#edges.some(isInferred) ? this.#withoutEchoes(this.#edges) : this.#edges;
    return {
      edges: edges.length > 0 ? edges.slice() : NO_EDGES,
      standing: this.#standing.length > 0 ? this.#standing.slice() : NO_STANDING,
      topics: this.#topics.size > 0 ? [...this.#topics] : NONE,
    };
  }

  hit(value: unknown, relation: Relation): void {
    this.#entry = relation;
    this.#value = value;
    relation.match(value, this, relation);
  }

  get self(): Self {
    if (!this.#self) throw new Error('No object is being read');
    return this.#self;
  }

  get parent(): Fields {
    return this.parents[this.parents.length - 1] ?? NO_FIELDS;
  }

  path(): string {
    return this.at ? pathOf(this.at, this.indexes) : '';
  }

  /** Only for suffixes the table writes: what an object says must not fill the memory of paths. */
  pathTo(suffix: string): string {
    return this.at ? pathOf(endOf(this.at, suffix), this.indexes) : suffix;
  }

  linkName(namespace: string, name: string): void {
    const entry = this.#entry;
    const self = this.#self;
    if (!entry || !self || name === '') return;
    const { graph } = this.around;
    const { group, kind } = entry.target;
    const place = graph.place(group, kind);
    const cluster = this.around.scope(place);
    if (cluster === false && namespace === '') return;
    const other = graph.at(place, cluster === true ? '' : namespace, name);
    const { reverse = false, terms } = entry;
    const value = this.#value === name ? clip(name) : words(this.#value, name);
    const [from, to] = reverse ? [other, self] : [self, other];
    this.#edges.push(new GraphEdge(terms, from, to, self, this.path(), value, undefined, false));
  }

  link(target: Target, options: LinkOptions = NO_OPTIONS): void {
    const entry = this.#entry;
    const self = this.#self;
    if (!entry || !self || typeof target.name !== 'string' || target.name === '') return;
    const other = this.#resolve(target, options.strictUid === true);
    const byUid = this.#resolvedByUid;
    const own = options.from ? this.#resolve(options.from, false) : self;
    if (!other || !own) {
      if (other) this.around.graph.drop(other);
      if (own) this.around.graph.drop(own);
      return;
    }
    const reverse = options.reverse ?? entry.reverse ?? false;
    const from = reverse ? other : own;
    const to = reverse ? own : other;
    const terms = termsOf(entry, options, options.invalid ?? strayed(entry, from, to, other));
    const field = options.field ?? this.path();
    const value = options.value ?? words(this.#value, target.name);
    this.#edges.push(new GraphEdge(terms, from, to, self, field, value, undefined, byUid));
  }

  select(selection: Selection): void {
    const entry = this.#entry;
    if (!entry || !this.#self) return;
    const { selector } = selection;
    this.#standing.push({
      holder: this.#self,
      relation: entry,
      selection,
      field: selection.options?.field ?? this.path(),
      value: selection.options?.value ?? (selector ? clip(formatSelector(selector)) : words(this.#value, '')),
      anchor: anchorOf(selection),
    });
  }

  clusterScoped(group: string, kind: string): boolean {
    return this.around.scope(this.around.graph.place(group, kind)) === true;
  }

  has(target: Target): boolean {
    const { id, node } = this.#find(target);
    this.#topics.add(`has:${id}`);
    return node?.object !== undefined;
  }

  peek(target: Target): Fields | undefined {
    const { id, node } = this.#find(target);
    this.#topics.add(`obj:${id}`);
    return node?.object;
  }

  named(group: string, kind: string, name: string): readonly Self[] {
    this.#topics.add(`named:${group}/${kind}/${name}`);
    return this.around.named(group, kind, name);
  }

  all(group: string, kind: string): readonly Self[] {
    this.#topics.add(`all:${group}/${kind}`);
    return this.around.all(group, kind);
  }

  /** The edge of a selection to an object it means. */
  selected(standing: Standing<GraphNode>, node: GraphNode): GraphEdge {
    const { relation, holder, selection, field, value } = standing;
    const options = selection.options ?? NO_OPTIONS;
    const reverse = options.reverse ?? relation.reverse ?? false;
    const [from, to] = reverse ? [node, holder] : [holder, node];
    const terms = termsOf(relation, options, options.invalid);
    return new GraphEdge(terms, from, to, holder, field, value, standing, false);
  }

  #find({ group, kind, namespace: given, name }: Target): { id: string; node: GraphNode | undefined } {
    const { graph } = this.around;
    const place = graph.place(group, kind);
    const namespace = this.around.scope(place) === true ? '' : given;
    return { id: nodeId(group, kind, namespace, name), node: graph.find(place, namespace, name) };
  }

  /** The node that is meant, made where it is missing; undefined when there can be none. */
  #resolve(target: Target, strict: boolean): GraphNode | undefined {
    const { graph } = this.around;
    const { group, kind, name, uid } = target;
    let { namespace } = target;
    const byUid = uid !== undefined && uid !== '';
    this.#resolvedByUid = byUid;
    if (byUid) {
      const known = this.around.byUid(uid);
      // A uid with the name of something else names nothing that is there.
      if (known?.kind === kind && known.name === name) return known;
    }
    const place = graph.place(group, kind);
    if (group !== VIRTUAL) {
      const cluster = this.around.scope(place);
      if (cluster === true) namespace = '';
      else if (cluster === false && namespace === '' && !byUid) return undefined;
    }
    if (!byUid) return graph.at(place, namespace, name);
    if (!strict) {
      const named = graph.find(place, namespace, name);
      if (named?.object && named.uid === '') return named;
    }
    return graph.withUid(place, target, namespace, uid);
  }

  /** A guess that says what a rule already says is left out (T66). */
  #withoutEchoes(edges: readonly GraphEdge[]): GraphEdge[] {
    const facts = new Set<string>();
    for (const edge of edges) if (!isInferred(edge)) facts.add(`${edge.from.id} ${edge.to.id}`);
    return edges.filter((edge) => {
      if (!isInferred(edge) || !facts.has(`${edge.from.id} ${edge.to.id}`)) return true;
      this.around.graph.drop(edge.from);
      this.around.graph.drop(edge.to);
      return false;
    });
  }
}

const NONE: readonly string[] = [];
const NO_EDGES: readonly GraphEdge[] = [];
const NO_STANDING: readonly Standing<GraphNode>[] = [];

/** Why a reference is not honoured for where its ends live. */
function strayed(entry: Relation, from: GraphNode, to: GraphNode, other: GraphNode): string | undefined {
  if (entry.rule === 'T1' && to.namespace !== '' && to.namespace !== from.namespace)
    return 'An owner lives in the same namespace or in none';
  return other.namespace === '' && other.place.scope === false ? 'It lives in a namespace' : undefined;
}

/** Terms that differ from their relation's, made once for all edges that say the same. */
const special = new WeakMap<Relation, Map<string, EdgeTerms>>();
const MOST_SPECIAL = 2_000;

function termsOf(entry: Relation, options: LinkOptions, invalid: string | undefined): EdgeTerms {
  const { note, port, optional, relation, inferred, weak } = options;
  const isPlain =
    port === undefined &&
    optional !== true &&
    relation === undefined &&
    inferred === undefined &&
    weak === undefined &&
    invalid === undefined;
  if (isPlain && note === undefined) return entry.terms;
  const key = isPlain
    ? `${note}`
    : `${note}\n${port}\n${optional}\n${relation}\n${inferred}\n${weak}\n${invalid}`;
  let known = special.get(entry);
  if (known === undefined) special.set(entry, (known = new Map()));
  let terms = known.get(key);
  if (terms === undefined) {
    if (known.size >= MOST_SPECIAL) known.clear();
    terms = {
      rule: entry.rule,
      relation: relation ?? entry.relation,
      confidence: (inferred ?? entry.inferred) ? 'inferred' : 'fact',
      optional: optional === true,
      weak: weak ?? entry.weak ?? false,
      invalid,
      note,
      port,
    };
    known.set(key, terms);
  }
  return terms;
}

function isInferred({ confidence }: GraphEdge): boolean {
  return confidence === 'inferred';
}

function words(value: unknown, otherwise: string): string {
  if (typeof value === 'string') return clip(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return clip(otherwise);
}

function clip(text: string): string {
  return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}...` : text;
}

const equalKeys = ['optional', 'weak', 'inferred', 'invalid', 'note', 'port'] as const;

/** Whether two edges of the same holder say the same. */
export function sameEdge(a: GraphEdge, b: GraphEdge | undefined): boolean {
  return (
    b !== undefined &&
    a.from === b.from &&
    a.to === b.to &&
    a.field === b.field &&
    a.value === b.value &&
    a.byUid === b.byUid &&
    (a.terms === b.terms ||
      (Object.keys(a.terms) as (keyof EdgeTerms)[]).every((key) => a.terms[key] === b.terms[key]))
  );
}

/** Equal for edges that say the same. */
export function signature(edge: GraphEdge): string {
  return `${edge.rule} ${edge.relation} ${edge.from.id} ${edge.to.id} ${edge.field} ${edge.value} ${edge.optional} ${edge.weak} ${edge.confidence} ${edge.invalid} ${edge.note} ${edge.port} ${edge.byUid}`;
}

/** Whether two readings of an object hold the same selections. */
export function sameStanding(a: readonly Standing<GraphNode>[], b: readonly Standing<GraphNode>[]): boolean {
  return a.length === b.length && a.every((one, i) => sameSelection(one, b[i]));
}

function sameSelection(a: Standing<GraphNode>, b: Standing<GraphNode> | undefined): boolean {
  if (!b || a.relation !== b.relation || a.field !== b.field || a.value !== b.value) return false;
  const [x, y] = [a.selection, b.selection];
  if (x.test || y.test) return false;
  return (
    x.group === y.group &&
    x.kind === y.kind &&
    x.name === y.name &&
    x.stem === y.stem &&
    String(x.namespaces) === String(y.namespaces) &&
    sameSelector(x.selector, y.selector) &&
    sameSelector(x.namespaceSelector, y.namespaceSelector) &&
    equalKeys.every((key) => x.options?.[key] === y.options?.[key]) &&
    x.options?.relation === y.options?.relation
  );
}

function sameSelector(a: LabelSelector | undefined, b: LabelSelector | undefined): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
