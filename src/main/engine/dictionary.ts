/**
 * Strings stored once, as bytes in one arena, named by small codes.
 * Guarantees: equal strings have equal codes; code 0 is the empty string; a code keeps
 * its meaning until `epoch` changes (compaction). Entries are counted by use; unused
 * ones are given back when `wasteful` says so and the owner calls `compact`.
 */
import { compareNatural, includesFolded } from './text';

const scratch = Buffer.allocUnsafeSlow(3 * 1024);

export class Dictionary {
  private bytes = Buffer.allocUnsafeSlow(256);
  /** offsets[code]..offsets[code + 1] are the bytes of a code. */
  private offsets = new Uint32Array(17);
  private uses: Uint8Array | Uint32Array = new Uint8Array(16);
  /** Open addressing; holds code + 1. */
  private slots = new Uint32Array(32);
  private count = 0;
  private unused = 0;
  private lastText = '';
  private lastCode = 0;
  /** The code `acquireBytes` gave last. */
  private lastBytes = 0;
  /** No ASCII capital in any entry: a search need not fold them. */
  private hasCapitals = false;
  /** Changes when codes get new meanings. */
  epoch = 0;

  constructor() {
    this.insert(scratch, 0, 0, this.hash(scratch, 0));
  }

  /** Codes are 0..size-1. */
  get size(): number {
    return this.count;
  }

  /** Bytes of memory held. */
  get footprint(): number {
    return this.bytes.length + 4 * (this.offsets.length + this.slots.length) + this.uses.byteLength;
  }

  /** Code of the text, counted as one more use. */
  acquire(text: string): number {
    return this.acquireCode(this.codeFor(text, true));
  }

  /** Code of the text whose UTF-8 is source[start..end), counted as one more use; makes no string. */
  acquireBytes(source: Buffer, start: number, end: number): number {
    const length = end - start;
    if (length === 0) return this.acquireCode(0);
    const { bytes, offsets, lastBytes } = this;
    // Neighbours tend to share a namespace, a node, an owner.
    const known = offsets[lastBytes]!;
    if (offsets[lastBytes + 1]! - known === length) {
      let i = 0;
      while (i < length && bytes[known + i] === source[start + i]) i++;
      if (i === length) return this.acquireCode(lastBytes);
    }
    let hash = 0x811c9dc5;
    let bits = 0;
    for (let p = start; p < end; p++) {
      const byte = source[p]!;
      bits |= byte;
      hash = Math.imul(hash ^ byte, 0x01000193);
    }
    // What is not valid UTF-8 must become the same words as anywhere else.
    if (bits >= 0x80) return this.acquire(source.toString('utf8', start, end));
    hash ^= hash >>> 15;
    hash = Math.imul(hash, 0x2c1b3c6d) >>> 0;
    const found = this.lookup(source, start, length, hash);
    const code = found < 0 ? this.insert(source, start, length, hash) : found;
    this.lastBytes = code;
    return this.acquireCode(code);
  }

  /**
   * Code of source[0..length), any bytes; never counted, so never given back. With `seen` (a power of
   * two of slots) -1 for one that may not have come before: it is stored when it comes again.
   */
  acquireKey(source: Buffer, length: number, seen?: Uint32Array): number {
    if (length === 0) return 0;
    const { bytes, offsets, lastBytes } = this;
    const known = offsets[lastBytes]!;
    if (offsets[lastBytes + 1]! - known === length) {
      if (source.compare(bytes, known, known + length, 0, length) === 0) return lastBytes;
    }
    const hash = this.hash(source, length);
    const found = this.lookup(source, 0, length, hash);
    if (found < 0 && seen !== undefined) {
      const slot = hash & (seen.length - 1);
      if (seen[slot] !== hash) {
        seen[slot] = hash;
        return -1;
      }
    }
    this.lastBytes = found < 0 ? this.insert(source, 0, length, hash) : found;
    return this.lastBytes;
  }

  /** One more use of a code got before in this epoch. */
  acquireCode(code: number): number {
    const before = this.uses[code]!;
    if (before === 0xff && this.uses.BYTES_PER_ELEMENT === 1) this.uses = Uint32Array.from(this.uses);
    this.uses[code] = before + 1;
    if (before === 0 && code !== 0) this.unused--;
    return code;
  }

