import { describe, expect, it } from 'vitest';
import { RelationGraph } from '../relation-graph';
import { buildMap, originsOf } from './build';
import { mapFacts, mapQuery, toneHealth } from './test-help';
import type { MapModel, MapQuery, MapTone } from './types';

type Manifest = Record<string, unknown>;

const base = mapQuery({ view: 'overview', namespaces: [], groupBy: 'namespace' });
const facts = mapFacts({
  tag: (_group, kind) => kind.toLowerCase(),
  health: toneHealth((tone) => `is ${tone}`),
  known: () => 'unread',
});

function one(apiVersion: string, kind: string, at: string, rest: Manifest = {}, tone?: MapTone): Manifest {
  const [namespace, name] = at.includes('/') ? at.split('/') : [undefined, at];
  const labels = { app: name, ...(tone ? { tone } : {}) };
  return {
    apiVersion,
    kind,
    metadata: { name, uid: `${kind}-${at}`, labels, ...(namespace ? { namespace } : {}) },
    ...rest,
  };
}
const pod = (at: string, tone: MapTone = 'ok'): Manifest =>
  one('v1', 'Pod', at, { spec: { nodeName: 'n1' } }, tone);
const allowFrom = (at: string, namespace: string): Manifest =>
  one('networking.k8s.io/v1', 'NetworkPolicy', at, {
    spec: {
      podSelector: {},
      ingress: [{ from: [{ namespaceSelector: { matchLabels: { app: namespace } } }] }],
    },
  });
const binding = (at: string, account: string): Manifest => {
  const [namespace, name] = account.split('/');
  return one('rbac.authorization.k8s.io/v1', 'RoleBinding', at, {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'r' },
    subjects: [{ kind: 'ServiceAccount', name, namespace }],
  });
};
const space = (name: string, tone: MapTone = 'ok'): Manifest => one('v1', 'Namespace', name, {}, tone);
const account = (at: string): Manifest => one('v1', 'ServiceAccount', at);

const cluster: Manifest[] = [
  ...['shop', 'web', 'idle'].map((name) => space(name)),
  space('going', 'progress'),
  pod('shop/a'),
  pod('shop/b', 'bad'),
  pod('shop/c', 'warn'),
  one('v1', 'Service', 'shop/a', { spec: { selector: { app: 'a' } } }),
  pod('web/x'),
  account('web/runner'),
  binding('shop/one', 'web/runner'),
  binding('shop/two', 'web/runner'),
  allowFrom('shop/np', 'web'),
  one('v1', 'Node', 'n1', {}, 'ok'),
];

function map(objects: readonly Manifest[] = cluster, query: Partial<MapQuery> = {}): MapModel {
  const graph = new RelationGraph({ clusterScoped: (_g, kind) => kind === 'Namespace' || kind === 'Node' });
  graph.load(objects);
  return buildMap(graph, { ...base, ...query }, facts);
}
const rows = (model: MapModel, frame: string): string[] =>
  model.nodes
    .filter((node) => model.frames[node.frame]!.title === frame)
    .sort((a, b) => (a.order < b.order ? -1 : 1))
    .map(
      (node) =>
        `${node.kind} ${node.name} ${node.state === 'set' ? `x${node.count}` : node.badge} ${node.tone}`,
    );
const edges = (model: MapModel): string[] => {
  const out: string[] = [];
  for (let i = 0; i < model.edges.length; i += 4)
    out.push(
      `${model.nodes[model.edges[i]!]!.name} -${model.terms[model.edges[i + 2]!]!.relation} x${model.edges[i + 3]}-> ${model.nodes[model.edges[i + 1]!]!.name}`,
    );
  return out.sort();
};

describe('overview by namespace', () => {
  it('shows a frame for each namespace with its kinds counted, the worst state first', () => {
    const model = map();
    expect(model.frames.map(({ title, count, bad, warn }) => [title, count, bad, warn])).toEqual([
      ['going', 0, 0, 0],
      ['idle', 0, 0, 0],
      ['shop', 7, 1, 1],
      ['web', 2, 0, 0],
      ['Cluster', 1, 0, 0],
    ]);
    expect(rows(model, 'shop')).toEqual([
      'Namespace shop 7 bad',
      'Service Service x1 ok',
      'NetworkPolicy NetworkPolicy x1 none',
      'Pod Pod x3 bad',
      'RoleBinding RoleBinding x2 none',
    ]);
    expect(model.nodes.find(({ name }) => name === 'shop')).toMatchObject({ words: '1 of 7: is bad' });
    expect(rows(model, 'Cluster')).toEqual(['Node Node x1 ok']);
  });

  it('draws only what leads from one namespace to another, as one edge with a count', () => {
    // The policy lets the one pod of web to each of its pods; both bindings name its account.
    const found = edges(map());
    expect(found).toEqual(expect.arrayContaining([expect.stringMatching(/^shop -subject x2-> web$/)]));
    expect(found.every((edge) => !edge.includes('-> shop') || edge.startsWith('web'))).toBe(true);
    expect(found.join()).not.toMatch(/owner|selects|runs-on/);
  });

  it('tells where such an edge comes from', () => {
    const model = map();
    const at = (name: string): number => model.nodes.findIndex((node) => node.id === `space:${name}`);
    const origins = originsOf(model, at('shop'), at('web'), base);
    expect(
      origins
        .filter(({ relation }) => relation === 'subject')
        .map(({ holder }) => holder.name)
        .sort(),
    ).toEqual(['one', 'two']);
  });

  it('says that a namespace is going or empty; an empty one passes no filter', () => {
    const model = map();
    expect(rows(model, 'idle')).toEqual(['Namespace idle 0 none']);
    expect(model.nodes.find(({ name }) => name === 'going')).toMatchObject({
      tone: 'progress',
      words: 'is progress',
    });
    const bad = map(cluster, { tones: ['bad'] });
    expect(bad.frames.map(({ title, count }) => [title, count])).toEqual([['shop', 1]]);
    expect(bad.total).toBe(10);
  });

  it('does without the Namespaces themselves where they may not be read', () => {
    const model = map(cluster.filter(({ kind }) => kind !== 'Namespace'));
    expect(model.frames.map(({ title }) => title)).toEqual(['shop', 'web', 'Cluster']);
    expect(model.nodes.find(({ name }) => name === 'web')).toMatchObject({
      state: 'present',
      uid: '',
      badge: '2',
    });
  });

  it('keeps edges apart however many empty namespaces there are', () => {
    const many = Array.from({ length: 40 }, (_, i) => space(`n${String(i).padStart(2, '0')}`));
    expect(edges(map([...many, ...cluster]))).toEqual(edges(map()));
  });

  it('is the same for the same objects in any order', () => {
    const ids = (model: MapModel): string[] => model.nodes.map(({ id }) => id).sort();
    const turned = map([...cluster].reverse());
    expect(ids(turned)).toEqual(ids(map()));
    expect(edges(turned)).toEqual(edges(map()));
  });
});
