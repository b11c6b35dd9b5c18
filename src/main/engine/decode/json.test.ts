import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FieldMask, KubeObject } from '#shared/kinds/define';
import type { TableRow } from '#shared/kinds/table-row';
import { AppFailure } from '#shared/util/app-error';
import { jsonListDecoder } from './json';
import { jsonWatchDecoder } from './json-watch';
import { prune } from './mask';
import type { ListEnd, WatchEvent } from './types';

const encoder = new TextEncoder();

/** Cuts bytes at the given places (taken modulo the length). */
function chunks(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  const out: Uint8Array[] = [];
  let from = 0;
  for (const place of [...places, bytes.length]) {
    out.push(bytes.subarray(from, place));
    from = place;
  }
  return out;
}

function readListOf(
  bytes: Uint8Array,
  mask: FieldMask,
  cuts: readonly number[] = [],
): { items: KubeObject[]; end: ListEnd } {
  const items: KubeObject[] = [];
  const decoder = jsonListDecoder({ mask, onItem: (item) => items.push(item) });
  for (const chunk of chunks(bytes, cuts)) decoder.push(chunk);
  return { items, end: decoder.end() };
}

function errorOf(run: () => unknown): string {
  try {
    run();
  } catch (thrown) {
    if (thrown instanceof AppFailure) return thrown.error.code;
    throw thrown;
  }
  return 'none';
}

const key = fc.oneof(
  fc.constantFrom('a', 'b', 'name', 'spec', 'status', '__proto__', 'constructor', 'toString', 'é', 'a"b', ''),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
const scalar = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom('\ud800', 'x\u2028y', '\u0000', '\\', '"', 'a'.repeat(80), 'é', '😀'),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(9007199254740993, 1e300, -0.5, 5e-324, 123456789012345),
  fc.boolean(),
  fc.constant(null),
);
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    scalar,
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie('tree')), { maxLength: 6 }).map((entries) => fromEntries(entries)),
  ),
}));
const { maskNode } = fc.letrec<{ maskNode: FieldMask }>((tie) => ({
  maskNode: fc
    .array(
      fc.tuple(
        key,
        fc.oneof(
          { depthSize: 'small' },
          fc.constant(true as const),
          fc.constant('keys' as const),
          tie('maskNode'),
        ),
      ),
      { maxLength: 5 },
    )
    .map((entries) => fromEntries(entries) as FieldMask),
}));

/** Own properties only, also for `__proto__`. */
function fromEntries(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [name, value] of entries) {
    Object.defineProperty(out, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return out;
}

/** JSON text with white space, shuffled keys and needless escapes, meaning the same value. */
function write(value: unknown, odd: boolean): string {
  const space = odd ? ' \n\t\r' : '';
  if (Array.isArray(value)) return `[${space}${value.map((v) => write(v, odd)).join(`,${space}`)}${space}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    if (odd) entries.reverse();
    return `{${space}${entries.map(([k, v]) => `${word(k, odd)}${space}:${space}${write(v, odd)}`).join(`,${space}`)}${space}}`;
  }
  return typeof value === 'string' ? word(value, odd) : JSON.stringify(value);
}

function word(text: string, odd: boolean): string {
  const plain = JSON.stringify(text);
  return odd ? plain.replace(/[a-c/]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`) : plain;
}

const identity = { metadata: { name: 'n', uid: 'u', resourceVersion: '1' } };
const withIdentity = (object: unknown): Record<string, unknown> => ({
  ...(typeof object === 'object' && object !== null && !Array.isArray(object) ? object : { a: object }),
  ...identity,
});
const cutsOf = fc.array(fc.nat(), { maxLength: 12 });

