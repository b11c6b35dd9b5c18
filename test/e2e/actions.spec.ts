/** Actions on objects of a real cluster: preview, run, results, undo; what was changed is put back. */
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './support/app';
import { apply, kubectl } from './support/kubectl';
import { openKind, testKubeconfig } from './support/screen';

test.describe.configure({ mode: 'serial' });
test.skip(!testKubeconfig, 'needs a cluster named by BINNACLE_TEST_KUBECONFIG');

const space = `actions-${Math.random().toString(36).slice(2, 8)}`;

test.beforeAll(async () => {
  await apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: space } });
  const template = {
    metadata: { labels: { app: 'web' } },
    spec: {
      terminationGracePeriodSeconds: 0,
      containers: [
        {
          name: 'main',
          image: 'busybox:1.35',
          command: ['sleep', '3600'],
          resources: { requests: { cpu: '10m', memory: '16Mi' } },
        },
      ],
    },
  };
  await apply({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: space },
    spec: { replicas: 1, selector: { matchLabels: { app: 'web' } }, template },
  });
  await apply({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'alone', namespace: space },
    spec: template.spec,
  });
});

/** The sample as the cluster has it. */
const held = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'held', namespace: 'broken', finalizers: ['example.com/hold'] },
};

test.afterAll(async () => {
  await kubectl('delete', 'namespace', space, '--wait=false');
  await kubectl('uncordon', 'node-1');
});

async function rowOf(page: Page, title: string, namespace: string, name: string): Promise<Locator> {
  const panel = await openKind(page, title);
  await panel
    .getByRole('combobox')
    .or(panel.getByRole('textbox'))
    .first()
    .fill(namespace === '' ? name : `namespace:${namespace} ${name}`);
  const row = panel.getByRole('row').filter({ hasText: name }).first();
  await expect(row).toBeVisible();
  return row;
}

/** Right click, then the verb. */
async function act(page: Page, row: Locator, verb: string): Promise<void> {
  await row.click({ button: 'right' });
  await page.getByRole('menuitem', { name: new RegExp(`^${verb}`) }).click();
}

function lastAction(page: Page): Locator {
  return page.getByRole('status', { name: 'Last action' });
}

test('scale with its preview, and undo @real', async ({ launchApp }) => {
  const { page } = await launchApp({ kubeconfig: testKubeconfig });
  await act(page, await rowOf(page, 'Deployments', space, 'web'), 'Scale');
  const dialog = page.getByRole('dialog', { name: 'Scale deployment web' });
  await expect(dialog.getByText('It has 1 replica already.')).toBeVisible();
  await dialog.getByRole('spinbutton', { name: 'Replicas' }).fill('2');
  await expect(dialog.getByRole('table', { name: 'What changes' })).toHaveText(/spec\.replicas1to2/);
  await expect(
    dialog.getByText(/scale deployments\.apps\/web --current-replicas=1 --replicas=2/),
  ).toBeVisible();
  await dialog.getByRole('button', { name: 'Scale to 2' }).click();
  await expect(lastAction(page)).toContainText('Scaled from 1 to 2');
  expect(await kubectl('-n', space, 'get', 'deploy', 'web', '-o', 'jsonpath={.spec.replicas}')).toBe('2');
  await lastAction(page).getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Undo' }).click();
  await expect(lastAction(page)).toContainText('Scaled from 2 to 1');
  expect(await kubectl('-n', space, 'get', 'deploy', 'web', '-o', 'jsonpath={.spec.replicas}')).toBe('1');
});

test('a preview that is no longer true is not run @real', async ({ launchApp }) => {
  const { page } = await launchApp({ kubeconfig: testKubeconfig });
  await act(page, await rowOf(page, 'Deployments', space, 'web'), 'Scale');
  const dialog = page.getByRole('dialog', { name: 'Scale deployment web' });
  await dialog.getByRole('spinbutton', { name: 'Replicas' }).fill('3');
  await expect(dialog.getByRole('table', { name: 'What changes' })).toBeVisible();
  await kubectl('-n', space, 'scale', 'deploy/web', '--replicas=2');
  await dialog.getByRole('button', { name: 'Scale to 3' }).click();
  const results = page.getByRole('dialog').getByRole('list', { name: 'Results' });
  await expect(results).toContainText('changed since the preview');
  expect(await kubectl('-n', space, 'get', 'deploy', 'web', '-o', 'jsonpath={.spec.replicas}')).toBe('2');
  await kubectl('-n', space, 'scale', 'deploy/web', '--replicas=1');
});

