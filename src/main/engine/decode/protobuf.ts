/**
 * Protobuf list answers and watch frames of built-in kinds.
 * List: `k8s\0` + Unknown {1 typeMeta, 2 raw}, raw = List {1 metadata, 2 items}. Watch:
 * frames of a 4-byte big-endian length and WatchEvent {1 type, 2 RawExtension {1 raw}}.
 * Guarantees as the JSON decoders': items as soon as they are whole, any chunks, bounded
 * memory, what is wrong ends this page or frame alone.
 */
import type { FieldMask, KubeObject } from '#shared/kinds/define';
import { badAnswer, tooLarge } from './json-shared';
import { MAX_ITEM_BYTES } from './json';
import { MAX_LINE_BYTES } from './json-watch';
import { compileMask } from './mask';
import { planOf, ProtoReader, type Plan } from './proto-reader';
import { rowPlan, RowWalker } from './proto-rows';
import { listMeta, objectMeta, status, type Message } from './proto-schema';
import { RawRow } from './raw-row';
import type { RowLayout } from './row-layout';
import { INCOMPLETE, Malformed, Scanner } from './scanner';
import {
  hasIdentity,
  type ListDecoder,
  type ListEnd,
  type ListMeta,
  type StatusObject,
  type WatchDecoder,
  type WatchEvent,
} from './types';

const MAGIC = [0x6b, 0x38, 0x73, 0x00];
const BATCH_BYTES = 128 * 1024;

const listMetaPlan = planOf(listMeta, null);
const statusPlan = planOf(status, null);
const bookmarkPlan = planOf(
  { 1: { name: 'metadata', type: objectMeta, repeated: false, omitEmpty: false } },
  compileMask({ metadata: { resourceVersion: true, annotations: true } }),
);

export interface ProtoListOptions {
  readonly schema: Message;
  readonly mask: FieldMask;
  onItem(object: KubeObject): void;
  /** With a layout: items come as rows, not as objects, where the kind allows. */
  readonly layout?: RowLayout | undefined;
  onRow?(row: RawRow): void;
  onMeta?(meta: ListMeta): void;
  readonly maxItemBytes?: number;
}

export function protoListDecoder(options: ProtoListOptions): ListDecoder {
  return new ProtoList(options);
}

class ProtoList implements ListDecoder {
  private readonly bytes = new Scanner(BATCH_BYTES * 2);
  private readonly reader = new ProtoReader();
  private readonly plan: Plan;
  private readonly options: ProtoListOptions;
  private readonly rows: RowReader | undefined;
  private readonly cap: number;
  private step: 'magic' | 'envelope' | 'list' = 'magic';
  /** Bytes of `raw` still to come; meaningful in step `list`. */
  private left = 0;
  private wanted = 8 * 1024;
  private meta: ListMeta = { resourceVersion: '', continueToken: '', remaining: null };
  private kind = '';
  private sawRaw = false;
  private skipped = 0;

  constructor(options: ProtoListOptions) {
    this.options = options;
    this.plan = planOf(options.schema, compileMask(options.mask));
    this.cap = options.maxItemBytes ?? MAX_ITEM_BYTES;
    this.rows = options.onRow && rowReader(options, this.reader, this.plan);
  }

  push(chunk: Uint8Array): void {
    this.bytes.append(chunk);
    if (this.bytes.end - this.bytes.pos >= this.wanted) this.run();
  }

  end(): ListEnd {
    this.run();
    if (this.step !== 'envelope' || this.bytes.pos < this.bytes.end) throw badAnswer('it ended early');
    if (!this.sawRaw || !this.kind.endsWith('List')) {
      throw badAnswer(this.kind === '' ? 'it is not a list' : `a ${this.kind} instead of a list`);
    }
    return { ...this.meta, kind: this.kind, skipped: this.skipped };
  }

  private run(): void {
    const { bytes, reader } = this;
    reader.use(bytes.buf);
    while (bytes.pos < bytes.end) {
      try {
        if (this.rows && this.step === 'list') this.items(this.rows);
        if (bytes.pos === bytes.end) return;
        reader.pos = bytes.pos;
        this.advance();
        bytes.pos = reader.pos;
      } catch (thrown) {
        if (thrown === INCOMPLETE) {
          const waiting = bytes.end - bytes.pos;
          if (waiting > this.cap) throw tooLarge('One item of the list', this.cap);
          this.wanted = waiting > BATCH_BYTES ? waiting * 2 : BATCH_BYTES;
          return;
        }
        if (thrown instanceof Malformed) throw badAnswer(thrown.message);
        throw thrown;
      }
    }
  }

  /** The whole items that come next; anything else is for `advance`. Nothing else runs so often. */
  private items(rows: RowReader): void {
    const { bytes, options } = this;
    const { buf, end } = bytes;
    let { pos } = bytes;
    // A tag, and a length of up to three bytes.
    while (end - pos > 4 && buf[pos] === 18) {
      let from = pos + 1;
      let length = buf[from++]!;
      if (length >= 0x80) {
        const second = buf[from++]!;
        length = (length & 0x7f) | ((second & 0x7f) << 7);
        if (second >= 0x80) {
          const third = buf[from++]!;
          if (third >= 0x80) break;
          length |= third << 14;
        }
      }
      const to = from + length;
      if (to > end || length > this.cap || to - pos > this.left) break;
      const row = rows(buf, from, to);
      if (row.hasIdentity) options.onRow!(row);
      else this.skipped++;
      this.left -= to - pos;
      pos = bytes.pos = to;
    }
    if (this.left === 0) this.step = 'envelope';
  }

