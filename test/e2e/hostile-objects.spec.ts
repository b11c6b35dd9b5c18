/**
 * Objects and changes that break weaker tools: a 3 MB object, odd names, a kind and a
 * namespace that vanish while they are on screen. Against a demo cluster of the test's own.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDemo, type Demo } from '../../src/demo/demo';
import { ask } from '../../src/demo/test-client';
import { expect, test } from './support/app';
import { openKind, rows } from './support/screen';

const CONTEXT = 'team/prod:eu 🚀';

let folder = '';
let demo: Demo;

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'binnacle-hostile-'));
  demo = await startDemo({ seed: 3, pace: 0 });
});
test.afterAll(async () => {
  await demo.close();
  rmSync(folder, { recursive: true, force: true });
});

function kubeconfig(): string {
  const path = join(folder, 'config.yaml');
  const lines = [
    'apiVersion: v1',
    'kind: Config',
    `current-context: ${JSON.stringify(CONTEXT)}`,
    'clusters:',
    `- name: c`,
    `  cluster: {server: "${demo.url}", certificate-authority-data: ${Buffer.from(demo.caPem).toString('base64')}}`,
    `users: [{name: u, user: {token: ${demo.token}}}]`,
    `contexts: [{name: ${JSON.stringify(CONTEXT)}, context: {cluster: c, user: u}}]`,
  ];
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

const create = async (path: string, body: unknown): Promise<void> => {
  const answer = await ask(demo, path, { method: 'POST', body });
  expect(answer.status, answer.text.slice(0, 300)).toBeLessThan(300);
};

test(
  'a context with slashes, colons and an emoji; a 3 MB object opens',
  { tag: '@demo' },
  async ({ launchApp }) => {
    const text = 'binnacle '.repeat(320_000);
    await create('/api/v1/namespaces/shop/configmaps', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'zz-huge' },
      data: { text },
    });
    await create('/apis/rbac.authorization.k8s.io/v1/clusterroles', {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'Zz:Odd@Name' },
      rules: [],
    });
    const { page } = await launchApp({ kubeconfig: kubeconfig() });
    await expect(page.getByRole('status', { name: 'Connection' })).toHaveText('live', { timeout: 30_000 });

    const maps = await openKind(page, 'Config maps');
    await page.keyboard.press('/');
    await page.keyboard.type('zz-huge');
    await expect(rows(maps)).toHaveCount(1);
    await rows(maps).first().dblclick();
    const drawer = page.getByRole('complementary').filter({ hasText: 'zz-huge' });
    await expect(drawer.getByRole('tab', { name: 'YAML' })).toBeVisible();
    await drawer.getByRole('tab', { name: 'YAML' }).click();
    await expect(drawer.getByText(/^2\.\d MiB/)).toBeVisible({ timeout: 15_000 });
    await page.keyboard.press('Escape');

    const roles = await openKind(page, 'Cluster roles');
    await page.keyboard.press('/');
    await page.keyboard.type('Zz:Odd');
    await expect(rows(roles)).toHaveCount(1);
    await rows(roles).first().dblclick();
    await expect(page.getByRole('complementary').getByText('Zz:Odd@Name').first()).toBeVisible();
  },
);

test('a kind that vanishes while it is shown', { tag: '@demo' }, async ({ launchApp }) => {
  const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  const names = { plural: 'gadgets', singular: 'gadget', kind: 'Gadget', listKind: 'GadgetList' };
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  await create(crds, {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'gadgets.test.io' },
    spec: {
      group: 'test.io',
      scope: 'Namespaced',
      names,
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  });
  const gadget = { apiVersion: 'test.io/v1', kind: 'Gadget', metadata: { name: 'g1' } };
  await create('/apis/test.io/v1/namespaces/shop/gadgets', gadget);

  const { page } = await launchApp({ kubeconfig: kubeconfig() });
  await expect(page.getByRole('status', { name: 'Connection' })).toHaveText('live', { timeout: 30_000 });
  await page.keyboard.press(':');
  await expect(page.getByRole('combobox', { name: 'Jump to anything' })).toBeFocused();
  await page.keyboard.type('gadgets');
  await page.keyboard.press('Enter');
  const panel = page.getByRole('tabpanel', { name: 'Gadgets', exact: true });
  await expect(panel.getByText('g1', { exact: true })).toBeVisible();

  await ask(demo, `${crds}/gadgets.test.io`, { method: 'DELETE' });
  await expect(panel).toContainText(/no longer|serves no/i, { timeout: 30_000 });
  await expect(rows(await openKind(page, 'Pods')).first()).toBeVisible();
});

test('a namespace deleted while it is chosen', { tag: '@demo' }, async ({ launchApp }) => {
  await create('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'short' } });
  await create('/api/v1/namespaces/short/configmaps', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'only-one' },
  });
  const { page } = await launchApp({ kubeconfig: kubeconfig() });
  await expect(page.getByRole('status', { name: 'Connection' })).toHaveText('live', { timeout: 30_000 });
  await page.keyboard.press(':');
  await expect(page.getByRole('combobox', { name: 'Jump to anything' })).toBeFocused();
  await page.keyboard.type('configmaps -n short');
  await page.keyboard.press('Enter');
  const panel = page.getByRole('tabpanel', { name: 'Config maps', exact: true });
  await expect(panel.getByText('only-one', { exact: true })).toBeVisible();

  await ask(demo, '/api/v1/namespaces/short', { method: 'DELETE' });
  await ask(demo, '/api/v1/namespaces/short/configmaps/only-one', { method: 'DELETE' });
  demo.step(60_000);
  await expect(panel.getByText('only-one', { exact: true })).toHaveCount(0, { timeout: 15_000 });
  await expect(panel).toContainText(/No config maps in short/i);
  await panel.getByRole('button', { name: /all namespaces/i }).click();
  await expect(rows(panel).first()).toBeVisible();
});
