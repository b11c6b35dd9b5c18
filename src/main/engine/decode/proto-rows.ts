/**
 * Walks the protobuf bytes of one object and notes where the fields of its row are, without
 * making the object. Guarantees what `ProtoReader` does: reads stay inside the range, Malformed
 * for anything that is not the wire format. Exact meaning: protobuf.ts' objects (the oracle).
 */
import { type MaskNode } from './mask';
import type { Field, Message } from './proto-schema';
import { DIRECT, NAME, NAMESPACE, UID, VERSION, type Gathered, type RawRow, type Stretch } from './raw-row';
import type { RowLayout } from './row-layout';
import { Malformed } from './scanner';

const enum Do {
  Skip,
  /** A range: base fields and direct words. */
  Range,
  Number,
  Time,
  /** Bytes into the key. */
  Key,
  /** A message whose fields are looked at one by one. */
  Into,
  /** The object's status, as `Into`; noted where it is. */
  Status,
  Label,
  Owner,
  /** deletionTimestamp: into the key, and a flag. */
  Deletion,
}

interface Step {
  readonly action: Do;
  readonly slot: number;
  readonly omitZero: boolean;
  readonly fields: RowPlan;
}

/** By field number; undefined ones are skipped. */
export type RowPlan = readonly (Step | undefined)[];

const END = 0xff;
/** Of ObjectMeta. */
const LABELS = 11;
const OWNERS = 13;

/** undefined: a direct column is of a type that only objects can give. */
export function rowPlan(schema: Message, mask: MaskNode, layout: RowLayout): RowPlan | undefined {
  const direct = new Map<string, number>();
  for (const [i, one] of layout.direct.entries()) {
    const field = fieldAt(schema, one.path);
    const wanted = one.type === 'words' ? 'string' : one.type === 'number' ? 'int' : 'time';
    if (field?.type !== wanted || field.repeated) return undefined;
    direct.set(one.path.join('.'), DIRECT + i);
  }
  return planAt(schema, mask, '', direct);
}

const base: Readonly<Record<string, readonly [Do, number]>> = {
  'metadata.name': [Do.Range, NAME],
  'metadata.namespace': [Do.Range, NAMESPACE],
  'metadata.uid': [Do.Range, UID],
  'metadata.resourceVersion': [Do.Range, VERSION],
  'metadata.labels': [Do.Label, 0],
  'metadata.ownerReferences': [Do.Owner, 0],
  'metadata.deletionTimestamp': [Do.Deletion, 0],
};

function planAt(
  schema: Message,
  mask: MaskNode | null,
  at: string,
  direct: ReadonlyMap<string, number>,
): RowPlan {
  const plan: (Step | undefined)[] = [];
  for (const [number, field] of Object.entries(schema)) {
    const wanted = mask === null ? { node: null } : mask.byName.get(field.name);
    if (wanted === undefined) continue;
    const n = Number(number);
    while (plan.length <= n) plan.push(undefined);
    plan[n] = stepOf(field, wanted.node, at === '' ? field.name : `${at}.${field.name}`, direct);
  }
  return plan;
}

function stepOf(
  field: Field,
  node: MaskNode | null,
  path: string,
  direct: ReadonlyMap<string, number>,
): Step {
  const step = (action: Do, slot = 0): Step => ({
    action,
    slot,
    omitZero: field.omitEmpty,
    fields: [],
  });
  const own = base[path];
  if (own) return step(own[0], own[1]);
  const slot = direct.get(path);
  if (slot !== undefined) {
    return step(field.type === 'string' ? Do.Range : field.type === 'time' ? Do.Time : Do.Number, slot);
  }
  if (typeof field.type !== 'object') return step(Do.Key);
  const fields = planAt(field.type, node, path, direct);
  return { action: path === 'status' ? Do.Status : Do.Into, slot: 0, omitZero: false, fields };
}

