/**
 * Every context of the shared cluster's kubeconfigs ends in the right state, with the right words.
 * In `all.yaml` all contexts share one cluster entry; a server that is wrong (refused, bad-ca,
 * no-such-host) is a file of its own, added beside it.
 */
import type { Locator, Page } from '@playwright/test';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from './support/app';
import { openKind, rows, testKubeconfig } from './support/screen';

const folder = testKubeconfig === undefined ? '' : dirname(testKubeconfig);
const file = (name: string): string => join(folder, `${name}.yaml`);

/** The part of the window that is in front. */
const badge = (page: Page): Locator =>
  page.getByRole('status', { name: 'Connection' }).filter({ visible: true });

async function go(page: Page, context: string): Promise<void> {
  await page.keyboard.press('Escape');
  await page.keyboard.press(':');
  await page.getByRole('combobox', { name: 'Jump to anything' }).fill(`:ctx ${context}`);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('group', { name: 'Place' }).filter({ visible: true })).toContainText(context);
}

test.describe('contexts of a real cluster', { tag: '@real' }, () => {
  test('each context of all.yaml ends in the right state', async ({ launchApp }) => {
    test.setTimeout(240_000);
    const { page } = await launchApp({ kubeconfig: file('all') });
    for (const name of [
      'admin',
      'token',
      'token-file',
      'certificate',
      'impersonate',
      'restricted',
      'nothing',
    ]) {
      await go(page, `${name}@real`);
      await expect(badge(page), name).toHaveText(/live|no access/, { timeout: 30_000 });
    }
    for (const [name, words] of [
      ['expired', /certificate of this context expired at \d{4}-/],
      ['bad-token', /does not accept the credentials/],
      ['exec-missing', /example-login-helper is not installed.*install the example login helper/s],
    ] as const) {
      await go(page, `${name}@real`);
      await expect(badge(page), name).toHaveText('signed out', { timeout: 30_000 });
      const alert = page.getByRole('alert').filter({ visible: true });
      await expect(alert, name).toContainText(words);
      await expect(alert.getByRole('button', { name: 'Test connection' })).toBeVisible();
      await expect(alert.getByRole('button', { name: 'Try again' })).toBeVisible();
    }
  });

  for (const [name, title, words] of [
    ['refused', 'Nothing answers at the address', /refuses connections/],
    ['bad-ca', 'no trusted connection', /not trusted|another key|self-signed/],
    ['no-such-host', 'name of the API server is not known', /DNS/],
  ] as const)
    test(`${name}: the screen says which step failed and why`, async ({ launchApp }) => {
      const { page } = await launchApp({ kubeconfig: file(name) });
      await expect(badge(page)).toHaveText(/^unreachable/, { timeout: 30_000 });
      const alert = page.getByRole('alert').filter({ visible: true });
      await expect(alert).toContainText(title);
      await expect(alert).toContainText(words);
      await expect(alert).toContainText(/For .*tried again by itself/);
      await alert.getByRole('button', { name: 'Test connection' }).click();
      await expect(page.getByRole('list', { name: 'Steps of the connection test' })).toBeVisible();
    });

  test('pods-only polls and says so; two-namespaces shows both in one table', async ({ launchApp }) => {
    const { page } = await launchApp({ kubeconfig: file('all') });
    await go(page, 'pods-only@real');
    await expect(badge(page)).toHaveText('live', { timeout: 30_000 });
    const frame = page.getByRole('navigation', { name: 'Kinds' }).filter({ visible: true });
    await frame.getByRole('link', { name: 'Pods', exact: true }).click();
    const state = page.getByRole('status', { name: 'State of Pods' }).filter({ visible: true });
    await expect(state).toContainText(/polling/, { timeout: 30_000 });
    await go(page, 'two-namespaces@real');
    await expect(badge(page)).toHaveText('live', { timeout: 30_000 });
    await page.keyboard.press(':');
    await page.getByRole('combobox', { name: 'Jump to anything' }).fill(':ns shop,web');
    await page.keyboard.press('Enter');
    await frame.getByRole('link', { name: 'Pods', exact: true }).click();
    const panel = page.getByRole('tabpanel', { name: 'Pods', exact: true }).filter({ visible: true });
    await expect(state).toHaveText(/live/, { timeout: 30_000 });
    for (const namespace of ['shop', 'web'])
      await expect(panel.getByRole('gridcell', { name: namespace, exact: true }).first()).toBeVisible();
  });

  test('exec-fails stops after one run and recovers by the button', async ({ launchApp }) => {
    const own = mkdtempSync(join(tmpdir(), 'binnacle-exec-'));
    try {
      // A plugin of our own, so that nobody else's runs are counted.
      const plugin = join(own, 'plugin');
      copyFileSync(join(folder, '..', 'token-file'), join(own, 'token'));
      writeFileSync(
        plugin,
        `#!/bin/sh\necho run >> ${own}/runs\nif [ -e ${own}/fails ]; then echo "the session is over" >&2; exit 1; fi\n` +
          `printf '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"%s"}}' "$(cat ${own}/token)"\n`,
        { mode: 0o755 },
      );
      const config = join(own, 'config');
      writeFileSync(
        config,
        readFileSync(file('exec'), 'utf8').replace(/command: [^,}\n]+/, `command: ${plugin}`),
      );
      writeFileSync(join(own, 'fails'), '');
      const runs = (): number =>
        existsSync(join(own, 'runs')) ? readFileSync(join(own, 'runs'), 'utf8').split('\n').length - 1 : 0;
      const { page } = await launchApp({ kubeconfig: config });
      await expect(badge(page)).toHaveText('signed out', { timeout: 30_000 });
      const alert = page.getByRole('alert').filter({ visible: true });
      await expect(alert).toContainText('the session is over');
      await expect(alert).toContainText('not tried again until you say so');
      expect(runs()).toBe(1);
      rmSync(join(own, 'fails'));
      await alert.getByRole('button', { name: 'Try again' }).click();
      await expect(badge(page)).toHaveText('live', { timeout: 30_000 });
      expect(runs()).toBe(2);
      await rows(await openKind(page, 'Pods'))
        .first()
        .waitFor();
      expect(runs()).toBe(2);
    } finally {
      rmSync(own, { recursive: true, force: true });
    }
  });
});
