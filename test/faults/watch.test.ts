/** Faults 1 to 9: what may happen to a list and a watch. */
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { Scope } from '#shared/rpc/scope';
import type { LoggedRequest } from '../../src/demo/api/request-log';
import { startDemo, type Demo } from '../../src/demo/demo';
import { ask } from '../../src/demo/test-client';
import { eventOf, listOf, settle } from '../../src/main/engine/scripted-api';
import { apiFor, certificates, errorOf, sendJson, type Certificates } from '../integration/k8s-support';
import { front, on, type Front } from './support/front';
import { errorLine, refusal, startLoop } from './support/loop';
import { fault } from './support/row';
import { demoContext, openPage, Screen, until } from './support/sessions';

const never = new AbortController().signal;
let certs: Certificates;
let demo: Demo;
let scope: Scope;
let fronts: Front[];

beforeAll(async () => {
  certs = certificates();
  demo = await startDemo({ seed: 7, pace: 0, pods: 700 });
});
afterAll(async () => {
  certs.remove();
  await demo.close();
});
beforeEach(() => {
  scope = new Scope('faults');
  fronts = [];
});
afterEach(async () => {
  scope.dispose();
  demo.faults.clear();
  await Promise.all(fronts.map((one) => one.close()));
});

let made = 0;
async function make(): Promise<string> {
  const name = `fault-${++made}`;
  const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { a: 'b' } };
  await ask(demo, '/api/v1/namespaces/shop/configmaps', { method: 'POST', body });
  return name;
}
const remove = (name: string): Promise<unknown> =>
  ask(demo, `/api/v1/namespaces/shop/configmaps/${name}`, { method: 'DELETE' });

/** Requests for config maps of one namespace since a mark, lists and watches apart. */
function since(mark: number): { lists: LoggedRequest[]; watches: LoggedRequest[] } {
  const mine = demo.requests
    .slice(mark)
    .filter((one) => one.method === 'GET' && one.path === '/api/v1/namespaces/shop/configmaps');
  return {
    lists: mine.filter((one) => one.query['watch'] === undefined),
    watches: mine.filter((one) => one.query['watch'] !== undefined),
  };
}

fault(1, async () => {
  const page = openPage(demoContext(demo), scope);
  const screen = new Screen(page.client, { kind: 'configmaps', namespaces: ['shop'] });
  await screen.live();
  const mark = demo.requests.length;
  const whole = await make();
  await until(() => screen.names.includes(whole));
  // The next watch loses its connection in the middle of its second event.
  demo.faults.add({ verb: 'watch', resource: 'configmaps', count: 1, fault: { type: 'cut', after: 1 } });
  demo.disconnect();
  await until(() => since(mark).watches.length === 1);
  const first = await make();
  await until(() => screen.names.includes(first));
  const half = await make();
  await until(() => since(mark).watches.length === 2);
  await until(() => screen.names.includes(half));
  const seen = since(mark);
  expect(seen.lists).toEqual([]);
  const one = (await ask(demo, `/api/v1/namespaces/shop/configmaps/${first}`)).body.metadata as {
    resourceVersion: string;
  };
  expect(seen.watches[1]?.query['resourceVersion']).toBe(one.resourceVersion);
  expect(new Set(screen.order).size).toBe(screen.order.length);
  expect(screen.names.filter((name) => name === half)).toHaveLength(1);
});

fault(2, async () => {
  const loop = startLoop((asked) => {
    if (asked.watch) {
      asked.send(eventOf('MODIFIED', 'a', String(100 + loop.api.watches.length)));
      asked.cut();
    } else {
      asked.send(listOf(['a'], '10'));
      asked.end();
    }
  });
  await loop.clock.advance(60_000);
  const gaps = loop.api.watches.slice(1).map((asked, i) => asked.at - (loop.api.watches[i]?.at ?? 0));
  // A hundred a minute are offered; what is taken is a handful.
  expect(loop.api.watches.length).toBeLessThan(10);
  expect(gaps.slice(0, 4)).toEqual([...gaps.slice(0, 4)].sort((a, b) => a - b));
  expect(loop.names()).toEqual(['a']);
  expect(loop.states.at(-1)).toMatchObject({ phase: 'catching-up', reason: 'Reconnecting.' });
  expect(loop.api.lists).toHaveLength(1);
  await loop.end();
});

fault(
  2,
  async () => {
    const server = await front(certs, demo);
    fronts.push(server);
    server.rules.push(
      on(/GET \S*\/configmaps\?.*watch=/, (response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.write('\n', () => response.destroy());
      }),
    );
    const api = demoContext({ ...demo, url: server.url, caPem: certs.ca });
    const page = openPage(api, scope);
    const screen = new Screen(page.client, { kind: 'configmaps', namespaces: ['shop'] });
    await until(() => screen.phase === 'catching-up');
    const rows = screen.order.length;
    await new Promise<void>((resolve) => scope.timeout(resolve, 1_000));
    const before = process.cpuUsage();
    const began = performance.now();
    await new Promise<void>((resolve) => scope.timeout(resolve, 5_000));
    const used = process.cpuUsage(before);
    const share = (used.user + used.system) / 1000 / (performance.now() - began);
    expect(share, 'share of one processor').toBeLessThan(0.05);
    expect(screen.order.length).toBe(rows);
  },
  'processor time',
);

