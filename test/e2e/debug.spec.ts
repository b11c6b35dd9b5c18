/**
 * `kubectl debug` from the app, against a real cluster (BINNACLE_TEST_KUBECONFIG): what programs in the
 * debug containers see is what is judged.
 */
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './support/app';
import { kubectl } from './support/kubectl';
import { openKind, rows, testKubeconfig } from './support/screen';

const options = {
  kubeconfig: testKubeconfig,
  settings: { debugImages: ['busybox:1.35'] },
};

/** Lines on the screen of a terminal, without the empty ones. */
async function screen(terminal: Locator): Promise<string[]> {
  const lines = await terminal.locator('.xterm-rows > div').allInnerTexts();
  return lines.map((line) => line.replaceAll('\u00a0', ' ').trimEnd()).filter((line) => line !== '');
}

async function type(page: Page, terminal: Locator, text: string): Promise<void> {
  await terminal.getByRole('textbox').first().focus();
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
}

async function choose(page: Page, kind: string, filter: string): Promise<void> {
  await expect(page.getByRole('status', { name: 'Connection' })).toHaveText('live', { timeout: 30_000 });
  const panel = await openKind(page, kind);
  await panel.getByRole('textbox', { name: 'Filter' }).fill(filter);
  await expect
    .poll(async () => {
      const all = await rows(panel).allInnerTexts();
      return all.length > 0 && all.every((row) => row.includes(filter));
    })
    .toBe(true);
  await rows(panel).first().click();
}

async function askDebug(page: Page, kind: string, filter: string): Promise<Locator> {
  await choose(page, kind, filter);
  await page.keyboard.press('Shift+S');
  const dialog = page.getByRole('dialog', { name: /^Debug / });
  await expect(dialog.getByRole('combobox', { name: 'Profile' })).toBeVisible();
  return dialog;
}

async function usePullPolicy(dialog: Locator): Promise<void> {
  await dialog.getByText(/pull policy, custom profile$/).click();
  await dialog.getByRole('combobox', { name: 'Pull policy' }).selectOption('IfNotPresent');
}

