/**
 * A cursor over JSON bytes that materialises only what a mask names.
 * Guarantees: reads never pass `end` (zero bytes behind it stop every loop); what is
 * skipped is checked for structure only; keys such as `__proto__` become own properties
 * of objects without a prototype chain; duplicate keys: the last wins.
 * Throws INCOMPLETE when the bytes end inside a value, a Malformed otherwise.
 */
import { findField, keysNode, type MaskNode } from './mask';

/** Zero bytes that must follow the last byte of the buffer. */
export const SENTINELS = 16;

const MAX_DEPTH = 500;
const INTERN_SLOTS = 8192;
const INTERN_MAX = 48;

export class Malformed extends Error {}
/** One object for all throws: hitting the end of a chunk is ordinary. */
export const INCOMPLETE = new Error('The JSON ends inside a value.');

/** Objects with the speed of plain ones but nothing to inherit: `labels.constructor` is undefined. */
const Bare = function (): void {} as unknown as { new (): Record<string, unknown>; prototype: object };
Bare.prototype = Object.create(null) as object;

/** Node's own slices: `toString(encoding)` without the look-up of the encoding. */
interface RawBuffer extends Buffer {
  latin1Slice(start: number, end: number): string;
  utf8Slice(start: number, end: number): string;
}

/** 1 for the bytes that end the fast walk through a string: quote, backslash, sentinel. */
const stops = new Uint8Array(256);
stops[0x22] = stops[0x5c] = stops[0x00] = 1;

export class Scanner {
  buf: RawBuffer;
  pos = 0;
  /** Bytes at and after it do not count. */
  end = 0;
  private readonly interned: string[] = new Array<string>(INTERN_SLOTS).fill('');

  constructor(capacity: number) {
    this.buf = Buffer.allocUnsafeSlow(capacity + SENTINELS) as RawBuffer;
  }

  /** Appends bytes behind `end`; what lies before the cursor is dropped when room is short. */
  append(chunk: Uint8Array, from = 0, to = chunk.length): void {
    const length = to - from;
    if (this.end + length + SENTINELS > this.buf.length) this.makeRoom(length);
    this.buf.set(from === 0 && to === chunk.length ? chunk : chunk.subarray(from, to), this.end);
    this.end += length;
    this.buf.fill(0, this.end, this.end + SENTINELS);
  }

  private makeRoom(length: number): void {
    const kept = this.end - this.pos;
    const needed = kept + length + SENTINELS;
    const old = this.buf;
    if (needed > old.length) {
      this.buf = Buffer.allocUnsafeSlow(Math.max(needed, Math.min(needed * 2, old.length * 2))) as RawBuffer;
    }
    old.copy(this.buf, 0, this.pos, this.end);
    this.pos = 0;
    this.end = kept;
  }

  /** Next byte that is not white space; stays on it. */
  peek(): number {
    const { buf } = this;
    let p = this.pos;
    let c = buf[p]!;
    while (c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09) c = buf[++p]!;
    this.pos = p;
    if (p >= this.end) throw INCOMPLETE;
    return c;
  }

  /** True at the end of the bytes, white space apart. */
  atEnd(): boolean {
    const { buf } = this;
    let p = this.pos;
    while (p < this.end && buf[p]! <= 0x20 && buf[p] !== 0) p++;
    this.pos = p;
    return p >= this.end;
  }

  expect(byte: number): void {
    const c = this.peek();
    if (c !== byte) throw this.bad(`expected ${String.fromCharCode(byte)}, got byte ${c}`);
    this.pos++;
  }

  bad(what: string): Malformed {
    return new Malformed(`not valid JSON: ${what} at byte ${this.pos}`);
  }

  /** Reads a key and its colon; leaves the cursor before the value. */
  key(): string {
    if (this.peek() !== 0x22) throw this.bad('expected a key');
    const key = this.string();
    this.expect(0x3a);
    return key;
  }

  value(node: MaskNode | null, depth = 0): unknown {
    const c = this.peek();
    switch (c) {
      case 0x22:
        return this.string();
      case 0x7b:
        if (depth > MAX_DEPTH) throw this.bad('nested too deeply');
        return node === null ? this.wholeObject(depth) : this.maskedObject(node, depth);
      case 0x5b:
        if (depth > MAX_DEPTH) throw this.bad('nested too deeply');
        return this.array(node, depth);
      case 0x74:
        return this.word('true', true);
      case 0x66:
        return this.word('false', false);
      case 0x6e:
        return this.word('null', null);
      default:
        return this.number(c);
    }
  }

  /** Walks over one value; containers are only counted, strings only ended. */
  skip(): void {
    const c = this.peek();
    const { buf, end } = this;
    let p = this.pos;
    if (c === 0x22) {
      p++;
      for (;;) {
        const d = buf[p++]!;
        if (stops[d] === 0) continue;
        if (d === 0x22) break;
        if (d === 0x5c) p++;
        else if (p > end) throw INCOMPLETE;
      }
    } else if (c === 0x7b || c === 0x5b) {
      p++;
      let depth = 1;
      for (;;) {
        const d = buf[p++]!;
        if (d === 0x22) {
          let e = buf[p++]!;
          for (;;) {
            while (stops[e] === 0) e = buf[p++]!;
            if (e === 0x22) break;
            if (e === 0x5c) p++;
            else if (p > end) throw INCOMPLETE;
            e = buf[p++]!;
          }
        } else if (d === 0x7d || d === 0x5d) {
          if (--depth === 0) break;
        } else if (d === 0x7b || d === 0x5b) {
          depth++;
        } else if (d === 0 && p > end) {
          throw INCOMPLETE;
        }
      }
    } else {
      const start = p;
      for (let d = c; d > 0x20 && d !== 0x2c && d !== 0x7d && d !== 0x5d;) d = buf[++p]!;
      if (p >= end) throw INCOMPLETE;
      if (p === start) throw this.bad('expected a value');
    }
    if (p > end) throw INCOMPLETE;
    this.pos = p;
  }

