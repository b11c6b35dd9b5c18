/**
 * The search for a Prometheus and queries through it, against the real cluster. Skipped where none is up.
 */
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { chartsFor, withWindow } from '../../src/shared/domain/prom/charts';
import { rangeFor, rateWindow } from '../../src/shared/domain/prom/range';
import { Scope } from '../../src/shared/rpc/scope';
import { Sources } from '../../src/main/features/metrics/source';
import { kitKubeconfigs, openReal, realKubeconfig } from '../support/real-cluster';

const file = realKubeconfig();
const kit = kitKubeconfigs();
const restricted = kit && join(kit, 'two-namespaces.yaml');
const never = new AbortController().signal;
let scope: Scope | undefined;

async function open(
  kubeconfig: string,
): Promise<{ sources: Sources; api: Awaited<ReturnType<typeof openReal>> }> {
  scope = new Scope('metrics test');
  const api = await openReal(kubeconfig, scope);
  return { api, sources: new Sources({ api, environment: {}, scope }) };
}

/** Loud: a run without a cluster must not look like one that passed. */
function tellSkipped(what: string, why: string): void {
  process.stderr.write(`\nSKIPPED: ${what}: ${why}\n`);
}
if (file === undefined)
  tellSkipped(
    'Prometheus of a real cluster',
    'no BINNACLE_TEST_KUBECONFIG, and the cluster kit named "real" is not up',
  );
if (restricted === undefined)
  tellSkipped('a context without rights', 'it needs the kubeconfig two-namespaces of the cluster kit');

afterEach(() => scope?.dispose());

describe.skipIf(file === undefined)('a cluster with Prometheus', () => {
  // Right after its start a Prometheus has seen nothing twice yet, and knows no rates; and a chart ends at a
  // whole step, up to half a minute ago.
  beforeAll(async () => {
    const { api } = await open(file ?? '');
    const path = '/api/v1/namespaces/monitoring/services/prometheus-server:80/proxy/api/v1/query';
    const query =
      'rate(container_cpu_usage_seconds_total{namespace="shop",pod=~"frontend-.+"}[40s] offset 30s)';
    const found = async (): Promise<number> =>
      (await api.json<{ data: { result: unknown[] } }>({ path, query: { query } }, never)).data.result.length;
    await vi.waitFor(async () => expect(await found()).toBeGreaterThan(0), {
      timeout: 170_000,
      interval: 1_000,
    });
    scope?.dispose();
  }, 180_000);

  test('it is found by its labels, with every step told, and its labels are read', async () => {
    const { sources } = await open(file ?? '');
    await sources.ready();
    const { chosen, schema, steps, took } = sources.state;
    expect(chosen).toMatchObject({
      id: 'monitoring/prometheus-server:80',
      flavour: 'Prometheus',
      version: '3.5.0',
    });
    expect(took).toBeLessThan(3000);
    expect(steps.map((step) => step.result)).toContain('found');
    expect(steps.every((step) => step.result !== 'running' && step.detail !== '')).toBe(true);
    expect(schema).toMatchObject({
      namespace: 'namespace',
      pod: 'pod',
      node: 'node',
      state: null,
      scrape: 10,
    });
    expect(schema?.metrics).toContain('container_memory_working_set_bytes');
    expect(Math.abs(sources.state.clockSkew ?? Infinity)).toBeLessThan(5000);
  });

  test('a chart has the numbers of the server’s own answer', async () => {
    const { sources, api } = await open(file ?? '');
    await sources.ready();
    const { schema } = sources.state;
    if (!schema) throw new Error('no schema');
    const { charts } = chartsFor(
      { kind: 'workload', controller: 'Deployment', namespace: 'shop', name: 'frontend' },
      schema,
    );
    const query = charts.find((chart) => chart.id === 'cpu')?.queries[0];
    const now = Date.now() / 1000;
    const range = rangeFor(now - 3600, now, 600, schema.scrape);
    const expr = withWindow(query?.expr ?? '', rateWindow(range.step, schema.scrape));
    const client = await sources.client();
    const answer = await client.range(expr, range, never);
    expect(answer.series.length).toBeGreaterThan(0);
    const path = '/api/v1/namespaces/monitoring/services/prometheus-server:80/proxy/api/v1/query_range';
    const raw = await api.json<{
      data: { result: { metric: Record<string, string>; values: [number, string][] }[] };
    }>({ path, query: { query: expr, start: range.start, end: range.end, step: range.step } }, never);
    expect(raw.data.result).toHaveLength(answer.series.length);
    for (const one of raw.data.result) {
      const mine = answer.series.find((series) => series.labels['pod'] === one.metric['pod']);
      const points = new Map(
        one.values.map(([at, text]) => [Math.round((at - range.start) / range.step), Number(text)]),
      );
      mine?.values.forEach((value, i) => {
        const theirs = points.get(i);
        if (theirs === undefined) expect(value).toBeNaN();
        else expect(Math.abs(value - theirs)).toBeLessThanOrEqual(Math.abs(theirs) * 1e-14);
      });
    }
  });

  test('a query that cannot be parsed is data with its place; at most 6 are in flight', async () => {
    const { sources } = await open(file ?? '');
    const client = await sources.client();
    const wrong = await client.instant('sum(rate(up[5m])', undefined, never);
    expect(wrong.problem).toMatchObject({ type: 'bad_data' });
    expect(wrong.problem?.from).toBeGreaterThan(0);
    await Promise.all(Array.from({ length: 20 }, () => client.instant('up', undefined, never)));
    expect(client.load.most).toBeLessThanOrEqual(6);
    await expect(client.range('up', { start: 0, end: 11_001, step: 1 }, never)).rejects.toThrow(
      /11000|11,000/,
    );
  });
});

describe.skipIf(restricted === undefined)('a context without rights', () => {
  test('says which right is missing, within 3 s', async () => {
    const { sources } = await open(restricted ?? '');
    await sources.ready(['shop', 'web']);
    expect(sources.state.phase).toBe('none');
    expect(sources.state.took).toBeLessThan(3000);
    const denied = sources.state.steps.filter((step) => step.result === 'denied');
    expect(denied.map((step) => step.detail).join(' ')).toContain(
      '"get services/proxy" in namespace monitoring',
    );
  });
});
