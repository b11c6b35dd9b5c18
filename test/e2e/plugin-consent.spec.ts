/** A kubeconfig that was added asks before its program runs; another program is another question. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from './support/app';

test('the program of an added kubeconfig runs only after it was agreed to', async ({ launchApp }) => {
  const own = mkdtempSync(join(tmpdir(), 'binnacle-consent-'));
  const runs = join(own, 'runs');
  try {
    writeFileSync(join(own, 'login'), `#!/bin/sh\necho run >> ${runs}\nexit 3\n`, { mode: 0o755 });
    const config = join(own, 'config.yaml');
    const write = (argument: string): void =>
      writeFileSync(
        config,
        `apiVersion: v1
kind: Config
current-context: shop
contexts: [{name: shop, context: {cluster: shop, user: shop}}]
clusters: [{name: shop, cluster: {server: "https://127.0.0.1:1"}}]
users:
  - name: shop
    user:
      exec:
        apiVersion: client.authentication.k8s.io/v1
        interactiveMode: Never
        command: ${join(own, 'login')}
        args: [get-token, "${argument}"]
        env: [{name: PROFILE, value: hidden-value}]
`,
      );
    write('one');
    const settings = { kubeconfigs: [config] };
    const { page } = await launchApp({ settings, kubeconfig: join(own, 'none.yaml') });
    const asked = page.getByRole('region', { name: 'Program to sign in' });
    await page.keyboard.press(':');
    await page.getByRole('combobox', { name: 'Jump to anything' }).fill(':ctx shop');
    await page.keyboard.press('Enter');
    await expect(asked).toBeVisible({ timeout: 20_000 });
    for (const text of ['get-token', 'one', 'PROFILE', config, join(own, 'login')])
      await expect(asked).toContainText(text);
    await expect(asked).not.toContainText('hidden-value');
    await expect(page.getByRole('status', { name: 'Connection' })).toHaveText('needs consent');
    expect(existsSync(runs)).toBe(false);
    await asked.getByRole('button', { name: 'Agree and connect' }).click();
    await expect(page.getByRole('alert').filter({ visible: true })).toContainText('exit code 3', {
      timeout: 20_000,
    });
    expect(readFileSync(runs, 'utf8')).toBe('run\n');
    // Changed on disk while it is open: asked anew, not run.
    write('two');
    await expect(asked).toContainText('has changed', { timeout: 20_000 });
    await expect(asked).toContainText('two');
    expect(readFileSync(runs, 'utf8')).toBe('run\n');
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
});
