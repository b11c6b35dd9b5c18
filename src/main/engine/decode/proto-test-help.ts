/** A protobuf writer for tests: JSON objects to wire bytes by the schema, written apart from the readers. */
import type { Field, Message } from './proto-schema';

type Json = Readonly<Record<string, unknown>>;

export function varint(n: number): Buffer {
  const out: number[] = [];
  let value = BigInt.asUintN(64, BigInt(Math.trunc(n)));
  for (; value > 127n; value >>= 7n) out.push(Number(value & 127n) | 128);
  return Buffer.from([...out, Number(value)]);
}

export const num = (field: number, n: number): Buffer => Buffer.concat([varint(field * 8), varint(n)]);

export function len(field: number, ...parts: (Buffer | string)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
  return Buffer.concat([varint(field * 8 + 2), varint(body.length), body]);
}

/** Fields the schema does not know are left out; `noise` is put between fields as unknown ones. */
export function encode(schema: Message, object: Json, noise = false): Buffer {
  const parts: Buffer[] = noise ? [len(900, 'unknown'), num(901, 7)] : [];
  for (const [number, field] of Object.entries(schema)) {
    const value = object[field.name];
    if (value === undefined || value === null) continue;
    const list = field.repeated ? (value as readonly unknown[]) : [value];
    for (const one of list) parts.push(...write(Number(number), field, one, noise));
  }
  return Buffer.concat(parts);
}

function write(number: number, { type }: Field, value: unknown, noise: boolean): Buffer[] {
  if (typeof type === 'object') return [len(number, encode(type, value as Json, noise))];
  switch (type) {
    case 'string':
      return [len(number, String(value))];
    case 'int':
    case 'bool':
      return [num(number, Number(value))];
    case 'time':
      return [len(number, num(1, Math.floor(Date.parse(String(value)) / 1000)))];
    case 'micro': {
      const at = Date.parse(String(value));
      const micros = Number(/\.(\d{6})Z$/.exec(String(value))?.[1] ?? 0);
      return [len(number, num(1, Math.floor(at / 1000)), num(2, micros * 1000))];
    }
    case 'quantity':
      return [len(number, len(1, String(value)))];
    case 'strings':
      return Object.entries(value as Json).map(([k, v]) => len(number, len(1, k), len(2, String(v))));
    case 'quantities':
      return Object.entries(value as Json).map(([k, v]) => len(number, len(1, k), len(2, len(1, String(v)))));
    default:
      return intOrString(number, value);
  }
}

function intOrString(number: number, value: unknown): Buffer[] {
  return typeof value === 'number'
    ? [len(number, num(1, 0), num(2, value))]
    : [len(number, num(1, 1), len(3, String(value)))];
}

export const envelope = (kind: string, raw: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from('k8s\0'),
    len(1, len(1, 'v1'), len(2, kind)),
    len(2, raw),
    len(3, ''),
    len(4, ''),
  ]);

export const listOf = (kind: string, items: readonly Buffer[]): Buffer =>
  envelope(kind, Buffer.concat([len(1, len(2, '42')), ...items.map((item) => len(2, item))]));

export function frameOf(type: string, kind: string, raw: Buffer): Buffer {
  const body = Buffer.concat([len(1, type), len(2, len(1, envelope(kind, raw)))]);
  const head = Buffer.alloc(4);
  head.writeUInt32BE(body.length);
  return Buffer.concat([head, body]);
}
