/**
 * Watches of one cluster over one HTTP/2 connection, where the server speaks it (TLS with ALPN h2).
 * Only watches: 60 of them took a tenth of the CPU and a sixth of the memory of 60 HTTP/1.1 sockets
 * against a real API server, while lists were a third slower (docs/performance.md), so all else stays
 * on HTTP/1.1. An event costs more here: watches of many objects go another way (direct-line.ts).
 * Guarantees: `open` answers undefined where HTTP/2 is not to be had, and the caller goes on without;
 * a connection on which nothing comes for 30 s is pinged and given up after 15 s more; one that says
 * GOAWAY takes no new watches; a slow reader holds up itself alone.
 */
import * as http2 from 'node:http2';
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { AppFailure } from '#shared/util/app-error';
import type { ApiRequest } from './api';
import { cancelled, networkFailure, type Peer } from './network-errors';

/** Servers allow 100 and more streams; what is beyond goes over a socket of its own. */
const MOST_STREAMS = 90;
const STREAM_WINDOW = 256 * 1024;
/** Wide enough for all streams at once: the connection's window never holds one up for another. */
const LINE_WINDOW = MOST_STREAMS * STREAM_WINDOW;
const PING_MS = 30_000;
const PONG_MS = 15_000;

/** A stream with the head of its answer, as HTTP/1.1 gives it. */
export type Answer = http2.ClientHttp2Stream & {
  readonly statusCode: number;
  readonly headers: IncomingHttpHeaders;
};

/** A connection and what is open on it. */
interface Line {
  readonly session: http2.ClientHttp2Session;
  readonly streams: Set<http2.ClientHttp2Stream>;
}

/** Without an error a stream that is cut would look like one that came to its end. */
function cut(): Error {
  return Object.assign(new Error('The connection was lost.'), { code: 'ECONNRESET' });
}

export class WatchLine {
  private line: Promise<Line | undefined> | undefined;
  private current: http2.ClientHttp2Session | undefined;
  private open = 0;
  /** The server does not speak HTTP/2: not asked again on this line. */
  private refused = false;
  private closed = false;

  /** `dial`: a fresh connection that offers h2 and http/1.1. */
  constructor(
    private readonly origin: string,
    private readonly dial: () => Promise<Socket>,
  ) {}

  /** The stream of a GET, its head not there yet; undefined: use HTTP/1.1. */
  async stream(path: string, headers: OutgoingHttpHeaders): Promise<http2.ClientHttp2Stream | undefined> {
    if (this.refused || this.closed || this.open >= MOST_STREAMS) return undefined;
    this.line ??= this.connect();
    const line = await this.line;
    if (!line || this.open >= MOST_STREAMS) return undefined;
    const { session, streams } = line;
    if (session.closed || session.destroyed) return undefined;
    const { host, ...rest } = headers;
    const stream = session.request(
      { ...rest, ':method': 'GET', ':path': path, ...(host === undefined ? {} : { ':authority': host }) },
      { endStream: true },
    );
    this.open += 1;
    streams.add(stream);
    stream.once('close', () => {
      this.open -= 1;
      streams.delete(stream);
    });
    return stream;
  }

  /** No head came over HTTP/2: something in between may not let it through. */
  giveUp(): void {
    this.refused = true;
    this.current?.close();
  }

  close(): void {
    this.closed = true;
    this.current?.destroy(cut());
  }

