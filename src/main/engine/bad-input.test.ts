/** Answers no server should give, and what the table makes of them: pods, asked for as protobuf. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pod } from '#shared/kinds/pod';
import type { TableState } from '#shared/contract/resources';
import { Scope } from '#shared/rpc/scope';
import { encode, frameOf, len, listOf } from './decode/proto-test-help';
import { protoKinds } from './decode/proto-kinds';
import { Gate } from './gate';
import { startReflector } from './reflector';
import { HandClock, ScriptedApi, settle, type Asked, type Script } from './scripted-api';
import { sourceOf } from './source';
import { Table } from './table';

type Json = Record<string, unknown>;

const PROTOBUF = 'application/vnd.kubernetes.protobuf';
const schema = protoKinds.get('/v1/pods')!;
let scope: Scope;
let clock: HandClock;
let table: Table;
let states: TableState[];
let api: ScriptedApi;

beforeEach(() => {
  scope = new Scope('test');
  clock = new HandClock();
  table = new Table(pod);
  states = [];
});
afterEach(async () => {
  scope.dispose();
  await settle();
  expect(clock.pending).toBe(0);
});

async function run(type: string, script: Script): Promise<void> {
  api = new ScriptedApi(clock, script);
  api.contentType = type;
  startReflector(
    {
      api,
      gate: new Gate(clock),
      clock,
      watchable: true,
      source: sourceOf({ group: '', version: 'v1', resource: 'pods' }, pod),
      sink: {
        beginReplace: () => table.beginReplace(),
        upsert: (object) => table.upsert(object),
        upsertRow: (row) => table.upsertRow(row),
        remove: (uid) => table.remove(uid),
        flush: () => table.flush(),
        skipped: () => void table.skipped++,
        state: (state) => states.push(state),
      },
    },
    scope,
  );
  await settle();
}

const podOf = (name: string, version: string, rest: Json = {}, metadata: Json = {}): Json => ({
  metadata: { name, namespace: 'shop', uid: `uid-${name}`, resourceVersion: version, ...metadata },
  ...rest,
});
const jsonList = (items: readonly Json[], resourceVersion = '10'): string =>
  JSON.stringify({ kind: 'PodList', metadata: { resourceVersion }, items });
const protoList = (items: readonly Json[]): Buffer =>
  listOf(
    'PodList',
    items.map((one) => encode(schema, one)),
  );
const cell = (name: string, column: string): unknown =>
  table.columns[table.columnAt(column)]!.cell(table.findNamed('shop', name));
const phase = (): string | undefined => states.at(-1)?.phase;

/** The n-th list, or the watch. */
function script(
  lists: readonly ((asked: Asked) => void)[],
  watch: (asked: Asked) => void = (asked) => asked.send(''),
): Script {
  let n = 0;
  return (asked) => {
    if (asked.watch) watch(asked);
    else (lists[n++] ?? lists.at(-1)!)(asked);
  };
}
const whole =
  (bytes: Uint8Array | string) =>
  (asked: Asked): void => {
    asked.sendBytes(typeof bytes === 'string' ? Buffer.from(bytes) : bytes);
    asked.end();
  };

