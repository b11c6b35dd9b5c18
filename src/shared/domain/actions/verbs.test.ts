/** Every verb: its exact patch, its preview, its undo, and when it refuses. */
import { describe, expect, test } from 'vitest';
import { optionSchemas, type VerbId } from './options';
import { applies, fingerprint, verbIds } from './table';
import type { Extras, Target, Thing } from './types';
import { otherRows } from './verb-rows-others-test-help';
import { workloadRows } from './verb-rows-workloads-test-help';
import { claim, cron, csr, deploy, hpa, node, now, pod, plan, web } from './verb-test-help';

const rows = [...workloadRows, ...otherRows];

describe('patch, preview, command, undo', () => {
  test.each(rows.map((one) => [one.name, one] as const))('%s', (_name, one) => {
    const made = plan(one.verb, one.object, one.options as never, one.target, one.extras);
    expect(made.refused).toBeUndefined();
    expect(made.changes.map(({ path, before, after }) => [path, before, after])).toEqual(one.changes);
    expect(made.requests).toHaveLength(1);
    expect(made.requests[0]).toMatchObject(one.request);
    expect(made.kubectl?.join(' ')).toBe(one.kubectl);
    expect(made.undo).toEqual(one.undo);
    if (one.warns) expect(made.warnings.join('\n')).toMatch(one.warns);
    // The options, and those of the undo, are what the host accepts.
    expect(optionSchemas[one.verb].safeParse(one.options).success).toBe(true);
    if (made.undo) expect(optionSchemas[made.undo.verb].safeParse(made.undo.options).success).toBe(true);
  });

  test('every verb but rollback (revisions.test.ts) has a row', () => {
    const seen = new Set<string>(rows.map((one) => one.verb));
    expect(verbIds.filter((id) => !seen.has(id))).toEqual(['rollback']);
  });

  test('a merge or strategic patch names the uid, so that a replacement is not touched', () => {
    for (const one of rows) {
      const [request] = plan(one.verb, one.object, one.options as never, one.target, one.extras).requests;
      if (request?.patch) expect(request.body).toHaveProperty('metadata.uid', 'u1');
    }
  });

  test('two restarts a second apart are the same preview', () => {
    const later = plan('restart', web, {}, deploy, { now: now + 1000 });
    expect(fingerprint(later.changes)).toBe(fingerprint(plan('restart', web, {}, deploy).changes));
  });
});

const claimOf = (phase: string): Thing => ({
  spec: { resources: { requests: { storage: '2Gi' } } },
  status: { phase },
});

