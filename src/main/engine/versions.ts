/**
 * The resourceVersion of each row: a number where it is one, else the text. Compared for
 * equality only. `set` answers false when the row already has this version (fault 20).
 */
import { Numbers } from './store';

export class Versions {
  private readonly numbers = new Numbers();
  private readonly odd = new Map<number, string>();

  get footprint(): number {
    return this.numbers.footprint + this.odd.size * 80;
  }

  set(row: number, resourceVersion: unknown): boolean {
    const text = typeof resourceVersion === 'string' ? resourceVersion : '';
    const n = Number(text);
    if (text !== '' && n <= Number.MAX_SAFE_INTEGER && String(n) === text) return this.setNumber(row, n);
    this.numbers.set(row, NaN);
    if (text !== '' && this.odd.get(row) === text) return false;
    this.odd.set(row, text);
    return true;
  }

  /** `set` of the version that stands in source[start..end). */
  setBytes(row: number, source: Buffer, start: number, end: number): boolean {
    let n = 0;
    let p = start;
    // Fifteen digits are always exact.
    while (p < end && p - start < 15 && source[p]! >= 0x30 && source[p]! <= 0x39)
      n = n * 10 + source[p++]! - 0x30;
    const isPlain = p === end && p > start && source[start] !== 0x30;
    return isPlain ? this.setNumber(row, n) : this.set(row, source.toString('utf8', start, end));
  }

  clear(row: number): void {
    this.numbers.set(row, NaN);
    this.odd.delete(row);
  }

  resize(capacity: number): void {
    this.numbers.resize(capacity);
  }

  /** Rows move down: row map[i] becomes i. */
  gather(map: Uint32Array): void {
    this.numbers.gather(map);
    const odd = new Map(this.odd);
    this.odd.clear();
    for (let i = 0; i < map.length; i++) {
      const version = odd.get(map[i]!);
      if (version !== undefined) this.odd.set(i, version);
    }
  }

  private setNumber(row: number, n: number): boolean {
    if (this.odd.size > 0) this.odd.delete(row);
    return this.numbers.set(row, n);
  }
}