  /** Reads one field; INCOMPLETE when its bytes are not all here. */
  private advance(): void {
    const { bytes, reader } = this;
    if (this.step === 'magic') {
      if (bytes.end - reader.pos < 4) throw INCOMPLETE;
      if (MAGIC.some((byte, i) => bytes.buf[reader.pos + i] !== byte)) {
        throw new Malformed('it is not protobuf of Kubernetes');
      }
      reader.pos += 4;
      this.step = 'envelope';
      return;
    }
    const start = reader.pos;
    const { tag, length } = this.head();
    if (this.step === 'envelope') {
      if (tag === 18 && !this.sawRaw) {
        this.sawRaw = true;
        this.left = length;
        if (length > 0) this.step = 'list';
        return;
      }
      this.need(length);
      const end = reader.pos + length;
      if (tag === 10) this.kind = this.kindOf(end);
      reader.pos = end;
      return;
    }
    this.need(length);
    const end = reader.pos + length;
    if (tag === 10) {
      this.meta = toListMeta(reader.message(listMetaPlan, end));
      this.options.onMeta?.(this.meta);
    } else if (tag === 18 && this.rows) {
      const row = this.rows(bytes.buf, reader.pos, end);
      if (row.hasIdentity) this.options.onRow!(row);
      else this.skipped++;
    } else if (tag === 18) {
      const object = reader.message(this.plan, end);
      if (hasIdentity(object)) this.options.onItem(object);
      else this.skipped++;
    }
    reader.pos = end;
    this.left -= end - start;
    if (this.left < 0) throw new Malformed('the list is longer than its envelope');
    if (this.left === 0) this.step = 'envelope';
  }

  /** Tag and length of the next field; numbers count as fields of no length. */
  private head(): { tag: number; length: number } {
    const { bytes, reader } = this;
    // Ten bytes hold any tag and length; fewer may still be enough at the very end.
    const short = bytes.end - reader.pos < 20;
    try {
      const tag = reader.varint(bytes.end);
      const wire = tag & 7;
      if (wire === 0) {
        reader.varint(bytes.end);
        return { tag, length: 0 };
      }
      if (wire !== 2) throw new Malformed(`not valid protobuf: wire type ${wire}`);
      return { tag, length: reader.varint(bytes.end) };
    } catch (thrown) {
      if (short && thrown instanceof Malformed && thrown.message.includes('cut')) throw INCOMPLETE;
      throw thrown;
    }
  }

  private need(length: number): void {
    if (length > this.cap) throw tooLarge('One item of the list', this.cap);
    if (this.bytes.end - this.reader.pos < length) throw INCOMPLETE;
  }

  private kindOf(end: number): string {
    const kind = this.reader.message(typeMetaPlan, end)['kind'];
    return typeof kind === 'string' ? kind.slice(0, 80) : '';
  }
}

const typeMetaPlan = planOf(
  {
    1: { name: 'apiVersion', type: 'string', repeated: false, omitEmpty: false },
    2: { name: 'kind', type: 'string', repeated: false, omitEmpty: false },
  },
  null,
);

function toListMeta(meta: Record<string, unknown>): ListMeta {
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return {
    resourceVersion: text(meta['resourceVersion']),
    continueToken: text(meta['continue']),
    remaining: typeof meta['remainingItemCount'] === 'number' ? meta['remainingItemCount'] : null,
  };
}

function withoutLabels(mask: FieldMask): FieldMask {
  const { metadata } = mask;
  if (typeof metadata !== 'object') return mask;
  const own = Object.entries(metadata).filter(([name]) => name !== 'labels' && name !== 'ownerReferences');
  return { ...mask, metadata: Object.fromEntries(own) };
}

type RowReader = (buf: Buffer, start: number, end: number) => RawRow;

/** undefined where the kind's rows need objects. */
function rowReader(
  { schema, mask, layout }: Pick<ProtoListOptions, 'schema' | 'mask' | 'layout'>,
  reader: ProtoReader,
  plan: Plan,
): RowReader | undefined {
  const rows = layout && rowPlan(schema, compileMask(mask), layout);
  if (!rows) return undefined;
  let from = 0;
  let to = 0;
  const objectBy = (wanted: Plan) => (): KubeObject => {
    reader.pos = from;
    return reader.message(wanted, to) as unknown as KubeObject;
  };
  const row = new RawRow(layout, objectBy(plan), objectBy(planOf(schema, compileMask(withoutLabels(mask)))));
  const walker = new RowWalker(rows, row);
  return (buf, start, end) => {
    from = start;
    to = end;
    walker.walk(buf, start, end);
    return row;
  };
}

