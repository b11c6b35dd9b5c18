/** Faults 66 to 72: odd servers and the app's own parts. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from 'vitest';
import { resources } from '#shared/contract/resources';
import { RpcClient } from '#shared/rpc/client';
import { portPair } from '#shared/rpc/port';
import { Scope } from '#shared/rpc/scope';
import { serve } from '#shared/rpc/server';
import { startDemo, type Demo } from '../../src/demo/demo';
import { KeptRows } from '../../src/main/app/kept-rows';
import type { KeyStore } from '../../src/main/app/key-store';
import { Supervisor, type HostProcess } from '../../src/main/app/supervisor';
import { SettingsStore } from '../../src/main/app/settings';
import { openUserData } from '../../src/main/app/user-data';
import type { HostEvent } from '../../src/main/cluster-host/messages';
import { describeThrown, redact } from '../../src/main/cluster-host/redact';
import { certificates, contextConfig, sendJson, type Certificates } from '../integration/k8s-support';
import { front, on, type Front } from './support/front';
import { fault } from './support/row';
import { demoContext, openKinds, openPage, Screen, until } from './support/sessions';

let certs: Certificates;
let demo: Demo;
let scope: Scope;
let fronts: Front[];
let folder: string;

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
  folder = mkdtempSync(join(tmpdir(), 'fault-app-'));
});
afterEach(async () => {
  scope.dispose();
  demo.faults.clear();
  rmSync(folder, { recursive: true, force: true });
  await Promise.all(fronts.map((one) => one.close()));
});
async function before(): Promise<Front> {
  const server = await front(certs, demo);
  fronts.push(server);
  return server;
}

for (const [name, version] of [
  ['1.19', { gitVersion: 'v1.19.16', major: '1', minor: '19+' }],
  ['an alpha of 1.37', { gitVersion: 'v1.37.0-alpha.2.41+a1b2c3d4e5f607', minor: '37+' }],
  ['a vendor', { gitVersion: 'v1.27.11-gke.1062000 (built by "us")', minor: 'twenty' }],
  ['/version forbidden', undefined],
] as const)
  fault(
    66,
    async () => {
      const server = await before();
      server.rules.push(
        on(/GET \/version$/, (response) =>
          version === undefined
            ? sendJson(response, { kind: 'Status', code: 403, reason: 'Forbidden' }, 403)
            : sendJson(response, version),
        ),
        // An old server knows neither aggregated discovery nor SelfSubjectReview nor protobuf of lists.
        (request, response) => {
          if (name !== '1.19') return false;
          if (/selfsubjectreviews/.test(request.url ?? '')) {
            sendJson(response, { kind: 'Status', code: 404 }, 404);
            return true;
          }
          if (/^\/apis?$/.test(request.url ?? '')) delete request.headers['accept'];
          return false;
        },
      );
      const page = openPage(
        contextConfig({ server: server.url, ca: { data: certs.ca } }, { token: demo.token }),
        scope,
      );
      const kinds = openKinds(page);
      const pods = new Screen(page.client, { kind: 'pods', namespaces: ['shop'] });
      await pods.live();
      await until(() => page.status()?.phase === 'live');
      // Pods are asked for before the server's kinds are known.
      await until(() => kinds.last().kinds.length > 20);
      if (version) expect(page.status()?.server?.version).toBe(version.gitVersion);
    },
    name,
  );

fault(67, async () => {
  const page = openPage(demoContext(demo), scope);
  const screen = new Screen(page.client, { kind: 'configmaps', namespaces: ['shop'] });
  await screen.live();
  const rows = screen.order.length;
  const mark = demo.requests.length;
  // The page is gone; the host is not.
  page.client.close();
  const [near, far] = portPair();
  serve(far, page.session.services, scope);
  const again = new RpcClient(near);
  scope.add(() => again.close());
  const second = new Screen(again, { kind: 'configmaps', namespaces: ['shop'] });
  await second.live();
  expect(second.order).toHaveLength(rows);
  // Nothing was read from the server again.
  expect(demo.requests.slice(mark).filter((one) => one.path.endsWith('/shop/configmaps'))).toEqual([]);
});

/** A host process that dies when told. */
class FakeHost implements HostProcess {
  private exits: ((reason: string) => void)[] = [];
  private events: ((event: HostEvent) => void)[] = [];
  /** `onInit`: told of which context it becomes the host. */
  constructor(private readonly onInit: (contextId: string) => void) {}
  post(command: { type: string; id?: number; context?: { id: string } }): void {
    if (command.type === 'init') {
      this.onInit(command.context?.id ?? '');
      this.say({ type: 'ready' });
    }
    if (command.type === 'ping') this.say({ type: 'pong', id: command.id ?? 0 });
    if (command.type === 'stop') this.kill();
  }
  onEvent(listener: (event: HostEvent) => void): void {
    this.events.push(listener);
  }
  onExit(listener: (reason: string) => void): void {
    this.exits.push(listener);
  }
  say(event: HostEvent): void {
    for (const listener of this.events) listener(event);
  }
  kill(reason = 'ended'): void {
    for (const listener of this.exits.splice(0)) listener(reason);
  }
}