function fieldAt(schema: Message, path: readonly string[]): Field | undefined {
  let field: Field | undefined;
  let message: Field['type'] = schema;
  for (const name of path) {
    if (typeof message !== 'object') return undefined;
    field = Object.values(message).find((one) => one.name === name);
    if (!field) return undefined;
    message = field.type;
  }
  return field;
}

/** Epoch seconds between the years 2 and 9999: what `parseTime` takes of a whole-second time. */
const FIRST_SECOND = -62_104_060_800;
const LAST_SECOND = 253_402_300_799;

export class RowWalker {
  private readonly plan: RowPlan;
  private readonly row: RawRow;
  private buf: Buffer = Buffer.alloc(0);
  private pos = 0;
  /** Of the row's key, where its status ends. */
  private keyEnd = 0;

  constructor(plan: RowPlan, row: RawRow) {
    this.plan = plan;
    this.row = row;
  }

  /** Fills the row from the object at start..end. */
  walk(buf: Buffer, start: number, end: number): void {
    this.buf = buf;
    this.pos = start;
    const { row } = this;
    row.reset(buf);
    this.message(this.plan, end);
    if (row.statusKey >= 0 && row.key.length !== this.keyEnd) row.statusKey = -1;
    if (row.labelsAt.changed(buf)) this.entries(row.labelsAt, row.labels, LABELS, true);
    if (row.ownersAt.changed(buf)) this.entries(row.ownersAt, row.owners, OWNERS, false);
  }

  /** Gathers what stands in a stretch; other fields may lie between its entries. */
  private entries(at: Stretch, into: Gathered, number: number, areLabels: boolean): void {
    into.length = 0;
    if (at.to === 0) return;
    const take = (stop: number): void => {
      if (areLabels) this.label(stop);
      else into.bytes(this.buf, this.pos, stop);
      this.pos = stop;
    };
    try {
      this.pos = at.from;
      take(at.firstTo);
      while (this.pos < at.to) {
        const tag = this.varint(at.to);
        if (tag !== number * 8 + 2) this.skip(tag & 7, at.to);
        else {
          const length = this.varint(at.to);
          if (length > at.to - this.pos) throw this.bad('a field longer than its message');
          take(this.pos + length);
        }
      }
    } catch (thrown) {
      at.forget();
      throw thrown;
    }
  }

  private bad(what: string): Malformed {
    return new Malformed(`not valid protobuf: ${what} at byte ${this.pos}`);
  }

  private message(plan: RowPlan, end: number): void {
    const { buf } = this;
    while (this.pos < end) {
      let tag = buf[this.pos++]!;
      if (tag >= 0x80) {
        this.pos--;
        tag = this.varint(end);
      }
      const number = tag >>> 3;
      const step = number < plan.length ? plan[number] : undefined;
      if ((tag & 7) === 2) {
        let length = this.pos < end ? buf[this.pos++]! : 0xff;
        if (length >= 0x80) {
          this.pos--;
          length = this.varint(end);
        }
        const stop = this.pos + length;
        if (stop > end) throw this.bad('a field longer than its message');
        if (step !== undefined) this.bytes(step, number, stop);
        this.pos = stop;
      } else if (step === undefined) {
        this.skip(tag & 7, end);
      } else {
        if ((tag & 7) !== 0) throw this.bad(`wire type ${tag & 7}`);
        this.number(step, number, end);
      }
    }
  }

  private bytes(step: Step, number: number, stop: number): void {
    const { row, buf } = this;
    const start = this.pos;
    switch (step.action) {
      case Do.Range:
        row.from[step.slot] = start;
        row.to[step.slot] = stop;
        // Others may ask whether there is something.
        if (step.slot >= DIRECT && stop > start) row.key.byte(number);
        return;
      case Do.Key:
        row.key.byte(number);
        row.key.bytes(buf, start, stop);
        return;
      case Do.Into:
        row.key.byte(number);
        this.message(step.fields, stop);
        row.key.byte(END);
        return;
      case Do.Status: {
        const { key } = row;
        const began = key.length;
        key.byte(number);
        this.message(step.fields, stop);
        key.byte(END);
        // Of two the later counts, as in an object.
        row.statusKey = began;
        row.statusFrom = start;
        row.statusTo = stop;
        this.keyEnd = key.length;
        return;
      }
      case Do.Time: {
        const ms = this.time(stop);
        row.numbers[step.slot] = ms;
        if (ms === ms) row.key.byte(number);
        return;
      }
      case Do.Label:
        row.labelsAt.add(start, stop);
        return;
      case Do.Owner:
        row.ownersAt.add(start, stop);
        return;
      case Do.Deletion:
        row.deleting = this.seconds(stop) !== undefined;
        row.key.byte(number);
        row.key.bytes(buf, start, stop);
        return;
      default:
        throw this.bad('bytes where a number belongs');
    }
  }