test('restart by the annotation kubectl uses @real', async ({ launchApp }) => {
  const { page } = await launchApp({ kubeconfig: testKubeconfig });
  const row = await rowOf(page, 'Deployments', space, 'web');
  await row.click();
  await page.keyboard.press('Shift+R');
  await page.getByRole('dialog').getByRole('button', { name: 'Restart deployment web' }).click();
  await expect(lastAction(page)).toContainText('Restart begun');
  const path = 'jsonpath={.spec.template.metadata.annotations.kubectl\\.kubernetes\\.io/restartedAt}';
  expect(await kubectl('-n', space, 'get', 'deploy', 'web', '-o', path)).toMatch(/^\d{4}-\d\d-\d\dT/);
});

test('roll back shop/frontend through its revisions, and back again @real', async ({ launchApp }) => {
  const image = (): Promise<string> =>
    kubectl(
      '-n',
      'shop',
      'get',
      'deploy',
      'frontend',
      '-o',
      'jsonpath={.spec.template.spec.containers[0].image}',
    );
  const before = await image();
  const { page } = await launchApp({ kubeconfig: testKubeconfig });
  const row = await rowOf(page, 'Deployments', 'shop', 'frontend');
  const seen = new Set<string>([before]);
  for (const wanted of ['local/shop:1', 'local/shop:2', before]) {
    if ((await image()) === wanted) continue;
    await act(page, row, 'Roll back');
    const dialog = page.getByRole('dialog', { name: 'Roll back deployment frontend' });
    const revision = dialog
      .getByRole('radiogroup', { name: 'Revision' })
      .locator('label')
      .filter({ hasText: wanted })
      .first();
    await revision.click();
    await expect(dialog.getByRole('table', { name: 'What changes' })).toContainText(
      'spec.template.spec.containers[frontend].image',
    );
    await dialog.getByRole('button', { name: /^Roll back to revision \d+$/ }).click();
    await expect(lastAction(page)).toContainText('Rolled back to revision');
    await expect.poll(image).toBe(wanted);
    await expect(dialog).toBeHidden();
    await lastAction(page).getByRole('button', { name: 'Close' }).click();
    seen.add(wanted);
  }
  expect([...seen].sort()).toEqual(['local/shop:1', 'local/shop:2']);
  expect(await image()).toBe(before);
});

test('run the cron job batch/report now @real', async ({ launchApp }) => {
  const { page } = await launchApp({ kubeconfig: testKubeconfig });
  await act(page, await rowOf(page, 'Cron jobs', 'batch', 'report'), 'Run now');
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Run cron job report now$/ })
    .click();
  await expect(lastAction(page)).toContainText(/Job report-manual-\w{5} created/);
  const name = /report-manual-\w{5}/.exec(await lastAction(page).innerText())?.[0] ?? '';
  const path =
    'jsonpath={.metadata.annotations.cronjob\\.kubernetes\\.io/instantiate} {.metadata.ownerReferences[0].name}';
  expect(await kubectl('-n', 'batch', 'get', 'job', name, '-o', path)).toBe('manual report');
  await kubectl('-n', 'batch', 'delete', 'job', name, '--wait=false');
});

test('resize a pod in place @real', async ({ launchApp }) => {
  await kubectl('-n', space, 'wait', 'pod/alone', '--for=condition=Ready', '--timeout=60s');
  const { page } = await launchApp({ kubeconfig: testKubeconfig });
  await act(page, await rowOf(page, 'Pods', space, 'alone'), 'Resize in place');
  const dialog = page.getByRole('dialog', { name: 'Resize pod alone in place' });
  await dialog.getByRole('textbox', { name: 'CPU request of main' }).fill('25m');
  await expect(dialog.getByRole('table', { name: 'What changes' })).toHaveText(/requests\.cpu10mto25m/);
  await dialog.getByRole('button', { name: 'Resize pod alone in place' }).click();
  await expect(lastAction(page)).toContainText('Resize asked for');
  const got = (): Promise<string> =>
    kubectl(
      '-n',
      space,
      'get',
      'pod',
      'alone',
      '-o',
      'jsonpath={.status.containerStatuses[0].resources.requests.cpu} {.status.containerStatuses[0].restartCount}',
    );
  await expect.poll(got, { timeout: 30_000 }).toBe('25m 0');
});

