/**
 * A WebSocket of the Kubernetes channel protocol: each frame's first byte names its channel
 * (rules/watch-and-streams.md 2.2). Used by exec, attach and port-forward.
 * Guarantees: the socket is the session's own (proxy, TLS, credentials); a refused upgrade
 * rejects with the server's own words; pings keep proxies from cutting quiet streams and
 * find dead ones; both directions have back-pressure; `onClose` fires once, also after abort.
 * Does not: know what a channel means, reconnect.
 */
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import { Scope } from '#shared/rpc/scope';
import { AppFailure, fail, type AppError } from '#shared/util/app-error';
import type { ApiRequest } from './api';
import { firstText } from './body';
import { flatHeaders } from './http-parts';
import { cancelled, networkFailure, timeoutFailure, type Peer } from './network-errors';
import { queryString } from './path';
import { statusFailure, STATUS_BYTES } from './status-errors';

/** What is needed of the transport (see transport.ts `connect`). */
export interface Dialler {
  connect(signal: AbortSignal): Promise<{
    readonly socket: Socket;
    readonly headers: OutgoingHttpHeaders;
    /** After a 401: true when another credential may be had. */
    readonly rejected?: () => boolean;
  }>;
  url(path: string): URL;
}

export interface ChannelRequest {
  readonly path: string;
  readonly query?: ApiRequest['query'];
  /** In order of preference. */
  readonly protocols: readonly string[];
}

export interface ChannelHandlers {
  /** `bytes` is only good during the call. Never empty. */
  onFrame(channel: number, bytes: Uint8Array): void;
  /** Once. undefined: the server ended it in good order. */
  onClose(error: AppError | undefined): void;
}

export interface ChannelTimes {
  /** From the ready connection to the answer of the upgrade. */
  readonly upgradeMs: number;
  readonly pingMs: number;
  /** Pings without any sign of life after which the connection is given up. */
  readonly missed: number;
}

/** kubectl pings every 5 s and gives up after 61 s (client-go). */
const usual: ChannelTimes = { upgradeMs: 30_000, pingMs: 5_000, missed: 12 };

const MAX_MESSAGE = 4 * 1024 * 1024;
const MAX_FRAME = 32 * 1024;
const HIGH_WATER = 256 * 1024;
const LOW_WATER = 64 * 1024;
const CLOSE_MS = 1_000;

export class ChannelSocket {
  readonly protocol: string;
  private readonly scope = new Scope('channel-socket');
  private pending = 0;
  private waiting: (() => void)[] = [];
  private paused = false;
  private unanswered = 0;
  private lost: AppError | undefined;
  private closing = false;

  constructor(
    private readonly socket: WebSocket,
    private readonly peer: Peer,
    handlers: ChannelHandlers,
    times: ChannelTimes,
    signal: AbortSignal,
  ) {
    this.protocol = socket.protocol;
    const alive = (): void => {
      this.unanswered = 0;
    };
    socket.on('message', (data: Buffer) => {
      alive();
      const channel = data[0];
      if (channel !== undefined && data.length > 1 && !this.closing)
        handlers.onFrame(channel, data.subarray(1));
    });
    socket.on('pong', alive);
    socket.on('ping', alive);
    socket.on('error', (error) => {
      this.lost ??= networkFailure(error, peer).error;
    });
    socket.on('close', (code) => {
      const error = this.closing ? cancelled().error : (this.lost ?? this.closeError(code));
      this.scope.dispose();
      this.release();
      handlers.onClose(error);
    });
    const onAbort = (): void => this.close();
    signal.addEventListener('abort', onAbort, { once: true });
    this.scope.add(() => signal.removeEventListener('abort', onAbort));
    this.keepAlive(times);
  }

  get closed(): boolean {
    return this.scope.disposed || this.closing;
  }

  /** False when more than 256 KiB wait to be sent: go on after `drained`. */
  send(channel: number, bytes: Uint8Array): boolean {
    if (this.closed) return true;
    for (let at = 0; at === 0 || at < bytes.length; at += MAX_FRAME) {
      const part = bytes.subarray(at, at + MAX_FRAME);
      const frame = Buffer.allocUnsafe(part.length + 1);
      frame[0] = channel;
      frame.set(part, 1);
      this.pending += frame.length;
      this.socket.send(frame, { binary: true }, () => {
        this.pending -= frame.length;
        if (this.pending <= LOW_WATER) this.release();
      });
    }
    return this.pending < HIGH_WATER;
  }

