/**
 * A document against the schema of its kind, with places: unknown fields (with the name that
 * was meant), values of a wrong type, values that are no choice, required fields left out.
 * Only remarks: the server's dry run has the last word.
 */
import type { KindSchema, Remark, SchemaNode } from '#shared/contract/objects';
import { fieldOf, resolved } from './schemas';
import { children, isAlias, isMapNode, isScalar, isSeq } from './yaml-text';

const MOST = 200;

export function checkSchema(schema: KindSchema, root: unknown): Remark[] {
  const remarks: Remark[] = [];
  check(schema, resolved(schema, { ref: schema.root }), root, '', remarks);
  return remarks.slice(0, MOST);
}

function check(
  schema: KindSchema,
  node: SchemaNode | undefined,
  value: unknown,
  name: string,
  into: Remark[],
): void {
  if (!node || into.length >= MOST || isAlias(value)) return;
  if (isScalar(value)) {
    checkScalar(node, value, name, into);
    return;
  }
  const place = (value as { range?: [number, number, number] | null } | null)?.range;
  if (isMapNode(value)) {
    if (node.type !== undefined && node.type !== 'object') {
      if (place) into.push(wrong(place[0], place[0] + 1, name, node, 'a map'));
      return;
    }
    const seen = new Set<string>();
    for (const { name: key = '', key: at, value: inner } of children(value)) {
      seen.add(key);
      const field = fieldOf(schema, node, key);
      if (field) check(schema, field, inner, key, into);
      else if (node.fields && node.open !== true && key !== '<<' && at?.range) {
        const meant = nearest(key, Object.keys(node.fields));
        into.push({
          from: at.range[0],
          to: at.range[1],
          severity: 'warning',
          message: `Unknown field ${key}: the server drops it.${meant === undefined ? '' : ` Did you mean ${meant}?`}`,
        });
      }
    }
    const missing = seen.has('<<') ? [] : (node.required ?? []).filter((one) => !seen.has(one));
    if (missing.length > 0 && place && name !== 'status') {
      const word = name === '' ? 'This object' : name;
      into.push({
        from: place[0],
        to: place[0] + 1,
        severity: 'warning',
        message: `${word} needs ${missing.join(', ')}.`,
      });
    }
    return;
  }
  if (isSeq(value)) {
    if (node.type !== undefined && node.type !== 'array') {
      if (place) into.push(wrong(place[0], place[0] + 1, name, node, 'a list'));
      return;
    }
    const items = resolved(schema, node.items);
    for (const { value: inner } of children(value)) check(schema, items, inner, name, into);
  }
}

function checkScalar(
  node: SchemaNode,
  scalar: { value: unknown; range?: [number, number, number] | null; source?: string },
  name: string,
  into: Remark[],
): void {
  const { value, range } = scalar;
  if (!range || value === null || value === undefined) return;
  const is = typeof value;
  const fits =
    node.intOrString === true
      ? is === 'string' || is === 'number'
      : node.type === 'string'
        ? is === 'string'
        : node.type === 'integer'
          ? is === 'number' && Number.isInteger(value)
          : node.type === 'number'
            ? is === 'number'
            : node.type === 'boolean'
              ? is === 'boolean'
              : node.type === undefined;
  if (!fits) {
    const found =
      is === 'string'
        ? 'text'
        : is === 'boolean'
          ? `the switch ${String(value)}`
          : `the number ${String(value)}`;
    into.push(wrong(range[0], range[1], name, node, found));
  } else if (node.choices && node.choices.length > 0 && !node.choices.includes(String(value))) {
    into.push({
      from: range[0],
      to: range[1],
      severity: 'warning',
      message: `${name} is one of ${node.choices.join(', ')}.`,
    });
  }
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'text (put it in quotes)',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'a map',
  array: 'a list (lines with “- ”)',
};

function wrong(from: number, to: number, name: string, node: SchemaNode, found: string): Remark {
  const wanted =
    node.intOrString === true
      ? 'a number or text'
      : (typeWords[node.type ?? ''] ?? node.type ?? 'something else');
  return {
    from,
    to: Math.max(to, from + 1),
    severity: 'error',
    message: `${name === '' ? 'This' : name} must be ${wanted}, and is ${found}.`,
  };
}

/** The name that was meant: at most two letters away, or the same but for case. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  let best: { name: string; far: number } | undefined;
  for (const other of names) {
    if (other.toLowerCase() === name.toLowerCase()) return other;
    if (Math.abs(other.length - name.length) > 2) continue;
    const far = distance(name, other);
    if (far <= Math.min(2, Math.floor(name.length / 3)) && (!best || far < best.far))
      best = { name: other, far };
  }
  return best?.name;
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const put = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(put, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
