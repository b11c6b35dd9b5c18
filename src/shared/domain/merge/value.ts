/**
 * Plain JSON values as the merge sees them. Guarantees: nothing here changes its input;
 * keys such as `__proto__` are keys like any other (only own properties are read, and
 * results are built with defined properties).
 */

export type Json = unknown;
export type JsonMap = Readonly<Record<string, unknown>>;

export function isMap(value: unknown): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An own property, else undefined. */
export function get(map: JsonMap, key: string): unknown {
  return Object.prototype.hasOwnProperty.call(map, key) ? map[key] : undefined;
}

export function mapOf(entries: Iterable<readonly [string, unknown]>): Record<string, unknown> {
  return Object.fromEntries(entries);
}

/** Deep equality; the order of a map's keys does not count, a key of `undefined` is an absent one. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((value, at) => same(value, b[at]));
  }
  if (!isMap(a) || !isMap(b)) return Number.isNaN(a) && Number.isNaN(b);
  for (const key of Object.keys(a)) if (!same(a[key], get(b, key))) return false;
  for (const key of Object.keys(b)) if (b[key] !== undefined && get(a, key) === undefined) return false;
  return true;
}