describe('lists', () => {
  it('equals JSON.parse followed by pruning, whatever the chunks, key order and escapes', () => {
    fc.assert(
      fc.property(
        fc.array(tree, { maxLength: 5 }),
        maskNode,
        cutsOf,
        fc.boolean(),
        (objects, randomMask, cuts, odd) => {
          const mask: FieldMask = { ...randomMask, metadata: true };
          const list = {
            kind: 'PodList',
            metadata: { resourceVersion: '42', continue: 'abc', remainingItemCount: 7 },
            items: objects.map(withIdentity),
          };
          const text = write(list, odd);
          const { items, end } = readListOf(encoder.encode(text), mask, cuts);
          const parsed = JSON.parse(Buffer.from(text).toString('utf8')) as { items: unknown[] };
          expect(items.map((item) => JSON.stringify(sorted(item)))).toEqual(
            parsed.items.map((item) => JSON.stringify(sorted(prune(item, mask)))),
          );
          expect(end).toMatchObject({
            resourceVersion: '42',
            continueToken: 'abc',
            remaining: 7,
            skipped: 0,
          });
        },
      ),
      { numRuns: 400 },
    );
  });

  it('never changes a prototype', () => {
    const text =
      '{"items":[{"metadata":{"name":"a","uid":"u","__proto__":{"x":1},"labels":{"__proto__":"bad","constructor":"c"}}}]}';
    const { items } = readListOf(encoder.encode(text), { metadata: true });
    const { metadata } = items[0]!;
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
    expect('x' in metadata).toBe(false);
    expect(Object.keys(metadata.labels!)).toEqual(['__proto__', 'constructor']);
    expect((metadata.labels as Record<string, unknown>)['toString']).toBeUndefined();
  });

  it('takes the last of duplicate keys, also under the mask', () => {
    const text = '{"items":[{"a":1,"b":2,"a":{"c":3},"metadata":{"name":"x","name":"y","uid":"u"}}]}';
    const { items } = readListOf(encoder.encode(text), { a: true, metadata: { name: true, uid: true } });
    expect(items[0]).toEqual({ a: { c: 3 }, metadata: { name: 'y', uid: 'u' } });
  });

  it('replaces invalid UTF-8 as a text decoder does', () => {
    const bytes = Buffer.concat([
      Buffer.from('{"items":[{"metadata":{"name":"a'),
      Buffer.from([0xff, 0xc3]),
      Buffer.from('","uid":"u"}}]}'),
    ]);
    const { items } = readListOf(bytes, { metadata: true });
    expect(items[0]!.metadata.name).toBe('a\ufffd\ufffd');
  });

  it('reads metadata after the items, null items and white space', () => {
    const late = readListOf(encoder.encode('{"items":[],"metadata":{"resourceVersion":"9"}}\n'), {});
    expect(late.end.resourceVersion).toBe('9');
    expect(readListOf(encoder.encode(' { "items" : null , "kind":"List" } '), {}).items).toEqual([]);
  });

  it('hands over the metadata before the items are there', () => {
    const seen: string[] = [];
    const decoder = jsonListDecoder({
      mask: { metadata: true },
      onItem: (item) => seen.push(item.metadata.name),
      onMeta: (meta) => seen.push(`continue ${meta.continueToken}`),
    });
    const items = Array.from(
      { length: 200 },
      (_, i) => `{"metadata":{"name":"n${i}","uid":"u${i}","annotations":{"x":"${'y'.repeat(100)}"}}}`,
    );
    decoder.push(encoder.encode(`{"metadata":{"continue":"t"},"items":[${items.slice(0, 100).join(',')}`));
    expect(seen[0]).toBe('continue t');
    expect(seen.length).toBeGreaterThan(50);
    decoder.push(encoder.encode(`,${items.slice(100).join(',')}]}`));
    decoder.end();
    expect(seen).toHaveLength(201);
  });

  it('skips and counts what has no metadata, name or uid', () => {
    const text =
      '{"items":[null,1,[],{},{"metadata":null},{"metadata":{"name":"a"}},{"metadata":{"name":1,"uid":"u"}},{"metadata":{"name":"a","uid":"u"}}]}';
    const { items, end } = readListOf(encoder.encode(text), { metadata: true });
    expect(items).toHaveLength(1);
    expect(end.skipped).toBe(7);
  });

  it.each([
    ['cut in an item', '{"items":[{"metadata":{"name":"a"'],
    ['cut after an item', '{"items":[{"metadata":{"name":"a","uid":"u"}}'],
    ['cut in a string with an escape', '{"items":[{"a":"\\'],
    ['cut in a number', '{"metadata":{"remainingItemCount":12'],
    ['empty', ''],
    ['a page of HTML', '<html><body>Sign in</body></html>'],
    ['a Status', '{"kind":"Status","status":"Failure"}'],
    ['two answers', '{"items":[]}{"items":[]}'],
    ['a comma too many', '{"items":[{"metadata":{"name":"a","uid":"u"},}]}'],
    ['a bad escape', '{"items":[{"metadata":{"name":"a\\q","uid":"u"}}]}'],
    ['a bad number', '{"metadata":{"remainingItemCount":01},"items":[]}'],
    ['a bad word', '{"metadata":{"remainingItemCount":nul},"items":[]}'],
  ])('fails the page alone: %s', (_name, text) => {
    expect(errorOf(() => readListOf(encoder.encode(text), { metadata: true, a: true }, [3, 9]))).toBe(
      'bad-answer',
    );
  });

  it('refuses nesting without a bottom where it would be built, walks over it elsewhere', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const text = `{"items":[{"deep":${deep},"metadata":{"name":"a","uid":"u"}}]}`;
    expect(readListOf(encoder.encode(text), { metadata: true }, [50_000]).items).toHaveLength(1);
    expect(errorOf(() => readListOf(encoder.encode(text), { deep: true, metadata: true }))).toBe(
      'bad-answer',
    );
  });

  it('cuts off an item over the cap', () => {
    const decoder = jsonListDecoder({
      mask: { metadata: true },
      onItem: () => undefined,
      maxItemBytes: 1_000_000,
    });
    decoder.push(encoder.encode('{"items":[{"data":"'));
    const more = encoder.encode('x'.repeat(65_536));
    expect(
      errorOf(() => {
        for (let i = 0; i < 100; i++) decoder.push(more);
      }),
    ).toBe('too-large');
  });

  it('reads Table rows', () => {
    const table = {
      kind: 'Table',
      metadata: { resourceVersion: '5' },
      columnDefinitions: [{ name: 'Name', type: 'string' }],
      rows: [
        { cells: ['a', 1, null], object: { kind: 'PartialObjectMetadata', ...identity } },
        { cells: [] },
      ],
    };
    const rows: KubeObject[] = [];
    const decoder = jsonListDecoder({ mask: {}, table: true, onItem: (row) => rows.push(row) });
    decoder.push(encoder.encode(JSON.stringify(table)));
    const end = decoder.end();
    expect((rows[0] as TableRow).cells).toEqual(['a', 1, null]);
    expect(rows[0]!.metadata.name).toBe('n');
    expect(end.columns).toEqual(table.columnDefinitions);
    expect(end.skipped).toBe(1);
  });
});

