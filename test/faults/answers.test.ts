/** Faults 10 to 14: refusals. */
import { expect } from 'vitest';
import { cluster } from '#shared/contract/cluster';
import { resources } from '#shared/contract/resources';
import { ask } from '../../src/demo/test-client';
import { apiFor, contextConfig, errorOf, sendJson } from '../integration/k8s-support';
import type { Front } from './support/front';
import { refusal, startLoop } from './support/loop';
import { prints } from './support/plugin';
import { fault } from './support/row';
import { demoContext, openKinds, openPage, Screen, until } from './support/sessions';
import { at, never, stage } from './support/stage';

const s = stage({
  users: {
    'shop-reader': {
      name: 'shop-reader',
      rules: [
        { verbs: ['get', 'list', 'watch'], apiGroups: ['', 'apps'], resources: ['*'], namespaces: ['shop'] },
      ],
    },
  },
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
  const server = await s.before();
  let good = 'one';
  wants(server, () => good);
  const made = s.plugin(prints({ token: 'one' }));
  const other = openPage(demoContext(s.demo), s.scope);
  const page = openPage(contextConfig(at(s, server), { exec: made.exec }), s.scope);
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
  await new Promise<void>((resolve) => s.scope.timeout(resolve, 1_500));
  expect(made.runs()).toBe(runs);
});

fault(
  10,
  async () => {
    const server = await s.before(true);
    const methods: string[] = [];
    server.rules.push((request, response) => {
      methods.push(String(request.method));
      sendJson(response, { kind: 'Status', code: 401 }, 401);
      return true;
    });
    const made = s.plugin(prints({ token: 'one' }));
    const api = apiFor(s.scope, at(s, server), { exec: made.exec }, { PATH: '/usr/bin:/bin' });
    const error = await errorOf(api.json({ method: 'POST', path: '/api/v1/pods', body: '{}' }, never));
    expect(error.code).toBe('unauthorized');
    expect(methods).toEqual(['POST']);
  },
  'a change is not repeated',
);

fault(11, async () => {
  const server = await s.before(true);
  wants(server, () => 'nobody has it');
  const made = s.plugin(prints({ token: 'looks-valid', expirationTimestamp: '2099-01-01T00:00:00Z' }));
  const page = openPage(contextConfig(at(s, server), { exec: made.exec }), s.scope);
  const screen = new Screen(page.client, { kind: 'configmaps', namespaces: ['shop'] });
  await until(() => page.status()?.phase === 'unauthorized');
  await until(() => screen.phase === 'failed');
  await new Promise<void>((resolve) => s.scope.timeout(resolve, 3_000));
  expect(made.runs()).toBe(2);
  expect(page.status()?.error?.hint).toMatch(/[Ss]ign in/);
});

fault(12, async () => {
  const reader = openPage(demoContext(s.demo, 'shop-reader', 'shop'), s.scope);
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
  const mark = s.demo.requests.length;
  const server = await s.before();
  // Passed on under the reader's own name.
  const page = openPage(demoContext(s.demo, 'shop-reader', 'shop'), s.scope);
  const pods = new Screen(page.client, { kind: 'pods' });
  const deployments = new Screen(page.client, { kind: 'deployments.apps' });
  await Promise.all([pods.live(), deployments.live()]);
  expect(pods.order.length).toBeGreaterThan(0);
  expect([...pods.rows.values()].every((row) => row.namespace === 'shop')).toBe(true);
  await page.client.call(cluster, 'reconnect', undefined);
  await pods.live();
  const wide = s.demo.requests
    .slice(mark)
    .filter((one) => ['/api/v1/pods', '/apis/apps/v1/deployments'].includes(one.path));
  expect(wide).toEqual([]);
  expect(server.asked).toEqual([]);
});

fault(14, async () => {
  const server = await s.before();
  let down = true;
  server.rules.push((request, response) => {
    if (request.url !== '/apis' || !down) return false;
    void ask(s.demo, '/apis', { accept: String(request.headers.accept) }).then((answer) => {
      const items = answer.body['items'] as { versions: object[] }[];
      items.push({
        metadata: { name: 'dead.example' },
        versions: [{ version: 'v1', freshness: 'Stale', resources: [] }],
      } as never);
      sendJson(response, answer.body, 200, { 'content-type': String(answer.headers['content-type']) });
    });
    return true;
  });
  const page = openPage(contextConfig(at(s, server), { token: s.demo.token }), s.scope);
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