fault(68, async () => {
  vi.useFakeTimers();
  try {
    const hosts = new Map<string, FakeHost[]>();
    const supervisor = new Supervisor({
      scope,
      fork: () => {
        const host = new FakeHost((id) => hosts.set(id, [...(hosts.get(id) ?? []), host]));
        return host;
      },
      resolve: (id) => Promise.resolve({ ...contextConfig({}), id }),
      environment: () => Promise.resolve({}),
      log: () => undefined,
    });
    await supervisor.connect('bad');
    await supervisor.connect('good');
    for (let death = 0; death < 8; death++) {
      const host = hosts.get('bad')?.at(-1);
      host?.say({ type: 'fatal', message: 'a defect' });
      host?.kill();
      await vi.advanceTimersByTimeAsync(10_000);
    }
    expect(hosts.get('bad')).toHaveLength(6);
    const states = supervisor.states();
    expect(states.find((one) => one.contextId === 'bad')).toMatchObject({
      phase: 'failed',
      reason: expect.stringContaining('a defect') as unknown,
    });
    expect(hosts.get('good')).toHaveLength(1);
    expect(states.find((one) => one.contextId === 'good')?.phase).toBe('running');
    // Offered, not done: one more start when the person asks.
    await supervisor.connect('bad');
    expect(hosts.get('bad')).toHaveLength(7);
  } finally {
    vi.useRealTimers();
  }
  const secret = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJlLXNpZ25hdHVyZQ';
  const told = describeThrown(new Error(`Authorization: Bearer ${secret}`));
  expect(told).not.toContain(secret);
  expect(redact(`token: ${secret}`)).not.toContain(secret);
});

fault(69, () => {
  const told: string[] = [];
  const path = join(folder, 'settings.json');
  writeFileSync(path, '{"theme": "da');
  const store = new SettingsStore(path, scope, (text) => told.push(text));
  expect(store.value.theme).toBe('system');
  expect(store.problem).toMatch(/damaged/);
  const copy = readdirSync(folder).find((name) => name.startsWith('settings.json.bad-'));
  expect(readFileSync(join(folder, copy ?? ''), 'utf8')).toBe('{"theme": "da');
});
fault(
  69,
  () => {
    // As on a full disk or a read-only home: writing fails, the value holds, one sentence is said.
    const told: string[] = [];
    const inner = new Scope('faults');
    const path = join(folder, 'taken', 'settings.json');
    mkdirSync(path, { recursive: true });
    const store = new SettingsStore(path, inner, (text) => told.push(text));
    store.patch({ theme: 'dark' });
    store.patch({ theme: 'light' });
    inner.dispose();
    expect(store.value.theme).toBe('light');
    expect(told).toHaveLength(1);
    writeFileSync(join(folder, 'file'), '');
    const data = openUserData(join(folder, 'file/below'));
    expect(data.problem).toMatch(/cannot be written/);
    writeFileSync(join(data.path, 'x'), '');
    data.dispose();
  },
  'no place to write',
);

