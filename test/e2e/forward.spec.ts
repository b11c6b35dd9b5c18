/**
 * Port-forwards against a real cluster (BINNACLE_TEST_KUBECONFIG): to the Service of the sample
 * shop, through a restart of its pods, asked from outside the app as any program would.
 */
import { get } from 'node:http';
import { createServer } from 'node:net';
import type { Page } from '@playwright/test';
import { expect, test } from './support/app';
import { kubectl } from './support/kubectl';
import { openKind, rows, testKubeconfig } from './support/screen';

const options = { kubeconfig: testKubeconfig };

/** Body of the answer, or the reason there is none. */
function ask(port: number): Promise<string> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path: '/', timeout: 35_000, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => (body += text));
      response.on('end', () => resolve(body.trim()));
      response.on('error', (error) => resolve(`broken: ${error.message}`));
    });
    request.on('error', (error) => resolve(`refused: ${error.message}`));
  });
}

async function choose(page: Page, kind: string, filter: string): Promise<void> {
  await expect(page.getByRole('status', { name: 'Connection' })).toHaveText('live', { timeout: 30_000 });
  const panel = await openKind(page, kind);
  await panel.getByRole('textbox', { name: 'Filter' }).fill(filter);
  const row = rows(panel).filter({ hasText: 'shop' }).first();
  await expect(row).toContainText(filter);
  await row.click();
  await page.keyboard.press('Shift+F');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

test.describe('port-forwards', { tag: '@real' }, () => {
  test('a forward to a Service answers, also after its pods were replaced', async ({ launchApp }) => {
    test.setTimeout(240_000);
    const { page, home, shot, close } = await launchApp(options);
    await choose(page, 'Services', 'frontend');
    const dialog = page.getByRole('dialog', { name: 'Forward port of frontend' });
    const local = dialog.getByRole('textbox', { name: /^Port on this machine/ });
    await expect(local).toHaveValue('8080');
    await expect(dialog.getByText(/when one is replaced/)).toBeVisible();
    await shot('forward-dialog');
    const port = await freePort();
    await local.fill(String(port));
    await dialog.getByRole('button', { name: 'Forward port' }).click();
    await expect(dialog).toBeHidden();

    const table = page.getByRole('table', { name: 'Forwards' });
    const row = table.getByRole('row').filter({ hasText: `127.0.0.1:${port}` });
    await expect(row).toContainText('Listening');
    const before = await ask(port);
    expect(before).toMatch(/^frontend of frontend-/);
    await expect(row).toContainText(/0 \/ 1/);
    await shot('forward-dock');

    await kubectl('-n', 'shop', 'rollout', 'restart', 'deployment/frontend');
    await kubectl('-n', 'shop', 'rollout', 'status', 'deployment/frontend', '--timeout=120s');
    // The pods of before may live on for their grace period; none of them may be named for long.
    await expect.poll(() => ask(port), { timeout: 60_000 }).not.toBe(before);
    for (let n = 0; n < 20; n += 1) expect(await ask(port)).toMatch(/^frontend of frontend-/);
    await expect(row).toContainText('Listening');
    await expect(row).toContainText(/replaced (once|\d+ times)/);
    await shot('forward-healed');

    await row.getByRole('button', { name: 'Stop' }).click();
    await expect(row).toContainText('Stopped');
    expect(await ask(port)).toMatch(/^refused: /);
    await close();

    const again = await launchApp({ ...options, home });
    await expect(again.page.getByRole('status', { name: 'Connection' })).toHaveText('live', {
      timeout: 30_000,
    });
    const kept = again.page.getByRole('table', { name: 'Forwards' }).getByRole('row', { name: /Stopped/ });
    if (!(await kept.isVisible())) {
      await again.page.keyboard.press('Control+k');
      await again.page.keyboard.type('Show port-forwards');
      await again.page.keyboard.press('Enter');
    }
    await kept.getByRole('button', { name: 'Start' }).click();
    await expect.poll(() => ask(port)).toMatch(/^frontend of frontend-/);
    await again.close();
    expect(await ask(port)).toMatch(/^refused: /);
  });

  test('a taken port says who has it and offers the next; nothing listens elsewhere', async ({
    launchApp,
  }) => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    try {
      const address = holder.address();
      const taken = typeof address === 'object' && address !== null ? address.port : 0;
      const { page, shot } = await launchApp(options);
      await choose(page, 'Services', 'frontend');
      const dialog = page.getByRole('dialog', { name: 'Forward port of frontend' });
      const local = dialog.getByRole('textbox', { name: /^Port on this machine/ });
      await local.fill(String(taken));
      await dialog.getByRole('button', { name: 'Forward port' }).click();
      await expect(dialog.getByRole('alert')).toContainText(
        new RegExp(`Port ${taken} on 127\\.0\\.0\\.1 is in use by .*\\(pid ${process.pid}\\)`),
      );
      await shot('forward-taken');
      await dialog.getByRole('button', { name: /^Use \d+$/ }).click();
      const next = Number(await local.inputValue());
      expect(next).toBeGreaterThan(taken);
      await dialog.getByRole('button', { name: 'Forward port' }).click();
      await expect.poll(() => ask(next)).toMatch(/^frontend of frontend-/);
    } finally {
      await new Promise((closed) => holder.close(closed));
    }
  });
});
