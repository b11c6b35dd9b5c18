/**
 * Shells when something goes wrong, or means harm, on a real cluster (BINNACLE_TEST_KUBECONFIG): in a
 * pod of their own, whose container ends when it is told to.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator } from '@playwright/test';
import { expect, test } from './support/app';
import { apply, kubectl, settled } from './support/kubectl';
import { openContext, testKubeconfig } from './support/screen';
import { choose, longestTurn, openShell, screen, type, watchTurns } from './support/terminals';

const namespace = `shells-${randomBytes(4).toString('hex')}`;
const options = { kubeconfig: testKubeconfig };

test.describe('shells in trouble', { tag: '@real' }, () => {
  test.beforeAll(() => settled('shop', 'frontend'));
  test.beforeAll(async () => {
    await kubectl('create', 'namespace', namespace);
    // A pod is refused until the controller has made the account.
    await kubectl('-n', namespace, 'wait', '--for=create', 'serviceaccount/default', '--timeout=60s');
    await apply({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'box', namespace },
      spec: {
        terminationGracePeriodSeconds: 0,
        containers: [
          {
            name: 'box',
            image: 'busybox:1.35',
            command: ['sh', '-c', 'while [ ! -e /tmp/end ]; do sleep 0.2; done; exit 9'],
          },
        ],
      },
    });
    await kubectl('-n', namespace, 'wait', '--for=condition=Ready', 'pod/box', '--timeout=60s');
  });
  test.afterAll(async () => {
    await kubectl('delete', 'namespace', namespace, '--wait=false');
  });

  test('a container that restarts under its shell is named, with what is lost, and reconnecting works', async ({
    launchApp,
  }) => {
    test.setTimeout(90_000);
    const { page, shot } = await launchApp(options);
    const terminal = await openShell(page, namespace);
    await type(page, terminal, 'touch /tmp/end');
    const dock = page.getByRole('region', { name: 'Dock' });
    await expect(dock.getByText(/Container box (was restarted|ended) \(exit code 9\)/)).toBeVisible({
      timeout: 30_000,
    });
    await expect(dock.getByText(/directory, variables and programs are gone/)).toBeVisible();
    await shot('shell-restarted');
    await kubectl('-n', namespace, 'wait', '--for=condition=Ready', 'pod/box', '--timeout=60s');
    await dock.getByRole('button', { name: 'Reconnect' }).click();
    await type(page, terminal, 'echo new-$((40+2))');
    await expect.poll(() => screen(terminal), { timeout: 20_000 }).toContain('new-42');
  });

  test('control codes leave titles and the clipboard alone', async ({ launchApp }) => {
    const { app, page } = await launchApp(options);
    await app.evaluate(({ clipboard }) => clipboard.writeText('mine'));
    const terminal = await openShell(page, namespace);
    const title = await page.title();
    await type(
      page,
      terminal,
      "printf '\\033]0;stolen\\007\\033]2;stolen\\007\\033]52;c;c3RvbGVu\\007\\033[21t'; echo after-$((40+2))",
    );
    await expect.poll(() => screen(terminal)).toContainEqual(expect.stringMatching(/after-42$/));
    expect(await page.title()).toBe(title);
    expect(await app.evaluate(({ clipboard }) => clipboard.readText())).toBe('mine');
  });

  test('several pasted lines are shown before they run', async ({ launchApp }) => {
    const { app, page, shot } = await launchApp(options);
    const terminal = await openShell(page, namespace);
    await app.evaluate(({ clipboard }) => clipboard.writeText('echo one-$((1+0))\necho two-$((1+1))\n'));
    const paste = async (): Promise<Locator> => {
      await terminal.getByRole('textbox').first().focus();
      await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.paste());
      const dialog = page.getByRole('dialog', { name: /^Paste \d lines/ });
      await expect(dialog).toContainText('Each line runs as soon as it is pasted.');
      return dialog;
    };
    const first = await paste();
    await shot('shell-paste');
    await first.getByRole('button', { name: 'Cancel' }).click();
    await expect(first).toBeHidden();

    // Once cancelled is not for ever, and not once for all: it asks again, by key as well.
    const second = await paste();
    await page.keyboard.press('Escape');
    await expect(second).toBeHidden();
    await type(page, terminal, 'echo none-$((40+2))');
    await expect.poll(() => screen(terminal)).toContain('none-42');
    expect((await screen(terminal)).join(' ')).not.toContain('two-');

    const third = await paste();
    await third.getByRole('button', { name: /^Paste \d lines$/ }).click();
    await expect.poll(() => screen(terminal)).toEqual(expect.arrayContaining(['one-1', 'two-2']));
  });

  test('50 MB of control codes freeze nothing, and a flood of them ends with Ctrl+C', async ({
    launchApp,
  }) => {
    test.setTimeout(240_000);
    const { page } = await launchApp(options);
    const terminal = await openShell(page, namespace);
    await watchTurns(page);
    const codes =
      '\\033[2J\\033[H\\033[31;1m\\033[?25l\\033]0;t\\007\\033[5;9H\\033[L\\033[M\\033[999C\\bX\\033(0q\\033(B\\033[38;5;200m\\033[2;9r\\033M\\033[r\\033[?25h\\033[m';
    await type(
      page,
      terminal,
      `yes "$(printf '${codes}')" | head -c 50000000; printf '\\033c'; echo all-$((40+2))`,
    );
    await expect.poll(() => screen(terminal), { timeout: 180_000 }).toContain('all-42');

    // Without an end: what is typed still reaches the program, past all it has printed.
    await type(page, terminal, `yes "$(printf '\\033[H\\033[3mflood-%d\\033[K' 42)"`);
    await expect.poll(() => screen(terminal)).toContainEqual(expect.stringContaining('flood-42'));
    await page.keyboard.press('Control+c');
    await type(page, terminal, "printf '\\033c'; echo over-$((40+2))");
    await expect.poll(() => screen(terminal)).toContain('over-42');
    expect(await longestTurn(page)).toBeLessThan(1_000);
  });

  test('a session is logged to the file that was chosen, until it is stopped', async ({ launchApp }) => {
    const folder = mkdtempSync(join(tmpdir(), 'binnacle-log-'));
    try {
      const { app, page } = await launchApp(options);
      const file = join(folder, 'session.log');
      await app.evaluate(({ dialog }, filePath) => {
        dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
      }, file);
      const terminal = await openShell(page, namespace);
      const dock = page.getByRole('region', { name: 'Dock' });
      await dock.getByRole('button', { name: 'Log this session to a file' }).click();
      await expect(dock.getByText(`Logging to ${file}`)).toBeVisible();
      await type(page, terminal, 'echo kept-$((40+2))');
      await expect.poll(() => readFileSync(file, 'utf8')).toContain('kept-42');
      await dock.getByRole('button', { name: 'Stop logging to file' }).click();
      await type(page, terminal, 'echo dropped-$((40+2))');
      await expect.poll(() => screen(terminal)).toContain('dropped-42');
      expect(readFileSync(file, 'utf8')).not.toContain('dropped-42');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('who may not exec is told so before, with the right that is missing', async ({ launchApp }) => {
    const { page } = await launchApp(options);
    const name = (await kubectl('config', 'get-contexts', '-o', 'name'))
      .split('\n')
      .find((line) => line.startsWith('token@'));
    await openContext(page, name ?? 'token');
    await choose(page, 'Pods', 'frontend-');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('Open shell');
    const option = page.getByRole('option').filter({ hasText: 'Open shell' }).first();
    await expect(option).toContainText(/pods\/exec/, { timeout: 10_000 });
  });
});
