/** Faults 43 to 48: the way to the server. */
import dns from 'node:dns';
import * as net from 'node:net';
import { setMaxListeners } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from 'vitest';
import { Scope } from '#shared/rpc/scope';
import { startDemo, type Demo } from '../../src/demo/demo';
import { watchWake, type Networks } from '../../src/main/cluster-host/wake';
import { eventOf, listOf, settle } from '../../src/main/engine/scripted-api';
import { chooseProxy } from '../../src/main/k8s/proxy';
import {
  apiFor,
  certificates,
  contextConfig,
  errorOf,
  sendJson,
  serve,
  serveTcp,
  type Certificates,
  type Running,
} from '../integration/k8s-support';
import { startLoop } from './support/loop';
import { fault } from './support/row';
import { demoContext, openPage, Screen, until } from './support/sessions';

const never = new AbortController().signal;
setMaxListeners(0, never);
let certs: Certificates;
let pair: { cert: string; key: string };
let demo: Demo;
let scope: Scope;
let running: Running[];

beforeAll(async () => {
  certs = certificates();
  pair = certs.pair('server', { san: 'IP:127.0.0.1,DNS:localhost,DNS:api.example' });
  demo = await startDemo({ seed: 7, pace: 0 });
});
afterAll(async () => {
  certs.remove();
  await demo.close();
});
beforeEach(() => {
  scope = new Scope('faults');
  running = [];
});
afterEach(async () => {
  vi.restoreAllMocks();
  scope.dispose();
  demo.faults.clear();
  await Promise.all(running.map((one) => one.close()));
});
async function start(made: Promise<Running>): Promise<Running> {
  const one = await made;
  running.push(one);
  return one;
}
const plain = (tls: object = pair): Promise<Running> =>
  start(serve((_, response) => sendJson(response, { fine: true }), tls));
const at = (server: Running, host = '127.0.0.1'): { server: string; ca: { data: string } } => ({
  server: `https://${host}:${server.port}`,
  ca: { data: certs.ca },
});
const wait = (ms: number): Promise<void> => new Promise<void>((resolve) => scope.timeout(resolve, ms));

fault(43, async () => {
  const page = openPage(demoContext(demo), scope);
  const screens = ['pods', 'configmaps', 'secrets', 'services', 'deployments.apps', 'events', 'nodes'].map(
    (kind) => new Screen(page.client, { kind, namespaces: kind === 'nodes' ? [] : ['shop'] }),
  );
  await Promise.all(screens.map((screen) => screen.live()));
  const rows = screens.map((screen) => screen.order.length);
  page.session.suspend();
  await wait(100);
  const asleep = demo.requests.length;
  await wait(1_500);
  expect(demo.requests.length).toBe(asleep);
  // The lid opens, the network is not there yet.
  await demo.down();
  page.session.resume();
  await until(() => page.status()?.phase === 'stale');
  await wait(4_000);
  expect(page.phases.filter((phase) => phase === 'stale')).toHaveLength(1);
  expect(screens.map((screen) => screen.order.length)).toEqual(rows);
  const began = performance.now();
  await demo.up();
  await until(() => screens.every((screen) => screen.phase === 'live'), 12_000);
  await until(() => page.status()?.phase === 'live', 12_000);
  expect(performance.now() - began).toBeLessThan(10_000);
  const lists = demo.requests
    .slice(asleep)
    .filter((one) => one.path.endsWith('/secrets') && one.query['watch'] === undefined);
  expect(lists, 'goes on from its version').toEqual([]);
});

fault(
  43,
  async () => {
    const server = await plain();
    const page = openPage(contextConfig(at(server, 'localhost'), { token: 't' }), scope);
    await until(() => page.status()?.phase === 'live');
    const { connections } = server;
    const open = connections();
    // What a host does when the last network goes: no tries, and the reason.
    let networks: Networks = { mark: 'wlan0', any: true };
    const told: string[] = [];
    watchWake(
      scope,
      (reason) => told.push(reason),
      { now: Date.now, monotonic: () => performance.now(), networks: () => networks },
      50,
    );
    networks = { mark: '', any: false };
    await until(() => told.length === 1);
    networks = { mark: 'wlan0', any: true };
    await until(() => told.length === 2);
    expect(told).toEqual(['offline', 'network']);
    expect(connections()).toBe(open);
  },
  'the machine loses its last network',
);