fault(3, async () => {
  const loop = startLoop((asked) => {
    if (asked.watch) asked.send('\n');
    else {
      asked.send(listOf(['a'], '10'));
      asked.end();
    }
  });
  await settle();
  // Each watch asks for 5 to 10 minutes; bookmarks each minute keep it from looking dead.
  for (let minute = 0; minute < 7; minute++) {
    loop.api.watches[0]?.send(
      `${JSON.stringify({ type: 'BOOKMARK', object: { metadata: { resourceVersion: String(20 + minute) } } })}\n`,
    );
    await loop.clock.advance(60_000);
  }
  loop.api.watches[0]?.end();
  await settle();
  expect(loop.api.watches).toHaveLength(2);
  expect(loop.api.watches[1]?.request.query?.['resourceVersion']).toBe('26');
  expect(loop.api.lists).toHaveLength(1);
  expect(loop.states.map((state) => state.phase)).toEqual(['listing', 'live']);
  await loop.end();
});

fault(4, async () => {
  let silent = false;
  const loop = startLoop((asked) => {
    if (asked.watch) {
      if (!silent) asked.send('\n');
      return;
    }
    if (silent) return asked.refuse(refusal('timeout', undefined, { reason: 'NoAnswer' }));
    asked.send(listOf(['a'], '10'));
    asked.end();
  });
  await settle();
  silent = true;
  const began = loop.clock.now();
  await loop.clock.advance(120_000);
  const stale = loop.states.find((state) => state.phase === 'stale');
  expect(stale).toMatchObject({ error: { code: 'timeout' } });
  expect((stale?.phase === 'stale' ? stale.since : Infinity) - began).toBeLessThanOrEqual(120_000);
  expect(loop.names()).toEqual(['a']);
  await loop.end();
});

const expirations: readonly [string, () => void][] = [
  [
    'in the stream',
    () =>
      demo.faults.add({ verb: 'watch', resource: 'configmaps', count: 1, fault: { type: 'stream-error' } }),
  ],
  [
    'at its start',
    () => demo.faults.add({ verb: 'watch', resource: 'configmaps', count: 1, fault: { type: 'expired' } }),
  ],
];
for (const [name, prepare] of expirations)
  fault(
    5,
    async () => {
      const gone = await make();
      const page = openPage(demoContext(demo), scope);
      const screen = new Screen(page.client, { kind: 'configmaps', namespaces: ['shop'] });
      await screen.live();
      const before = screen.order.filter((id) => screen.rows.get(id)?.name !== gone);
      const mark = demo.requests.length;
      prepare();
      demo.disconnect();
      await remove(gone);
      const added = await make();
      await until(() => screen.names.includes(added) && !screen.names.includes(gone));
      await screen.live();
      expect(since(mark).lists).toHaveLength(1);
      // The same rows under the same ids: selection and scroll hang on them.
      expect(screen.order.filter((id) => before.includes(id))).toEqual(before);
      expect(screen.least).toBeGreaterThanOrEqual(before.length);
    },
    name,
  );

fault(
  5,
  async () => {
    demo.faults.add({
      verb: 'list',
      resource: 'pods',
      continued: true,
      count: 1,
      fault: { type: 'expired' },
    });
    const page = openPage(demoContext(demo), scope);
    const screen = new Screen(page.client, { kind: 'pods' });
    await screen.live();
    const all = (await ask(demo, '/api/v1/pods')).body.items as unknown[];
    expect(all.length).toBeGreaterThan(500);
    expect(screen.last?.total).toBe(all.length);
  },
  'on a continue token',
);

fault(6, async () => {
  const loop = startLoop((asked) => asked.refuse(refusal('gone', 410)));
  await loop.clock.advance(600_000);
  expect(loop.states.at(-1)).toMatchObject({ phase: 'failed', error: { code: 'gone' } });
  const tries = new Set(loop.api.lists.map((asked) => asked.at));
  expect(tries.size).toBeLessThan(22);
  expect(loop.api.lists.every((asked) => asked.request.query?.['resourceVersion'] === undefined)).toBe(true);
  const gaps = [...tries].slice(1).map((at, i) => at - ([...tries][i] ?? 0));
  expect(Math.max(...gaps)).toBeGreaterThanOrEqual(30_000);
  await loop.end();
});

