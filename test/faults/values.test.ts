/** Faults 22 to 31: what the data of a cluster may be. */
import { createGzip } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { resources } from '#shared/contract/resources';
import { Scope } from '#shared/rpc/scope';
import { formatAge, formatAgeLong, none, parseTime } from '#shared/util/age';
import { formatBytes, parseQuantity, readQuantity, sumQuantities } from '#shared/util/quantity';
import { hasHidden, visible } from '#shared/util/text';
import { startDemo, type Demo } from '../../src/demo/demo';
import { ask } from '../../src/demo/test-client';
import { resourcePath } from '../../src/main/k8s/path';
import {
  apiFor,
  certificates,
  contextConfig,
  errorOf,
  sendJson,
  type Certificates,
} from '../integration/k8s-support';
import { front, on, type Front } from './support/front';
import { fault } from './support/row';
import { demoContext, openObject, openPage, Screen, until } from './support/sessions';

const never = new AbortController().signal;
let certs: Certificates;
let demo: Demo;
let scope: Scope;
let fronts: Front[];

beforeAll(async () => {
  certs = certificates();
  demo = await startDemo({ seed: 7, pace: 0 });
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

async function before(): Promise<Front> {
  const server = await front(certs, demo);
  fronts.push(server);
  return server;
}
const at = (server: Front): { server: string; ca: { data: string } } => ({
  server: server.url,
  ca: { data: certs.ca },
});
const pageOf = (server: Front): ReturnType<typeof openPage> =>
  openPage(contextConfig(at(server), { token: demo.token }), scope);

fault(22, () => {
  for (const raw of ['NaN', '', '1e999', '-1', '100Zi', '1,5', ' 1', '0x10', 'Infinity', 7, null, {}]) {
    expect(parseQuantity(raw), String(raw)).toBeNull();
    expect(readQuantity(raw).value).toBeNull();
  }
  expect(readQuantity('100Zi').raw).toBe('100Zi');
  expect(readQuantity(7).raw).toBe('7');
  expect(sumQuantities(['1Gi', 'NaN', '1e999', 5, '1Gi'])).toBe(2 * 2 ** 30);
  expect(sumQuantities(['NaN', ''])).toBeNull();
  for (const value of [NaN, Infinity, -Infinity, null, undefined]) expect(formatBytes(value)).toBe(none);
});

fault(
  22,
  async () => {
    const server = await before();
    const container = (requests: object): object => ({ name: 'c', image: 'i', resources: { requests } });
    const pod = (name: string, requests: object): object => ({
      metadata: { name, namespace: 'shop', uid: `uid-${name}`, resourceVersion: '1' },
      spec: { containers: [container(requests)] },
      status: { phase: 'Running' },
    });
    server.rules.push(
      on(/GET \S*\/pods\?.*watch=/, (response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.write('\n');
      }),
      on(/GET \S*\/pods\?/, (response) =>
        sendJson(response, {
          kind: 'PodList',
          apiVersion: 'v1',
          metadata: { resourceVersion: '1' },
          items: [
            pod('none', { cpu: 'NaN', memory: '' }),
            pod('huge', { cpu: '1e999', memory: '100Zi' }),
            pod('number', { cpu: 2, memory: -1 }),
          ],
        }),
      ),
    );
    const screen = new Screen(pageOf(server).client, { kind: 'pods', namespaces: ['shop'] });
    await screen.live();
    expect(screen.names.sort()).toEqual(['huge', 'none', 'number']);
    const numbers = [...screen.rows.values()].flatMap((row) =>
      (JSON.stringify(row.cells).match(/NaN|Infinity|1e999/g) ?? []).map((found) => `${row.name}: ${found}`),
    );
    expect(numbers).toEqual([]);
  },
  'in a table',
);

fault(23, () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  for (const raw of [
    undefined,
    null,
    '',
    '0001-01-01T00:00:00Z',
    '0000-00-00T00:00:00Z',
    'yesterday',
    0,
    {},
  ]) {
    expect(parseTime(raw)).toBeNull();
    expect(formatAge(parseTime(raw), now)).toBe(none);
  }
  expect(formatAge(parseTime('2026-01-01T00:05:00Z'), now)).toBe('in 5 m');
  for (const ms of [-1e15, -1, 0, 1, 1_999, 59_000, 1e12])
    for (const text of [formatAge(now + ms, now), formatAgeLong(now + ms, now)])
      expect(text).not.toMatch(/^-|\s-/);
});

for (const hours of [1, -1])
  fault(
    24,
    async () => {
      demo.faults.add({ fault: { type: 'skew', ms: hours * 3_600_000 } });
      const page = openPage(demoContext(demo), scope);
      await until(() => page.status()?.phase === 'live');
      await until(() => Math.abs((page.status()?.clockOffset ?? 0) - hours * 3_600_000) < 600_000);
      // An hour is an hour whichever clock it is read from.
      const now = Date.now() + (page.status()?.clockOffset ?? 0);
      expect(formatAge(now - 60_000, now)).toBe('1m');
    },
    `ages, ${hours} h`,
  );

const big = (bytes: number, keys: number): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'big', namespace: 'shop', uid: 'uid-big', resourceVersion: '3' },
  data: Object.fromEntries(
    Array.from({ length: keys }, (_, i) => [`key-${i}`, 'x'.repeat(Math.round(bytes / keys))]),
  ),
});
for (const [name, bytes, keys] of [
  ['10 MB', 10_000_000, 1],
  ['1.5 MiB', 1.5 * 2 ** 20, 3],
  ['5,500 keys', 1_000_000, 5_500],
] as const)
  fault(
    25,
    async () => {
      const server = await before();
      server.rules.push(
        on(/configmaps\/big$/, (response) => sendJson(response, big(bytes, keys))),
        on(/fieldSelector=metadata\.name%3Dbig/, (response) => {
          response.writeHead(200, { 'content-type': 'application/json' });
          response.write('\n');
        }),
      );
      const page = pageOf(server);
      await until(() => page.status()?.phase === 'live');
      await page.client.call(resources, 'yaml', {
        kind: 'namespaces',
        namespace: '',
        name: 'shop',
        managedFields: false,
      });
      const began = performance.now();
      const object = openObject(page, { kind: 'configmaps', namespace: 'shop', name: 'big' });
      await until(() => object.states.at(-1)?.object !== undefined);
      expect(performance.now() - began).toBeLessThan(1_000);
      const yaml = await page.client.call(resources, 'yaml', {
        kind: 'configmaps',
        namespace: 'shop',
        name: 'big',
        managedFields: false,
      });
      expect(yaml.bytes).toBeGreaterThan(bytes * 0.9);
    },
    name,
  );

