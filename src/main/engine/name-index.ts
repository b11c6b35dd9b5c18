/** Rows by name code: chains through two arrays, so that a name costs eight bytes. */
import { grow } from './dictionary';

export class NameIndex {
  /** row + 1 of the newest row with the name. */
  private head = new Uint32Array(16);
  /** row + 1 of the next row with the same name, by row. */
  private chain = new Uint32Array(0);

  get footprint(): number {
    return this.head.byteLength + this.chain.byteLength;
  }

  /** First row of a name, or -1. */
  first(code: number): number {
    return code < this.head.length ? this.head[code]! - 1 : -1;
  }

  next(row: number): number {
    return this.chain[row]! - 1;
  }

  add(code: number, row: number): void {
    if (code >= this.head.length) {
      const grown = new Uint32Array(grow(this.head.length, code + 1));
      grown.set(this.head);
      this.head = grown;
    }
    this.chain[row] = this.head[code]!;
    this.head[code] = row + 1;
  }

  remove(code: number, row: number): void {
    if (this.head[code] === row + 1) {
      this.head[code] = this.chain[row]!;
    } else {
      let before = this.head[code]! - 1;
      while (this.chain[before] !== row + 1) before = this.chain[before]! - 1;
      this.chain[before] = this.chain[row]!;
    }
    this.chain[row] = 0;
  }

  clear(): void {
    this.head = new Uint32Array(16);
    this.chain.fill(0);
  }

  resize(capacity: number): void {
    const resized = new Uint32Array(capacity);
    resized.set(this.chain.subarray(0, capacity));
    this.chain = resized;
  }
}
