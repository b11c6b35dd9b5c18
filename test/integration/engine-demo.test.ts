/** The engine against the demo cluster over HTTPS, under each fault its switch can make. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startDemo, type Demo } from '../../src/demo/demo';
import { Caches, type SharedTable } from '../../src/main/engine/caches';
import type { Clock } from '../../src/main/engine/clock';
import { kindById } from '../../src/shared/kinds/registry';
import { Scope } from '../../src/shared/rpc/scope';
import { httpsApi, type HttpsApi } from './engine-api';

/** Waits run so many times faster; what is measured against the wire stays ordered. */
const SPEED = 40;
const fast: Clock = {
  now: () => Date.now() * SPEED,
  random: () => Math.random(),
  timer: (callback, ms) => {
    const handle = setTimeout(callback, ms / SPEED);
    return () => clearTimeout(handle);
  },
};

let demo: Demo;
let api: HttpsApi;
let scope: Scope;
let caches: Caches;

beforeEach(async () => {
  demo = await startDemo({ pace: 0, pods: 1300, bookmarkMs: 60_000 / SPEED });
  scope = new Scope('engine-demo');
  api = httpsApi({ server: demo.url, ca: demo.caPem, cert: undefined, key: undefined, token: demo.token });
  caches = new Caches({ api, clock: fast }, scope);
});
afterEach(async () => {
  scope.dispose();
  api.close();
  await demo.close();
});

function pods(namespaces: readonly string[] | null = null): SharedTable {
  const served = { group: '', version: 'v1', resource: 'pods', verbs: ['list', 'watch'], namespaced: true };
  return caches.acquire({ served, descriptor: kindById.get('pods')!, namespaces }, scope.signal);
}

async function until(what: string, test: () => boolean, ms = 20_000): Promise<void> {
  const end = Date.now() + ms;
  while (!test()) {
    if (Date.now() > end) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** What the server holds, asked for plainly. */
async function truth(): Promise<string[]> {
  const { signal } = new AbortController();
  const list = await api.json<{ items: { metadata: { uid: string } }[] }>({ path: '/api/v1/pods' }, signal);
  return list.items.map((item) => item.metadata.uid).sort();
}

function held(shared: SharedTable): string[] {
  const uids: string[] = [];
  const { table } = shared;
  for (let row = 0; row < table.top; row++) if (table.alive[row] === 1) uids.push(table.uid(row));
  return uids.sort();
}

/** Lets the cluster live a little, then waits until the table says the same as the server. */
async function converges(shared: SharedTable): Promise<void> {
  demo.step(120_000);
  const want = (await truth()).join();
  await until('live', () => shared.state.phase === 'live');
  await until('the same pods', () => held(shared).join() === want);
}

const lists = (): number =>
  api.log.filter((path) => path.includes('/pods') && !path.includes('watch=true')).length;

it('lists all pages and follows the cluster', async () => {
  const shared = pods();
  await until('live', () => shared.state.phase === 'live');
  expect(held(shared)).toEqual(await truth());
  expect(shared.table.size).toBeGreaterThan(1000);
  expect(api.log.some((path) => path.includes('continue='))).toBe(true);
  await converges(shared);
});

describe('watch faults', () => {
  it.each([
    ['cut', { type: 'cut', after: 3 }],
    ['a malformed line', { type: 'malformed', after: 1 }],
    ['an endless line', { type: 'huge-line', bytes: 9 * 1024 * 1024, after: 1 }],
    ['410 in the stream', { type: 'stream-error', code: 410, after: 2 }],
    ['429 in the stream', { type: 'stream-error', code: 429, after: 2 }],
    ['500 in the stream', { type: 'stream-error', code: 500, after: 2 }],
    ['410 at the start', { type: 'expired' }],
    ['429 at the start', { type: 'status', code: 429, retryAfter: 2 }],
    ['503 at the start', { type: 'status', code: 503 }],
    ['no byte at all', { type: 'drop' }],
    ['silence', { type: 'hang', after: 0 }],
    ['a slow line', { type: 'slow', bytesPerSecond: 200_000 }],
  ] as const)('%s: the table is never blank and ends up right', async (_name, fault) => {
    demo.faults.add({ verb: 'watch', resource: 'pods', fault, count: 2 });
    const shared = pods();
    let blank = 0;
    await until('rows', () => shared.table.size > 1000);
    shared.table.subscribe(() => void (shared.table.size < 100 && blank++));
    await converges(shared);
    await converges(shared);
    expect(demo.faults.hits).toBeGreaterThan(0);
    expect(blank).toBe(0);
  });
});

describe('list faults', () => {
  it.each([
    ['cut', { verb: 'list', fault: { type: 'cut', after: 100 }, count: 1 }],
    ['an expired continue token', { verb: 'list', continued: true, fault: { type: 'expired' }, count: 1 }],
    ['429', { verb: 'list', fault: { type: 'status', code: 429, retryAfter: 1 }, count: 2 }],
    ['a login page', { verb: 'list', fault: { type: 'html' }, count: 1 }],
    ['a malformed item', { verb: 'list', fault: { type: 'malformed', after: 50 }, count: 1 }],
  ] as const)('%s: tried again, then whole', async (_name, rule) => {
    demo.faults.add({ resource: 'pods', ...rule });
    const shared = pods();
    await until('live', () => shared.state.phase === 'live');
    expect(held(shared)).toEqual(await truth());
    expect(demo.faults.hits).toBeGreaterThan(0);
  });

  it('resyncs after the server was away and forgot its history', async () => {
    const shared = pods();
    await until('live', () => shared.state.phase === 'live');
    await demo.down();
    await until('stale', () => shared.state.phase === 'stale');
    expect(shared.table.size).toBeGreaterThan(1000);
    demo.step(300_000);
    demo.compact();
    await demo.up();
    await until('live again', () => shared.state.phase === 'live');
    await converges(shared);
  });

  it('does not ask a forbidden list again', async () => {
    demo.faults.add({
      verb: 'list',
      resource: 'pods',
      fault: { type: 'status', code: 403, reason: 'Forbidden' },
    });
    const shared = pods();
    await until('denied', () => shared.state.phase === 'denied');
    const asked = lists();
    await new Promise((resolve) => setTimeout(resolve, 200_000 / SPEED));
    expect(lists()).toBe(asked);
  });
});
