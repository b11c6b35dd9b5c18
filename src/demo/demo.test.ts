import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, afterEach, describe, expect, it } from 'vitest';
import { startDemo, type Demo } from './demo';
import { at, type Fields, type KObject } from './model';
import { ask, open } from './test-client';

let demo: Demo;
const reader = {
  name: 'reader',
  rules: [{ verbs: ['get', 'list'], apiGroups: [''], resources: ['pods'], namespaces: ['shop'] }],
};

beforeAll(async () => {
  demo = await startDemo({ pace: 0, bookmarkMs: 50, users: { 'restricted-token': reader } });
});
afterAll(() => demo.close());
afterEach(() => demo.faults.clear());

const items = (body: Fields): KObject[] => body['items'] as KObject[];
const event = (line: string | undefined): { type: string; object: KObject } =>
  JSON.parse(line ?? 'null') as never;
const map = (name: string, data: Fields = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data,
});
const maps = '/api/v1/namespaces/default/configmaps';

describe('lists', () => {
  it('pages are of one version and together are the whole list', async () => {
    const whole = await ask(demo, '/api/v1/pods');
    const names: string[] = [];
    let token = '';
    let left: unknown;
    do {
      const page = await ask(demo, `/api/v1/pods?limit=50&continue=${token}`);
      if (token === '')
        await ask(demo, '/api/v1/namespaces/shop/pods/redis-0', {
          method: 'PATCH',
          type: 'application/merge-patch+json',
          body: { metadata: { labels: { touched: 'yes' } } },
        });
      names.push(...items(page.body).map((pod) => pod.metadata.uid));
      token = String(at(page.body, 'metadata', 'continue') ?? '');
      left = at(page.body, 'metadata', 'remainingItemCount');
      expect(at(page.body, 'metadata', 'resourceVersion')).toBe(
        at(whole.body, 'metadata', 'resourceVersion'),
      );
      expect(left ?? 0).toBe(items(whole.body).length - names.length);
    } while (token !== '');
    expect(names).toEqual(items(whole.body).map((pod) => pod.metadata.uid));
  });

  it('a forgotten continue token is 410, a foreign one 400', async () => {
    const page = await ask(demo, '/api/v1/pods?limit=5');
    demo.compact();
    expect(
      (await ask(demo, `/api/v1/pods?limit=5&continue=${String(at(page.body, 'metadata', 'continue'))}`))
        .status,
    ).toBe(410);
    expect((await ask(demo, '/api/v1/pods?limit=5&continue=zzz')).status).toBe(400);
  });

  it.each([
    [
      'labelSelector=app.kubernetes.io/name%3Dredis',
      (pod: KObject) => pod.metadata.labels?.['app.kubernetes.io/name'] === 'redis',
    ],
    [
      'labelSelector=app.kubernetes.io/name+in+(redis,cart)',
      (pod: KObject) => ['redis', 'cart'].includes(pod.metadata.labels?.['app.kubernetes.io/name'] ?? ''),
    ],
    ['fieldSelector=status.phase!%3DRunning', (pod: KObject) => at(pod, 'status', 'phase') !== 'Running'],
    ['fieldSelector=metadata.namespace%3Dshop', (pod: KObject) => pod.metadata.namespace === 'shop'],
  ])('%s', async (query, matches) => {
    const all = items((await ask(demo, '/api/v1/pods')).body);
    const found = items((await ask(demo, `/api/v1/pods?${query}`)).body);
    expect(found.length).toBeGreaterThan(0);
    expect(found.map((pod) => pod.metadata.uid)).toEqual(all.filter(matches).map((pod) => pod.metadata.uid));
  });

  it('every kind that can be listed lists and has a Table with cells for its columns', async () => {
    for (const kind of demo.sim.registry.all()) {
      if (!kind.verbs.includes('list')) continue;
      const path = `${kind.group === '' ? '/api' : `/apis/${kind.group}`}/${kind.version}/${kind.resource}`;
      const table = await ask(demo, path, {
        accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json',
      });
      expect(table.body['kind'], path).toBe('Table');
      const rows = table.body['rows'] as { cells: unknown[] }[];
      expect(rows.length, path).toBeGreaterThan(0);
      for (const row of rows)
        expect(row.cells.length, path).toBe((table.body['columnDefinitions'] as unknown[]).length);
    }
  });
});

