/** Contexts as a person keeps them: pasted, renamed, guarded, removed; every other byte stays. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './support/app';
import { attachProbe, callMain } from './support/app-rpc';

let folder: string;
test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'binnacle-contexts-'));
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

const mine = `# Kept by hand: do not sort
apiVersion: v1
kind: Config
current-context: "small"   # quotes stay
x-team: {owner: me}
contexts:
# first
- context: {cluster: small, user: small}
  name: small
- context:
    cluster: large
    user: large
  name: large # second
clusters:
- cluster:
    server: http://127.0.0.1:1
  name: small
- cluster:
    server: http://127.0.0.1:2
  name: large
users:
- name: small
  user: {token: s3cret-small}
- name: large
  user:
    token: s3cret-large
    x-own: kept
`;

const pasted = `contexts: [{name: third, context: {cluster: third, user: third}}]
clusters: [{name: third, cluster: {server: "http://127.0.0.1:3"}}]
users: [{name: third, user: {token: s3cret-third}}]
`;

const row = (page: Page, name: string): Locator =>
  page.getByRole('table', { name: 'Clusters' }).getByRole('row').filter({ hasText: name });

async function choose(page: Page, name: string, item: string): Promise<void> {
  await row(page, name).click({ button: 'right' });
  await page.getByRole('menu').getByText(item, { exact: true }).click();
}

test('a kubeconfig is pasted, edited and cut without touching another byte', async ({ launchApp }) => {
  const file = join(folder, 'config');
  writeFileSync(file, mine, { mode: 0o600 });
  const { page, home } = await launchApp({ kubeconfig: file });
  const read = (): string => readFileSync(file, 'utf8');
  await page.getByRole('button', { name: 'All clusters' }).click();
  const result = page.getByRole('status', { name: 'Result' });

  // Pasted: what it holds is shown first, without its secret; then it stands in a file of the app's own.
  await page.getByRole('button', { name: 'Paste…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox').fill(pasted);
  await expect(dialog.getByRole('listitem').filter({ hasText: 'http://127.0.0.1:3' })).toContainText('third');
  await dialog.getByRole('button', { name: 'Add 1 context' }).click();
  await expect(row(page, 'third')).toBeVisible();
  const own = join(home, 'binnacle', 'kubeconfigs');
  expect(readdirSync(own).map((name) => readFileSync(join(own, name), 'utf8'))).toEqual([pasted]);
  expect(read()).toBe(mine);

  // Merged: only lines are added.
  await page.getByRole('button', { name: 'Paste…' }).click();
  await dialog.getByRole('textbox').fill(pasted.replaceAll('third', 'fourth'));
  await dialog.getByLabel('Goes to').selectOption({ label: `merge into ${file}` });
  await expect(dialog.getByRole('list', { name: 'What will happen' })).toContainText('New: fourth');
  await dialog.getByRole('button', { name: 'Add 1 context' }).click();
  await expect(row(page, 'fourth')).toBeVisible();
  const merged = read();
  expect(merged).not.toBe(mine);
  for (const line of mine.split('\n')) expect(merged.split('\n')).toContain(line);
  expect(readFileSync(`${file}.binnacle-backup`, 'utf8')).toBe(mine);

  // Removed again: the bytes are those from before.
  await choose(page, 'fourth', 'Remove from kubeconfig…');
  await expect(dialog.getByRole('list', { name: 'Lines that go' })).toContainText('fourth');
  await expect(dialog).not.toContainText('s3cret');
  await dialog.getByRole('button', { name: 'Remove context' }).click();
  await expect(result).toContainText('Removed fourth');
  await expect(row(page, 'fourth')).toHaveCount(0);
  expect(read()).toBe(mine);

  // Renamed, the current one.
  await choose(page, 'small', 'Edit kubeconfig entry…');
  await dialog.getByRole('textbox', { name: 'Name in the kubeconfig' }).fill('tiny');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(row(page, 'tiny')).toBeVisible();
  const renamed = mine
    .replace('current-context: "small"', 'current-context: "tiny"')
    .replace('  name: small\n- context:', '  name: tiny\n- context:');
  expect(read()).toBe(renamed);

  // A file that changed since it was shown is left alone, and the words say so.
  await choose(page, 'large', 'Remove from kubeconfig…');
  await expect(dialog.getByRole('list', { name: 'Lines that go' })).toContainText('large');
  writeFileSync(file, `${renamed}# somebody else\n`);
  await dialog.getByRole('button', { name: 'Remove context' }).click();
  await expect(dialog.getByRole('alert')).toContainText('changed by another program');
  expect(read()).toBe(`${renamed}# somebody else\n`);
  await dialog.getByRole('button', { name: 'Look at the new version' }).click();
  await dialog.getByRole('button', { name: 'Remove context' }).click();
  await expect(row(page, 'large')).toHaveCount(0);
  expect(read()).toContain('# somebody else');
  expect(read()).not.toMatch(/large/);
});

test('groups, favourites and hidden contexts stand where they should', async ({ launchApp }) => {
  const file = join(folder, 'grouped');
  writeFileSync(file, mine, { mode: 0o600 });
  const { page } = await launchApp({ kubeconfig: file });
  await page.getByRole('button', { name: 'All clusters' }).click();
  await choose(page, 'large', 'Name, group, sign-in…');
  await page.getByLabel('Group', { exact: true }).fill('Production');
  await page.getByLabel('Name in this app').fill('Shop');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(row(page, 'Production')).toBeVisible();
  const rail = page.getByRole('navigation', { name: 'Clusters' });
  await expect(rail.getByRole('button', { name: /^Shop/ })).toBeVisible();
  await choose(page, 'Shop', 'Protected');
  await expect(row(page, 'Shop')).toContainText('PROTECTED');
  await choose(page, 'Shop', 'Hidden');
  await expect(rail.getByRole('button', { name: /^Shop/ })).toHaveCount(0);
  await page.getByRole('button', { name: 'Show 1 hidden' }).click();
  await expect(row(page, 'Shop')).toBeVisible();
  expect(readFileSync(file, 'utf8')).toBe(mine);
});

test('a read-only context refuses a write in its host', async ({ launchApp }) => {
  const { page } = await launchApp();
  const live = page.getByRole('status', { name: 'Connection' });
  await expect(live).toHaveText('live', { timeout: 30_000 });
  await attachProbe(page);
  await callMain(page, 'patchSettings', { patch: { contexts: { demo: { readOnly: true } } } });
  await expect(page.getByText('READ ONLY', { exact: true })).toBeVisible();
  const answer = await applyInHost(page);
  expect(answer).toMatchObject({ t: 'error', e: { code: 'read-only' } });
  expect(JSON.stringify(answer)).toContain('was not sent');
  // Reading goes on.
  await expect(live).toHaveText('live');
  // The port of before went when the page asked for fresh ones.
  await attachProbe(page);
  await callMain(page, 'patchSettings', { patch: { contexts: { demo: { readOnly: null } } } });
  await expect(page.getByText('READ ONLY', { exact: true })).toHaveCount(0);
  expect(JSON.stringify(await applyInHost(page))).not.toContain('"read-only"');
});

/** Asks the demo's host itself to make a config map, past every screen; the raw answer. */
function applyInHost(page: Page): Promise<unknown> {
  const text = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: made-${Date.now()}, namespace: default}\n`;
  return page.evaluate(
    (input) =>
      new Promise<unknown>((done) => {
        const id = 2_000_000 + Math.floor(performance.now());
        const onGrant = (event: MessageEvent): void => {
          const data = event.data as { binnacle?: string; to?: string };
          const [port] = event.ports;
          if (data.binnacle !== 'port' || data.to !== 'cluster' || !port) return;
          window.removeEventListener('message', onGrant);
          port.addEventListener('message', (message) => {
            if ((message.data as { id?: number }).id === id) done(message.data);
          });
          port.start();
          port.postMessage({ t: 'call', id, m: 'objects.write', i: input });
        };
        window.addEventListener('message', onGrant);
        window.postMessage({ binnacle: 'ready' }, window.origin);
      }),
    { text, how: 'create', dryRun: false, force: false, reveal: false },
  );
}