  /** Resolves when there is room again, or when the socket is closed. */
  drained(): Promise<void> {
    if (this.closed || this.pending < HIGH_WATER) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** Stops reading: the server feels it. At most what one read brought is still delivered. */
  pause(): void {
    if (this.closed || this.paused) return;
    this.paused = true;
    this.socket.pause();
  }

  resume(): void {
    if (!this.paused) return;
    this.paused = false;
    this.unanswered = 0;
    this.socket.resume();
  }

  /** Ends it politely; what does not end within a second is cut. */
  close(): void {
    if (this.closed) return;
    this.closing = true;
    // A paused socket would never see the answer to the close frame.
    this.socket.resume();
    this.socket.close(1000);
    this.scope.timeout(() => this.socket.terminate(), CLOSE_MS);
    this.release();
  }

  private keepAlive({ pingMs, missed }: ChannelTimes): void {
    let last = Date.now();
    const tick = (): void => {
      const now = Date.now();
      // The machine slept: the connection is half-open more often than not, so find out soon.
      if (now - last > pingMs * 3) this.unanswered = Math.max(this.unanswered, missed - 2);
      last = now;
      if (!this.paused) this.unanswered += 1;
      if (this.unanswered > missed) {
        this.lost = timeoutFailure(this.peer, 'gave no sign of life', missed * pingMs, 'NoAnswer').error;
        this.socket.terminate();
        return;
      }
      if (this.socket.readyState === WebSocket.OPEN) this.socket.ping();
      this.scope.timeout(tick, pingMs);
    };
    this.scope.timeout(tick, pingMs);
  }

  private closeError(code: number): AppError | undefined {
    if (code === 1000 || code === 1005) return undefined;
    if (code === 1009)
      return { code: 'too-large', message: `${this.peer.address} sent a message over 4 MiB.` };
    return { code: 'network', message: `The connection to ${this.peer.address} was lost.` };
  }

  private release(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}

/** Rejects with an AppFailure that says why there is no stream; after that `onClose` tells the end. */
export async function openChannels(
  api: Dialler,
  request: ChannelRequest,
  handlers: ChannelHandlers,
  signal: AbortSignal,
  times: Partial<ChannelTimes> = {},
): Promise<ChannelSocket> {
  const all = { ...usual, ...times };
  try {
    return await upgrade(api, request, handlers, signal, all);
  } catch (thrown) {
    // Refused before anything ran: once more with another credential is safe.
    if (!(thrown instanceof Unauthorized) || !thrown.again || signal.aborted) throw thrown;
    return upgrade(api, request, handlers, signal, all);
  }
}

class Unauthorized extends AppFailure {
  again = false;
}

async function upgrade(
  api: Dialler,
  request: ChannelRequest,
  handlers: ChannelHandlers,
  signal: AbortSignal,
  times: ChannelTimes,
): Promise<ChannelSocket> {
  const url = api.url(request.path);
  const peer: Peer = { address: url.host, role: 'server' };
  const { socket, headers, rejected } = await api.connect(signal);
  if (signal.aborted) {
    socket.destroy();
    throw cancelled();
  }
  return new Promise((resolve, reject) => {
    // Plain `ws:` because the socket given is already the encrypted one.
    const client = new WebSocket(
      `ws://${url.host}${url.pathname}${queryString(request.query)}`,
      [...request.protocols],
      {
        headers: { ...headers, host: url.host, 'user-agent': 'binnacle' },
        createConnection: () => socket,
        perMessageDeflate: false,
        skipUTF8Validation: true,
        maxPayload: MAX_MESSAGE,
      },
    );
    client.binaryType = 'nodebuffer';
    let settled = false;
    const settle = (): boolean => {
      if (settled) return false;
      settled = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      return true;
    };
    const refuse = (failure: AppFailure): void => {
      if (!settle()) return;
      client.on('error', () => undefined);
      client.terminate();
      socket.destroy();
      reject(failure);
    };
    const onAbort = (): void => refuse(cancelled());
    const timer = setTimeout(
      () =>
        refuse(timeoutFailure(peer, 'accepts connections but did not answer', times.upgradeMs, 'NoAnswer')),
      times.upgradeMs,
    );
    signal.addEventListener('abort', onAbort, { once: true });
    client.once('open', () => {
      if (!settle()) return;
      client.removeAllListeners('error');
      resolve(new ChannelSocket(client, peer, handlers, times, signal));
    });
    client.on('error', (error) => refuse(upgradeFailure(error, peer)));
    client.on('unexpected-response', (_request, response) => {
      void refused(response, request, peer).then((failure) => {
        if (!(failure instanceof Unauthorized)) return refuse(failure);
        failure.again = rejected?.() ?? false;
        refuse(failure);
      });
    });
  });
}

/** The server answered the upgrade with an ordinary answer: its Status says why. */
async function refused(response: IncomingMessage, request: ChannelRequest, peer: Peer): Promise<AppFailure> {
  const status = response.statusCode ?? 0;
  const body = await firstText(response, STATUS_BYTES, 5_000);
  if (status >= 200 && status < 300) {
    return fail('unsupported', `${peer.address} answered, but opened no WebSocket.`, {
      hint: 'A proxy or load balancer between may not pass WebSockets.',
    });
  }
  const asked = { method: 'GET', path: request.path, query: request.query };
  const { error } = statusFailure(status, flatHeaders(response.headers), body, asked, peer.address);
  if (status === 401) return new Unauthorized(error);
  if (error.denied === undefined) return new AppFailure(error);
  // Since 1.35 `create` is asked for too; the words of the server tell which one is missing.
  const verb = /cannot (\w+) resource/.exec(error.message)?.[1] ?? error.denied.verb;
  return new AppFailure({ ...error, denied: { ...error.denied, verb } });
}

function upgradeFailure(error: Error, peer: Peer): AppFailure {
  if (/subprotocol/i.test(error.message)) {
    return fail(
      'unsupported',
      `${peer.address} does not speak the stream protocol (v5 or v4.channel.k8s.io).`,
      {
        hint: 'Something between may have rewritten the request, or the server is very old.',
      },
    );
  }
  if (/Sec-WebSocket|Upgrade header|opening handshake/i.test(error.message)) {
    return fail('bad-answer', `${peer.address} answered the upgrade with nonsense.`, {
      hint: 'A proxy or load balancer between may not pass WebSockets.',
    });
  }
  return networkFailure(error, peer);
}