describe('watches', () => {
  it('resume from a version without a gap or a double', async () => {
    const version = String(at((await ask(demo, maps)).body, 'metadata', 'resourceVersion'));
    for (const name of ['w1', 'w2']) await ask(demo, maps, { method: 'POST', body: map(name) });
    const watch = await open(demo, `${maps}?watch=1&resourceVersion=${version}`);
    const first = event(await watch.next());
    const second = event(await watch.next());
    expect([first, second].map((e) => [e.type, e.object.metadata.name])).toEqual([
      ['ADDED', 'w1'],
      ['ADDED', 'w2'],
    ]);
    watch.close();
    const again = await open(
      demo,
      `${maps}?watch=1&resourceVersion=${first.object.metadata.resourceVersion}`,
    );
    expect(event(await again.next()).object.metadata.name).toBe('w2');
    await ask(demo, `${maps}/w1`, { method: 'DELETE' });
    const gone = event(await again.next());
    expect([gone.type, gone.object.metadata.name]).toEqual(['DELETED', 'w1']);
    again.close();
  });

  it('from a forgotten version is 410, from a future one says too large', async () => {
    const version = Number(at((await ask(demo, maps)).body, 'metadata', 'resourceVersion'));
    await ask(demo, maps, { method: 'POST', body: map('w3') });
    demo.compact();
    expect((await ask(demo, `${maps}?watch=1&resourceVersion=${version}`)).status).toBe(410);
    expect((await ask(demo, `${maps}?watch=1&resourceVersion=${version + 1e6}`)).status).toBe(504);
  });

  it('WatchList sends the state, then the end bookmark; plain bookmarks follow', async () => {
    const count = items((await ask(demo, maps)).body).length;
    const watch = await open(
      demo,
      `${maps}?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true`,
    );
    for (let i = 0; i < count; i++) expect(event(await watch.next()).type).toBe('ADDED');
    const mark = event(await watch.next());
    expect(mark.object.metadata.annotations).toEqual({ 'k8s.io/initial-events-end': 'true' });
    expect(event(await watch.next()).type).toBe('BOOKMARK');
    watch.close();
  });
});

