/**
 * JSON list answers and watch lines, as objects (masked) or as the server's Table.
 * Guarantees: each item is handed over once its bytes are complete, whatever the chunks;
 * keys may come in any order; memory is bounded by the caps; what is wrong ends this
 * page or this line alone. Does not validate what it skips beyond its structure.
 */
import { AppFailure, fail } from '#shared/util/app-error';
import type { KubeObject } from '#shared/kinds/define';
import type { TableColumnDefinition, TableRow } from '#shared/kinds/table-row';
import type { FieldMask } from '#shared/kinds/define';
import { compileMask, tableRowMask, type MaskNode } from './mask';
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

/** One item of a list, or any other value of the answer. */
export const MAX_ITEM_BYTES = 64 * 1024 * 1024;
/** One watch line; etcd takes 1.5 MiB an object. */
export const MAX_LINE_BYTES = 8 * 1024 * 1024;

/** Bytes gathered before the scanner starts again: a restart costs the part of an item already seen. */
const BATCH_BYTES = 128 * 1024;

const listMetaNode = compileMask({ resourceVersion: true, continue: true, remainingItemCount: true });
const bookmarkNode = compileMask({
  metadata: { resourceVersion: true, annotations: true },
  rows: { object: { metadata: { resourceVersion: true, annotations: true } } },
});
const rowNode = compileMask(tableRowMask);
const tableEventNode = compileMask({ columnDefinitions: true, rows: tableRowMask });

const tooLarge = (what: string, cap: number): AppFailure =>
  fail('too-large', `${what} is larger than ${cap / 1024 / 1024} MiB.`);

const badAnswer = (detail: string): AppFailure =>
  fail('bad-answer', `The server's answer could not be read: ${detail}.`);

export interface JsonListOptions {
  /** Ignored for a Table. */
  readonly mask: FieldMask;
  readonly table?: boolean;
  onItem(object: KubeObject): void;
  /** As soon as it is read, which may be before the items (a page of look-ahead). */
  onMeta?(meta: ListMeta): void;
  readonly maxItemBytes?: number;
}

export function jsonListDecoder(options: JsonListOptions): ListDecoder {
  return new JsonList(options);
}

type Step = 'open' | 'first-key' | 'key' | 'first-item' | 'item' | 'after-item' | 'after-value' | 'done';

class JsonList implements ListDecoder {
  private readonly scanner = new Scanner(BATCH_BYTES * 2);
  private readonly node: MaskNode;
  private readonly arrayKey: string;
  private readonly options: JsonListOptions;
  private readonly cap: number;
  private step: Step = 'open';
  /** Scan again only when this many bytes wait: doubles on a large item, so work stays linear. */
  private wanted = 8 * 1024;
  private meta: ListMeta = { resourceVersion: '', continueToken: '', remaining: null };
  private kind = '';
  private columns: readonly TableColumnDefinition[] | undefined;
  private sawItems = false;
  private skipped = 0;

  constructor(options: JsonListOptions) {
    this.options = options;
    this.node = options.table ? rowNode : compileMask(options.mask);
    this.arrayKey = options.table ? 'rows' : 'items';
    this.cap = options.maxItemBytes ?? MAX_ITEM_BYTES;
  }

  push(chunk: Uint8Array): void {
    const { scanner } = this;
    if (this.step === 'done') {
      this.checkTail(chunk);
      return;
    }
    scanner.append(chunk);
    if (scanner.end - scanner.pos >= this.wanted) this.run();
  }

  end(): ListEnd {
    this.run();
    if (this.step !== 'done') throw badAnswer('it ended early');
    if (!this.sawItems) {
      throw badAnswer(this.kind === '' ? 'it is not a list' : `a ${this.kind} instead of a list`);
    }
    return {
      ...this.meta,
      kind: this.kind,
      skipped: this.skipped,
      ...(this.columns ? { columns: this.columns } : {}),
    };
  }

  private run(): void {
    const { scanner } = this;
    for (;;) {
      const start = scanner.pos;
      try {
        if (this.step === 'done') {
          if (!scanner.atEnd()) throw scanner.bad('something after the end');
          return;
        }
        this.advance();
      } catch (thrown) {
        if (thrown === INCOMPLETE) {
          scanner.pos = start;
          const waiting = scanner.end - start;
          if (waiting > this.cap) throw tooLarge('One item of the list', this.cap);
          this.wanted = waiting > BATCH_BYTES ? waiting * 2 : BATCH_BYTES;
          return;
        }
        if (thrown instanceof Malformed) throw badAnswer(this.notJson() ?? thrown.message);
        throw thrown;
      }
    }
  }

