/**
 * The HTTP of one cluster (see api.ts for what it promises). HTTP/1.1 over kept-alive
 * connections: at most 16 for short requests, one of its own for each long one; watches share one
 * HTTP/2 connection where the server speaks it (watch-line.ts), what is large comes past Node's streams
 * (direct-line.ts).
 * Owns: sockets, trust and identity, the brake after 429, the server's clock.
 * Does not: retry failures (callers know what may be repeated), follow redirects, cache.
 */
import { setMaxListeners } from 'node:events';
import * as http from 'node:http';
import * as https from 'node:https';
import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { AppFailure, fail, toAppError, type AppError } from '#shared/util/app-error';
import type { Scope } from '#shared/rpc/scope';
import type { ContextConfig } from '../kubeconfig/types';
import { isNear } from './addresses';
import type { Api, ApiRequest, ApiResponse } from './api';
import { sleep } from './backoff';
import { bytesOf, collect, decodedStream, firstText, refuseHtml } from './body';
import { overHint, type Credential, type Credentials } from './credentials';
import { Connections, portOf, type Pools } from './connections';
import type { DialTimes } from './dial';
import { directExchange, type DirectAnswer } from './direct-line';
import { Gate } from './gate';
import { badRequest, flatHeaders, leave, prefixOf } from './http-parts';
import { cancelled, networkFailure, type Peer } from './network-errors';
import { queryString } from './path';
import { statusFailure, STATUS_BYTES } from './status-errors';
import { exchange, isWatch, type Answer } from './watch-line';

const SHORT_REQUESTS = 16;
const HEAD_MS = 30_000;
const JSON_BYTES = 32 * 1024 * 1024;

/** How one request ended, for the state of the cluster. */
export interface Outcome {
  readonly at: number;
  readonly path: string;
  readonly long: boolean;
  /** Of the head. Absent when none came. */
  readonly status?: number;
  readonly error?: AppError;
  /** ms until the head. */
  readonly latency: number;
}

export interface TransportOptions {
  readonly config: ContextConfig;
  readonly environment: Readonly<Record<string, string>>;
  readonly credentials: Credentials;
  readonly scope: Scope;
  readonly dialTimes?: DialTimes;
}

/** What may be sent twice: questions and whole replacements. */
function isRepeatable(method: string, path: string): boolean {
  if (method === 'GET' || method === 'PUT' || method === 'DELETE') return true;
  return method === 'POST' && /\/selfsubject[a-z]+reviews$/.test(path);
}

function mayPass(request: ApiRequest, status: number): boolean {
  return status >= 400 && status !== 401 && status !== 429 && request.pass?.includes(status) === true;
}

export class Transport implements Api {
  clockOffset = 0;
  private clockIsKnown = false;
  private readonly server: URL;
  private readonly host: string;
  private readonly peer: Peer;
  private readonly listeners = new Set<(outcome: Outcome) => void>();
  private brakeUntil = 0;
  private readonly connections: Connections;
  private readonly gate = new Gate(SHORT_REQUESTS);

  constructor(private readonly options: TransportOptions) {
    this.server = new URL(options.config.cluster.server);
    this.host = this.server.hostname.replace(/^\[|\]$/g, '');
    this.peer = { address: `${this.server.hostname}:${portOf(this.server)}`, role: 'server' };
    this.connections = new Connections(options.config, this.server, options.environment, options.dialTimes);
    options.scope.add(() => this.dropConnections());
  }

  onOutcome(listener: (outcome: Outcome) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  dropConnections(): void {
    this.connections.drop();
  }

  /** Epoch ms by the server's clock; undefined until it has answered once. */
  get serverNow(): number | undefined {
    return this.clockIsKnown ? Date.now() + this.clockOffset : undefined;
  }

  async json<T>(request: ApiRequest, signal: AbortSignal, maxBytes = JSON_BYTES): Promise<T> {
    const response = await this.open(request, signal);
    const type = response.headers['content-type'] ?? '';
    if (!/^\s*application\/([\w.+-]+\+)?json\b/i.test(type)) {
      await leave(response.body);
      throw fail('bad-answer', `${this.server.host} answered with something that is not JSON.`, {
        hint: 'It may be no Kubernetes API, or something stands between.',
      });
    }
    const bytes = await collect(response.body, maxBytes);
    try {
      return JSON.parse(bytes.toString('utf8')) as T;
    } catch {
      throw fail('bad-answer', `${this.server.host} answered with JSON that cannot be read.`);
    }
  }

  async open(request: ApiRequest, signal: AbortSignal): Promise<ApiResponse> {
    const method = request.method ?? 'GET';
    // One scope's signal carries hundreds of requests: that is no leak.
    setMaxListeners(0, signal);
    // The probe of the connection is one cheap question: it never waits.
    if (method === 'GET' && request.path !== '/version') await this.braked(signal);
    const began = performance.now();
    const note = (status: number | undefined, error?: AppError): void =>
      this.tell({
        at: Date.now(),
        path: request.path,
        long: request.long === true,
        latency: performance.now() - began,
        status,
        error,
      });
    try {
      const response = await this.attempt(request, method, signal, false);
      note(response.status);
      return response;
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.code !== 'cancelled') note(error.status, error);
      throw thrown;
    }
  }

