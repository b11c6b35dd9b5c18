/** Every kind opens and lists: the ones we have columns for, and whatever else the server serves. */
import { knownKinds } from '../../src/shared/kinds/registry';
import { expect, test } from './support/app';
import { liveTable, matched, testKubeconfig } from './support/screen';

test('every kind in the navigation opens and lists', async ({ launchApp }) => {
  test.setTimeout(240_000);
  const { page } = await launchApp({ kubeconfig: testKubeconfig });
  await expect(page.getByRole('status', { name: 'Connection' })).toHaveText('live', { timeout: 30_000 });
  const nav = page.getByRole('navigation', { name: 'Kinds' });
  await expect(nav.getByRole('link', { name: 'Pods', exact: true })).toBeVisible();
  const folds = nav.getByRole('button', { expanded: false });
  while ((await folds.count()) > 0) await folds.first().click();
  const kinds = await nav
    .locator('[role=link][data-kind]')
    .evaluateAll((links) => links.map((link) => link.getAttribute('aria-label') ?? ''));
  if (testKubeconfig === undefined) {
    const missing = knownKinds.map(({ title }) => title).filter((title) => !kinds.includes(title));
    expect(missing, 'kinds the demo cluster lacks').toEqual([]);
  }
  expect(kinds.length).toBeGreaterThan(35);
  for (const title of kinds) {
    await nav.getByRole('link', { name: title, exact: true }).first().click();
    const panel = await liveTable(page, title);
    // On a cluster of somebody else's a kind may be empty; the demo has objects of every kind it serves.
    if (testKubeconfig === undefined) {
      await expect
        .poll(() => matched(panel).catch(() => 0), { message: `rows of ${title}` })
        .toBeGreaterThan(0);
      await expect(panel.getByRole('row').nth(1), `a row of ${title}`).toBeVisible();
    }
    await page
      .getByRole('button', { name: `Close ${title}`, exact: true })
      .first()
      .click();
  }
});
