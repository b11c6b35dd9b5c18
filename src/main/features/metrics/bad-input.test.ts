/**
 * What a Prometheus, or something in its place, may answer: one test for each item of the list. A real HTTP
 * server answers; the client is the one the app uses.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Scope } from '#shared/rpc/scope';
import { toAppError, type AppError } from '#shared/util/app-error';
import { detect } from './detect';
import { probe } from './discover';
import { PromClient } from './prom-client';
import { urlReach, type Reach } from './reach';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const never = new AbortController().signal;
const range = { start: 1000, end: 1040, step: 10 };
let scope: Scope;
let server: Server;
let answer: Answer;
let origin = '';

beforeEach(async () => {
  scope = new Scope('bad input');
  answer = (_, response) => response.end();
  server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  scope.dispose();
  server.closeAllConnections();
  server.close();
});

const reach = (headers: Record<string, string> = {}): Reach => urlReach({ url: origin, headers }, {}, scope);
const client = (): PromClient => new PromClient(reach());

function json(body: unknown, status = 200): Answer {
  return (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

const matrix = (...result: readonly unknown[]): unknown => ({
  status: 'success',
  data: { resultType: 'matrix', result },
});
const series = (metric: object, ...values: readonly (readonly [number, string])[]): object => ({
  metric,
  values,
});

async function failure(asked: Promise<unknown>): Promise<AppError> {
  return asked.then(
    (found) => {
      throw new Error(`it answered ${JSON.stringify(found)}`);
    },
    (thrown: unknown) => toAppError(thrown),
  );
}

test('NaN is a gap and counted', async () => {
  answer = json(matrix(series({ pod: 'a' }, [1000, '1'], [1010, 'NaN'], [1020, '3'])));
  const found = await client().range('up', range, never);
  expect([...(found.series[0]?.values ?? [])]).toEqual([1, NaN, 3, NaN, NaN]);
  expect(found.notNumbers).toBe(1);
});

test('infinities stay infinities', async () => {
  answer = json(matrix(series({}, [1000, '+Inf'], [1010, '-Inf'])));
  const found = await client().range('up', range, never);
  expect([...(found.series[0]?.values ?? [])]).toEqual([Infinity, -Infinity, NaN, NaN, NaN]);
});

test('a stale series ends: what is missing after it is a gap, not the last value', async () => {
  answer = json(
    matrix(
      series({ pod: 'old' }, [1000, '1'], [1010, '1']),
      series({ pod: 'new' }, [1030, '2'], [1040, '2']),
    ),
  );
  const found = await client().range('up', range, never);
  expect([...(found.series[0]?.values ?? [])]).toEqual([1, 1, NaN, NaN, NaN]);
  expect([...(found.series[1]?.values ?? [])]).toEqual([NaN, NaN, NaN, 2, 2]);
});

test('an empty answer is empty, not an error', async () => {
  answer = json(matrix());
  expect(await client().range('up', range, never)).toMatchObject({ series: [], total: 0 });
  answer = json({ status: 'success', data: { resultType: 'vector', result: [] } });
  expect(await client().instant('up', undefined, never)).toMatchObject({ rows: [], total: 0 });
});

test('more than 11,000 points are not asked for, and the way out is said', async () => {
  let asked = 0;
  answer = (...given) => {
    asked += 1;
    json(matrix())(...given);
  };
  const error = await failure(client().range('up', { start: 0, end: 11_000, step: 1 }, never));
  expect(error).toMatchObject({ code: 'invalid-input', hint: 'Choose a larger step or a shorter time.' });
  expect(error.message).toContain('11001');
  expect(asked).toBe(0);
});

test('the server’s own refusal of too many points is data', async () => {
  const words = 'exceeded maximum resolution of 11,000 points per timeseries.';
  answer = json({ status: 'error', errorType: 'bad_data', error: words }, 400);
  expect((await client().range('up', range, never)).problem).toEqual({ type: 'bad_data', message: words });
});

test.each([400, 422])('%d: a query that cannot be parsed is data, with its place', async (status) => {
  answer = json(
    {
      status: 'error',
      errorType: 'bad_data',
      error: 'invalid parameter "query": 1:5: parse error: unexpected end of input',
    },
    status,
  );
  const { problem } = await client().instant('sum(', undefined, never);
  expect(problem).toMatchObject({ type: 'bad_data', from: 4 });
});

test('503 of Prometheus itself is data, of a proxy before it an error', async () => {
  answer = json({ status: 'error', errorType: 'unavailable', error: 'Service Unavailable' }, 503);
  expect((await client().range('up', range, never)).problem?.type).toBe('unavailable');
  answer = (_, response) => {
    response.writeHead(503, { 'content-type': 'text/plain' });
    response.end('upstream connect error');
  };
  const error = await failure(client().range('up', range, never));
  expect(error).toMatchObject({ code: 'server', status: 503 });
});

test('no answer ends as a timeout', async () => {
  answer = () => undefined;
  const error = await failure(reach().get('/api/v1/query', {}, never, { timeoutMs: 80 }));
  expect(error.code).toBe('timeout');
});

test('the login page of a proxy is no answer of Prometheus', async () => {
  answer = (_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end('<html><form action="/login"><input name="password"></form></html>');
  };
  const error = await failure(client().range('up', range, never));
  expect(error.code).toBe('bad-answer');
  expect(JSON.stringify(error)).not.toContain('password');
  expect((await failure(probe(reach(), never, 'unknown'))).code).toBe('bad-answer');
});

test('a clock that differs is measured', async () => {
  answer = (request, response) => {
    const isTime = request.url?.includes('query=time') === true;
    const at = Date.now() / 1000 + 300;
    json(
      isTime
        ? { status: 'success', data: { resultType: 'scalar', result: [at, String(at)] } }
        : { status: 'success', data: [] },
    )(request, response);
  };
  const { clockSkew } = await detect(client(), never);
  expect(clockSkew).toBeGreaterThan(299_000);
  expect(clockSkew).toBeLessThan(301_000);
});

test('series with the same labels become one, and that is counted', async () => {
  answer = json(
    matrix(series({ a: '1', b: '2' }, [1000, '1']), series({ b: '2', a: '1' }, [1000, '5'], [1010, '2'])),
  );
  const found = await client().range('up', range, never);
  expect(found).toMatchObject({ total: 2, duplicates: 1 });
  expect(found.series).toHaveLength(1);
  expect([...(found.series[0]?.values ?? [])].slice(0, 2)).toEqual([1, 2]);
});

test('of label sets of hundreds the first hundred are kept', async () => {
  const labels = Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`label_${i}`, 'x'.repeat(50)]));
  answer = json(matrix(series(labels, [1000, '1'])));
  const found = await client().range('up', range, never);
  expect(Object.keys(found.series[0]?.labels ?? {})).toHaveLength(100);
});

test('of an answer of 200 MB at most 64 MiB are read, and that is said', async () => {
  let sent = 0;
  const part = Buffer.alloc(1024 * 1024, 'x');
  answer = (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"a":"');
    const more = (): void => {
      while (sent < 200 && !response.destroyed) {
        sent += 1;
        if (!response.write(part)) {
          response.once('drain', more);
          return;
        }
      }
      response.end();
    };
    more();
  };
  const error = await failure(client().range('up', range, never));
  expect(error).toMatchObject({
    code: 'too-large',
    message: 'The answer is larger than 64 MiB and was not read to its end.',
    hint: 'Ask for fewer series or a larger step.',
  });
  expect(sent).toBeLessThan(120);
});

test('a redirect to another host is not followed, and no header reaches it', async () => {
  const seen: (string | undefined)[] = [];
  const other = createServer((request, response) => {
    seen.push(request.headers['x-scope-orgid']?.toString());
    response.end('{}');
  });
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  scope.add(() => {
    other.closeAllConnections();
    other.close();
  });
  answer = (_, response) => {
    response.writeHead(302, {
      location: `http://localhost:${(other.address() as AddressInfo).port}/api/v1/query`,
    });
    response.end();
  };
  const prom = new PromClient(reach({ 'X-Scope-OrgID': 'shop' }));
  await failure(prom.instant('up', undefined, never));
  expect(seen).toEqual([]);
});

test('credentials are not sent without TLS', () => {
  expect(() => urlReach({ url: origin, bearer: 'x' }, {}, scope)).toThrow(/only sent over https/);
  expect(() => urlReach({ url: origin, headers: { Authorization: 'Bearer x' } }, {}, scope)).toThrow(
    /only sent over https/,
  );
  expect(() => urlReach({ url: 'http://user:secret@prom' }, {}, scope)).toThrow(/their own fields/);
});

test('histogram samples are counted, not drawn', async () => {
  answer = json(
    matrix({
      metric: {},
      histograms: [
        [1000, { count: '1' }],
        [1010, { count: '2' }],
      ],
    }),
  );
  expect(await client().range('up', range, never)).toMatchObject({ histograms: 2 });
});

test.each([
  ['404', (_: unknown, response: ServerResponse) => void response.writeHead(404).end()],
  ['a refusal', json({ status: 'error', errorType: 'bad_data', error: 'not enabled' }, 400)],
  ['a login page', (_: unknown, response: ServerResponse) => void response.end('<html></html>')],
])('a server without exemplars has none: %s', async (_, given) => {
  answer = given as Answer;
  expect(await client().exemplars('up', 0, 10, never)).toEqual({ found: [], total: 0 });
});
