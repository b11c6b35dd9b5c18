/**
 * Values as YAML text that kubectl and every other reader take for the same value. A text is
 * written plain only where no YAML version could read anything else into it.
 */
import { Scalar } from 'yaml';
import { isObject } from './entry-shape';

const words = /^(y|n|yes|no|on|off|true|false|null|nan|inf)$/i;
const safe = /^(?:--?)?[A-Za-z_/][\w./@+=-]*$/;
const safeInBlock = /^(?:--?)?[A-Za-z_/](?:[\w./@+=-]|:(?=[\w./@]))*$/;

/** `like`: how the value that is replaced was written; `flow`: inside [] or {}. */
export function textOf(value: string, like: Scalar.Type | undefined, flow: boolean): string {
  if (like === Scalar.QUOTE_DOUBLE) return quoted(value);
  // A quote mark or a control character is safer escaped.
  if (like === Scalar.QUOTE_SINGLE && /^[\x20-\x26\x28-\x7e]*$/.test(value)) return `'${value}'`;
  return (flow ? safe : safeInBlock).test(value) && !words.test(value) ? value : quoted(value);
}

function quoted(value: string): string {
  return JSON.stringify(value).replace(
    /[\x7f-\x9f\u2028\u2029\ufeff\u202a-\u202e\u2066-\u2069]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Lines of a block: maps two spaces in, lists level with their key, as kubectl writes them. */
export function blockLines(value: unknown, indent: string): string[] {
  if (isObject(value) && Object.keys(value).length > 0)
    return Object.entries(value).flatMap(([key, one]) => {
      const head = `${indent}${textOf(key, undefined, false)}:`;
      if (isObject(one) && Object.keys(one).length > 0) return [head, ...blockLines(one, `${indent}  `)];
      if (Array.isArray(one) && one.length > 0) return [head, ...itemLines(one, indent)];
      return [`${head} ${inline(one)}`];
    });
  return [indent + inline(value)];
}

/** The items of a block list, each with its dash at `indent`. */
export function itemLines(items: readonly unknown[], indent: string): string[] {
  return items.flatMap((item) => {
    const [first = '', ...rest] = blockLines(item, `${indent}  `);
    return [`${indent}- ${first.slice(indent.length + 2)}`, ...rest];
  });
}

function inline(value: unknown): string {
  if (typeof value === 'string') return textOf(value, undefined, false);
  return JSON.stringify(value) ?? 'null';
}
