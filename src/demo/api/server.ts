/**
 * The HTTPS server on 127.0.0.1: takes a request, applies faults, signs in, authorises,
 * routes. Every answer that is not 2xx is a v1.Status. Nothing a client sends can end the
 * process.
 */
import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Socket } from 'node:net';
import { Scope } from '#shared/rpc/scope';
import type { ServingCertificate } from '../certificate';
import { storageKey } from '../store/kinds';
import { allowed, authenticate, forbidden, type Attempt, type User } from './access';
import type { ApiContext, Call, ResourceCall } from './context';
import { discovery } from './discovery';
import { upgrade } from './exec';
import type { Fault, FaultTarget, Verb } from './faults';
import { logs } from './logs';
import { openapi } from './openapi';
import { Output } from './output';
import { get, list } from './read';
import type { RequestLog } from './request-log';
import { parseResourcePath, verbOf, type ResourceRoute } from './route';
import { ApiError, methodNotAllowed, noSuchPath } from './status';
import { watch } from './watch';
import { write } from './write';

export interface ApiServer {
  readonly port: number;
  readonly url: string;
  /** Closes the listener and every connection; `listen` opens it again on the same port. */
  close(): Promise<void>;
  listen(): Promise<void>;
  /** Cuts every connection; the listener stays. */
  dropConnections(): void;
}

interface Target extends FaultTarget {
  readonly route: ResourceRoute | undefined;
}

function targetOf(request: IncomingMessage, url: URL): Target {
  let route: ResourceRoute | undefined;
  try {
    route = parseResourcePath(url.pathname);
  } catch {
    route = undefined;
  }
  return {
    url: request.url ?? '/',
    route,
    verb: verbOf(request.method ?? 'GET', route, url.searchParams),
    resource: route && storageKey(route.group, route.resource),
    continued: url.searchParams.has('continue'),
  };
}

export async function startApiServer(
  context: ApiContext,
  log: RequestLog,
  certificate: ServingCertificate,
  port: number,
  scope: Scope,
): Promise<ApiServer> {
  const sockets = new Set<Duplex>();
  const server: Server = createServer({
    key: certificate.keyPem,
    cert: certificate.certPem,
    minVersion: 'TLSv1.2',
  });
  server.keepAliveTimeout = 90_000;
  server.requestTimeout = 0;
  // Before their handshake: one that is in the middle of it would outlive `close`, which waits for it.
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('secureConnection', (socket: Socket) => {
    socket.on('error', () => undefined);
  });
  server.on('tlsClientError', () => undefined);
  server.on('clientError', (_error, socket) => socket.destroy());
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    void serve(context, log, scope, request, response);
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const url = new URL(request.url ?? '/', 'https://demo');
    log.add(request, url);
    const target = targetOf(request, url);
    const fault = context.faults.take(target);
    if (fault?.type === 'drop') return socket.destroy();
    if (fault?.type === 'silence' || fault?.type === 'hang') return undefined;
    try {
      const user = fault?.type === 'unauthorized' ? undefined : authenticate(request, context.users);
      if (!user) throw new ApiError(401, 'Unauthorized', 'Unauthorized');
      if (fault?.type === 'status') throw statusFault(fault);
      if (target.route) authorise(user, attemptOf(target.route, 'create'));
      upgrade(context, scope, request, socket, head, target.route);
    } catch (error) {
      const status = asApiError(error);
      const body = JSON.stringify(status.status());
      socket.end(
        `HTTP/1.1 ${status.code} ${status.reason}\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      );
    }
    return undefined;
  });

  let bound = port;
  const listen = (): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(bound, '127.0.0.1', () => {
        server.off('error', reject);
        bound = (server.address() as AddressInfo).port;
        resolve();
      });
    });
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  const dropConnections = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  await listen();
  scope.add(() => void close());
  return { port: bound, url: `https://127.0.0.1:${bound}`, close, listen, dropConnections };
}

async function serve(
  context: ApiContext,
  log: RequestLog,
  parent: Scope,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const scope = parent.child('request');
  response.on('close', scope.dispose);
  response.on('error', () => undefined);
  const output = new Output(response, scope.signal, context.now);
  try {
    const url = new URL(request.url ?? '/', 'https://demo');
    log.add(request, url);
    const target = targetOf(request, url);
    const fault = context.faults.take(target);
    if (fault && (await bendWhole(fault, output, response))) return;
    const user = authenticate(request, context.users);
    const method = request.method ?? 'GET';
    const call: Call = {
      context,
      request,
      response,
      url,
      query: url.searchParams,
      method,
      user,
      output,
      scope,
    };
    await dispatch(call, target, fault);
  } catch (error) {
    const status = asApiError(error);
    if (output.started) output.destroy();
    else await output.json(status.code, status.status(), status.headers);
  }
}

function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const words = error instanceof Error ? error.message : String(error);
  return new ApiError(500, 'InternalError', `Internal error occurred: ${words}`);
}

function statusFault(fault: Extract<Fault, { type: 'status' }>): ApiError {
  const reasons: Readonly<Record<number, string>> = {
    403: 'Forbidden',
    404: 'NotFound',
    409: 'Conflict',
    410: 'Expired',
    429: 'TooManyRequests',
    500: 'InternalError',
    503: 'ServiceUnavailable',
    504: 'Timeout',
  };
  const reason = fault.reason ?? reasons[fault.code] ?? 'Unknown';
  const seconds = typeof fault.retryAfter === 'number' ? { retryAfterSeconds: fault.retryAfter } : undefined;
  const headers: Record<string, string> =
    fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) };
  return new ApiError(
    fault.code,
    reason,
    fault.message ?? `the demo cluster was told to answer ${fault.code}`,
    seconds,
    headers,
  );
}

