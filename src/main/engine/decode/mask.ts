/**
 * Field masks made ready for byte compares: each node finds its child by the raw bytes
 * of a key, so that a field outside the mask costs no string.
 * `null` stands for "the whole subtree" everywhere in the decoders.
 */
import { metadataMask, type FieldMask, type KindDescriptor } from '#shared/kinds/define';

export interface MaskField {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** null: everything below is wanted; keysNode: only the keys of a map. */
  readonly node: MaskNode | null;
}

export interface MaskNode {
  /** Fields by the byte length of their name; holes are undefined. */
  readonly byLength: readonly (readonly MaskField[] | undefined)[];
  readonly byName: ReadonlyMap<string, MaskField>;
}

const encoder = new TextEncoder();

/** The mask `'keys'`: decoders give the map's keys with null values and skip the values as bytes. */
export const keysNode: MaskNode = { byLength: [], byName: new Map() };

export function compileMask(mask: FieldMask): MaskNode {
  const byName = new Map<string, MaskField>();
  const byLength: MaskField[][] = [];
  for (const name of Object.keys(mask)) {
    const sub = mask[name];
    if (sub === undefined) continue;
    const bytes = encoder.encode(name);
    const node = sub === true ? null : sub === 'keys' ? keysNode : compileMask(sub);
    const field: MaskField = { name, bytes, node };
    byName.set(name, field);
    (byLength[bytes.length] ??= []).push(field);
  }
  // A packed array: holes would make each lookup walk the prototype.
  const packed: (readonly MaskField[] | undefined)[] = [];
  for (let i = 0; i < byLength.length; i++) packed.push(byLength[i]);
  return { byLength: packed, byName };
}

/** The mask of a kind's objects: what its columns read plus the metadata every row needs. */
export function objectMask(descriptor: Pick<KindDescriptor, 'mask'>): FieldMask {
  const own = descriptor.mask.metadata;
  let metadata: true | 'keys' | FieldMask = metadataMask;
  if (own === true) metadata = true;
  else if (typeof own === 'object') metadata = { ...metadataMask, ...own };
  return { ...descriptor.mask, metadata };
}

/** A row of a server-side Table: the cells as they are and the metadata of the object. */
export const tableRowMask: FieldMask = {
  cells: true,
  object: { apiVersion: true, kind: true, metadata: metadataMask },
};

export function findField(
  node: MaskNode,
  bytes: Uint8Array,
  start: number,
  end: number,
): MaskField | undefined {
  const length = end - start;
  const bucket = length < node.byLength.length ? node.byLength[length] : undefined;
  if (bucket === undefined) return undefined;
  next: for (let i = 0; i < bucket.length; i++) {
    const field = bucket[i]!;
    const name = field.bytes;
    for (let j = 0; j < length; j++) {
      if (name[j] !== bytes[start + j]) continue next;
    }
    return field;
  }
  return undefined;
}

/** What a decoder must equal: parse everything, then keep what the mask names. */
export function prune(value: unknown, mask: FieldMask | true | 'keys'): unknown {
  if (mask === 'keys') return pruneToKeys(value);
  if (mask === true || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((element) => prune(element, mask));
  const out = Object.create(null) as Record<string, unknown>;
  for (const key of Object.keys(value)) {
    const sub = Object.hasOwn(mask, key) ? mask[key] : undefined;
    if (sub !== undefined) out[key] = prune((value as Record<string, unknown>)[key], sub);
  }
  return out;
}

/** Never a value: whatever is not a map is null. */
function pruneToKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const out = Object.create(null) as Record<string, null>;
  for (const key of Object.keys(value)) out[key] = null;
  return out;
}
