/**
 * Objects as the protobuf list a server would send: what the warm-up reads, and tests. Knows the
 * types its callers need (words, numbers, times, maps of words, messages); throws for any other.
 */
import { listMeta, type Field, type Message } from './proto-schema';

type Values = Readonly<Record<string, unknown>>;

const MAGIC = Buffer.from([0x6b, 0x38, 0x73, 0x00]);
const map: Message = {
  1: { name: 'key', type: 'string', repeated: false, omitEmpty: false },
  2: { name: 'value', type: 'string', repeated: false, omitEmpty: false },
};

/** `kind` without List; `items` in their JSON form. */
export function encodeList(kind: string, schema: Message, items: readonly Values[], version: string): Buffer {
  const raw = Buffer.concat([
    bytes(1, encodeMessage(listMeta, { resourceVersion: version })),
    ...items.map((item) => bytes(2, encodeMessage(schema, item))),
  ]);
  const type = Buffer.concat([bytes(1, Buffer.from('v1')), bytes(2, Buffer.from(`${kind}List`))]);
  return Buffer.concat([MAGIC, bytes(1, type), bytes(2, raw)]);
}

/** Fields the schema does not name are left out. */
export function encodeMessage(schema: Message, values: Values): Buffer {
  const parts: Buffer[] = [];
  for (const [number, field] of Object.entries(schema)) {
    const value = values[field.name];
    if (value === undefined) continue;
    const all = field.repeated ? (value as readonly unknown[]) : [value];
    for (const one of all) parts.push(encodeField(Number(number), field, one));
  }
  return Buffer.concat(parts);
}

function encodeField(number: number, field: Field, value: unknown): Buffer {
  const { type } = field;
  if (typeof type === 'object') return bytes(number, encodeMessage(type, value as Values));
  switch (type) {
    case 'string':
      return bytes(number, Buffer.from(value as string));
    case 'int':
    case 'bool':
      return Buffer.concat([varint(number * 8), varint(Number(value))]);
    case 'time': {
      const seconds = Math.floor(Date.parse(value as string) / 1000);
      return bytes(number, Buffer.concat([varint(8), varint(seconds)]));
    }
    case 'strings':
      return Buffer.concat(
        Object.entries(value as Values).map(([key, word]) =>
          bytes(number, encodeMessage(map, { key, value: word })),
        ),
      );
    case 'quantities':
      return Buffer.concat(
        Object.entries(value as Values).map(([key, amount]) => {
          const quantity = bytes(1, Buffer.from(amount as string));
          return bytes(number, Buffer.concat([bytes(1, Buffer.from(key)), bytes(2, quantity)]));
        }),
      );
    default:
      throw new Error(`no words for a field of type ${type}`);
  }
}

function bytes(number: number, body: Buffer): Buffer {
  return Buffer.concat([varint(number * 8 + 2), varint(body.length), body]);
}

/** Of a number that is not negative. */
function varint(value: number): Buffer {
  const out: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    out.push(rest > 0 ? low | 0x80 : low);
  } while (rest > 0);
  return Buffer.from(out);
}
