/**
 * JSON list answers, of objects (masked) or as the server's Table.
 * Guarantees: each item is handed over once its bytes are complete, whatever the chunks;
 * keys may come in any order; memory is bounded by the cap; what is wrong ends this page
 * alone. Does not validate what it skips beyond its structure. Watches: `json-watch.ts`.
 */
import type { FieldMask, KubeObject } from '#shared/kinds/define';
import type { TableColumnDefinition } from '#shared/kinds/table-row';
import { badAnswer, tooLarge, toTableRow } from './json-shared';
import { compileMask, tableRowMask, type MaskNode } from './mask';
import { INCOMPLETE, Malformed, Scanner } from './scanner';
import { hasIdentity, type ListDecoder, type ListEnd, type ListMeta } from './types';

/** One item of a list, or any other value of the answer. */
export const MAX_ITEM_BYTES = 64 * 1024 * 1024;

/** Bytes gathered before the scanner starts again: a restart costs the part of an item already seen. */
const BATCH_BYTES = 128 * 1024;

const listMetaNode = compileMask({ resourceVersion: true, continue: true, remainingItemCount: true });
const rowNode = compileMask(tableRowMask);

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
