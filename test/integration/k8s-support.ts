/** A server that behaves as badly as it is told to, with certificates of its own. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';
import * as net from 'node:net';
import type { Duplex } from 'node:stream';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { openApi, type ClusterApi } from '../../src/main/k8s/open-api';
import type { ClusterConfig, ContextConfig, UserConfig } from '../../src/main/kubeconfig/types';
import type { Scope } from '../../src/shared/rpc/scope';
import { AppFailure, type AppError } from '../../src/shared/util/app-error';

export interface Certificates {
  readonly folder: string;
  readonly ca: string;
  pair(name: string, options?: PairOptions): { cert: string; key: string };
  remove(): void;
}

export interface PairOptions {
  /** `DNS:x,IP:y` */
  readonly san?: string;
  /** Days of validity; negative: already over. */
  readonly days?: number;
  readonly algorithm?: 'EC' | 'RSA' | 'ED25519';
}

/** A certificate authority in a temporary folder, made with openssl. */
export function certificates(): Certificates {
  const folder = mkdtempSync(join(tmpdir(), 'k8s-certificates-'));
  const ssl = (...args: string[]): void => {
    execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'ignore', 'ignore'] });
  };
  const text = (name: string): string => readFileSync(join(folder, name), 'utf8');
  ssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', 'ca.key');
  ssl('req', '-x509', '-new', '-key', 'ca.key', '-subj', '/CN=test-ca', '-days', '30', '-out', 'ca.crt');
  return {
    folder,
    ca: text('ca.crt'),
    pair(name, { san, days = 10, algorithm = 'EC' } = {}) {
      if (algorithm === 'RSA') ssl('genrsa', '-out', `${name}.key`, '2048');
      else if (algorithm === 'ED25519') ssl('genpkey', '-algorithm', 'ED25519', '-out', `${name}.key`);
      else ssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', `${name}.key`);
      ssl('req', '-new', '-key', `${name}.key`, '-subj', `/O=group/CN=${name}`, '-out', `${name}.csr`);
      writeFileSync(join(folder, `${name}.ext`), san === undefined ? '' : `subjectAltName=${san}\n`);
      writeFileSync(join(folder, 'index.txt'), '');
      writeFileSync(join(folder, 'serial'), `${Math.floor(Math.random() * 1e9)}\n`.padStart(11, '1'));
      writeFileSync(
        join(folder, 'ca.cnf'),
        `[ca]\ndefault_ca=x\n[x]\ndir=${folder}\ndatabase=${folder}/index.txt\nserial=${folder}/serial\nnew_certs_dir=${folder}\ndefault_md=sha256\npolicy=p\nunique_subject=no\n[p]\ncommonName=supplied\norganizationName=optional\n`,
      );
      const end = new Date(Date.now() + days * 86_400_000);
      const start = new Date(Math.min(Date.now(), end.getTime()) - 86_400_000);
      ssl(
        'ca',
        '-batch',
        '-notext',
        '-config',
        'ca.cnf',
        '-cert',
        'ca.crt',
        '-keyfile',
        'ca.key',
        '-in',
        `${name}.csr`,
        '-out',
        `${name}.crt`,
        '-startdate',
        asn1(start),
        '-enddate',
        asn1(end),
        '-extfile',
        `${name}.ext`,
      );
      return { cert: text(`${name}.crt`), key: text(`${name}.key`) };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function asn1(date: Date): string {
  return `${date.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`;
}

export type Handler = (request: http.IncomingMessage, response: http.ServerResponse, body: string) => void;

export interface Running {
  readonly port: number;
  /** Of connections accepted so far. */
  readonly connections: () => number;
  readonly requests: http.IncomingMessage[];
  close(): Promise<void>;
}

export type Upgrade = (request: http.IncomingMessage, socket: Duplex, head: Buffer) => void;

/** Upgrades are answered by `onUpgrade`; without it they are refused. `port`: any free one. */
export function serve(
  handler: Handler,
  tls?: https.ServerOptions,
  onUpgrade?: Upgrade,
  port = 0,
): Promise<Running> {
  const requests: http.IncomingMessage[] = [];
  const onRequest = (request: http.IncomingMessage, response: http.ServerResponse): void => {
    requests.push(request);
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => handler(request, response, body));
  };
  const server = tls ? https.createServer(tls, onRequest) : http.createServer(onRequest);
  if (onUpgrade) server.on('upgrade', onUpgrade);
  return listen(server, requests, port);
}

/** A bare TCP server. */
export function serveTcp(onSocket: (socket: net.Socket) => void): Promise<Running> {
  return listen(net.createServer(onSocket), []);
}

function listen(server: net.Server, requests: http.IncomingMessage[], port = 0): Promise<Running> {
  const sockets = new Set<net.Socket>();
  let connections = 0;
  server.on('connection', (socket: net.Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', () => undefined);
  return new Promise((resolve) => {
    server.listen(port, '127.0.0.1', () =>
      resolve({
        port: (server.address() as AddressInfo).port,
        connections: () => connections,
        requests,
        close: () =>
          new Promise((done) => {
            for (const socket of sockets) socket.destroy();
            server.close(() => done());
          }),
      }),
    );
  });
}

export function contextConfig(
  cluster: Partial<ClusterConfig>,
  user: Partial<UserConfig> = {},
): ContextConfig {
  return {
    id: 'test',
    name: 'test',
    file: '/test',
    namespace: 'default',
    cluster: {
      name: 'test',
      server: 'https://127.0.0.1:1',
      insecureSkipTlsVerify: false,
      disableCompression: false,
      ...cluster,
    },
    user: { name: 'test', ...user },
  };
}

export function apiFor(
  scope: Scope,
  cluster: Partial<ClusterConfig>,
  user: Partial<UserConfig> = {},
  environment: Record<string, string> = {},
): ClusterApi {
  return openApi(contextConfig(cluster, user), environment, scope.child('api'));
}

/** The AppError a promise ends in. */
export async function errorOf(work: Promise<unknown>): Promise<AppError> {
  try {
    await work;
  } catch (thrown) {
    if (thrown instanceof AppFailure) return thrown.error;
    throw thrown;
  }
  throw new Error('It should have failed.');
}

export function sendJson(
  response: http.ServerResponse,
  value: unknown,
  status = 200,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(value));
}
