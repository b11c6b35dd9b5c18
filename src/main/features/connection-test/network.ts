/**
 * The way to the server, step by step: names, one TCP connection, one TLS handshake.
 * Sends no credential and closes what it opened. Words of certificates are cleaned.
 */
import { X509Certificate } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { isIP, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { fail } from '#shared/util/app-error';
import { visible } from '#shared/util/text';
import type { ContextConfig } from '../../kubeconfig/types';
import { portOf } from '../../k8s/connections';
import { dial, type DialStage } from '../../k8s/dial';
import { cancelled, networkFailure } from '../../k8s/network-errors';
import { chooseProxy } from '../../k8s/proxy';
import { TlsPlan, type CertificatePair } from '../../k8s/tls';
import type { Found } from './steps';

const DNS_MS = 10_000;

export interface Route {
  readonly server: URL;
  readonly host: string;
  readonly proxy: ReturnType<typeof chooseProxy>;
}

export function routeOf(context: ContextConfig, environment: Readonly<Record<string, string>>): Route {
  const server = new URL(context.cluster.server);
  const proxy = chooseProxy(server, context.cluster.proxyUrl, environment);
  return { server, host: server.hostname.replace(/^\[|\]$/g, ''), proxy };
}

/** Addresses of the machine that is dialled: the proxy's where one applies. */
export async function resolveNames({ host, proxy }: Route, signal: AbortSignal): Promise<Found> {
  const name = proxy?.host ?? host;
  if (isIP(name) > 0) return { words: `${name} is an address: nothing to look up.` };
  let clear = (): void => undefined;
  const stop = new Promise<never>((_, reject) => {
    const timer = setTimeout(
      () => reject(fail('dns', `DNS gave no answer for ${name} within ${DNS_MS / 1000} s.`)),
      DNS_MS,
    );
    const onAbort = (): void => reject(cancelled());
    signal.addEventListener('abort', onAbort, { once: true });
    clear = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    };
  });
  try {
    const all = await Promise.race([lookup(name, { all: true }), stop]);
    const via = proxy ? ' (the proxy resolves the server itself)' : '';
    return {
      words: `${name}: ${all.length} address${all.length === 1 ? '' : 'es'}${via}`,
      details: all.map((one) => one.address),
    };
  } catch (thrown) {
    throw networkFailure(thrown, { address: name, role: proxy ? 'proxy' : 'server' });
  } finally {
    clear();
  }
}

export interface Dialled {
  readonly tcp: Found;
  /** ms until TCP (and the proxy's tunnel) stood; undefined when that failed. */
  readonly tcpMs: number | undefined;
  readonly tls?: Found;
  readonly thrown?: unknown;
}

/** One connection; `thrown` belongs to TLS when `tcpMs` is there, else to TCP. */
export async function connectOnce(
  context: ContextConfig,
  environment: Readonly<Record<string, string>>,
  route: Route,
  signal: AbortSignal,
  /** The certificate a plugin gave, in place of the kubeconfig's own. */
  pair?: CertificatePair,
): Promise<Dialled> {
  const { server, host, proxy } = route;
  const port = portOf(server);
  const began = performance.now();
  let tcpMs: number | undefined;
  const onStage = (stage: DialStage): void => {
    if (stage === 'tls' || stage === 'ready') tcpMs ??= performance.now() - began;
  };
  const via = proxy ? ` through ${proxy.kind} proxy ${proxy.host}:${proxy.port}` : '';
  const tcp: Found = { words: `Connected to ${host}:${port}${via}` };
  try {
    const plan =
      server.protocol === 'https:' ? new TlsPlan(context.cluster, context.user, environment) : undefined;
    const tls = plan && {
      // The person's own client certificate is presented: a server may ask for it in the handshake.
      context: plan.current(pair).context,
      insecure: plan.insecure,
      serverName: plan.serverName,
      alpn: ['http/1.1'],
    };
    const socket = await dial({ host, port, proxy, tls, onStage }, signal);
    const at = addressWords(socket);
    const found = tlsFound(socket, context);
    socket.on('error', () => undefined);
    socket.destroy();
    return {
      tcp: at === undefined || proxy ? tcp : { ...tcp, details: [`Address ${at}`] },
      tcpMs,
      tls: found,
    };
  } catch (thrown) {
    return { tcp, tcpMs, thrown };
  }
}

function addressWords(socket: Socket): string | undefined {
  return socket.remoteAddress === undefined
    ? undefined
    : `${socket.remoteAddress}:${socket.remotePort ?? ''}`;
}

function tlsFound(socket: Socket, { cluster }: ContextConfig): Found {
  if (!(socket instanceof TLSSocket))
    return { words: 'Plain http: nothing is encrypted and no credential is sent.', state: 'warn' };
  const peer = socket.getPeerCertificate(true);
  const details: string[] = [];
  let at: typeof peer | undefined = peer;
  for (let depth = 0; at?.raw && depth < 8; depth += 1) {
    const one = new X509Certificate(at.raw);
    details.push(`${oneLine(one.subject)}, issued by ${oneLine(one.issuer)}, valid until ${one.validTo}`);
    const next: typeof peer | undefined = at.issuerCertificate;
    at = next === at || next?.fingerprint256 === at.fingerprint256 ? undefined : next;
  }
  details.push(`SHA-256 ${peer.fingerprint256}`);
  if (peer.subjectaltname) details.push(`Names: ${visible(peer.subjectaltname).slice(0, 500)}`);
  const ca = cluster.ca;
  details.push(
    `Trusted by ${ca ? ('file' in ca ? ca.file : 'the kubeconfig’s own CA') : 'the system’s CAs'}`,
  );
  const protocol = socket.getProtocol() ?? 'TLS';
  if (cluster.insecureSkipTlsVerify)
    return {
      words: `${protocol}, not verified: anybody in between can read and change everything.`,
      state: 'warn',
      details,
      hint: 'Replace insecure-skip-tls-verify by certificate-authority-data.',
    };
  const days = Math.floor((Date.parse(peer.valid_to) - Date.now()) / 86_400_000);
  const words = `${protocol}, certificate verified, valid for ${days} more days`;
  return { words, details, ...(days < 14 ? { state: 'warn' as const, hint: 'Renew it soon.' } : {}) };
}

function oneLine(name: string): string {
  return visible(name.replace(/\n/g, ', ')).slice(0, 200);
}
