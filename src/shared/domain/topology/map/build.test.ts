import { describe, expect, test } from 'vitest';
import { RelationGraph } from '../relation-graph';
import { buildMap, originsOf } from './build';
import { mapFacts, mapQuery, toneHealth } from './test-help';
import type { MapModel, MapQuery, MapTone } from './types';

type Manifest = Record<string, unknown>;

const base = mapQuery({ namespaces: ['shop'] });

const facts = mapFacts({
  health: toneHealth((tone) => (tone === 'bad' ? 'CrashLoop' : 'Running')),
  known: (_group, kind) => (kind === 'Secret' ? 'denied' : kind === 'PriorityClass' ? 'unread' : 'read'),
});

function object(
  kind: string,
  name: string,
  rest: Manifest = {},
  {
    apiVersion = 'v1',
    labels = {},
    owner,
    namespace = 'shop',
  }: {
    apiVersion?: string;
    labels?: Record<string, string>;
    owner?: readonly [kind: string, name: string, apiVersion?: string];
    namespace?: string;
  } = {},
): Manifest {
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      uid: `${kind}-${name}`,
      labels,
      ...(namespace === '' ? {} : { namespace }),
      ...(owner
        ? {
            ownerReferences: [
              {
                kind: owner[0],
                name: owner[1],
                apiVersion: owner[2] ?? 'apps/v1',
                uid: `${owner[0]}-${owner[1]}`,
                controller: true,
              },
            ],
          }
        : {}),
    },
    ...rest,
  };
}

const template = {
  metadata: { labels: { app: 'web' } },
  spec: { volumes: [{ configMap: { name: 'conf' } }] },
};
const deployment = object('Deployment', 'web', { spec: { template } }, { apiVersion: 'apps/v1' });
const replicaSet = object(
  'ReplicaSet',
  'web-1',
  { spec: { template } },
  { apiVersion: 'apps/v1', owner: ['Deployment', 'web'], labels: { app: 'web' } },
);

function pod(name: string, tone: MapTone = 'ok', spec: Manifest = {}): Manifest {
  return object(
    'Pod',
    name,
    { spec: { nodeName: 'n1', volumes: [{ configMap: { name: 'conf' } }], ...spec } },
    { labels: { app: 'web', tone }, owner: ['ReplicaSet', 'web-1'] },
  );
}

const service = object('Service', 'web', { spec: { selector: { app: 'web' } } });
const node = object('Node', 'n1', {}, { namespace: '' });
const config = object('ConfigMap', 'conf');
const account = object('ServiceAccount', 'default');
const web = (...pods: Manifest[]): Manifest[] => [
  ...[deployment, replicaSet, service, node, config, account],
  ...pods,
];

function map(objects: readonly Manifest[], query: Partial<MapQuery> = {}): MapModel {
  const graph = new RelationGraph();
  graph.load(objects);
  return buildMap(graph, { ...base, ...query }, facts);
}

const title = (model: MapModel, at: number): string => {
  const one = model.nodes[at];
  return one?.state === 'set' ? `${one.kind} x${one.count}` : `${one?.kind} ${one?.name}`;
};

function edges(model: MapModel): string[] {
  const out: string[] = [];
  for (let i = 0; i < model.edges.length; i += 4) {
    const relation = model.terms[model.edges[i + 2]!]?.relation;
    out.push(`${title(model, model.edges[i]!)} -${relation}-> ${title(model, model.edges[i + 1]!)}`);
  }
  return out.sort();
}

const names = (model: MapModel): string[] => model.nodes.map((_, i) => title(model, i)).sort();
const find = (model: MapModel, kind: string) => model.nodes.find((one) => one.kind === kind);