  private number(step: Step, number: number, end: number): void {
    const { row } = this;
    const start = this.pos;
    const value = this.varint(end);
    if (step.action === Do.Key) {
      row.key.byte(number);
      row.key.bytes(this.buf, start, this.pos);
    } else if (step.action === Do.Number) {
      row.numbers[step.slot] = value === 0 && step.omitZero ? NaN : value;
      row.key.byte(number);
    } else throw this.bad('a number where none belongs');
  }

  /** { 1: key, 2: value } as `\0key\0value`, the last one closed by its follower or the table. */
  private label(stop: number): void {
    const { buf, row } = this;
    let keyFrom = 0;
    let keyTo = 0;
    let valueFrom = 0;
    let valueTo = 0;
    while (this.pos < stop) {
      const tag = this.varint(stop);
      if (tag !== 10 && tag !== 18) {
        this.skip(tag & 7, stop);
        continue;
      }
      const length = this.varint(stop);
      if (length > stop - this.pos) throw this.bad('a field longer than its message');
      const from = this.pos;
      this.pos += length;
      if (tag === 10) {
        keyFrom = from;
        keyTo = this.pos;
      } else {
        valueFrom = from;
        valueTo = this.pos;
      }
    }
    const { labels } = row;
    if (labels.length === 0) labels.byte(0);
    labels.raw(buf, keyFrom, keyTo);
    labels.byte(0);
    labels.raw(buf, valueFrom, valueTo);
    labels.byte(0);
  }

  private time(stop: number): number {
    const seconds = this.seconds(stop);
    return seconds !== undefined && seconds >= FIRST_SECOND && seconds <= LAST_SECOND ? seconds * 1000 : NaN;
  }

  /** Of a Time {1 seconds, 2 nanos}; undefined for an empty one. */
  private seconds(stop: number): number | undefined {
    let seconds: number | undefined;
    while (this.pos < stop) {
      const tag = this.varint(stop);
      if (tag === 8) seconds = this.varint(stop);
      else this.skip(tag & 7, stop);
    }
    return seconds !== undefined && Math.abs(seconds) < 8.64e12 ? seconds : undefined;
  }

  private skip(wire: number, end: number): void {
    if (wire === 0) this.varint(end);
    else if (wire === 2) {
      const length = this.varint(end);
      if (length > end - this.pos) throw this.bad('a field longer than its message');
      this.pos += length;
    } else if (wire === 5 || wire === 1) {
      this.pos += wire === 5 ? 4 : 8;
      if (this.pos > end) throw this.bad('cut in a number');
    } else throw this.bad(`wire type ${wire}`);
  }

  private varint(end: number): number {
    const { buf } = this;
    let p = this.pos;
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 10; i++) {
      if (p >= end) throw this.bad('cut in a number');
      const b = buf[p++]!;
      value += (b & 0x7f) * scale;
      if (b < 0x80) {
        this.pos = p;
        return i === 9 ? negative(buf, p - 10) : value;
      }
      scale *= 128;
    }
    throw this.bad('a number without end');
  }
}

/** Ten bytes: two's complement. */
function negative(buf: Buffer, at: number): number {
  let value = 0n;
  for (let i = 0; i < 10; i++) value |= BigInt(buf[at + i]! & 0x7f) << BigInt(7 * i);
  return Number(BigInt.asIntN(64, value));
}
