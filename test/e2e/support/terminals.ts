/** Terminals on screen: what stands there, what is typed. */
import { expect, type Locator, type Page } from '@playwright/test';
import { openKind, rows } from './screen';

/** Lines on the screen of a terminal, without the empty ones. */
export async function screen(terminal: Locator): Promise<string[]> {
  const lines = await terminal.locator('.xterm-rows > div').allInnerTexts();
  return lines.map((line) => line.replaceAll('\u00a0', ' ').trimEnd()).filter((line) => line !== '');
}

export async function type(page: Page, terminal: Locator, text: string): Promise<void> {
  await terminal.getByRole('textbox').first().focus();
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
}

/** The first object of a kind whose row holds the text, chosen. */
export async function choose(page: Page, kind: string, filter: string): Promise<void> {
  await expect(page.getByRole('status', { name: 'Connection' })).toHaveText('live', { timeout: 30_000 });
  const panel = await openKind(page, kind);
  await panel.getByRole('textbox', { name: 'Filter' }).fill(filter);
  await expect
    .poll(async () => {
      const all = await rows(panel).allInnerTexts();
      return all.length > 0 && all.every((row) => row.includes(filter));
    })
    .toBe(true);
  await rows(panel).first().click();
}

/** A command by its title, from the palette. */
export async function command(page: Page, title: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.keyboard.type(title);
  await page.getByRole('option').filter({ hasText: title }).first().click();
}

/** Opens a shell in the first pod whose row holds the text; resolves at its prompt. */
export async function openShell(page: Page, filter: string): Promise<Locator> {
  await choose(page, 'Pods', filter);
  await page.keyboard.press('s');
  const terminal = page.getByRole('group', { name: /^Shell in / });
  await expect
    .poll(() => screen(terminal), { timeout: 20_000 })
    .toContainEqual(expect.stringMatching(/[#$]$/));
  return terminal;
}

/** From now on what waits longest between two turns of the page's own loop is noted. */
export function watchTurns(page: Page): Promise<void> {
  return page.evaluate(() => {
    const state = { longest: 0, last: performance.now() };
    Object.assign(window, { turns: state });
    const turn = (): void => {
      const now = performance.now();
      state.longest = Math.max(state.longest, now - state.last);
      state.last = now;
      setTimeout(turn, 20);
    };
    turn();
  });
}

/** Ms, since `watchTurns`. */
export function longestTurn(page: Page): Promise<number> {
  return page.evaluate(() => (window as unknown as { turns: { longest: number } }).turns.longest);
}