  /** Fails as the dialling fails: HTTP/1.1 would fare no better. */
  private async connect(): Promise<Line | undefined> {
    let socket: Socket;
    try {
      socket = await this.dial();
    } catch (thrown) {
      this.line = undefined;
      throw thrown;
    }
    if (!(socket instanceof TLSSocket) || socket.alpnProtocol !== 'h2' || this.closed) {
      this.refused = true;
      socket.on('error', () => undefined);
      socket.destroy();
      return undefined;
    }
    const streams = new Set<http2.ClientHttp2Stream>();
    // Before HTTP/2's own listener, which would end them as if all were well.
    socket.on('close', () => {
      for (const stream of [...streams]) stream.destroy(cut());
    });
    const session = http2.connect(this.origin, {
      createConnection: () => socket,
      settings: { enablePush: false, initialWindowSize: STREAM_WINDOW },
    });
    this.current = session;
    const gone = (): void => {
      if (this.current !== session) return;
      this.current = undefined;
      this.line = undefined;
    };
    session.once('connect', () => {
      if (!session.destroyed) session.setLocalWindowSize(LINE_WINDOW);
    });
    // Its streams tell what happened to them.
    session.on('error', () => undefined);
    session.on('goaway', gone);
    session.on('close', gone);
    session.setTimeout(PING_MS, () => this.ping(session));
    return { session, streams };
  }

  private ping(session: http2.ClientHttp2Session): void {
    if (session.destroyed) return;
    const timer = setTimeout(() => session.destroy(cut()), PONG_MS);
    session.once('close', () => clearTimeout(timer));
    const asked = session.ping((error) => {
      clearTimeout(timer);
      if (error && !session.destroyed) session.destroy(cut());
    });
    if (!asked) session.destroy(cut());
  }
}

/** A watch that begins with a list is a list: it stays on HTTP/1.1. */
export function isWatch({ long, method, query, body }: ApiRequest): boolean {
  const plain = long === true && (method ?? 'GET') === 'GET' && body === undefined;
  return plain && query?.['watch'] === true && query['sendInitialEvents'] !== true;
}

export interface Exchange {
  readonly line: WatchLine;
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
  readonly signal: AbortSignal;
  /** ms until the head. */
  readonly limit: number;
  readonly peer: Peer;
  /** What to say when it does not come. */
  silence(): AppFailure;
}

export interface Exchanged {
  readonly message?: Answer;
  readonly reused: boolean;
  readonly failure?: AppFailure;
}

/** One watch up to its head; undefined: HTTP/2 is not to be had. */
export function exchange(of: Exchange): Promise<Exchanged | undefined> {
  const { line, path, headers, signal, limit, peer, silence } = of;
  return new Promise((resolve) => {
    let stream: http2.ClientHttp2Stream | undefined;
    let done = false;
    const end = (result: Exchanged | undefined): void => {
      if (done) return;
      done = true;
      clearTimeout(timer);
      if (!result?.message) signal.removeEventListener('abort', onAbort);
      resolve(result);
    };
    const onAbort = (): void => {
      // After the head this ends the body: its reader sees the signal and says "cancelled".
      stream?.destroy(cut());
      end({ reused: false, failure: cancelled() });
    };
    const timer = setTimeout(() => {
      end({ reused: false, failure: silence() });
      stream?.destroy();
      line.giveUp();
    }, limit);
    signal.addEventListener('abort', onAbort, { once: true });
    const lost = (thrown: unknown): void => end({ reused: true, failure: networkFailure(thrown, peer) });
    line.stream(path, headers).then(
      (made) => {
        if (!made) return end(undefined);
        stream = made;
        made.on('error', lost);
        if (done) return void made.destroy();
        made.once('close', () => {
          signal.removeEventListener('abort', onAbort);
          lost(Object.assign(new Error('closed early'), { code: 'ECONNRESET' }));
        });
        made.once('response', (head) => end({ message: asAnswer(made, head), reused: true }));
      },
      (thrown: unknown) => end({ reused: false, failure: networkFailure(thrown, peer) }),
    );
  });
}

/** Adds to a stream whose head came what readers of HTTP/1.1 answers look at. */
function asAnswer(stream: http2.ClientHttp2Stream, head: http2.IncomingHttpHeaders): Answer {
  const headers: IncomingHttpHeaders = {};
  for (const [name, value] of Object.entries(head)) if (!name.startsWith(':')) headers[name] = value;
  return Object.assign(stream, { statusCode: Number(head[':status'] ?? 0), headers });
}
