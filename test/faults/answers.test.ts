/** Faults 10 to 21: what a server may answer, and what it may serve. */
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { cluster } from '#shared/contract/cluster';
import { resources } from '#shared/contract/resources';
import { Scope } from '#shared/rpc/scope';
import { startDemo, type Demo } from '../../src/demo/demo';
import { ask } from '../../src/demo/test-client';
import { eventOf, listOf, settle } from '../../src/main/engine/scripted-api';
import {
  apiFor,
  certificates,
  contextConfig,
  errorOf,
  sendJson,
  type Certificates,
} from '../integration/k8s-support';
import { front, on, type Front } from './support/front';
import { refusal, startLoop } from './support/loop';
import { plugin, prints, type Plugin } from './support/plugin';
import { fault } from './support/row';
import { demoContext, openKinds, openObject, openPage, Screen, until } from './support/sessions';

const never = new AbortController().signal;
let certs: Certificates;
let demo: Demo;
let scope: Scope;
let fronts: Front[];
let plugins: Plugin[];

beforeAll(async () => {
  certs = certificates();
  demo = await startDemo({
    seed: 7,
    pace: 0,
    users: {
      'shop-reader': {
        name: 'shop-reader',
        rules: [
          {
            verbs: ['get', 'list', 'watch'],
            apiGroups: ['', 'apps'],
            resources: ['*'],
            namespaces: ['shop'],
          },
        ],
      },
    },
  });
});
afterAll(async () => {
  certs.remove();
  await demo.close();
});
beforeEach(() => {
  scope = new Scope('faults');
  fronts = [];
  plugins = [];
});
afterEach(async () => {
  scope.dispose();
  demo.faults.clear();
  for (const one of plugins) one.remove();
  await Promise.all(fronts.map((one) => one.close()));
});

async function before(demoBehind?: Demo): Promise<Front> {
  const server = await front(certs, demoBehind);
  fronts.push(server);
  return server;
}
function withPlugin(script: string): Plugin {
  const made = plugin(script);
  plugins.push(made);
  return made;
}
const at = (server: Front): { server: string; ca: { data: string } } => ({
  server: server.url,
  ca: { data: certs.ca },
});
/** Everything with another token than `good` is refused. */
function wants(server: Front, good: () => string): void {
  server.rules.unshift((request, response) => {
    if (request.headers.authorization === `Bearer ${good()}`) return false;
    sendJson(response, { kind: 'Status', code: 401, reason: 'Unauthorized', message: 'Unauthorized' }, 401);
    return true;
  });
}

fault(10, async () => {
  const server = await before(demo);
  let good = 'one';
  wants(server, () => good);
  const made = withPlugin(prints({ token: 'one' }));
  const other = openPage(demoContext(demo), scope);
  const page = openPage(contextConfig(at(server), { exec: made.exec }), scope);
  const screen = new Screen(page.client, { kind: 'configmaps', namespaces: ['shop'] });
  await screen.live();
  expect(made.runs()).toBe(1);
  good = 'two';
  made.becomes(prints({ token: 'two' }));
  const { length } = server.asked;
  const answers = await Promise.all(
    Array.from({ length: 20 }, () =>
      page.client.call(resources, 'yaml', {
        kind: 'namespaces',
        namespace: '',
        name: 'shop',
        managedFields: false,
      }),
    ),
  );
  expect(answers.every((one) => one.text.includes('name: shop'))).toBe(true);
  expect(made.runs()).toBe(2);
  const asked = server.asked.slice(length).filter((line) => line === 'GET /api/v1/namespaces/shop');
  expect(asked.length).toBeLessThanOrEqual(40);
  // Now nothing helps: this cluster says so, the other one does not notice.
  good = 'three';
  made.becomes('echo "session expired" >&2; exit 1');
  await page.client.call(cluster, 'reconnect', undefined);
  await until(() => page.status()?.phase === 'unauthorized');
  expect(page.status()?.error?.message).toContain('session expired');
  expect(other.status()?.phase).toBe('live');
  const { length: runs } = { length: made.runs() };
  await new Promise<void>((resolve) => scope.timeout(resolve, 1_500));
  expect(made.runs()).toBe(runs);
});

fault(
  10,
  async () => {
    const server = await before();
    const methods: string[] = [];
    server.rules.push((request, response) => {
      methods.push(String(request.method));
      sendJson(response, { kind: 'Status', code: 401 }, 401);
      return true;
    });
    const made = withPlugin(prints({ token: 'one' }));
    const api = apiFor(scope, at(server), { exec: made.exec }, { PATH: '/usr/bin:/bin' });
    const error = await errorOf(api.json({ method: 'POST', path: '/api/v1/pods', body: '{}' }, never));
    expect(error.code).toBe('unauthorized');
    expect(methods).toEqual(['POST']);
  },
  'a change is not repeated',
);

