/**
 * Which proxy a server is reached through, and the way through it: http and https (CONNECT)
 * and socks5, with user and password. `proxy-url` of the kubeconfig wins; else the environment
 * counts as in Go: HTTPS_PROXY, HTTP_PROXY, NO_PROXY, never for this machine itself.
 * Failures say "proxy" and name it without its password (fault 47).
 */
import { isIP, type Socket } from 'node:net';
import { AppFailure, fail } from '#shared/util/app-error';
import { inCidr, isLoopback } from './addresses';
import type { Peer } from './network-errors';

export interface Proxy {
  readonly kind: 'http' | 'https' | 'socks5';
  readonly host: string;
  readonly port: number;
  readonly user?: string;
  readonly password?: string;
}

/** undefined: straight to the server. AppFailure `proxy` when the environment's URL is none. */
export function chooseProxy(
  server: URL,
  proxyUrl: string | undefined,
  environment: Readonly<Record<string, string>>,
): Proxy | undefined {
  if (proxyUrl !== undefined) return parseProxy(proxyUrl, 'proxy-url of the kubeconfig');
  const name = server.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const value = variable(environment, name);
  if (value === undefined || bypassed(server, variable(environment, 'NO_PROXY') ?? '')) return undefined;
  return parseProxy(/^[a-z0-9]+:\/\//i.test(value) ? value : `http://${value}`, name);
}

export function proxyPeer(proxy: Proxy): Peer {
  return { address: `${proxy.host}:${proxy.port}`, role: 'proxy' };
}

function variable(environment: Readonly<Record<string, string>>, name: string): string | undefined {
  const value = environment[name] ?? environment[name.toLowerCase()];
  return value === undefined || value.trim() === '' ? undefined : value.trim();
}

function parseProxy(text: string, from: string): Proxy {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw fail('proxy', `${from} is not a URL.`);
  }
  const kinds: Readonly<Record<string, Proxy['kind']>> = {
    'http:': 'http',
    'https:': 'https',
    'socks5:': 'socks5',
    'socks5h:': 'socks5',
  };
  const kind = kinds[url.protocol];
  if (!kind || url.hostname === '') throw fail('proxy', `${from} must be an http, https or socks5 URL.`);
  const port = url.port === '' ? { http: 80, https: 443, socks5: 1080 }[kind] : Number(url.port);
  return {
    kind,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port,
    ...(url.username === '' ? {} : { user: decoded(url.username) }),
    ...(url.password === '' ? {} : { password: decoded(url.password) }),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Go's rules for NO_PROXY: `*`, names with their subdomains, `.suffix`, addresses, ranges, ports. */
export function bypassed(server: URL, list: string): boolean {
  const host = server.hostname
    .replace(/^\[|\]$/g, '')
    .toLowerCase()
    .replace(/\.$/, '');
  const port = server.port === '' ? (server.protocol === 'https:' ? '443' : '80') : server.port;
  if (host === 'localhost' || isLoopback(host)) return true;
  for (const part of list.split(',')) {
    let rule = part.trim().toLowerCase();
    if (rule === '') continue;
    if (rule === '*') return true;
    if (rule.includes('/')) {
      if (inCidr(host, rule)) return true;
      continue;
    }
    const withPort = /^(\[.+\]|[^:]+):(\d+)$/.exec(rule);
    if (withPort) {
      if (withPort[2] !== port) continue;
      rule = withPort[1] ?? rule;
    }
    rule = rule.replace(/^\[|\]$/g, '');
    if (isIP(rule) > 0) {
      if (rule === host) return true;
      continue;
    }
    if (rule.startsWith('*.')) rule = rule.slice(1);
    if (rule.startsWith('.') ? host.endsWith(rule) : host === rule || host.endsWith(`.${rule}`)) return true;
  }
  return false;
}

/** Asks an open connection to the proxy for a tunnel; leaves the socket ready for the server's bytes. */
export async function tunnel(socket: Socket, proxy: Proxy, host: string, port: number): Promise<void> {
  const reader = new ByteReader(socket, proxyPeer(proxy));
  try {
    if (proxy.kind === 'socks5') await socks(socket, reader, proxy, host, port);
    else await connect(socket, reader, proxy, host, port);
  } finally {
    reader.release();
  }
}

async function connect(
  socket: Socket,
  reader: ByteReader,
  proxy: Proxy,
  host: string,
  port: number,
): Promise<void> {
  const target = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const lines = [`CONNECT ${target} HTTP/1.1`, `Host: ${target}`, 'User-Agent: binnacle'];
  if (proxy.user !== undefined || proxy.password !== undefined) {
    const pair = Buffer.from(`${proxy.user ?? ''}:${proxy.password ?? ''}`).toString('base64');
    lines.push(`Proxy-Authorization: Basic ${pair}`);
  }
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  const head = await reader.until('\r\n\r\n', 32 * 1024);
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1];
  if (status === '200') return;
  throw proxyRefusal(proxy, status, target);
}

function proxyRefusal(proxy: Proxy, status: string | undefined, target: string): AppFailure {
  const name = `Proxy ${proxy.host}:${proxy.port}`;
  if (status === undefined) return fail('proxy', `${name} does not answer like an HTTP proxy.`);
  if (status === '407')
    return fail('proxy', `${name} wants other credentials (407).`, {
      hint: 'Put user and password into the URL of the proxy: http://user:password@host:port.',
    });
  if (status === '403')
    return fail('proxy', `${name} forbids connections to ${target} (403).`, {
      hint: 'Ask for an exception, or list the server in NO_PROXY.',
    });
  return fail('proxy', `${name} could not connect to ${target} (${status}).`, {
    hint: 'The proxy may not reach the cluster.',
  });
}

const socksReplies: Readonly<Record<number, string>> = {
  1: 'failed',
  2: 'does not allow the connection',
  3: 'has no route to the network',
  4: 'cannot reach the host',
  5: 'was refused by the server',
  6: 'ran out of hops',
  7: 'does not know the command',
  8: 'does not know this kind of address',
};

async function socks(
  socket: Socket,
  reader: ByteReader,
  proxy: Proxy,
  host: string,
  port: number,
): Promise<void> {
  const name = `Proxy ${proxy.host}:${proxy.port}`;
  const withUser = proxy.user !== undefined;
  socket.write(Buffer.from(withUser ? [5, 2, 0, 2] : [5, 1, 0]));
  const [version, method] = await reader.take(2);
  if (version !== 5) throw fail('proxy', `${name} does not answer like a SOCKS5 proxy.`);
  if (method === 2 && withUser) {
    const user = Buffer.from(proxy.user ?? '').subarray(0, 255);
    const password = Buffer.from(proxy.password ?? '').subarray(0, 255);
    socket.write(
      Buffer.concat([Buffer.from([1, user.length]), user, Buffer.from([password.length]), password]),
    );
    const [, status] = await reader.take(2);
    if (status !== 0) throw fail('proxy', `${name} does not accept its user and password.`);
  } else if (method !== 0)
    throw fail('proxy', `${name} wants a user and password.`, {
      hint: 'Put them into the URL of the proxy: socks5://user:password@host:port.',
    });
  const portBytes = Buffer.from([port >> 8, port & 255]);
  socket.write(Buffer.concat([Buffer.from([5, 1, 0]), socksAddress(host), portBytes]));
  const reply = await reader.take(4);
  if (reply[1] !== 0)
    throw fail('proxy', `${name} ${socksReplies[reply[1] ?? 1] ?? 'failed'} (${host}:${port}).`);
  const kind = reply[3];
  const length = kind === 1 ? 4 : kind === 4 ? 16 : ((await reader.take(1))[0] ?? 0);
  await reader.take(length + 2);
}

function socksAddress(host: string): Buffer {
  if (isIP(host) === 4) return Buffer.from([1, ...host.split('.').map(Number)]);
  // Names, and IPv6 in words: the proxy resolves them.
  const bytes = Buffer.from(host);
  return Buffer.concat([Buffer.from([3, bytes.length]), bytes]);
}

/** Takes exact bytes from a socket and puts back what it read too much. */
class ByteReader {
  private held = Buffer.alloc(0);
  private wake: (() => void) | undefined;
  private ended: Error | undefined;
  private readonly onReadable = (): void => {
    const chunk = this.socket.read() as Buffer | null;
    if (chunk) this.held = Buffer.concat([this.held, chunk]);
    this.wake?.();
  };
  private readonly onEnd = (error?: Error): void => {
    this.ended = error instanceof Error ? error : new Error('closed');
    this.wake?.();
  };

  constructor(
    private readonly socket: Socket,
    private readonly peer: Peer,
  ) {
    socket.on('readable', this.onReadable);
    socket.on('error', this.onEnd);
    socket.on('close', this.onEnd);
    socket.on('end', this.onEnd);
  }

  async take(count: number): Promise<Buffer> {
    while (this.held.length < count) await this.more();
    const bytes = this.held.subarray(0, count);
    this.held = this.held.subarray(count);
    return bytes;
  }

  async until(mark: string, limit: number): Promise<string> {
    for (;;) {
      const at = this.held.indexOf(mark);
      if (at >= 0) return (await this.take(at + mark.length)).toString('latin1');
      if (this.held.length > limit)
        throw fail('proxy', `Proxy ${this.peer.address} sends an endless answer.`);
      await this.more();
    }
  }

  release(): void {
    this.socket.off('readable', this.onReadable);
    this.socket.off('error', this.onEnd);
    this.socket.off('close', this.onEnd);
    this.socket.off('end', this.onEnd);
    if (this.held.length > 0) this.socket.unshift(this.held);
  }

  private async more(): Promise<void> {
    if (this.ended)
      throw fail(
        'proxy',
        `Proxy ${this.peer.address} closed the connection while it was asked for a tunnel.`,
      );
    await new Promise<void>((resolve) => {
      this.wake = resolve;
    });
    this.wake = undefined;
  }
}
