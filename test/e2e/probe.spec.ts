/**
 * Probes against a real cluster (BINNACLE_TEST_KUBECONFIG): an HTTP request to a port, names and
 * connections from inside a pod, and beside them what network policies say.
 */
import { expect, test } from './support/app';
import { settled } from './support/kubectl';
import { testKubeconfig } from './support/screen';
import { choose, command } from './support/terminals';

const options = { kubeconfig: testKubeconfig };

test.describe('probes', { tag: '@real' }, () => {
  test.beforeAll(() => settled('shop', 'frontend'));
  test('an HTTP request to a Service tells status, pod, times, headers and body', async ({ launchApp }) => {
    const { page, shot } = await launchApp(options);
    await choose(page, 'Services', 'frontend');
    await command(page, 'Probe: HTTP, DNS, TCP');
    const dialog = page.getByRole('dialog', { name: 'Probe frontend' });
    await expect(dialog.getByRole('textbox', { name: 'Port' })).toHaveValue('80');
    await dialog.getByRole('button', { name: 'Try' }).click();
    const answer = dialog.getByRole('status', { name: 'Answer' });
    await expect(answer).toContainText(/200 OK.*from frontend-.*:8080/, { timeout: 15_000 });
    await expect(answer.getByLabel('Body')).toContainText(/^frontend of frontend-/);
    await shot('probe-http');
    await dialog.getByRole('textbox', { name: 'Path' }).fill('/no-such-page');
    await page.keyboard.press('Enter');
    await expect(answer).toContainText('404');
    await dialog.getByText('https', { exact: true }).click();
    await dialog.getByRole('button', { name: 'Try' }).click();
    await expect(dialog.getByRole('alert')).toContainText('not with TLS');
  });

  test('from a pod: a connection to a Service, beside what policies say of it', async ({ launchApp }) => {
    const { page, shot } = await launchApp(options);
    await choose(page, 'Pods', 'frontend-');
    await command(page, 'Probe: HTTP, DNS, TCP');
    const dialog = page.getByRole('dialog', { name: /^Probe frontend-/ });
    const answer = dialog.getByRole('status', { name: 'Answer' });
    const policies = dialog.getByRole('region', { name: 'Network policies' });
    const to = dialog.getByRole('combobox', { name: 'To' });
    const attempt = dialog.getByRole('button', { name: 'Try' });

    await dialog.getByText('TCP from it').click();
    await to.click();
    await page.keyboard.type('shop/cart');
    await dialog.getByRole('option').filter({ hasText: 'Service' }).first().click();
    await expect(to).toHaveValue('cart.shop');
    await expect(dialog.getByRole('textbox', { name: 'Port' })).toHaveValue('8080');
    await expect(policies).toContainText('on TCP 8080: allowed.', { timeout: 20_000 });
    await expect(policies).toContainText('NetworkPolicy shop/cart-from-frontend');
    await attempt.click();
    await expect(answer).toContainText('This pod reaches cart.shop:8080', { timeout: 20_000 });
    await shot('probe-tcp');
  });

  test('from a pod that a policy keeps in: names and connections, beside the policy', async ({
    launchApp,
  }) => {
    const { page, shot } = await launchApp(options);
    await choose(page, 'Pods', 'db-0');
    await command(page, 'Probe: HTTP, DNS, TCP');
    const dialog = page.getByRole('dialog', { name: 'Probe db-0' });
    const answer = dialog.getByRole('status', { name: 'Answer' });
    const policies = dialog.getByRole('region', { name: 'Network policies' });
    const attempt = dialog.getByRole('button', { name: 'Try' });
    // The cluster of these tests stores policies and enforces none.
    const passed = 'It passed all the same: nothing enforces policies in this cluster.';

    await dialog.getByText('DNS from it').click();
    await dialog.getByRole('combobox', { name: 'To' }).fill('frontend');
    await attempt.click();
    await expect(answer).toContainText(/frontend is 198\.19\.\d+\.\d+ for this pod/, { timeout: 20_000 });
    await expect(dialog).toContainText('Service kube-system/kube-dns');
    await expect(policies).toContainText('service kube-system/kube-dns on UDP 53: denied.');
    await expect(policies).toContainText('NetworkPolicy shop/db-from-backend');
    await expect(policies).toContainText(passed);
    await shot('probe-dns');

    await dialog.getByRole('combobox', { name: 'To' }).fill('no-such-name');
    await attempt.click();
    await expect(answer).toContainText('cannot resolve no-such-name: its name server knows no such name', {
      timeout: 20_000,
    });

    await dialog.getByText('TCP from it').click();
    await dialog.getByRole('combobox', { name: 'To' }).fill('cart');
    await dialog.getByRole('textbox', { name: 'Port' }).fill('8080');
    await expect(policies).toContainText('service shop/cart on TCP 8080: denied.', { timeout: 20_000 });
    await expect(policies).toContainText('NetworkPolicy shop/db-from-backend');
    await attempt.click();
    await expect(answer).toContainText('This pod reaches cart:8080', { timeout: 20_000 });
    await expect(policies).toContainText(passed);
    await shot('probe-denied');

    await dialog.getByRole('textbox', { name: 'Port' }).fill('8081');
    await attempt.click();
    await expect(answer).toContainText(/This pod does not reach cart:8081/, { timeout: 20_000 });
  });

  test('a pod without tools offers a debug container', async ({ launchApp }) => {
    const { page } = await launchApp({ ...options, settings: { debugImages: ['busybox:1.35'] } });
    await choose(page, 'Pods', 'metrics-server');
    await command(page, 'Probe: HTTP, DNS, TCP');
    const dialog = page.getByRole('dialog', { name: /^Probe metrics-server/ });
    await dialog.getByText('DNS from it').click();
    await dialog.getByRole('combobox', { name: 'To' }).fill('frontend.shop');
    await dialog.getByRole('button', { name: 'Try' }).click();
    await expect(dialog.getByRole('alert')).toContainText(/has none of .*nslookup/, { timeout: 20_000 });
    await dialog.getByRole('button', { name: 'Debug this pod' }).click();
    await expect(page.getByRole('dialog', { name: /^Debug metrics-server/ })).toBeVisible();
  });
});
