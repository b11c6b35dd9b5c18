/** Faults 57 and 58: port-forwards, through a session, with real sockets on both ends. */
import { readFileSync } from 'node:fs';
import * as net from 'node:net';
import { beforeEach, expect } from 'vitest';
import { forward, type ForwardRow, type ForwardStarted } from '#shared/contract/forward';
import { ask } from '../../src/demo/test-client';
import type { Front } from './support/front';
import { echo, podPorts, type PodConnection, type PodPorts } from './support/pod-ports';
import { fault } from './support/row';
import { until, type Page } from './support/sessions';
import { stage } from './support/stage';

const s = stage();

interface Owned {
  metadata: { name: string; ownerReferences?: { kind: string; name: string }[] };
  status?: { phase?: string; conditions?: { type: string; status: string }[] };
}
let server: Front;
let page: Page;
/** A pod of a Deployment that has it as its only one, and the Deployment. */
let pod: string;
let owner: string;
let rows: readonly ForwardRow[];

const ready = (one: Owned): boolean =>
  one.status?.phase === 'Running' &&
  one.status.conditions?.some((found) => found.type === 'Ready' && found.status === 'True') === true;
const deploymentOf = (one: Owned): string | undefined => {
  const [found] = one.metadata.ownerReferences ?? [];
  return found?.kind === 'ReplicaSet' ? found.name.replace(/-[a-z0-9]+$/, '') : undefined;
};
async function podsOf(deployment: string): Promise<Owned[]> {
  const { body } = await ask(s.demo, '/api/v1/namespaces/shop/pods');
  return (body as unknown as { items: Owned[] }).items.filter(
    (one) => deploymentOf(one) === deployment && ready(one),
  );
}

beforeEach(async () => {
  server = await s.before();
  page = s.page(server);
  rows = [];
  page.client.open(forward, 'list', undefined, {
    onData: (next) => {
      rows = next;
    },
    onEnd: () => undefined,
  });
  const { body } = await ask(s.demo, '/api/v1/namespaces/shop/pods');
  const all = (body as unknown as { items: Owned[] }).items;
  const [found] = all.filter((one) => ready(one) && deploymentOf(one) !== undefined);
  if (!found) throw new Error('the demo has no such pod');
  pod = found.metadata.name;
  owner = deploymentOf(found) ?? '';
});

async function start(
  target: { kind: string; name: string },
  local = 0,
  remote = '8080',
): Promise<ForwardStarted> {
  const [one] = await page.client.call(forward, 'start', {
    target: { ...target, namespace: 'shop' },
    address: '127.0.0.1',
    ports: [{ remote, local }],
  });
  if (!one) throw new Error('no answer');
  return one;
}
async function started(
  target: { kind: string; name: string },
  local = 0,
  remote = '8080',
): Promise<ForwardRow> {
  const one = await start(target, local, remote);
  if ('error' in one) throw new Error(one.error.message);
  await until(() => row(one.row.id)?.phase === 'listening');
  return one.row;
}
const row = (id: string): ForwardRow | undefined => rows.find((one) => one.id === id);

interface Client {
  readonly socket: net.Socket;
  text(): string;
  /** How it was closed; undefined while it is open. */
  closed(): 'ended' | 'reset' | undefined;
}
function client(port: number, host = '127.0.0.1'): Client {
  const chunks: Buffer[] = [];
  let closed: 'ended' | 'reset' | undefined;
  const socket = net.connect({ port, host, allowHalfOpen: true });
  s.scope.add(() => socket.destroy());
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('end', () => (closed ??= 'ended'));
  socket.on('error', () => (closed = 'reset'));
  return { socket, text: () => Buffer.concat(chunks).toString(), closed: () => closed };
}
/** Binds a port as another program would; resolves with what frees it. */
function bound(port: number): Promise<net.Server> {
  return new Promise((resolve, reject) => {
    const other = net.createServer();
    other.once('error', reject);
    other.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      s.scope.add(() => other.close());
      resolve(other);
    });
  });
}
const closeServer = (one: net.Server): Promise<void> => new Promise((done) => void one.close(() => done()));

