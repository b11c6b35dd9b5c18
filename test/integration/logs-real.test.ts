/**
 * Logs of a real cluster through a wire that is cut: every connection breaks, stays refused for some seconds
 * and comes back. Each line the API server has of each pod must be there once, and the gap marked.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { noFilter } from '#shared/contract/logs';
import { MARKER } from '#shared/domain/logs/flags';
import { Scope } from '#shared/rpc/scope';
import { LogSession } from '../../src/main/features/logs/log-session';
import { LogView } from '../../src/main/features/logs/log-view';
import { openReal, realKubeconfig } from '../support/real-cluster';

const file = realKubeconfig();
const server = /server: *"?https:\/\/(127\.0\.0\.1):(\d+)\b/.exec(
  file === undefined ? '' : readFileSync(file, 'utf8'),
);
const AWAY_MS = 4_000;

const scopes: Scope[] = [];
afterEach(() => scopes.splice(0).forEach((scope) => scope.dispose()));

/** A wire to the server that can be cut. */
async function openWire(scope: Scope, port: number): Promise<{ port: number; cut(): void; mend(): void }> {
  const sockets = new Set<Socket>();
  let broken = false;
  const listener = createServer((near) => {
    if (broken) return near.destroy();
    const far = connect(port, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      socket.on('error', () => undefined);
    }
    near.pipe(far).pipe(near);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
    return undefined;
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const cut = (): void => {
    broken = true;
    for (const socket of sockets) socket.destroy();
  };
  scope.add(() => {
    cut();
    listener.close();
  });
  return { port: (listener.address() as AddressInfo).port, cut, mend: () => (broken = false) };
}

if (file === undefined || server === null)
  console.warn('SKIPPED: logs over a wire that is cut: BINNACLE_TEST_KUBECONFIG names no kubeconfig.');

describe.skipIf(file === undefined || server === null)('logs over a wire that is cut', () => {
  it('go on without a lost or doubled line, and say so', { timeout: 90_000 }, async () => {
    const scope = new Scope('logs-real');
    scopes.push(scope);
    const direct = await openReal(file ?? '', scope);
    const wire = await openWire(scope, Number(server?.[2]));
    const folder = mkdtempSync(join(tmpdir(), 'logs-wire-'));
    scope.add(() => rmSync(folder, { recursive: true, force: true }));
    const through = join(folder, 'kubeconfig');
    const text = readFileSync(file ?? '', 'utf8').replace(
      /(server: *"?https:\/\/127\.0\.0\.1:)\d+/g,
      `$1${wire.port}`,
    );
    writeFileSync(through, text, { mode: 0o600 });
    const api = await openReal(through, scope);
    const session = new LogSession({
      api,
      kind: async () => undefined,
      now: Date.now,
      source: { type: 'selector', namespace: 'shop', selector: 'app=frontend' },
      previous: false,
      follow: true,
      tail: null,
      sinceSeconds: null,
      keep: 1_000_000,
      scope: scope.child('session'),
      onChange: () => undefined,
    });
    const phases = (): string => session.streams.map(({ phase }) => phase).join();
    await vi.waitFor(() => expect(phases()).toMatch(/^live(,live)+$/), { timeout: 30_000, interval: 100 });
    wire.cut();
    await vi.waitFor(() => expect(phases()).toMatch(/^reconnecting(,reconnecting)+$/), { timeout: 10_000 });
    await new Promise((resolve) => setTimeout(resolve, AWAY_MS));
    wire.mend();
    await vi.waitFor(() => expect(phases()).toMatch(/^live(,live)+$/), { timeout: 40_000, interval: 100 });

    const view = new LogView(session.store, () => false);
    view.setFilter(noFilter);
    const ours = (): { lines: string[]; marks: string[] } => {
      const lines: string[] = [];
      const marks: string[] = [];
      for (let seq = session.store.first; seq < session.store.end; seq += 1) {
        const place = session.store.place(seq);
        const words = session.store.text(seq)?.toString('utf8') ?? '';
        if (((place?.chunk.flags[place.index] ?? 0) & MARKER) !== 0) marks.push(words);
        else
          lines.push(`${session.streams[place?.chunk.streams[place.index] ?? 0]?.pod.name ?? ''} ${words}`);
      }
      return { lines, marks };
    };
    const truth = async (): Promise<string[]> => {
      const all: string[] = [];
      for (const { pod } of session.streams) {
        const path = `/api/v1/namespaces/shop/pods/${pod.name}/log`;
        const answer = await direct.open({ path, accept: '*/*', long: true }, scope.signal);
        const parts: Uint8Array[] = [];
        for await (const part of answer.body) parts.push(part);
        for (const line of Buffer.concat(parts).toString('utf8').split('\n'))
          if (line !== '') all.push(`${pod.name} ${line}`);
      }
      return all;
    };
    const least = counted(await truth());
    await vi.waitFor(
      async () => {
        const have = counted(ours().lines);
        const most = counted(await truth());
        const lost = [...least].filter(([line, count]) => (have.get(line) ?? 0) < count);
        const doubled = [...have].filter(([line, count]) => count > (most.get(line) ?? 0));
        expect({ lost, doubled }).toEqual({ lost: [], doubled: [] });
      },
      { timeout: 15_000, interval: 300 },
    );
    const { marks } = ours();
    expect(marks).toHaveLength(session.streams.length);
    for (const mark of marks) expect(mark).toMatch(/^Connection lost for \d+ s; read on from there\.$/);
  });
});

function counted(lines: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}
