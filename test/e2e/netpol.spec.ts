/** Network policies on a real cluster with the samples: verdicts with their reasons, what if, enforcement. */
import type { Page } from '@playwright/test';
import { expect, test } from './support/app';
import { apply, kubectl } from './support/kubectl';
import { testKubeconfig } from './support/screen';

async function openPage(page: Page): Promise<void> {
  await expect(page.getByRole('status', { name: 'Connection' })).toHaveText('live', { timeout: 30_000 });
  await page
    .getByRole('navigation', { name: 'Kinds' })
    .getByRole('link', { name: 'Can A reach B', exact: true })
    .click();
}

async function choose(page: Page, label: string, text: string, option: RegExp): Promise<void> {
  const box = page.getByRole('combobox', { name: label, exact: true });
  await box.click();
  await box.fill(text);
  await page.getByRole('option', { name: option }).first().click();
}

async function view(page: Page, name: string): Promise<void> {
  await page.getByRole('radiogroup', { name: 'View' }).getByText(name, { exact: true }).click();
}

test('@real says who can reach whom in shop, why, and that nothing enforces it', async ({ launchApp }) => {
  const { page } = await launchApp({ kubeconfig: testKubeconfig });
  await openPage(page);
  await expect(page.getByRole('note', { name: 'Enforcement' })).toContainText(
    'Nothing enforces network policies here',
    { timeout: 30_000 },
  );
  const answer = page.getByRole('region', { name: 'Answer' });

  await choose(page, 'From', 'shop frontend', /^shop.frontend ?Deployment/);
  await choose(page, 'To', 'shop cart', /^shop.cart ?Service/);
  await page.getByRole('textbox', { name: 'Port' }).fill('8080');
  await expect(answer).toContainText('Deployment shop/frontend to service shop/cart on TCP 8080: allowed.');
  await expect(answer.getByRole('region', { name: /^Ingress of shop\/cart/ })).toContainText(
    'cart-from-frontend in shop allows',
  );
  await answer.getByRole('button', { name: /^Connect for real from frontend-/ }).click();
  await expect(answer).toContainText('Policies allow it, and it connects.', { timeout: 30_000 });

  await choose(page, 'From', 'shop cart', /^shop.cart ?Deployment/);
  await choose(page, 'To', 'shop frontend', /^shop.frontend ?Deployment/);
  await expect(answer).toContainText(
    'Deployment shop/cart to Deployment shop/frontend on TCP 8080: allowed.',
  );
  await expect(answer.getByRole('region', { name: /^Ingress of shop\/frontend/ })).toContainText(
    'frontend-from-anywhere in shop allows',
  );

  await choose(page, 'From', 'shop db', /^shop.db ?StatefulSet/);
  for (const [text, option] of [
    ['shop cart', /^shop.cart ?Deployment/],
    ['shop frontend', /^shop.frontend ?Deployment/],
    ['internet', /any public/],
  ] as const) {
    await choose(page, 'To', text, option);
    await expect(answer).toContainText(/^StatefulSet shop\/db to .* on TCP 8080: denied\./);
    await expect(answer.getByRole('region', { name: /^Egress of shop\/db-0/ })).toContainText(
      'Egress is isolated and no rule allows anything.',
    );
  }
  await expect(answer).toContainText('In fact it passes: nothing enforces policies here.');
});

test('@real shows what removing default-deny would open, and the effect of a policy in its details', async ({
  launchApp,
}) => {
  // In shop every pod has a policy of its own beside default-deny; here one pod has none.
  const own = `binnacle-netpol-${Math.random().toString(36).slice(2, 8)}`;
  await apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: own } });
  try {
    await apply({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'default-deny', namespace: own },
      spec: { podSelector: {}, policyTypes: ['Ingress'] },
    });
    await apply({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'waits', namespace: own, labels: { app: 'waits' } },
      spec: { nodeSelector: { no: 'such-node' }, containers: [{ name: 'app', image: 'local/shop:1' }] },
    });
    await whatIfRemoved((await launchApp({ kubeconfig: testKubeconfig })).page, own);
  } finally {
    await kubectl('delete', 'namespace', own, '--wait=false');
  }
});

