/**
 * Takes the README's pictures of metrics on the cluster kit (BINNACLE_TEST_KUBECONFIG), which has a
 * Prometheus: a node's page, a workload's page and the explorer.
 */
import type { Page } from '@playwright/test';
import { resolve } from 'node:path';
import { expect, test } from '../e2e/support/app';
import { openKind, testKubeconfig } from '../e2e/support/screen';

const folder = process.env['BINNACLE_SHOTS'] ?? resolve(__dirname, '../../docs/pictures');

for (const theme of ['dark', 'light'] as const) {
  const open = (name: string, act: (page: Page) => Promise<void>): void =>
    test(`${name}, ${theme}`, async ({ launchApp }) => {
      test.skip(testKubeconfig === undefined, 'needs the Prometheus of the cluster kit');
      const { page, app } = await launchApp({ settings: { theme }, kubeconfig: testKubeconfig! });
      await (await app.browserWindow(page)).evaluate((one) => one.setContentSize(1440, 900));
      await page.emulateMedia({ reducedMotion: 'reduce' });
      await expect(page.getByRole('status', { name: 'Connection' })).toHaveText('live', { timeout: 30_000 });
      await act(page);
      await page.mouse.move(720, 899);
      await page.evaluate(async () => void (await document.fonts.ready));
      await page.screenshot({ path: resolve(folder, `${name}-${theme}.png`), animations: 'disabled' });
    });

  open('metrics-node', (page) => openMetrics(page, 'Nodes', /^node-1$/));
  open('metrics-workload', (page) => openMetrics(page, 'Deployments', /^frontend$/));
  open('metrics-explorer', async (page) => {
    await page.getByRole('link', { name: 'Metrics explorer' }).click();
    await page.getByRole('textbox', { name: 'PromQL' }).click();
    await page.keyboard.insertText(
      'sum by (namespace) (rate(container_cpu_usage_seconds_total{namespace!=""}[2m]))',
    );
    await page.keyboard.press('Control+Enter');
    await expect(page.getByRole('status', { name: 'Result' })).toContainText(/\d+ series, step/, {
      timeout: 20_000,
    });
  });
}

async function openMetrics(page: Page, kind: string, name: RegExp): Promise<void> {
  const panel = await openKind(page, kind);
  await panel.getByRole('gridcell', { name }).first().dblclick();
  await page.getByRole('tab', { name: 'Metrics', exact: true }).click();
  for (const title of [/^CPU$/, /^Memory/]) {
    const chart = page.getByRole('figure', { name: title }).first();
    await expect(chart.getByRole('row').nth(1)).toBeVisible({ timeout: 20_000 });
    await expect(chart.locator('.recharts-surface, canvas').first()).toBeVisible();
  }
}