fault(11, async () => {
  const server = await before();
  wants(server, () => 'nobody has it');
  const made = withPlugin(prints({ token: 'looks-valid', expirationTimestamp: '2099-01-01T00:00:00Z' }));
  const page = openPage(contextConfig(at(server), { exec: made.exec }), scope);
  const screen = new Screen(page.client, { kind: 'configmaps', namespaces: ['shop'] });
  await until(() => page.status()?.phase === 'unauthorized');
  await until(() => screen.phase === 'failed');
  await new Promise<void>((resolve) => scope.timeout(resolve, 3_000));
  expect(made.runs()).toBe(2);
  expect(page.status()?.error?.hint).toMatch(/[Ss]ign in/);
});

fault(12, async () => {
  const reader = openPage(demoContext(demo, 'shop-reader', 'shop'), scope);
  const nodes = new Screen(reader.client, { kind: 'nodes' });
  const pods = new Screen(reader.client, { kind: 'pods', namespaces: ['shop'] });
  await pods.live();
  await until(() => nodes.phase === 'denied');
  expect(nodes.last?.state).toMatchObject({
    error: { code: 'forbidden', denied: { verb: 'list', resource: 'nodes' } },
  });
  expect(nodes.last?.state.phase === 'denied' && nodes.last.state.error.message).toContain('shop-reader');
  const elsewhere = new Screen(reader.client, { kind: 'pods', namespaces: ['default'] });
  await until(() => elsewhere.phase === 'denied');
  expect(elsewhere.last?.state).toMatchObject({ error: { denied: { namespace: 'default' } } });
  expect(pods.phase).toBe('live');
});

fault(
  12,
  async () => {
    const loop = startLoop((asked) => asked.refuse(refusal('forbidden', 403)));
    await loop.clock.advance(299_000);
    expect(loop.api.asked).toHaveLength(1);
    await loop.clock.advance(302_000);
    expect(loop.api.asked).toHaveLength(3);
    await loop.end();
  },
  'no new try for 5 minutes',
);

fault(13, async () => {
  const mark = demo.requests.length;
  const server = await before(undefined);
  // Passed on under the reader's own name.
  const page = openPage(demoContext(demo, 'shop-reader', 'shop'), scope);
  const pods = new Screen(page.client, { kind: 'pods' });
  const deployments = new Screen(page.client, { kind: 'deployments.apps' });
  await Promise.all([pods.live(), deployments.live()]);
  expect(pods.order.length).toBeGreaterThan(0);
  expect([...pods.rows.values()].every((row) => row.namespace === 'shop')).toBe(true);
  await page.client.call(cluster, 'reconnect', undefined);
  await pods.live();
  const wide = demo.requests
    .slice(mark)
    .filter((one) => ['/api/v1/pods', '/apis/apps/v1/deployments'].includes(one.path));
  expect(wide).toEqual([]);
  expect(server.asked).toEqual([]);
});

fault(14, async () => {
  const server = await before(demo);
  let down = true;
  server.rules.push((request, response) => {
    if (request.url !== '/apis' || !down) return false;
    void ask(demo, '/apis', { accept: String(request.headers.accept) }).then((answer) => {
      const items = answer.body['items'] as { versions: object[] }[];
      items.push({
        metadata: { name: 'dead.example' },
        versions: [{ version: 'v1', freshness: 'Stale', resources: [] }],
      } as never);
      sendJson(response, answer.body, 200, { 'content-type': String(answer.headers['content-type']) });
    });
    return true;
  });
  const page = openPage(contextConfig(at(server), { token: demo.token }), scope);
  const kinds = openKinds(page);
  const pods = new Screen(page.client, { kind: 'pods', namespaces: ['shop'] });
  await pods.live();
  await until(() => kinds.last().failedGroups.length > 0);
  expect(kinds.last().failedGroups[0]?.group).toBe('dead.example');
  expect(kinds.last().kinds.length).toBeGreaterThan(20);
  expect(page.status()?.phase).toBe('live');
  down = false;
  await until(() => kinds.last().failedGroups.length === 0, 60_000);
});