  private advance(): void {
    const { scanner } = this;
    switch (this.step) {
      case 'open':
        scanner.expect(0x7b);
        this.step = 'first-key';
        return;
      case 'first-key':
      case 'key':
        if (scanner.peek() === 0x7d && this.step === 'first-key') {
          scanner.pos++;
          this.step = 'done';
          return;
        }
        this.topLevel(scanner.key());
        return;
      case 'first-item':
        if (scanner.peek() === 0x5d) {
          scanner.pos++;
          this.step = 'after-value';
          return;
        }
        this.item();
        return;
      case 'item':
        this.item();
        return;
      case 'after-item':
        if (scanner.peek() === 0x2c) {
          scanner.pos++;
          this.step = 'item';
        } else {
          scanner.expect(0x5d);
          this.step = 'after-value';
        }
        return;
      case 'after-value':
        if (scanner.peek() === 0x2c) {
          scanner.pos++;
          this.step = 'key';
        } else {
          scanner.expect(0x7d);
          this.step = 'done';
        }
        return;
      case 'done':
        return;
    }
  }

  private topLevel(key: string): void {
    const { scanner } = this;
    if (key === this.arrayKey) {
      if (scanner.peek() === 0x5b) {
        scanner.pos++;
        this.step = 'first-item';
      } else {
        scanner.skip();
        this.step = 'after-value';
      }
      this.sawItems = true;
      return;
    }
    if (key === 'metadata') {
      const meta = scanner.value(listMetaNode);
      this.meta = readListMeta(meta);
      this.options.onMeta?.(this.meta);
    } else if (key === 'kind') {
      const kind = scanner.value(null);
      if (typeof kind === 'string') this.kind = kind.slice(0, 80);
    } else if (key === 'columnDefinitions' && this.options.table) {
      const columns = scanner.value(null);
      if (Array.isArray(columns)) this.columns = columns as TableColumnDefinition[];
    } else {
      scanner.skip();
    }
    this.step = 'after-value';
  }

  private item(): void {
    const value = this.scanner.value(this.node);
    this.step = 'after-item';
    const object = this.options.table ? toTableRow(value) : value;
    if (hasIdentity(object)) this.options.onItem(object);
    else this.skipped++;
  }

  private notJson(): string | undefined {
    return this.step === 'open' ? 'it is not JSON; perhaps a login page of a proxy' : undefined;
  }

  private checkTail(chunk: Uint8Array): void {
    for (const byte of chunk) {
      if (byte > 0x20) throw badAnswer('something follows its end');
    }
  }
}

function readListMeta(value: unknown): ListMeta {
  const meta = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const text = (field: unknown): string => (typeof field === 'string' ? field : '');
  return {
    resourceVersion: text(meta.resourceVersion),
    continueToken: text(meta.continue),
    remaining: typeof meta.remainingItemCount === 'number' ? meta.remainingItemCount : null,
  };
}

function toTableRow(value: unknown): TableRow | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { cells, object } = value as { cells?: unknown; object?: unknown };
  if (!hasIdentity(object)) return undefined;
  return { ...object, cells: Array.isArray(cells) ? cells : [] };
}

export interface JsonWatchOptions {
  readonly mask: FieldMask;
  readonly table?: boolean;
  onEvent(event: WatchEvent): void;
  readonly maxLineBytes?: number;
}

/** Splits on 0x0A alone: U+2028 and carriage returns inside strings are data. */
export function jsonWatchDecoder(options: JsonWatchOptions): WatchDecoder {
  return new JsonWatch(options);
}

class JsonWatch implements WatchDecoder {
  private readonly scanner = new Scanner(64 * 1024);
  private readonly node: MaskNode;
  private readonly options: JsonWatchOptions;
  private readonly cap: number;
  private dropping = false;

  constructor(options: JsonWatchOptions) {
    this.options = options;
    this.node = options.table ? tableEventNode : compileMask(options.mask);
    this.cap = options.maxLineBytes ?? MAX_LINE_BYTES;
  }