export interface ProtoWatchOptions {
  readonly schema: Message;
  readonly mask: FieldMask;
  readonly layout?: RowLayout | undefined;
  /** In place of `onEvent` for ADDED and MODIFIED, where the kind allows. */
  onRow?(row: RawRow): void;
  onEvent(event: WatchEvent): void;
  readonly maxFrameBytes?: number;
}

export function protoWatchDecoder(options: ProtoWatchOptions): WatchDecoder {
  return new ProtoWatch(options);
}

class ProtoWatch implements WatchDecoder {
  private readonly bytes = new Scanner(64 * 1024);
  private readonly reader = new ProtoReader();
  private readonly plan: Plan;
  private readonly options: ProtoWatchOptions;
  private readonly rows: RowReader | undefined;
  private readonly cap: number;
  /** Bytes of a frame over the cap that are still to be dropped. */
  private dropping = 0;

  constructor(options: ProtoWatchOptions) {
    this.options = options;
    this.plan = planOf(options.schema, compileMask(options.mask));
    this.cap = options.maxFrameBytes ?? MAX_LINE_BYTES;
    this.rows = options.onRow && rowReader(options, this.reader, this.plan);
  }

  push(chunk: Uint8Array): void {
    const { bytes, reader } = this;
    bytes.append(chunk);
    reader.use(bytes.buf);
    for (;;) {
      if (this.dropping > 0) {
        const dropped = Math.min(this.dropping, bytes.end - bytes.pos);
        this.dropping -= dropped;
        bytes.pos += dropped;
      }
      if (bytes.end - bytes.pos < 4) return;
      const length = bytes.buf.readUInt32BE(bytes.pos);
      if (length > this.cap) {
        this.dropping = length + 4;
        this.options.onEvent({ type: 'SKIPPED', error: tooLarge('One frame of the watch', this.cap).error });
        continue;
      }
      if (bytes.end - bytes.pos < 4 + length) return;
      const start = bytes.pos + 4;
      bytes.pos = start + length;
      const event = this.frame(start, start + length);
      if (event) this.options.onEvent(event);
    }
  }

  /** undefined: handed over as a row. */
  private frame(start: number, end: number): WatchEvent | undefined {
    try {
      return this.read(start, end);
    } catch (thrown) {
      if (!(thrown instanceof Malformed)) throw thrown;
      return { type: 'SKIPPED', error: badAnswer(thrown.message).error };
    }
  }

  private read(start: number, end: number): WatchEvent | undefined {
    const { reader } = this;
    let type = '';
    let from = -1;
    let to = -1;
    reader.pos = start;
    while (reader.pos < end) {
      const tag = reader.varint(end);
      if (tag !== 10 && tag !== 18) {
        reader.skip(tag & 7, end);
        continue;
      }
      const length = reader.length(end);
      const stop = reader.pos + length;
      if (tag === 10) type = reader.string(reader.pos, stop);
      else [from, to] = this.field(1, stop);
      reader.pos = stop;
    }
    if (from < 0) throw new Malformed('an event without an object');
    reader.pos = from + 4;
    if (to - from < 4 || MAGIC.some((byte, i) => reader.buf[from + i] !== byte)) {
      throw new Malformed('an object that is not protobuf of Kubernetes');
    }
    const [rawFrom, rawTo] = this.field(2, to);
    if (rawFrom < 0) throw new Malformed('an event without an object');
    reader.pos = rawFrom;
    return this.event(type, rawTo);
  }

  private event(type: string, end: number): WatchEvent | undefined {
    const { reader } = this;
    if (this.rows && (type === 'ADDED' || type === 'MODIFIED')) {
      const row = this.rows(reader.buf, reader.pos, end);
      if (!row.hasIdentity) throw new Malformed('an object without metadata, name or uid');
      this.options.onRow!(row);
      return undefined;
    }
    if (type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED') {
      const object = reader.message(this.plan, end);
      if (hasIdentity(object)) return { type, object };
      throw new Malformed('an object without metadata, name or uid');
    }
    if (type === 'ERROR') return { type, status: reader.message(statusPlan, end) as StatusObject };
    if (type !== 'BOOKMARK') throw new Malformed(`an event of type ${JSON.stringify(type.slice(0, 40))}`);
    const { metadata } = reader.message(bookmarkPlan, end) as {
      metadata?: { resourceVersion?: string; annotations?: Record<string, string> };
    };
    if (!metadata?.resourceVersion) throw new Malformed('a bookmark without a version');
    return {
      type,
      resourceVersion: metadata.resourceVersion,
      initialEventsEnd: metadata.annotations?.['k8s.io/initial-events-end'] === 'true',
    };
  }

  /** Range of a length-delimited field of the message from here to `end`; [-1, -1] without one. */
  private field(number: number, end: number): [number, number] {
    const { reader } = this;
    let range: [number, number] = [-1, -1];
    while (reader.pos < end) {
      const tag = reader.varint(end);
      if (tag !== number * 8 + 2) {
        reader.skip(tag & 7, end);
        continue;
      }
      const length = reader.length(end);
      range = [reader.pos, reader.pos + length];
      reader.pos += length;
    }
    return range;
  }
}