fault(
  57,
  async () => {
    podPorts(server, echo);
    const other = await bound(0);
    const { port } = other.address() as net.AddressInfo;
    const taken = await start({ kind: 'pods', name: pod }, port);
    // Said, with who has it and what is free; never another port in silence.
    expect(taken).toMatchObject({
      error: { code: 'conflict', message: `Port ${port} on 127.0.0.1 is in use.` },
      holder: { pid: process.pid },
      nextFree: expect.any(Number) as unknown,
    });
    expect(rows).toEqual([]);
    const next = 'error' in taken ? (taken.nextFree ?? 0) : 0;
    const made = await started({ kind: 'pods', name: pod }, next);
    expect(made.localPort).toBe(next);
    // The choice is kept when it is asked for again after the other program has gone.
    await closeServer(other);
    expect((await started({ kind: 'pods', name: pod }, port)).localPort).toBe(port);
  },
  'port in use',
);

/** The lowest port anybody may bind. */
const firstFree = (): number => {
  try {
    return Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8'));
  } catch {
    return process.platform === 'linux' ? 1024 : 0;
  }
};

fault(
  57,
  async () => {
    podPorts(server, echo);
    const privileged = Math.min(firstFree(), 1024) - 1;
    // A system that has no privileged ports lets everybody use them.
    if (privileged < 1) return;
    const wasRoot = process.getuid?.() === 0;
    if (wasRoot) process.seteuid?.(65_534);
    let refused: ForwardStarted;
    try {
      refused = await start({ kind: 'pods', name: pod }, privileged);
    } finally {
      if (wasRoot) process.seteuid?.(0);
    }
    expect(refused).toMatchObject({ error: { code: 'invalid-input', hint: 'Choose one above 1023.' } });
    expect(rows).toEqual([]);
  },
  'privileged port',
);

fault(
  57,
  async () => {
    podPorts(server, echo);
    const { body } = await ask(s.demo, `/api/v1/namespaces/shop/services/${owner}`);
    const [servicePort] = (body as unknown as { spec: { ports: { port: number }[] } }).spec.ports;
    const made = await started({ kind: 'services', name: owner }, 0, String(servicePort?.port));
    const first = client(made.localPort);
    await until(() => first.text() !== '');
    const before = first.text().replace(':', '');
    // Every pod of it goes.
    for (const one of await podsOf(owner)) s.demo.store.remove('pods', 'shop', one.metadata.name);
    await until(() => row(made.id)?.phase === 'reconnecting');
    // The listener survives: who comes now waits for the next pod.
    const second = client(made.localPort);
    await until(() => row(made.id)?.open === 2);
    expect(second.text()).toBe('');
    s.demo.step(120_000);
    await until(() => second.text() !== '', 20_000);
    expect(second.text()).not.toContain(before);
    await until(() => row(made.id)?.phase === 'listening');
    expect(row(made.id)).toMatchObject({ localPort: made.localPort, failed: 0 });
    expect(row(made.id)?.healed).toBeGreaterThan(0);
    expect(row(made.id)?.pod).not.toBe(before);
  },
  'pod restarts',
);

fault(
  57,
  async () => {
    let listens = false;
    podPorts(server, (connection) => {
      if (listens) return echo(connection);
      connection.refuse(
        `error forwarding port ${connection.port} to pod: dial tcp4 127.0.0.1:${connection.port}: connect: connection refused`,
      );
    });
    const made = await started({ kind: 'pods', name: pod });
    const bad = client(made.localPort);
    await until(() => bad.closed() !== undefined);
    // As if nothing listened here, and told beside the forward.
    expect(bad.closed()).toBe('reset');
    await until(() => row(made.id)?.failed === 1);
    expect(row(made.id)).toMatchObject({
      phase: 'listening',
      open: 0,
      lastFailure: { message: expect.stringMatching(/Nothing listens on port 8080/) as unknown },
    });
    listens = true;
    const good = client(made.localPort);
    await until(() => good.text().endsWith(':'));
    expect(row(made.id)?.failed).toBe(1);
  },
  'app refuses',
);

