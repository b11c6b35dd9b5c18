/** What holds for any objects: increments equal a rebuild, order says nothing, nothing throws. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RelationGraph } from './relation-graph';
import { graphOf, labels, o, ownedBy, snapshot, told } from './test-help';

const name = fc.constantFrom('x', 'y', 'z-0');
const namespace = fc.constantFrom('a', 'b');
const map = fc.dictionary(
  fc.constantFrom('app', 'tier', '__proto__', 'app.kubernetes.io/instance'),
  fc.constantFrom('x', 'y'),
  { maxKeys: 3 },
);
const uid = (kind: string, ns: string, n: string, round: number): string => `${kind}-${ns}-${n}-${round}`;

const selector = fc.oneof(fc.constant(null), fc.constant({}), fc.record({ matchLabels: map }));

/** Objects of kinds that look at each other, few names, so that they meet. */
const object = fc
  .record({
    kind: fc.constantFrom(
      'Pod',
      'Service',
      'ReplicaSet.apps',
      'PodDisruptionBudget.policy',
      'Namespace',
      'PersistentVolumeClaim',
      'PersistentVolume',
      'StorageClass.storage.k8s.io',
      'StatefulSet.apps',
      'NetworkPolicy.networking.k8s.io',
      'HTTPRoute.gateway.networking.k8s.io',
      'ReferenceGrant.gateway.networking.k8s.io',
      'Application.argoproj.io',
      'Lease.coordination.k8s.io',
    ),
    namespace,
    name,
    map,
    selector,
    other: name,
    otherNamespace: namespace,
    round: fc.integer({ min: 0, max: 1 }),
    flag: fc.boolean(),
  })
  .map(({ kind, namespace: ns, name: n, map: m, selector: s, other, otherNamespace, round, flag }) => {
    const cluster = ['Namespace', 'PersistentVolume', 'StorageClass.storage.k8s.io'].includes(kind);
    const spec: Record<string, unknown> = {
      selector: kind === 'Service' ? m : s,
      podSelector: s,
      ingress: [{ from: [{ namespaceSelector: s, podSelector: { matchLabels: m } }] }],
      volumeName: other,
      claimRef: {
        namespace: otherNamespace,
        name: other,
        uid: uid('PersistentVolumeClaim', otherNamespace, other, round),
      },
      volumeClaimTemplates: [{ metadata: { name: 'z' } }],
      rules: [{ backendRefs: [{ name: other, namespace: otherNamespace }] }],
      from: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: otherNamespace }],
      to: [{ group: '', kind: 'Service' }],
      holderIdentity: other,
      volumes: [{ name: 'v', ephemeral: {} }, { configMap: { name: other, optional: flag } }],
    };
    const annotations = { 'storageclass.kubernetes.io/is-default-class': String(flag) };
    return o(
      kind,
      cluster ? n : `${ns}/${n}`,
      { spec },
      {
        uid: uid(kind, cluster ? '' : ns, n, round),
        ...labels(m),
        annotations,
        ...ownedBy('ReplicaSet.apps', other, uid('ReplicaSet.apps', otherNamespace, other, round)),
      },
    );
  });

const keyOf = (one: Record<string, unknown>): string =>
  `${String(one.kind)} ${JSON.stringify([(one.metadata as Record<string, unknown>).namespace, (one.metadata as Record<string, unknown>).name])}`;

it('any sequence of upserts and removes equals a rebuild of what is left', () => {
  const step = fc.oneof(
    { arbitrary: object.map((one) => ({ one, remove: false })), weight: 3 },
    { arbitrary: object.map((one) => ({ one, remove: true })), weight: 1 },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const graph = new RelationGraph();
      const left = new Map<string, Record<string, unknown>>();
      const live = new Set<unknown>();
      for (const { one, remove } of steps) {
        const had = left.get(keyOf(one));
        const changes = remove
          ? graph.remove(String((had?.metadata as { uid?: string } | undefined)?.uid ?? 'none'))
          : graph.upsert(one);
        if (remove) left.delete(keyOf(one));
        else left.set(keyOf(one), one);
        for (const edge of changes.removed) expect(live.delete(edge)).toBe(true);
        for (const edge of changes.added) live.add(edge);
      }
      expect(snapshot(graph)).toEqual(snapshot(graphOf(...left.values())));
      expect(live).toEqual(new Set(graph.edges()));
    }),
    { numRuns: 300 },
  );
});

it('the order of objects says nothing', () => {
  const set = fc.uniqueArray(object, { selector: keyOf, maxLength: 25 });
  fc.assert(
    fc.property(
      set.chain((objects) =>
        fc.tuple(fc.constant(objects), fc.shuffledSubarray(objects, { minLength: objects.length })),
      ),
      ([objects, shuffled]) => {
        expect(snapshot(graphOf(...shuffled))).toEqual(snapshot(graphOf(...objects)));
      },
    ),
    { numRuns: 200 },
  );
});

it('nothing an object holds throws', () => {
  const junk = fc.oneof(
    fc.jsonValue(),
    fc.constant(undefined),
    fc.constantFrom(null, [], {}, [null], '', 0, true, ['x'], { name: 1 }),
  );
  fc.assert(
    fc.property(object, fc.array(fc.tuple(fc.nat(), junk), { maxLength: 6 }), (one, cuts) => {
      const hostile = JSON.parse(JSON.stringify(one)) as Record<string, unknown>;
      for (const [at, value] of cuts) mutate(hostile, at, structuredClone(value));
      const graph = new RelationGraph();
      graph.upsert(hostile);
      graph.upsert(one);
      graph.load([hostile, one]);
      graph.remove(String((one.metadata as { uid: string }).uid));
    }),
    { numRuns: 500 },
  );
  for (const bad of [
    null,
    1,
    'x',
    [],
    {},
    { kind: 'Pod' },
    { kind: 'Pod', metadata: null },
    { kind: 1, metadata: { name: 'x' } },
  ]) {
    expect(snapshot(graphOf(bad))).toEqual([]);
  }
});

/** Puts a value at the n-th place of an object. */
function mutate(target: Record<string, unknown>, at: number, value: unknown): void {
  const places: [Record<string, unknown>, string][] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const key of Object.keys(node)) {
      places.push([node as Record<string, unknown>, key]);
      visit((node as Record<string, unknown>)[key]);
    }
  };
  visit(target);
  const place = places[at % places.length];
  if (place) place[0][place[1]] = value;
}

it('a change that changes no relation changes no edge', () => {
  const pod = (phase: string): unknown =>
    o('Pod', 'a/p', { spec: { nodeName: 'n' }, status: { phase } }, { uid: 'p', ...labels({ app: 'x' }) });
  const graph = graphOf(pod('Pending'), o('Service', 'a/s', { spec: { selector: { app: 'x' } } }));
  expect(graph.upsert(pod('Running'))).toEqual({ added: [], removed: [] });
});

it('another object of the same name takes the place of the first', () => {
  const graph = graphOf(
    o('ReplicaSet.apps', 'a/w', {}, { uid: 'r1' }),
    o('Pod', 'a/p', {}, ownedBy('ReplicaSet.apps', 'w', 'r1')),
  );
  const { added, removed } = graph.upsert(o('ReplicaSet.apps', 'a/w', {}, { uid: 'r2' }));
  expect(removed.filter((edge) => edge.rule === 'T1').map((edge) => edge.to.id)).toEqual([
    'apps/ReplicaSet/a/w',
  ]);
  expect(added.filter((edge) => edge.rule === 'T1').map(told)).toEqual([
    'Pod/a/p owner ReplicaSet/a/w (missing)',
  ]);
});