for (const kind of ['seconds', 'date'] as const)
  fault(
    7,
    async () => {
      const server = await front(certs);
      fronts.push(server);
      const at: [string, number][] = [];
      let storms = 1;
      server.rules.push((request, response) => {
        at.push([`${request.method} ${request.url}`, performance.now()]);
        if (request.method === 'POST' || storms-- > 0) {
          const after =
            kind === 'seconds' ? '2' : new Date(Math.ceil(Date.now() / 1000) * 1000 + 2_000).toUTCString();
          sendJson(response, { kind: 'Status', code: 429, reason: 'TooManyRequests' }, 429, {
            'retry-after': after,
          });
        } else sendJson(response, { fine: true });
        return true;
      });
      const api = apiFor(scope, { server: server.url, ca: { data: certs.ca } }, { token: 't' });
      const error = await errorOf(api.json({ path: '/api/v1/pods' }, never));
      expect(error).toMatchObject({ code: 'throttled', retryAfter: expect.any(Number) as unknown });
      // Another kind, at once: it waits as well.
      await Promise.all(
        ['/api/v1/nodes', '/api/v1/services', '/api/v1/secrets'].map((path) => api.json({ path }, never)),
      );
      const first = at[0]?.[1] ?? 0;
      const waits = at.slice(1).map(([, when]) => when - first);
      for (const wait of waits) expect(wait).toBeGreaterThanOrEqual(1_900);
      expect(new Set(waits.map((wait) => Math.round(wait / 5))).size, 'spread').toBeGreaterThan(1);
      // A change is told at once and never sent twice.
      const change = await errorOf(api.json({ method: 'POST', path: '/api/v1/pods', body: '{}' }, never));
      expect(change.code).toBe('throttled');
      expect(at.filter(([what]) => what.startsWith('POST'))).toHaveLength(1);
    },
    kind,
  );

fault(8, async () => {
  const page = openPage(demoContext(demo), scope);
  const pods = new Screen(page.client, { kind: 'pods', namespaces: ['shop'] });
  const maps = new Screen(page.client, { kind: 'configmaps', namespaces: ['shop'] });
  await Promise.all([pods.live(), maps.live()]);
  const rows = maps.order.length;
  const mark = demo.requests.length;
  await demo.down();
  await until(() => pods.phase === 'stale' && maps.phase === 'stale');
  await until(() => page.status()?.phase === 'stale');
  expect(maps.order).toHaveLength(rows);
  await demo.up();
  await until(() => pods.phase === 'live' && maps.phase === 'live', 12_000);
  await until(() => page.status()?.phase === 'live');
  expect(since(mark).lists).toEqual([]);
});

fault(
  8,
  async () => {
    let answer: 'fine' | 500 | 503 = 'fine';
    const loop = startLoop((asked) => {
      if (answer !== 'fine') return asked.refuse(refusal('server', answer));
      if (asked.watch) return asked.send('\n');
      asked.send(listOf(['a'], '10'));
      asked.end();
    });
    await settle();
    for (const status of [500, 503] as const) {
      answer = status;
      loop.api.watches.at(-1)?.cut();
      const mark = loop.api.asked.length;
      await loop.clock.advance(120_000);
      expect(loop.phase()).toBe('stale');
      expect(loop.api.asked.length - mark).toBeLessThan(12);
      answer = 'fine';
      await loop.clock.advance(60_000);
      expect(loop.phase()).toBe('live');
    }
    expect(loop.names()).toEqual(['a']);
    await loop.end();
  },
  '500 and 503 for two minutes',
);

fault(9, async () => {
  const page = openPage(demoContext(demo), scope);
  const screen = new Screen(page.client, { kind: 'configmaps', namespaces: ['shop'] });
  await screen.live();
  const mark = demo.requests.length;
  demo.faults.add({
    verb: 'watch',
    resource: 'configmaps',
    count: 1,
    fault: {
      type: 'status',
      code: 504,
      reason: 'Timeout',
      message: 'Too large resource version: 900, current: 3',
    },
  });
  demo.disconnect();
  const added = await make();
  await until(() => screen.names.includes(added));
  const { lists } = since(mark);
  expect(lists).toHaveLength(1);
  expect(lists[0]?.query['resourceVersion']).toBeUndefined();
  await screen.live();
});

fault(
  9,
  async () => {
    const loop = startLoop((asked) => {
      if (asked.watch) {
        if (loop.api.watches.length === 1) asked.send(errorLine(504, 'ResourceVersionTooLarge'));
        else asked.send('\n');
        return;
      }
      asked.send(listOf(['b'], loop.api.lists.length === 1 ? '900' : '3'));
      asked.end();
    });
    await loop.clock.advance(2_000);
    expect(loop.phase()).toBe('live');
    expect(loop.api.watches.at(-1)?.request.query?.['resourceVersion']).toBe('3');
    await loop.end();
  },
  'in the stream',
);