fault(
  57,
  async () => {
    const lines = Array.from({ length: 50 }, (_, at) => `answer ${at}\n`);
    const answered = (connection: PodConnection): void => {
      let heard = '';
      connection.onBytes((bytes) => {
        heard += bytes.toString();
        if (!heard.endsWith('that is all\n')) return;
        // It goes on talking after its client has said its last word.
        lines.forEach((line, at) => {
          s.scope.timeout(() => connection.send(Buffer.from(line)), 20 + at * 10);
        });
        s.scope.timeout(() => connection.socket.close(1000), 20 + lines.length * 10 + 50);
      });
    };
    const pods = podPorts(server, answered);
    const made = await started({ kind: 'pods', name: pod });
    const one = client(made.localPort);
    one.socket.end('that is all\n');
    await until(() => one.closed() !== undefined);
    expect(one.closed()).toBe('ended');
    expect(one.text()).toBe(lines.join(''));
    // One that says its last word to a program that never ends is let go all the same.
    podPorts(server, () => undefined);
    const quiet = client(made.localPort);
    await until(() => row(made.id)?.open === 1);
    quiet.socket.end('anybody?\n');
    await until(() => row(made.id)?.open === 0, 10_000);
    expect(pods.open()).toBe(0);
    expect(row(made.id)?.failed).toBe(0);
  },
  'half-open client',
);

fault(
  57,
  async () => {
    const pods = podPorts(server, echo);
    const made = await started({ kind: 'pods', name: pod });
    const all = Array.from({ length: 200 }, (_, at) => {
      const one = client(made.localPort, at % 2 === 0 ? '127.0.0.1' : 'localhost');
      one.socket.write(`hello from ${at};`.repeat(100));
      return one;
    });
    const whole = (at: number): string => `${pod}:${`hello from ${at};`.repeat(100)}`;
    await until(() => all.every((one, at) => one.text().length >= whole(at).length), 40_000);
    // None got what belongs to another.
    expect(all.every((one, at) => one.text() === whole(at))).toBe(true);
    await until(() => row(made.id)?.open === 200);
    expect(row(made.id)).toMatchObject({ total: 200, failed: 0, phase: 'listening' });
    expect(pods.all).toHaveLength(200);
    for (const one of all) one.socket.destroy();
    await until(() => row(made.id)?.open === 0 && pods.open() === 0);
  },
  '200 connections',
);

/** A forward with a connection in use. */
async function inUse(pods: PodPorts): Promise<{ made: ForwardRow; one: Client }> {
  const made = await started({ kind: 'pods', name: pod });
  const one = client(made.localPort);
  await until(() => one.text() !== '');
  expect(pods.open()).toBe(1);
  return { made, one };
}
async function isGone(pods: PodPorts, { made, one }: { made: ForwardRow; one: Client }): Promise<void> {
  const began = performance.now();
  await until(() => one.closed() !== undefined && pods.open() === 0, 5_000);
  const late = client(made.localPort);
  await until(() => late.closed() === 'reset');
  // The port is anybody's again, on both families.
  await closeServer(await bound(made.localPort));
  expect(performance.now() - began).toBeLessThan(1_000);
}

fault(
  58,
  async () => {
    const pods = podPorts(server, echo);
    const held = await inUse(pods);
    await page.client.call(forward, 'stop', { id: held.made.id });
    await isGone(pods, held);
    await until(() => rows.length === 0);
    // Nobody follows its pods any more.
    const again = await started({ kind: 'pods', name: pod }, held.made.localPort);
    expect(again.localPort).toBe(held.made.localPort);
  },
  'removed',
);

fault(
  58,
  async () => {
    const pods = podPorts(server, echo);
    const held = await inUse(pods);
    // What removing the cluster and quitting the app both do to its host.
    page.scope.dispose();
    await isGone(pods, held);
  },
  'cluster removed or app quits',
);