describe('writes', () => {
  const patch = (name: string, type: string, body: unknown, query = '') =>
    ask(demo, `${maps}/${name}${query}`, { method: 'PATCH', type, body });

  it('JSON, merge, strategic and apply patches', async () => {
    await ask(demo, maps, { method: 'POST', body: map('p1', { a: '1', b: '2' }) });
    const json = await patch('p1', 'application/json-patch+json', [
      { op: 'replace', path: '/data/a', value: '9' },
      { op: 'remove', path: '/data/b' },
    ]);
    expect(json.body['data']).toEqual({ a: '9' });
    expect(
      (await patch('p1', 'application/merge-patch+json', { data: { a: null, c: '3' } })).body['data'],
    ).toEqual({ c: '3' });
    expect(
      (await patch('p1', 'application/strategic-merge-patch+json', { data: { d: '4' } })).body['data'],
    ).toEqual({ c: '3', d: '4' });
    const apply = 'application/apply-patch+yaml';
    expect((await patch('p1', apply, map('p1', { c: '5' }), '?fieldManager=me')).status).toBe(409);
    expect(
      (await patch('p1', apply, map('p1', { c: '5', e: '6' }), '?fieldManager=me&force=true')).body['data'],
    ).toEqual({ c: '5', d: '4', e: '6' });
    expect((await patch('p1', apply, map('p1', { c: '5' }), '?fieldManager=me')).body['data']).toEqual({
      c: '5',
      d: '4',
    });
    expect((await patch('p2', apply, map('p2', { x: '1' }), '?fieldManager=me')).status).toBe(201);
  });

  it('a stale version is a conflict, dry runs change nothing, finalizers hold', async () => {
    const made = (await ask(demo, maps, { method: 'POST', body: map('c1') })).body as unknown as KObject;
    await patch('c1', 'application/merge-patch+json', {
      data: { a: '1' },
      metadata: { finalizers: ['test/hold'] },
    });
    expect((await ask(demo, `${maps}/c1`, { method: 'PUT', body: made })).status).toBe(409);
    await patch('c1', 'application/merge-patch+json', { data: { a: 'dry' } }, '?dryRun=All');
    expect((await ask(demo, `${maps}/c1`)).body['data']).toEqual({ a: '1' });
    await ask(demo, `${maps}/c1`, { method: 'DELETE' });
    expect(at((await ask(demo, `${maps}/c1`)).body, 'metadata', 'deletionTimestamp')).toBeTruthy();
    await patch('c1', 'application/merge-patch+json', { metadata: { finalizers: null } });
    expect((await ask(demo, `${maps}/c1`)).status).toBe(404);
  });

  it('scaling makes pods once time moves; deleting a pod takes its grace', async () => {
    const scale = '/apis/apps/v1/namespaces/monitoring/deployments/kube-state-metrics/scale';
    await ask(demo, scale, {
      method: 'PATCH',
      type: 'application/merge-patch+json',
      body: { spec: { replicas: 5 } },
    });
    demo.step(30_000);
    const pods =
      '/api/v1/namespaces/monitoring/pods?labelSelector=app.kubernetes.io/name%3Dkube-state-metrics';
    const running = items((await ask(demo, pods)).body);
    expect(running).toHaveLength(5);
    await ask(demo, `/api/v1/namespaces/monitoring/pods/${running[0]?.metadata.name}`, { method: 'DELETE' });
    expect(items((await ask(demo, pods)).body).filter((pod) => pod.metadata.deletionTimestamp)).toHaveLength(
      1,
    );
    demo.step(60_000);
    const after = items((await ask(demo, pods)).body);
    expect(after).toHaveLength(5);
    expect(after.map((pod) => pod.metadata.uid)).not.toContain(running[0]?.metadata.uid);
  });

  it('a new definition serves its kind at once', async () => {
    const crd = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'widgets.test.dev' },
      spec: {
        group: 'test.dev',
        scope: 'Namespaced',
        names: { plural: 'widgets', kind: 'Widget' },
        versions: [{ name: 'v1', served: true, storage: true }],
      },
    };
    expect(
      (
        await ask(demo, '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
          method: 'POST',
          body: crd,
        })
      ).status,
    ).toBe(201);
    const widget = { apiVersion: 'test.dev/v1', kind: 'Widget', metadata: { generateName: 'w-' } };
    expect(
      (await ask(demo, '/apis/test.dev/v1/namespaces/default/widgets', { method: 'POST', body: widget }))
        .status,
    ).toBe(201);
    await ask(demo, '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.test.dev', {
      method: 'DELETE',
    });
    expect((await ask(demo, '/apis/test.dev/v1/widgets')).status).toBe(404);
  });
});

describe('access', () => {
  it('refuses unknown tokens and what rules do not name', async () => {
    expect((await ask(demo, '/api/v1/pods', { token: 'wrong' })).status).toBe(401);
    const denied = await ask(demo, '/api/v1/pods', { token: 'restricted-token' });
    expect(denied.status).toBe(403);
    expect(denied.body['message']).toContain(
      'User "reader" cannot list resource "pods" in API group "" at the cluster scope',
    );
    expect((await ask(demo, '/api/v1/namespaces/shop/pods', { token: 'restricted-token' })).status).toBe(200);
    expect(JSON.stringify(demo.requests)).not.toContain('restricted-token');
  });
});

