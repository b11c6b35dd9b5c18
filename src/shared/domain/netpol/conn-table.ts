/**
 * Connection sets by number, each set once: the algebra on numbers is a look-up after the
 * first time, and a matrix of half a million cells is one typed array. Id 0 is nothing,
 * id 1 everything. Sets are never dropped; a model owns one table.
 */
import { ALL, NONE, connKey, intersectConn, subtractConn, unionConn, type ConnSet } from './ports';

export const NOTHING = 0;
export const EVERYTHING = 1;

export class ConnTable {
  readonly #sets: ConnSet[] = [];
  readonly #ids = new Map<string, number>();
  readonly #unions = new Map<number, number>();
  readonly #intersections = new Map<number, number>();
  readonly #differences = new Map<number, number>();

  constructor() {
    this.id(NONE);
    this.id(ALL);
  }

  id(set: ConnSet): number {
    const key = connKey(set);
    let id = this.#ids.get(key);
    if (id === undefined) {
      id = this.#sets.length;
      this.#sets.push(set);
      this.#ids.set(key, id);
    }
    return id;
  }

  get(id: number): ConnSet {
    return this.#sets[id] ?? NONE;
  }

  union(a: number, b: number): number {
    if (a === b || b === NOTHING || a === EVERYTHING) return a;
    if (a === NOTHING || b === EVERYTHING) return b;
    return this.#memo(this.#unions, Math.min(a, b), Math.max(a, b), unionConn);
  }

  intersect(a: number, b: number): number {
    if (a === b || a === NOTHING || b === EVERYTHING) return a;
    if (b === NOTHING || a === EVERYTHING) return b;
    return this.#memo(this.#intersections, Math.min(a, b), Math.max(a, b), intersectConn);
  }

  subtract(a: number, b: number): number {
    if (a === b || a === NOTHING || b === EVERYTHING) return NOTHING;
    if (b === NOTHING) return a;
    return this.#memo(this.#differences, a, b, subtractConn);
  }

  #memo(
    table: Map<number, number>,
    a: number,
    b: number,
    combine: (a: ConnSet, b: ConnSet) => ConnSet,
  ): number {
    const key = a * 0x4000000 + b;
    let id = table.get(key);
    if (id === undefined) {
      id = this.id(combine(this.get(a), this.get(b)));
      table.set(key, id);
    }
    return id;
  }
}