fault(
  26,
  async () => {
    const server = await before();
    const pod = (i: number, version: number): object => ({
      metadata: {
        name: `pod-${i}`,
        namespace: 'shop',
        uid: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
        resourceVersion: String(version),
      },
      spec: { nodeName: `node-${version % 50}`, containers: [{ name: 'c', image: 'i' }] },
      status: { phase: 'Running', podIP: `10.0.0.${version % 250}` },
    });
    let stream: ((text: string) => void) | undefined;
    server.rules.push(
      on(/GET \S*\/pods\?.*watch=/, (response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.write('\n');
        stream = (text) => void response.write(text);
      }),
      on(/GET \S*\/pods\?/, (response) =>
        sendJson(response, {
          kind: 'PodList',
          apiVersion: 'v1',
          metadata: { resourceVersion: '1' },
          items: Array.from({ length: 20_000 }, (_, i) => pod(i, 1)),
        }),
      ),
    );
    const page = pageOf(server);
    const screen = new Screen(page.client, { kind: 'pods', limit: 50 });
    await until(() => screen.phase === 'live' && screen.last?.total === 20_000, 30_000);
    await until(() => stream !== undefined);
    const mark = screen.times.length;
    const heap = process.memoryUsage().heapUsed;
    let version = 2;
    const began = performance.now();
    // 500 a second in 25 pieces, all into the window that is shown.
    for (let tick = 0; tick < 100; tick++) {
      let text = '';
      for (let i = 0; i < 20; i++) {
        version += 1;
        text += `${JSON.stringify({ type: 'MODIFIED', object: pod(version % 40, version) })}\n`;
      }
      stream?.(text);
      await new Promise<void>((resolve) =>
        scope.timeout(resolve, began + (tick + 1) * 40 - performance.now()),
      );
    }
    const passed = performance.now() - began;
    const batches = screen.times.length - mark;
    expect(batches).toBeGreaterThan(5);
    expect(passed / batches).toBeGreaterThanOrEqual(60);
    expect(process.memoryUsage().heapUsed - heap).toBeLessThan(200 * 2 ** 20);
    // A question in the middle of it is answered at once.
    const asked = performance.now();
    screen.update({ filter: 'pod-199', request: 2 });
    await until(() => screen.last?.request === 2);
    expect(performance.now() - asked).toBeLessThan(500);
  },
  undefined,
  90_000,
);

/** Sends for ever, as fast as it is read. */
function endless(response: import('node:http').ServerResponse, chunk: string, type: string): void {
  response.writeHead(200, { 'content-type': type });
  const push = (): void => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on('drain', push);
  push();
}

