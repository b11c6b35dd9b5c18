/** Channel streams against a WebSocket server of our own that behaves as it is told to. */
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { WebSocket } from 'ws';
import { Scope } from '#shared/rpc/scope';
import type { ChannelTimes } from './channel-socket';
import {
  dialler,
  errorOf,
  exited,
  failed,
  frame,
  held,
  request,
  socketServer,
  success,
  type Held,
  type SocketServer,
} from './exec-test-help';
import { runExec, type ExecRequest } from './exec-stream';

let scope: Scope;
let server: SocketServer;
let port = 0;
let offered: readonly string[] = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
let serve: (ws: WebSocket, request: IncomingMessage) => void = () => undefined;
/** Answers in place of the upgrade. */
let refuse: ((socket: Socket) => void) | undefined;
let rejected: () => boolean = () => false;
let dials = 0;

const api = dialler(
  () => port,
  () => rejected(),
  () => (dials += 1),
);

beforeEach(async () => {
  scope = new Scope('test');
  offered = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
  refuse = undefined;
  rejected = () => false;
  dials = 0;
  server = await socketServer({
    offered: () => offered,
    refuse: () => refuse,
    serve: (ws, asked) => serve(ws, asked),
  });
  ({ port } = server);
});
afterEach(async () => {
  scope.dispose();
  await server.stop();
});

const start = (more: Partial<ExecRequest> = {}, times: Partial<ChannelTimes> = {}): Promise<Held> =>
  held(api, scope.signal, more, times);

describe('exec', () => {
  it('asks with the arguments as they are, one by one, and the credential of the session', async () => {
    let asked: IncomingMessage | undefined;
    serve = (ws, from) => {
      asked = from;
      ws.send(frame(3, success));
      ws.close(1000);
    };
    const { end } = await start();
    expect(await end).toEqual({ code: 0 });
    const url = new URL(asked?.url ?? '', 'http://x');
    expect(url.pathname).toBe('/prefix/api/v1/namespaces/shop/pods/web/exec');
    expect(url.searchParams.getAll('command')).toEqual(request.command);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      container: 'app',
      stdin: 'true',
      stdout: 'true',
      stderr: 'false',
      tty: 'true',
    });
    expect(asked?.headers).toMatchObject({ authorization: 'Bearer test', host: `127.0.0.1:${port}` });
  });

  it.each([
    ['a success', success, { code: 0 }],
    ['an exit code', exited('3'), { code: 3 }],
    ['the largest exit code', exited('255'), { code: 255 }],
    ['no number as exit code', exited('-1x'), { error: { code: 'server' } }],
    ['nonsense', '{"kind":"Status"', { error: { code: 'bad-answer' } }],
    ['another object', '{"kind":"Pod"}', { error: { code: 'bad-answer' } }],
    [
      'a missing program (containerd)',
      failed('OCI runtime exec failed: exec failed: exec: "sh": executable file not found in $PATH: unknown'),
      { error: { code: 'not-found', reason: 'NoSuchCommand', message: 'Container app has no sh.' } },
    ],
    [
      'a stopped container',
      failed('unable to upgrade connection: container not found ("app")'),
      { error: { code: 'conflict', message: 'Container app of pod web is not running.' } },
    ],
    [
      'an unreachable kubelet',
      failed('error dialing backend: dial tcp 10.0.0.1:10250: i/o timeout'),
      { error: { code: 'network' } },
    ],
  ])('ends with %s', async (_, status, expected) => {
    serve = (ws) => {
      ws.send(frame(1, 'hello'));
      ws.send(frame(1, ''));
      ws.send(frame(9, 'unknown channel'));
      ws.send(Buffer.alloc(0));
      ws.send(frame(3, status));
      ws.close(1000);
    };
    const { end, out } = await start();
    expect(await end).toMatchObject(expected);
    expect(out()).toBe('hello');
  });

  it('joins a status that comes in parts, and ends also when the server does not close', async () => {
    serve = (ws) => {
      const text = exited('7');
      ws.send(frame(3, text.slice(0, 20)));
      ws.send(frame(3, text.slice(20)));
    };
    const { end } = await start();
    expect(await end).toEqual({ code: 7 });
  });

  it.each([
    ['in good order', (ws: WebSocket) => ws.close(1000), 'network'],
    ['by a cut', (ws: WebSocket) => ws.terminate(), 'network'],
    ['with an error code', (ws: WebSocket) => ws.close(1011), 'network'],
  ])('never calls a connection that closes %s without a status an exit', async (_, close, code) => {
    serve = (ws) => {
      ws.send(frame(1, 'half'), () => close(ws));
    };
    const { end } = await start();
    expect(await end).toMatchObject({ error: { code, reason: 'ConnectionLost' } });
  });

  it('keeps stdout and stderr apart without a tty, and half-closes on v5', async () => {
    const seen: Buffer[] = [];
    serve = (ws) => {
      ws.on('message', (data: Buffer) => {
        seen.push(data);
        if (data[0] !== 255) return;
        ws.send(frame(1, 'out'));
        ws.send(frame(2, 'err'));
        ws.send(frame(3, success));
        ws.close(1000);
      });
    };
    const held = await start({ tty: false });
    held.stream.write(Buffer.from('input'));
    held.stream.resize(1, 1);
    expect(held.stream.endInput()).toBe(true);
    expect(await held.end).toEqual({ code: 0 });
    expect([held.out(), held.err()]).toEqual(['out', 'err']);
    expect(seen).toEqual([frame(0, 'input'), Buffer.from([255, 0])]);
  });

  it('falls back to v4 and says that it cannot half-close', async () => {
    offered = ['v4.channel.k8s.io'];
    const { stream, end } = await start();
    expect(stream.protocol).toBe('v4.channel.k8s.io');
    expect(stream.endInput()).toBe(false);
    stream.close();
    expect(await end).toMatchObject({ error: { code: 'cancelled' } });
  });

  it('sends at most one size in 50 ms, and the last one always', async () => {
    const sizes: unknown[] = [];
    serve = (ws) => {
      ws.on(
        'message',
        (data: Buffer) => data[0] === 4 && sizes.push(JSON.parse(data.subarray(1).toString())),
      );
    };
    const { stream, end } = await start();
    for (let width = 80; width <= 200; width += 1) stream.resize(width, 24);
    await vi.waitFor(() => expect(sizes.at(-1)).toEqual({ Width: 200, Height: 24 }));
    expect(sizes).toHaveLength(2);
    stream.close();
    await end;
  });
});

