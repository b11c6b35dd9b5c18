/** The connection page tests step by step, in the real app. */
import { expect, test } from './support/app';
import { testKubeconfig } from './support/screen';

test('the connection page shows every step and its result', async ({ launchApp }) => {
  const { page } = await launchApp({ kubeconfig: testKubeconfig });
  await expect(page.getByRole('status', { name: 'Connection' })).toHaveText('live', { timeout: 30_000 });
  await page
    .getByRole('navigation', { name: 'Kinds' })
    .getByRole('link', { name: 'Connection', exact: true })
    .click();
  const panel = page.getByRole('tabpanel', { name: 'Connection', exact: true });
  for (const step of ['DNS', 'TCP', 'TLS', 'Credentials', 'Who am I', 'Version', 'Latency', 'Health']) {
    await expect(panel.getByText(step, { exact: true })).toBeVisible({ timeout: 20_000 });
  }
  await expect(panel).toContainText(/v1\.\d+/);
  await expect(panel).toContainText('Alive and ready', { timeout: 20_000 });
  await panel.getByRole('button', { name: 'Run again' }).click();
  await expect(panel).toContainText('Alive and ready', { timeout: 20_000 });
});
