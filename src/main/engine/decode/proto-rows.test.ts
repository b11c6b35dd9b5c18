/** Rows made from bytes are the rows made from objects: cells, labels, owner, versions. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pod } from '#shared/kinds/pod';
import real from '../../../shared/kinds/fixtures/real.json';
import { Table } from '../table';
import { cutInto } from './json-test-help';
import { objectMask } from './mask';
import { protoKinds } from './proto-kinds';
import { encode, frameOf, listOf } from './proto-test-help';
import { protoWatchDecoder } from './proto-watch';
import { protoListDecoder } from './protobuf';
import { rowLayout } from './row-layout';

type Json = Record<string, unknown>;

const schema = protoKinds.get('/v1/pods')!;
const mask = objectMask(pod);
const layout = rowLayout(pod);

/** Every row as plain data, by uid. */
function shown(table: Table): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (let row = 0; row < table.top; row++) {
    if (table.alive[row] === 0) continue;
    out[table.uid(row)] = {
      cells: table.cells(row),
      labels: [...table.rowLabels(row)].sort(),
      owner: table.owner(row),
      deleting: table.deleting[row],
    };
  }
  return out;
}

function viaRows(table: Table, bytes: Uint8Array, cuts: readonly number[] = []): void {
  const replace = table.beginReplace();
  const decoder = protoListDecoder({
    schema,
    mask,
    layout,
    onItem: () => expect.unreachable(),
    onRow: (row) => replace.addRow!(row),
  });
  for (const chunk of cutInto(bytes, cuts)) decoder.push(chunk);
  decoder.end();
  replace.commit();
}

function viaObjects(table: Table, bytes: Uint8Array): void {
  const replace = table.beginReplace();
  const decoder = protoListDecoder({ schema, mask, onItem: (object) => replace.add(object) });
  decoder.push(bytes);
  decoder.end();
  replace.commit();
}

const word = fc.constantFrom('a', 'web', 'é', 'x'.repeat(60), 'Running', 'True', '');
const at = fc
  .integer({ min: -62_200_000_000, max: 253_402_300_799 })
  .map((s) => new Date(s * 1000).toISOString());
