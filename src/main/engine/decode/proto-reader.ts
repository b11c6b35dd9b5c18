/**
 * Walks protobuf wire bytes and builds what a mask names, in the shape of the JSON form.
 * Guarantees: reads stay inside the given range, unknown fields and groups are skipped or
 * refused, nothing loops. Throws Malformed for anything that is not the wire format.
 */
import { keysNode, type MaskNode } from './mask';
import { Malformed } from './scanner';
import type { Field, Message } from './proto-schema';

const INTERN_SLOTS = 8192;
const INTERN_MAX = 48;

const Bare = function (): void {} as unknown as { new (): Record<string, unknown>; prototype: object };
Bare.prototype = Object.create(null) as object;

interface RawBuffer extends Buffer {
  latin1Slice(start: number, end: number): string;
  utf8Slice(start: number, end: number): string;
}

interface Step {
  readonly name: string;
  readonly type: Field['type'];
  readonly repeated: boolean;
  readonly omitEmpty: boolean;
  readonly keysOnly: boolean;
  /** For maps: the wanted keys, or null for all. */
  readonly keys: ReadonlySet<string> | null;
  readonly plan: Plan;
}

/** Wanted fields by number; undefined ones are skipped. */
export type Plan = readonly (Step | undefined)[];

/** A schema cut down to a mask (null: everything the schema knows). */
export function planOf(schema: Message, node: MaskNode | null): Plan {
  const plan: (Step | undefined)[] = [];
  for (const [number, field] of Object.entries(schema)) {
    const wanted = node === null ? { node: null } : node.byName.get(field.name);
    if (wanted === undefined) continue;
    const n = Number(number);
    while (plan.length <= n) plan.push(undefined);
    const sub = wanted.node;
    plan[n] = {
      name: field.name,
      type: field.type,
      repeated: field.repeated,
      omitEmpty: field.omitEmpty,
      keysOnly: sub === keysNode,
      keys: sub === null || sub === keysNode ? null : new Set(sub.byName.keys()),
      plan: typeof field.type === 'object' ? planOf(field.type, sub) : [],
    };
  }
  return plan;
}

export class ProtoReader {
  buf: RawBuffer = Buffer.alloc(0) as unknown as RawBuffer;
  pos = 0;
  private readonly interned: string[] = new Array<string>(INTERN_SLOTS).fill('');

  use(buf: Buffer): void {
    this.buf = buf as RawBuffer;
  }

  bad(what: string): Malformed {
    return new Malformed(`not valid protobuf: ${what} at byte ${this.pos}`);
  }

  /** Up to 2^53 exactly; beyond that rounded, as JSON numbers are. */
  varint(end: number): number {
    const { buf } = this;
    let p = this.pos;
    if (p >= end) throw this.bad('cut in a number');
    let b = buf[p++]!;
    if (b < 0x80) {
      this.pos = p;
      return b;
    }
    let value = b & 0x7f;
    let scale = 128;
    for (let i = 1; i < 10; i++) {
      if (p >= end) throw this.bad('cut in a number');
      b = buf[p++]!;
      value += (b & 0x7f) * scale;
      if (b < 0x80) {
        this.pos = p;
        // Ten bytes: a negative number in two's complement.
        return i === 9 ? this.signed(p - 10) : value;
      }
      scale *= 128;
    }
    throw this.bad('a number without end');
  }

  private signed(at: number): number {
    let value = 0n;
    for (let i = 0; i < 10; i++) value |= BigInt(this.buf[at + i]! & 0x7f) << BigInt(7 * i);
    return Number(BigInt.asIntN(64, value));
  }

  /** Length of a length-delimited field, checked against the end. */
  length(end: number): number {
    const length = this.varint(end);
    if (length > end - this.pos) throw this.bad('a field longer than its message');
    return length;
  }

  skip(wire: number, end: number): void {
    if (wire === 0) this.varint(end);
    else if (wire === 2) {
      const length = this.length(end);
      this.pos += length;
    } else if (wire === 5 || wire === 1) {
      this.pos += wire === 5 ? 4 : 8;
      if (this.pos > end) throw this.bad('cut in a number');
    } else throw this.bad(`wire type ${wire}`);
  }

  message(plan: Plan, end: number): Record<string, unknown> {
    const out = new Bare();
    while (this.pos < end) {
      const tag = this.varint(end);
      const wire = tag & 7;
      const number = tag >>> 3;
      const step = number < plan.length ? plan[number] : undefined;
      if (step === undefined) {
        this.skip(wire, end);
        continue;
      }
      if (wire === 0) {
        const n = this.varint(end);
        if (step.type === 'bool') {
          if (n !== 0 || !step.omitEmpty) out[step.name] = n !== 0;
        } else if (step.type === 'int') {
          if (n !== 0 || !step.omitEmpty) out[step.name] = n;
        } else throw this.bad('a number where none belongs');
        continue;
      }
      if (wire !== 2) throw this.bad(`wire type ${wire}`);
      const length = this.length(end);
      const stop = this.pos + length;
      const { type } = step;
      if (type === 'strings' || type === 'quantities') {
        this.entry(out, step, stop);
      } else {
        const value = this.value(step, stop);
        if (step.repeated) {
          const list = out[step.name];
          if (Array.isArray(list)) list.push(value);
          else out[step.name] = [value];
        } else if (value !== '' || !step.omitEmpty) {
          out[step.name] = value;
        }
      }
      this.pos = stop;
    }
    return out;
  }

