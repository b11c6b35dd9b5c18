/**
 * Takes the README's pictures of maps: `shop` and `broken` of the cluster kit (with
 * BINNACLE_TEST_KUBECONFIG), and some 5,000 objects of the demo cluster.
 */
import type { Page } from '@playwright/test';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { startDemo } from '../../src/demo/demo';
import { expect, test } from '../e2e/support/app';
import { testKubeconfig } from '../e2e/support/screen';

const folder = process.env['BINNACLE_SHOTS'] ?? resolve(__dirname, '../../docs/pictures');

for (const theme of ['dark', 'light'] as const) {
  for (const namespace of ['shop', 'broken']) {
    test(`map of ${namespace}, ${theme}`, async ({ launchApp }) => {
      test.skip(testKubeconfig === undefined, 'needs the samples of the cluster kit');
      const { page, app } = await launchApp({ settings: { theme }, kubeconfig: testKubeconfig! });
      await (await app.browserWindow(page)).evaluate((one) => one.setContentSize(1440, 900));
      await openMap(page, namespace);
      await save(page, `map-${namespace}-${theme}`);
      if (namespace !== 'shop') return;
      await page.getByRole('radiogroup', { name: 'View' }).getByText('Traffic', { exact: true }).click();
      await expect(page.getByRole('status', { name: 'State of the map' })).toHaveText(/^live/);
      await expect(page.getByText(/^Green and red/)).toBeVisible();
      await save(page, `map-traffic-${theme}`);
    });
  }

  test(`map of 5,000 objects, ${theme}`, async ({ launchApp }, info) => {
    const demo = await startDemo({ seed: 7, pods: 4_200, pace: 0 });
    try {
      const kubeconfig = info.outputPath('kubeconfig');
      writeFileSync(kubeconfig, demo.kubeconfig(), { mode: 0o600 });
      const { page, app } = await launchApp({ settings: { theme }, kubeconfig });
      await (await app.browserWindow(page)).evaluate((one) => one.setContentSize(1440, 900));
      await openMap(page, undefined);
      await page.getByRole('button', { name: 'Expand all' }).click();
      await expect(page.getByRole('button', { name: 'Collapse' })).toBeVisible();
      await expect(page.getByRole('status', { name: 'State of the map' })).toHaveText(
        /^live, \d,\d+ objects/,
      );
      await save(page, `map-5000-${theme}`);
    } finally {
      await demo.close();
    }
  });
}

async function openMap(page: Page, namespace: string | undefined): Promise<void> {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await expect(page.getByRole('status', { name: 'Connection' })).toHaveText('live', { timeout: 30_000 });
  if (namespace !== undefined) {
    await page.keyboard.press(':');
    await page.keyboard.type(`ns ${namespace}`);
    await expect(page.getByRole('listbox', { name: 'Results' }).getByRole('option').first()).toBeVisible();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('button', { name: `Namespaces: ${namespace}` })).toBeVisible();
  }
  await page
    .getByRole('navigation', { name: 'Kinds' })
    .getByRole('link', { name: 'Topology', exact: true })
    .click();
  await expect(page.getByRole('status', { name: 'State of the map' })).toHaveText(/^live/, {
    timeout: 30_000,
  });
}

async function save(page: Page, name: string): Promise<void> {
  await page.mouse.move(720, 899);
  await page.evaluate(async () => void (await document.fonts.ready));
  await untilStill(page);
  await page.screenshot({ path: resolve(folder, `${name}.png`), animations: 'disabled' });
}

/** The canvas shows the same twice in a row: nothing is on its way any more. */
async function untilStill(page: Page): Promise<void> {
  const look = (): Promise<string> =>
    page.evaluate(
      () =>
        new Promise((done) =>
          setTimeout(() => done(document.querySelector('canvas')?.toDataURL() ?? ''), 300),
        ),
    );
  let before = await look();
  await expect
    .poll(async () => {
      const now = await look();
      const isSame = now === before;
      before = now;
      return isSame;
    })
    .toBe(true);
}