test('delete broken/held with its finalizer, then remove it; Enter deletes nothing @real', async ({
  launchApp,
}) => {
  const get = (path: string): Promise<string> =>
    kubectl('-n', 'broken', 'get', 'cm', 'held', '--ignore-not-found', '-o', path);
  await apply(held);
  try {
    const { page } = await launchApp({ kubeconfig: testKubeconfig });
    const row = await rowOf(page, 'Config maps', 'broken', 'held');
    await row.click();
    await page.keyboard.press('x');
    const dialog = page.getByRole('dialog', { name: 'Delete config map held' });
    await expect(dialog.getByRole('list', { name: 'Consequences' })).toContainText(
      'only after example.com/hold',
    );
    await page.keyboard.press('Enter');
    await expect(dialog).toBeHidden();
    expect(await get('jsonpath={.metadata.deletionTimestamp}')).toBe('');
    await page.keyboard.press('x');
    await dialog.getByRole('button', { name: 'Delete config map held' }).click();
    await expect(lastAction(page)).toContainText('waits for example.com/hold');
    await act(page, row, 'Remove finalizer');
    const second = page.getByRole('dialog', { name: 'Remove finalizer from config map held' });
    await expect(second.getByRole('list', { name: 'Consequences' })).toContainText(
      'the controller of example.com',
    );
    await second.getByRole('button', { name: 'Remove finalizer' }).click();
    await expect.poll(() => get('name')).toBe('');
  } finally {
    await apply(held);
  }
});

test('draining node-1 names the budget of shop/db, can be cancelled and leaves the node as it was @real', async ({
  launchApp,
}) => {
  const pods = (): Promise<string> =>
    kubectl(
      'get',
      'pods',
      '-n',
      'shop',
      '-l',
      'app=db',
      '-o',
      'jsonpath={range .items[*]}{.metadata.uid} {end}',
    );
  const before = await pods();
  const { page } = await launchApp({ kubeconfig: testKubeconfig });
  const row = await rowOf(page, 'Nodes', '', 'node-1');
  await act(page, row, 'Drain');
  const dialog = page.getByRole('dialog', { name: 'Drain node-1' });
  const list = dialog.getByRole('list', { name: 'Pods of the node' });
  const db = list.getByRole('listitem').filter({ hasText: 'shop/db-0' });
  await expect(db).toContainText('Held back');
  await expect(db).toContainText('PodDisruptionBudget db never lets it go: maxUnavailable 0');
  // Bare pods and local data stop it: nothing is begun, and the node is not even cordoned.
  await expect(list).toContainText('Stops the drain');
  await expect(dialog.getByRole('button', { name: 'Drain node-1' })).toBeDisabled();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  expect(await kubectl('get', 'node', 'node-1', '-o', 'jsonpath={.spec.unschedulable}')).toBe('');
  expect(await pods()).toBe(before);
});