fault(27, async () => {
  const server = await before();
  const chunk = 'x'.repeat(256 * 1024);
  server.rules.push(
    on(/endless/, (response) => endless(response, chunk, 'application/json')),
    on(/bomb/, (response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
      const zip = createGzip();
      zip.pipe(response);
      response.on('close', () => zip.destroy());
      const zeros = Buffer.alloc(1024 * 1024, 0x20);
      const push = (): void => {
        while (!zip.destroyed && zip.write(zeros));
      };
      zip.on('drain', push);
      zip.on('error', () => undefined);
      push();
    }),
  );
  const api = apiFor(scope, at(server), { token: 't' });
  const before0 = process.memoryUsage().rss;
  for (const path of ['/endless', '/bomb']) {
    const error = await errorOf(api.json({ path }, never));
    expect(error).toMatchObject({ code: 'too-large' });
    expect(error.message).toMatch(/larger than 32 MiB/);
  }
  expect(process.memoryUsage().rss - before0).toBeLessThan(400 * 2 ** 20);
});

for (const [name, rule] of [
  [
    'an endless item',
    '{"kind":"ConfigMapList","metadata":{"resourceVersion":"1"},"items":[{"metadata":{"name":"',
  ],
  ['an endless list', ''],
] as const)
  fault(
    27,
    async () => {
      const server = await before();
      let sent = 0;
      server.rules.push(
        on(/GET \S*\/configmaps\?/, (response) => {
          if (rule !== '') {
            response.writeHead(200, { 'content-type': 'application/json' });
            response.write(rule);
            const chunk = 'x'.repeat(1024 * 1024);
            const push = (): void => {
              while (!response.destroyed && response.write(chunk)) sent += chunk.length;
            };
            response.on('drain', push);
            push();
            return;
          }
          response.writeHead(200, { 'content-type': 'application/json' });
          response.write('{"kind":"ConfigMapList","metadata":{"resourceVersion":"1"},"items":[');
          // One small object of 1 GB: values nobody reads are never kept.
          let i = 0;
          const filler = 'y'.repeat(200_000);
          const push = (): void => {
            while (!response.destroyed && i < 1_000) {
              i += 1;
              sent += filler.length;
              const item = {
                metadata: { name: `n-${i}`, namespace: 'shop', uid: `u-${i}` },
                data: { a: filler },
              };
              if (!response.write(`${i > 1 ? ',' : ''}${JSON.stringify(item)}`)) return;
            }
            if (!response.destroyed) response.end(']}');
          };
          response.on('drain', push);
          push();
        }),
      );
      const screen = new Screen(pageOf(server).client, { kind: 'configmaps', namespaces: ['shop'] });
      const heap = process.memoryUsage().rss;
      if (rule === '') {
        await until(() => screen.last?.total === 1_000, 40_000);
        expect(sent).toBeGreaterThan(190e6);
      } else {
        await until(() => screen.phase === 'failed', 40_000);
        expect(screen.last?.state).toMatchObject({ error: { code: 'too-large' } });
      }
      expect(process.memoryUsage().rss - heap).toBeLessThan(500 * 2 ** 20);
    },
    name,
    90_000,
  );

fault(
  27,
  async () => {
    demo.faults.add({
      verb: 'watch',
      resource: 'configmaps',
      count: 1,
      fault: { type: 'huge-line', bytes: 50_000_000 },
    });
    const screen = new Screen(openPage(demoContext(demo), scope).client, {
      kind: 'configmaps',
      namespaces: ['shop'],
    });
    await screen.live();
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'after-it' } };
    await ask(demo, '/api/v1/namespaces/shop/configmaps', { method: 'POST', body });
    await until(() => screen.names.includes('after-it'));
    expect(demo.faults.hits).toBeGreaterThan(0);
    expect(screen.phase).toBe('live');
  },
  'an endless line of a watch',
);

fault(28, async () => {
  demo.faults.add({ path: '/version', fault: { type: 'html' } });
  const page = openPage(demoContext(demo), scope);
  await until(() => page.status()?.phase === 'unreachable');
  expect(page.status()?.error).toMatchObject({ code: 'bad-answer' });
  expect(page.status()?.error?.message).toMatch(/not a Kubernetes API \(proxy login\?\)/);
  expect(page.phases).not.toContain('live');
});

fault(
  28,
  async () => {
    const page = openPage(demoContext(demo), scope);
    const screen = new Screen(page.client, { kind: 'configmaps', namespaces: ['shop'] });
    await screen.live();
    const rows = screen.order.length;
    demo.faults.add({ fault: { type: 'html' } });
    demo.disconnect();
    await until(() => screen.phase === 'stale');
    expect(screen.order).toHaveLength(rows);
    demo.faults.clear();
    await screen.live();
  },
  'in mid-session',
);

