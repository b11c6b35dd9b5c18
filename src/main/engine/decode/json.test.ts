import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FieldMask, KubeObject } from '#shared/kinds/define';
import type { TableRow } from '#shared/kinds/table-row';
import { jsonListDecoder } from './json';
import { prune } from './mask';
import {
  encoder,
  errorOf,
  eventsOf,
  fromEntries,
  identity,
  line,
  readListOf,
  sorted,
  withIdentity,
  write,
} from './json-test-help';

const key = fc.oneof(
  fc.constantFrom('a', 'b', 'name', 'spec', 'status', '__proto__', 'constructor', 'toString', 'é', 'a"b', ''),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
const scalar = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom('\ud800', 'x\u2028y', '\u0000', '\\', '"', 'a'.repeat(80), 'é', '😀'),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(Number('9007199254740993'), 1e300, -0.5, 5e-324, 123456789012345),
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

describe('watch lines', () => {
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
