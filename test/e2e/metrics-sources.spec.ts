/**
 * A Prometheus by URL on the demo cluster, behind TLS of its own authority and a token: kept over a restart
 * without its token in any file; several queries, search for metrics, exemplars, PNG; charts of a claim.
 */
import { readFileSync, statSync } from 'node:fs';
import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { certificates, type Certificates } from '../integration/k8s-support';
import { expect, test } from './support/app';
import { openKind } from './support/screen';

const TOKEN = 'token-5b1e';
const GIB = 1024 ** 3;
let certs: Certificates;
let server: https.Server;
let url = '';
/** Exemplars are answered once this is. */
let exemplars: Promise<void> = Promise.resolve();

const help: Readonly<Record<string, readonly [type: string, help: string]>> = {
  http_request_seconds: ['histogram', 'Time of requests.'],
  kubelet_volume_stats_used_bytes: ['gauge', 'Bytes in use on the volume.'],
  shop_orders_total: ['counter', 'Orders taken.'],
};
const metricNames = [
  'kubelet_volume_stats_used_bytes',
  'kubelet_volume_stats_capacity_bytes',
  'shop_orders_total',
];

/** What a Prometheus would say of these few metrics. */
function answer(path: string, query: URLSearchParams): unknown {
  const expr = query.get('query') ?? '';
  const now = Date.now() / 1000;
  if (path === '/api/v1/status/buildinfo') return { version: '3.5.0' };
  if (path === '/api/v1/label/__name__/values') return metricNames;
  if (path === '/api/v1/labels') return ['__name__', 'namespace', 'persistentvolumeclaim'];
  if (path === '/api/v1/metadata')
    return Object.fromEntries(
      Object.entries(help).map(([name, [type, text]]) => [name, [{ type, help: text }]]),
    );
  if (path === '/api/v1/query') return { resultType: 'scalar', result: [now, String(now)] };
  if (path === '/api/v1/query_exemplars')
    return expr.includes('orders')
      ? [
          {
            seriesLabels: { __name__: 'shop_orders_total' },
            exemplars: [
              { labels: { trace_id: '4bf92f35' }, value: '6', timestamp: Number(query.get('end')) - 600 },
            ],
          },
        ]
      : [];
  if (path === '/api/v1/query_range') {
    const [start, end, step] = ['start', 'end', 'step'].map((name) => Number(query.get(name)));
    const values: [number, string][] = [];
    const size = expr.includes('capacity') ? GIB : expr.includes('volume') ? GIB / 4 : 5;
    for (let at = start!; at <= end!; at += step!)
      values.push([at, String(size * (1 + Math.sin(at / 900) / 5))]);
    return { resultType: 'matrix', result: [{ metric: { app: 'shop' }, values }] };
  }
  return undefined;
}