/** Faults that replace the answer; true when nothing is left to do. */
async function bendWhole(fault: Fault, output: Output, response: ServerResponse): Promise<boolean> {
  switch (fault.type) {
    case 'drop':
      response.destroy();
      return true;
    case 'silence':
      return true;
    case 'html':
      await output.text(
        fault.status ?? 200,
        '<!doctype html><html><head><title>Sign in</title></head><body><form>Sign in to continue</form></body></html>\n',
        'text/html; charset=utf-8',
      );
      return true;
    case 'redirect':
      output.head(302, { location: fault.location, 'content-length': '0' });
      output.end();
      return true;
    case 'unauthorized':
      throw new ApiError(401, 'Unauthorized', 'Unauthorized');
    case 'expired':
      throw new ApiError(410, 'Expired', 'The resourceVersion for the provided list or watch is too old.');
    case 'status':
      throw statusFault(fault);
    case 'stream-error':
      return false;
    default:
      output.bend(fault);
      return false;
  }
}

function attemptOf(route: ResourceRoute, verb: Verb): Attempt {
  const { group, resource, subresource, name } = route;
  // Getting a namespace by name is asked for in that namespace, as RBAC does.
  const namespace = route.namespace ?? (group === '' && resource === 'namespaces' ? name : undefined);
  return { verb, group, resource, subresource, namespace, name };
}

function authorise(user: User, attempt: Attempt): void {
  if (!allowed(user, attempt)) throw forbidden(user, attempt);
}

async function dispatch(call: Call, target: Target, fault: Fault | undefined): Promise<void> {
  const { url, context, user, method } = call;
  const { route, verb } = target;
  if (!route) {
    authorise(user, {
      verb: method.toLowerCase() === 'head' ? 'get' : method.toLowerCase(),
      path: url.pathname,
    });
    return nonResource(call);
  }
  const kind = context.registry.find(route.group, route.version, route.resource);
  authorise(user, attemptOf(route, verb));
  if (!kind) throw noSuchPath();
  if (!kind.namespaced && route.namespace !== undefined) throw noSuchPath();
  const resourceCall: ResourceCall = { ...call, route, kind };
  if (route.subresource === 'log' && kind.storage === 'pods') return logs(resourceCall);
  if (verb === 'get' && route.subresource === undefined) return get(resourceCall);
  if (!kind.verbs.includes(verb) && route.subresource === undefined) throw methodNotAllowed();
  if (verb === 'list') return list(resourceCall);
  if (verb === 'watch') return watch(resourceCall, fault);
  return write(resourceCall, verb);
}

async function nonResource(call: Call): Promise<void> {
  const { pathname } = call.url;
  if (/^\/(healthz|livez|readyz)$/.test(pathname)) {
    const verbose = call.query.has('verbose');
    return call.output.text(
      200,
      verbose ? `[+]ping ok\n[+]log ok\n[+]etcd ok\n${pathname.slice(1)} check passed\n` : 'ok',
    );
  }
  if (pathname === '/version') return call.output.json(200, version);
  if (/^\/apis?(\/|$)/.test(pathname)) return discovery(call);
  if (pathname.startsWith('/openapi/')) return openapi(call);
  throw noSuchPath();
}

const version = {
  major: '1',
  minor: '34',
  gitVersion: 'v1.34.1-demo',
  gitCommit: '93248f9ae092f571eb870b7664c534bfc7d00f03',
  gitTreeState: 'clean',
  buildDate: '2025-09-09T19:44:50Z',
  goVersion: 'go1.24.6',
  compiler: 'gc',
  platform: 'linux/amd64',
};
