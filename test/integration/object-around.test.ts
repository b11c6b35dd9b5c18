/** What the details of an object show beside it: events the server has forgotten, a namespace's content. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { resources, type ObjectEventsState } from '#shared/contract/resources';
import type { Around } from '#shared/domain/health/types';
import { Scope } from '#shared/rpc/scope';
import { startDemo, type Demo } from '../../src/demo/demo';
import { ask } from '../../src/demo/test-client';
import { demoContext, openKinds, openPage, until, type Page } from '../faults/support/sessions';

let demo: Demo;
let scope: Scope;
beforeAll(async () => {
  demo = await startDemo({ seed: 7, pace: 0 });
});
afterAll(() => demo.close());
beforeEach(() => {
  scope = new Scope('around');
});
afterEach(() => scope.dispose());

const shop = '/api/v1/namespaces/shop';

async function opened(): Promise<Page> {
  const page = openPage(demoContext(demo), scope);
  const kinds = openKinds(page);
  await until(() => kinds.last().kinds.some(({ id }) => id === 'configmaps'));
  return page;
}

function openEvents(page: Page, name: string, uid: string) {
  const seen: { last?: ObjectEventsState } = {};
  const stream = page.client.open(
    resources,
    'events',
    { kind: 'configmaps', namespace: 'shop', name, uid },
    {
      onData: (state) => {
        seen.last = state;
      },
      onEnd: () => undefined,
    },
  );
  const told = (): (readonly [string, boolean])[] =>
    (seen.last?.events ?? []).map(({ reason, kept }) => [reason, kept === true] as const);
  return { told, close: () => stream.close() };
}

test('events the server has forgotten stay in the details, also after they were closed', async () => {
  const page = await opened();
  const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'told-of' } };
  const made = await ask(demo, `${shop}/configmaps`, { method: 'POST', body: configMap });
  const { uid } = (made.body as { metadata: { uid: string } }).metadata;
  const say = (name: string, reason: string): Promise<unknown> =>
    ask(demo, `${shop}/events`, {
      method: 'POST',
      body: {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name },
        involvedObject: { kind: 'ConfigMap', namespace: 'shop', name: 'told-of', uid },
        type: 'Warning',
        reason,
        message: `it was ${reason}`,
        lastTimestamp: '2026-01-01T00:00:00Z',
        count: 1,
      },
    });
  await say('one', 'Early');
  await say('two', 'Late');
  const first = openEvents(page, 'told-of', uid);
  await until(() => first.told().length === 2);
  expect(first.told().every(([, kept]) => !kept)).toBe(true);
  // While they are looked at ...
  await ask(demo, `${shop}/events/one`, { method: 'DELETE' });
  await until(() => first.told().some(([reason, kept]) => reason === 'Early' && kept));
  first.close();
  // ... and while nobody looks.
  await ask(demo, `${shop}/events/two`, { method: 'DELETE' });
  const second = openEvents(page, 'told-of', uid);
  await until(() => second.told().length === 2);
  expect(second.told().every(([, kept]) => kept)).toBe(true);
  await ask(demo, `${shop}/configmaps/told-of`, { method: 'DELETE' });
});

test('a namespace tells what is in it by count, its quotas with use and its limit ranges', async () => {
  const page = await opened();
  await ask(demo, '/api/v1/namespaces', {
    method: 'POST',
    body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'counted' } },
  });
  const put = (resource: string, body: object): Promise<unknown> =>
    ask(demo, `/api/v1/namespaces/counted/${resource}`, { method: 'POST', body });
  for (const name of ['a', 'b', 'c'])
    await put('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });
  const limits = [
    {
      type: 'Container',
      default: { cpu: '500m' },
      defaultRequest: { cpu: '100m' },
      min: { cpu: '50m' },
      max: { memory: '2Gi' },
    },
  ];
  await put('limitranges', {
    apiVersion: 'v1',
    kind: 'LimitRange',
    metadata: { name: 'fair' },
    spec: { limits },
  });
  await put('resourcequotas', {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'team' },
    spec: { hard: { pods: '4' } },
    status: { hard: { pods: '4' }, used: { pods: '0' } },
  });
  let around: Around = {};
  page.client.open(
    resources,
    'around',
    { kind: 'namespaces', namespace: '', name: 'counted', turn: '' },
    { onData: (part) => void (around = part), onEnd: () => undefined },
  );
  const countOf = (kind: string): number | undefined =>
    around.counts?.find((one) => one.kind === kind)?.count;
  await until(
    () => countOf('secrets') !== undefined && around.limits !== undefined && around.quotas !== undefined,
  );
  await until(() => countOf('configmaps') !== undefined);
  const listed = await ask(demo, '/api/v1/namespaces/counted/configmaps');
  expect(countOf('configmaps')).toBe((listed.body as { items: unknown[] }).items.length);
  expect(countOf('configmaps')).toBeGreaterThanOrEqual(3);
  expect(countOf('deployments.apps')).toBe(0);
  expect(around.limits).toEqual([
    {
      name: 'fair',
      rows: [
        {
          type: 'Container',
          resource: 'cpu',
          words: 'request 100m and limit 500m where none is set, at least 50m',
        },
        { type: 'Container', resource: 'memory', words: 'at most 2Gi' },
      ],
    },
  ]);
  expect(around.quotas?.map(({ name }) => name)).toEqual(['team']);
  expect(around.denied).toBeUndefined();
});
