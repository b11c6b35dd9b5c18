/**
 * Every context of the shared cluster's kubeconfigs ends in the right state, with the right words.
 * In `all.yaml` all contexts share one cluster entry; a server that is wrong (refused, bad-ca,
 * no-such-host) is a file of its own, added beside it.
 */
import type { Locator, Page } from '@playwright/test';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { expect, test } from './support/app';
import { askHost } from './support/app-rpc';
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

const kindsOf = (page: Page): Locator =>
  page.getByRole('navigation', { name: 'Kinds' }).filter({ visible: true });
const stateOf = (page: Page, title: string): Locator =>
  page.getByRole('status', { name: `State of ${title}` }).filter({ visible: true });

interface Expected {
  readonly badge: RegExp;
  /** State of the table of pods; live where nothing is said. */
  readonly pods?: RegExp;
  /** On the screen in place of the tables. */
  readonly alert?: readonly (string | RegExp)[];
  /** By the connection test. */
  readonly who?: string;
}

const account = (name: string): string => `system:serviceaccount:access:${name}`;
const live = /^live$/;
/** refused, bad-ca and no-such-host share the cluster entry of `all.yaml`, which is good. */
const expected: Readonly<Record<string, Expected>> = {
  admin: { badge: live, who: 'admin' },
  'bad-ca': { badge: live, who: 'admin' },
  'bad-token': { badge: /^signed out$/, alert: [/does not accept the credentials/] },
  certificate: { badge: live, pods: /live|denied/, who: 'jane' },
  exec: { badge: live, who: account('viewer') },
  'exec-missing': {
    badge: /^signed out$/,
    alert: [/example-login-helper is not installed/, /install the example login helper/],
  },
  expired: { badge: /^signed out$/, alert: [/certificate of this context expired at \d{4}-/] },
  impersonate: { badge: live, pods: /live|denied/, who: 'jane' },
  'no-such-host': { badge: live, who: 'admin' },
  nothing: { badge: live, pods: /denied/, who: account('nothing') },
  'pods-only': { badge: live, pods: /polling/, who: account('pods-only') },
  refused: { badge: live, who: 'admin' },
  restricted: { badge: live, pods: /live/, who: account('shop-dev') },
  token: { badge: live, who: account('viewer') },
  'token-file': { badge: live, who: account('viewer') },
  'two-namespaces': { badge: live, pods: /live|denied/, who: account('two') },
};

test.describe('contexts of a real cluster', { tag: '@real' }, () => {
  test('each context of all.yaml ends in the right state, with the right words', async ({ launchApp }) => {
    test.setTimeout(400_000);
    const { page, shot } = await launchApp({ kubeconfig: file('all') });
    const { contexts } = parse(readFileSync(file('all'), 'utf8')) as { contexts: { name: string }[] };
    const names = contexts.map((one) => one.name.replace(/@.*/, ''));
    // Who is added to the file needs an expectation here.
    expect(names.sort()).toEqual(Object.keys(expected).sort());
    expect(names.length).toBeGreaterThanOrEqual(16);
    for (const name of names) {
      const { badge: words, pods, alert: told, who } = expected[name] ?? { badge: /never/ };
      await test.step(name, async () => {
        await go(page, `${name}@real`);
        await expect(badge(page), name).toHaveText(words, { timeout: 40_000 });
        await shot(`context-${name}`);
        if (told) {
          const alert = page.getByRole('alert').filter({ visible: true });
          for (const one of told) await expect(alert, name).toContainText(one);
          await expect(alert.getByRole('button', { name: 'Test connection' })).toBeVisible();
          await expect(alert.getByRole('button', { name: 'Try again' })).toBeVisible();
          return;
        }
        await kindsOf(page).getByRole('link', { name: 'Pods', exact: true }).click();
        await expect(stateOf(page, 'Pods'), name).toHaveText(pods ?? /^live$/, { timeout: 30_000 });
        await shot(`context-${name}-pods`);
        if (who !== undefined) {
          await kindsOf(page).getByRole('link', { name: 'Connection', exact: true }).click();
          await expect(
            page.getByRole('list', { name: 'Steps of the connection test' }).filter({ visible: true }),
          ).toContainText(who, { timeout: 30_000 });
          await shot(`context-${name}-connection`);
        }
      });
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

  test('exec: one run of the plugin for 200 requests at once, one more after its credential is over', async ({
    launchApp,
  }) => {
    test.setTimeout(150_000);
    const own = mkdtempSync(join(tmpdir(), 'binnacle-exec-'));
    try {
      // The plugin of the kit, with a log of our own: others use theirs at the same time. 60 s of life,
      // and ours never sooner than after half of it.
      const kit = /command: (\S*credential-plugin)/.exec(readFileSync(file('exec'), 'utf8'))?.[1] ?? '';
      const plugin = join(own, 'plugin');
      const log = join(own, 'runs');
      writeFileSync(plugin, readFileSync(kit, 'utf8').replace(/>> \S+exec-calls\.log/, `>> ${log}`), {
        mode: 0o755,
      });
      const config = join(own, 'all.yaml');
      writeFileSync(
        config,
        readFileSync(file('all'), 'utf8')
          .replaceAll(kit, plugin)
          .replace(/current-context: .*/, 'current-context: exec@real'),
      );
      const runs = (): number => (existsSync(log) ? readFileSync(log, 'utf8').split('\n').length - 1 : 0);
      const { page } = await launchApp({ kubeconfig: config });
      await expect(badge(page)).toHaveText('live', { timeout: 30_000 });
      const shop = { kind: 'namespaces', namespace: '', name: 'shop', managedFields: false };
      expect(await askHost(page, 'resources.yaml', shop, 200)).toBe(200);
      expect(runs()).toBe(1);
      const first = Date.now();
      await expect
        .poll(() => Date.now() - first, { timeout: 45_000, intervals: [1_000] })
        .toBeGreaterThan(33_000);
      expect(await askHost(page, 'resources.yaml', shop, 200)).toBe(200);
      expect(runs()).toBe(2);
      await expect(badge(page)).toHaveText('live');
    } finally {
      rmSync(own, { recursive: true, force: true });
    }
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