fault(
  43,
  async () => {
    let silent = false;
    const server = await start(
      serve((request, response) => {
        if (silent) return;
        if (request.url === '/version') sendJson(response, { gitVersion: 'v1.34.0' });
        else if (request.url?.includes('watch=')) {
          response.writeHead(200, { 'content-type': 'application/json' });
          response.write('\n');
        } else sendJson(response, {});
      }, pair),
    );
    const page = openPage(contextConfig(at(server), { token: 't' }), scope);
    await until(() => page.status()?.phase === 'live');
    // Sockets from before the sleep: the other end is there and says nothing.
    silent = true;
    const began = performance.now();
    page.session.resume();
    await until(() => page.status()?.phase === 'frozen', 12_000);
    expect(performance.now() - began).toBeLessThan(10_000);
  },
  'frozen sockets are found within 10 s',
);

fault(44, async () => {
  const page = openPage(demoContext(demo), scope);
  const screen = new Screen(page.client, { kind: 'configmaps', namespaces: ['shop'] });
  await screen.live();
  let networks: Networks = { mark: 'wlan0', any: true };
  watchWake(
    scope,
    () => page.session.resume(),
    { now: Date.now, monotonic: () => performance.now(), networks: () => networks },
    50,
  );
  const mark = demo.requests.length;
  networks = { mark: 'wlan0,tun0', any: true };
  const watches = (): number =>
    demo.requests
      .slice(mark)
      .filter((one) => one.path.endsWith('/shop/configmaps') && one.query['watch'] !== undefined).length;
  await until(() => watches() === 1, 10_000);
  await screen.live();
  await until(() => page.status()?.phase === 'live');
  expect(screen.states.some((state) => state.phase === 'stale' || state.phase === 'failed')).toBe(false);
});

/** DNS answers of our own. */
function resolveTo(answer: (host: string, reply: (addresses: dns.LookupAddress[]) => void) => void): void {
  vi.spyOn(dns, 'lookup').mockImplementation(((
    host: string,
    _options: unknown,
    callback: (error: Error | null, addresses: dns.LookupAddress[]) => void,
  ) => answer(host, (addresses) => callback(null, addresses))) as never);
}

fault(
  44,
  async () => {
    const server = await plain();
    // 2001:db8::/32 leads nowhere.
    resolveTo((_, reply) =>
      reply([
        { address: '2001:db8::1', family: 6 },
        { address: '127.0.0.1', family: 4 },
      ]),
    );
    const api = apiFor(scope, at(server, 'api.example'));
    const began = performance.now();
    expect(await api.json({ path: '/' }, never)).toEqual({ fine: true });
    expect(performance.now() - began).toBeLessThan(1_000);
  },
  'IPv6 that leads nowhere',
);

fault(45, async () => {
  const server = await plain();
  const missing = apiFor(scope, { server: 'https://no-such-host.invalid:6443' });
  const error = await errorOf(missing.json({ path: '/' }, never));
  expect(error).toMatchObject({ code: 'dns' });
  expect(error.message).toContain('no-such-host.invalid');
  resolveTo((host, reply) => {
    if (host === 'localhost') reply([{ address: '127.0.0.1', family: 4 }]);
  });
  const slow = apiFor(scope, { server: 'https://slow.example:6443' });
  const fine = apiFor(scope, at(server, 'localhost'));
  const late = errorOf(slow.json({ path: '/', timeoutMs: 12_000 }, never));
  const began = performance.now();
  expect(await fine.json({ path: '/' }, never)).toEqual({ fine: true });
  expect(performance.now() - began).toBeLessThan(1_000);
  expect(await late).toMatchObject({ code: 'dns' });
  expect((await late).message).toMatch(/gave no answer for slow\.example/);
});

for (const [name, tls, words] of [
  ['expired', () => certs.pair('expired', { san: 'IP:127.0.0.1', days: -1 }), /has expired/],
  ['wrong name', () => certs.pair('other', { san: 'DNS:other.example' }), /for other names/],
  [
    'unknown authority',
    () => {
      const stranger = certificates();
      const made = stranger.pair('stranger', { san: 'IP:127.0.0.1' });
      stranger.remove();
      return made;
    },
    /not trusted|another key|self-signed/,
  ],
  [
    'TLS 1.1',
    () => ({ ...pair, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }),
    /./,
  ],
] as const)
  fault(
    46,
    async () => {
      const server = await plain(tls());
      const error = await errorOf(apiFor(scope, at(server)).json({ path: '/' }, never));
      expect(error.code).toBe('tls');
      expect(error.message).toMatch(words);
      if (name !== 'TLS 1.1') expect(error.hint).toMatch(/SHA-256 [0-9A-F:]{95}/);
      // Nothing here turns verification off.
      expect(JSON.stringify(error)).not.toMatch(/insecure-skip-tls-verify: true|ignore/i);
    },
    name,
  );