  /** A fresh connection of its own to the server, for upgrades (WebSockets). */
  async connect(signal: AbortSignal): Promise<{
    socket: Socket;
    headers: http.OutgoingHttpHeaders;
    /** To be called after a 401: true when another credential may be had. */
    rejected: () => boolean;
  }> {
    const { credentials } = this.options;
    const credential = await credentials.current(signal);
    const socket = await this.connections.dial(credential.pair, signal);
    const rejected = (): boolean => credentials.rejected(credential.generation);
    return { socket, headers: this.authHeaders(credential), rejected };
  }

  /** The server's URL of a path, for clients that need one; holds no credential. */
  url(path: string): URL {
    return new URL(`${this.server.origin}${prefixOf(this.server)}${path}`);
  }

  private async attempt(
    request: ApiRequest,
    method: string,
    signal: AbortSignal,
    isSecond: boolean,
  ): Promise<ApiResponse> {
    if (this.options.scope.disposed) throw fail('closed', 'The connection to this cluster is closed.');
    const { credentials } = this.options;
    const credential = await credentials.current(signal);
    const { message, reused, failure } = await this.send(request, method, credential, signal);
    if (failure) {
      // The server may have closed a kept-alive connection just as it was taken.
      if (
        reused &&
        // A PUT may have arrived: its second would conflict with the first (fault 60).
        method !== 'PUT' &&
        isRepeatable(method, request.path) &&
        !isSecond &&
        failure.error.code === 'network' &&
        !signal.aborted
      )
        return this.attempt(request, method, signal, true);
      throw failure;
    }
    if (!message) throw fail('internal', 'An answer without a head.');
    const status = message.statusCode ?? 0;
    this.readClock(message.headers.date);
    if (status === 401) {
      const again = credentials.rejected(credential.generation);
      if (again && isRepeatable(method, request.path) && !isSecond) {
        message.resume();
        return this.attempt(request, method, signal, true);
      }
    } else credentials.accepted(credential.generation);
    const headers = flatHeaders(message.headers);
    const stream = decodedStream(message);
    if (status === 304 && request.headers?.['if-none-match'] !== undefined) {
      stream.resume();
      return { status, headers, body: bytesOf(stream, this.peer, signal) };
    }
    if ((status < 200 || status >= 300) && !mayPass(request, status)) {
      const body = await firstText(stream, STATUS_BYTES, 5_000);
      const refused = statusFailure(
        status,
        headers,
        body,
        { method, path: request.path, query: request.query },
        this.server.host,
      );
      if (status === 429) this.brake(refused.error.retryAfter ?? 1);
      throw status === 401 ? this.explained(refused) : refused;
    }
    try {
      refuseHtml(headers['content-type'], request.accept ?? 'application/json', this.server.host);
    } catch (thrown) {
      stream.destroy();
      throw thrown;
    }
    return { status, headers, body: bytesOf(stream, this.peer, signal) };
  }

  /** A 401 says nothing of why; an expiry that has passed does. */
  private explained(refused: AppFailure): AppFailure {
    const { kind, expires } = this.options.credentials.report;
    if (expires === undefined || expires > Date.now() + this.clockOffset) return refused;
    const what = kind === 'certificate' ? 'client certificate' : 'token';
    const when = new Date(expires).toISOString().slice(0, 16).replace('T', ' ');
    return new AppFailure({
      ...refused.error,
      message: `The ${what} of this context expired at ${when} UTC.`,
      hint: overHint(kind),
    });
  }

