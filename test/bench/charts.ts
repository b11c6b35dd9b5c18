/**
 * Charts and queries: decode of a range answer of a million samples beside JSON.parse, the search on
 * a cluster without Prometheus, 20 charts against the real one (skipped, and said, where none is up), and
 * the main thread of a window that draws 10 x 1,440 points again and again.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chartsFor, withWindow } from '../../src/shared/domain/prom/charts';
import { rangeFor, rateWindow } from '../../src/shared/domain/prom/range';
import { decodeRangeBytes, decodeRangeJson } from '../../src/main/features/metrics/decode';
import { discover } from '../../src/main/features/metrics/discover';
import { Sources } from '../../src/main/features/metrics/source';
import { Scope } from '../../src/shared/rpc/scope';
import { openReal, realKubeconfig } from '../support/real-cluster';
import { drawTimes } from './charts-window';
import type { Bar, BenchOptions, BenchResult } from './bench';

const SERIES = 700;
const POINTS = 1440;

function bigAnswer(): Buffer {
  const parts: string[] = [];
  for (let s = 0; s < SERIES; s += 1) {
    const values: string[] = [];
    for (let i = 0; i < POINTS; i += 1) {
      const value = Math.sin(i / 50 + s) * 1e-3 + s / 7;
      values.push(`[${1_795_000_000 + i * 15},"${i % 3 === 0 ? value : value.toFixed(6)}"]`);
    }
    parts.push(`{"metric":{"namespace":"shop","pod":"web-${s}"},"values":[${values.join(',')}]}`);
  }
  return Buffer.from(`{"status":"success","data":{"resultType":"matrix","result":[${parts.join(',')}]}}`);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Number((sorted[Math.floor(sorted.length / 2)] ?? NaN).toFixed(1));
}

/** An API server that has nothing and takes its time with half of it. */
async function emptyCluster(scope: Scope): Promise<string> {
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/apis/') === true) return; // never answers
    response.setHeader('content-type', 'application/json');
    if (/\/services\//.test(request.url ?? '')) {
      response.statusCode = 404;
      response.end('{"kind":"Status","code":404,"message":"not found"}');
    } else response.end('{"kind":"List","items":[]}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  scope.add(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const file = join(mkdtempSync(join(tmpdir(), 'binnacle-charts-')), 'config');
  const cluster = { name: 'c', cluster: { server: `http://127.0.0.1:${port}` } };
  writeFileSync(
    file,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [cluster],
      users: [{ name: 'u', user: {} }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    }),
  );
  return file;
}

export async function run({ runs = 7, say }: BenchOptions): Promise<BenchResult> {
  const scope = new Scope('bench charts');
  try {
    const body = bigAnswer();
    const range = { start: 1_795_000_000, end: 1_795_000_000 + (POINTS - 1) * 15, step: 15 };
    const fast: number[] = [];
    const reference: number[] = [];
    for (let i = 0; i < runs + 1; i += 1) {
      let began = performance.now();
      const { result } = decodeRangeBytes(body, range, 1000);
      const took = performance.now() - began;
      if (result?.series.length !== SERIES) throw new Error('not all series were decoded');
      began = performance.now();
      decodeRangeJson(JSON.parse(body.toString('utf8')), range, 1000);
      if (i > 0) {
        fast.push(took);
        reference.push(performance.now() - began);
      }
    }
    say(
      `decode of ${SERIES * POINTS} samples (${Math.round(body.length / 2 ** 20)} MiB): ${median(fast)} ms`,
    );

    const nothing = await openReal(await emptyCluster(scope), scope);
    const search = await discover(nothing, [], scope, () => undefined);
    say(`search without Prometheus: ${search.took} ms`);

    const bars: Bar[] = [
      { name: 'decode of 1 million samples (ms)', value: median(fast), atMost: 150 },
      { name: 'search on a cluster without Prometheus (ms)', value: search.took, atMost: 3000 },
    ];
    const values: Record<string, number> = {
      decodeMs: median(fast),
      jsonParseMs: median(reference),
      searchMs: search.took,
    };
    const detail: Record<string, unknown> = { decodeMs: fast.map(Math.round) };

    const file = realKubeconfig();
    if (file === undefined) detail['page'] = 'skipped: no real cluster is up';
    else {
      const api = await openReal(file, scope);
      const sources = new Sources({ api, environment: {}, scope });
      await sources.ready();
      const { schema } = sources.state;
      const client = await sources.client();
      if (!schema) throw new Error('no Prometheus in the real cluster');
      const exprs = (['cluster', 'shop', 'kube-system', 'broken'] as const).flatMap((name) =>
        chartsFor(
          name === 'cluster' ? { kind: 'cluster' } : { kind: 'namespace', name },
          schema,
        ).charts.flatMap((chart) => chart.queries.slice(0, 1)),
      );
      const pageTimes: number[] = [];
      for (let i = 0; i < Math.min(runs, 5); i += 1) {
        const now = Date.now() / 1000;
        const one = rangeFor(now - 3600, now, 600, schema.scrape);
        const began = performance.now();
        await Promise.all(
          exprs
            .slice(0, 20)
            .map((query) =>
              client.range(withWindow(query.expr, rateWindow(one.step, schema.scrape)), one, scope.signal),
            ),
        );
        pageTimes.push(performance.now() - began);
      }
      detail['page'] = {
        charts: Math.min(20, exprs.length),
        ms: pageTimes.map(Math.round),
        mostInFlight: client.load.most,
      };
      bars.push({ name: 'a page of 20 charts, data (ms)', value: median(pageTimes), atMost: 1000 });
      bars.push({ name: 'queries in flight', value: client.load.most, atMost: 6 });
    }

    const drawn = await drawTimes(say);
    Object.assign(values, { canvasMs: drawn.canvas, rechartsMs: drawn.recharts });
    Object.assign(values, { rechartsFewMs: drawn.rechartsFew, canvasFewMs: drawn.canvasFew });
    bars.push({
      name: '10 series x 1,440 points, main thread a refresh (ms)',
      value: drawn.canvas,
      atMost: 12,
    });
    return { values, bars, detail };
  } finally {
    scope.dispose();
  }
}
