/**
 * uid -> row without a string a row: canonical UUIDs are kept as 16 bytes in an
 * open-addressing table, anything else in a small Map. `uid(row)` gives the text back.
 */
import { grow } from './dictionary';

const HEX = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'));
const nibble = new Int8Array(128).fill(-1);
for (let i = 0; i < 16; i++) nibble['0123456789abcdef'.charCodeAt(i)] = i;

/** The last UUID parsed. */
const words = new Uint32Array(4);

/** Parses a lower-case canonical UUID into `words`; false for anything else, the zero UUID too. */
function parseUuid(uid: string): boolean {
  if (uid.length !== 36) return false;
  let at = 0;
  for (let w = 0; w < 4; w++) {
    let value = 0;
    for (let n = 0; n < 8; n++) {
      if (at === 8 || at === 13 || at === 18 || at === 23) {
        if (uid.charCodeAt(at) !== 0x2d) return false;
        at++;
      }
      const c = uid.charCodeAt(at++);
      const digit = c < 128 ? nibble[c]! : -1;
      if (digit < 0) return false;
      value = (value << 4) | digit;
    }
    words[w] = value >>> 0;
  }
  return (words[0]! | words[1]! | words[2]! | words[3]!) !== 0;
}

/** `parseUuid` of source[start..end). */
function parseUuidBytes(source: Uint8Array, start: number, end: number): boolean {
  if (end - start !== 36) return false;
  if (source[start + 8] !== 0x2d || source[start + 13] !== 0x2d) return false;
  if (source[start + 18] !== 0x2d || source[start + 23] !== 0x2d) return false;
  let at = start;
  let all = 0;
  for (let w = 0; w < 4; w++) {
    let value = 0;
    for (let n = 0; n < 8; n++) {
      if (
        source[at] === 0x2d &&
        (at - start === 8 || at - start === 13 || at - start === 18 || at - start === 23)
      )
        at++;
      const c = source[at++]!;
      const digit = c < 128 ? nibble[c]! : -1;
      if (digit < 0) return false;
      value = (value << 4) | digit;
    }
    words[w] = value >>> 0;
    all |= value;
  }
  return all !== 0;
}

export class UidIndex {
  /** Four words a row; all zero where the uid is in `odd`. */
  private ids = new Uint32Array(4 * 16);
  private slots = new Uint32Array(32);
  private filled = 0;
  private lastIsUuid = false;
  private readonly odd = new Map<string, number>();
  private readonly oddByRow = new Map<number, string>();

  get footprint(): number {
    return 4 * (this.ids.length + this.slots.length) + 160 * this.odd.size;
  }

  find(uid: string): number {
    if (!parseUuid(uid)) return this.odd.get(uid) ?? -1;
    return this.findWords();
  }

  /** `find` of the uid that stands in source[start..end). */
  findBytes(source: Buffer, start: number, end: number): number {
    this.lastIsUuid = parseUuidBytes(source, start, end);
    if (!this.lastIsUuid) return this.odd.get(source.toString('utf8', start, end)) ?? -1;
    return this.findWords();
  }

  private findWords(): number {
    const { slots, ids } = this;
    const mask = slots.length - 1;
    const w0 = words[0]!;
    const w1 = words[1]!;
    const w2 = words[2]!;
    const w3 = words[3]!;
    for (let s = hash4(w0, w1, w2, w3) & mask; ; s = (s + 1) & mask) {
      const entry = slots[s]!;
      if (entry === 0) return -1;
      if (entry === TOMB) continue;
      const at = (entry - 1) * 4;
      if (ids[at] === w0 && ids[at + 1] === w1 && ids[at + 2] === w2 && ids[at + 3] === w3) return entry - 1;
    }
  }

  set(uid: string, row: number): void {
    this.room(row);
    if (parseUuid(uid)) this.setWords(row);
    else this.setOdd(uid, row);
  }

  /** `set` of the uid `findBytes` was asked for last, with nothing asked in between. */
  setFound(source: Buffer, start: number, end: number, row: number): void {
    this.room(row);
    if (this.lastIsUuid) this.setWords(row);
    else this.setOdd(source.toString('utf8', start, end), row);
  }

  private room(row: number): void {
    if (row * 4 + 4 <= this.ids.length) return;
    const grown = new Uint32Array(grow(this.ids.length, row * 4 + 4));
    grown.set(this.ids);
    this.ids = grown;
  }

  private setOdd(uid: string, row: number): void {
    this.odd.set(uid, row);
    this.oddByRow.set(row, uid);
    this.ids.fill(0, row * 4, row * 4 + 4);
  }

  private setWords(row: number): void {
    const { ids } = this;
    for (let w = 0; w < 4; w++) ids[row * 4 + w] = words[w]!;
    if ((this.filled + 1) * 3 > this.slots.length * 2) this.rehash();
    const { slots } = this;
    const mask = slots.length - 1;
    let s = this.hashOf(row) & mask;
    while (slots[s] !== 0 && slots[s] !== TOMB) s = (s + 1) & mask;
    if (slots[s] === 0) this.filled++;
    slots[s] = row + 1;
  }

  delete(row: number): void {
    const uid = this.oddByRow.get(row);
    if (uid !== undefined) {
      this.oddByRow.delete(row);
      this.odd.delete(uid);
      return;
    }
    const { slots } = this;
    const mask = slots.length - 1;
    for (let s = this.hashOf(row) & mask; slots[s] !== 0; s = (s + 1) & mask) {
      if (slots[s] === row + 1) {
        slots[s] = TOMB;
        break;
      }
    }
    this.ids.fill(0, row * 4, row * 4 + 4);
  }

  uid(row: number): string {
    const odd = this.oddByRow.get(row);
    if (odd !== undefined) return odd;
    let text = '';
    for (let w = 0; w < 4; w++) {
      const word = this.ids[row * 4 + w]!;
      if (w === 1) text += '-';
      text += HEX[word >>> 24]! + HEX[(word >>> 16) & 255]!;
      if (w === 1 || w === 2) text += '-';
      text += HEX[(word >>> 8) & 255]! + HEX[word & 255]!;
      if (w === 1) text += '-';
    }
    return text;
  }

  private hashOf(row: number): number {
    const { ids } = this;
    return hash4(ids[row * 4]!, ids[row * 4 + 1]!, ids[row * 4 + 2]!, ids[row * 4 + 3]!);
  }

  /** Also sweeps the tombs of the hash table. */
  private rehash(): void {
    const old = this.slots;
    let live = 0;
    for (const entry of old) if (entry !== 0 && entry !== TOMB) live++;
    let size = 32;
    while (size < live * 2 + 2) size *= 2;
    this.slots = new Uint32Array(size);
    this.filled = live;
    for (const entry of old) {
      if (entry === 0 || entry === TOMB) continue;
      let s = this.hashOf(entry - 1) & (size - 1);
      while (this.slots[s] !== 0) s = (s + 1) & (size - 1);
      this.slots[s] = entry;
    }
  }
}

const TOMB = 0xffffffff;

function hash4(a: number, b: number, c: number, d: number): number {
  let h = Math.imul(a ^ (b >>> 7), 0x9e3779b1) ^ Math.imul(c, 0x85ebca6b) ^ Math.imul(d ^ b, 0xc2b2ae35);
  h ^= h >>> 15;
  return h >>> 0;
}