describe('refusals', () => {
  const answer = (status: string, body: string) => (socket: Socket) => {
    socket.end(
      `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    );
  };
  const statusOf = (code: number, reason: string, message: string): string =>
    JSON.stringify({ kind: 'Status', status: 'Failure', code, reason, message });

  it.each([
    [
      '403',
      '403 Forbidden',
      statusOf(
        403,
        'Forbidden',
        'pods "web" is forbidden: User "jane" cannot create resource "pods/exec" in API group "" in the namespace "shop"',
      ),
      {
        code: 'forbidden',
        status: 403,
        denied: { verb: 'create', resource: 'pods/exec', namespace: 'shop', name: 'web' },
      },
    ],
    [
      'a webhook',
      '403 Forbidden',
      statusOf(403, 'Forbidden', 'admission webhook "no-exec.example.com" denied the request: production'),
      {
        code: 'forbidden',
        message: 'admission webhook "no-exec.example.com" denied the request: production',
      },
    ],
    [
      'no such container',
      '400 Bad Request',
      statusOf(400, 'BadRequest', 'container nope is not valid for pod web'),
      { code: 'not-found', message: 'Pod web has no container nope.' },
    ],
    [
      'no such pod',
      '404 Not Found',
      statusOf(404, 'NotFound', 'pods "web" not found'),
      { code: 'not-found', status: 404 },
    ],
    ['a proxy without WebSockets', '200 OK', '<html>', { code: 'unsupported' }],
    ['a gateway', '502 Bad Gateway', '<html>', { code: 'server', status: 502 }],
    ['a redirect', '302 Found', '', { code: 'bad-answer' }],
    [
      'a 401',
      '401 Unauthorized',
      statusOf(401, 'Unauthorized', 'Unauthorized'),
      { code: 'unauthorized', status: 401 },
    ],
  ])('%s, in words', async (_, head, body, expected) => {
    refuse = answer(head, body);
    expect(await errorOf(start())).toMatchObject(expected);
    expect(dials).toBe(1);
  });

  it('asks once more after a 401 when there may be another credential', async () => {
    refuse = answer('401 Unauthorized', '');
    rejected = () => true;
    expect(await errorOf(start())).toMatchObject({ code: 'unauthorized' });
    expect(dials).toBe(2);
  });

  it('a server that speaks none of the protocols', async () => {
    offered = [];
    expect(await errorOf(start())).toMatchObject({ code: 'unsupported' });
  });

  it('a server that accepts and then says nothing', async () => {
    refuse = () => undefined;
    expect(await errorOf(start({}, { upgradeMs: 60 }))).toMatchObject({
      code: 'timeout',
      reason: 'NoAnswer',
    });
  });

  it('a cancel while it waits', async () => {
    refuse = () => scope.dispose();
    expect(await errorOf(start())).toMatchObject({ code: 'cancelled' });
  });
});

it('runs a program to its end, and keeps only so much of its output', async () => {
  serve = (ws) => {
    ws.send(frame(1, 'x'.repeat(500)));
    ws.send(frame(2, 'warning'));
    ws.send(frame(3, exited('2')));
    ws.close(1000);
  };
  const result = await runExec(api, request, ['ls'], scope.signal, 100);
  expect([result.code, result.stdout.toString(), result.stderr.toString()]).toEqual([
    2,
    'x'.repeat(100),
    'warning',
  ]);
});