/** Key order does not count. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return fromEntries(
    Object.keys(value)
      .sort()
      .map((name) => [name, sorted((value as Record<string, unknown>)[name])] as const),
  );
}

function eventsOf(
  text: string | Uint8Array,
  cuts: readonly number[] = [],
  mask: FieldMask = { metadata: true },
): WatchEvent[] {
  const events: WatchEvent[] = [];
  const decoder = jsonWatchDecoder({ mask, onEvent: (event) => events.push(event), maxLineBytes: 100_000 });
  for (const chunk of chunks(typeof text === 'string' ? encoder.encode(text) : text, cuts))
    decoder.push(chunk);
  return events;
}

const line = (type: string, object: unknown): string => `${JSON.stringify({ type, object })}\n`;

describe('watches', () => {
  it('equals JSON.parse followed by pruning, whatever the chunks', () => {
    fc.assert(
      fc.property(fc.array(tree, { maxLength: 5 }), maskNode, cutsOf, (objects, randomMask, cuts) => {
        const mask: FieldMask = { ...randomMask, metadata: true };
        const lines = objects.map((object) => line('MODIFIED', withIdentity(object)));
        const events = eventsOf(lines.join(''), cuts, mask);
        expect(
          events.map((event) => (event.type === 'MODIFIED' ? JSON.stringify(sorted(event.object)) : event)),
        ).toEqual(
          lines.map((text) =>
            JSON.stringify(
              sorted(prune((JSON.parse(Buffer.from(text).toString()) as { object: unknown }).object, mask)),
            ),
          ),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('splits at line feeds only', () => {
    const text = line('ADDED', { metadata: { name: 'a\u2028b', uid: 'u\r' } });
    const [event] = eventsOf(`\n${text}\r\n${text.slice(0, -1)}`);
    expect(event).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'a\u2028b', uid: 'u\r' } } });
    expect(eventsOf(`\n${text}\r\n${text.slice(0, -1)}`)).toHaveLength(1);
  });

  it('reads the object before its type', () => {
    const text = `{"object":${JSON.stringify(identity)},"type":"DELETED"}\n`;
    expect(eventsOf(text)).toMatchObject([{ type: 'DELETED', object: identity }]);
  });

  it('reads bookmarks, errors and what it does not know', () => {
    const events = eventsOf(
      line('BOOKMARK', { metadata: { resourceVersion: '7' } }) +
        line('BOOKMARK', {
          metadata: { resourceVersion: '8', annotations: { 'k8s.io/initial-events-end': 'true' } },
        }) +
        line('BOOKMARK', {}) +
        line('ERROR', { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' }) +
        line('WHATEVER', {}) +
        line('ADDED', { metadata: null }) +
        'garbage\n',
    );
    expect(events.map((event) => event.type)).toEqual([
      'BOOKMARK',
      'BOOKMARK',
      'SKIPPED',
      'ERROR',
      'SKIPPED',
      'SKIPPED',
      'SKIPPED',
    ]);
    expect(events[1]).toEqual({ type: 'BOOKMARK', resourceVersion: '8', initialEventsEnd: true });
    expect(events[3]).toMatchObject({ status: { code: 410, reason: 'Expired' } });
  });

  it('drops one endless line and goes on with the next', () => {
    const text = `{"type":"ADDED","object":{"x":"${'y'.repeat(150_000)}"}}\n${line('ADDED', identity)}`;
    const events = eventsOf(text, [1000, 60_000, 120_000, 149_000]);
    expect(events).toMatchObject([{ type: 'SKIPPED', error: { code: 'too-large' } }, { type: 'ADDED' }]);
  });

  it('reads Table events and their bookmarks', () => {
    const events: WatchEvent[] = [];
    const decoder = jsonWatchDecoder({ mask: {}, table: true, onEvent: (event) => events.push(event) });
    const object = { metadata: { ...identity.metadata, resourceVersion: '9' } };
    decoder.push(encoder.encode(line('ADDED', { kind: 'Table', rows: [{ cells: ['n'], object }] })));
    decoder.push(
      encoder.encode(line('BOOKMARK', { kind: 'Table', metadata: {}, rows: [{ cells: [], object }] })),
    );
    expect(events).toMatchObject([
      { type: 'ADDED', object: { cells: ['n'], metadata: { name: 'n' } } },
      { type: 'BOOKMARK', resourceVersion: '9' },
    ]);
  });
});

describe('garbage', () => {
  const good = encoder.encode(
    JSON.stringify({
      kind: 'PodList',
      metadata: { resourceVersion: '1', continue: '' },
      items: Array.from({ length: 4 }, (_, i) => ({
        ...identity,
        spec: { text: `é\n"${i}`, list: [1, -2.5e3, true, null, { a: [] }] },
      })),
    }),
  );
  const flips = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 6 });

  it('never hangs and throws nothing but AppFailures', () => {
    const mask: FieldMask = { metadata: true, spec: { text: true, list: true } };
    fc.assert(
      fc.property(flips, fc.nat(), cutsOf, (changes, length, cuts) => {
        const bytes = Uint8Array.from(good.subarray(0, good.length - (length % 40)));
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        expect(['none', 'bad-answer']).toContain(errorOf(() => readListOf(bytes, mask, cuts)));
        eventsOf(bytes, cuts, mask);
      }),
      { numRuns: 1500 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), cutsOf, (bytes, cuts) => {
        expect(errorOf(() => readListOf(bytes, mask, cuts))).toBe('bad-answer');
        eventsOf(bytes, cuts, mask);
      }),
    );
  });
});
