/**
 * Turns the table into one tree of fields per kind, so that an object is walked once however many
 * relations read it. A walk never throws for what an object holds; only own fields are read.
 */
import { parseKind, podSpecPath } from './kinds';
import type { Fields, Relation } from './types';

export interface FieldNode {
  readonly key: string;
  /** Its path, cut where indexes of lists go: `spec.volumes[`, `].configMap.name`. */
  readonly pieces: readonly string[];
  /** Paths that were asked for, by index; most objects share the low ones. */
  readonly paths: (string | undefined)[];
  readonly children: FieldNode[];
  readonly byKey: Map<string, FieldNode>;
  /** Elements of the list found here. */
  element: FieldNode | undefined;
  readonly relations: Relation[];
  /** What matchers put after its path: paths of their own. */
  ends: Map<string, FieldNode> | undefined;
}

/** Position of a walk; matchers read it through the sink. */
export interface Walk {
  readonly parents: Fields[];
  /** Indexes of the lists around, outermost first. */
  readonly indexes: number[];
  at: FieldNode | undefined;
  hit(value: unknown, relation: Relation): void;
}

const SEGMENT = /\["([^"]+)"\]|(\[\])|([^.[\]]+)/g;

export function compileFields(table: readonly Relation[], group: string, kind: string): FieldNode {
  const root = newNode('', ['']);
  const podSpec = podSpecPath(group, kind);
  for (const relation of table) {
    let { field } = relation;
    if (relation.from === '@pod') {
      if (podSpec === undefined) continue;
      field = field.replace('$', podSpec);
    } else if (relation.from !== '*' && !relation.from.split(' ').some((from) => isKind(from, group, kind))) {
      continue;
    }
    insert(root, field, relation);
  }
  return root;
}

function isKind(from: string, group: string, kind: string): boolean {
  const id = parseKind(from);
  return id.kind === kind && id.group === group;
}

function newNode(key: string, pieces: readonly string[]): FieldNode {
  return {
    key,
    pieces,
    paths: [],
    children: [],
    byKey: new Map(),
    element: undefined,
    relations: [],
    ends: undefined,
  };
}

/** Pieces with more text at their end. */
function extended(pieces: readonly string[], text: string): string[] {
  return [...pieces.slice(0, -1), `${pieces[pieces.length - 1] ?? ''}${text}`];
}

function insert(root: FieldNode, field: string, relation: Relation): void {
  let node = root;
  for (const [, quoted, list, plain] of field.matchAll(SEGMENT)) {
    if (list !== undefined) {
      node.element ??= newNode('', [...extended(node.pieces, '['), ']']);
      node = node.element;
      continue;
    }
    const key = quoted ?? plain ?? '';
    let child = node.byKey.get(key);
    if (!child) {
      const shown = quoted === undefined ? (node === root ? key : `.${key}`) : `["${key}"]`;
      child = newNode(key, extended(node.pieces, shown));
      node.children.push(child);
      node.byKey.set(key, child);
    }
    node = child;
  }
  node.relations.push(relation);
}

/** Indexes below this share their paths; deeper or longer lists make theirs anew. */
const SHARED = 32;

/** Where a walk stands: `spec.volumes[0].configMap.name`. */
export function pathOf({ pieces, paths }: FieldNode, indexes: readonly number[]): string {
  let slot = 0;
  for (const index of indexes) slot = index < SHARED ? slot * SHARED + index : Infinity;
  const shared = indexes.length <= 2 && slot < SHARED * SHARED;
  const known = shared ? paths[slot] : undefined;
  if (known !== undefined) return known;
  let path = pieces[0] ?? '';
  indexes.forEach((index, i) => (path += `${index}${pieces[i + 1] ?? ''}`));
  if (shared) paths[slot] = path;
  return path;
}

/** The place a field below it has; the same for the same suffix, so that its paths are made once. */
export function endOf(node: FieldNode, suffix: string): FieldNode {
  const ends = (node.ends ??= new Map<string, FieldNode>());
  let end = ends.get(suffix);
  if (end === undefined) ends.set(suffix, (end = newNode('', extended(node.pieces, suffix))));
  return end;
}

const hasOwn = Object.prototype.hasOwnProperty;
/** More fields than an object usually has: its own keys are looked up instead. */
const MANY = 4;

export function walkFields(node: FieldNode, value: unknown, walk: Walk): void {
  if (value === undefined || value === null) return;
  const { relations, element, children } = node;
  for (let i = 0; i < relations.length; i++) {
    walk.at = node;
    walk.hit(value, relations[i]!);
  }
  if (typeof value !== 'object') return;
  if (Array.isArray(value)) {
    if (element === undefined) return;
    const depth = walk.indexes.push(0) - 1;
    for (let i = 0; i < value.length; i++) {
      walk.indexes[depth] = i;
      walkFields(element, value[i], walk);
    }
    walk.indexes.pop();
    return;
  }
  if (children.length === 0) return;
  const fields = value as Fields;
  walk.parents.push(fields);
  if (children.length > MANY) {
    for (const key in fields) {
      const child = node.byKey.get(key);
      if (child !== undefined && hasOwn.call(fields, key)) walkFields(child, fields[key], walk);
    }
  } else {
    for (let i = 0; i < children.length; i++) {
      const child = children[i]!;
      if (hasOwn.call(fields, child.key)) walkFields(child, fields[child.key], walk);
    }
  }
  walk.parents.pop();
}