/** Waits for a prompt: Enter makes one where the shell drew it before anybody looked. */
async function prompt(page: Page, terminal: Locator): Promise<void> {
  await expect(async () => {
    await type(page, terminal, '');
    await expect
      .poll(() => screen(terminal), { timeout: 2_000 })
      .toContainEqual(expect.stringMatching(/[#$]$/));
  }).toPass({ timeout: 60_000 });
}

const lines = async (...args: string[]): Promise<string[]> =>
  (await kubectl(...args)).split('\n').filter((line) => line !== '');

test.describe('debug', { tag: '@real' }, () => {
  test('an ephemeral container sees the processes of a pod without a shell', async ({ launchApp }) => {
    test.setTimeout(150_000);
    const { page, shot } = await launchApp(options);
    const dialog = await askDebug(page, 'Pods', 'coredns');
    await expect(dialog).toContainText('cannot be removed or changed');
    await usePullPolicy(dialog);
    await shot('debug-dialog');
    await dialog.getByRole('button', { name: 'Add debug container' }).click();
    const terminal = page.getByRole('group', { name: /^Debug container / });
    await prompt(page, terminal);
    await type(page, terminal, 'ps');
    await expect
      .poll(() => screen(terminal), { timeout: 20_000 })
      .toContainEqual(expect.stringMatching(/\/?coredns /));
    await shot('debug-ephemeral');

    // The one that runs is offered before another one is made.
    const again = await askDebug(page, 'Pods', 'coredns');
    await expect(again.getByRole('list', { name: /Debug containers that run/ })).toContainText(
      'sees coredns',
    );
    await page.keyboard.press('Escape');

    await type(page, terminal, 'exit 3');
    await expect(page.getByRole('region', { name: 'Dock' }).getByText('exit code 3')).toBeVisible();
    await shot('debug-ended');
  });

  test("a node's pod has the node's files, and goes with its tab", async ({ launchApp }) => {
    test.setTimeout(150_000);
    const { page, shot } = await launchApp(options);
    const dialog = await askDebug(page, 'Nodes', 'node-1');
    await expect(dialog).toContainText('chroot /host');
    await usePullPolicy(dialog);
    await shot('debug-node-dialog');
    await dialog.getByRole('button', { name: 'Create debug pod' }).click();
    const terminal = page.getByRole('group', { name: /^Debug container / });
    await prompt(page, terminal);
    await type(page, terminal, 'ls -d /host/etc && echo files-$((40+2))');
    await expect.poll(() => screen(terminal), { timeout: 20_000 }).toContain('files-42');
    await shot('debug-node');
    const name =
      (await page.getByRole('group', { name: /^Debug container / }).getAttribute('aria-label')) ?? '';
    const pod = name.split(' of ')[1] ?? '';
    expect(await kubectl('get', 'pods', '-A', '-o', 'name')).toContain(pod);
    await page
      .getByRole('region', { name: 'Dock' })
      .getByRole('button', { name: /^Close Node/ })
      .click();
    await expect
      .poll(() => kubectl('get', 'pods', '-A', '-o', 'name'), { timeout: 30_000 })
      .not.toContain(pod);
  });

  test('what a crash leaves of a node session is offered at the next connect', async ({ launchApp }) => {
    test.setTimeout(180_000);
    const first = await launchApp(options);
    const dialog = await askDebug(first.page, 'Nodes', 'node-1');
    await usePullPolicy(dialog);
    await dialog.getByRole('button', { name: 'Create debug pod' }).click();
    const terminal = first.page.getByRole('group', { name: /^Debug container / });
    await prompt(first.page, terminal);
    const pod = ((await terminal.getAttribute('aria-label')) ?? '').split(' of ')[1] ?? '';
    await first.close();

    const { page, shot } = await launchApp({ kubeconfig: testKubeconfig, home: first.home });
    const strip = page.getByRole('status', { name: 'Debug pods' });
    await expect(strip).toContainText('An earlier session left 1 debug pod', { timeout: 30_000 });
    await shot('debug-leftover');
    await strip.getByRole('button', { name: 'Delete' }).click();
    const question = page.getByRole('dialog', { name: 'Delete 1 debug pod?' });
    await expect(question).toContainText(pod);
    await question.getByRole('button', { name: 'Delete 1 debug pod' }).click();
    await expect(strip).toBeHidden();
    await expect
      .poll(() => kubectl('get', 'pods', '-A', '-o', 'name'), { timeout: 30_000 })
      .not.toContain(pod);
  });

  test('a crash-looping pod is copied with another command; the copy goes when its tab does', async ({
    launchApp,
  }) => {
    test.setTimeout(150_000);
    const { page, shot } = await launchApp(options);
    const dialog = await askDebug(page, 'Pods', 'crash-loop');
    await expect(dialog.getByRole('radio', { name: 'Copy of the pod' })).toBeChecked();
    await expect(dialog).toContainText(/keeps ending/);
    await expect(dialog.getByRole('textbox', { name: 'Command' })).toHaveValue('sh');
    const copy = await dialog.getByRole('textbox', { name: 'Name of the copy' }).inputValue();
    await shot('debug-copy-dialog');
    await dialog.getByRole('button', { name: 'Create copy' }).click();
    const terminal = page.getByRole('group', { name: /^Debug container / });
    await prompt(page, terminal);
    await type(page, terminal, 'echo up-$((40+2))');
    await expect.poll(() => screen(terminal), { timeout: 20_000 }).toContain('up-42');
    expect(await lines('get', 'pods', '-n', 'broken', '-o', 'name')).toContain(`pod/${copy}`);
    await shot('debug-copy');
    await page
      .getByRole('region', { name: 'Dock' })
      .getByRole('button', { name: /^Close Debug/ })
      .click();
    const question = page.getByRole('dialog', { name: `Delete the copy ${copy}?` });
    await question.getByRole('button', { name: 'Delete copy' }).click();
    await expect
      .poll(() => lines('get', 'pods', '-n', 'broken', '-o', 'name'), { timeout: 30_000 })
      .not.toContain(`pod/${copy}`);
  });
});
