/**
 * Takes the README's pictures: the real app on the demo cluster (its seed is fixed), in both
 * themes. Each picture waits for what it is about to show.
 */
import { resolve } from 'node:path';
import { expect, test } from '../e2e/support/app';
import { openKind, rows } from '../e2e/support/screen';

const folder = resolve(__dirname, '../../docs/pictures');

for (const theme of ['dark', 'light'] as const) {
  test(`pictures, ${theme}`, async ({ launchApp }) => {
    const { page, app } = await launchApp({ settings: { theme } });
    const window = await app.browserWindow(page);
    await window.evaluate((one) => one.setContentSize(1440, 900));
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const save = async (name: string): Promise<void> => {
      await page.mouse.move(720, 899);
      await page.evaluate(async () => void (await document.fonts.ready));
      await page.screenshot({ path: resolve(folder, `${name}-${theme}.png`), animations: 'disabled' });
    };

    const pods = await openKind(page, 'Pods');
    await pods.getByRole('textbox', { name: 'Filter' }).fill('ns:ingest');
    await expect(rows(pods).nth(8)).toBeVisible();
    await save('pods');

    await page
      .getByRole('gridcell', { name: /^import-/ })
      .first()
      .click();
    await page.keyboard.press('Enter');
    const drawer = page.getByRole('complementary', { name: 'Details' });
    await expect(drawer.getByRole('region', { name: 'Related' })).toContainText('ReplicaSet');
    await save('drawer');
    await page.keyboard.press('Escape');
    await expect(drawer).toHaveCount(0);

    await page.keyboard.press('Control+k');
    await expect(page.getByRole('combobox', { name: 'Jump to anything' })).toBeFocused();
    await page.keyboard.type('check');
    await expect(page.getByRole('option', { name: /checkout/ }).first()).toBeVisible();
    await save('palette');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);

    await page.keyboard.press('g');
    await page.keyboard.press('o');
    const warnings = page.getByRole('region', { name: 'Recent warnings' });
    await expect(warnings.getByText('BackOff').first()).toBeVisible();
    await save('overview');
  });
}
