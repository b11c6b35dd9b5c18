/**
 * One HTTP request through a port-forward's connection.
 * Guarantees: no redirect is followed, no cookie or credential of this machine is sent; at most
 * 64 KiB of the body are kept; it ends after 20 s.
 */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { Duplex } from 'node:stream';
import { connect as tlsConnect, type TLSSocket } from 'node:tls';
import type { HttpProbe } from '#shared/contract/probe';
import { AppFailure, fail, isCancelled, toAppError } from '#shared/util/app-error';
import type { Dialler } from '../../k8s/channel-socket';
import { openForward, type ForwardStream } from '../../k8s/forward-stream';

export interface HttpAsk {
  readonly namespace: string;
  readonly pod: string;
  readonly port: number;
  readonly scheme: 'http' | 'https';
  readonly method: 'GET' | 'HEAD';
  readonly path: string;
  readonly host: string;
}

const LIMIT_MS = 20_000;
const BODY_BYTES = 64 * 1024;

export async function httpProbe(api: Dialler, ask: HttpAsk, signal: AbortSignal): Promise<HttpProbe> {
  const abort = new AbortController();
  const onAbort = (): void => abort.abort();
  signal.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(onAbort, LIMIT_MS);
  try {
    return await exchange(api, ask, abort.signal);
  } catch (thrown) {
    if (abort.signal.aborted && !signal.aborted)
      throw fail(
        'timeout',
        `No complete answer from port ${ask.port} of ${ask.pod} within ${LIMIT_MS / 1000} s.`,
      );
    if (thrown instanceof AppFailure || isCancelled(thrown)) throw thrown;
    throw explain(thrown, ask);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    abort.abort();
  }
}

async function exchange(api: Dialler, ask: HttpAsk, signal: AbortSignal): Promise<HttpProbe> {
  const began = Date.now();
  const since = (): number => Date.now() - began;
  const raw = await duplex(api, ask, signal);
  const stream = since();
  const secure = ask.scheme === 'https' ? await secured(raw, ask.host) : undefined;
  const tls = secure ? since() : undefined;
  const response = await head(secure ?? raw, ask, signal);
  const headAt = since();
  const { bytes, length } = await body(response);
  const total = since();
  const binary = bytes.includes(0);
  const headers: [string, string][] = [];
  for (let at = 0; at + 1 < response.rawHeaders.length && headers.length < 100; at += 2)
    headers.push([response.rawHeaders[at] ?? '', (response.rawHeaders[at + 1] ?? '').slice(0, 4_096)]);
  const certificate = secure && certificateOf(secure);
  (secure ?? raw).destroy();
  return {
    status: response.statusCode ?? 0,
    statusText: response.statusMessage ?? '',
    headers,
    body: binary ? '' : bytes.toString('utf8'),
    bodyBytes: length,
    cut: length > bytes.length,
    binary,
    pod: ask.pod,
    port: ask.port,
    timing: { stream, ...(tls === undefined ? {} : { tls }), head: headAt, total },
    ...(certificate ? { certificate } : {}),
  };
}

/** The forward as a socket that Node's HTTP understands. */
async function duplex(api: Dialler, { namespace, pod, port }: HttpAsk, signal: AbortSignal): Promise<Duplex> {
  const holder: { stream?: ForwardStream } = {};
  const socket = new Duplex({
    read: () => holder.stream?.resume(),
    write: (chunk: Buffer, _encoding, callback) => {
      if (!holder.stream || holder.stream.write(chunk)) callback();
      else void holder.stream.drained().then(() => callback());
    },
    destroy: (error, callback) => {
      holder.stream?.close();
      callback(error);
    },
  });
  holder.stream = await openForward(
    api,
    { namespace, pod, port },
    {
      onData: (bytes) => {
        if (!socket.destroyed && !socket.push(Buffer.from(bytes))) holder.stream?.pause();
      },
      onEnd: (error) => {
        if (error && error.code !== 'cancelled') socket.destroy(new AppFailure(error));
        else if (!socket.destroyed) socket.push(null);
      },
    },
    signal,
  );
  return socket;
}

function secured(raw: Duplex, host: string): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const isName = !/^[\d.]+$|:/.test(host);
    // A probe tells what is there; a certificate of the cluster's own is the rule, not a danger.
    const socket = tlsConnect({
      socket: raw,
      rejectUnauthorized: false,
      ...(isName ? { servername: host } : {}),
    });
    socket.once('secureConnect', () => resolve(socket));
    socket.once('error', reject);
    raw.once('error', reject);
  });
}

function head(socket: Duplex, ask: HttpAsk, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      method: ask.method,
      path: ask.path,
      headers: { host: ask.host, 'user-agent': 'binnacle-probe', accept: '*/*', connection: 'close' },
      createConnection: () => socket,
      signal,
    });
    request.once('response', resolve);
    request.on('error', reject);
    request.end();
  });
}

/** Waits for the end, or for enough. */
async function body(response: IncomingMessage): Promise<{ bytes: Buffer; length: number }> {
  const parts: Buffer[] = [];
  let kept = 0;
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (kept < BODY_BYTES) {
      parts.push(chunk.subarray(0, BODY_BYTES - kept));
      kept += Math.min(chunk.length, BODY_BYTES - kept);
    }
    if (length > BODY_BYTES) break;
  }
  return { bytes: Buffer.concat(parts), length };
}

function certificateOf(socket: TLSSocket): HttpProbe['certificate'] {
  const found = socket.getPeerCertificate();
  const names = (of: unknown): string =>
    Object.values((of ?? {}) as Record<string, string>)
      .join(', ')
      .slice(0, 300);
  if (!found || Object.keys(found).length === 0) return undefined;
  return { subject: names(found.subject), issuer: names(found.issuer), validTo: found.valid_to };
}

function explain(thrown: unknown, { pod, port, scheme }: HttpAsk): AppFailure {
  const { code, message } = thrown as NodeJS.ErrnoException;
  if (code?.startsWith('HPE_'))
    return fail('bad-answer', `Port ${port} of ${pod} answers, but not with HTTP.`, {
      hint: scheme === 'http' ? 'It may want https.' : 'Look at the protocol of the port.',
    });
  if (code?.startsWith('ERR_SSL') || /wrong version number|SSL/i.test(message))
    return fail('tls', `Port ${port} of ${pod} answers, but not with TLS.`, { hint: 'Try http.' });
  if (code === 'ECONNRESET' || /socket hang up|disconnected before/i.test(message))
    return fail('network', `Port ${port} of ${pod} closed the connection without an answer.`, {
      ...(scheme === 'http' ? { hint: 'It may want https.' } : {}),
    });
  return new AppFailure(toAppError(thrown));
}