describe('refuses, and says why', () => {
  test.each<[string, VerbId, Thing, unknown, Target, RegExp, Partial<Extras>?]>([
    ['same scale', 'scale', web, { replicas: 3 }, deploy, /has 3 replicas already/],
    ['restart while paused', 'restart', { spec: { paused: true } }, {}, deploy, /resume it first/],
    ['pause twice', 'pause', { spec: { paused: true } }, {}, deploy, /paused already/],
    ['resume what runs', 'resume', web, {}, deploy, /not paused/],
    ['unknown container', 'set-image', web, { images: { nope: 'a' } }, deploy, /no container nope/],
    ['image with a space', 'set-image', web, { images: { web: 'a b' } }, deploy, /no spaces/],
    ['image in capitals', 'set-image', web, { images: { web: 'Local/shop/App:1' } }, deploy, /lower case/],
    ['image without tag after colon', 'set-image', web, { images: { web: 'shop:' } }, deploy, /tag after/],
    ['same image', 'set-image', web, { images: { web: 'local/shop:1' } }, deploy, /its images already/],
    [
      'limit below request',
      'resize',
      podWith('100m'),
      { containers: { main: { limits: { cpu: '50m' } } } },
      pod,
      /less than the request/,
    ],
    [
      'no amount',
      'resize',
      podWith('100m'),
      { containers: { main: { requests: { cpu: 'much' } } } },
      pod,
      /no amount/,
    ],
    [
      'same amount in other words',
      'resize',
      podWith('100m'),
      { containers: { main: { requests: { cpu: '0.1' } } } },
      pod,
      /resources already/,
    ],
    [
      'disk in place',
      'resize',
      podWith('100m'),
      { containers: { main: { requests: { 'ephemeral-storage': '1Gi' } } } },
      pod,
      /cannot be changed in place/,
    ],
    ['cordon twice', 'cordon', { spec: { unschedulable: true } }, {}, node, /cordoned already/],
    ['uncordon what is not', 'uncordon', {}, {}, node, /not cordoned/],
    [
      'taint twice',
      'taint',
      {},
      {
        taints: [
          { key: 'a', effect: 'NoSchedule' },
          { key: 'a', value: 'x', effect: 'NoSchedule' },
        ],
      },
      node,
      /there twice/,
    ],
    [
      'bad taint key',
      'taint',
      {},
      { taints: [{ key: '-a', effect: 'NoSchedule' }] },
      node,
      /begins and ends/,
    ],
    ['label value too long', 'label', web, { values: { a: 'x'.repeat(64) } }, deploy, /63 characters/],
    ['label key with two slashes', 'label', web, { values: { 'a/b/c': 'x' } }, deploy, /one slash/],
    ['same labels', 'label', web, { values: { app: 'web' } }, deploy, /Nothing is changed/],
    ['too many annotations', 'annotate', web, { values: { a: 'x'.repeat(262_144) } }, deploy, /256 KiB/],
    ['no finalizers', 'remove-finalizer', web, { finalizers: ['a'] }, deploy, /has no finalizers/],
    ['shrink a claim', 'expand', claimOf('Bound'), { size: '1Gi' }, claim, /only grows/],
    ['grow to the same', 'expand', claimOf('Bound'), { size: '2048Mi' }, claim, /only grows/],
    ['no size', 'expand', claimOf('Bound'), { size: 'big' }, claim, /no amount of storage/],
    ['a pending claim', 'expand', claimOf('Pending'), { size: '3Gi' }, claim, /Only a bound/],
    [
      'a class that forbids it',
      'expand',
      claimOf('Bound'),
      { size: '3Gi' },
      claim,
      /fast does not allow/,
      { storageClass: { metadata: { name: 'fast' } } },
    ],
    ['bounds upside down', 'bounds', {}, { min: 5, max: 3 }, hpa, /less than the least/],
    ['bounds of nothing', 'bounds', {}, { min: null, max: 0 }, hpa, /1 or more/],
    [
      'a decided request',
      'deny',
      { status: { conditions: [{ type: 'Approved' }] } },
      {},
      csr,
      /approved already/,
    ],
    [
      'rollback while paused',
      'rollback',
      { spec: { paused: true } },
      { revision: 1 },
      deploy,
      /resume it first/,
    ],
    ['a revision that is gone', 'rollback', web, { revision: 4 }, deploy, /no longer kept/],
    ['an empty cron job', 'trigger', {}, {}, cron, /jobTemplate is empty/],
  ])('%s', (_name, verb, object, options, of, words, extras) => {
    const made = plan(verb, object, options as never, of, extras);
    expect(made.refused).toMatch(words);
    expect(made.requests).toEqual([]);
  });
});

function podWith(cpu: string): Thing {
  return { spec: { containers: [{ name: 'main', resources: { requests: { cpu } } }] } };
}

describe('which verbs a kind has', () => {
  const all = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'];
  test.each([
    ['pods', ['set-image', 'resize', 'evict', 'label', 'annotate', 'remove-finalizer', 'delete']],
    [
      'deployments.apps',
      [
        'scale',
        'restart',
        'rollback',
        'pause',
        'resume',
        'set-image',
        'label',
        'annotate',
        'remove-finalizer',
        'delete',
      ],
    ],
    ['nodes', ['cordon', 'uncordon', 'taint', 'label', 'annotate', 'remove-finalizer', 'delete']],
    ['events', ['delete']],
    ['widgets.example.com', ['label', 'annotate', 'remove-finalizer', 'delete']],
  ])('%s', (id, wanted) => {
    expect(verbIds.filter((verb) => applies(verb, { id, verbs: all }))).toEqual(wanted);
  });

  test('what the API does not serve is not offered', () => {
    expect(
      verbIds.filter((verb) => applies(verb, { id: 'nodes.metrics.k8s.io', verbs: ['get', 'list'] })),
    ).toEqual([]);
  });
});

test('hostile objects give a plan or a reason, never an exception', () => {
  const nasty: readonly Thing[] = [
    {},
    { metadata: null, spec: null, status: null },
    { metadata: 'x', spec: [], status: 3 },
    {
      metadata: { labels: ['a'], finalizers: 'x', ownerReferences: {} },
      spec: { template: [], taints: 'no', containers: {} },
    },
    JSON.parse(
      '{"metadata":{"__proto__":{"uid":"x"},"labels":{"__proto__":"y"}},"spec":{"containers":[null,1]}}',
    ) as Thing,
  ];
  for (const one of rows)
    for (const object of nasty)
      expect(() => plan(one.verb, object, one.options as never, one.target)).not.toThrow();
});