test('a drain is begun, held back by a budget, cancelled and gone on with, on a node of its own @real', async ({
  launchApp,
}) => {
  test.setTimeout(120_000);
  const node = `${space}-node`;
  const now = new Date().toISOString();
  const room = { cpu: '4', memory: '8Gi', pods: '20' };
  // A node that no kubelet serves: the scheduler and the Eviction API do not mind.
  // The taint keeps the samples' pods away: here nothing would ever end them.
  await apply({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: node, labels: { [space]: 'yes' } },
    spec: { taints: [{ key: space, effect: 'NoSchedule' }] },
  });
  const ready = {
    type: 'Ready',
    status: 'True',
    reason: 'Test',
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  };
  const status = { capacity: room, allocatable: room, conditions: [ready] };
  const patch = (...args: string[]): Promise<string> =>
    kubectl('patch', ...args, '--subresource=status', '--type=merge');
  try {
    await patch('node', node, '-p', JSON.stringify({ status }));
    for (const [name, replicas] of [
      ['free', 2],
      ['kept', 1],
    ] as const) {
      const labels = { app: name };
      const container = { name: 'main', image: 'busybox:1.35', command: ['sleep', '3600'] };
      await apply({
        apiVersion: 'apps/v1',
        kind: 'ReplicaSet',
        metadata: { name, namespace: space },
        spec: {
          replicas,
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: {
              terminationGracePeriodSeconds: 0,
              nodeSelector: { [space]: 'yes' },
              tolerations: [
                { operator: 'Exists', effect: 'NoExecute' },
                { key: 'node.kubernetes.io/not-ready', operator: 'Exists' },
                { key: space, operator: 'Exists' },
              ],
              containers: [container],
            },
          },
        },
      });
    }
    await apply({
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'kept', namespace: space },
      spec: { minAvailable: 1, selector: { matchLabels: { app: 'kept' } } },
    });
    const onNode = (app: string): Promise<string> =>
      kubectl(
        '-n',
        space,
        'get',
        'pods',
        '-l',
        `app=${app}`,
        `--field-selector=spec.nodeName=${node}`,
        '-o',
        'name',
      );
    await expect.poll(async () => (await onNode('free')).split('\n').length, { timeout: 30_000 }).toBe(2);
    await expect.poll(() => onNode('kept'), { timeout: 30_000 }).toMatch(/^pod\/kept-/);
    const kept = await onNode('kept');
    const running = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };
    await patch('-n', space, kept, '-p', JSON.stringify({ status: running }));
    const healthy = (): Promise<string> =>
      kubectl('-n', space, 'get', 'pdb', 'kept', '-o', 'jsonpath={.status.currentHealthy}');
    await expect.poll(healthy, { timeout: 20_000 }).toBe('1');

    const { page } = await launchApp({ kubeconfig: testKubeconfig });
    await act(page, await rowOf(page, 'Nodes', '', node), 'Drain');
    const dialog = page.getByRole('dialog', { name: `Drain ${node}` });
    const plan = dialog.getByRole('list', { name: 'Pods of the node' });
    await expect(plan.getByRole('listitem').filter({ hasText: `${space}/kept-` })).toContainText(
      'PodDisruptionBudget kept never lets it go',
    );
    await dialog.getByRole('button', { name: `Drain ${node}` }).click();
    const said = page.getByRole('status', { name: `Drain of ${node}` });
    const list = page.getByRole('list', { name: `Pods of ${node}` });
    await expect(list.getByRole('listitem').filter({ hasText: 'gone' })).toHaveCount(2, { timeout: 30_000 });
    await expect(list.getByRole('listitem').filter({ hasText: `${space}/kept-` })).toContainText('held back');
    await page.getByRole('button', { name: 'Cancel drain' }).click();
    await expect(said).toContainText(/cancelled/i);
    await expect(list.getByRole('listitem').filter({ hasText: `${space}/kept-` })).toContainText(
      'not evicted',
    );
    const cordoned = (): Promise<string> =>
      kubectl('get', 'node', node, '-o', 'jsonpath={.spec.unschedulable}');
    expect(await cordoned()).toBe('true');
    expect(await onNode('kept')).toBe(kept);

    await kubectl('-n', space, 'delete', 'pdb', 'kept');
    await page.getByRole('button', { name: 'Go on draining' }).click();
    await expect.poll(() => onNode('kept'), { timeout: 30_000 }).toBe('');
    await expect(page.getByRole('button', { name: 'Uncordon' })).toBeVisible();
    await page.getByRole('button', { name: 'Uncordon' }).click();
    await expect.poll(cordoned).toBe('');
  } finally {
    await kubectl('delete', 'node', node);
  }
});

test('cordon at once, undo uncordons @real', async ({ launchApp }) => {
  const cordoned = (): Promise<string> =>
    kubectl('get', 'node', 'node-1', '-o', 'jsonpath={.spec.unschedulable}');
  const { page } = await launchApp({ kubeconfig: testKubeconfig });
  await act(page, await rowOf(page, 'Nodes', '', 'node-1'), 'Cordon');
  await expect(lastAction(page)).toContainText('Cordoned');
  expect(await cordoned()).toBe('true');
  await lastAction(page).getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Undo' }).click();
  await expect(lastAction(page)).toContainText('Uncordoned');
  expect(await cordoned()).toBe('');
});