describe('folding', () => {
  test('a ReplicaSet is its Deployment, owners point at what they own, templates speak for pods', () => {
    const model = map(web(pod('a'), pod('b')));
    expect(names(model)).toEqual([
      'ConfigMap conf',
      'Deployment web',
      'Node n1',
      'Pod a',
      'Pod b',
      'Service web',
    ]);
    expect(edges(model)).toEqual([
      'Deployment web -mounts-> ConfigMap conf',
      'Deployment web -owner-> Pod a',
      'Deployment web -owner-> Pod b',
      'Pod a -runs-on-> Node n1',
      'Pod b -runs-on-> Node n1',
      'Service web -selects-> Pod a',
      'Service web -selects-> Pod b',
    ]);
  });

  test("what only a pod refers to stays the pod's", () => {
    const own = pod('a', 'ok', { volumes: [{ persistentVolumeClaim: { claimName: 'data' } }] });
    expect(edges(map([...web(own), object('PersistentVolumeClaim', 'data')]))).toContain(
      'Pod a -mounts-> PersistentVolumeClaim data',
    );
  });

  test('owners in a circle end', () => {
    const one = object('Deployment', 'a', {}, { apiVersion: 'apps/v1', owner: ['Deployment', 'b'] });
    const two = object('Deployment', 'b', {}, { apiVersion: 'apps/v1', owner: ['Deployment', 'a'] });
    const self = object('Pod', 'me', {}, { owner: ['Pod', 'me', 'v1'] });
    expect(map([one, two, self], { groupBy: 'owner' }).nodes).toHaveLength(3);
  });
});

describe('sets', () => {
  const many = (count: number, bad = 0): Manifest[] =>
    web(...Array.from({ length: count }, (_, i) => pod(`p${i}`, i < bad ? 'bad' : 'ok')));

  test.each<[number, Partial<MapQuery>, string[]]>([
    [8, {}, ['Pod p0', 'Pod p1', 'Pod p2', 'Pod p3', 'Pod p4', 'Pod p5', 'Pod p6', 'Pod p7']],
    [9, {}, ['Pod x9']],
    [10_000, {}, ['Pod x10000']],
  ])('%i pods of one owner', (count, query, wanted) => {
    expect(names(map(many(count), query)).filter((name) => name.startsWith('Pod'))).toEqual(wanted);
  });

  test('open again by id, or all', () => {
    const id = find(map(many(12)), 'Pod')!.id;
    expect(names(map(many(12), { expanded: [id] })).filter((name) => name.startsWith('Pod'))).toHaveLength(
      12,
    );
    expect(names(map(many(12), { expandAll: true })).filter((name) => name.startsWith('Pod'))).toHaveLength(
      12,
    );
  });

  test('problems bubble up, with how many and which', () => {
    const model = map(many(12, 3));
    expect(find(model, 'Pod')).toMatchObject({ state: 'set', tone: 'bad', words: '3 of 12: CrashLoop' });
    expect(model.frames.find((frame) => frame.title === 'web')).toMatchObject({ bad: 3 });
    expect(find(model, 'Service')).toMatchObject({ tone: 'warn', badge: '9/12' });
  });

  test('edges of the members are one with a count', () => {
    const model = map(many(12));
    const at = edges(model).indexOf('Service web -selects-> Pod x12');
    expect(at).toBeGreaterThanOrEqual(0);
    const counts: number[] = [];
    for (let i = 0; i < model.edges.length; i += 4)
      if (model.terms[model.edges[i + 2]!]?.relation === 'selects') counts.push(model.edges[i + 3]!);
    expect(counts).toEqual([12]);
  });

  test('with a filter only what passes is counted', () => {
    expect(names(map(many(12, 3), { tones: ['bad'] })).filter((name) => name.startsWith('Pod'))).toEqual([
      'Pod p0',
      'Pod p1',
      'Pod p2',
    ]);
  });
});

describe('what is not there', () => {
  const asking = (spec: Manifest): MapModel => map(web(pod('a', 'ok', spec)));

  test('missing: drawn, and who needs it is warned', () => {
    const model = asking({ volumes: [{ configMap: { name: 'gone' } }] });
    expect(model.nodes.find((one) => one.name === 'gone')).toMatchObject({ state: 'missing', tone: 'bad' });
    expect(find(model, 'Pod')).toMatchObject({ tone: 'warn', words: 'ConfigMap gone is missing' });
  });

  test('optional: drawn, nobody is warned', () => {
    const model = asking({ volumes: [{ configMap: { name: 'gone', optional: true } }] });
    expect(model.nodes.find((one) => one.name === 'gone')).toMatchObject({ state: 'missing', tone: 'idle' });
    expect(find(model, 'Pod')).toMatchObject({ tone: 'ok' });
  });

  test('a kind that may not be read is not called missing, and is told', () => {
    const model = asking({ volumes: [{ secret: { secretName: 'key' } }] });
    expect(find(model, 'Secret')).toMatchObject({ state: 'unread', tone: 'idle' });
    expect(model.denied).toEqual(['Secret.']);
    expect(find(model, 'Pod')).toMatchObject({ tone: 'ok' });
  });

  test('a kind nobody read is left out', () => {
    expect(names(asking({ priorityClassName: 'high' })).join()).not.toContain('PriorityClass');
  });
});