  release(code: number): void {
    const before = this.uses[code]!;
    // The empty string is not counted down: cleared cells hold it without having asked.
    if (code === 0) return;
    this.uses[code] = before - 1;
    if (before === 1) this.unused++;
  }

  /** Code of a text that is already stored, or -1. */
  find(text: string): number {
    return this.codeFor(text, false);
  }

  /** How often a code is in use. */
  useCount(code: number): number {
    return this.uses[code] ?? 0;
  }

  get(code: number): string {
    if (code === 0) return '';
    return this.bytes.toString('utf8', this.offsets[code], this.offsets[code + 1]);
  }

  /** Raw access for searches: bytes of all entries, and where each begins. */
  raw(): { bytes: Uint8Array; offsets: Uint32Array } {
    return { bytes: this.bytes, offsets: this.offsets };
  }

  /**
   * Marks with 1 in `hits` the codes from `first` on whose text holds the needle (ASCII lower case;
   * case ignored). True when there is one.
   */
  search(needle: Buffer, hits: Uint8Array, first: number): boolean {
    const { bytes, offsets, count } = this;
    let found = false;
    if (this.hasCapitals || this.isFrequent(needle, first)) {
      for (let code = first; code < count; code++) {
        if (!includesFolded(bytes, offsets[code]!, offsets[code + 1]!, needle)) continue;
        hits[code] = 1;
        found = true;
      }
      return found;
    }
    // All entries at once, by the machine's own search: what lies across two entries is none.
    const end = offsets[count]!;
    const all = bytes.subarray(0, end);
    let code = first;
    for (let at = offsets[first]!; at < end; at = offsets[code]!) {
      at = all.indexOf(needle, at);
      if (at < 0) break;
      code = this.entryAt(at, code);
      if (at + needle.length <= offsets[code + 1]!) {
        hits[code] = 1;
        found = true;
      }
      code++;
      if (code >= count) break;
    }
    return found;
  }

  /** Most entries of a sample hold the needle: then looking into each is faster. */
  private isFrequent(needle: Buffer, first: number): boolean {
    const { bytes, offsets, count } = this;
    const step = Math.max(1, (count - first) >>> 6);
    let tried = 0;
    let found = 0;
    for (let code = first; code < count; code += step, tried++) {
      if (includesFolded(bytes, offsets[code]!, offsets[code + 1]!, needle)) found++;
    }
    return found * 4 > tried;
  }

