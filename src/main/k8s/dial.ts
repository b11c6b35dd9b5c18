/**
 * One ready connection to the API server: DNS and TCP (happy eyeballs), proxy, TLS.
 * Guarantees: each step has its own time limit and its own words; a server that cannot be
 * verified never gets a byte; aborting frees the socket; nothing is retried here.
 */
import * as net from 'node:net';
import * as tls from 'node:tls';
import { AppFailure, fail } from '#shared/util/app-error';
import { cancelled, isCertificateError, networkFailure, timeoutFailure, type Peer } from './network-errors';
import { proxyPeer, tunnel, type Proxy } from './proxy';
import { certificateWords } from './tls';

/** How far a connection has come. */
export type DialStage = 'dns' | 'tcp' | 'proxy' | 'tls' | 'ready';

export interface DialTarget {
  readonly onStage?: (stage: DialStage) => void;
  readonly host: string;
  readonly port: number;
  readonly proxy: Proxy | undefined;
  /** undefined for plain http. */
  readonly tls: DialTls | undefined;
}

export interface DialTls {
  readonly context: tls.SecureContext;
  readonly insecure: boolean;
  readonly serverName: string | undefined;
  readonly alpn: readonly string[];
}

export interface DialTimes {
  readonly connectMs: number;
  readonly tlsMs: number;
}

export const usualDialTimes: DialTimes = { connectMs: 10_000, tlsMs: 10_000 };

/** `autoSelectFamily` is newer than the types of `tls.connect` in some versions. */
type HappyOptions = net.TcpNetConnectOpts & {
  autoSelectFamily?: boolean;
  autoSelectFamilyAttemptTimeout?: number;
};

export async function dial(
  target: DialTarget,
  signal: AbortSignal,
  times = usualDialTimes,
): Promise<net.Socket> {
  const peer: Peer = { address: addressOf(target.host, target.port), role: 'server' };
  const { proxy } = target;
  const stage = (now: DialStage): void => target.onStage?.(now);
  let socket: net.Socket;
  stage(net.isIP(proxy?.host ?? target.host) > 0 ? 'tcp' : 'dns');
  const onLookup = (): void => stage('tcp');
  if (proxy) {
    const at = proxyPeer(proxy);
    socket = await connectTcp(proxy.host, proxy.port, at, signal, times, onLookup);
    stage('proxy');
    if (proxy.kind === 'https')
      socket = await handshake(socket, proxyTls(proxy.host), at, signal, times.tlsMs);
    await within(socket, tunnel(socket, proxy, target.host, target.port), at, signal, times.connectMs);
  } else socket = await connectTcp(target.host, target.port, peer, signal, times, onLookup);
  if (!target.tls) {
    stage('ready');
    return socket;
  }
  stage('tls');
  try {
    return await handshake(socket, tlsOptions(target), peer, signal, times.tlsMs);
  } catch (thrown) {
    throw await withCertificate(thrown, target, peer, signal, times);
  }
}

function addressOf(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function connectTcp(
  host: string,
  port: number,
  peer: Peer,
  signal: AbortSignal,
  times: DialTimes,
  onLookup: () => void,
): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(cancelled());
    const options: HappyOptions = {
      host,
      port,
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: 250,
    };
    const socket = net.connect(options);
    let resolved = net.isIP(host) > 0;
    const settle = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    };
    const refuse = (failure: AppFailure): void => {
      settle();
      socket.on('error', () => undefined);
      socket.destroy();
      reject(failure);
    };
    const onAbort = (): void => refuse(cancelled());
    const timer = setTimeout(() => {
      refuse(
        resolved
          ? timeoutFailure(peer, 'did not accept a connection', times.connectMs)
          : fail(
              peer.role === 'proxy' ? 'proxy' : 'dns',
              `DNS gave no answer for ${host} within ${Math.round(times.connectMs / 1000)} s.`,
              {
                hint: 'The resolver cannot be reached. Is this machine on the right network or VPN?',
              },
            ),
      );
    }, times.connectMs);
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('lookup', () => {
      resolved = true;
      onLookup();
    });
    socket.once('error', (error) => refuse(networkFailure(error, peer)));
    socket.once('connect', () => {
      settle();
      socket.removeAllListeners('error');
      socket.setNoDelay(true);
      socket.setKeepAlive(true, 15_000);
      resolve(socket);
    });
  });
}

