/**
 * Takes the README's pictures: the real app on the demo cluster (seed fixed by the app), in
 * both themes. Each picture waits for what it is about to show.
 */
import type { Page } from '@playwright/test';
import { resolve } from 'node:path';
import { expect, test } from '../e2e/support/app';

const folder = resolve(__dirname, '../../docs/pictures');

for (const theme of ['dark', 'light'] as const) {
  test(`pictures, ${theme}`, async ({ launchApp }) => {
    const { page, app } = await launchApp({ settings: { theme } });
    const window = await app.browserWindow(page);
    await window.evaluate((one) => one.setContentSize(1440, 900));
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const save = async (name: string): Promise<void> => {
      await page.mouse.move(720, 899);
      await page.evaluate(() => document.fonts.ready);
      await page.screenshot({ path: resolve(folder, `${name}-${theme}.png`), animations: 'disabled' });
    };

    await openPods(page);
    await save('pods');

    await page.getByRole('grid').getByRole('row').nth(2).click();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('complementary', { name: /details/i })).toBeVisible();
    await save('drawer');
    await page.keyboard.press('Escape');

    await page.keyboard.press('Control+k');
    await page.keyboard.type('deploy');
    await expect(page.getByRole('option').first()).toBeVisible();
    await save('palette');
    await page.keyboard.press('Escape');

    await page.keyboard.press('g');
    await page.keyboard.press('o');
    await save('overview');
  });
}

async function openPods(page: Page): Promise<void> {
  await page.getByRole('navigation').getByText('Pods', { exact: true }).click();
  await expect(page.getByRole('grid').getByRole('row').nth(5)).toBeVisible();
}