  private value(step: Step, stop: number): unknown {
    const { type } = step;
    if (typeof type === 'object') return this.message(step.plan, stop);
    if (type === 'string') return this.string(this.pos, stop);
    if (type === 'time') return this.time(stop);
    if (type === 'quantity') return this.firstString(stop);
    if (type === 'micro') return this.micro(stop);
    if (type === 'int-or-string') return this.intOrString(stop);
    throw this.bad('bytes where a number belongs');
  }

  /** One entry of a map: { 1: key, 2: value }. */
  private entry(out: Record<string, unknown>, step: Step, stop: number): void {
    let key = '';
    let value: unknown = '';
    while (this.pos < stop) {
      const tag = this.varint(stop);
      if (tag !== 10 && tag !== 18) {
        this.skip(tag & 7, stop);
        continue;
      }
      const length = this.length(stop);
      const end = this.pos + length;
      if (tag === 10) key = this.string(this.pos, end);
      else if (step.keysOnly) value = null;
      else value = step.type === 'quantities' ? this.firstString(end) : this.string(this.pos, end);
      this.pos = end;
    }
    let map = out[step.name] as Record<string, unknown> | undefined;
    if (map === undefined) out[step.name] = map = new Bare();
    if (step.keys === null || step.keys.has(key)) map[key] = step.keysOnly ? null : value;
  }

  private firstString(stop: number): string {
    let text = '';
    while (this.pos < stop) {
      const tag = this.varint(stop);
      if (tag !== 10) {
        this.skip(tag & 7, stop);
        continue;
      }
      const length = this.length(stop);
      text = this.string(this.pos, this.pos + length);
      this.pos += length;
    }
    return text;
  }

  /** Time {1 seconds, 2 nanos}; an empty one is no time. */
  private time(stop: number): string | null {
    let seconds: number | undefined;
    while (this.pos < stop) {
      const tag = this.varint(stop);
      if (tag === 8) seconds = this.varint(stop);
      else this.skip(tag & 7, stop);
    }
    if (seconds === undefined || !(Math.abs(seconds) < 8.64e12)) return null;
    return isoSeconds(seconds);
  }

  /** MicroTime {1 seconds, 2 nanos}, written with microseconds as the server does. */
  private micro(stop: number): string | null {
    let seconds: number | undefined;
    let nanos = 0;
    while (this.pos < stop) {
      const tag = this.varint(stop);
      if (tag === 8) seconds = this.varint(stop);
      else if (tag === 16) nanos = this.varint(stop);
      else this.skip(tag & 7, stop);
    }
    if (seconds === undefined || !(Math.abs(seconds) < 8.64e12)) return null;
    const micros = Math.floor(Math.min(Math.max(nanos, 0), 999_999_999) / 1000);
    return isoSeconds(seconds).replace('Z', `.${String(micros).padStart(6, '0')}Z`);
  }

  /** IntOrString {1 type, 2 int, 3 string}. */
  private intOrString(stop: number): number | string {
    let type = 0;
    let int = 0;
    let text = '';
    while (this.pos < stop) {
      const tag = this.varint(stop);
      if (tag === 8) type = this.varint(stop);
      else if (tag === 16) int = this.varint(stop);
      else if (tag === 26) {
        const length = this.length(stop);
        text = this.string(this.pos, this.pos + length);
        this.pos += length;
      } else this.skip(tag & 7, stop);
    }
    return type === 0 ? int : text;
  }

  string(start: number, end: number): string {
    const { buf } = this;
    const length = end - start;
    if (length === 0) return '';
    if (length > INTERN_MAX) return buf.utf8Slice(start, end);
    let hash = 7;
    let bits = 0;
    for (let p = start; p < end; p++) {
      const c = buf[p]!;
      hash = (Math.imul(hash, 31) + c) | 0;
      bits |= c;
    }
    if (bits >= 0x80) return buf.utf8Slice(start, end);
    const slot = (hash ^ (hash >>> 13)) & (INTERN_SLOTS - 1);
    const known = this.interned[slot]!;
    if (known.length === length) {
      let i = 0;
      while (i < length && known.charCodeAt(i) === buf[start + i]) i++;
      if (i === length) return known;
    }
    return (this.interned[slot] = buf.latin1Slice(start, end));
  }
}

const TIME_SLOTS = 1024;
const timeSeconds = new Float64Array(TIME_SLOTS).fill(NaN);
const timeTexts = new Array<string>(TIME_SLOTS).fill('');

/** Times repeat a lot: creation, start and conditions of many pods share a second. */
function isoSeconds(seconds: number): string {
  const slot = Math.abs(seconds) % TIME_SLOTS;
  if (timeSeconds[slot] !== seconds) {
    timeSeconds[slot] = seconds;
    timeTexts[slot] = new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
  }
  return timeTexts[slot]!;
}