fault(70, () => {
  const path = join(folder, 'settings.json');
  writeFileSync(path, JSON.stringify({ later: { a: [1] }, theme: 'dark', contexts: { c: { glow: 3 } } }));
  const inner = new Scope('faults');
  const store = new SettingsStore(path, inner, () => undefined);
  store.patch({ theme: 'light', contexts: { c: { alias: 'x' } } });
  inner.dispose();
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({
    later: { a: [1] },
    theme: 'light',
    contexts: { c: { glow: 3, alias: 'x' } },
  });
});

fault(71, async () => {
  const page = openPage(demoContext(demo), scope);
  const [near, far] = portPair();
  serve(far, page.session.services, scope);
  const client = new RpcClient(near);
  scope.add(() => client.close());
  const raw = near as unknown as { post(message: unknown): void };
  for (const message of [
    null,
    'text',
    7,
    [],
    { t: 'call' },
    { t: 'call', id: 1.5, m: 'resources.yaml' },
    { t: 'call', id: 90, m: '__proto__.constructor', i: {} },
    { t: 'call', id: 91, m: 'resources.nothing', i: {} },
    { t: 'open', id: 92, m: 'resources.view', i: {}, credit: 1e9 },
    { t: 'open', id: 93, m: 'constructor', i: {}, credit: -5 },
    { t: 'update', id: 4711, i: {} },
    { t: 'credit', id: 4711, n: -1 },
    { t: 'shout', id: 1 },
  ])
    raw.post(message);
  const bad = { kind: 'x'.repeat(10_000_000), namespace: '', name: 'a', managedFields: false };
  await expect(client.call(resources, 'yaml', bad)).rejects.toMatchObject({
    error: { code: 'invalid-input' },
  });
  const good = { kind: 'namespaces', namespace: '', name: 'shop', managedFields: false };
  expect((await client.call(resources, 'yaml', good)).text).toContain('name: shop');
  const screen = new Screen(client, { kind: 'pods', namespaces: ['shop'] });
  await screen.live();
});

fault(72, () => {
  const folder = mkdtempSync(join(tmpdir(), 'fault-72-'));
  try {
    let asked = 0;
    const refuse = (): never => {
      asked += 1;
      throw new Error('The keyring is locked');
    };
    const open = (store: Partial<KeyStore>): KeptRows =>
      new KeptRows({
        folder,
        platform: 'linux',
        wanted: () => true,
        log: () => undefined,
        store: {
          isEncryptionAvailable: () => true,
          getSelectedStorageBackend: () => 'gnome_libsecret',
          encryptString: refuse,
          decryptString: refuse,
          ...store,
        },
      });
    // Absent: nothing is saved, nothing is asked.
    expect(open({ isEncryptionAvailable: () => false }).place()).toBeUndefined();
    expect(open({ getSelectedStorageBackend: () => 'basic_text' }).place()).toBeUndefined();
    expect([asked, readdirSync(folder)]).toEqual([0, []]);
    // Locked: asked once, whatever opens later.
    const locked = open({});
    expect([locked.place(), locked.place(), locked.place()]).toEqual([undefined, undefined, undefined]);
    expect(asked).toBe(1);
    // There: the same key again, and never in the clear.
    const works: Partial<KeyStore> = {
      encryptString: (text) => Buffer.from(text, 'base64').reverse(),
      decryptString: (bytes) => Buffer.from(bytes).reverse().toString('base64'),
    };
    const key = open(works).place()?.key;
    expect(open(works).place()?.key).toBe(key);
    expect(readFileSync(join(folder, 'key')).includes(key ?? '')).toBe(false);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  // Nothing else keeps anything in a keyring.
  const root = join(import.meta.dirname, '../../src');
  const uses = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (name) =>
      /\.tsx?$/.test(name) &&
      /\b(safeStorage|keytar|libsecret)\b/.test(readFileSync(join(root, name), 'utf8')),
  );
  expect(uses.sort()).toEqual([join('main', 'app', 'key-store.ts'), join('main', 'app', 'start.ts')]);
});
