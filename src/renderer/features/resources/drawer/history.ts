/** Versions of objects seen while they were open, newest last. Bounded; gone with the window. Secrets hold no values. */
import type { PlainObject } from './facts';
import { field } from './facts';

export interface Seen {
  readonly at: number;
  readonly version: string;
  readonly object: PlainObject;
}

const MOST_OBJECTS = 40;
const MOST_VERSIONS = 50;
const seen = new Map<string, Seen[]>();

/** Keeps a version; the same one again changes nothing. True: it is another one than was kept before. */
export function keepVersion(key: string, object: PlainObject): boolean {
  const version = field(object, 'metadata', 'resourceVersion');
  if (typeof version !== 'string') return false;
  const list = seen.get(key) ?? [];
  if (list[list.length - 1]?.version === version) return false;
  list.push({ at: Date.now(), version, object });
  if (list.length > MOST_VERSIONS) list.shift();
  seen.delete(key);
  seen.set(key, list);
  const oldest = seen.keys().next();
  if (seen.size > MOST_OBJECTS && oldest.done !== true) seen.delete(oldest.value);
  return list.length > 1;
}

export function versionsOf(key: string): readonly Seen[] {
  return seen.get(key) ?? [];
}
