/** Faults 15 to 21: kinds that come and go, objects that are none. */
import { expect } from 'vitest';
import { objects, type WriteResult } from '#shared/contract/objects';
import { dropDraft, findDraft, keepDraft } from '../../src/renderer/features/editor/drafts';
import { ask } from '../../src/demo/test-client';
import { eventOf, listOf, settle } from '../../src/main/engine/scripted-api';
import { sendJson } from '../integration/k8s-support';
import { on } from './support/front';
import { startLoop } from './support/loop';
import { fault } from './support/row';
import { demoContext, openKinds, openObject, openPage, Screen, until } from './support/sessions';
import { stage } from './support/stage';

const s = stage();

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
  await ask(s.demo, crds, { method: 'POST', body: definition(plural, versions) });
  const [version] = versions;
  const kind = plural.slice(0, 1).toUpperCase() + plural.slice(1, -1);
  await ask(s.demo, `/apis/fault.io/${version}/namespaces/shop/${plural}`, {
    method: 'POST',
    body: { apiVersion: `fault.io/${version}`, kind, metadata: { name: 'one' }, spec: { text: 'kept' } },
  });
}
const drop = (plural: string): Promise<unknown> =>
  ask(s.demo, `${crds}/${plural}.fault.io`, { method: 'DELETE' });

fault(15, async () => {
  await define('widgets', ['v1']);
  const page = openPage(demoContext(s.demo), s.scope);
  const kinds = openKinds(page);
  const screen = new Screen(page.client, { kind: 'widgets.fault.io' });
  const object = openObject(page, { kind: 'widgets.fault.io', namespace: 'shop', name: 'one' });
  await screen.live();
  await until(() => object.states.at(-1)?.phase === 'live');
  const target = { kind: 'widgets.fault.io', namespace: 'shop', name: 'one' };
  const source = await page.client.call(objects, 'read', { ...target, reveal: false });
  const mine = source.text.replace('kept', 'mine');
  // As the editor does with every change of its text.
  keepDraft('fault 15', { text: mine, base: source.base, original: source.text, at: 1 });
  const save = (dryRun: boolean): Promise<WriteResult> =>
    page.client.call(objects, 'write', {
      ...{ how: 'update', dryRun, force: false, reveal: false, target, base: source.base, text: mine },
    } as const);
  expect(await save(true)).toMatchObject({ ok: true });
  await drop('widgets');
  // Before anybody noticed: the server's 404 is told, not thrown.
  const early = await save(false);
  expect(early).toMatchObject({ ok: false });
  await until(() => screen.phase === 'gone');
  expect(screen.last?.state).toMatchObject({ phase: 'gone', error: { code: 'not-found' } });
  await until(() => ['deleted', 'gone'].includes(object.states.at(-1)?.phase ?? ''));
  // What was read of it can still be copied.
  expect(object.states.at(-1)?.object).toMatchObject({ spec: { text: 'kept' } });
  expect(page.status()?.phase).toBe('live');
  await until(() => !kinds.last().kinds.some((kind) => kind.id === 'widgets.fault.io'));
  const late = await save(false);
  expect(late).toMatchObject({
    ok: false,
    error: { message: 'This cluster serves no Widget in fault.io/v1.' },
  });
  expect(findDraft('fault 15')).toEqual({ text: mine, base: source.base, original: source.text, at: 1 });
  // It comes back by itself when the kind does.
  await define('widgets', ['v1']);
  await until(() => screen.phase === 'live' && screen.names.includes('one'), 20_000);
  // The object is another one now: an edit of the old one is not written over it.
  expect(await save(false)).toMatchObject({ ok: false, refusal: 'replaced' });
  const now = await ask(s.demo, '/apis/fault.io/v1/namespaces/shop/widgets/one');
  expect(now.body).toMatchObject({ spec: { text: 'kept' } });
  dropDraft('fault 15');
  await drop('widgets');
});

fault(16, async () => {
  await define('gizmos', ['v1', 'v1beta1']);
  const page = openPage(demoContext(s.demo), s.scope);
  const kinds = openKinds(page);
  const screen = new Screen(page.client, { kind: 'gizmos.fault.io' });
  await screen.live();
  const versionOf = (): string | undefined =>
    kinds.last().kinds.find((kind) => kind.id === 'gizmos.fault.io')?.version;
  await until(() => versionOf() === 'v1');
  await drop('gizmos');
  await define('gizmos', ['v1beta1']);
  await until(() => versionOf() === 'v1beta1', 20_000);
  await ask(s.demo, '/apis/fault.io/v1beta1/namespaces/shop/gizmos', {
    method: 'POST',
    body: { apiVersion: 'fault.io/v1beta1', kind: 'Gizmo', metadata: { name: 'two' } },
  });
  await until(() => screen.phase === 'live' && screen.names.includes('two'), 20_000);
  const object = openObject(page, { kind: 'gizmos.fault.io', namespace: 'shop', name: 'one' });
  await until(() => object.states.at(-1)?.phase === 'live');
  await drop('gizmos');
});

fault(17, async () => {
  const page = openPage(demoContext(s.demo), s.scope);
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
  const server = await s.before();
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
  const page = s.page(server);
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
  await ask(s.demo, path, { method: 'POST', body });
  const page = openPage(demoContext(s.demo), s.scope);
  const screen = new Screen(page.client, { kind: 'configmaps', namespaces: ['shop'] });
  const object = openObject(page, { kind: 'configmaps', namespace: 'shop', name: 'twice' });
  await until(() => screen.names.includes('twice') && object.states.at(-1)?.phase === 'live');
  const id = (): string | undefined => screen.order.find((one) => screen.rows.get(one)?.name === 'twice');
  const first = id();
  // Gone and back while nobody could listen.
  await s.demo.down();
  s.demo.store.remove('configmaps', 'shop', 'twice');
  await s.demo.up();
  await ask(s.demo, path, { method: 'POST', body });
  await until(() => id() !== undefined && id() !== first, 20_000);
  expect(screen.order).not.toContain(first);
  await until(() => object.states.some((state) => state.phase === 'replaced'), 20_000);
  await ask(s.demo, `${path}/twice`, { method: 'DELETE' });
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
