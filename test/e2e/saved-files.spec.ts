/** What the app writes where the person says: logs as text and NDJSON, the map as picture and text. On the demo cluster. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronApplication } from '@playwright/test';
import { expect, test } from './support/app';
import { liveTable, openKind, rows } from './support/screen';

test.describe('saved files', { tag: '@demo' }, () => {
  test('logs as text and as NDJSON hold every line', async ({ launchApp }) => {
    const { app, page, home } = await launchApp();
    await openKind(page, 'Pods');
    const table = await liveTable(page, 'Pods');
    const box = table.getByRole('textbox', { name: 'Filter' });
    await box.fill('frontend');
    await box.press('Enter');
    await rows(table).first().click();
    await page.keyboard.press('l');
    const panel = page.getByRole('region', { name: 'Dock' }).getByRole('tabpanel').first();
    const lines = panel.getByRole('log');
    await expect(lines.locator('[data-row]').first()).toBeVisible({ timeout: 20_000 });
    await panel.getByRole('button', { name: 'More' }).click();
    const count = Number(
      /([\d,]+) lines as filtered/
        .exec(await panel.getByText(/lines as filtered/).innerText())?.[1]
        ?.replaceAll(',', ''),
    );
    expect(count).toBeGreaterThan(0);

    const text = join(home, 'saved.log');
    await chooseFile(app, text);
    await panel.getByRole('button', { name: 'Save as text' }).click();
    await expect(panel.getByText(`Saved to ${text}`)).toBeVisible();
    const written = readFileSync(text, 'utf8').trimEnd().split('\n');
    expect(written.length).toBeGreaterThanOrEqual(count);

    const ndjson = join(home, 'saved.ndjson');
    await chooseFile(app, ndjson);
    await panel.getByRole('button', { name: 'More' }).click();
    await panel.getByRole('button', { name: 'Save as NDJSON' }).click();
    await expect(panel.getByText(`Saved to ${ndjson}`)).toBeVisible();
    const objects = readFileSync(ndjson, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { text?: string });
    expect(objects.length).toBeGreaterThanOrEqual(count);
    for (const { text: line } of objects.slice(0, 5)) expect(written.join('\n')).toContain(line ?? 'no text');

    // Saying no leaves nothing and says so.
    await app.evaluate(({ dialog }) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: true, filePath: '' });
    });
    await panel.getByRole('button', { name: 'More' }).click();
    await panel.getByRole('button', { name: 'Save as text' }).click();
    await expect(panel.getByText('Nothing was saved.')).toBeVisible();
  });

  test('the map as SVG, PNG and Mermaid', async ({ launchApp }) => {
    const { app, page, home } = await launchApp();
    await page.getByRole('link', { name: 'Topology' }).click({ timeout: 20_000 });
    const list = page.getByRole('listbox', { name: /^Objects of the map/ });
    await expect(list.getByRole('option').first()).toBeAttached({ timeout: 30_000 });
    const exported = page.getByRole('combobox', { name: 'Export' });
    for (const [choice, starts] of [
      ['svg', '<svg'],
      ['png', '\u0089PNG'],
      ['mermaid', 'flowchart'],
    ] as const) {
      const file = join(home, `map.${choice}`);
      await chooseFile(app, file);
      await exported.selectOption(choice);
      await expect(page.getByText(`Saved to ${file}`)).toBeVisible({ timeout: 20_000 });
      expect(existsSync(file)).toBe(true);
      const content = readFileSync(file, 'latin1');
      expect(content.slice(0, 200)).toContain(starts);
      expect(content.length).toBeGreaterThan(500);
    }
  });
});

/** From now on the save dialog answers with this file. */
function chooseFile(app: ElectronApplication, filePath: string): Promise<void> {
  return app.evaluate(({ dialog }, path) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: path });
  }, filePath);
}