const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
function definition(plural: string, versions: readonly string[]): object {
  const kind = plural.slice(0, 1).toUpperCase() + plural.slice(1, -1);
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.fault.io` },
    spec: {
      group: 'fault.io',
      scope: 'Namespaced',
      names: { plural, singular: plural.slice(0, -1), kind, listKind: `${kind}List` },
      versions: versions.map((name, index) => ({
        name,
        served: true,
        storage: index === 0,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      })),
    },
  };
}
async function define(plural: string, versions: readonly string[]): Promise<void> {
  await ask(demo, crds, { method: 'POST', body: definition(plural, versions) });
  const [version] = versions;
  const kind = plural.slice(0, 1).toUpperCase() + plural.slice(1, -1);
  await ask(demo, `/apis/fault.io/${version}/namespaces/shop/${plural}`, {
    method: 'POST',
    body: { apiVersion: `fault.io/${version}`, kind, metadata: { name: 'one' }, spec: { text: 'kept' } },
  });
}
const drop = (plural: string): Promise<unknown> =>
  ask(demo, `${crds}/${plural}.fault.io`, { method: 'DELETE' });

fault(15, async () => {
  await define('widgets', ['v1']);
  const page = openPage(demoContext(demo), scope);
  const kinds = openKinds(page);
  const screen = new Screen(page.client, { kind: 'widgets.fault.io' });
  const object = openObject(page, { kind: 'widgets.fault.io', namespace: 'shop', name: 'one' });
  await screen.live();
  await until(() => object.states.at(-1)?.phase === 'live');
  await drop('widgets');
  await until(() => screen.phase === 'gone');
  expect(screen.last?.state).toMatchObject({ phase: 'gone', error: { code: 'not-found' } });
  await until(() => ['deleted', 'gone'].includes(object.states.at(-1)?.phase ?? ''));
  // What was read of it can still be copied.
  expect(object.states.at(-1)?.object).toMatchObject({ spec: { text: 'kept' } });
  expect(page.status()?.phase).toBe('live');
  await until(() => !kinds.last().kinds.some((kind) => kind.id === 'widgets.fault.io'));
  // It comes back by itself when the kind does.
  await define('widgets', ['v1']);
  await until(() => screen.phase === 'live' && screen.names.includes('one'), 20_000);
  await drop('widgets');
});

fault(16, async () => {
  await define('gizmos', ['v1', 'v1beta1']);
  const page = openPage(demoContext(demo), scope);
  const kinds = openKinds(page);
  const screen = new Screen(page.client, { kind: 'gizmos.fault.io' });
  await screen.live();
  const versionOf = (): string | undefined =>
    kinds.last().kinds.find((kind) => kind.id === 'gizmos.fault.io')?.version;
  await until(() => versionOf() === 'v1');
  await drop('gizmos');
  await define('gizmos', ['v1beta1']);
  await until(() => versionOf() === 'v1beta1', 20_000);
  await ask(demo, '/apis/fault.io/v1beta1/namespaces/shop/gizmos', {
    method: 'POST',
    body: { apiVersion: 'fault.io/v1beta1', kind: 'Gizmo', metadata: { name: 'two' } },
  });
  await until(() => screen.phase === 'live' && screen.names.includes('two'), 20_000);
  const object = openObject(page, { kind: 'gizmos.fault.io', namespace: 'shop', name: 'one' });
  await until(() => object.states.at(-1)?.phase === 'live');
  await drop('gizmos');
});

fault(17, async () => {
  const page = openPage(demoContext(demo), scope);
  const kinds = openKinds(page);
  await until(() => kinds.last().kinds.length > 0);
  const began = performance.now();
  await define('doodads', ['v1']);
  await until(() => kinds.last().kinds.some((kind) => kind.id === 'doodads.fault.io'), 20_000);
  expect(performance.now() - began).toBeLessThan(10_000);
  await drop('doodads');
});

const fine = { metadata: { name: 'fine', namespace: 'shop', uid: 'u-fine', resourceVersion: '5' } };
const bad = [
  { spec: {} },
  { metadata: null },
  { metadata: { namespace: 'shop', uid: 'u-1' } },
  { metadata: { name: 'no-uid', namespace: 'shop' } },
  { metadata: { name: 7, uid: 'u-2' } },
  'a string',
  null,
];

fault(18, async () => {
  const server = await before(demo);
  let told: ((line: string) => void) | undefined;
  server.rules.push(
    on(/GET \S*\/configmaps\?.*watch=/, (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('\n');
      told = (line) => response.write(`${line}\n`);
    }),
    on(/GET \S*\/configmaps\?/, (response) =>
      sendJson(response, {
        kind: 'ConfigMapList',
        apiVersion: 'v1',
        metadata: { resourceVersion: '9' },
        items: [
          ...bad,
          fine,
          { metadata: { ...fine.metadata, name: 'null-ns', namespace: null, uid: 'u-3' } },
        ],
      }),
    ),
  );
  const page = openPage(contextConfig(at(server), { token: demo.token }), scope);
  const screen = new Screen(page.client, { kind: 'configmaps' });
  await screen.live();
  expect(screen.names).toContain('fine');
  expect(screen.order.length).toBeLessThanOrEqual(2);
  await until(() => told !== undefined);
  for (const object of bad) told?.(JSON.stringify({ type: 'ADDED', object }));
  told?.('{"type": "ADDED", "object": {');
  told?.(
    JSON.stringify({ type: 'ADDED', object: { metadata: { ...fine.metadata, name: 'later', uid: 'u-4' } } }),
  );
  await until(() => screen.names.includes('later'));
  expect(screen.phase).toBe('live');
});

fault(
  18,
  async () => {
    const loop = startLoop((asked) => {
      if (asked.watch) {
        asked.send(bad.map((object) => `${JSON.stringify({ type: 'ADDED', object })}\n`).join(''));
        asked.send(eventOf('ADDED', 'b', '12'));
        return;
      }
      asked.send(listOf(['a'], '10'));
      asked.end();
    });
    await settle();
    expect(loop.names()).toEqual(['a', 'b']);
    expect(loop.table.skipped).toBe(bad.length);
    expect(loop.phase()).toBe('live');
    await loop.end();
  },
  'counted',
);

fault(19, async () => {
  const path = '/api/v1/namespaces/shop/configmaps';
  const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'twice' }, data: { a: '1' } };
  await ask(demo, path, { method: 'POST', body });
  const page = openPage(demoContext(demo), scope);
  const screen = new Screen(page.client, { kind: 'configmaps', namespaces: ['shop'] });
  const object = openObject(page, { kind: 'configmaps', namespace: 'shop', name: 'twice' });
  await until(() => screen.names.includes('twice') && object.states.at(-1)?.phase === 'live');
  const id = (): string | undefined => screen.order.find((one) => screen.rows.get(one)?.name === 'twice');
  const first = id();
  // Gone and back while nobody could listen.
  await demo.down();
  demo.store.remove('configmaps', 'shop', 'twice');
  await demo.up();
  await ask(demo, path, { method: 'POST', body });
  await until(() => id() !== undefined && id() !== first, 20_000);
  expect(screen.order).not.toContain(first);
  await until(() => object.states.some((state) => state.phase === 'replaced'), 20_000);
  await ask(demo, `${path}/twice`, { method: 'DELETE' });
});

fault(20, async () => {
  const loop = startLoop((asked) => {
    if (asked.watch) {
      asked.send(eventOf('ADDED', 'a', '1'));
      asked.send(eventOf('ADDED', 'b', '30') + eventOf('ADDED', 'c', '9007199254740993000'));
      asked.send(eventOf('ADDED', 'b', '30') + eventOf('ADDED', 'a', 'opaque-version'));
      return;
    }
    asked.send(listOf(['a'], '10'));
    asked.end();
  });
  await settle();
  expect(loop.names()).toEqual(['a', 'b', 'c']);
  loop.api.watches[0]?.cut();
  await loop.clock.advance(2_000);
  // The last one heard of, whatever it looks like.
  expect(loop.api.watches[1]?.request.query?.['resourceVersion']).toBe('opaque-version');
  await loop.end();
});

fault(21, async () => {
  const lines = [
    '{"type":"BOOKMARK","object":{}}',
    '{"type":"BOOKMARK"}',
    '{"type":"BOOKMARK","object":{"metadata":null}}',
    '{"type":"EXPLODED","object":{"metadata":{"name":"x","uid":"u","resourceVersion":"99"}}}',
    '{"type":7,"object":{}}',
    '{}',
    '[]',
  ];
  const loop = startLoop((asked) => {
    if (asked.watch) {
      if (loop.api.watches.length > 1) return asked.send('\n');
      asked.send(`${lines.join('\n')}\n`);
      asked.send(eventOf('ADDED', 'b', '12'));
      return;
    }
    asked.send(listOf(['a'], '10'));
    asked.end();
  });
  await settle();
  expect(loop.names()).toEqual(['a', 'b']);
  expect(loop.phase()).toBe('live');
  expect(loop.table.skipped).toBeGreaterThan(0);
  loop.api.watches[0]?.cut();
  await loop.clock.advance(2_000);
  expect(loop.api.watches[1]?.request.query?.['resourceVersion']).toBe('12');
  await loop.end();
});