fault(
  46,
  async () => {
    const own = certificates();
    const server = await plain(own.pair('self', { san: 'IP:127.0.0.1' }));
    const error = await errorOf(
      apiFor(scope, { server: `https://127.0.0.1:${server.port}`, ca: undefined }).json({ path: '/' }, never),
    );
    own.remove();
    expect(error).toMatchObject({ code: 'tls' });
    expect(error.message).toMatch(/not trusted|self-signed/);
  },
  'no authority given',
);
fault(
  46,
  async () => {
    const server = await plain(certs.pair('ed', { san: 'IP:127.0.0.1', algorithm: 'ED25519' }));
    const answer = await apiFor(scope, at(server))
      .json({ path: '/' }, never)
      .catch((thrown: { error?: { code: string } }) => thrown.error?.code);
    // OpenSSL takes it; BoringSSL of Electron says so in words.
    expect([{ fine: true }, 'tls']).toContainEqual(answer);
  },
  'Ed25519',
);

/** An HTTP proxy that tunnels, or answers CONNECT as told. */
function httpProxy(answer?: string): Promise<Running> {
  return start(
    serveTcp((client) => {
      client.once('data', (head: Buffer) => {
        const port = Number(/^CONNECT [^: ]+:(\d+)/.exec(head.toString('latin1'))?.[1]);
        if (answer !== undefined) {
          client.end(answer);
          return;
        }
        const upstream = net.connect(port, '127.0.0.1', () => {
          client.write('HTTP/1.1 200 OK\r\n\r\n');
          client.pipe(upstream).pipe(client);
        });
        upstream.on('error', () => client.destroy());
        client.on('close', () => upstream.destroy());
      });
    }),
  );
}
async function refusedBy(proxy: Running, scheme = 'http'): Promise<{ code: string; message: string }> {
  const api = apiFor(scope, {
    server: 'https://api.example:6443',
    proxyUrl: `${scheme}://127.0.0.1:${proxy.port}`,
  });
  return errorOf(api.json({ path: '/' }, never));
}
for (const [name, proxy, scheme, words] of [
  ['407', () => httpProxy('HTTP/1.1 407 No\r\n\r\n'), 'http', /\(407\)/],
  ['CONNECT 403', () => httpProxy('HTTP/1.1 403 No\r\n\r\n'), 'http', /forbids connections to api\.example/],
  [
    'down',
    async () => {
      const one = await serveTcp(() => undefined);
      await one.close();
      return one;
    },
    'http',
    /Proxy 127\.0\.0\.1:\d+ refuses connections/,
  ],
  [
    'SOCKS wants a password',
    () => start(serveTcp((client) => client.once('data', () => client.write(Buffer.from([5, 255]))))),
    'socks5',
    /user and password/,
  ],
] as const)
  fault(
    47,
    async () => {
      const error = await refusedBy(await proxy(), scheme);
      expect(error.code).toBe('proxy');
      expect(error.message).toMatch(words);
    },
    name,
  );
fault(
  47,
  async () => {
    const server = await plain();
    const proxy = await httpProxy();
    // A name that only the proxy knows: who goes around it fails.
    const api = apiFor(scope, { ...at(server, 'api.example'), proxyUrl: `http://127.0.0.1:${proxy.port}` });
    expect(await api.json({ path: '/' }, never)).toEqual({ fine: true });
    const before = proxy.connections();
    const { socket } = await api.connect(never);
    socket.destroy();
    expect(proxy.connections()).toBe(before + 1);
    const environment = { HTTPS_PROXY: 'http://127.0.0.1:1', NO_PROXY: 'api.example,.svc' };
    expect(chooseProxy(new URL('https://api.example'), undefined, environment)).toBeUndefined();
    expect(chooseProxy(new URL('https://other.example'), undefined, environment)).toBeDefined();
  },
  'WebSockets and NO_PROXY',
);

fault(48, async () => {
  const loop = startLoop((asked) => {
    if (asked.watch) return asked.send('\n');
    asked.send(listOf(['a'], '10'));
    asked.end();
  });
  await settle();
  for (let i = 0; i < 5; i++) {
    loop.api.watches.at(-1)?.send(eventOf('MODIFIED', 'a', String(20 + i)));
    await loop.clock.advance(60_000);
    // Without a word at the end, as a load balancer does.
    loop.api.watches.at(-1)?.cut();
    await settle();
  }
  expect(loop.api.watches).toHaveLength(6);
  expect(loop.api.lists).toHaveLength(1);
  expect(loop.states.map((state) => state.phase)).toEqual(['listing', 'live']);
  await loop.end();
});
