/** A map that follows changes in place is the map that is made anew after each of them, places and all. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MapBatch, MapWhole, WireNode } from '#shared/contract/topology';
import { LiveGraph } from '#shared/domain/topology/map/live-graph';
import type { GroupBy, MapFacts, MapFrame, MapView } from '#shared/domain/topology/map/types';
import { RelationGraph } from '#shared/domain/topology/relation-graph';
import { ObjectHealth } from './health';
import { LiveMap, type MapSource } from './live-map';
import type { MapUpdate } from './service';

type Json = Record<string, unknown>;

const base: MapUpdate = {
  view: 'apps',
  namespaces: [],
  object: null,
  depth: 2,
  groupBy: 'app',
  expanded: [],
  expandAll: false,
  text: '',
  kinds: [],
  tones: [],
  aspect: 1.6,
  observed: false,
  hidden: false,
  request: 1,
};

/** A map and what its reader has of it. `anew`: it is never followed in place. */
class Watched {
  readonly types: string[] = [];
  readonly source: MapSource;
  readonly live = new LiveGraph(() => new RelationGraph());
  private readonly map = new LiveMap((_group, kind) => kind.toLowerCase());
  private nodes: readonly WireNode[] = [];
  private frames: readonly MapFrame[] = [];
  private whole: Omit<MapWhole, 'nodes' | 'frames' | 'keep'> | undefined;
  private said: unknown;

  constructor(
    private readonly update: MapUpdate,
    private readonly anew: boolean,
  ) {
    const health = new ObjectHealth();
    const facts: MapFacts = {
      tag: (_group, kind) => kind,
      health: (node) => health.of(node),
      badge: (node) => health.badge(node),
      known: (_group, kind) => (kind === 'Secret' ? 'denied' : kind === 'PriorityClass' ? 'unread' : 'read'),
    };
    this.source = { live: this.live, facts, phase: 'live', loaded: 1, denied: [], error: undefined };
  }

  take(): MapBatch | undefined {
    if (this.anew) this.live.remake();
    const kind = { group: 'apps', kind: 'Deployment' } as never;
    const batch = this.map.take(this.source, this.update, kind, undefined);
    if (batch) this.read(batch);
    return batch;
  }

  get state(): Json {
    return { nodes: this.nodes, frames: this.frames, ...this.whole, said: this.said };
  }

  private read({ map, ...said }: MapBatch): void {
    this.types.push(map.type);
    this.said = said;
    if (map.type === 'states') {
      this.nodes = this.nodes.map((node, at) => map.nodes[map.at.indexOf(at)] ?? node);
      this.frames = this.frames.map((frame, at) => map.frames[map.frameAt.indexOf(at)] ?? frame);
      return;
    }
    const { keep, nodes, frames, ...whole } = map;
    const before = this.nodes;
    this.nodes = keep ? Array.from(keep, (at) => (at >= 0 ? before[at]! : nodes[-1 - at]!)) : nodes;
    this.frames = frames;
    this.whole = whole;
  }
}

const uidOf = (kind: string, namespace: string, name: string): string => `${kind}.${namespace}.${name}`;

function object(kind: string, namespace: string, name: string, rest: Json = {}, meta: Json = {}): Json {
  const group = GROUPS[kind];
  const place = namespace === '' ? {} : { namespace };
  const uid = uidOf(kind, namespace, name);
  return {
    apiVersion: group === undefined ? 'v1' : `${group}/v1`,
    kind,
    metadata: { name, uid, ...place, ...meta },
    ...rest,
  };
}

const GROUPS: Readonly<Record<string, string>> = {
  Deployment: 'apps',
  ReplicaSet: 'apps',
  Ingress: 'networking.k8s.io',
};

const owned = (kind: string, namespace: string, name: string): Json => ({
  ownerReferences: [
    { apiVersion: 'apps/v1', kind, name, uid: uidOf(kind, namespace, name), controller: true },
  ],
});

/** Without these every pod lacks something. */
const GIVEN = [
  object('ServiceAccount', 'a', 'default'),
  object('ServiceAccount', 'b', 'default'),
  object('Node', '', 'n1'),
];

const space = fc.constantFrom('a', 'b');
const app = fc.constantFrom('web', 'api');

