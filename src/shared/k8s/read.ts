/**
 * Reading fields of objects whose shape nobody vouches for. Optional chaining covers what is
 * missing; these cover what is there but of another type. None of them throws.
 */
import type { Condition } from './types';

/** The elements of a list that are objects; none when it is no list. */
export function items<T extends object>(list: readonly T[] | null | undefined): readonly T[] {
  if (!Array.isArray(list)) return [];
  const typed = list as readonly T[];
  return typed.every(isObject) ? typed : typed.filter(isObject);
}

/** The strings of a list; none when it is no list. */
export function strings(list: readonly string[] | null | undefined): readonly string[] {
  return Array.isArray(list) ? (list as readonly unknown[]).filter((item) => typeof item === 'string') : [];
}

export function str(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A finite number, else undefined. */
export function num(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** A finite number, else 0: for counters the server leaves out when they are 0. */
export function count(value: unknown): number {
  return num(value) ?? 0;
}

/** Keys of a map; none when it is no map. */
export function keys(map: object | null | undefined): readonly string[] {
  return isObject(map) && !Array.isArray(map) ? Object.keys(map) : [];
}

/** Entries of a map whose values are strings. */
export function entries(map: object | null | undefined): readonly (readonly [string, string])[] {
  if (!isObject(map) || Array.isArray(map)) return [];
  return Object.entries(map).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
}

/** A map's own value; `constructor` and `__proto__` are keys like any other (fault 31). */
export function own(map: object | null | undefined, key: string): string {
  if (!isObject(map) || !Object.prototype.hasOwnProperty.call(map, key)) return '';
  return str((map as Readonly<Record<string, unknown>>)[key]);
}

export function condition(
  conditions: readonly Condition[] | null | undefined,
  type: string,
): Condition | undefined {
  if (!Array.isArray(conditions)) return undefined;
  for (const one of conditions as readonly (Condition | null)[]) if (one?.type === type) return one;
  return undefined;
}

export function isTrue(conditions: readonly Condition[] | null | undefined, type: string): boolean {
  return condition(conditions, type)?.status === 'True';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
