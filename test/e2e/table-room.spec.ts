/** Tables beside an open drawer, and what they say of copying. */
import { expect, test } from './support/app';
import { matched, openKind, rows, testKubeconfig } from './support/screen';

const options = testKubeconfig === undefined ? {} : { kubeconfig: testKubeconfig };

test('columns yield beside the details instead of the table scrolling, and come back', async ({
  launchApp,
}) => {
  const { page } = await launchApp(options);
  const panel = await openKind(page, 'Pods');
  const grid = panel.getByRole('grid');
  const sideways = (): Promise<number> => grid.evaluate((box) => box.scrollWidth - box.clientWidth);
  await expect(panel.getByRole('columnheader', { name: 'Owner' })).toBeVisible();
  expect(await sideways()).toBe(0);

  await rows(panel).nth(1).dblclick();
  await expect(page.getByRole('complementary', { name: 'Details' })).toBeVisible();
  await expect(panel.getByRole('columnheader', { name: 'Owner' })).toHaveCount(0);
  await expect(panel).toContainText(/\d columns? hidden/);
  for (const title of ['Name', 'Status', 'Age']) {
    await expect(panel.getByRole('columnheader', { name: title, exact: true })).toBeVisible();
  }
  expect(await sideways()).toBe(0);
  // A double click opens; it marks no word.
  expect(await page.evaluate(() => String(getSelection() ?? ''))).toBe('');

  await page.keyboard.press('Escape');
  await expect(panel.getByRole('columnheader', { name: 'Owner' })).toBeVisible();
  await expect(panel).not.toContainText(/columns? hidden/);
});

test('copying says what was copied, also when all rows are chosen', async ({ launchApp }) => {
  const { app, page } = await launchApp(options);
  const panel = await openKind(page, 'Pods');
  const said = panel.getByRole('status', { name: 'What was done' });
  const clip = (): Promise<string> => app.evaluate(({ clipboard }) => clipboard.readText());
  await rows(panel).nth(1).click();
  const name = await rows(panel).nth(1).locator('[data-col=name]').innerText();
  await page.keyboard.press('Control+c');
  await expect(said).toHaveText('Copied 1 row.');
  expect((await clip()).split('\t')[0]).toContain(name.slice(0, 4));

  await page.keyboard.press('Control+a');
  const all = await matched(panel);
  await page.keyboard.press('Control+c');
  await expect(said).toHaveText(`Copied ${all} rows.`);
  expect((await clip()).split('\n')).toHaveLength(all);
});
