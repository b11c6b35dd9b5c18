/**
 * Admission, authentication, the graph and a grant, on a real cluster. What a test makes it removes;
 * its webhook and policy hold only in namespaces with a label nobody else has.
 */
import type { Page } from '@playwright/test';
import { expect, test } from './support/app';
import { apply, kubectl } from './support/kubectl';
import { testKubeconfig } from './support/screen';

const options = { kubeconfig: testKubeconfig };
const patience = { timeout: 30_000 };
const group = 'admissionregistration.k8s.io';

async function openPage(page: Page, title: string): Promise<void> {
  await expect(page.getByRole('status', { name: 'Connection' })).toHaveText('live', patience);
  await page
    .getByRole('navigation', { name: 'Kinds' })
    .getByRole('link', { name: title, exact: true })
    .click();
}

async function choose(page: Page, name: string): Promise<void> {
  await page.getByRole('radio', { name, exact: true }).check({ force: true });
}

test.describe('admission, authentication and grants in a real cluster', { tag: '@real' }, () => {
  test('a dead webhook, a policy without a binding, and what a pod would meet', async ({ launchApp }) => {
    const mark = `e2e-${Date.now().toString(36)}`;
    const made: string[][] = [];
    try {
      await apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: mark, labels: { mark } } });
      made.push(['namespace', mark, '--wait=false']);
      await apply({
        apiVersion: `${group}/v1`,
        kind: 'ValidatingWebhookConfiguration',
        metadata: { name: mark },
        webhooks: [
          {
            name: `${mark}.example.com`,
            admissionReviewVersions: ['v1'],
            sideEffects: 'None',
            failurePolicy: 'Fail',
            clientConfig: { service: { name: 'gone', namespace: mark } },
            namespaceSelector: { matchLabels: { mark } },
            rules: [
              {
                apiGroups: [''],
                apiVersions: ['v1'],
                operations: ['CREATE'],
                resources: ['pods'],
                scope: '*',
              },
            ],
          },
        ],
      });
      made.push(['validatingwebhookconfiguration', mark]);
      await apply({
        apiVersion: `${group}/v1`,
        kind: 'ValidatingAdmissionPolicy',
        metadata: { name: mark },
        spec: {
          matchConstraints: {
            resourceRules: [
              { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] },
            ],
          },
          validations: [{ expression: 'true', message: mark }],
        },
      });
      made.push(['validatingadmissionpolicy', mark]);
      const { page } = await launchApp(options);
      await openPage(page, 'Admission');
      const row = page.getByRole('table', { name: 'Webhooks' }).getByRole('row').filter({ hasText: mark });
      await expect(row).toContainText('the Service does not exist', patience);
      await expect(row).toContainText('Refuses every request it matches now');
      await choose(page, 'Policies');
      const policy = page.getByRole('list', { name: 'Admission policies' }).getByRole('listitem');
      await expect(policy.filter({ hasText: mark })).toContainText('No binding: it does nothing.', patience);
      await choose(page, 'Test an object');
      await page.getByRole('combobox', { name: 'Resource', exact: true }).fill('pods');
      await page.getByRole('combobox', { name: 'Namespace', exact: true }).selectOption(mark);
      const answer = page.getByRole('status', { name: 'Answer' });
      await expect(answer).toContainText('is refused as things are', patience);
      await page.getByRole('combobox', { name: 'Namespace', exact: true }).selectOption('default');
      await expect(answer).not.toContainText('is refused as things are', patience);
      await choose(page, 'Pod Security');
      await choose(page, 'Against baseline');
      const system = page
        .getByRole('table', { name: 'Pod Security by namespace' })
        .getByRole('row')
        .filter({ hasText: 'kube-system' });
      await system.getByRole('button', { name: /pods?$/ }).click();
      await expect(page.getByRole('list', { name: 'Violations in kube-system' })).toContainText(
        'Host namespaces',
        patience,
      );
    } finally {
      for (const words of made.reverse()) await kubectl('delete', ...words, '--ignore-not-found');
    }
  });

  test('who one is, by which credential, and which certificates end when', async ({ launchApp }) => {
    const { page } = await launchApp(options);
    await openPage(page, 'Authentication');
    await expect(page.getByRole('status', { name: 'Answer' })).toHaveText(/^You are admin, by/, patience);
    await expect(page.getByRole('region', { name: 'Who you are' })).toContainText('system:authenticated');
    await expect(page.getByRole('table', { name: 'Certificates' })).toContainText('CA of the cluster');
    await expect(page.getByText('-----BEGIN')).toHaveCount(0);
  });

  test('the graph of a question shows subject, binding and role', async ({ launchApp }) => {
    const { page } = await launchApp(options);
    await openPage(page, 'Who can what');
    await choose(page, 'Graph');
    await page.getByRole('combobox', { name: 'Resource or URL' }).fill('secrets');
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('payment-key');
    await page.getByRole('combobox', { name: 'Namespace', exact: true }).selectOption('shop');
    const graph = page.getByRole('group', { name: 'Graph of subjects, bindings and roles' });
    const jane = graph.getByRole('button', { name: 'User jane' });
    await expect(jane).toBeVisible(patience);
    await jane.click();
    await expect(jane).toHaveAttribute('aria-pressed', 'true');
    const state = (name: string) => graph.getByRole('button', { name, exact: true });
    await expect(state('RoleBinding shop/jane-one-secret')).toHaveAttribute('data-state', 'on');
    await expect(state('Role shop/one-secret')).toHaveAttribute('data-state', 'on');
  });

  test('a grant is checked, written, and counts', async ({ launchApp }) => {
    const name = `e2e-${Date.now().toString(36)}`;
    try {
      const { page } = await launchApp(options);
      await openPage(page, 'Who can what');
      await choose(page, 'Grant');
      await page.getByRole('combobox', { name: 'User', exact: true }).fill(name);
      await page.getByRole('combobox', { name: 'Namespace', exact: true }).selectOption('web');
      await choose(page, 'A new role');
      await page.getByRole('textbox', { name: 'Name of role and binding' }).fill(name);
      await page.getByRole('combobox', { name: 'Resources or URL' }).fill('pods, deployments.apps');
      await expect(page.getByLabel('Grant as YAML')).toContainText(`name: ${name}`, patience);
      await expect(page.getByRole('region', { name: 'Check of your rights' })).toContainText(
        'You hold everything it gives',
        patience,
      );
      await page.getByRole('button', { name: 'Create', exact: true }).click();
      await page.getByRole('button', { name: 'Grant', exact: true }).click();
      await expect(page.getByRole('status', { name: 'Grant' })).toContainText(`${name} is there`, patience);
      await expect
        .poll(async () => {
          // `no` is a status of its own.
          const asked = kubectl('auth', 'can-i', 'list', 'deployments.apps', '-n', 'web', '--as', name);
          return asked.catch(() => 'no');
        }, patience)
        .toContain('yes');
    } finally {
      await kubectl('delete', 'role,rolebinding', name, '-n', 'web', '--ignore-not-found');
    }
  });
});
