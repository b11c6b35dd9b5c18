/** Sums, a lost node, room for a pod: tables, and properties against a count by hand. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitPod, loseNode, sumCapacity } from './capacity';
import { matchesTerm, roomsOf, take, tolerates, unfitBecause } from './placing';
import type { CapacityNode, CapacityPod } from './types';

const node = (name: string, change: Partial<CapacityNode> = {}): CapacityNode => ({
  name,
  zone: 'a',
  labels: {},
  allocatable: { cpu: 4, memory: 8 },
  pods: 10,
  extended: {},
  taints: [],
  unschedulable: false,
  ready: true,
  used: { cpu: 1, memory: 2 },
  ...change,
});
const pod = (name: string, change: Partial<CapacityPod> = {}): CapacityPod => ({
  namespace: 'shop',
  name,
  node: '',
  requests: { cpu: 1, memory: 1 },
  extended: {},
  nodeSelector: {},
  terms: [],
  tolerations: [],
  priority: 0,
  bound: false,
  bare: false,
  unjudged: [],
  ...change,
});

test('sums by node, zone and namespace; what waits counts for its namespace only', () => {
  const nodes = [node('n1'), node('n2', { zone: 'b', unschedulable: true, used: null })];
  const pods = [pod('a', { node: 'n1' }), pod('b', { node: 'n2', namespace: 'web' }), pod('c')];
  const found = sumCapacity(nodes, pods, new Map([['shop', { cpu: 0.5, memory: 1 }]]));
  expect(found.totals).toEqual({
    nodes: 2,
    pods: 2,
    room: 20,
    pending: 1,
    closed: { cpu: 4, memory: 8 },
    allocatable: { cpu: 8, memory: 16 },
    requested: { cpu: 2, memory: 2 },
    used: { cpu: 1, memory: 2 },
  });
  expect(found.nodes.map((row) => [row.name, row.requested.cpu, row.closed])).toEqual([
    ['n1', 1, ''],
    ['n2', 1, 'cordoned'],
  ]);
  expect(found.zones.map((row) => [row.name, row.nodes, row.pods])).toEqual([
    ['a', 1, 1],
    ['b', 1, 1],
  ]);
  expect(found.namespaces.map((row) => [row.name, row.pods, row.requested.cpu, row.used])).toEqual([
    ['shop', 2, 2, { cpu: 0.5, memory: 1 }],
    ['web', 1, 1, null],
  ]);
});

describe('whether a pod may run on a node', () => {
  const taint = { key: 'dedicated', value: 'gpu', effect: 'NoSchedule' };
  test.each([
    ['fits', {}, {}, undefined],
    ['not ready', {}, { ready: false }, 'not ready'],
    ['cordoned', {}, { unschedulable: true }, 'cordoned'],
    ['taint', {}, { taints: [taint] }, 'taint dedicated=gpu:NoSchedule is not tolerated'],
    ['soft taint', {}, { taints: [{ ...taint, effect: 'PreferNoSchedule' }] }, undefined],
    [
      'tolerated',
      { tolerations: [{ key: 'dedicated', operator: 'Exists' }] },
      { taints: [taint] },
      undefined,
    ],
    ['selector', { nodeSelector: { disk: 'ssd' } }, {}, 'node selector disk=ssd does not match'],
    [
      'affinity',
      { terms: [{ expressions: [{ key: 'disk', operator: 'In', values: ['ssd'] }], fields: [] }] },
      { labels: { disk: 'hdd' } },
      'required node affinity does not match',
    ],
    ['CPU', { requests: { cpu: 4.1, memory: 1 } }, {}, 'not enough CPU'],
    ['memory', { requests: { cpu: 1, memory: 9 } }, {}, 'not enough memory'],
    ['GPU', { extended: { 'nvidia.com/gpu': 1 } }, {}, 'not enough nvidia.com/gpu'],
    ['pods', {}, { pods: 0 }, 'no room for one more pod'],
  ] as const)('%s', (_, podChange, nodeChange, reason) => {
    const room = roomsOf([node('n', nodeChange as Partial<CapacityNode>)], []).get('n')!;
    expect(unfitBecause(pod('p', podChange as Partial<CapacityPod>), room)).toBe(reason);
  });

  test.each([
    ['In', ['a', 'b'], true],
    ['NotIn', ['a'], false],
    ['Exists', [], true],
    ['DoesNotExist', [], false],
    ['Gt', ['3'], false],
    ['Lt', ['3'], false],
    ['Odd', ['a'], false],
  ])('operator %s %j: %s', (operator, values, expected) => {
    const term = { expressions: [{ key: 'k', operator, values }], fields: [] };
    expect(matchesTerm(term, node('n', { labels: { k: 'a' } }))).toBe(expected);
  });

  test('an empty term matches nothing; a field is the name; a toleration of everything is one', () => {
    expect(matchesTerm({ expressions: [], fields: [] }, node('n'))).toBe(false);
    const field = { key: 'metadata.name', operator: 'In', values: ['n'] };
    expect(matchesTerm({ expressions: [], fields: [field] }, node('n'))).toBe(true);
    expect(tolerates([{ operator: 'Exists' }], taint)).toBe(true);
    expect(tolerates([{ key: 'dedicated', value: 'cpu' }], taint)).toBe(false);
    expect(tolerates([{ key: 'dedicated', value: 'gpu', effect: 'NoExecute' }], taint)).toBe(false);
  });
});

describe('a lost node', () => {
  test('pods find room elsewhere, the important ones first; the others say why not', () => {
    const nodes = [node('n1'), node('n2', { allocatable: { cpu: 2, memory: 8 } })];
    const pods = [
      pod('small', { node: 'n1' }),
      pod('vital', { node: 'n1', priority: 1000, requests: { cpu: 2, memory: 1 } }),
      pod('agent', { node: 'n1', bound: true }),
      pod('naked', { node: 'n1', bare: true }),
    ];
    const found = loseNode(nodes, pods, 'n1');
    expect(found.moved).toMatchObject([
      { name: 'small', to: '', why: '1 node: not enough CPU' },
      { name: 'vital', to: 'n2' },
    ]);
    expect(found).toMatchObject({ homeless: 1, bound: 1, bare: ['shop/naked'] });
    expect(found.fullest).toEqual({ name: 'n2', cpu: 1, memory: 0.125 });
  });

  test('the only node', () => {
    const found = loseNode([node('n1')], [pod('a', { node: 'n1' })], 'n1');
    expect(found.moved[0]?.why).toBe('there is no other node');
    expect(found.fullest).toBeNull();
  });

  test('whatever is there: no node is filled beyond what it has, and nobody is lost', () => {
    const amounts = fc.record({
      cpu: fc.integer({ min: 0, max: 5 }),
      memory: fc.integer({ min: 0, max: 9 }),
    });
    fc.assert(
      fc.property(
        fc.array(amounts, { minLength: 1, maxLength: 6 }),
        fc.array(fc.tuple(amounts, fc.nat(5), fc.boolean()), { maxLength: 30 }),
        (sizes, wanted) => {
          const nodes = sizes.map((allocatable, i) => node(`n${i}`, { allocatable }));
          const pods: CapacityPod[] = [];
          const rooms = roomsOf(nodes, []);
          wanted.forEach(([requests, at, bound], i) => {
            const one = pod(`p${i}`, { requests, bound, node: `n${at % nodes.length}` });
            const room = rooms.get(one.node)!;
            if (unfitBecause(one, room) !== undefined) return;
            take(room, one);
            pods.push(one);
          });
          const found = loseNode(nodes, pods, 'n0');
          const on0 = pods.filter((one) => one.node === 'n0');
          expect(found.moved.length + found.bound).toBe(on0.length);
          const after = roomsOf(nodes.slice(1), [
            ...pods.filter((one) => one.node !== 'n0'),
            ...found.moved.map((one) => pod(one.name, { requests: one.requests, node: one.to })),
          ]);
          for (const room of after.values()) {
            expect(room.cpu).toBeGreaterThanOrEqual(0);
            expect(room.memory).toBeGreaterThanOrEqual(0);
            expect(room.pods).toBeGreaterThanOrEqual(0);
          }
          // Who has no place would fit on no node even afterwards.
          for (const one of found.moved.filter(({ to }) => to === ''))
            for (const room of after.values())
              expect(unfitBecause(pod(one.name, { requests: one.requests }), room)).toBeDefined();
        },
      ),
    );
  });
});

test('a pod fits as often as there is room on each node', () => {
  const nodes = [node('n1'), node('n2', { unschedulable: true }), node('n3', { pods: 1 })];
  const found = fitPod(nodes, [pod('a', { node: 'n1', requests: { cpu: 2.5, memory: 1 } })], pod('x'), 3);
  expect(found).toMatchObject({ fits: 2, asked: 3 });
  expect(found.nodes.map(({ node: name, count, why }) => [name, count, why])).toEqual([
    ['n1', 1, 'not enough CPU'],
    ['n3', 1, 'no room for one more pod'],
    ['n2', 0, 'cordoned'],
  ]);
});
