/**
 * Watch streams in JSON: one event a line, of objects (masked) or as the server's Table.
 * Guarantees: lines end at 0x0A alone (U+2028 and carriage returns are data); a line that
 * cannot be read is reported and the stream goes on; memory is bounded by the cap.
 */
import type { FieldMask } from '#shared/kinds/define';
import { badAnswer, tooLarge, toTableRow } from './json-shared';
import { compileMask, tableRowMask, type MaskNode } from './mask';
import { INCOMPLETE, Malformed, Scanner } from './scanner';
import { hasIdentity, type StatusObject, type WatchDecoder, type WatchEvent } from './types';

/** One watch line; etcd takes 1.5 MiB an object. */
export const MAX_LINE_BYTES = 8 * 1024 * 1024;

const bookmarkNode = compileMask({
  metadata: { resourceVersion: true, annotations: true },
  rows: { object: { metadata: { resourceVersion: true, annotations: true } } },
});
const tableEventNode = compileMask({ columnDefinitions: true, rows: tableRowMask });

export interface JsonWatchOptions {
  readonly mask: FieldMask;
  readonly table?: boolean;
  onEvent(event: WatchEvent): void;
  readonly maxLineBytes?: number;
}

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