  /** One exchange up to the response head. */
  private async send(
    request: ApiRequest,
    method: string,
    credential: Credential,
    signal: AbortSignal,
  ): Promise<{
    message?: http.IncomingMessage | Answer | DirectAnswer;
    reused: boolean;
    failure?: AppFailure;
  }> {
    const limit = request.timeoutMs ?? HEAD_MS;
    // The agent's own limit does not see sockets that are still being made.
    const leave =
      request.long === true
        ? (): void => undefined
        : await this.gate.enter(signal, limit, () => this.connections.silence(true, limit));
    let pools: Pools;
    try {
      pools = this.connections.pools(credential.pair);
    } catch (thrown) {
      leave();
      throw thrown;
    }
    const path = `${prefixOf(this.server)}${request.path}${queryString(request.query)}`;
    const headers = this.headers(request, credential);
    const { peer } = this;
    const silence = (): AppFailure => this.connections.silence(true, limit);
    if (request.bulkNext && headers['accept-encoding'] === 'identity')
      this.connections.prepare(credential.pair, pools);
    const isBulk = request.bulk === true && method === 'GET';
    const to = isBulk ? this.connections.direct(credential.pair) : undefined;
    // What comes zipped costs more to unzip than to read.
    if (to && headers['accept-encoding'] === 'identity') {
      const drop = pools.abort.signal;
      const ready = this.connections.takeReady(pools);
      const found = await directExchange({ to, ready, path, headers, signal, drop, limit, peer, silence });
      if (found) {
        const { message, failure, waited } = found;
        if (message) message.once('close', leave);
        else leave();
        return { message, failure, reused: waited === true };
      }
    }
    if (this.connections.secure && isWatch(request) && !signal.aborted) {
      const line = pools.watches;
      const found = await exchange({ line, path, headers, signal, limit, peer, silence });
      if (found) return found;
    }
    return new Promise((resolve) => {
      if (signal.aborted) {
        leave();
        return resolve({ reused: false, failure: cancelled() });
      }
      let outgoing: http.ClientRequest;
      try {
        outgoing = (this.connections.secure ? https : http).request({
          agent: request.long === true ? pools.long : pools.short,
          method,
          host: this.host,
          port: portOf(this.server),
          path,
          headers,
          setHost: false,
        });
      } catch (thrown) {
        leave();
        return resolve({ reused: false, failure: badRequest(thrown) });
      }
      const settle = (): void => {
        clearTimeout(timer);
      };
      const end = (failure: AppFailure): void => {
        settle();
        leave();
        signal.removeEventListener('abort', onAbort);
        resolve({ reused: outgoing.reusedSocket, failure });
      };
      const onAbort = (): void => {
        // After the head this ends the body: its reader sees the signal and says "cancelled".
        outgoing.destroy();
        end(cancelled());
      };
      const timer = setTimeout(() => {
        end(this.connections.silence(outgoing.socket !== null, limit));
        outgoing.destroy();
      }, limit);
      signal.addEventListener('abort', onAbort, { once: true });
      outgoing.on('error', (error) => end(networkFailure(error, this.peer)));
      outgoing.on('response', (message) => {
        settle();
        message.once('close', () => {
          leave();
          signal.removeEventListener('abort', onAbort);
        });
        resolve({ message, reused: outgoing.reusedSocket });
      });
      // Nobody asked to upgrade: a server that does talks nonsense.
      outgoing.on('upgrade', (_, socket: Socket) => {
        socket.destroy();
        end(fail('bad-answer', `${this.peer.address} switched protocols without being asked.`));
      });
      outgoing.end(request.body);
    });
  }

  private headers(request: ApiRequest, credential: Credential): http.OutgoingHttpHeaders {
    const { cluster } = this.options.config;
    const zip = request.long !== true && !cluster.disableCompression && !isNear(this.host);
    const body = request.body;
    return {
      ...request.headers,
      host: this.server.host,
      'user-agent': 'binnacle',
      accept: request.accept ?? 'application/json',
      'accept-encoding': zip ? 'gzip' : 'identity',
      ...(body === undefined
        ? {}
        : {
            'content-type': request.contentType ?? 'application/json',
            'content-length': Buffer.byteLength(body),
          }),
      ...this.authHeaders(credential),
    };
  }

  /** Over plain http no credential is ever sent. */
  private authHeaders(credential: Credential): http.OutgoingHttpHeaders {
    return this.connections.secure ? (credential.headers as http.OutgoingHttpHeaders) : {};
  }

  /** Reads wait while the server asks for fewer requests; jitter spreads their return (fault 7). */
  private async braked(signal: AbortSignal): Promise<void> {
    const left = this.brakeUntil - performance.now();
    if (left <= 0) return;
    await sleep(left + Math.random() * Math.min(left, 2_000), signal);
  }

  private brake(seconds: number): void {
    this.brakeUntil = Math.max(this.brakeUntil, performance.now() + Math.min(seconds, 120) * 1000);
  }

  private readClock(date: string | undefined): void {
    const server = date === undefined ? NaN : Date.parse(date);
    if (Number.isNaN(server)) return;
    this.clockIsKnown = true;
    // The header counts whole seconds: only a difference beyond that says something new.
    const offset = server + 500 - Date.now();
    if (Math.abs(offset - this.clockOffset) > 1_000)
      this.clockOffset = Math.abs(offset) <= 1_000 ? 0 : offset;
  }

  private tell(outcome: Outcome): void {
    for (const listener of [...this.listeners]) listener(outcome);
  }
}
