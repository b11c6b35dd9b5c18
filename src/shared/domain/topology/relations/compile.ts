/**
 * Turns the table into one tree of fields per kind, so that an object is walked once however many
 * relations read it. A walk never throws for what an object holds; only own fields are read.
 */
import { parseKind, podSpecPath } from './kinds';
import type { Fields, Relation } from './types';

export interface FieldNode {
  readonly key: string;
  /** As shown in a path: `.spec`, `["a.b/c"]`. */
  readonly shown: string;
  readonly children: FieldNode[];
  /** Elements of the list found here. */
  element: FieldNode | undefined;
  readonly relations: Relation[];
}

/** Position of a walk; matchers read it through the sink. */
export interface Walk {
  readonly parents: Fields[];
  readonly segments: string[];
  hit(value: unknown, relation: Relation): void;
}

const SEGMENT = /\["([^"]+)"\]|(\[\])|([^.[\]]+)/g;

export function compileFields(table: readonly Relation[], group: string, kind: string): FieldNode {
  const root = newNode('', '');
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

function newNode(key: string, shown: string): FieldNode {
  return { key, shown, children: [], element: undefined, relations: [] };
}

function insert(root: FieldNode, field: string, relation: Relation): void {
  let node = root;
  for (const [, quoted, list, plain] of field.matchAll(SEGMENT)) {
    if (list !== undefined) {
      node.element ??= newNode('', '');
      node = node.element;
      continue;
    }
    const key = quoted ?? plain ?? '';
    let child = node.children.find((one) => one.key === key);
    if (!child) {
      child = newNode(key, quoted === undefined ? (node === root ? key : `.${key}`) : `["${key}"]`);
      node.children.push(child);
    }
    node = child;
  }
  node.relations.push(relation);
}

const hasOwn = Object.prototype.hasOwnProperty;

export function walkFields(node: FieldNode, value: unknown, walk: Walk): void {
  if (value === undefined || value === null) return;
  for (const relation of node.relations) walk.hit(value, relation);
  if (typeof value !== 'object') return;
  if (node.element !== undefined && Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      walk.segments.push(`[${i}]`);
      walkFields(node.element, value[i], walk);
      walk.segments.pop();
    }
  }
  if (node.children.length === 0 || Array.isArray(value)) return;
  const fields = value as Fields;
  walk.parents.push(fields);
  for (const child of node.children) {
    if (!hasOwn.call(fields, child.key)) continue;
    walk.segments.push(child.shown);
    walkFields(child, fields[child.key], walk);
    walk.segments.pop();
  }
  walk.parents.pop();
}
