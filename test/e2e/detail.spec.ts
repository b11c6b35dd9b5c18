/** Details on a real cluster: diagnosis and next step, environment with sources, secrets, endpoints, links and back. */
import { expect, test, type RunningApp } from './support/app';
import { apply, kubectl } from './support/kubectl';
import { openKind, testKubeconfig } from './support/screen';

const namespace = `binnacle-detail-${Date.now().toString(36)}`;
const options = { kubeconfig: testKubeconfig };
type Page = RunningApp['page'];

async function open(page: Page, kind: string, name: string): Promise<ReturnType<Page['getByRole']>> {
  const panel = await openKind(page, kind);
  await panel.getByRole('textbox', { name: 'Filter' }).fill(name);
  await panel
    .getByRole('row', { name: new RegExp(name) })
    .first()
    .getByRole('gridcell')
    .first()
    .click();
  await page.keyboard.press('Enter');
  const drawer = page.getByRole('complementary', { name: 'Details' });
  await expect(drawer.getByRole('heading', { level: 2 })).toContainText(name);
  return drawer;
}

test.describe('details', { tag: '@real' }, () => {
  test.beforeAll(async () => {
    const metadata = { namespace };
    await apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    await apply({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { ...metadata, name: 'settings' },
      data: { color: 'blue' },
    });
    await apply({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { ...metadata, name: 'login' },
      stringData: { password: 'hunter2-detail' },
    });
    const env = [
      { name: 'COLOR', valueFrom: { configMapKeyRef: { name: 'settings', key: 'color' } } },
      { name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'login', key: 'password' } } },
      { name: 'SHAPE', valueFrom: { configMapKeyRef: { name: 'settings', key: 'shape', optional: true } } },
    ];
    const container = { name: 'app', image: 'busybox:1.35', ports: [{ name: 'http', containerPort: 8080 }] };
    await apply({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...metadata, name: 'breaks', labels: { app: 'breaks' } },
      spec: { containers: [{ ...container, env, command: ['sh', '-c', 'echo no database; exit 3'] }] },
    });
    await apply({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { ...metadata, name: 'breaks' },
      spec: { selector: { app: 'breaks' }, ports: [{ port: 80, targetPort: 'http' }] },
    });
  });
  test.afterAll(async () => {
    await kubectl('delete', 'namespace', namespace, '--wait=false', '--ignore-not-found');
  });

  test('a crashing pod says why and opens the log of its last run', async ({ launchApp }) => {
    test.setTimeout(150_000);
    const { page } = await launchApp(options);
    const drawer = await open(page, 'Pods', 'breaks');
    const diagnosis = drawer.getByRole('region', { name: 'Diagnosis' });
    // Every restart shows another state for a second: what was begun then begins again.
    await expect(async () => {
      await expect(diagnosis).toContainText('CrashLoop of app: exit 3', { timeout: 60_000 });
      const how = diagnosis.getByRole('button', { name: 'How it is known' });
      if ((await how.getAttribute('aria-expanded')) === 'false') await how.click({ timeout: 2_000 });
      await expect(diagnosis).toContainText('status.containerStatuses[app].lastState.terminated', {
        timeout: 2_000,
      });
      await diagnosis.getByRole('button', { name: 'Log of the last run' }).click({ timeout: 2_000 });
    }).toPass({ timeout: 100_000 });
    await expect(page.getByText('no database').first()).toBeVisible({ timeout: 20_000 });
  });

  test('environment tells its sources; a secret is masked until it is revealed', async ({ launchApp }) => {
    const { page } = await launchApp(options);
    const drawer = await open(page, 'Pods', 'breaks');
    await drawer.getByRole('button', { name: 'Environment, 3 entries' }).click();
    const env = drawer.getByRole('list', { name: 'Environment of app' });
    await expect(env.getByRole('listitem').filter({ hasText: 'COLOR' })).toContainText(
      'blue from config map settings, key color',
    );
    await expect(env.getByRole('listitem').filter({ hasText: 'SHAPE' })).toContainText('not set (optional)');
    await expect(page.getByText('hunter2-detail')).toHaveCount(0);
    await env.getByRole('button', { name: 'secret login' }).click();
    await expect(drawer.getByRole('heading', { level: 2 })).toHaveText('login');
    await drawer.getByRole('button', { name: 'Reveal password' }).click();
    await expect(drawer.getByLabel('Value of password', { exact: true })).toHaveText('hunter2-detail');
    await page.keyboard.press('Alt+ArrowLeft');
    await expect(drawer.getByRole('heading', { level: 2 })).toHaveText('breaks');
  });

  // That what another program put there stays is proven beside the code: src/main/app/brief-copy.test.ts.
  test('a secret leaves the screen and the clipboard after 30 s', async ({ launchApp }) => {
    test.setTimeout(90_000);
    const { app, page } = await launchApp(options);
    const clipboard = (): Promise<string> => app.evaluate(({ clipboard: board }) => board.readText());
    const drawer = await open(page, 'Secrets', 'login');
    const value = drawer.getByLabel('Value of password', { exact: true });
    await drawer.getByRole('button', { name: 'Reveal password' }).click();
    await expect(value).toHaveText('hunter2-detail');
    await drawer.getByRole('button', { name: 'Copy value of password' }).click();
    await expect(drawer.getByText('Copied; it leaves the clipboard in 30 s')).toBeVisible();
    expect(await clipboard()).toBe('hunter2-detail');
    await expect(value).toBeVisible();
    await expect.poll(clipboard, { timeout: 35_000 }).toBe('');
    await expect(value).toHaveCount(0);
  });

  test('a service names its endpoints and why none is ready', async ({ launchApp }) => {
    const { page } = await launchApp(options);
    const drawer = await open(page, 'Services', 'breaks');
    await expect(drawer.getByRole('region', { name: 'Diagnosis' })).toContainText(
      '1 pod matches, it is not ready',
      { timeout: 60_000 },
    );
    await expect(drawer.getByRole('region', { name: /^Endpoints 0 of 1 ready/ })).toBeVisible();
  });

  test('a node shows what its pods request, and links go there and back by keyboard', async ({
    launchApp,
  }) => {
    const { page } = await launchApp(options);
    const drawer = await open(page, 'Nodes', 'node-1');
    await expect(drawer.getByRole('region', { name: 'Requested by its pods' })).toContainText(
      /Pods\d+ of \d+/,
    );
    const pods = drawer.getByRole('region', { name: /^Pods \d+/ });
    await pods.getByRole('button').first().press('Enter');
    await expect(drawer.getByRole('button', { name: /^Back to node-1/ })).toBeVisible();
    await page.keyboard.press('Alt+ArrowLeft');
    await expect(drawer.getByRole('heading', { level: 2 })).toHaveText('node-1');
  });
});