const terminated = fc.record(
  { exitCode: fc.nat(3), reason: fc.constantFrom('Error', 'Completed', 'OOMKilled'), finishedAt: at },
  { requiredKeys: ['exitCode'] },
);
const state = fc.oneof(
  fc.constant({ running: { startedAt: '2026-01-01T00:00:00Z' } }),
  fc.record({
    waiting: fc.record({ reason: fc.constantFrom('CrashLoopBackOff', 'ErrImagePull', 'X'), message: word }),
  }),
  fc.record({ terminated }),
);
const containerStatus = fc.record(
  {
    name: fc.constantFrom('main', 'side'),
    ready: fc.boolean(),
    started: fc.boolean(),
    restartCount: fc.nat(300),
    state,
    lastState: fc.record({ terminated }),
  },
  { requiredKeys: ['name', 'ready', 'restartCount'] },
);
const container = fc.record(
  {
    name: fc.constantFrom('main', 'side'),
    image: word,
    restartPolicy: fc.constantFrom('Always', ''),
    readinessProbe: fc.record({ periodSeconds: fc.nat(20) }),
    resources: fc.record({
      requests: fc.constant({ cpu: '1', memory: '2Gi' }),
      limits: fc.constant({ memory: '1Gi' }),
    }),
  },
  { requiredKeys: ['name'] },
);
const podArb = fc.record(
  {
    metadata: fc.record(
      {
        name: fc.constantFrom('web-0', 'web-1', 'ünder', 'x'.repeat(70)),
        namespace: fc.constantFrom('shop', 'default'),
        uid: fc.oneof(fc.uuid(), fc.constantFrom('odd', 'odder', '00000000-0000-0000-0000-000000000000')),
        resourceVersion: fc.constantFrom('1', '2', '012', '99999999999999999999', 'v7', ''),
        creationTimestamp: at,
        deletionTimestamp: at,
        labels: fc.dictionary(fc.constantFrom('app', 'tier', 'b.c/d'), word, { maxKeys: 3 }),
        ownerReferences: fc.array(
          fc.record({
            apiVersion: fc.constant('apps/v1'),
            kind: fc.constantFrom('ReplicaSet', 'Job'),
            name: word,
            uid: fc.constantFrom('u1', 'u2'),
            controller: fc.boolean(),
          }),
          { maxLength: 2 },
        ),
      },
      { requiredKeys: ['name', 'namespace', 'uid', 'resourceVersion'] },
    ),
    spec: fc.record(
      {
        nodeName: fc.constantFrom('node-1', 'node-2', ''),
        serviceAccountName: word,
        priority: fc.integer(),
        priorityClassName: word,
        containers: fc.array(container, { maxLength: 2 }),
        initContainers: fc.array(container, { maxLength: 2 }),
        schedulingGates: fc.constant([{ name: 'gate' }]),
        readinessGates: fc.constant([{ conditionType: 'g' }]),
      },
      { requiredKeys: [] },
    ),
    status: fc.record(
      {
        phase: fc.constantFrom('Running', 'Pending', 'Failed', 'Succeeded', 'Unknown'),
        reason: fc.constantFrom('Evicted', 'NodeLost'),
        message: word,
        podIP: fc.constantFrom('10.0.0.1', 'fd00::1', 'é'.repeat(900)),
        qosClass: word,
        nominatedNodeName: fc.constantFrom('', 'node-9'),
        startTime: at,
        conditions: fc.array(
          fc.record({
            type: fc.constantFrom('Ready', 'PodScheduled', 'Initialized', 'ContainersReady'),
            status: fc.constantFrom('True', 'False'),
            reason: fc.constantFrom('Unschedulable', ''),
          }),
          { maxLength: 4 },
        ),
        containerStatuses: fc.array(containerStatus, { maxLength: 2 }),
        initContainerStatuses: fc.array(containerStatus, { maxLength: 2 }),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ['metadata'] },
);

describe('rows from bytes', () => {
  it('are the rows from objects, list after list, whatever the chunks', () => {
    const lists = fc.array(fc.array(podArb, { maxLength: 8 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(lists, fc.boolean(), fc.array(fc.nat(), { maxLength: 8 }), (all, noise, cuts) => {
        const rows = new Table(pod);
        const objects = new Table(pod);
        for (const pods of all) {
          const bytes = listOf(
            'PodList',
            pods.map((one) => encode(schema, one, noise)),
          );
          viaRows(rows, bytes, cuts);
          viaObjects(objects, bytes);
          expect(shown(rows)).toEqual(shown(objects));
          expect(rows.count('shop')).toBe(objects.count('shop'));
        }
        expect(rows.failedCells).toBe(0);
      }),
      { numRuns: 100 },
    );
  });

  it('of workloads whose pods differ in their status alone are those from objects as well', () => {
    // Few different pods, so that most rows meet fields that came before with another status.
    const heads = fc.array(podArb, { minLength: 1, maxLength: 3 });
    const turns = fc.array(fc.tuple(fc.nat(2), fc.nat(4), podArb), { minLength: 1, maxLength: 24 });
    fc.assert(
      fc.property(heads, turns, fc.boolean(), (pods, all, noise) => {
        const rows = new Table(pod);
        const objects = new Table(pod);
        const bytes = all.map(([head, uid, { status }], i) => {
          const from = pods[head % pods.length]!;
          const metadata = { ...from.metadata, name: `p${uid}`, uid: `u${uid}`, resourceVersion: `${i + 1}` };
          return listOf('PodList', [encode(schema, { ...from, metadata, status }, noise)]);
        });
        for (const one of bytes) {
          viaRows(rows, one);
          viaObjects(objects, one);
          expect(shown(rows)).toEqual(shown(objects));
        }
        expect(rows.failedCells).toBe(0);
      }),
      { numRuns: 100 },
    );
  });

  it('take a status that comes twice, or before other fields, as an object does', () => {
    const part = (fields: Json): Buffer => encode(schema, fields);
    const head = part({ spec: { nodeName: 'n', containers: [{ name: 'main' }] } });
    const gated = part({
      spec: { readinessGates: [{ conditionType: 'g' }], containers: [{ name: 'other', image: 'i' }] },
    });
    const failed = part({ status: { phase: 'Failed', reason: 'Evicted' } });
    const running = part({ status: { phase: 'Running' } });
    const orders = [
      [head, failed],
      [head, failed, running],
      [head, running, failed],
      [failed, head],
      [failed, gated],
      [running, head, failed],
      [running, gated],
      [gated, running],
      [head, part({ status: {} })],
      [head],
    ];
    const rows = new Table(pod);
    const objects = new Table(pod);
    [...orders, ...orders].forEach((order, i) => {
      const metadata = part({ metadata: { name: 'a', uid: 'u', resourceVersion: `${i + 1}` } });
      const bytes = listOf('PodList', [Buffer.concat([metadata, ...order])]);
      viaRows(rows, bytes);
      viaObjects(objects, bytes);
      expect(shown(rows)).toEqual(shown(objects));
    });
  });

  it('hold for more workloads than are kept as objects', () => {
    const rows = new Table(pod);
    const objects = new Table(pod);
    for (const ready of [true, false]) {
      const pods = Array.from({ length: 300 }, (_, i) => ({
        metadata: { name: `p${i}`, uid: `u${i}`, resourceVersion: ready ? '1' : '2' },
        spec: {
          nodeName: 'n',
          containers: Array.from({ length: 1 + (i % 7) }, (__, c) => ({ name: `${i}-${c}` })),
        },
        status: { phase: 'Running', containerStatuses: [{ name: `${i}-0`, ready, restartCount: i % 5 }] },
      }));
      const bytes = listOf(
        'PodList',
        pods.map((one) => encode(schema, one)),
      );
      viaRows(rows, bytes);
      viaObjects(objects, bytes);
      expect(shown(rows)).toEqual(shown(objects));
    }
  });

  it('hold for pods of a real cluster', () => {
    const pods = (real as unknown as Record<string, Json[]>)['pods'] ?? [];
    expect(pods.length).toBeGreaterThan(0);
    const bytes = listOf(
      'PodList',
      pods.map((one) => encode(schema, one)),
    );
    const rows = new Table(pod);
    const objects = new Table(pod);
    viaRows(rows, bytes);
    viaObjects(objects, bytes);
    expect(shown(rows)).toEqual(shown(objects));
  });

  it('come from watch events too, and report the columns that changed', () => {
    const one = { metadata: { name: 'a', namespace: 'n', uid: 'u', resourceVersion: '1' } };
    const table = new Table(pod);
    const changed: string[][] = [];
    table.subscribe((changes) =>
      changed.push(table.metas.flatMap((meta, i) => (changes.columns[i] === 1 ? [meta.id] : []))),
    );
    const decoder = protoWatchDecoder({
      schema,
      mask,
      layout,
      onEvent: (event) => event.type === 'DELETED' && table.remove(event.object.metadata.uid),
      onRow: (row) => table.upsertRow(row),
    });
    const send = (type: string, version: string, rest: Json): void => {
      const object = { ...one, metadata: { ...one.metadata, resourceVersion: version }, ...rest };
      decoder.push(frameOf(type, 'Pod', encode(schema, object)));
      table.flush();
    };
    send('ADDED', '1', { spec: { nodeName: 'x' } });
    send('MODIFIED', '2', { spec: { nodeName: 'y' } });
    send('MODIFIED', '3', { spec: { nodeName: 'y' } });
    send('MODIFIED', '3', { spec: { nodeName: 'z' } });
    send('MODIFIED', '4', { spec: { nodeName: 'y' }, status: { phase: 'Failed', reason: 'Evicted' } });
    send('DELETED', '5', {});
    expect(changed.slice(1)).toEqual([['node'], ['status'], []]);
    expect(table.size).toBe(0);
  });

  it('refuse what is not the wire format, and take the row anew after it', () => {
    const listed = (resourceVersion: string): Buffer =>
      listOf('PodList', [
        encode(schema, { metadata: { name: 'a', uid: 'u', resourceVersion, labels: { a: 'b' } } }),
      ]);
    const good = listed('100');
    const flips = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(flips, (changes) => {
        const bytes = Uint8Array.from(good);
        for (const [place, value] of changes) bytes[place % bytes.length] = value;
        const table = new Table(pod);
        try {
          viaRows(table, bytes);
        } catch (thrown) {
          expect((thrown as Error).constructor.name).toBe('AppFailure');
        }
        viaRows(table, listed('2'));
        expect(table.rowLabels(table.find('u')).get('a')).toBe('b');
        expect(table.size).toBe(1);
      }),
      { numRuns: 300 },
    );
  });

  it('share labels and owners with the row before only when they are the same', () => {
    const owner = (uid: string) => [{ kind: 'ReplicaSet', name: 'r', uid, controller: true }];
    const sets: Json[] = [
      { labels: { app: 'a', tier: 'x' }, ownerReferences: owner('1') },
      { labels: { app: 'a', tier: 'x' }, ownerReferences: owner('1') },
      { labels: { app: 'a', tier: 'y' }, ownerReferences: owner('2') },
      {},
      { labels: { app: 'a', tier: 'y' } },
      {
        labels: { tier: 'x', app: 'a' },
        ownerReferences: [...owner('1'), { ...owner('3')[0], controller: false }],
      },
      { labels: { app: 'a' }, ownerReferences: owner('1') },
      {},
    ];
    const pods = sets.map((more, i) => ({
      metadata: { name: `p${i}`, uid: `u${i}`, resourceVersion: '1', ...more },
    }));
    for (const noise of [false, true]) {
      const bytes = listOf(
        'PodList',
        pods.map((one) => encode(schema, one, noise)),
      );
      const rows = new Table(pod);
      const objects = new Table(pod);
      viaRows(rows, bytes);
      viaObjects(objects, bytes);
      expect(shown(rows)).toEqual(shown(objects));
      expect(rows.rowLabels(rows.find('u3')).size).toBe(0);
      expect(rows.owner(rows.find('u5'))).toBe('1');
    }
  });
});
