/** A Prometheus behind TLS of its own CA that wants a client certificate, and one that redirects elsewhere. */
import * as https from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { PromClient } from '../../src/main/features/metrics/prom-client';
import { urlReach } from '../../src/main/features/metrics/reach';
import { Scope } from '../../src/shared/rpc/scope';
import { toAppError, type AppError } from '../../src/shared/util/app-error';
import { certificates, type Certificates } from './k8s-support';

const never = new AbortController().signal;
let certs: Certificates;
let own: { cert: string; key: string };
let other: { cert: string; key: string };
let scope: Scope;

beforeAll(() => {
  certs = certificates();
  own = certs.pair('client');
  other = certs.pair('other');
});
afterAll(() => certs.remove());
beforeEach(() => {
  scope = new Scope('metrics url');
});
afterEach(() => scope.dispose());

type Answer = (request: IncomingMessage, response: ServerResponse) => void;
const pong: Answer = (_, response) =>
  response.end('{"status":"success","data":{"resultType":"scalar","result":[1,"1"]}}');

async function serve(answer: Answer, wantsClient: boolean): Promise<string> {
  const pair = certs.pair('server', { san: 'DNS:localhost,IP:127.0.0.1' });
  const server = https.createServer(
    { ...pair, ca: certs.ca, requestCert: wantsClient, rejectUnauthorized: wantsClient },
    answer,
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  scope.add(() => {
    server.closeAllConnections();
    server.close();
  });
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const failure = (asked: Promise<unknown>): Promise<AppError | undefined> =>
  asked.then(() => undefined, toAppError);

test('client certificate and own CA reach it; without either it is said', async () => {
  const names: unknown[] = [];
  const url = await serve((request, response) => {
    const socket = request.socket as import('node:tls').TLSSocket;
    names.push(socket.getPeerCertificate().subject?.CN);
    pong(request, response);
  }, true);
  const ask = (fields: object): Promise<unknown> =>
    new PromClient(urlReach({ url, ...fields }, {}, scope)).instant('1', undefined, never);
  expect(await ask({ ca: certs.ca, certificate: own.cert, key: own.key })).toMatchObject({ total: 1 });
  expect(names).toEqual(['client']);
  expect(await failure(ask({ certificate: own.cert, key: own.key }))).toMatchObject({ code: 'tls' });
  expect(await failure(ask({ ca: certs.ca }))).toBeDefined();
  expect(names).toEqual(['client']);
});

test('a key of another certificate is refused before anything is sent', () => {
  expect(() =>
    urlReach({ url: 'https://127.0.0.1:1', certificate: own.cert, key: other.key }, {}, scope),
  ).toThrow(/not the one of the client certificate/);
});

test('a redirect to another host gets neither token, header nor client certificate', async () => {
  const seen: unknown[] = [];
  const elsewhere = await serve((request, response) => {
    seen.push(request.headers);
    pong(request, response);
  }, false);
  const url = await serve((request, response) => {
    expect(request.headers.authorization).toBe('Bearer token-7c');
    response.writeHead(307, { location: `${elsewhere.replace('127.0.0.1', 'localhost')}/api/v1/query` });
    response.end();
  }, true);
  const fields = { bearer: 'token-7c', headers: { 'X-Api-Key': 'key-7c' } };
  const reach = urlReach({ url, ca: certs.ca, certificate: own.cert, key: own.key, ...fields }, {}, scope);
  const error = await failure(new PromClient(reach).instant('1', undefined, never));
  expect(error?.code).toBe('bad-answer');
  expect(JSON.stringify(error)).not.toContain('7c');
  expect(seen).toEqual([]);
});
