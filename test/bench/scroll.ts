/**
 * 100,000 pods in the real app: wheel, drag of the scroll bar, jump to the last row and back; then the
 * same with `churn 200` while a filter is typed and restarts are sorted: smooth, and right.
 * Frames are those the page gets, under Xvfb without a GPU. `--pods N`; `--source demo` uses the
 * embedded demo server (no churn then).
 */
import type { Page } from '@playwright/test';
import { startDemo } from '../../src/demo/demo';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openApp, openTable, pause, percentile, type BenchApp } from './app';
import { figure, round, type BenchOptions, type BenchResult, type Figure } from './bench';
import { benchCluster } from './cluster';

interface Frames {
  readonly frames: number[];
  readonly waiting: number;
  readonly blank: number;
  readonly shift: number;
}

const WHEEL_SECONDS = 6;
const DRAG_SECONDS = 4;
const CHURN_SECONDS = 25;
/** Typed key by key: each leaves fewer of the names `service-N-HASH-NUMBER`. */
const WORDS = ['120', '131', '142'];
/** Rows that are not there by then have not come. */
const KEY_LIMIT_MS = 3_000;

export async function run(options: BenchOptions): Promise<BenchResult> {
  const { flags } = options;
  const pods = Number(flags['pods'] ?? 100_000);
  if (flags['source'] === 'demo') {
    const demo = await startDemo({ pods, pace: 0 });
    const folder = mkdtempSync(join(tmpdir(), 'bench-scroll-'));
    const file = join(folder, 'kubeconfig');
    writeFileSync(file, demo.kubeconfig(), { mode: 0o600 });
    try {
      return await measure(file, pods, undefined, options);
    } finally {
      await demo.close();
      rmSync(folder, { recursive: true, force: true });
    }
  }
  const cluster = benchCluster(pods, options);
  const churn = (): Promise<string> => cluster.command('churn', '200', String(CHURN_SECONDS));
  return measure(cluster.kubeconfig, pods, churn, options);
}

async function measure(
  kubeconfig: string,
  pods: number,
  churn: (() => Promise<string>) | undefined,
  options: BenchOptions,
): Promise<BenchResult> {
  const app = await openApp(kubeconfig, options);
  try {
    const began = performance.now();
    const panel = await openTable(app.page, 'Pods', 300_000);
    const liveMs = performance.now() - began;
    const rows = Number(await panel.getByRole('grid').getAttribute('aria-rowcount')) - 1;
    await app.page.evaluate(() => window.bench.watch(false));
    await pause(1_000);
    const still = await recorded(app, () => pause(2_000));
    const wheeled = await recorded(app, () => wheel(app.page, WHEEL_SECONDS));
    const dragged = await recorded(app, () => drag(app.page, DRAG_SECONDS));
    const last = await recorded(app, () => toLast(app.page));
    const atEnd = await lastRow(app.page);
    options.say(`last row ${atEnd.index} of ${rows}`);
    const base = `${round(percentile(still.frames, 0.95), 1)} ms still`;
    const all = [...wheeled.frames, ...dragged.frames, ...last.frames];
    const figures: Figure[] = [
      figure('rows', rows, 'pods', { atLeast: pods }),
      figure('click to live', round(liveMs), 'ms'),
      figure('frame p95', round(percentile(all, 0.95), 1), 'ms', { atMost: 20 }, base),
      figure(
        'worst frame',
        round(Math.max(...all), 1),
        'ms',
        { atMost: 50 },
        `${round(Math.max(...still.frames), 1)} ms still`,
      ),
      figure('worst frame, wheel', round(Math.max(...wheeled.frames), 1), 'ms'),
      figure('worst frame, scroll bar', round(Math.max(...dragged.frames), 1), 'ms'),
      figure(
        'wheel: frames with rows yet to come',
        round((wheeled.waiting / wheeled.frames.length) * 100, 1),
        '%',
        { atMost: 5 },
      ),
      figure('last row reached', atEnd.index === rows - 1 && !atEnd.busy ? 1 : 0, 'yes = 1', { atLeast: 1 }),
      figure('layout shift', round(wheeled.shift + dragged.shift + last.shift, 4), '', { atMost: 0 }),
    ];
    if (churn) figures.push(...(await underChurn(app, rows, churn)));
    return { values: {}, bars: [], figures };
  } finally {
    await app.close();
  }
}

async function recorded(app: BenchApp, act: () => Promise<unknown>): Promise<Frames> {
  await app.page.evaluate(() => {
    window.bench.reset();
    window.bench.record();
  });
  await act();
  return app.page.evaluate(() => {
    window.bench.stop();
    const { frames, waiting, blank, shift } = window.bench;
    return { frames, waiting, blank, shift };
  });
}

async function wheel(page: Page, seconds: number): Promise<void> {
  const box = await page.getByRole('grid').first().boundingBox();
  await page.mouse.move((box?.x ?? 0) + 400, (box?.y ?? 0) + 300);
  const end = performance.now() + seconds * 1000;
  for (let i = 0; performance.now() < end; i += 1) {
    await page.mouse.wheel(0, i % 40 < 30 ? 300 : -300);
    await pause(25);
  }
}

