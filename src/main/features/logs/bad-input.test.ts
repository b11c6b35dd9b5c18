import { afterEach, describe, expect, it, vi } from 'vitest';
import { ansiSpans, safeLink, stripAnsi } from '#shared/domain/logs/ansi';
import { MARKER, PIECE } from '#shared/domain/logs/flags';
import { Scope } from '#shared/rpc/scope';
import { fail } from '#shared/util/app-error';
import { FakeCluster, openLogs, podOf, stampOf } from './logs-test-help';
import { readRows } from './rows';

const scopes: Scope[] = [];
const newScope = (): Scope => {
  const scope = new Scope('bad-input');
  scopes.push(scope);
  return scope;
};
afterEach(() => scopes.splice(0).forEach((scope) => scope.dispose()));

const begin = Date.UTC(2026, 0, 2, 3, 4, 5);
const line = (ms: number, text: string | Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${stampOf(begin + ms)} `), Buffer.from(text), Buffer.from('\n')]);
const wait = { timeout: 8_000, interval: 20 };

/** A cluster with one pod whose log begins with these bytes. */
function clusterOf(...parts: Buffer[]): FakeCluster {
  const cluster = new FakeCluster();
  cluster.put(podOf('web'));
  cluster.log = (_, follow) => (follow ? [] : parts);
  return cluster;
}

describe('bad input', () => {
  it('a line of 5 MB is kept whole and travels cut', async () => {
    const text = Buffer.alloc(5_000_000, 0x78);
    const { session, view } = openLogs(clusterOf(line(0, text), line(1, 'after')), newScope());
    await vi.waitFor(() => expect(session.store.count).toBe(2), wait);
    expect(session.store.text(0)?.equals(text)).toBe(true);
    const rows = readRows(session, view, 0, 2);
    expect(rows.text.map((one) => one.length)).toEqual([16 * 1024, 5]);
    expect(rows.bytes).toEqual([5_000_000, 5]);
  });

  it('bytes without any newline come in pieces, so that memory stays bounded', async () => {
    const chunk = Buffer.alloc(1024 * 1024, 0x79);
    const cluster = clusterOf(Buffer.from(`${stampOf(begin)} `), ...Array.from({ length: 20 }, () => chunk));
    const { session } = openLogs(cluster, newScope());
    await vi.waitFor(() => expect(session.store.bytes).toBeGreaterThanOrEqual(20 * chunk.length), wait);
    expect(session.store.count).toBe(3);
    for (const seq of [0, 1, 2]) {
      const place = session.store.place(seq);
      expect((place?.chunk.flags[place.index] ?? 0) & PIECE).toBe(PIECE);
    }
  });

  it('NUL and invalid UTF-8 are lines as any', async () => {
    const odd = Buffer.from([0x61, 0, 0xff, 0xfe, 0xc3, 0x28, 0, 0x62]);
    const { session, view } = openLogs(clusterOf(line(0, odd), line(1, 'b')), newScope());
    await vi.waitFor(() => expect(session.store.count).toBe(2), wait);
    expect(session.store.text(0)?.equals(odd)).toBe(true);
    view.setSearch({ type: 'text', text: 'b' });
    while (view.busy) view.advance(5);
    expect(view.searchState()?.count).toBe(2);
    expect(readRows(session, view, 0, 1).text[0]).toContain('\u0000');
  });

  it('an ANSI bomb is drawn in bounded pieces; of links only http and https are left', () => {
    const bomb = Array.from({ length: 20_000 }, (_, i) => `\u001b[3${i % 8}m${i % 10}`).join('');
    const began = performance.now();
    expect(ansiSpans(bomb).length).toBeLessThanOrEqual(501);
    expect(stripAnsi(bomb)).toHaveLength(20_000);
    for (const open of ['\u001b[', '\u001b]8;;', '\u001bP', '\u009b'])
      expect(stripAnsi(open.repeat(50_000)).length).toBeLessThan(250_000);
    expect(performance.now() - began).toBeLessThan(3_000);
    const link = (url: string): string | undefined =>
      ansiSpans(`\u001b]8;;${url}\u0007text\u001b]8;;\u0007`).find(({ text }) => text === 'text')?.style
        ?.link;
    expect(link('https://example.com/a?b')).toBe('https://example.com/a?b');
    for (const url of ['file:///etc/passwd', 'javascript:alert(1)', 'ssh://x', 'https://good@evil.com', 'x'])
      expect([link(url), safeLink(url)]).toEqual([undefined, undefined]);
  });

  it('a clock that jumps back keeps the order of the container', async () => {
    const jumps = [0, 5_000, 1_000, 2_000, -86_400_000, 6_000];
    const { session, texts } = openLogs(
      clusterOf(...jumps.map((ms, i) => line(ms, `line ${i}`))),
      newScope(),
    );
    await vi.waitFor(() => expect(session.store.count).toBe(jumps.length), wait);
    expect(texts()).toEqual(jumps.map((_, i) => `line ${i}`));
    expect(session.store.time(4)).toBe(begin - 86_400_000);
  });

  it('of 450 containers 400 are followed, 12 are opened at a time, and the rest is counted', async () => {
    const cluster = new FakeCluster();
    for (let i = 0; i < 150; i += 1) cluster.put(podOf(`web-${i}`, { running: {} }, { containers: 3 }));
    cluster.log = (pod, follow) => (follow ? [] : [line(0, pod)]);
    const { session } = openLogs(cluster, newScope());
    await vi.waitFor(
      () => expect(session.streams.filter(({ phase }) => phase === 'live')).toHaveLength(400),
      wait,
    );
    expect(session.unopened).toBe(50);
    expect(cluster.mostOpening).toBeLessThanOrEqual(12);
    await vi.waitFor(() => expect(session.store.count).toBe(400), wait);
    // Those that go make room for those that were left out.
    for (let i = 0; i < 20; i += 1) cluster.remove(`uid-web-${i}`);
    await vi.waitFor(() => expect(session.unopened).toBe(0), wait);
  });

  it('a container that has not started waits, says why, and is read when it does', async () => {
    const cluster = clusterOf(line(0, 'hello'));
    cluster.pods.clear();
    const pulling = { waiting: { reason: 'ImagePullBackOff', message: 'no such image' } };
    cluster.put(podOf('web', pulling, { phase: 'Pending' }));
    const { session, texts } = openLogs(cluster, newScope());
    await vi.waitFor(() => expect(session.streams[0]?.words).toMatch(/^Waiting: ImagePullBackOff/), wait);
    expect(session.streams[0]?.phase).toBe('waiting');
    cluster.put(podOf('web'));
    await vi.waitFor(() => expect(texts()).toEqual(['hello']), wait);
    expect(session.streams[0]?.phase).toBe('live');
  });

  it('where pods/log is forbidden it says who may not, and asks no more', async () => {
    const words = 'pods "web" is forbidden: User "jane" cannot get resource "pods/log" in the namespace "n"';
    const cluster = clusterOf();
    let asked = 0;
    cluster.log = () => {
      asked += 1;
      return [fail('forbidden', words)];
    };
    const { session } = openLogs(cluster, newScope());
    await vi.waitFor(() => expect(session.streams[0]?.phase).toBe('denied'), wait);
    expect([session.streams[0]?.words, asked]).toEqual([words, 1]);
  });

  it('lines of a pod that went stay, and its stream says so', async () => {
    const cluster = clusterOf(line(0, 'last words'));
    const { session, texts } = openLogs(cluster, newScope());
    await vi.waitFor(() => expect(session.streams[0]?.phase).toBe('live'), wait);
    cluster.log = () => [fail('not-found', 'pods "web" not found')];
    cluster.remove('uid-web');
    cluster.put(podOf('web-2', { waiting: {} }, { phase: 'Pending' }));
    await vi.waitFor(() => expect(session.streams).toHaveLength(2), wait);
    expect(texts()).toEqual(['last words']);
  });

  it('a node whose kubelet is gone is named, and lines come again when it is back', async () => {
    const cluster = clusterOf();
    const refused = fail('server', 'Get "https://10.0.0.1:10250/containerLogs/n/web/c0": no route to host', {
      status: 500,
    });
    let back = false;
    cluster.log = (_, follow) => (back ? (follow ? [] : [line(0, 'again')]) : [refused]);
    const { session, texts } = openLogs(cluster, newScope());
    await vi.waitFor(
      () => expect(session.streams[0]?.words).toMatch(/^The kubelet of node node-1 cannot be reached/),
      wait,
    );
    expect(session.streams[0]?.phase).toBe('reconnecting');
    back = true;
    session.streams[0]?.nudge();
    await vi.waitFor(() => expect(texts()).toHaveLength(2), wait);
    const isMark = (seq: number): boolean => {
      const place = session.store.place(seq);
      return ((place?.chunk.flags[place.index] ?? 0) & MARKER) !== 0;
    };
    const all = texts();
    expect(all.filter((_, seq) => !isMark(seq))).toEqual(['again']);
    expect(all.filter((_, seq) => isMark(seq)).join()).toMatch(/^Connection lost for \d+ s/);
  });

  it('a view that is closed while a container waits leaves nothing running', async () => {
    const cluster = clusterOf();
    cluster.pods.clear();
    cluster.put(podOf('web', { waiting: { reason: 'ContainerCreating' } }, { phase: 'Pending' }));
    const scope = newScope();
    const { session } = openLogs(cluster, scope);
    await vi.waitFor(() => expect(session.streams[0]?.phase).toBe('waiting'), wait);
    scope.dispose();
    // A loop that never waits again would never let this timer fire.
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(session.streams[0]?.phase).toBe('waiting');
  });
});
