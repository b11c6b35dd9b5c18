/**
 * Files of a container of a real cluster (BINNACLE_TEST_KUBECONFIG), in a pod of its own: a folder of
 * 50 MB there and back, compared byte by byte by this test, not by the app's word.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { ElectronApplication } from '@playwright/test';
import { expect, test } from './support/app';
import { apply, kubectl } from './support/kubectl';
import { openKind, rows, testKubeconfig } from './support/screen';

const namespace = `files-${randomBytes(4).toString('hex')}`;
const MEGABYTE = 1024 * 1024;

/** sha256 by path below `folder`. */
function sums(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  const walk = (path: string): void => {
    for (const name of readdirSync(path).sort()) {
      const child = join(path, name);
      if (statSync(child).isDirectory()) walk(child);
      else found[relative(folder, child)] = createHash('sha256').update(readFileSync(child)).digest('hex');
    }
  };
  walk(folder);
  return found;
}

/** The next dialog for files answers with these paths, as if a person had chosen them. */
async function answer(app: ElectronApplication, paths: readonly string[]): Promise<void> {
  await app.evaluate(({ dialog }, filePaths) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [...filePaths] });
  }, paths);
}

test.describe('files', { tag: '@real' }, () => {
  test.beforeAll(async () => {
    await kubectl('create', 'namespace', namespace);
    await apply({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'box', namespace },
      spec: {
        terminationGracePeriodSeconds: 0,
        containers: [{ name: 'box', image: 'busybox:1.35', command: ['sleep', '3600'] }],
      },
    });
    await kubectl('-n', namespace, 'wait', '--for=condition=Ready', 'pod/box', '--timeout=60s');
  });
  test.afterAll(async () => {
    await kubectl('delete', 'namespace', namespace, '--wait=false');
  });

  test('a folder of 50 MB goes up and comes down as it was', async ({ launchApp }) => {
    test.setTimeout(180_000);
    const folder = mkdtempSync(join(tmpdir(), 'binnacle-files-'));
    try {
      const data = join(folder, 'data');
      mkdirSync(join(data, 'sub folder'), { recursive: true });
      for (let n = 0; n < 25; n += 1) {
        const place = n % 2 === 0 ? data : join(data, 'sub folder');
        writeFileSync(join(place, `part ${n}.bin`), randomBytes(2 * MEGABYTE));
      }
      writeFileSync(join(data, 'notes.txt'), 'first line\nsecond line\n');
      const { app, page, shot } = await launchApp({ kubeconfig: testKubeconfig });
      await expect(page.getByRole('status', { name: 'Connection' })).toHaveText('live', { timeout: 30_000 });
      const panel = await openKind(page, 'Pods');
      await panel.getByRole('textbox', { name: 'Filter' }).fill(namespace);
      const row = rows(panel).filter({ hasText: 'box' }).first();
      await row.click();
      await page.keyboard.press('Shift+B');

      const table = page.getByRole('table', { name: 'Files' });
      await expect(table.getByRole('button', { name: 'etc' })).toBeVisible();
      await page.getByRole('textbox', { name: 'Path' }).fill('/tmp');
      await page.keyboard.press('Enter');
      await expect(page.getByText('/tmp is empty.')).toBeVisible();

      await answer(app, [data]);
      await page.getByRole('button', { name: 'Upload folder' }).click();
      const ask = page.getByRole('dialog', { name: /^Upload data to \/tmp/ });
      await ask.getByRole('button', { name: 'Upload', exact: true }).click();
      const transfers = page.getByRole('list', { name: 'Transfers' });
      await expect(transfers.getByRole('status').first()).toContainText('26 files, 50 MiB, checksums equal', {
        timeout: 90_000,
      });
      await shot('files-uploaded');
      const there = await kubectl('-n', namespace, 'exec', 'box', '--', 'du', '-sk', '/tmp/data');
      expect(Number(there.split(/\s/)[0])).toBeGreaterThan(50 * 1024);

      await table.getByRole('checkbox', { name: 'Choose data' }).check();
      const into = join(folder, 'down');
      mkdirSync(into);
      await answer(app, [into]);
      await page.getByRole('button', { name: 'Download', exact: true }).click();
      await expect(transfers.getByRole('status').last()).toContainText('26 files, 50 MiB, checksums equal', {
        timeout: 90_000,
      });
      expect(readdirSync(into)).toEqual(['data']);
      expect(sums(join(into, 'data'))).toEqual(sums(data));

      await table.getByRole('button', { name: 'data' }).click();
      await table.getByRole('button', { name: 'notes.txt' }).click();
      await expect(page.getByRole('region', { name: 'Text of /tmp/data/notes.txt' })).toContainText(
        'second line',
      );
      await shot('files-text');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('files dropped on the window are asked about and uploaded', async ({ launchApp }) => {
    test.setTimeout(60_000);
    const folder = mkdtempSync(join(tmpdir(), 'binnacle-files-'));
    try {
      const path = join(folder, 'dropped.txt');
      writeFileSync(path, 'by hand\n');
      const { page } = await launchApp({ kubeconfig: testKubeconfig });
      await expect(page.getByRole('status', { name: 'Connection' })).toHaveText('live', { timeout: 30_000 });
      const panel = await openKind(page, 'Pods');
      await panel.getByRole('textbox', { name: 'Filter' }).fill(namespace);
      await rows(panel).filter({ hasText: 'box' }).first().click();
      await page.keyboard.press('Shift+B');
      await page.getByRole('textbox', { name: 'Path' }).fill('/var');
      await page.keyboard.press('Enter');
      await expect(
        page.getByRole('table', { name: 'Files' }).or(page.getByText('/var is empty.')),
      ).toBeVisible();

      // As the system tells Chromium of files that a person drags.
      const session = await page.context().newCDPSession(page);
      const data = { items: [], files: [path], dragOperationsMask: 1 };
      for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
        await session.send('Input.dispatchDragEvent', { type, x: 700, y: 400, data });
      const ask = page.getByRole('dialog', { name: /^Upload dropped\.txt to \/var/ });
      await ask.getByRole('button', { name: 'Upload', exact: true }).click();
      await expect(page.getByRole('list', { name: 'Transfers' }).getByRole('status')).toContainText(
        '1 file, 8 B, checksums equal',
        { timeout: 30_000 },
      );
      expect(await kubectl('-n', namespace, 'exec', 'box', '--', 'cat', '/var/dropped.txt')).toBe('by hand');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('a container without tools says so and names the way in', async ({ launchApp }) => {
    const { page } = await launchApp({ kubeconfig: testKubeconfig });
    await expect(page.getByRole('status', { name: 'Connection' })).toHaveText('live', { timeout: 30_000 });
    const panel = await openKind(page, 'Pods');
    await panel.getByRole('textbox', { name: 'Filter' }).fill('coredns');
    await rows(panel).filter({ hasText: 'coredns' }).first().click();
    await page.keyboard.press('Shift+B');
    await expect(page.getByText(/neither a shell nor ls/)).toBeVisible({ timeout: 20_000 });
    await expect(page.getByText(/\/proc\/1\/root/)).toBeVisible();
  });
});
