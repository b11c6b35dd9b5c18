import { expect, test } from 'vitest';
import { drainCommand, drainSummary, kubectlDefaults, planDrain, type DrainOptions } from './drain';
import type { Thing } from './types';

const owner = (kind: string, uid = 'o'): Thing => ({
  ownerReferences: [{ kind, name: 'own', uid, controller: true }],
});

function pod(
  name: string,
  metadata: Thing = owner('ReplicaSet'),
  more: { spec?: Thing; phase?: string; ready?: boolean } = {},
): Thing {
  return {
    metadata: { name, namespace: 'shop', uid: name, labels: { app: 'web' }, ...metadata },
    spec: more.spec ?? {},
    status: {
      phase: more.phase ?? 'Running',
      conditions: [{ type: 'Ready', status: more.ready === false ? 'False' : 'True' }],
    },
  };
}

function budget(name: string, status: Thing, spec: Thing = { maxUnavailable: 0 }): Thing {
  return {
    metadata: { name, namespace: 'shop', uid: name },
    spec: { selector: { matchLabels: { app: 'web' } }, ...spec },
    status,
  };
}

const local = { volumes: [{ name: 'tmp', emptyDir: {} }] };
const none = { disruptionsAllowed: 0, currentHealthy: 1, desiredHealthy: 1, expectedPods: 1 };

function one(
  of: Thing,
  options: Partial<DrainOptions> = {},
  budgets: readonly Thing[] = [],
  sets: readonly string[] = ['ds'],
) {
  const [row] = planDrain(
    { pods: [of], budgets, daemonSets: new Set(sets) },
    { ...kubectlDefaults, ...options },
  );
  return row && { verdict: row.verdict, kind: row.kind, held: row.held };
}

test.each<[string, Thing, Partial<DrainOptions>, string, string]>([
  ['of a ReplicaSet', pod('a'), {}, 'evict', 'plain'],
  ['of a DaemonSet', pod('a', owner('DaemonSet', 'ds')), {}, 'stays', 'daemonset'],
  [
    'of a DaemonSet, not to be left',
    pod('a', owner('DaemonSet', 'ds')),
    { ignoreDaemonSets: false },
    'stops',
    'daemonset',
  ],
  ['of a DaemonSet that is gone', pod('a', owner('DaemonSet', 'old')), {}, 'stops', 'bare'],
  [
    'of a DaemonSet that is gone, forced',
    pod('a', owner('DaemonSet', 'old')),
    { force: true },
    'evict',
    'plain',
  ],
  ['mirror', pod('a', { annotations: { 'kubernetes.io/config.mirror': 'x' } }), {}, 'stays', 'mirror'],
  ['bare', pod('a', {}), {}, 'stops', 'bare'],
  ['bare, forced', pod('a', {}), { force: true }, 'evict', 'bare'],
  ['bare but finished', pod('a', {}, { phase: 'Succeeded' }), {}, 'evict', 'finished'],
  ['local data', pod('a', undefined, { spec: local }), {}, 'stops', 'local-data'],
  [
    'local data, given up',
    pod('a', undefined, { spec: local }),
    { deleteEmptyDir: true },
    'evict',
    'local-data',
  ],
  ['local data but finished', pod('a', undefined, { spec: local, phase: 'Failed' }), {}, 'evict', 'finished'],
  ['ending already', pod('a', { deletionTimestamp: 'x' }), {}, 'evict', 'leaving'],
])('a pod %s', (_name, of, options, verdict, kind) => {
  expect(one(of, options)).toEqual({ verdict, kind, held: undefined });
});

test.each<[string, Thing, readonly Thing[], RegExp | undefined]>([
  ['never', pod('a'), [budget('db', none)], /db never lets it go: maxUnavailable 0 wants 1 healthy of 1/],
  [
    'not now',
    pod('a'),
    [budget('db', { ...none, expectedPods: 3, desiredHealthy: 2, currentHealthy: 2 }, { minAvailable: 2 })],
    /allows no disruption now: 2 of 3 healthy, 2 wanted \(minAvailable 2\)/,
  ],
  ['lets it go', pod('a'), [budget('db', { ...none, disruptionsAllowed: 1 })], undefined],
  [
    'two budgets',
    pod('a'),
    [budget('db', none), budget('b', none)],
    /More than one PodDisruptionBudget selects it \(db, b\)/,
  ],
  ['of other pods', pod('a'), [budget('db', none, { selector: { matchLabels: { app: 'x' } } })], undefined],
  ['not ready, enough others', pod('a', undefined, { ready: false }), [budget('db', none)], undefined],
  [
    'not ready, none to spare',
    pod('a', undefined, { ready: false }),
    [budget('db', { ...none, currentHealthy: 0 })],
    /never lets it go/,
  ],
  [
    'not ready, always allowed',
    pod('a', undefined, { ready: false }),
    [budget('db', { ...none, currentHealthy: 0 }, { unhealthyPodEvictionPolicy: 'AlwaysAllow' })],
    undefined,
  ],
  [
    'not worked out yet',
    pod('a'),
    [
      {
        ...budget('db', { ...none, observedGeneration: 1 }),
        metadata: { name: 'db', namespace: 'shop', generation: 2 },
      },
    ],
    /not been worked out yet/,
  ],
])('a budget: %s', (_name, of, budgets, words) => {
  const held = one(of, {}, budgets)?.held;
  if (words) expect(held).toMatch(words);
  else expect(held).toBeUndefined();
});

test('a budget that lets one go holds the second of the same drain', () => {
  const rows = planDrain(
    {
      pods: [pod('a'), pod('b')],
      budgets: [budget('web', { ...none, disruptionsAllowed: 1 })],
      daemonSets: new Set(),
    },
    kubectlDefaults,
  );
  expect(rows.map((row) => row.held !== undefined)).toEqual([true, false]);
  expect(rows[0]?.held).toMatch(/lets 1 go at a time/);
  expect(drainSummary(rows)).toBe('2 pods go, 1 of them held back by a budget.');
});

test('the same for kubectl', () => {
  expect(
    drainCommand('n', { ignoreDaemonSets: true, deleteEmptyDir: true, force: true, grace: 5 }).join(' '),
  ).toBe('drain n --ignore-daemonsets --delete-emptydir-data --force --grace-period=5');
});
