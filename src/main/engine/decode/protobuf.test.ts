import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '#shared/kinds/define';
import { pod } from '#shared/kinds/pod';
import { cutInto, errorOf } from './json-test-help';
import { objectMask } from './mask';
import { protoKinds } from './proto-kinds';
import { protoWatchDecoder } from './proto-watch';
import { protoListDecoder } from './protobuf';
import type { ListEnd, WatchEvent } from './types';

/** A tiny protobuf writer: the oracle's side, written apart from the reader. */
type Part = Buffer;
function varint(n: number): Part {
  const out: number[] = [];
  let value = BigInt.asUintN(64, BigInt(n));
  for (; value > 127n; value >>= 7n) out.push(Number(value & 127n) | 128);
  return Buffer.from([...out, Number(value)]);
}
const num = (field: number, n: number): Part => Buffer.concat([varint(field * 8), varint(n)]);
const len = (field: number, ...parts: (Part | string)[]): Part => {
  const body = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
  return Buffer.concat([varint(field * 8 + 2), varint(body.length), body]);
};
const envelope = (kind: string, raw: Part): Part =>
  Buffer.concat([
    Buffer.from('k8s\0'),
    len(1, len(1, 'v1'), len(2, kind)),
    len(2, raw),
    len(3, ''),
    len(4, ''),
  ]);

interface Simple {
  readonly name: string;
  readonly node: string;
  readonly restarts: number;
  readonly ready: boolean;
  readonly label: string;
  readonly created: number;
}
const meta = (p: Simple): Part =>
  len(
    1,
    len(1, p.name),
    len(2, ''),
    len(5, `uid-${p.name}`),
    len(6, '7'),
    len(8, num(1, p.created), num(2, 0)),
    len(11, len(1, 'app'), len(2, p.label)),
    len(17, 'managed fields'),
  );
const podOf = (p: Simple): Part[] => [
  meta(p),
  len(2, len(10, p.node), num(25, p.restarts - 50), len(99, 'unknown')),
  len(3, len(1, ''), len(8, len(1, 'main'), num(4, p.ready ? 1 : 0), num(5, p.restarts))),
];
const json = (p: Simple): unknown => ({
  metadata: {
    name: p.name,
    uid: `uid-${p.name}`,
    resourceVersion: '7',
    creationTimestamp: new Date(p.created * 1000).toISOString().replace('.000', ''),
    labels: { app: p.label },
  },
  spec: { ...(p.node === '' ? {} : { nodeName: p.node }), priority: p.restarts - 50 },
  status: { containerStatuses: [{ name: 'main', ready: p.ready, restartCount: p.restarts }] },
});

const schema = protoKinds.get('/v1/pods')!;
const mask = objectMask(pod);
const simple = fc.record({
  name: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 70 }),
  node: fc.string({ unit: 'grapheme', maxLength: 20 }),
  restarts: fc.nat(),
  ready: fc.boolean(),
  label: fc.string({ maxLength: 10 }),
  created: fc.integer({ min: -(2 ** 31), max: 2 ** 33 }),
});
const cutsOf = fc.array(fc.nat(), { maxLength: 12 });
const list = (pods: readonly Simple[]): Part =>
  envelope(
    'PodList',
    Buffer.concat([
      len(1, len(2, '42'), len(3, 'token'), num(4, 9)),
      ...pods.map((p) => len(2, ...podOf(p))),
    ]),
  );

function read(bytes: Uint8Array, cuts: readonly number[] = []): { items: KubeObject[]; end: ListEnd } {
  const items: KubeObject[] = [];
  const decoder = protoListDecoder({
    schema,
    mask,
    onItem: (item) => items.push(item),
    maxItemBytes: 1_000_000,
  });
  for (const chunk of cutInto(bytes, cuts)) decoder.push(chunk);
  return { items, end: decoder.end() };
}
const frame = (type: string, kind: string, raw: Part): Part => {
  const body = Buffer.concat([len(1, type), len(2, len(1, envelope(kind, raw)))]);
  const head = Buffer.alloc(4);
  head.writeUInt32BE(body.length);
  return Buffer.concat([head, body]);
};
function events(bytes: Uint8Array, cuts: readonly number[] = []): WatchEvent[] {
  const seen: WatchEvent[] = [];
  const decoder = protoWatchDecoder({
    schema,
    mask,
    onEvent: (event) => seen.push(event),
    maxFrameBytes: 100_000,
  });
  for (const chunk of cutInto(bytes, cuts)) decoder.push(chunk);
  return seen;
}

describe('protobuf', () => {
  it('gives lists and events the shape of their JSON form, whatever the chunks', () => {
    fc.assert(
      fc.property(fc.array(simple, { maxLength: 6 }), cutsOf, (pods, cuts) => {
        const { items, end } = read(list(pods), cuts);
        expect(items).toEqual(pods.map(json));
        expect(end).toMatchObject({
          resourceVersion: '42',
          continueToken: 'token',
          remaining: 9,
          skipped: 0,
        });
        const frames = pods.map((p) => frame('MODIFIED', 'Pod', Buffer.concat(podOf(p))));
        expect(events(Buffer.concat(frames), cuts)).toEqual(
          pods.map((p) => ({ type: 'MODIFIED', object: json(p) })),
        );
      }),
    );
  });

  it('reads bookmarks and errors, skips what is neither and frames over the cap', () => {
    const mark = len(1, len(6, '8'), len(12, len(1, 'k8s.io/initial-events-end'), len(2, 'true')));
    const failure = Buffer.concat([len(3, 'too old'), len(4, 'Expired'), num(6, 410)]);
    const seen = events(
      Buffer.concat([
        frame('BOOKMARK', 'Pod', mark),
        frame('ADDED', 'Pod', len(1, len(1, 'nobody'))),
        frame('ADDED', 'Pod', len(9, 'x'.repeat(200_000))),
        frame('ERROR', 'Status', failure),
      ]),
      [10, 5000, 100_000, 150_000],
    );
    expect(seen).toMatchObject([
      { type: 'BOOKMARK', resourceVersion: '8', initialEventsEnd: true },
      { type: 'SKIPPED' },
      { type: 'SKIPPED', error: { code: 'too-large' } },
      { type: 'ERROR', status: { code: 410, reason: 'Expired', message: 'too old' } },
    ]);
  });

  it('fails the page alone on what is cut, flipped or something else', () => {
    const good = list(
      ['a', 'b', 'c'].map((name) => ({
        name,
        node: 'n',
        restarts: 300,
        ready: true,
        label: 'é',
        created: 5,
      })),
    );
    const flips = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 5 });
    fc.assert(
      fc.property(flips, fc.nat(good.length), cutsOf, (changes, keep, cuts) => {
        const bytes = Uint8Array.from(good.subarray(0, keep));
        for (const [at, value] of changes) if (bytes.length > 0) bytes[at % bytes.length] = value;
        expect(['none', 'bad-answer', 'too-large']).toContain(errorOf(() => read(bytes, cuts)));
        events(bytes, cuts);
      }),
      { numRuns: 1500 },
    );
    for (let end = 0; end < good.length - 4; end++)
      expect(errorOf(() => read(good.subarray(0, end)))).toBe('bad-answer');
    expect(errorOf(() => read(envelope('Status', len(2, 'Failure'))))).toBe('bad-answer');
  });
});