describe('frames', () => {
  test('what one application uses is in it, what several use is shared, nodes join nobody', () => {
    const other = object(
      'Deployment',
      'api',
      { spec: { template: { ...template, metadata: { labels: { app: 'api' } } } } },
      { apiVersion: 'apps/v1' },
    );
    const own = object('ConfigMap', 'own');
    const user = object(
      'Pod',
      'x',
      { spec: { volumes: [{ configMap: { name: 'own' } }] } },
      { labels: { app: 'api' } },
    );
    const model = map([...web(pod('a')), other, own, user]);
    const frame = (name: string): string =>
      model.frames[model.nodes.find((one) => one.name === name)!.frame]!.title;
    expect([frame('conf'), frame('own'), frame('a'), frame('x'), frame('n1')]).toEqual([
      'Shared',
      'api',
      'web',
      'api',
      'Cluster',
    ]);
  });

  test('placement: pods by node, and those without one apart', () => {
    const waiting = object('Pod', 'waits', { spec: {} }, { labels: { tone: 'warn' } });
    const model = map([...web(pod('a')), waiting], { view: 'placement', groupBy: 'node' });
    expect(model.frames.map(({ title: text, count }) => [text, count])).toEqual([
      ['Not placed on a node', 1],
      ['n1', 2],
    ]);
  });
});

describe('from one object', () => {
  const of = { group: '', kind: 'ConfigMap', namespace: 'shop', name: 'conf' };

  test('steps are columns: what needs it left', () => {
    const model = map(web(pod('a')), { view: 'object', object: of, depth: 1 });
    const ranks = Object.fromEntries(model.nodes.map((one) => [`${one.kind} ${one.name}`, one.rank]));
    expect(ranks['ConfigMap conf']).toBe(0);
    expect(ranks['Deployment web']).toBe(-1);
    expect(Object.keys(ranks)).not.toContain('Service web');
  });

  test('what breaks: those that need it and those that need them, not what it needs', () => {
    const model = map(web(pod('a')), { view: 'dependants', object: of, depth: 4 });
    const found = names(model);
    expect(found).toEqual(
      expect.arrayContaining(['ConfigMap conf', 'Deployment web', 'Pod a', 'Service web']),
    );
    expect(found).not.toContain('Node n1');
  });

  test('an object that is not known gives an empty map', () => {
    expect(map(web(), { view: 'object', object: { ...of, name: 'nobody' } }).nodes).toEqual([]);
  });
});

test('origins of a joined edge name field and value of each member', () => {
  const graph = new RelationGraph();
  graph.load(web(...Array.from({ length: 9 }, (_, i) => pod(`p${i}`))));
  const model = buildMap(graph, base, facts);
  const at = (kind: string): number => model.nodes.findIndex((one) => one.kind === kind);
  const found = originsOf(model, at('Service'), at('Pod'), base);
  expect(found).toHaveLength(9);
  expect(found[0]).toMatchObject({ relation: 'selects', field: 'spec.selector', rule: 'T2' });
  expect(originsOf(model, at('Deployment'), at('Pod'), base)).toHaveLength(9);
});

test('the same objects in another order give the same map', () => {
  const objects = web(...Array.from({ length: 12 }, (_, i) => pod(`p${i}`, i === 3 ? 'bad' : 'ok')));
  const one = map(objects);
  const two = map([...objects].reverse());
  expect(names(two)).toEqual(names(one));
  expect(edges(two)).toEqual(edges(one));
  expect(two.frames).toEqual(one.frames);
});
