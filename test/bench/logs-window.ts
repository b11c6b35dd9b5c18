/**
 * A full view of one million lines in the real app while 20,000 lines a second arrive: frames while a person
 * scrolls by wheel, drags the scroll bar and jumps, and while the view follows.
 */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { cpuBetween, openApp, openTable, pause, percentile, sum } from './app';
import type { BenchOptions } from './bench';

export interface WindowTimes {
  /** Frame times, ms. */
  readonly following: readonly number[];
  readonly wheel: readonly number[];
  readonly bar: readonly number[];
  /** Rows looked at while scrolling, and those without text yet. */
  readonly rows: number;
  readonly missing: number;
  /** From the key to the far row's text, ms. */
  readonly jumps: readonly number[];
  readonly linesPerSecond: number;
  /** CPU of the whole app while scrolling, in cores. */
  readonly cores: number;
}

const WHEEL_MS = 8_000;
const BAR_MS = 6_000;

interface Flood {
  readonly file: string;
  readonly pod: string;
  sent(): Promise<number>;
  stop(): void;
}

async function startFlood(): Promise<Flood> {
  const child = fork(join(__dirname, 'logs-server.ts'), [], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const next = <T>(): Promise<T> =>
    new Promise((done, reject) => {
      const onExit = (code: number | null): void => reject(new Error(`the log server ended with ${code}`));
      child.once('exit', onExit);
      child.once('message', (message) => {
        child.off('exit', onExit);
        done(message as T);
      });
    });
  const said = await next<{ kubeconfig: string; pod: string }>();
  const folder = mkdtempSync(join(tmpdir(), 'bench-logs-'));
  const file = join(folder, 'kubeconfig');
  writeFileSync(file, said.kubeconfig, { mode: 0o600 });
  return {
    file,
    pod: said.pod,
    sent: async () => {
      const reply = next<{ sent: number }>();
      child.send({});
      return (await reply).sent;
    },
    stop: () => {
      child.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function windowTimes(options: BenchOptions): Promise<WindowTimes> {
  const flood = await startFlood();
  try {
    const app = await openApp(flood.file, options);
    try {
      const { page } = app;
      const table = await openTable(page, 'Pods');
      const filter = table.getByRole('textbox', { name: 'Filter' });
      await filter.fill(flood.pod);
      await filter.press('Enter');
      await table
        .getByRole('rowgroup')
        .last()
        .getByRole('row')
        .filter({ hasText: flood.pod })
        .first()
        .click();
      await page.keyboard.press('l');
      const panel = page.getByRole('region', { name: 'Dock' }).getByRole('tabpanel', { name: flood.pod });
      await panel.getByRole('button', { name: 'View', exact: true }).click();
      await panel.getByRole('radio', { name: 'all', exact: true }).check({ force: true });
      await page.keyboard.press('Escape');
      // As a tab it has the whole height: more rows to draw with each frame.
      await panel.getByRole('button', { name: 'More', exact: true }).click();
      await panel.getByRole('button', { name: 'Open as a tab' }).click();
      const tab = page.getByRole('tabpanel', { name: flood.pod, exact: true }).first();
      await page
        .getByRole('region', { name: 'Dock' })
        .getByRole('button', { name: `Close ${flood.pod}` })
        .click();
      await tab.getByRole('button', { name: 'View', exact: true }).click();
      await tab.getByRole('radio', { name: 'all', exact: true }).check({ force: true });
      await page.keyboard.press('Escape');
      options.say('reading a million lines');
      await tab
        .getByLabel('Lines', { exact: true })
        .filter({ hasText: /older ones dropped/ })
        .waitFor({
          timeout: 240_000,
        });
      return await measure(tab, page, flood, app.cpu);
    } finally {
      await app.close();
    }
  } finally {
    flood.stop();
  }
}

async function measure(
  tab: Locator,
  page: Page,
  flood: Flood,
  cpu: () => Record<string, number>,
): Promise<WindowTimes> {
  const list = tab.getByRole('log');
  await flood.sent();
  const began = performance.now();
  const following = await frames(page, () => pause(4_000));
  const before = cpu();
  const from = performance.now();
  const box = await list.boundingBox();
  const x = (box?.x ?? 0) + 300;
  const y = (box?.y ?? 0) + 150;
  await page.mouse.move(x, y);
  const seen = watchRows(list, WHEEL_MS);
  const wheel = await frames(page, async () => {
    const end = performance.now() + WHEEL_MS;
    for (let i = 0; performance.now() < end; i += 1) {
      await page.mouse.wheel(0, i % 40 < 30 ? -300 : 300);
      await pause(16);
    }
  });
  const { rows, missing } = await seen;
  const bar = await frames(page, () => dragBar(tab, page));
  const cores = sum(cpuBetween(before, cpu())) / (performance.now() - from);
  const jumps: number[] = [];
  for (let i = 0; i < 20; i += 1) jumps.push(await jump(tab, page, 0.03 + ((i * 7) % 20) * 0.045));
  const linesPerSecond = (await flood.sent()) / ((performance.now() - began) / 1000);
  if (jumps.some(Number.isNaN)) throw new Error(`a jump showed no text: ${jumps.join(', ')}`);
  return { following, wheel, bar, rows, missing, jumps, linesPerSecond, cores };
}

async function frames(page: Page, act: () => Promise<unknown>): Promise<readonly number[]> {
  await page.evaluate(() => {
    window.bench.reset();
    window.bench.record();
  });
  await act();
  return page.evaluate(() => {
    window.bench.stop();
    return window.bench.frames;
  });
}

/** Rows on screen ten times a second, and how many of them have no text yet. */
function watchRows(list: Locator, ms: number): Promise<{ rows: number; missing: number }> {
  return list.evaluate(
    (element, length) =>
      new Promise<{ rows: number; missing: number }>((done) => {
        let rows = 0;
        let missing = 0;
        const timer = setInterval(() => {
          const { top, bottom } = element.getBoundingClientRect();
          for (const row of element.querySelectorAll('[data-row]')) {
            const at = row.getBoundingClientRect();
            if (at.bottom < top || at.top > bottom) continue;
            rows += 1;
            if (row.hasAttribute('data-missing')) missing += 1;
          }
        }, 100);
        setTimeout(() => {
          clearInterval(timer);
          done({ rows, missing });
        }, length);
      }),
    ms,
  );
}

async function dragBar(tab: Locator, page: Page): Promise<void> {
  const box = await tab.getByRole('scrollbar').boundingBox();
  if (!box) throw new Error('the log has no scroll bar');
  const x = box.x + box.width / 2;
  await page.mouse.move(x, box.y + box.height - 6);
  await page.mouse.down();
  const end = performance.now() + BAR_MS;
  const began = performance.now();
  while (performance.now() < end) {
    const share = (performance.now() - began) / BAR_MS;
    const place = share < 0.5 ? 1 - share * 2 : share * 2 - 1;
    await page.mouse.move(x, box.y + 4 + place * (box.height - 8));
    await pause(16);
  }
  await page.mouse.up();
}

declare global {
  interface Window {
    benchJump: Promise<number>;
  }
}

/** A press on the scroll bar: until the rows of the new place have their text. */
async function jump(tab: Locator, page: Page, share: number): Promise<number> {
  const box = await tab.getByRole('scrollbar').boundingBox();
  if (!box) return NaN;
  // Watching has begun when the press comes.
  await tab.getByRole('log').evaluate((list) => {
    window.benchJump = new Promise<number>((done) => {
      const first = (): string => list.querySelector('[data-row]')?.getAttribute('data-row') ?? '';
      const before = first();
      let pressed = 0;
      window.addEventListener('pointerdown', (event) => (pressed = event.timeStamp), {
        capture: true,
        once: true,
      });
      const began = performance.now();
      const look = (): void => {
        const there =
          pressed > 0 && first() !== before && list.querySelector('[data-row]:not([data-missing])');
        if (there) done(performance.now() - pressed);
        else if (performance.now() - began > 3_000) done(NaN);
        else requestAnimationFrame(look);
      };
      look();
    });
  });
  await page.mouse.click(box.x + box.width / 2, box.y + 8 + share * (box.height - 16));
  return page.evaluate(() => window.benchJump);
}

export function p95(times: readonly number[]): number {
  return percentile(times, 0.95);
}