test.beforeAll(async () => {
  certs = certificates();
  server = https.createServer(certs.pair('prometheus', { san: 'IP:127.0.0.1' }), (request, response) => {
    const asked = new URL(request.url ?? '/', 'https://127.0.0.1');
    const known = request.headers.authorization === `Bearer ${TOKEN}`;
    const data = known ? answer(asked.pathname, asked.searchParams) : undefined;
    const wait = asked.pathname.endsWith('/query_exemplars') ? exemplars : Promise.resolve();
    void wait.then(() => {
      response.writeHead(!known ? 401 : data === undefined ? 404 : 200, {
        'content-type': 'application/json',
      });
      response.end(data === undefined ? '{}' : JSON.stringify({ status: 'success', data }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
test.afterAll(() => {
  server.closeAllConnections();
  server.close();
  certs.remove();
});

async function openExplorer(page: Page): Promise<Locator> {
  await page.getByRole('link', { name: 'Metrics explorer' }).click({ timeout: 20_000 });
  return page.getByRole('region', { name: 'Metrics source' });
}

async function give(page: Page): Promise<void> {
  const source = await openExplorer(page);
  await source.getByRole('button', { name: 'Give a URL' }).click({ timeout: 20_000 });
  const form = source.getByRole('form', { name: 'Prometheus by URL' });
  await form.getByRole('textbox', { name: /^URL/ }).fill(url);
  await form.getByLabel('Bearer token').fill(TOKEN);
  await form.getByRole('button', { name: 'Try and use' }).click();
  await expect(form.getByRole('alert')).toContainText('not trusted');
  const authority = form.getByRole('textbox', { name: /^Certificate authority/ });
  await authority.fill(certs.ca);
  // A file that is no certificate is refused in words and takes nothing away.
  await form.getByLabel(/^File: Certificate authority/).setInputFiles({
    name: 'disk.crt',
    mimeType: 'application/x-x509-ca-cert',
    buffer: Buffer.alloc(300_000),
  });
  await expect(form.getByText('disk.crt is larger than 256 KiB')).toBeVisible();
  await expect(authority).toHaveValue(certs.ca);
  await form.getByRole('button', { name: 'Try and use' }).click();
  await expect(page.getByRole('textbox', { name: 'PromQL' })).toBeVisible({ timeout: 20_000 });
}

test('a URL outlives a restart, its token is in no file', { tag: '@demo' }, async ({ launchApp }) => {
  const first = await launchApp();
  await give(first.page);
  const file = join(first.home, 'binnacle', 'metrics-sources.json');
  await expect.poll(() => readFileSync(file, 'utf8')).toContain(url);
  expect(readFileSync(file, 'utf8')).not.toContain(TOKEN);
  expect(statSync(file).mode & 0o077).toBe(0);
  await first.close();

  const { page } = await launchApp({ home: first.home });
  const source = await openExplorer(page);
  const editor = page.getByRole('textbox', { name: 'PromQL' });
  const again = source.getByRole('button', { name: 'Type again' });
  // A key store gives the token back; a computer without one asks for it, and for nothing else.
  await expect(editor.or(again)).toBeVisible({ timeout: 20_000 });
  if (await again.isVisible()) {
    await expect(source).toContainText('was not written down, for this computer offers no key store');
    await again.click();
    const form = source.getByRole('form', { name: `Secrets of ${url}` });
    await expect(form.getByRole('textbox', { name: /^URL/ })).toHaveCount(0);
    await form.getByLabel('Bearer token').fill(TOKEN);
    await form.getByRole('button', { name: 'Try and use' }).click();
  }
  await expect(editor).toBeVisible({ timeout: 20_000 });
  expect(readFileSync(file, 'utf8')).not.toContain(TOKEN);
});

test(
  'several queries, a metric found by its help, exemplars and a PNG',
  { tag: '@demo' },
  async ({ launchApp }) => {
    const { page, app, home } = await launchApp();
    let release = (): void => undefined;
    exemplars = new Promise((resolve) => (release = resolve));
    await give(page);
    await page.getByRole('button', { name: 'Find a metric' }).click();
    const search = page.getByRole('region', { name: 'Find a metric' });
    await search.getByRole('textbox').fill('taken');
    await search
      .getByRole('listitem')
      .filter({ hasText: 'shop_orders_total' })
      .getByRole('button', { name: 'New query' })
      .click();
    await expect(page.getByRole('textbox', { name: 'PromQL' })).toHaveText('rate(shop_orders_total[5m])');
    await page.getByRole('button', { name: 'Find a metric' }).click();
    await page.getByRole('button', { name: 'Add query' }).click();
    await page.getByRole('textbox', { name: 'PromQL B' }).click();
    await page.keyboard.insertText('kubelet_volume_stats_used_bytes / 2^28');
    await page.keyboard.press('Control+Enter');
    // Proposals of a query stay with it: none lies over what is used next.
    await expect(page.locator('.cm-tooltip-autocomplete')).toHaveCount(0);
    const result = page.getByRole('status', { name: 'Result' });
    await expect(result).toContainText(/A: 1 series.*B: 1 series/, { timeout: 20_000 });
    const graph = page.getByRole('figure', { name: 'Graph' });
    await expect(graph.getByRole('row')).toHaveCount(3);
    // The lines have not waited for what lies above them.
    await expect(graph.getByText('1 exemplar')).toHaveCount(0);
    release();
    await graph.getByText('1 exemplar').click();
    await expect(graph.getByRole('table', { name: 'Exemplars' })).toContainText('4bf92f35');

    const target = join(home, 'graph.png');
    await app.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
    }, target);
    await graph.getByRole('button', { name: 'Save as PNG' }).click();
    await expect(graph).toContainText(`Saved to ${target}`);
    await expect.poll(() => sizeOf(target)).toBeGreaterThan(5_000);
    const png = readFileSync(target);
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect(png.readUInt32BE(16)).toBeGreaterThan(600);

    await page.getByRole('button', { name: 'Hide query A' }).click();
    await expect(result).not.toContainText('A:');
    await page.getByRole('button', { name: 'Remove query A' }).click();
    await expect(page.getByRole('group', { name: /^Query / })).toHaveCount(1);
    await expect(result).toContainText(/^1 series/);
  },
);

test('a claim shows how full its volume is, and by which query', { tag: '@demo' }, async ({ launchApp }) => {
  const { page } = await launchApp();
  await give(page);
  const panel = await openKind(page, 'Claims');
  await panel.getByRole('gridcell', { name: 'media-cache' }).dblclick();
  await page.getByRole('tab', { name: 'Metrics', exact: true }).click();
  const space = page.getByRole('figure', { name: 'Space', exact: true });
  await expect(space.getByRole('row', { name: /^used/ })).toContainText('MiB', { timeout: 20_000 });
  await space.getByRole('button', { name: 'PromQL of Space' }).click();
  await expect(page.getByRole('group', { name: 'PromQL of Space' })).toContainText(
    'max(kubelet_volume_stats_used_bytes{namespace="shop",persistentvolumeclaim="media-cache"})',
  );
  await expect(page.getByText(/^Not recorded by this Prometheus: Inodes/)).toBeVisible();
});

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}
