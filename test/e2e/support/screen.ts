/** What tests do on the screen, by role and name, as a person would. */
import { expect, type Locator, type Page } from '@playwright/test';

/** Kubeconfig of a real cluster, where the run has one. */
export const testKubeconfig = process.env['BINNACLE_TEST_KUBECONFIG'];

/** The table of `title` in front, once its rows are current. */
export async function openKind(page: Page, title: string): Promise<Locator> {
  await page
    .getByRole('navigation', { name: 'Kinds' })
    .getByRole('link', { name: title, exact: true })
    .click();
  return liveTable(page, title);
}

export async function liveTable(page: Page, title: string): Promise<Locator> {
  const panel = page.getByRole('tabpanel', { name: title, exact: true });
  await expect(panel.getByRole('status', { name: `State of ${title}` })).toHaveText(/live|polling/);
  return panel;
}

/** Rows of the table without its head. */
export function rows(panel: Locator): Locator {
  return panel.getByRole('rowgroup').last().getByRole('row');
}

/** Texts of a column of the rows drawn now. */
export async function column(panel: Locator, title: string): Promise<string[]> {
  const heads = await panel.getByRole('columnheader').allInnerTexts();
  const at = heads.findIndex((text) => text.trim().startsWith(title));
  expect(at, `a column ${title} among ${heads.join(', ')}`).toBeGreaterThanOrEqual(0);
  return rows(panel).evaluateAll(
    (all, index) => all.map((row) => row.querySelectorAll('[role="gridcell"]')[index]?.textContent ?? ''),
    at,
  );
}

/** Number of rows the table says it has (after the filter). */
export async function matched(panel: Locator): Promise<number> {
  const count = await panel.getByRole('grid').getAttribute('aria-rowcount');
  return Number(count) - 1;
}

/** Connects a context by its tile in the rail; resolves when it is live. */
export async function openContext(page: Page, name: string): Promise<void> {
  const rail = page.getByRole('navigation', { name: 'Clusters' });
  await rail.getByRole('button', { name: new RegExp(`^${escape(name)}, `) }).click();
  await expect(page.getByRole('status', { name: 'Connection' })).toHaveText('live', { timeout: 20_000 });
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
