/**
 * The fields of a structured line: JSON objects and logfmt. Hostile input: nothing is evaluated, deep
 * nesting ends at a depth, and names like `__proto__` are names.
 */

export type FieldValue =
  string | number | boolean | null | readonly unknown[] | Readonly<Record<string, unknown>>;
export type LineFields = ReadonlyMap<string, FieldValue>;

const MOST_FIELDS = 200;
const MOST_DEPTH = 4;

/** Fields by dotted path (`http.status`), in their order; undefined for a line without any. */
export function lineFields(text: string): LineFields | undefined {
  const trimmed = text.trimStart();
  if (trimmed.startsWith('{')) {
    const object = parseObject(trimmed);
    if (!object) return undefined;
    const fields = new Map<string, FieldValue>();
    flatten(object, '', 0, fields);
    return fields;
  }
  return logfmtFields(trimmed);
}

/** One field by its dotted path. */
export function readField(text: string, path: string): unknown {
  const trimmed = text.trimStart();
  if (!trimmed.startsWith('{')) return logfmtFields(trimmed)?.get(path);
  const object = parseObject(trimmed);
  if (!object) return undefined;
  if (Object.hasOwn(object, path)) return object[path];
  let value: unknown = object;
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

/** A value as it stands in a cell. */
export function fieldText(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function flatten(
  object: Record<string, unknown>,
  prefix: string,
  depth: number,
  into: Map<string, FieldValue>,
): void {
  for (const [key, value] of Object.entries(object)) {
    if (into.size >= MOST_FIELDS) return;
    const path = prefix === '' ? key : `${prefix}.${key}`;
    const nested = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (nested && depth < MOST_DEPTH) flatten(value as Record<string, unknown>, path, depth + 1, into);
    else into.set(path, value as FieldValue);
  }
}

const pair = /([A-Za-z_][\w.\-/]*)=("(?:[^"\\]|\\.)*"|[^\s"]*)(?=\s|$)/y;

/** `ts=1 level=info msg="two words"`: a line of mostly pairs, at least two. */
function logfmtFields(text: string): LineFields | undefined {
  if (!text.includes('=') || text.length > 65_536) return undefined;
  const fields = new Map<string, FieldValue>();
  let at = 0;
  let words = 0;
  while (at < text.length && fields.size < MOST_FIELDS) {
    if (text[at] === ' ' || text[at] === '\t') {
      at += 1;
      continue;
    }
    pair.lastIndex = at;
    const found = pair.exec(text);
    if (found?.[1] !== undefined) {
      fields.set(found[1], unquote(found[2] ?? ''));
      at = pair.lastIndex;
    } else {
      words += 1;
      const space = text.indexOf(' ', at);
      at = space < 0 ? text.length : space;
      if (words > 40) return undefined;
    }
  }
  return fields.size >= 2 && fields.size >= words ? fields : undefined;
}

function unquote(value: string): string {
  if (!value.startsWith('"')) return value;
  try {
    return String(JSON.parse(value));
  } catch {
    return value.slice(1, -1);
  }
}
