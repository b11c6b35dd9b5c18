/**
 * Metrics against a real cluster with Prometheus and metrics-server (BINNACLE_TEST_KUBECONFIG): the search
 * and its steps, a chart beside the API's own answer, columns, explorer, alerts, missing rights.
 */
import type { Locator, Page } from '@playwright/test';
import { formatValue } from '../../src/shared/domain/prom/units';
import { expect, test } from './support/app';
import { apply, kubectl } from './support/kubectl';
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

/**
 * A Prometheus of our own whose rule fires at once. The kit's rule of this name needs series of single
 * containers, which the kubelet of some machines does not report.
 */
async function ownPrometheus(pod: string): Promise<{ namespace: string; address: string }> {
  const namespace = `binnacle-prom-${Date.now().toString(36)}`;
  const rule = {
    alert: 'ContainerRestarting',
    expr: 'vector(1)',
    labels: { severity: 'critical', namespace: 'broken', pod, container: 'app' },
    annotations: { summary: `Container app of broken/${pod} keeps restarting` },
  };
  const labels = { app: 'rules' };
  const files = {
    'prometheus.yml': JSON.stringify({
      global: { evaluation_interval: '1s' },
      rule_files: ['/etc/prometheus/rules.yml'],
    }),
    'rules.yml': JSON.stringify({ groups: [{ name: 'test', rules: [rule] }] }),
  };
  const meta = (name: string): object => ({ name, namespace });
  const objects = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: meta('rules'), data: files },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...meta('rules'), labels },
      spec: {
        securityContext: { runAsUser: 65_534, runAsNonRoot: true },
        containers: [
          {
            name: 'prometheus',
            image: 'local/prometheus:3.5.0',
            args: ['--config.file=/etc/prometheus/prometheus.yml', '--storage.tsdb.path=/data'],
            readinessProbe: { httpGet: { path: '/-/ready', port: 9090 }, periodSeconds: 1 },
            volumeMounts: [
              { name: 'rules', mountPath: '/etc/prometheus' },
              { name: 'data', mountPath: '/data' },
            ],
          },
        ],
        volumes: [
          { name: 'rules', configMap: { name: 'rules' } },
          { name: 'data', emptyDir: {} },
        ],
      },
    },
    // By its name and labels it is no Prometheus: the search must not find it.
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: meta('rules'),
      spec: { selector: labels, ports: [{ port: 9090 }] },
    },
  ];
  await apply({ apiVersion: 'v1', kind: 'List', items: objects });
  await kubectl('wait', '-n', namespace, 'pod/rules', '--for=condition=Ready', '--timeout=60s');
  const address = await kubectl(
    'get',
    '-n',
    namespace,
    'service',
    'rules',
    '-o',
    'jsonpath={.spec.clusterIP}',
  );
  return { namespace, address: address.trim() };
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
    await expect(page.getByRole('alert').filter({ hasText: 'parse error' })).toBeVisible({ timeout: 20_000 });
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

  test('rightsizing proposes requests with reasons; the editor dry-runs them and shows the difference', async ({
    launchApp,
  }) => {
    const { page } = await launchApp(options);
    await ready(page);
    await page.getByRole('link', { name: 'Rightsizing' }).click();
    await page.getByRole('combobox', { name: 'Time', exact: true }).selectOption({ label: '1 h' });
    const table = page.getByRole('table', { name: 'Rightsizing' });
    const row = table.getByRole('row', { name: /metrics-server kube-system/ });
    await expect(row).toContainText('→', { timeout: 30_000 });
    await row.getByRole('button', { name: 'Why' }).click();
    await expect(page.getByRole('list', { name: 'Reasons for metrics-server' })).toContainText(
      /95% of the time the busiest pod uses at most \S+ of CPU/,
    );
    await page.getByRole('button', { name: 'Review change of metrics-server' }).click();
    await expect(page.getByText('These changes are a proposal.')).toBeVisible({ timeout: 20_000 });
    await page.getByRole('button', { name: 'Review changes' }).click();
    // The server's dry run has answered: what would be stored can be saved.
    await expect(page.getByRole('button', { name: 'Save', exact: true })).toBeEnabled({ timeout: 20_000 });
    await expect(page.locator('.cm-deletedChunk, .cm-changedLine').first()).toBeVisible();
  });

  test('capacity: sums, one node lost, room for a pod', async ({ launchApp }) => {
    const { page } = await launchApp(options);
    await ready(page);
    const nodes = JSON.parse(await kubectl('get', 'nodes', '-o', 'json')) as {
      items: readonly { metadata: { name: string } }[];
    };
    const name = nodes.items[0]?.metadata.name ?? '';
    await page.getByRole('link', { name: 'Capacity' }).click();
    const summary = page.getByRole('status', { name: 'Summary' });
    await expect(summary).toContainText(new RegExp(`^${nodes.items.length} node`), { timeout: 20_000 });
    await expect(page.getByRole('table', { name: 'Nodes' })).toContainText(name);
    await page.getByText('One node lost').click();
    await expect(page.getByRole('status', { name: 'Answer' })).toContainText(
      /pods? would find no place|find a place/,
    );
    await page.getByText('Does it fit').click();
    await page.getByRole('textbox', { name: 'CPU request' }).fill('1000');
    await page.getByRole('button', { name: 'Look' }).click();
    await expect(page.getByRole('status', { name: 'Answer' })).toContainText('No: not one fits.');
    await expect(page.getByRole('table', { name: 'Room on nodes' })).toContainText('not enough CPU');
    await page.getByRole('textbox', { name: 'CPU request' }).fill('1m');
    await page.getByRole('textbox', { name: 'Memory request' }).fill('1Mi');
    await page.getByRole('button', { name: 'Look' }).click();
    await expect(page.getByRole('status', { name: 'Answer' })).toContainText('Yes: 3 fit');
  });

  test('the control plane is shown from the API server’s own metrics', async ({ launchApp }) => {
    const { page } = await launchApp(options);
    await ready(page);
    await page.getByRole('link', { name: 'Control plane' }).click();
    const requests = page.getByRole('figure', { name: 'Requests by verb' });
    await expect(requests.getByRole('row', { name: /^GET/ })).toContainText('/s', { timeout: 30_000 });
    await expect(page.getByRole('table', { name: 'Objects stored' })).toContainText(/pods/);
  });

  test('a Prometheus given by URL fires ContainerRestarting, and it links to its pod', async ({
    launchApp,
  }) => {
    const pods = JSON.parse(await kubectl('get', 'pods', '-n', 'broken', '-o', 'json')) as {
      items: readonly { metadata: { name: string } }[];
    };
    const pod = pods.items.map((one) => one.metadata.name).find((one) => one.startsWith('crash-loop')) ?? '';
    expect(pod).not.toBe('');
    const space = await ownPrometheus(pod);
    try {
      const { page } = await launchApp(options);
      await ready(page);
      await page.getByRole('link', { name: 'Alerts', exact: true }).click();
      const list = page.getByRole('list', { name: 'Alerts' });
      await expect(list.getByRole('listitem', { name: 'Watchdog' })).toBeVisible({ timeout: 20_000 });
      await page.getByRole('link', { name: 'Overview' }).click();
      const section = page.getByRole('region', { name: 'Metrics of the cluster' });
      await section.getByRole('button', { name: /^Source: / }).click({ timeout: 20_000 });
      await section.getByRole('button', { name: 'Give a URL' }).click();
      await section.getByRole('textbox', { name: /^URL/ }).fill(`http://${space.address}:9090`);
      await section.getByRole('button', { name: 'Try and use' }).click();
      await expect(section.getByRole('button', { name: `Source: http://${space.address}:9090` })).toBeVisible(
        {
          timeout: 20_000,
        },
      );
      await page.getByRole('link', { name: 'Alerts', exact: true }).click();
      const alert = list.getByRole('listitem', { name: 'ContainerRestarting' });
      await expect(alert).toContainText('firing, critical', { timeout: 30_000 });
      await alert.getByRole('button', { name: new RegExp(pod) }).click();
      await expect(page.getByRole('heading', { name: pod })).toBeVisible();
    } finally {
      await kubectl('delete', 'namespace', space.namespace, '--wait=false');
    }
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