  private maskedObject(node: MaskNode, depth: number): Record<string, unknown> {
    const out = new Bare();
    const { buf } = this;
    this.pos++;
    if (this.peek() === 0x7d) {
      this.pos++;
      return out;
    }
    for (;;) {
      if (buf[this.pos] !== 0x22 && this.peek() !== 0x22) throw this.bad('expected a key');
      const start = this.pos + 1;
      let p = start;
      while (stops[buf[p]!] === 0) p++;
      let field;
      if (buf[p] === 0x22) {
        field = findField(node, buf, start, p);
        this.pos = p + 1;
      } else {
        // An escape in a key is legal, if nobody sane writes it.
        field = node.byName.get(this.string());
      }
      if (buf[this.pos] === 0x3a) this.pos++;
      else this.expect(0x3a);
      if (field === undefined) this.skip();
      else if (field.node === keysNode) out[field.name] = this.keysOnly();
      else out[field.name] = this.value(field.node, depth + 1);
      if (this.closed(0x7d)) return out;
    }
  }

  /** The keys of a map with null values: the values are walked over and never become text. */
  private keysOnly(): Record<string, null> | null {
    if (this.peek() !== 0x7b) {
      this.skip();
      return null;
    }
    const out = new Bare() as Record<string, null>;
    this.pos++;
    if (this.peek() === 0x7d) {
      this.pos++;
      return out;
    }
    for (;;) {
      const key = this.key();
      this.skip();
      out[key] = null;
      if (this.closed(0x7d)) return out;
    }
  }

  private wholeObject(depth: number): Record<string, unknown> {
    const out = new Bare();
    this.pos++;
    if (this.peek() === 0x7d) {
      this.pos++;
      return out;
    }
    for (;;) {
      const key = this.key();
      out[key] = this.value(null, depth + 1);
      if (this.closed(0x7d)) return out;
    }
  }

  private array(node: MaskNode | null, depth: number): unknown[] {
    const out: unknown[] = [];
    this.pos++;
    if (this.peek() === 0x5d) {
      this.pos++;
      return out;
    }
    for (;;) {
      out.push(this.value(node, depth + 1));
      if (this.closed(0x5d)) return out;
    }
  }

  /** After an element: true past the closing byte, false past a comma (and before the next element). */
  private closed(close: number): boolean {
    let c = this.buf[this.pos]!;
    if (c !== 0x2c && c !== close) c = this.peek();
    if (c === 0x2c) {
      this.pos++;
      if (this.peek() === close) throw this.bad('a comma before the end');
      return false;
    }
    if (c !== close) throw this.bad('expected a comma or the end');
    this.pos++;
    return true;
  }

  /** The cursor is on the opening quote. */
  string(): string {
    const { buf } = this;
    const start = this.pos + 1;
    let p = start;
    let hash = 7;
    let bits = 0;
    let c = buf[p]!;
    while (stops[c] === 0) {
      hash = (Math.imul(hash, 31) + c) | 0;
      bits |= c;
      c = buf[++p]!;
    }
    if (c === 0x22) {
      this.pos = p + 1;
      if (bits >= 0x80) return buf.utf8Slice(start, p);
      const length = p - start;
      if (length > INTERN_MAX) return buf.latin1Slice(start, p);
      const slot = (hash ^ (hash >>> 13)) & (INTERN_SLOTS - 1);
      const known = this.interned[slot]!;
      if (known.length === length) {
        let i = 0;
        while (i < length && known.charCodeAt(i) === buf[start + i]) i++;
        if (i === length) return known;
      }
      return (this.interned[slot] = buf.latin1Slice(start, p));
    }
    // Escapes (or the end of the bytes): find the end, let JSON.parse do the rest.
    for (;;) {
      if (c === 0x22) break;
      if (c === 0x5c) p += 2;
      else if (c === 0 && p >= this.end) throw INCOMPLETE;
      else p++;
      c = buf[p]!;
    }
    if (p >= this.end) throw INCOMPLETE;
    this.pos = p + 1;
    try {
      return JSON.parse(buf.utf8Slice(start - 1, p + 1)) as string;
    } catch {
      throw this.bad('a string with a wrong escape or a raw control character');
    }
  }

  private number(first: number): number {
    const { buf } = this;
    const start = this.pos;
    let p = start;
    let c = first;
    const negative = c === 0x2d;
    if (negative) c = buf[++p]!;
    const digits = p;
    let n = 0;
    while (c >= 0x30 && c <= 0x39) {
      n = n * 10 + (c - 0x30);
      c = buf[++p]!;
    }
    const count = p - digits;
    const plain = c === 0x2c || c === 0x7d || c === 0x5d;
    if (plain && count > 0 && count < 16 && (count === 1 || buf[digits] !== 0x30)) {
      this.pos = p;
      return negative ? -n : n;
    }
    while (c > 0x20 && c !== 0x2c && c !== 0x7d && c !== 0x5d && c < 0x80) c = buf[++p]!;
    if (p >= this.end) throw INCOMPLETE;
    const text = buf.latin1Slice(start, p);
    if (!/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text)) throw this.bad('expected a value');
    this.pos = p;
    return Number(text);
  }

  private word<T>(word: string, value: T): T {
    const { buf, pos } = this;
    for (let i = 1; i < word.length; i++) {
      if (buf[pos + i] !== word.charCodeAt(i)) {
        if (pos + i >= this.end) throw INCOMPLETE;
        throw this.bad(`expected ${word}`);
      }
    }
    this.pos = pos + word.length;
    return value;
  }
}
