/** Faults 22 to 24, 28 to 31: values, clocks, pages that are no API, and hostile text. */
import { expect } from 'vitest';
import { formatAge, formatAgeLong, none, parseTime } from '#shared/util/age';
import { formatBytes, parseQuantity, readQuantity, sumQuantities } from '#shared/util/quantity';
import { hasHidden, visible } from '#shared/util/text';
import { resourcePath } from '../../src/main/k8s/path';
import { clockWarning } from '../../src/renderer/app/live-status';
import { apiFor, errorOf, sendJson } from '../integration/k8s-support';
import { on } from './support/front';
import { prints } from './support/plugin';
import { fault } from './support/row';
import { demoContext, openObject, openPage, Screen, until } from './support/sessions';
import { at, never, stage } from './support/stage';

const s = stage();

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
    const server = await s.before();
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
    const screen = new Screen(s.page(server).client, { kind: 'pods', namespaces: ['shop'] });
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
      s.demo.faults.add({ fault: { type: 'skew', ms: hours * 3_600_000 } });
      const page = openPage(demoContext(s.demo), s.scope);
      await until(() => page.status()?.phase === 'live');
      await until(() => Math.abs((page.status()?.clockOffset ?? 0) - hours * 3_600_000) < 600_000);
      const warning = clockWarning(page.status());
      expect(warning).toMatch(hours > 0 ? /behind the API server/ : /ahead of the API server/);
      expect(clockWarning({ phase: 'live', since: 0, clockOffset: 119_000 })).toBeUndefined();
      // An hour is an hour whichever clock it is read from.
      const now = Date.now() + (page.status()?.clockOffset ?? 0);
      expect(formatAge(now - 60_000, now)).toBe('1m');
    },
    `ages, ${hours} h`,
  );

for (const hours of [1, -1])
  fault(
    24,
    async () => {
      // Our clock is off: what the plugin gives is good for 20 minutes by the server's.
      const skew = hours * 3_600_000;
      const server = await s.before();
      let runs = 0;
      server.rules.push((request, response) => {
        response.sendDate = false;
        response.setHeader('date', new Date(Date.now() + skew).toUTCString());
        if (request.headers.authorization === 'Bearer of-the-plugin') sendJson(response, { fine: ++runs });
        else sendJson(response, { kind: 'Status', code: 401 }, 401);
        return true;
      });
      const made = s.plugin(
        prints({
          token: 'of-the-plugin',
          expirationTimestamp: new Date(Date.now() + skew + 20 * 60_000).toISOString(),
        }),
      );
      const api = apiFor(s.scope, at(s, server), { exec: made.exec }, { PATH: '/usr/bin:/bin' });
      for (let i = 1; i <= 5; i++) expect(await api.json({ path: '/' }, never)).toEqual({ fine: i });
      expect(made.runs()).toBe(1);
      // One that is over by the server's clock is refused in words after one more try.
      const old = s.plugin(
        prints({ token: 'old', expirationTimestamp: new Date(Date.now() + skew - 60_000).toISOString() }),
      );
      const late = apiFor(s.scope, at(s, server), { exec: old.exec }, { PATH: '/usr/bin:/bin' });
      const error = await errorOf(late.json({ path: '/' }, never));
      expect(error.message).toMatch(/already expired/);
      expect(old.runs()).toBe(2);
    },
    `credentials, ${hours} h`,
  );

fault(28, async () => {
  s.demo.faults.add({ path: '/version', fault: { type: 'html' } });
  const page = openPage(demoContext(s.demo), s.scope);
  await until(() => page.status()?.phase === 'unreachable');
  expect(page.status()?.error).toMatchObject({ code: 'bad-answer' });
  expect(page.status()?.error?.message).toMatch(/not a Kubernetes API \(proxy login\?\)/);
  expect(page.phases).not.toContain('live');
});

fault(
  28,
  async () => {
    const page = openPage(demoContext(s.demo), s.scope);
    const screen = new Screen(page.client, { kind: 'configmaps', namespaces: ['shop'] });
    await screen.live();
    const rows = screen.order.length;
    s.demo.faults.add({ fault: { type: 'html' } });
    s.demo.disconnect();
    await until(() => screen.phase === 'stale');
    expect(screen.order).toHaveLength(rows);
    s.demo.faults.clear();
    await screen.live();
  },
  'in mid-session',
);

fault(29, async () => {
  const thief = await s.before();
  s.demo.faults.add({ path: '/version', fault: { type: 'redirect', location: `${thief.url}/version` } });
  const page = openPage(demoContext(s.demo), s.scope);
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
  const server = await s.before();
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
  const screen = new Screen(s.page(server).client, { kind: 'events', namespaces: ['shop'] });
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
  const server = await s.before();
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
  const page = s.page(server);
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