async function whatIfRemoved(page: Page, own: string): Promise<void> {
  await openPage(page);
  await view(page, 'Policies');
  const table = page.getByRole('table', { name: 'Policies' });
  const row = table.getByRole('row').filter({ hasText: `default-deny in ${own}` });
  await row.getByRole('button', { name: 'default-deny' }).click({ timeout: 30_000 });
  await page.getByRole('tab', { name: 'Effect' }).click();
  await expect(page.getByRole('region', { name: 'Selects' })).toContainText(`all pods in namespace ${own}`);
  await expect(page.getByRole('region', { name: 'Rules in words' })).toContainText(
    'Ingress is isolated and no rule allows anything.',
  );
  await page.getByRole('button', { name: 'What if it were removed' }).click();
  const effect = page.getByRole('region', { name: 'Effect' });
  await expect(effect.getByRole('status', { name: 'Effect in numbers' })).toContainText(
    /^[1-9]\d* added, 0 removed/,
    {
      timeout: 20_000,
    },
  );
  const list = effect.getByRole('list', { name: 'Flows that would change' });
  await expect(list.getByText(`shop/frontend to ${own}/waits`)).toBeVisible();
  await page.getByRole('button', { name: 'Start over' }).click();
  await page.getByText('Write a policy by choosing').click();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('only-web');
  await page.getByRole('radiogroup', { name: 'Ingress of the policy' }).getByText('Allow by rules').click();
  await page.getByRole('textbox', { name: 'From what, rule 1' }).fill('app=web');
  await page.getByRole('textbox', { name: 'Ports, rule 1' }).fill('8080');
  await page.getByRole('button', { name: 'Put it into the draft' }).click();
  await expect(page.getByRole('textbox', { name: 'Policies as YAML' })).toContainText('name: only-web');
  await page.getByRole('button', { name: 'Start over' }).click();
  await page.getByRole('combobox', { name: 'Namespace of templates' }).selectOption('shop');
  await page
    .getByRole('combobox', { name: 'Add a template' })
    .selectOption({ label: 'Default deny, ingress and egress' });
  await expect(list.getByText('shop/frontend to shop/cart').first()).toBeVisible({ timeout: 20_000 });
  await expect(effect).toContainText('cannot ask DNS');
}

test('@real draws the matrix, the graph and the coverage of the cluster', async ({ launchApp }) => {
  const { page } = await launchApp({ kubeconfig: testKubeconfig });
  await openPage(page);
  await view(page, 'Matrix');
  const canvas = page.getByRole('application', { name: /^Matrix of \d+ workloads/ });
  await canvas.focus({ timeout: 30_000 });
  await canvas.press('ArrowDown');
  await canvas.press('ArrowRight');
  await expect(page.getByRole('status', { name: 'Cell' })).toHaveText(/ to .*: (every port|nothing|TCP|UDP)/);
  await canvas.press('Enter');
  await expect(
    page.getByRole('complementary', { name: 'Why' }).getByRole('region', { name: 'Answer' }),
  ).toBeVisible();
  await view(page, 'Graph');
  await choose(page, 'Around', 'shop cart', /^shop.cart ?Deployment/);
  await expect(page.getByRole('list', { name: 'Flows' })).toContainText('shop/frontend to shop/cartTCP 8080');
  await expect(page.getByRole('application', { name: /^Graph of allowed flows/ })).toBeVisible();
  await view(page, 'Coverage');
  const shop = page
    .getByRole('table', { name: 'Coverage of namespaces' })
    .getByRole('row', { name: /^shop / });
  await expect(shop).toContainText('ingress by default-deny');
});
