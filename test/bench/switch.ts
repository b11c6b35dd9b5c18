/**
 * Between two warm clusters of 10,000 pods, by their tiles in the rail: from the click to the
 * other cluster's rows painted. Both contexts lead to one server; the app keeps a process, tables and a
 * page of its own for each, and cannot know.
 */
import type { Page } from '@playwright/test';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openApp, openTable, pause, percentile } from './app';
import { figure, median, round, type BenchOptions, type BenchResult } from './bench';
import { benchCluster } from './cluster';
import { twice } from './context-of';

export async function run(options: BenchOptions): Promise<BenchResult> {
  const runs = options.runs ?? 30;
  const cluster = benchCluster(10_000, options);
  const folder = mkdtempSync(join(tmpdir(), 'bench-switch-'));
  const file = join(folder, 'kubeconfig');
  writeFileSync(file, twice(readFileSync(cluster.kubeconfig, 'utf8'), 'left', 'right'), { mode: 0o600 });
  const app = await openApp(file, options);
  try {
    const { page } = app;
    const rail = page.getByRole('navigation', { name: 'Clusters' });
    for (const name of ['left', 'right']) {
      await rail.getByRole('button', { name: new RegExp(`^${name}, `) }).click();
      await openTable(page, 'Pods');
    }
    await pause(3_000);
    const times: number[] = [];
    const empty: number[] = [];
    for (let i = 0; i < runs; i += 1) {
      times.push(await change(page, i % 2 === 0 ? 'left' : 'right'));
      await pause(200);
      empty.push(await nothing(page));
    }
    const base = median(empty);
    return {
      values: {},
      bars: [],
      figures: [
        figure(
          'click to rows painted, median',
          round(median(times), 1),
          'ms',
          {},
          `${round(base, 1)} ms an empty frame`,
        ),
        figure(
          'click to rows painted, p95',
          round(percentile(times, 0.95), 1),
          'ms',
          { atMost: 50 },
          `${round(base, 1)} ms an empty frame`,
        ),
        figure('worst', round(Math.max(...times), 1), 'ms'),
      ],
      detail: { times: times.map((ms) => round(ms, 1)) },
    };
  } finally {
    await app.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** In the page, so that nothing outside of it counts: the click until after the frame that shows the rows. */
function change(page: Page, name: string): Promise<number> {
  return page.evaluate(
    (wanted) =>
      new Promise<number>((done, reject) => {
        const tile = [...document.querySelectorAll<HTMLElement>('nav[aria-label=Clusters] button')].find(
          (one) => one.getAttribute('aria-label')?.startsWith(`${wanted}, `),
        );
        const before = [...document.querySelectorAll('[role=grid]')].find((one) => one.checkVisibility());
        const began = performance.now();
        const look = (): void => {
          const grid = [...document.querySelectorAll('[role=grid]')].find((one) => one.checkVisibility());
          const rows = grid?.querySelectorAll('[role=row][data-index]:not([aria-busy])').length ?? 0;
          if (grid && grid !== before && rows > 10) setTimeout(() => done(performance.now() - began));
          else if (performance.now() - began > 5_000) reject(new Error('no rows after 5 s'));
          else requestAnimationFrame(look);
        };
        tile?.click();
        requestAnimationFrame(look);
      }),
    name,
  );
}

function nothing(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((done) => {
        const began = performance.now();
        requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
      }),
  );
}