  /** The entry that holds a byte, not before `code`. */
  private entryAt(at: number, code: number): number {
    const { offsets, count } = this;
    let step = 1;
    let low = code;
    while (low + step < count && offsets[low + step]! <= at) {
      low += step;
      step *= 2;
    }
    let high = Math.min(low + step, count);
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (offsets[middle]! <= at) low = middle;
      else high = middle;
    }
    return low;
  }

  /** Natural order of two codes of this dictionary. */
  compare(a: number, b: number): number {
    if (a === b) return 0;
    const { bytes, offsets } = this;
    return compareNatural(bytes, offsets[a]!, offsets[a + 1]!, bytes, offsets[b]!, offsets[b + 1]!);
  }

  /** More than half (and more than a little) is not used any more. */
  get wasteful(): boolean {
    return this.unused > 4096 && this.unused > this.count / 2;
  }

  /** Drops unused entries; returns old code -> new code. Order of the codes stays. */
  compact(): Uint32Array {
    const map = new Uint32Array(this.count);
    const { bytes, offsets, uses, count } = this;
    this.bytes = Buffer.allocUnsafeSlow(256);
    this.offsets = new Uint32Array(17);
    this.uses = new Uint8Array(16);
    this.slots = new Uint32Array(32);
    this.count = 0;
    this.unused = 0;
    this.lastText = '';
    this.lastCode = 0;
    this.lastBytes = 0;
    this.epoch++;
    for (let code = 0; code < count; code++) {
      if (code !== 0 && uses[code] === 0) continue;
      const entry = bytes.subarray(offsets[code], offsets[code + 1]);
      const next = this.insert(entry, 0, entry.length, this.hash(entry, entry.length));
      if (uses[code]! > 0xff && this.uses.BYTES_PER_ELEMENT === 1) this.uses = Uint32Array.from(this.uses);
      this.uses[next] = uses[code]!;
      if (next !== 0) this.unused--;
      map[code] = next;
    }
    return map;
  }

  private codeFor(text: string, add: boolean): number {
    if (text === '') return 0;
    if (text === this.lastText) return this.lastCode;
    let source: Buffer = scratch;
    let length = text.length;
    if (length * 3 > scratch.length) {
      source = Buffer.from(text, 'utf8');
      length = source.length;
    } else {
      let i = 0;
      for (; i < length; i++) {
        const c = text.charCodeAt(i);
        if (c >= 0x80) break;
        scratch[i] = c;
      }
      if (i < length) length = scratch.write(text, 'utf8');
    }
    const hash = this.hash(source, length);
    const found = this.lookup(source, 0, length, hash);
    if (found < 0 && !add) return -1;
    const code = found < 0 ? this.insert(source, 0, length, hash) : found;
    this.lastText = text;
    this.lastCode = code;
    return code;
  }

  private hash(source: Uint8Array, length: number): number {
    let h = 0x811c9dc5;
    for (let i = 0; i < length; i++) h = Math.imul(h ^ source[i]!, 0x01000193);
    h ^= h >>> 15;
    return Math.imul(h, 0x2c1b3c6d) >>> 0;
  }

  private lookup(source: Uint8Array, from: number, length: number, hash: number): number {
    const { slots, offsets, bytes } = this;
    const mask = slots.length - 1;
    next: for (let s = hash & mask; ; s = (s + 1) & mask) {
      const code = slots[s]! - 1;
      if (code < 0) return -1;
      const start = offsets[code]!;
      if (offsets[code + 1]! - start !== length) continue;
      for (let i = 0; i < length; i++) if (bytes[start + i] !== source[from + i]) continue next;
      return code;
    }
  }

  private insert(source: Uint8Array, from: number, length: number, hash: number): number {
    const code = this.count++;
    const start = this.offsets[code]!;
    if (start + length > this.bytes.length) {
      const grown = Buffer.allocUnsafeSlow(grow(this.bytes.length, start + length));
      this.bytes.copy(grown, 0, 0, start);
      this.bytes = grown;
    }
    for (let i = 0; i < length; i++) {
      const byte = source[from + i]!;
      this.bytes[start + i] = byte;
      if (byte <= 0x5a && byte >= 0x41) this.hasCapitals = true;
    }
    if (this.count + 1 > this.offsets.length) {
      this.offsets = resized(this.offsets, grow(this.offsets.length, this.count + 1));
      const uses =
        this.uses.BYTES_PER_ELEMENT === 1
          ? new Uint8Array(this.offsets.length - 1)
          : new Uint32Array(this.offsets.length - 1);
      uses.set(this.uses);
      this.uses = uses;
    }
    this.offsets[code + 1] = start + length;
    if (code !== 0) this.unused++;
    if (this.count * 3 > this.slots.length * 2) this.rehash();
    else this.place(hash, code);
    return code;
  }

  private place(hash: number, code: number): void {
    const { slots } = this;
    const mask = slots.length - 1;
    let s = hash & mask;
    while (slots[s] !== 0) s = (s + 1) & mask;
    slots[s] = code + 1;
  }

  private rehash(): void {
    this.slots = new Uint32Array(this.slots.length * 2);
    for (let code = 0; code < this.count; code++) {
      const start = this.offsets[code]!;
      const length = this.offsets[code + 1]! - start;
      this.place(this.hash(this.bytes.subarray(start, start + length), length), code);
    }
  }
}

/** Doubles while small, adds a quarter when large: memory a row matters more there. */
export function grow(current: number, needed: number): number {
  return Math.max(needed, current < 32_768 ? current * 2 : Math.ceil(current * 1.25));
}

function resized(from: Uint32Array, length: number): Uint32Array<ArrayBuffer> {
  const to = new Uint32Array(length);
  to.set(from);
  return to;
}