fault(29, async () => {
  const thief = await before();
  demo.faults.add({ path: '/version', fault: { type: 'redirect', location: `${thief.url}/version` } });
  const page = openPage(demoContext(demo), scope);
  await until(() => page.status()?.phase === 'unreachable');
  expect(page.status()?.error?.message).toContain(`127.0.0.1:${thief.port}`);
  expect(page.status()?.error?.message).toMatch(/not followed/);
  expect(thief.asked).toEqual([]);
});

const nasty = [
  '\u202Egnp.exe',
  'a\u2028b',
  'nul\0',
  '<img src=x onerror=alert(1)>',
  '\u200Bzero',
  'line\nbreak',
  '\ud800',
  'e\u0301',
  '\u001b]52;c;aGk=\u0007',
];

fault(30, async () => {
  for (const text of nasty.filter((one) => !/^<img|^e/.test(one))) {
    expect(hasHidden(text)).toBe(true);
    expect(hasHidden(visible(text))).toBe(false);
  }
  expect(visible('a\u202Eb')).toBe('a\\u202eb');
  // Through list, watch line (U+2028 is data) and port, unchanged.
  const server = await before();
  const item = (text: string, i: number): object => ({
    metadata: { name: `n-${i}`, namespace: 'shop', uid: `u-${i}`, resourceVersion: '1', labels: { a: text } },
    type: text,
    reason: text,
    message: text,
    involvedObject: { kind: text, name: text, namespace: 'shop' },
  });
  let stream: ((text: string) => void) | undefined;
  server.rules.push(
    on(/GET \S*\/events\?.*watch=/, (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('\n');
      stream = (text) => void response.write(text);
    }),
    on(/GET \S*\/events\?/, (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const items = nasty.map((text, i) => JSON.stringify(item(text, i)));
      const raw = Buffer.from(
        `{"kind":"EventList","apiVersion":"v1","metadata":{"resourceVersion":"1"},"items":[${items.join(',')},`,
      );
      // And bytes that are no UTF-8 at all.
      const bad = Buffer.concat([
        Buffer.from('{"metadata":{"name":"bytes","namespace":"shop","uid":"u-bytes"},"reason":"'),
        Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0xed, 0xa0, 0x80]),
        Buffer.from('"}]}'),
      ]);
      response.end(Buffer.concat([raw, bad]));
    }),
  );
  const screen = new Screen(pageOf(server).client, { kind: 'events', namespaces: ['shop'] });
  await screen.live();
  expect(screen.order).toHaveLength(nasty.length + 1);
  await until(() => stream !== undefined);
  stream?.(`${JSON.stringify({ type: 'ADDED', object: item('u\u2028v', 99) })}\n`);
  await until(() => screen.names.includes('n-99'));
  expect(JSON.stringify([...screen.rows.values()])).toContain('<img src=x onerror=alert(1)>');
});

fault(31, async () => {
  for (const name of ['..', '.', '', '%2e%2e', 'a/b', '../x'])
    expect(() =>
      resourcePath({ group: '', version: 'v1', resource: 'pods', namespace: 'x', name }),
    ).toThrow();
  const role = { group: 'rbac.authorization.k8s.io', version: 'v1', resource: 'clusterroles' };
  expect(resourcePath({ ...role, name: 'My:Admin' })).toMatch(/\/clusterroles\/My(:|%3A)Admin$/);
  const server = await before();
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
  const item = (name: string): object => ({
    metadata: { name, namespace: name, uid: `u-${name}`, resourceVersion: '1' },
    data: { ['__proto__']: 'x', constructor: 'y' },
  });
  server.rules.push(
    on(/configmaps\?.*watch=/, (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('\n');
    }),
    on(/configmaps\?/, (response) =>
      sendJson(response, {
        kind: 'ConfigMapList',
        metadata: { resourceVersion: '1' },
        items: names.map(item),
      }),
    ),
    on(/configmaps\/__proto__$/, (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(
        '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"__proto__","namespace":"constructor","uid":"u","__proto__":{"polluted":1}},"data":{"__proto__":"x"},"__proto__":{"polluted":1}}',
      );
    }),
  );
  const page = pageOf(server);
  const screen = new Screen(page.client, { kind: 'configmaps' });
  await screen.live();
  expect(screen.names.sort()).toEqual([...names].sort());
  const one = new Screen(page.client, { kind: 'configmaps', namespaces: ['__proto__'] });
  await one.live();
  expect(one.names).toContain('__proto__');
  const object = openObject(page, { kind: 'configmaps', namespace: 'constructor', name: '__proto__' });
  await until(() => object.states.at(-1)?.object !== undefined);
  expect(({} as { polluted?: number }).polluted).toBeUndefined();
  const path = server.asked.find((line) => line.includes('/namespaces/constructor/configmaps/'));
  expect(path).toBe('GET /api/v1/namespaces/constructor/configmaps/__proto__');
});
