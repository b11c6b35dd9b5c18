/**
 * Reads one object by the table: which edges its fields give, which selections it holds, and what
 * else it looked at. Depends on nothing but the object and what it looked at (`topics`).
 */
import { formatSelector } from '../../k8s/selector';
import type { LabelSelector } from '../../k8s/types';
import { nodeId, type GraphEdge, type GraphNode } from './graph';
import { walkFields, type FieldNode, type Walk } from './relations/compile';
import { VIRTUAL } from './relations/kinds';
import type { Fields, LinkOptions, Relation, Selection, Self, Sink, Target } from './relations/types';
import { anchorOf, type Standing } from './selections';

/** An edge to be. */
export interface Draft {
  readonly entry: Relation;
  readonly relation: string;
  readonly from: Target;
  readonly to: Target;
  readonly fromId: string;
  readonly toId: string;
  readonly field: string;
  readonly value: string;
  readonly options: LinkOptions;
}

export interface Extracted {
  readonly drafts: Draft[];
  readonly standing: Standing<GraphNode>[];
  readonly topics: string[];
}

/** What the graph lends: lookups only. */
export interface Surroundings {
  scope(group: string, kind: string): boolean | undefined;
  byId(id: string): GraphNode | undefined;
  byUid(uid: string): GraphNode | undefined;
  ensure(target: Target, id: string): GraphNode;
  named(group: string, kind: string, name: string): readonly GraphNode[];
  all(group: string, kind: string): readonly GraphNode[];
}

const NO_FIELDS: Fields = {};
const MAX_VALUE = 200;

export class Extraction implements Sink, Walk {
  readonly parents: Fields[] = [];
  readonly segments: string[] = [];
  #self: GraphNode | undefined;
  #entry: Relation | undefined;
  #value: unknown;
  #drafts: Draft[] = [];
  #standing: Standing<GraphNode>[] = [];
  #topics = new Set<string>();

  constructor(readonly around: Surroundings) {}

  run(node: GraphNode, fields: FieldNode): Extracted {
    this.#self = node;
    this.#drafts = [];
    this.#standing = [];
    if (this.#topics.size > 0) this.#topics = new Set();
    walkFields(fields, node.object, this);
    const drafts = this.#drafts.some(isInferred) ? withoutEchoes(this.#drafts) : this.#drafts;
    return { drafts, standing: this.#standing, topics: this.#topics.size > 0 ? [...this.#topics] : NONE };
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
    return this.segments.join('');
  }

  link(target: Target, options: LinkOptions = NO_OPTIONS): void {
    const entry = this.#entry;
    const self = this.#self;
    if (!entry || !self || typeof target.name !== 'string' || target.name === '') return;
    const other = this.#resolve(target, options.strictUid === true);
    const from = options.from ? this.#resolve(options.from, false) : { target: self, id: self.id };
    if (!other || !from) return;
    const reverse = options.reverse ?? entry.reverse ?? false;
    const [start, end] = reverse ? [other, from] : [from, other];
    let { invalid } = options;
    if (
      entry.rule === 'T1' &&
      invalid === undefined &&
      end.target.namespace !== '' &&
      end.target.namespace !== start.target.namespace
    ) {
      invalid = 'An owner lives in the same namespace or in none';
    }
    this.#drafts.push({
      entry,
      relation: options.relation ?? entry.relation,
      from: start.target,
      to: end.target,
      fromId: start.id,
      toId: end.id,
      field: options.field ?? this.path(),
      value: options.value ?? words(this.#value, target.name),
      options:
        invalid === options.invalid ? options : { ...options, ...(invalid !== undefined && { invalid }) },
    });
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
    return this.around.scope(group, kind) === true;
  }

  has(target: Target): boolean {
    const id = this.#id(target);
    this.#topics.add(`has:${id}`);
    return this.around.byId(id)?.object !== undefined;
  }

  peek(target: Target): Fields | undefined {
    const id = this.#id(target);
    this.#topics.add(`obj:${id}`);
    return this.around.byId(id)?.object;
  }

  named(group: string, kind: string, name: string): readonly Self[] {
    this.#topics.add(`named:${group}/${kind}/${name}`);
    return this.around.named(group, kind, name);
  }

  all(group: string, kind: string): readonly Self[] {
    this.#topics.add(`all:${group}/${kind}`);
    return this.around.all(group, kind);
  }

  /** The edge of a draft. */
  edge(draft: Draft, holder: GraphNode): GraphEdge {
    const from = this.around.ensure(draft.from, draft.fromId);
    const to = this.around.ensure(draft.to, draft.toId);
    return makeEdge(
      draft.entry,
      draft.relation,
      from,
      to,
      holder,
      draft.field,
      draft.value,
      draft.options,
      undefined,
    );
  }

  /** The edge of a selection to an object it means. */
  selected(standing: Standing<GraphNode>, node: GraphNode): GraphEdge {
    const { relation, holder, selection, field, value } = standing;
    const options = selection.options ?? NO_OPTIONS;
    const reverse = options.reverse ?? relation.reverse ?? false;
    const [from, to] = reverse ? [node, holder] : [holder, node];
    return makeEdge(
      relation,
      options.relation ?? relation.relation,
      from,
      to,
      holder,
      field,
      value,
      options,
      standing,
    );
  }

  #id({ group, kind, namespace, name }: Target): string {
    return nodeId(group, kind, this.around.scope(group, kind) === true ? '' : namespace, name);
  }