  push(chunk: Uint8Array): void {
    const { scanner } = this;
    let from = 0;
    while (from < chunk.length) {
      const newline = chunk.indexOf(0x0a, from);
      const to = newline < 0 ? chunk.length : newline;
      if (!this.dropping) {
        if (scanner.end + (to - from) > this.cap) {
          this.dropping = true;
          scanner.pos = scanner.end = 0;
          this.options.onEvent({
            type: 'SKIPPED',
            error: tooLarge('One line of the watch', this.cap).error,
          });
        } else if (to > from) {
          scanner.append(chunk, from, to);
        }
      }
      if (newline < 0) return;
      if (!this.dropping && scanner.end > 0) this.line();
      this.dropping = false;
      scanner.pos = scanner.end = 0;
      from = newline + 1;
    }
  }

  private line(): void {
    let event: WatchEvent | undefined;
    try {
      event = this.read();
    } catch (thrown) {
      if (thrown !== INCOMPLETE && !(thrown instanceof Malformed)) throw thrown;
      const detail = thrown === INCOMPLETE ? 'a line ends early' : (thrown as Malformed).message;
      event = { type: 'SKIPPED', error: badAnswer(detail).error };
    }
    if (event) this.options.onEvent(event);
  }

  private read(): WatchEvent | undefined {
    const { scanner } = this;
    if (scanner.atEnd()) return undefined;
    scanner.expect(0x7b);
    let type = '';
    let objectAt = -1;
    let value: unknown;
    let decoded = '';
    while (scanner.peek() !== 0x7d) {
      const key = scanner.key();
      if (key === 'type') {
        const read = scanner.value(null);
        type = typeof read === 'string' ? read : '';
      } else if (key === 'object') {
        scanner.peek();
        objectAt = scanner.pos;
        decoded = type;
        value = this.object(type);
      } else {
        scanner.skip();
      }
      if (scanner.peek() === 0x2c) scanner.pos++;
      else if (scanner.peek() !== 0x7d) throw scanner.bad('expected a comma or the end');
    }
    scanner.pos++;
    if (!scanner.atEnd()) throw scanner.bad('something after the end');
    if (objectAt >= 0 && decoded !== type) {
      scanner.pos = objectAt;
      value = this.object(type);
    }
    return this.event(type, value);
  }

  private object(type: string): unknown {
    const { scanner } = this;
    if (type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED') return scanner.value(this.node);
    if (type === 'BOOKMARK') return scanner.value(bookmarkNode);
    if (type === 'ERROR') return scanner.value(null);
    scanner.skip();
    return undefined;
  }

  private event(type: string, value: unknown): WatchEvent {
    switch (type) {
      case 'ADDED':
      case 'MODIFIED':
      case 'DELETED': {
        const object = this.options.table ? toTableRow(firstRow(value)) : value;
        if (hasIdentity(object)) return { type, object };
        return skipped('an object without metadata, name or uid');
      }
      case 'BOOKMARK':
        return readBookmark(value);
      case 'ERROR':
        return { type, status: (typeof value === 'object' && value !== null ? value : {}) as StatusObject };
      default:
        return skipped(`an event of type ${JSON.stringify(type.slice(0, 40))}`);
    }
  }
}

function skipped(what: string): WatchEvent {
  return { type: 'SKIPPED', error: { code: 'bad-answer', message: `The watch sent ${what}.` } };
}

function firstRow(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  const { rows } = value as { rows?: unknown };
  return Array.isArray(rows) ? (rows[0] as unknown) : undefined;
}

interface BookmarkMeta {
  readonly resourceVersion?: unknown;
  readonly annotations?: unknown;
}

function metaOf(value: unknown): BookmarkMeta {
  if (typeof value !== 'object' || value === null) return {};
  const { metadata } = value as { metadata?: unknown };
  return typeof metadata === 'object' && metadata !== null ? metadata : {};
}

/** In a Table watch the version stands in the Table or in its one row. */
function readBookmark(value: unknown): WatchEvent {
  const own = metaOf(value);
  const row = firstRow(value);
  const inner = metaOf(typeof row === 'object' && row !== null ? (row as { object?: unknown }).object : null);
  const version = [own.resourceVersion, inner.resourceVersion].find((v) => typeof v === 'string' && v !== '');
  if (typeof version !== 'string') return skipped('a bookmark without a version');
  const marked = [own.annotations, inner.annotations].some(
    (a) =>
      typeof a === 'object' &&
      a !== null &&
      (a as Record<string, unknown>)['k8s.io/initial-events-end'] === 'true',
  );
  return { type: 'BOOKMARK', resourceVersion: version, initialEventsEnd: marked };
}
