/**
 * Protobuf watch frames of built-in kinds: a 4-byte big-endian length and
 * WatchEvent {1 type, 2 RawExtension {1 raw}}, raw = `k8s\0` + Unknown.
 * Guarantees as the JSON decoder's: any chunks, bounded memory, what is wrong skips this frame alone.
 */
import { badAnswer, tooLarge } from './json-shared';
import { MAX_LINE_BYTES } from './json-watch';
import { compileMask } from './mask';
import { planOf, ProtoReader, type Plan } from './proto-reader';
import { rowReader, type RowReader, type RowsOf } from './proto-row-reader';
import { objectMeta, status } from './proto-schema';
import { MAGIC } from './protobuf';
import type { RawRow } from './raw-row';
import { Malformed, Scanner } from './scanner';
import { hasIdentity, type StatusObject, type WatchDecoder, type WatchEvent } from './types';

const statusPlan = planOf(status, null);
const bookmarkPlan = planOf(
  { 1: { name: 'metadata', type: objectMeta, repeated: false, omitEmpty: false } },
  compileMask({ metadata: { resourceVersion: true, annotations: true } }),
);

export interface ProtoWatchOptions extends RowsOf {
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
