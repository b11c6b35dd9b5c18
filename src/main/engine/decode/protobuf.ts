/**
 * Protobuf list answers of built-in kinds: `k8s\0` + Unknown {1 typeMeta, 2 raw},
 * raw = List {1 metadata, 2 items}. Watches: `proto-watch.ts`.
 * Guarantees as the JSON decoders': items as soon as they are whole, any chunks, bounded
 * memory, what is wrong ends this page alone.
 */
import type { KubeObject } from '#shared/kinds/define';
import { badAnswer, tooLarge } from './json-shared';
import { MAX_ITEM_BYTES } from './json';
import { compileMask } from './mask';
import { planOf, ProtoReader, type Plan } from './proto-reader';
import { rowReader, type RowReader, type RowsOf } from './proto-row-reader';
import { listMeta } from './proto-schema';
import type { RawRow } from './raw-row';
import { INCOMPLETE, Malformed, Scanner } from './scanner';
import { hasIdentity, type ListDecoder, type ListEnd, type ListMeta } from './types';

export const MAGIC = [0x6b, 0x38, 0x73, 0x00];
const BATCH_BYTES = 128 * 1024;

const listMetaPlan = planOf(listMeta, null);

export interface ProtoListOptions extends RowsOf {
  onItem(object: KubeObject): void;
  /** With a layout: items come as rows, not as objects, where the kind allows. */
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
