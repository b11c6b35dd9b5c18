/**
 * Metrics against a real cluster with Prometheus and metrics-server (BINNACLE_TEST_KUBECONFIG): the search
 * and its steps, a chart beside the API's own answer, columns, explorer, alerts, missing rights.
 */
import type { Locator, Page } from '@playwright/test';
import { formatValue } from '../../src/shared/domain/prom/units';
import { expect, test } from './support/app';
import { kubectl } from './support/kubectl';
import { openKind, rows, testKubeconfig } from './support/screen';

const options = { kubeconfig: testKubeconfig };
const SERVICE = '/api/v1/namespaces/monitoring/services/prometheus-server:80/proxy/api/v1';

async function ready(page: Page): Promise<void> {
  await expect(page.getByRole('status', { name: 'Connection' })).toHaveText('live', { timeout: 30_000 });
}

async function openMetrics(page: Page, kind: string, name: RegExp): Promise<Locator> {
  const panel = await openKind(page, kind);
  await panel.getByRole('gridcell', { name }).first().dblclick();
  await page.getByRole('tab', { name: 'Metrics', exact: true }).click();
  return page.getByRole('figure', { name: 'CPU', exact: true });
}

interface Matrix {
  readonly data: {
    readonly result: readonly {
      readonly metric: Readonly<Record<string, string>>;
      readonly values: readonly (readonly [number, string])[];
    }[];
  };
}

test.describe('metrics of a real cluster', { tag: '@real' }, () => {
  test('the Prometheus is found by itself, and each step of the search is told', async ({ launchApp }) => {
    const { page } = await launchApp(options);
    await ready(page);
    const section = page.getByRole('region', { name: 'Metrics of the cluster' });
    await section
      .getByRole('button', { name: 'Source: monitoring/prometheus-server:80' })
      .click({ timeout: 20_000 });
    const steps = section.getByRole('list', { name: 'Search for Prometheus' });
    await expect(steps.getByRole('listitem')).toHaveCount(6);
    await expect(steps).toContainText('The operator is not installed.');
    await expect(steps).toContainText('monitoring/prometheus-server');
    await expect(steps).toContainText(/Prometheus 3\.\S+ answers through the API server/);
  });

  test('the CPU chart of shop/frontend shows the numbers of the API’s own answer', async ({ launchApp }) => {
    const { page } = await launchApp(options);
    await ready(page);
    const chart = await openMetrics(page, 'Deployments', /^frontend$/);
    await page.getByRole('combobox', { name: 'Refresh every' }).selectOption({ label: 'Off' });
    await chart.getByRole('button', { name: 'PromQL of CPU' }).click();
    const query = page.getByRole('group', { name: 'PromQL of CPU' });
    await expect(query).toContainText(/start=\d+ end=\d+ step=\d+/, { timeout: 20_000 });
    await expect(chart.getByRole('row').nth(1)).toBeVisible();
    const expr = (await query.locator('code').first().innerText()).trim();
    const found = /start=(\d+) end=(\d+) step=(\d+)/.exec(await query.innerText());
    const [, start = '', end = '', step = ''] = found ?? [];
    const text = await kubectl(
      'get',
      '--raw',
      `${SERVICE}/query_range?query=${encodeURIComponent(expr)}&start=${start}&end=${end}&step=${step}`,
    );
    const { result } = (JSON.parse(text) as Matrix).data;
    expect(result.length).toBeGreaterThan(0);
    for (const one of result) {
      const numbers = one.values.map(([, value]) => Number(value));
      const row = chart.getByRole('row', { name: new RegExp(`^${one.metric['pod'] ?? ''}`) });
      const cells = await row.getByRole('cell').allInnerTexts();
      expect(cells.slice(1)).toEqual(
        [numbers[numbers.length - 1], Math.min(...numbers), Math.max(...numbers)].map((value) =>
          formatValue('cores', value),
        ),
      );
    }
  });

  test('pods and nodes have CPU and memory in use, sortable', async ({ launchApp }) => {
    const { page } = await launchApp(options);
    await ready(page);
    const panel = await openKind(page, 'Nodes');
    await expect(rows(panel).first()).toContainText(/(GiB|MiB)/, { timeout: 20_000 });
    const pods = await openKind(page, 'Pods');
    await pods.getByRole('columnheader', { name: /^Memory/ }).click();
    await expect(rows(pods).first()).toContainText(/\d+ MiB/, { timeout: 30_000 });
  });

  test('the explorer completes metrics and tells where a query is wrong', async ({ launchApp }) => {
    const { page } = await launchApp(options);
    await ready(page);
    await page.getByRole('link', { name: 'Metrics explorer' }).click();
    const editor = page.getByRole('textbox', { name: 'PromQL' });
    await editor.click();
    await page.keyboard.type('container_cpu', { delay: 30 });
    const proposals = page.getByRole('listbox');
    await expect(proposals).toContainText('container_cpu_usage_seconds_total', { timeout: 20_000 });
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText('sum(rate(up[5m])');
    await page.keyboard.press('Control+Enter');
    await expect(page.getByRole('alert')).toContainText('parse error', { timeout: 20_000 });
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText('up');
    await page.keyboard.press('Control+Enter');
    await expect(page.getByRole('status', { name: 'Result' })).toContainText(/\d+ series, step/, {
      timeout: 20_000,
    });
  });

  test('alerts fire, and those that name a pod link to it', async ({ launchApp }) => {
    const { page } = await launchApp(options);
    await ready(page);
    await page.getByRole('link', { name: 'Alerts', exact: true }).click();
    const list = page.getByRole('list', { name: 'Alerts' });
    await expect(list.getByRole('listitem', { name: 'Watchdog' })).toContainText('firing', {
      timeout: 20_000,
    });
    const { data } = JSON.parse(await kubectl('get', '--raw', `${SERVICE}/alerts`)) as {
      data: { alerts: readonly { labels: Readonly<Record<string, string>> }[] };
    };
    // Whether containers are told apart depends on what the kubelet of the machine reports.
    const named = data.alerts.find((one) => one.labels['pod'] !== undefined);
    if (named) {
      const { alertname = '', pod = '' } = named.labels;
      await list
        .getByRole('listitem', { name: alertname })
        .getByRole('button', { name: new RegExp(pod) })
        .first()
        .click();
      await expect(page.getByRole('heading', { name: pod })).toBeVisible();
    }
    await page.getByText('Rules', { exact: true }).click();
    await expect(page.getByRole('listitem', { name: 'ContainerRestarting' })).toContainText(
      'container_start_time_seconds',
    );
    await page.getByText('Targets', { exact: true }).click();
    await expect(page.getByRole('listitem', { name: /kubernetes-cadvisor/ })).toContainText('up');
  });

  test('without rights the missing one is named', async ({ launchApp }) => {
    const { page } = await launchApp(options);
    const contexts = (await kubectl('config', 'get-contexts', '-o', 'name')).split('\n');
    const name = contexts.find((one) => one.startsWith('two-namespaces')) ?? '';
    expect(name).not.toBe('');
    const rail = page.getByRole('navigation', { name: 'Clusters' });
    await rail.getByRole('button', { name: new RegExp(`^${name}, `) }).click();
    await page.getByRole('link', { name: 'Metrics explorer' }).click({ timeout: 20_000 });
    const source = page.getByRole('region', { name: 'Metrics source' });
    await expect(source).toContainText('No Prometheus was found', { timeout: 20_000 });
    await expect(source).toContainText('The right "get services/proxy" in namespace monitoring is missing.');
  });
});
