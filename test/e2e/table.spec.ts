/** Tables: sort, filter, select, and all of it without a mouse. */
import { expect, test } from './support/app';
import { column, matched, openKind, rows, testKubeconfig } from './support/screen';

const options = testKubeconfig === undefined ? {} : { kubeconfig: testKubeconfig };

test('sorts by the values, not by their text', async ({ launchApp }) => {
  const { page } = await launchApp(options);
  const panel = await openKind(page, 'Pods');
  const head = panel.getByRole('columnheader', { name: 'Restarts' });
  await head.getByRole('button', { name: 'Restarts' }).click();
  await expect(head).toHaveAttribute('aria-sort', /ascending|descending/);
  if ((await head.getAttribute('aria-sort')) === 'ascending') {
    await head.getByRole('button', { name: 'Restarts' }).click();
  }
  await expect(head).toHaveAttribute('aria-sort', 'descending');
  await expect
    .poll(async () => {
      const counts = (await column(panel, 'Restarts')).map((text) => Number.parseInt(text, 10) || 0);
      return counts.length > 3 && counts.every((count, at) => at === 0 || count <= (counts[at - 1] ?? 0));
    })
    .toBe(true);
});

test('filters by words, by negation, by column, and says what is wrong with a bad one', async ({
  launchApp,
}) => {
  const { page } = await launchApp(options);
  const panel = await openKind(page, 'Pods');
  const all = await matched(panel);
  const filter = panel.getByRole('textbox', { name: 'Filter' });

  await filter.fill('ns:kube-system');
  await expect.poll(async () => new Set(await column(panel, 'Namespace'))).toEqual(new Set(['kube-system']));
  const system = await matched(panel);
  expect(system).toBeGreaterThan(0);
  expect(system).toBeLessThan(all);

  await filter.fill('status:!=Running');
  await expect.poll(() => matched(panel)).toBeLessThan(all);
  await expect.poll(async () => (await column(panel, 'Status')).includes('Running')).toBe(false);

  await filter.fill('/(/');
  await expect(panel.getByRole('alert')).toContainText('regular expression');
  await expect(rows(panel).first()).toBeVisible();

  await filter.fill('no-pod-has-this-name');
  await expect(panel).toContainText('None of');
  await filter.fill('');
  await expect(panel.getByRole('alert')).toHaveCount(0);
  await expect(rows(panel).nth(3)).toBeVisible();
});

test('selects by range and by query', async ({ launchApp }) => {
  const { page } = await launchApp(options);
  const panel = await openKind(page, 'Pods');
  await rows(panel).nth(1).click();
  await rows(panel)
    .nth(3)
    .click({ modifiers: ['Shift'] });
  await expect(panel.getByRole('row', { selected: true })).toHaveCount(3);
  await expect(page.getByRole('status', { name: 'Selected Pods' })).toContainText('3');
  await page.keyboard.press('Control+a');
  const all = await matched(panel);
  await expect(page.getByRole('status', { name: 'Selected Pods' })).toContainText(String(all));
  await page.keyboard.press('Escape');
  await expect(page.getByRole('status', { name: 'Selected Pods' })).toHaveCount(0);
});

test('keyboard only: jump, filter, move, open, close', async ({ launchApp }) => {
  const { page } = await launchApp(options);
  await expect(page.getByRole('status', { name: 'Connection' })).toHaveText('live', { timeout: 30_000 });
  await page.keyboard.press(':');
  const box = page.getByRole('combobox', { name: 'Jump to anything' });
  await expect(box).toBeFocused();
  await page.keyboard.type('deploy -n kube-system');
  await expect(page.getByRole('listbox', { name: 'Results' }).getByRole('option').first()).toBeVisible();
  await page.keyboard.press('Enter');
  const panel = page.getByRole('tabpanel', { name: 'Deployments' });
  await expect(rows(panel).first()).toBeVisible();
  await expect(page.getByRole('button', { name: 'Namespaces: kube-system' })).toBeVisible();

  await page.keyboard.press('/');
  await expect(panel.getByRole('textbox', { name: 'Filter' })).toBeFocused();
  await page.keyboard.type('coredns');
  await expect.poll(() => matched(panel)).toBe(1);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  const drawer = page.getByRole('complementary', { name: 'Details' });
  await expect(drawer.getByRole('heading', { name: 'coredns' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(drawer).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(panel.getByRole('textbox', { name: 'Filter' })).toHaveValue('');

  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toContainText('Open command palette');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('the drawer shows the newest object, and its YAML', async ({ launchApp }) => {
  const { page } = await launchApp(options);
  const panel = await openKind(page, 'Deployments');
  await panel.getByRole('textbox', { name: 'Filter' }).fill('coredns');
  await rows(panel).first().dblclick();
  const drawer = page.getByRole('complementary', { name: 'Details' });
  await expect(drawer.getByRole('heading', { name: 'coredns' })).toBeVisible();
  await expect(drawer.getByRole('region', { name: 'Conditions' })).toBeVisible();
  await drawer.getByRole('tab', { name: 'YAML' }).click();
  await expect(drawer).toContainText('kind: Deployment');
  await expect(drawer).not.toContainText(/stale|too old/i);
});