/** Trust, identity and names of a TLS connection to the server. */
export function tlsOptions(target: DialTarget): tls.ConnectionOptions {
  const plan = target.tls;
  if (!plan) return {};
  const name = plan.serverName ?? target.host;
  return {
    secureContext: plan.context,
    host: target.host,
    // Addresses are verified as such but never sent as SNI.
    ...(net.isIP(name) > 0 ? {} : { servername: name }),
    ...(plan.serverName !== undefined && net.isIP(name) > 0
      ? { checkServerIdentity: (_: string, cert: tls.PeerCertificate) => tls.checkServerIdentity(name, cert) }
      : {}),
    rejectUnauthorized: !plan.insecure,
    ALPNProtocols: [...plan.alpn],
  };
}

function proxyTls(host: string): tls.ConnectionOptions {
  return { host, ...(net.isIP(host) > 0 ? {} : { servername: host }), ALPNProtocols: ['http/1.1'] };
}

function handshake(
  socket: net.Socket,
  options: tls.ConnectionOptions,
  peer: Peer,
  signal: AbortSignal,
  ms: number,
): Promise<tls.TLSSocket> {
  const secure = tls.connect({ ...options, socket });
  secure.once('close', () => socket.destroy());
  const ready = new Promise<void>((resolve, reject) => {
    secure.once('secureConnect', resolve);
    secure.once('error', reject);
    secure.once('close', () =>
      reject(Object.assign(new Error('closed before secure TLS connection'), { code: 'ECONNRESET' })),
    );
  });
  return within(secure, ready, peer, signal, ms).then(() => secure);
}

/** Waits for a step of a socket; on failure, timeout or abort the socket is gone. */
async function within<T>(
  socket: net.Socket,
  step: Promise<T>,
  peer: Peer,
  signal: AbortSignal,
  ms: number,
): Promise<T> {
  let settle = (): void => undefined;
  const stop = new Promise<never>((_, reject) => {
    const timer = setTimeout(
      () =>
        reject(timeoutFailure(peer, 'accepts connections but did not finish the handshake', ms, 'NoAnswer')),
      ms,
    );
    const onAbort = (): void => reject(cancelled());
    signal.addEventListener('abort', onAbort, { once: true });
    settle = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    };
    if (signal.aborted) onAbort();
  });
  try {
    return await Promise.race([step, stop]);
  } catch (thrown) {
    step.catch(() => undefined);
    socket.on('error', () => undefined);
    socket.destroy();
    throw networkFailure(thrown, peer);
  } finally {
    settle();
  }
}

/** Adds what the server showed to a failed verification (fault 46), by a look without credentials. */
async function withCertificate(
  thrown: unknown,
  target: DialTarget,
  peer: Peer,
  signal: AbortSignal,
  times: DialTimes,
): Promise<unknown> {
  if (!(thrown instanceof AppFailure) || !isCertificateError(thrown.cause)) return thrown;
  try {
    const shown = await shownCertificate(target, peer, signal, times);
    const { error } = thrown;
    return new AppFailure(
      { ...error, hint: [error.hint, shown].filter(Boolean).join(' ') },
      { cause: thrown.cause },
    );
  } catch {
    return thrown;
  }
}

/** Connects without verifying and without a client certificate, reads the certificate, hangs up. */
async function shownCertificate(
  target: DialTarget,
  peer: Peer,
  signal: AbortSignal,
  times: DialTimes,
): Promise<string> {
  const plain = await dial({ ...target, tls: undefined }, signal, times);
  const name = target.tls?.serverName ?? target.host;
  const options = { rejectUnauthorized: false, ...(net.isIP(name) > 0 ? {} : { servername: name }) };
  const secure = await handshake(plain, options, peer, signal, times.tlsMs);
  const words = certificateWords(secure.getPeerCertificate());
  secure.on('error', () => undefined);
  secure.destroy();
  return words;
}