const pod = fc
  .record({ space, app, n: fc.nat(11), node: fc.constantFrom('', 'n1', 'n2'), config: app, isOdd: fc.nat(9) })
  .map(({ space: of, app: name, n, node, config, isOdd }) => {
    const spec = {
      ...(node === '' ? {} : { nodeName: node }),
      containers: [{ name: 'main' }],
      volumes: [
        { name: 'c', configMap: { name: config } },
        { name: 's', secret: { secretName: 'key' } },
      ],
    };
    const labels = { app: isOdd === 0 ? 'tools' : name };
    return object('Pod', of, `${name}-${n}`, { spec }, { labels, ...owned('ReplicaSet', of, name) });
  });

const others = fc.record({ space, app, n: fc.constantFrom('n1', 'n2'), flag: fc.boolean() }).chain((one) =>
  fc.constantFrom(
    object('Deployment', one.space, one.app, {
      spec: { replicas: one.flag ? 1 : 3, template: { metadata: { labels: { app: one.app } } } },
    }),
    object('ReplicaSet', one.space, one.app, {}, one.flag ? owned('Deployment', one.space, one.app) : {}),
    object('Service', one.space, one.app, {
      spec: {
        selector: { app: one.app },
        type: one.flag ? 'LoadBalancer' : 'ClusterIP',
        ports: [{ port: 80 }],
      },
    }),
    object('ConfigMap', one.space, one.app),
    object('Ingress', one.space, one.app, {
      spec: { defaultBackend: { service: { name: one.app, port: { number: 80 } } } },
    }),
    object('Node', '', one.n, {}, one.flag ? { labels: { 'topology.kubernetes.io/zone': 'z' } } : {}),
    object('Namespace', '', one.space),
  ),
);

/** A state for any kind: of each only those fields are read that it has. */
const status = fc
  .record({
    phase: fc.constantFrom('Running', 'Pending', 'Failed', 'Succeeded', 'Active', 'Terminating'),
    ready: fc.boolean(),
    count: fc.nat(3),
  })
  .map(({ phase, ready, count }) => ({
    phase,
    conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
    containerStatuses: [{ name: 'main', ready, restartCount: count, state: { running: {} } }],
    replicas: 3,
    readyReplicas: count,
    availableReplicas: count,
    updatedReplicas: 3,
  }));

/** An object comes or is another one; one that is there gets another state; or it goes. */
const put = fc.record({ type: fc.constant('put' as const), object: fc.oneof(pod, others), status });
const change = fc.oneof(
  { weight: 2, arbitrary: put },
  { weight: 12, arbitrary: fc.record({ type: fc.constant('state' as const), pick: fc.nat(), status }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('goes' as const), pick: fc.nat() }) },
);
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

const query = fc
  .record({
    view: fc.constantFrom<MapView>(
      ...(['overview', 'apps', 'object', 'traffic', 'placement', 'storage', 'access', 'dependants'] as const),
    ),
    groupBy: fc.constantFrom<GroupBy>('app', 'owner', 'namespace', 'node', 'zone'),
    namespaces: fc.constantFrom<readonly string[]>([], ['a']),
    expandAll: fc.boolean(),
    text: fc.constantFrom('', '', 'web', 'app=api'),
    tones: fc.constantFrom<readonly ('bad' | 'warn' | 'ok')[]>([], [], [], ['bad', 'warn'], ['ok']),
  })
  .map((one): MapUpdate => {
    const isOfOne = one.view === 'object' || one.view === 'dependants';
    return {
      ...base,
      ...one,
      groupBy: one.view === 'overview' ? 'namespace' : one.groupBy,
      namespaces: [...one.namespaces],
      tones: [...one.tones],
      object: isOfOne ? { kind: 'deployments.apps', namespace: 'a', name: 'web' } : null,
    };
  });

/** The objects there are, by uid, in step with any number of maps. */
function apply(objects: Map<string, Json>, maps: readonly Watched[], one: Change): void {
  const there = [...objects.keys()];
  let uid = there[(one.type === 'put' ? 0 : one.pick) % there.length] ?? '';
  if (one.type === 'put') {
    ({ uid } = one.object['metadata'] as { uid: string });
    objects.set(uid, { ...one.object, status: one.status });
  } else if (one.type === 'state') {
    const before = objects.get(uid);
    if (before) objects.set(uid, { ...before, status: one.status });
  } else objects.delete(uid);
  const now = objects.get(uid);
  for (const { live } of maps) {
    if (now) live.upsert(uid, now);
    else live.remove(uid);
  }
}

