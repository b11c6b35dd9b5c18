/**
 * Access, on a real cluster: who may do what with the path, a role out of a refusal, the cluster as
 * somebody else sees it. Users and roles are those of the cluster kit's samples; what the test
 * itself grants is removed again.
 */
import type { Page } from '@playwright/test';
import { parse } from 'yaml';
import { expect, test } from './support/app';
import { apply, kubectl } from './support/kubectl';
import { openContext, openKind, rows, testKubeconfig } from './support/screen';

const options = { kubeconfig: testKubeconfig };
const patience = { timeout: 30_000 };

async function openAccess(page: Page, question: string): Promise<void> {
  await expect(page.getByRole('status', { name: 'Connection' })).toHaveText('live', patience);
  await page
    .getByRole('navigation', { name: 'Kinds' })
    .getByRole('link', { name: 'Who can what', exact: true })
    .click();
  await page.getByRole('radio', { name: question, exact: true }).check({ force: true });
}

async function ask(page: Page, verb: string, target: string, name: string, namespace: string): Promise<void> {
  await page.getByRole('combobox', { name: 'Verb' }).fill(verb);
  await page.getByRole('combobox', { name: 'Resource or URL' }).fill(target);
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
  await page.getByRole('combobox', { name: 'Namespace', exact: true }).selectOption(namespace);
}

async function chooseUser(page: Page, name: string, groups: string): Promise<void> {
  await page.getByRole('radio', { name: 'User', exact: true }).check({ force: true });
  await page.getByRole('combobox', { name: 'User', exact: true }).fill(name);
  await page.getByRole('textbox', { name: 'Groups' }).fill(groups);
}

test.describe('access in a real cluster', { tag: '@real' }, () => {
  test('jane can get one Secret and no other, with the path, and the server agrees', async ({
    launchApp,
  }) => {
    const { page } = await launchApp(options);
    await openAccess(page, 'Can they');
    await chooseUser(page, 'jane', 'developers');
    const answer = page.getByRole('status', { name: 'Answer' });
    await ask(page, 'get', 'secrets', 'payment-key', 'shop');
    await expect(answer).toHaveText(/^yes .*jane get secrets payment-key in shop/, patience);
    await expect(page.getByText('The API server agrees')).toBeVisible();
    const why = page.getByRole('region', { name: 'Why' });
    await expect(why.getByRole('button', { name: 'shop/jane-one-secret' })).toBeVisible();
    await expect(why.getByRole('button', { name: 'shop/one-secret' })).toBeVisible();
    await expect(why).toContainText('get secrets named payment-key');
    await ask(page, 'get', 'secrets', '', 'shop');
    await expect(answer).toHaveText(/^no .*jane get secrets in shop/, patience);
    await ask(page, 'list', 'secrets', '', 'shop');
    await expect(answer).toHaveText(/^no .*jane list secrets in shop/, patience);
    await page.getByRole('radio', { name: 'Who can', exact: true }).check({ force: true });
    await ask(page, 'get', 'secrets', 'payment-key', 'shop');
    const subjects = page.getByRole('list', { name: 'Subjects' });
    await expect(subjects.getByRole('listitem').filter({ hasText: 'user jane' })).toContainText(
      'one-secret',
      patience,
    );
  });

  test('the rules of an aggregated role reach the group it is bound to', async ({ launchApp }) => {
    const { page } = await launchApp(options);
    await openAccess(page, 'Effective rules');
    await page.getByRole('radio', { name: 'Group', exact: true }).check({ force: true });
    await page.getByRole('combobox', { name: 'Group', exact: true }).fill('developers');
    await page.getByRole('combobox', { name: 'Namespace', exact: true }).selectOption('shop');
    const table = page.getByRole('table', { name: 'Effective rules' });
    const scale = table.getByRole('row').filter({ hasText: 'deployments.apps/scale' });
    await expect(scale).toContainText('get, list, watch, update, patch', patience);
    await expect(scale.getByRole('button', { name: 'deployer', exact: true })).toBeVisible();
  });

  test('a view as jane hides what she may not do, and is left with one click', async ({ launchApp }) => {
    const { page } = await launchApp(options);
    await openAccess(page, 'Can they');
    await chooseUser(page, 'jane', 'developers');
    await page.getByRole('button', { name: 'View the cluster as jane' }).click();
    await page.getByRole('button', { name: 'View as jane', exact: true }).click();
    const frame = page.getByRole('status', { name: 'View as somebody else' }).filter({ visible: true });
    await expect(frame).toContainText('Seen as jane', patience);
    await expect(frame).toContainText('developers', patience);
    const secrets = page.getByRole('link', { name: 'Secrets', exact: true }).filter({ visible: true });
    await expect(secrets).toBeVisible(patience);
    await secrets.click();
    await expect(page.getByText('Secrets cannot be listed').filter({ visible: true })).toBeVisible(patience);
    await page.getByRole('button', { name: 'Leave this view' }).filter({ visible: true }).click();
    await expect(frame).toHaveCount(0);
    await rows(await openKind(page, 'Secrets'))
      .first()
      .waitFor();
  });

  test('a refusal yields a role that, applied by an administrator, makes it work', async ({ launchApp }) => {
    const { page } = await launchApp(options);
    const made: { kind: string; name: string }[] = [];
    const context = (await kubectl('config', 'get-contexts', '-o', 'name'))
      .split('\n')
      .find((name) => name.startsWith('certificate@'));
    if (!context) throw new Error('the kubeconfig has no context certificate@...');
    await openContext(page, context);
    await page.getByRole('link', { name: 'Config maps', exact: true }).filter({ visible: true }).click();
    const refusal = page.getByRole('alert').filter({ hasText: 'Config maps cannot be listed' });
    await refusal.getByRole('button', { name: 'What would allow it' }).click();
    const dialog = page.getByRole('dialog', { name: 'What would allow it' });
    await dialog.getByRole('checkbox').check();
    const text = dialog.getByLabel('Role and binding as YAML');
    await expect(text).toContainText('name: jane', patience);
    const yaml = await text.innerText();
    expect(yaml).toContain('kind: ClusterRole');
    try {
      for (const part of yaml.split(/^---$/m)) {
        const object = parse(part) as { kind: string; metadata: { name: string } };
        made.push({ kind: object.kind, name: object.metadata.name });
        await apply(object);
      }
      await dialog.getByRole('button', { name: 'Close' }).click();
      // The server's authorizer hears of new roles a moment after they were written.
      await expect(async () => {
        const again = refusal.getByRole('button', { name: 'Try again' });
        if (await again.isVisible()) await again.click();
        await expect(refusal).toHaveCount(0, { timeout: 2_000 });
      }).toPass(patience);
      await expect(page.getByRole('grid', { name: 'Config maps' }).filter({ visible: true })).toContainText(
        'kube-root-ca.crt',
        patience,
      );
    } finally {
      for (const { kind, name } of made) await kubectl('delete', kind, name, '--ignore-not-found');
    }
  });
});
