/** Back-pressure, signs of life and the end of streams, against a server of our own. */
import type { IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { WebSocket } from 'ws';
import { Scope } from '#shared/rpc/scope';
import type { ChannelTimes } from './channel-socket';
import {
  dialler,
  frame,
  held,
  request,
  socketServer,
  success,
  type Held,
  type SocketServer,
} from './exec-test-help';
import {
  CLOSE_AFTER_STATUS_MS,
  openExec,
  type ExecEnd,
  type ExecRequest,
  type ExecStream,
} from './exec-stream';

let scope: Scope;
let server: SocketServer;
let serve: (ws: WebSocket, request: IncomingMessage) => void = () => undefined;

const api = dialler(
  () => server.port,
  () => false,
  () => undefined,
);

beforeEach(async () => {
  scope = new Scope('test');
  server = await socketServer({
    offered: () => ['v5.channel.k8s.io'],
    refuse: () => undefined,
    serve: (ws, asked) => serve(ws, asked),
  });
});
afterEach(async () => {
  scope.dispose();
  await server.stop();
});

const start = (more: Partial<ExecRequest> = {}, times: Partial<ChannelTimes> = {}): Promise<Held> =>
  held(api, scope.signal, more, times);

/** A stream of which only the number of bytes is kept. */
async function counting(): Promise<{ stream: ExecStream; got: () => number; end: Promise<ExecEnd> }> {
  let got = 0;
  let ended: (end: ExecEnd) => void = () => undefined;
  const end = new Promise<ExecEnd>((resolve) => (ended = resolve));
  const onData = (_: string, bytes: Uint8Array): void => void (got += bytes.length);
  const stream = await openExec(api, request, { onData, onEnd: ended }, scope.signal);
  return { stream, got: () => got, end };
}

/** Turns of the loop until it is so: sockets go on while timers stand still. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((turn) => setImmediate(turn));
}

describe('flow', () => {
  it('holds the server back while paused, and loses nothing', async () => {
    const total = 24 * 1024 * 1024;
    const block = Buffer.alloc(64 * 1024, 120);
    const sent: number[] = [];
    serve = (ws) => {
      const own = sent.push(0) - 1;
      const more = (): void => {
        if (sent[own] === total) {
          ws.send(frame(3, success));
          ws.close(1000);
          return;
        }
        sent[own] = (sent[own] ?? 0) + block.length;
        ws.send(frame(1, block), more);
      };
      more();
    };
    const paused = await counting();
    paused.stream.pause();
    // Time enough: another stream carries as much from its beginning to its end.
    const other = await counting();
    expect(await other.end).toEqual({ code: 0 });
    expect([other.got(), sent[1]]).toEqual([total, total]);
    expect(sent[0]).toBeLessThan(total);
    expect(paused.got()).toBeLessThan(total);
    paused.stream.resume();
    expect(await paused.end).toEqual({ code: 0 });
    expect(paused.got()).toBe(total);
  });

  it('loses nothing of what comes after the status, nor of what waits for a paused reader', async () => {
    // Behind the API server each channel is a stream of its own: the status may be faster.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const block = Buffer.alloc(16 * 1024, 120);
      let peer: WebSocket | undefined;
      serve = (ws) => {
        peer = ws;
        ws.send(frame(3, success));
        ws.send(frame(1, block));
      };
      const { stream, got, end } = await counting();
      const isOpen = (): boolean => peer?.readyState === peer?.OPEN;
      await until(() => got() === block.length);
      vi.advanceTimersByTime(CLOSE_AFTER_STATUS_MS);
      peer?.send(frame(1, block));
      await until(() => got() === 2 * block.length);
      vi.advanceTimersByTime(CLOSE_AFTER_STATUS_MS);
      stream.pause();
      peer?.send(frame(1, block));
      for (let n = 0; n < 5; n += 1) vi.advanceTimersByTime(CLOSE_AFTER_STATUS_MS);
      expect([isOpen(), got()]).toEqual([true, 2 * block.length]);
      stream.resume();
      await until(() => got() === 3 * block.length);
      vi.advanceTimersByTime(2 * CLOSE_AFTER_STATUS_MS);
      expect(await end).toEqual({ code: 0 });
      expect(got()).toBe(3 * block.length);
    } finally {
      vi.useRealTimers();
    }
  });

  it('tells the writer when the server does not read, and when it does again', async () => {
    let peer: WebSocket | undefined;
    let got = 0;
    serve = (ws) => {
      peer = ws;
      ws.pause();
      ws.on('message', (data: Buffer) => (got += data.length - 1));
    };
    const { stream, end } = await start();
    const block = Buffer.alloc(100_000);
    let written = 0;
    do written += block.length;
    while (stream.write(block) && written < 200_000_000);
    expect(written).toBeLessThan(100_000_000);
    const drained = stream.drained();
    peer?.resume();
    await drained;
    await vi.waitFor(() => expect(got).toBe(written));
    stream.close();
    await end;
  });

  it('pings, and gives a silent server up', async () => {
    let pings = 0;
    serve = (ws, from) => {
      ws.on('ping', () => (pings += 1));
      from.socket.on('data', () => undefined);
      // Answers nothing more: no pong, no close.
      ws.pong = () => undefined;
    };
    // A turn that comes three times too late is taken for a sleep, which a busy machine may cause.
    const { end } = await start({}, { pingMs: 200, missed: 3 });
    expect(await end).toMatchObject({ error: { code: 'timeout', reason: 'ConnectionLost' } });
    expect(pings).toBeGreaterThanOrEqual(3);
  });

  it('ends when its signal does', async () => {
    const { end } = await start();
    scope.dispose();
    expect(await end).toMatchObject({ error: { code: 'cancelled' } });
    await vi.waitFor(() => expect(server.open()).toBe(0));
  });
});