describe('lists', () => {
  const two = [podOf('a', '1'), podOf('b', '2')];

  it.each([
    [PROTOBUF, protoList(two)],
    ['application/json', Buffer.from(jsonList(two))],
  ])('that end in the middle count for nothing; the next one does (%s)', async (type, bytes) => {
    const half = (asked: Asked): void => {
      asked.sendBytes(bytes.subarray(0, bytes.length - 20));
      asked.end();
    };
    // The second way, as JSON, ends early too.
    await run(type, script([half, half, whole(bytes)]));
    await clock.advance(60_000);
    expect(phase()).toBe('live');
    expect(table.size).toBe(2);
  });

  it('in JSON are read where protobuf was asked for', async () => {
    await run('application/json', script([whole(jsonList(two))]));
    expect(api.lists[0]!.request.accept).toContain('protobuf');
    expect(phase()).toBe('live');
    expect(table.size).toBe(2);
  });

  it.each([PROTOBUF, 'application/json'])('may hold an object of 4 MB (%s)', async (type) => {
    const big = podOf('big', '1', { spec: { nodeName: 'n', containers: [{ name: 'c', image: 'i' }] } });
    const filler = 'x'.repeat(4 * 1024 * 1024);
    const bytes =
      type === PROTOBUF
        ? listOf('PodList', [Buffer.concat([len(90, filler), encode(schema, big)])])
        : Buffer.from(jsonList([{ filler, ...big }]));
    await run(type, script([whole(bytes)]));
    expect(cell('big', 'node')).toBe('n');
  });

  it.each([PROTOBUF, 'application/json'])('may hold words that are no UTF-8 (%s)', async (type) => {
    const marker = 'MARK';
    const one = podOf('odd', '1', { spec: { nodeName: marker, containers: [] } });
    const bytes = type === PROTOBUF ? protoList([one]) : Buffer.from(jsonList([one]));
    bytes.set([0xc3, 0x28, 0xff, 0x41], bytes.indexOf(marker));
    await run(type, script([whole(bytes)]));
    expect(cell('odd', 'node')).toBe('\ufffd(\ufffdA');
  });

  it('take the last of two values under one key', async () => {
    const text = jsonList([podOf('a', '1', { spec: { nodeName: 'first' } })]);
    await run(
      'application/json',
      script([whole(text.replace('"nodeName":"first"', '"nodeName":"first","nodeName":"last"'))]),
    );
    expect(cell('a', 'node')).toBe('last');
  });

  it('round numbers beyond 2^53 as JSON does, but tell versions beyond it apart', async () => {
    const text = jsonList([podOf('a', '9007199254740993', { spec: { priority: 0 } })]);
    let watch: Asked | undefined;
    await run(
      'application/json',
      script([whole(text.replace('"priority":0', '"priority":9007199254740993'))], (asked) => {
        watch = asked;
        asked.send('');
      }),
    );
    expect(cell('a', 'priority')).toBe(9007199254740992);
    const next = podOf('a', '9007199254740992', { spec: { priority: 7 } });
    watch!.send(`${JSON.stringify({ type: 'MODIFIED', object: next })}\n`);
    await settle();
    expect(cell('a', 'priority')).toBe(7);
  });
});

describe('watches', () => {
  it('drop a line of 10 MB and go on', async () => {
    await run(
      'application/json',
      script([whole(jsonList([podOf('a', '1')]))], (asked) => {
        asked.sendBytes(Buffer.alloc(10 * 1024 * 1024, 'x'));
        asked.send(`\n${JSON.stringify({ type: 'ADDED', object: podOf('b', '11') })}\n`);
      }),
    );
    expect(table.skipped).toBe(1);
    expect(table.size).toBe(2);
    expect(phase()).toBe('live');
  });

  it('drop a frame of 10 MB and go on', async () => {
    await run(
      PROTOBUF,
      script([whole(protoList([podOf('a', '1')]))], (asked) => {
        asked.sendBytes(frameOf('ADDED', 'Pod', len(90, 'x'.repeat(10 * 1024 * 1024))));
        asked.sendBytes(frameOf('ADDED', 'Pod', encode(schema, podOf('b', '11'))));
      }),
    );
    expect(table.skipped).toBe(1);
    expect(table.size).toBe(2);
  });

  it('take what comes after the server went back in time, lower versions too', async () => {
    const refused = { code: 504, reason: 'Timeout', message: 'Too large resource version: 100, current: 5' };
    let opened = 0;
    const before = podOf('a', '90', { spec: { nodeName: 'new' } });
    const after = podOf('a', '4', { spec: { nodeName: 'old' } });
    await run(
      'application/json',
      script(
        [whole(jsonList([before, podOf('lost', '91')], '100')), whole(jsonList([after], '5'))],
        (asked) => {
          if (++opened > 1) return asked.send('');
          asked.send(`${JSON.stringify({ type: 'ERROR', object: { kind: 'Status', ...refused } })}\n`);
        },
      ),
    );
    await clock.advance(5_000);
    expect(phase()).toBe('live');
    expect(table.size).toBe(1);
    expect(cell('a', 'node')).toBe('old');
    expect(api.watches.at(-1)!.request.query).toMatchObject({ resourceVersion: '5' });
  });
});
