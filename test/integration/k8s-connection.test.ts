/** The state of a connection while its server freezes, goes, comes back or refuses. */
import type { ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Access } from '../../src/main/k8s/access';
import { Connection } from '../../src/main/k8s/connection';
import { Scope } from '../../src/shared/rpc/scope';
import { apiFor, certificates, sendJson, serve, type Certificates, type Running } from './k8s-support';

const times = {
  probeMs: 200,
  idleMs: 100,
  firstRetryMs: 50,
  maxRetryMs: 100,
  refusedRetryMs: 200,
  catchUpMs: 100,
};

describe('Connection', () => {
  let certs: Certificates;
  let pair: { cert: string; key: string };
  let scope: Scope;
  let server: Running;
  let mode: 'fine' | 'frozen' | 'gone' | 'unauthorized' | 'forbidden' | 'error';
  const held: ServerResponse[] = [];

  beforeAll(() => {
    certs = certificates();
    pair = certs.pair('server', { san: 'IP:127.0.0.1' });
  });
  afterAll(() => certs.remove());
  beforeEach(async () => {
    scope = new Scope('test');
    mode = 'fine';
    server = await serve((request, response) => {
      if (mode === 'frozen') held.push(response);
      else if (mode === 'gone') request.socket.destroy();
      else if (mode === 'unauthorized') sendJson(response, {}, 401);
      else if (mode === 'forbidden') sendJson(response, {}, 403);
      else if (mode === 'error') sendJson(response, {}, 503);
      else if (request.url === '/version')
        sendJson(response, { gitVersion: 'v1.34.0', platform: 'linux/amd64' });
      else sendJson(response, { status: { userInfo: { username: 'jane', groups: ['a'] } } });
    }, pair);
  });
  afterEach(async () => {
    scope.dispose();
    await server.close();
  });

  function connect(): { connection: Connection; phases: string[] } {
    const api = apiFor(
      scope,
      { server: `https://127.0.0.1:${server.port}`, ca: { data: certs.ca } },
      { token: 't' },
    );
    const connection = new Connection(api, new Access(api), scope.child('connection'), times);
    const phases: string[] = [];
    connection.observe(() => {
      const { phase } = connection.state;
      if (phases.at(-1) !== phase) phases.push(phase);
    }, scope);
    return { connection, phases };
  }
  const until = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 5_000, interval: 10 });

  it('is live with version, user and latency', async () => {
    const { connection } = connect();
    expect(await connection.start()).toMatchObject({
      phase: 'live',
      server: { version: 'v1.34.0' },
      user: { name: 'jane', groups: ['a'] },
      latency: expect.any(Number) as unknown,
    });
  });

  it('finds by itself that the server has frozen, and that it is back', async () => {
    const { connection, phases } = connect();
    await connection.start();
    mode = 'frozen';
    await until(() => expect(connection.state.phase).toBe('frozen'));
    expect(connection.state.error).toMatchObject({ code: 'timeout', reason: 'NoAnswer' });
    mode = 'fine';
    await until(() => expect(connection.state.phase).toBe('live'));
    expect(phases).toEqual(['live', 'frozen', 'catching-up', 'live']);
  });

  it('fault 8: is stale since the last good answer while the server restarts', async () => {
    const { connection, phases } = connect();
    await connection.start();
    const lastGood = Date.now();
    mode = 'gone';
    await until(() => expect(connection.state.phase).toBe('stale'));
    expect(Math.abs(connection.state.since - lastGood)).toBeLessThan(1_000);
    expect(connection.state.error?.code).toBe('network');
    const { since } = connection.state;
    await new Promise<void>((resolve) => scope.timeout(resolve, 400));
    expect(connection.state.since).toBe(since);
    mode = 'fine';
    await until(() => expect(connection.state.phase).toBe('live'));
    expect(phases).toEqual(['live', 'stale', 'catching-up', 'live']);
  });

  it('fault 10: says unauthorized, and asks again when told', async () => {
    mode = 'unauthorized';
    const { connection } = connect();
    expect(await connection.start()).toMatchObject({ phase: 'unauthorized', error: { status: 401 } });
    mode = 'fine';
    await connection.reconnect();
    expect(connection.state).toMatchObject({ phase: 'live', user: { name: 'jane' } });
    expect(connection.state.error).toBeUndefined();
  });

  it('fault 66: takes a forbidden /version for an answer', async () => {
    mode = 'forbidden';
    const { connection } = connect();
    expect((await connection.start()).phase).toBe('forbidden');
  });

  it('fault 43: resumes on fresh sockets', async () => {
    const { connection, phases } = connect();
    await connection.start();
    const before = server.connections();
    await connection.resume();
    await until(() => expect(connection.state.phase).toBe('live'));
    expect(server.connections()).toBeGreaterThan(before);
    expect(phases).toEqual(['live', 'catching-up', 'live']);
  });

  it('is unreachable, not stale, when it never was live', async () => {
    mode = 'error';
    const { connection } = connect();
    expect(await connection.start()).toMatchObject({
      phase: 'unreachable',
      error: { code: 'server', status: 503 },
    });
  });
});