  #resolve(target: Target, strict: boolean): { target: Target; id: string } | undefined {
    const { group, kind, name, uid } = target;
    let { namespace } = target;
    if (uid !== undefined && uid !== '') {
      this.#topics.add(`uid:${uid}`);
      const known = this.around.byUid(uid);
      if (known) return { target: known, id: known.id };
    }
    if (group !== VIRTUAL) {
      const cluster = this.around.scope(group, kind);
      if (cluster === true) namespace = '';
      else if (cluster === false && namespace === '') return undefined;
    }
    const id = nodeId(group, kind, namespace, name);
    if (uid === undefined || uid === '') {
      return { target: namespace === target.namespace ? target : { group, kind, namespace, name }, id };
    }
    if (!strict) {
      this.#topics.add(`has:${id}`);
      const named = this.around.byId(id);
      if (named?.object && named.uid === '') return { target: named, id };
    }
    return { target: { group, kind, namespace, name, uid }, id: `${id}@${uid}` };
  }
}

const NONE: string[] = [];
const NO_OPTIONS: LinkOptions = {};

function makeEdge(
  entry: Relation,
  relation: string,
  from: GraphNode,
  to: GraphNode,
  holder: GraphNode,
  field: string,
  value: string,
  options: LinkOptions,
  standing: Standing<GraphNode> | undefined,
): GraphEdge {
  return {
    rule: entry.rule,
    relation,
    from,
    to,
    holder,
    field,
    value,
    confidence: (options.inferred ?? entry.inferred) ? 'inferred' : 'fact',
    optional: options.optional === true,
    weak: options.weak ?? entry.weak ?? false,
    invalid: options.invalid,
    note: options.note,
    port: options.port,
    standing,
    outAt: 0,
    inAt: 0,
  };
}

function isInferred({ entry, options }: Draft): boolean {
  return options.inferred ?? entry.inferred ?? false;
}

/** A guess that says what a rule already says is left out (T66). */
function withoutEchoes(drafts: readonly Draft[]): Draft[] {
  const facts = new Set<string>();
  for (const draft of drafts) if (!isInferred(draft)) facts.add(`${draft.fromId} ${draft.toId}`);
  return drafts.filter((draft) => !isInferred(draft) || !facts.has(`${draft.fromId} ${draft.toId}`));
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

/** Whether an edge still says what a draft says. */
export function sameEdge(edge: GraphEdge, draft: Draft | undefined): boolean {
  return draft !== undefined && signature(edge) === draftSignature(draft);
}

export function signature(edge: GraphEdge): string {
  return `${edge.rule} ${edge.relation} ${edge.from.id} ${edge.to.id} ${edge.field} ${edge.value} ${edge.optional} ${edge.weak} ${edge.confidence === 'inferred'} ${edge.invalid} ${edge.note} ${edge.port}`;
}

export function draftSignature(draft: Draft): string {
  const { entry, options } = draft;
  const weak = options.weak ?? entry.weak ?? false;
  const inferred = isInferred(draft);
  return `${entry.rule} ${draft.relation} ${draft.fromId} ${draft.toId} ${draft.field} ${draft.value} ${options.optional === true} ${weak} ${inferred} ${options.invalid} ${options.note} ${options.port}`;
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
