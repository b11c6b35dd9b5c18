/**
 * Terminals against a real cluster (BINNACLE_TEST_KUBECONFIG): shells in containers, and a shell
 * of this machine that sees one context. What is shown is what programs say, not what we hope.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator } from '@playwright/test';
import { expect, test } from './support/app';
import { kubectl, settled } from './support/kubectl';
import { processTree } from './support/processes';
import { testKubeconfig } from './support/screen';
import { choose, longestTurn, openShell, screen, type, watchTurns } from './support/terminals';

const tools = join(process.env['CLUSTER_CACHE'] ?? '/var/cache/binnacle-cluster', 'bin');
const options = {
  kubeconfig: testKubeconfig,
  env: { PATH: `${tools}:${process.env['PATH'] ?? ''}`, SHELL: '/bin/bash' },
};

const sizeOf = async (terminal: Locator): Promise<string | undefined> =>
  (await screen(terminal)).filter((line) => /^\d+ \d+$/.test(line)).at(-1);

test.describe('terminals', { tag: '@real' }, () => {
  test.beforeAll(() => settled('shop', 'frontend'));
  test('a shell in a container follows the size of its terminal and tells its exit code', async ({
    launchApp,
  }) => {
    const { page, shot } = await launchApp(options);
    const terminal = await openShell(page, 'frontend-');
    await type(page, terminal, 'stty size');
    await expect.poll(() => sizeOf(terminal)).toBeDefined();
    const before = await sizeOf(terminal);
    await shot('shell');

    await page.setViewportSize({ width: 1024, height: 700 });
    await expect(async () => {
      await type(page, terminal, 'clear; stty size');
      await expect.poll(() => sizeOf(terminal), { timeout: 2_000 }).toBeDefined();
      expect(await sizeOf(terminal)).not.toBe(before);
    }).toPass();

    await type(page, terminal, 'exit 3');
    const dock = page.getByRole('region', { name: 'Dock' });
    await expect(dock.getByText('exit code 3')).toBeVisible();
    await shot('shell-exit');
    await dock.getByRole('button', { name: 'Reconnect' }).click();
    await expect(dock.getByText('exit code 3')).toBeHidden();
    await type(page, terminal, 'echo again');
    await expect.poll(() => screen(terminal)).toContain('again');
  });

  test('many megabytes of output leave the window alive', async ({ launchApp }) => {
    test.setTimeout(120_000);
    const { page } = await launchApp(options);
    const terminal = await openShell(page, 'frontend-');
    await watchTurns(page);
    await type(
      page,
      terminal,
      "yes 'binnacle 0123456789 0123456789 0123456789' | head -c 20000000; echo; echo all-of-it",
    );
    await expect.poll(() => screen(terminal), { timeout: 90_000 }).toContain('all-of-it');
    expect(await longestTurn(page)).toBeLessThan(1_000);
  });

  test('a container without a shell says so and names the way out', async ({ launchApp }) => {
    const { page, shot } = await launchApp(options);
    await choose(page, 'Pods', 'coredns');
    await page.keyboard.press('s');
    const dock = page.getByRole('region', { name: 'Dock' });
    await expect(dock.getByText(/has no shell.*Debug the pod/)).toBeVisible({ timeout: 15_000 });
    await shot('shell-none');
  });

  test('shells side by side: what is typed goes to all, and that is said', async ({ launchApp }) => {
    const { page, shot } = await launchApp(options);
    await choose(page, 'Pods', 'frontend-');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('s');
    const terminals = page.getByRole('group', { name: /^Shell in / });
    await expect(terminals).toHaveCount(2);
    for (const terminal of await terminals.all()) {
      await expect
        .poll(() => screen(terminal), { timeout: 15_000 })
        .toContainEqual(expect.stringMatching(/[#$]$/));
    }
    const dock = page.getByRole('region', { name: 'Dock' });
    await expect(dock.getByRole('alert')).toHaveCount(0);
    await dock.getByRole('button', { name: 'Type into all shells at once' }).first().click();
    await expect(dock.getByRole('alert')).toContainText('What you type goes to all 2 shells.');
    await type(page, terminals.first(), 'echo to-$((40+2))');
    for (const terminal of await terminals.all())
      await expect.poll(() => screen(terminal)).toContain('to-42');
    await shot('shell-broadcast');
  });

  test('a local terminal sees one context and namespace, and leaves nothing', async ({ launchApp }) => {
    const name = (await kubectl('config', 'get-contexts', '-o', 'name'))
      .split('\n')
      .find((line) => line.startsWith('restricted'));
    const { app, page, home, shot } = await launchApp(options);
    const folder = join(home, 'binnacle', 'terminals');
    await page
      .getByRole('navigation', { name: 'Clusters' })
      .getByRole('button', { name: new RegExp(`^${name ?? 'restricted'}, `) })
      .click();
    await expect(page.getByRole('status', { name: 'Connection' })).toHaveText('live', { timeout: 30_000 });
    await page.keyboard.press('Control+`');
    const terminal = page.getByRole('group', { name: /^Terminal for / });
    await expect
      .poll(() => screen(terminal), { timeout: 20_000 })
      .toContainEqual(expect.stringMatching(/^\(restricted.*\/shop\)/));
    await type(
      page,
      terminal,
      'clear; kubectl get pods -o name | head -3; kubectl config get-contexts -o name',
    );
    await expect
      .poll(() => screen(terminal), { timeout: 20_000 })
      .toContainEqual(expect.stringMatching(/^pod\/cart-/));
    await expect.poll(() => screen(terminal)).toContain(name ?? '');
    const lines = await screen(terminal);
    expect(lines.filter((line) => /@/.test(line) && !line.startsWith('('))).toEqual([name]);
    await shot('terminal');

    const [own] = readdirSync(folder);
    const kubeconfig = join(folder, own ?? '', 'kubeconfig');
    expect(statSync(kubeconfig).mode & 0o777).toBe(0o600);
    const shells = (): string[] =>
      processTree(app.process().pid ?? 0)
        .map((info) => info.command)
        .filter((command) => command.includes('bash'));
    expect(shells()).toHaveLength(1);
    await type(page, terminal, 'sleep 1000 &');
    await page.getByRole('region', { name: 'Dock' }).getByRole('button', { name: 'Close Terminal' }).click();
    await expect.poll(() => shells()).toEqual([]);
    await expect.poll(() => (existsSync(folder) ? readdirSync(folder) : [])).toEqual([]);
  });

  test('what a crash left of a terminal is removed at the next start', async ({ launchApp }) => {
    const first = await launchApp(options);
    await first.close();
    const folder = join(first.home, 'binnacle', 'terminals', 'a'.repeat(32));
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'kubeconfig'), 'token: secret');
    await launchApp({ ...options, home: first.home });
    await expect.poll(() => existsSync(folder)).toBe(false);
  });

  test('signing in again runs the plugin in a terminal, hides its answer, and connects', async ({
    launchApp,
  }) => {
    const folder = mkdtempSync(join(tmpdir(), 'binnacle-sign-in-'));
    try {
      const kubeconfig = await pluginKubeconfig(folder);
      const { page, shot } = await launchApp({ ...options, kubeconfig });
      const again = page.getByRole('button', { name: 'Sign in again' }).first();
      await again.click({ timeout: 30_000 });
      const terminal = page.getByRole('group', { name: /^Sign in to / });
      await expect
        .poll(() => screen(terminal), { timeout: 20_000 })
        .toContainEqual(expect.stringMatching(/^Code:/));
      await shot('sign-in');
      await type(page, terminal, 'open');
      await expect(page.getByRole('status', { name: 'Connection' })).toHaveText('live', { timeout: 30_000 });
      expect((await screen(terminal)).join(' ')).not.toContain('ExecCredential');
      await expect(page.getByText('exit code 0')).toBeVisible();
      await shot('signed-in');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

/** A context whose plugin gives a token only once somebody typed `open` into its terminal. */
async function pluginKubeconfig(folder: string): Promise<string> {
  const view = JSON.parse(await kubectl('config', 'view', '--raw', '--flatten', '-o', 'json')) as {
    readonly clusters: readonly { readonly name: string; readonly cluster: object }[];
    readonly users: readonly { readonly name: string; readonly user: { readonly token?: string } }[];
    readonly contexts: readonly {
      readonly name: string;
      readonly context: { cluster: string; user: string };
    }[];
  };
  const base = view.contexts.find(({ name }) => name.startsWith('token@'))?.context;
  const cluster = view.clusters.find(({ name }) => name === base?.cluster)?.cluster;
  const token = view.users.find(({ name }) => name === base?.user)?.user.token;
  if (!cluster || token === undefined) throw new Error('the kubeconfig has no context token@...');
  const credential = JSON.stringify({
    apiVersion: 'client.authentication.k8s.io/v1',
    kind: 'ExecCredential',
    status: { token },
  });
  const plugin = join(folder, 'plugin.sh');
  writeFileSync(
    plugin,
    `#!/bin/sh\ncd ${folder}\nif [ ! -e open ]; then\n  [ -t 0 ] || { echo 'Not signed in.' >&2; exit 1; }\n  printf 'Code: ' >&2; read -r code\n  [ "$code" = open ] || exit 2\n  : > open\nfi\necho '${credential}'\n`,
    { mode: 0o755 },
  );
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: plugin,
    args: [],
    interactiveMode: 'IfAvailable',
  };
  const path = join(folder, 'config');
  writeFileSync(
    path,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'plugin',
      clusters: [{ name: 'c', cluster }],
      users: [{ name: 'u', user: { exec } }],
      contexts: [{ name: 'plugin', context: { cluster: 'c', user: 'u' } }],
    }),
    { mode: 0o600 },
  );
  return path;
}