/** As the thumb of the scroll bar does: another far place with each frame, down and up again. */
function drag(page: Page, seconds: number): Promise<void> {
  return page
    .getByRole('grid')
    .first()
    .evaluate(
      (grid, length) =>
        new Promise<void>((done) => {
          const began = performance.now();
          const step = (): void => {
            const share = (performance.now() - began) / (length * 1000);
            const place = share < 0.5 ? share * 2 : 2 - share * 2;
            grid.scrollTop = Math.max(0, place) * (grid.scrollHeight - grid.clientHeight);
            if (share < 1) requestAnimationFrame(step);
            else done();
          };
          step();
        }),
      seconds,
    );
}

async function toLast(page: Page): Promise<void> {
  await page.getByRole('grid').first().focus();
  await page.keyboard.press('Home');
  await pause(300);
  await page.keyboard.press('End');
  await pause(1_000);
}

function lastRow(page: Page): Promise<{ index: number; busy: boolean }> {
  return page
    .getByRole('grid')
    .first()
    .evaluate((grid) => {
      const all = [...grid.querySelectorAll<HTMLElement>('[role=row][data-index]')];
      const last = all.reduce((a, b) => (Number(a.dataset.index) > Number(b.dataset.index) ? a : b));
      return { index: Number(last.dataset.index), busy: last.hasAttribute('aria-busy') };
    });
}

interface Shown {
  readonly names: string[];
  readonly restarts: number[];
  readonly matched: number;
}

function shown(page: Page): Promise<Shown> {
  return page
    .getByRole('grid')
    .first()
    .evaluate((grid) => {
      const box = grid.getBoundingClientRect();
      const rows = [...grid.querySelectorAll<HTMLElement>('[role=row][data-index]')]
        .filter(
          (row) =>
            !row.hasAttribute('aria-busy') &&
            row.getBoundingClientRect().top < box.bottom &&
            row.getBoundingClientRect().bottom > box.top,
        )
        .sort((a, b) => Number(a.dataset.index) - Number(b.dataset.index));
      const of = (row: Element, id: string): string =>
        row.querySelector(`[data-col=${id}]`)?.textContent ?? '';
      return {
        names: rows.map((row) => of(row, 'name')),
        restarts: rows.map((row) => Number.parseInt(of(row, 'restarts'), 10)),
        matched: Number(grid.getAttribute('aria-rowcount')) - 1,
      };
    });
}

async function underChurn(app: BenchApp, rows: number, churn: () => Promise<string>): Promise<Figure[]> {
  const { page } = app;
  let wrong = 0;
  let over = false;
  const churning = churn().finally(() => (over = true));
  const keys: number[] = [];
  const frames = await recorded(app, async () => {
    await page.getByRole('columnheader', { name: 'Restarts' }).getByRole('button').click();
    await pause(600);
    for (let i = 0; i < 10; i += 1) {
      const { restarts } = await shown(page);
      if (restarts.length < 10 || restarts.some((count, at) => at > 0 && count > (restarts[at - 1] ?? 0)))
        wrong += 1;
      await pause(100);
    }
    for (const word of WORDS) {
      const box = page.getByRole('textbox', { name: 'Filter' }).first();
      await box.focus();
      // Elsewhere than in names, say in addresses, there are such digits too.
      await page.keyboard.type('name:');
      await pause(400);
      for (const char of word) {
        keys.push(await typed(page, char));
        await pause(120);
      }
      await pause(400);
      const { names, matched } = await shown(page);
      if (names.length === 0 || names.some((name) => !name.includes(word))) wrong += 1;
      if (matched >= rows || matched < names.length) wrong += 1;
      await box.fill('');
      await pause(400);
      if ((await shown(page)).matched !== rows) wrong += 1;
    }
    await wheel(page, 3);
    await toLast(page);
    const end = await lastRow(page);
    if (end.index !== rows - 1 || end.busy) wrong += 1;
  });
  const lived = over ? 0 : 1;
  await churning;
  return [
    figure('with churn: frame p95', round(percentile(frames.frames, 0.95), 1), 'ms', { atMost: 20 }),
    figure('with churn: worst frame', round(Math.max(...frames.frames), 1), 'ms', { atMost: 50 }),
    figure('with churn: key to its rows painted, p95', round(percentile(keys, 0.95)), 'ms', { atMost: 100 }),
    figure('with churn: wrong rows', wrong, 'times', { atMost: 0 }),
    figure('churn lasted throughout', lived, 'yes = 1', { atLeast: 1 }),
  ];
}

/** One key, until the number of rows the filter leaves has been painted; ms, at most `KEY_LIMIT_MS`. */
async function typed(page: Page, char: string): Promise<number> {
  // Keys take another way into the page than scripts, so the page must listen before one is sent.
  const painted = await page.evaluateHandle((limit) => {
    const answer = new Promise<number>((done) => {
      let pressed = 0;
      const onKey = (event: KeyboardEvent): void => {
        pressed = event.timeStamp;
      };
      window.addEventListener('keydown', onKey, { capture: true, once: true });
      // The count stands beside the filter.
      const seen = new MutationObserver(() => {
        if (pressed > 0) requestAnimationFrame(() => setTimeout(() => end(performance.now() - pressed)));
      });
      const end = (ms: number): void => {
        seen.disconnect();
        clearTimeout(late);
        done(ms);
      };
      const late = setTimeout(() => end(limit), limit);
      const count = document.querySelector('[role=tabpanel]:not([hidden]) [aria-live=polite]');
      if (count) seen.observe(count, { subtree: true, childList: true, characterData: true });
    });
    return { answer };
  }, KEY_LIMIT_MS);
  await page.keyboard.type(char);
  return painted.evaluate(({ answer }) => answer);
}