describe('followed in place', () => {
  test('is made anew, after any changes', () => {
    let followed = 0;
    fc.assert(
      fc.property(
        query,
        fc.array(put, { minLength: 20, maxLength: 80, size: 'max' }),
        fc.array(fc.array(change, { minLength: 1, maxLength: 3 }), { maxLength: 25, size: 'max' }),
        (update, first, steps) => {
          const one = new Watched(update, false);
          const other = new Watched(update, true);
          const objects = new Map<string, Json>();
          for (const { live } of [one, other]) live.load(GIVEN);
          for (const changes of [first, ...steps]) {
            for (const each of changes) apply(objects, [one, other], each);
            one.take();
            other.take();
            expect(one.state).toEqual(other.state);
          }
          followed += one.types.filter((type) => type === 'states').length;
        },
      ),
      { numRuns: 300 },
    );
    // Else nothing was tested.
    expect(followed).toBeGreaterThan(300);
  });

  const names = (batch: MapBatch | undefined): string[] =>
    batch ? batch.map.nodes.map(({ kind, name, tone }) => `${kind} ${name} ${tone}`) : [];
  const web = (n: number, runs: boolean, labels: Json = { app: 'web' }): Json => ({
    ...object(
      'Pod',
      'a',
      `web-${n}`,
      { spec: { nodeName: 'n1', containers: [{ name: 'main' }] } },
      { labels, ...owned('ReplicaSet', 'a', 'web') },
    ),
    status: runs
      ? { phase: 'Running', containerStatuses: [{ name: 'main', ready: true, state: { running: {} } }] }
      : { phase: 'Failed' },
  });
  const shop = (pods: number, update: Partial<MapUpdate> = {}): Watched => {
    const map = new Watched({ ...base, ...update }, false);
    map.live.load([
      object('ReplicaSet', 'a', 'web', {}, owned('Deployment', 'a', 'web')),
      object('Deployment', 'a', 'web'),
      object('Service', 'a', 'web', { spec: { selector: { app: 'web' } } }),
      ...GIVEN,
      ...Array.from({ length: pods }, (_, n) => web(n, true)),
    ]);
    map.take();
    return map;
  };
  const upsert = (map: Watched, one: Json): MapBatch | undefined => {
    map.live.upsert((one['metadata'] as { uid: string }).uid, one);
    return map.take();
  };

  test('a state that changed travels alone, with that of who tells it', () => {
    const batch = upsert(shop(2), web(0, false));
    expect(batch?.map.type).toBe('states');
    expect(names(batch).sort()).toEqual(['Pod web-0 bad', 'Service web warn']);
    expect(batch?.map.frames).toMatchObject([{ title: 'a / web', bad: 1 }]);
    expect(Object.keys(batch?.map ?? {})).not.toContain('places');
  });

  test('of a set that of the set', () => {
    const batch = upsert(shop(12), web(3, false));
    expect(batch?.map.nodes).toMatchObject([{ state: 'set', words: expect.stringContaining('1 of 12') }, {}]);
  });

  test('in the overview that of a kind and of its namespace, which has one of its own', () => {
    const map = new Watched({ ...base, view: 'overview', groupBy: 'namespace' }, false);
    const namespace = (phase: string): Json => object('Namespace', '', 'a', { status: { phase } });
    const bare = (runs: boolean): Json => ({
      ...web(0, runs),
      metadata: { name: 'bare', namespace: 'a', uid: 'bare' },
    });
    map.live.load([namespace('Active'), ...GIVEN, bare(true)]);
    map.take();
    expect(names(upsert(map, bare(false))).sort()).toEqual(['Namespace a bad', 'Pod Pod bad']);
    upsert(map, bare(true));
    const batch = upsert(map, namespace('Terminating'));
    expect(batch?.map).toMatchObject({
      type: 'states',
      nodes: [{ kind: 'Namespace', words: 'Terminating' }],
    });
  });

  test('what nobody sees is not told', () => {
    const map = shop(2);
    expect(upsert(map, web(0, true))).toBeUndefined();
    expect(map.take()).toBeUndefined();
  });

  test.each<[string, Json, Partial<MapUpdate>]>([
    ['a new object', web(9, true), {}],
    ['other labels', web(0, true, { app: 'other' }), {}],
    ['another edge', { ...web(0, true), spec: { nodeName: 'n2' } }, {}],
    ['a filter it passes no longer', web(0, false), { tones: ['ok'] }],
  ])('made anew for %s', (_title, one, update) => {
    expect(upsert(shop(2, update), one)?.map.type).toBe('whole');
  });

  test('made anew when what is known of kinds is other', () => {
    const map = shop(2);
    map.live.remake();
    expect(map.take()?.map.type).toBe('whole');
  });
});
