/**
 * The difference of two values, field by field. Lists of named things (containers, ports,
 * volumes) are matched by name, so that an inserted container is one change and not many.
 */
import { line } from './read';
import type { Change } from './types';

const MOST = 500;

/** Paths like `spec.containers[web].image`; at most 500 changes. */
export function fieldChanges(before: unknown, after: unknown, path: string): readonly Change[] {
  const out: Change[] = [];
  walk(before, after, path, out);
  return out;
}

function walk(before: unknown, after: unknown, path: string, out: Change[]): void {
  if (out.length >= MOST || before === after) return;
  if (isMap(before) && isMap(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      walk(
        value(before, key),
        value(after, key),
        /^[A-Za-z_]\w*$/.test(key) ? `${path}.${key}` : `${path}[${key}]`,
        out,
      );
    }
    return;
  }
  const [left, right] = [named(before), named(after)];
  if (left && right) {
    for (const key of new Set([...left.keys(), ...right.keys()])) {
      walk(left.get(key), right.get(key), `${path}[${key}]`, out);
    }
    return;
  }
  // An empty map or list and none are the same to the server.
  if (isEmpty(before) && isEmpty(after)) return;
  if (JSON.stringify(before) !== JSON.stringify(after))
    out.push({ path, before: line(before), after: line(after) });
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function value(of: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(of, key) ? of[key] : undefined;
}

/** Elements by name; undefined when it is no list of things with names of their own. */
function named(list: unknown): ReadonlyMap<string, unknown> | undefined {
  if (list === undefined || list === null) return new Map();
  if (!Array.isArray(list)) return undefined;
  const out = new Map<string, unknown>();
  for (const one of list as readonly unknown[]) {
    const name = isMap(one) ? one['name'] : undefined;
    if (typeof name !== 'string' || out.has(name)) return undefined;
    out.set(name, one);
  }
  return out;
}