describe('faults', () => {
  it.each([429, 503])('status %i with Retry-After, counted', async (code) => {
    demo.faults.add({ fault: { type: 'status', code, retryAfter: 5 }, resource: 'pods', count: 1 });
    const bent = await ask(demo, '/api/v1/pods');
    expect([bent.status, bent.headers['retry-after']]).toEqual([code, '5']);
    expect((await ask(demo, '/api/v1/pods')).status).toBe(200);
  });

  it('cut, drop, html, redirect, 401, expired', async () => {
    demo.faults.add({ fault: { type: 'cut' }, verb: 'list', count: 1 });
    await expect(ask(demo, '/api/v1/pods')).rejects.toThrow();
    demo.faults.add({ fault: { type: 'drop' }, count: 1 });
    await expect(ask(demo, '/version')).rejects.toThrow();
    demo.faults.add({ fault: { type: 'html' }, count: 1 });
    expect((await ask(demo, '/api')).headers['content-type']).toContain('text/html');
    demo.faults.add({ fault: { type: 'redirect', location: 'https://elsewhere.example/' }, count: 1 });
    expect((await ask(demo, '/api')).status).toBe(302);
    demo.faults.add({ fault: { type: 'unauthorized' }, count: 1 });
    expect((await ask(demo, '/api')).status).toBe(401);
    demo.faults.add({ fault: { type: 'expired' }, verb: 'list', continued: false, count: 1 });
    expect((await ask(demo, '/api/v1/pods')).status).toBe(410);
    demo.faults.add({ fault: { type: 'skew', ms: 3_600_000 }, count: 1 });
    const skewed = Date.parse(String((await ask(demo, '/version')).headers.date));
    expect(skewed - demo.sim.time).toBeGreaterThan(3_500_000);
  });

  it('in a watch: an ERROR 410 after two events, a malformed line, a cut', async () => {
    demo.faults.add({ fault: { type: 'stream-error', after: 2 }, verb: 'watch', count: 1 });
    const first = await open(demo, '/api/v1/pods?watch=1');
    const types = [event(await first.next()), event(await first.next()), event(await first.next())];
    expect(types.map((e) => e.type)).toEqual(['ADDED', 'ADDED', 'ERROR']);
    expect(at(types[2], 'object', 'code')).toBe(410);
    expect(await first.next()).toBeUndefined();
    demo.faults.add({ fault: { type: 'malformed', after: 1 }, verb: 'watch', count: 1 });
    const second = await open(demo, '/api/v1/pods?watch=1');
    event(await second.next());
    const broken = await second.next();
    expect(() => event(broken)).toThrow();
    expect(event(await second.next()).type).toBe('ADDED');
    second.close();
    demo.faults.add({ fault: { type: 'cut', after: 1 }, verb: 'watch', count: 1 });
    const third = await open(demo, '/api/v1/pods?watch=1');
    event(await third.next());
    expect(await third.next()).toBeUndefined();
  });
});

describe('down', () => {
  it('drops connections whose handshake is not done, and comes back on its port', async () => {
    const one = await startDemo({ pace: 0 });
    const port = Number(new URL(one.url).port);
    const half = connect(port, '127.0.0.1');
    await once(half, 'connect');
    // The server knows of it once a later connection has been served.
    expect((await ask(one, maps)).status).toBe(200);
    const gone = once(half, 'close');
    await one.down();
    await gone;
    await one.up();
    expect((await ask(one, maps)).status).toBe(200);
    await one.close();
  });
});

describe('determinism', () => {
  it('the same seed and start make the same cluster', async () => {
    const startTime = Date.UTC(2026, 0, 15, 12);
    const story = async (): Promise<string> => {
      const one = await startDemo({ pace: 0, seed: 3, startTime });
      one.step(120_000);
      const pods = JSON.stringify(one.store.list('pods'));
      await one.close();
      return pods;
    };
    expect(await story()).toBe(await story());
  });
});
