/**
 * 100,000 pods on screen while the server says 410 and while its API server restarts: no frame without
 * rows, and the time until live again against the time of the first list in the same run.
 * `--pods N`.
 */
import type { Page } from '@playwright/test';
import { spawnSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { openApp, openTable, pause } from './app';
import { figure, round, type BenchOptions, type BenchResult } from './bench';
import { benchCluster } from './cluster';
import { measure } from './child';
import { startProxy } from './proxied';

const LIMIT_MS = 180_000;

interface Phase {
  readonly at: number;
  readonly text: string;
}

export async function run(options: BenchOptions): Promise<BenchResult> {
  const { flags, say } = options;
  const pods = Number(flags['pods'] ?? 100_000);
  const cluster = benchCluster(pods, options);
  const proxy = await startProxy(cluster.kubeconfig, false);
  // Nobody's first read: the server's caches are warm for all that follows, and for the list compared with.
  await measure('ours', proxy.kubeconfig);
  const list = (await measure('ours', proxy.kubeconfig)).allMs;
  const app = await openApp(proxy.kubeconfig, options);
  try {
    const { page } = app;
    const panel = await openTable(page, 'Pods', LIMIT_MS);
    const rows = Number(await panel.getByRole('grid').getAttribute('aria-rowcount')) - 1;
    await pause(2_000);
    await follow(page);
    await proxy.expire();
    const gone = await settled(page);
    say(`410: ${JSON.stringify(gone.phases)}`);
    await pause(1_000);
    await follow(page);
    await cluster.command('stop', 'apiserver');
    // A server with this many objects is a while about its end, and is not started before.
    await until('the API server did not stop', async () =>
      /^apiserver stopped/m.test(await cluster.command('status')),
    );
    await cluster.command('start', 'apiserver');
    const began = performance.now();
    await ready(cluster.command.bind(cluster), cluster.kubectl, cluster.kubeconfig);
    const readyAt = Date.now();
    say(`server ready after ${round(performance.now() - began)} ms`);
    const restart = await settled(page);
    say(`restart: ${JSON.stringify(restart.phases)}`);
    const after = Number(await panel.getByRole('grid').getAttribute('aria-rowcount')) - 1;
    const resync = (phases: readonly Phase[], from: number): number => (phases.at(-1)?.at ?? NaN) - from;
    const goneMs = resync(gone.phases, gone.phases[0]?.at ?? NaN);
    const restartMs = Math.max(0, resync(restart.phases, readyAt));
    const base = `${round(list)} ms list`;
    return {
      values: {},
      bars: [],
      figures: [
        figure('rows', rows, 'pods', { atLeast: pods }),
        figure('410: live again / list', round(goneMs / list, 2), '×', { atMost: 1.5 }, base),
        figure('410: frames without rows', gone.blank, `of ${gone.frames}`, { atMost: 0 }),
        figure(
          'restart: live again after ready / list',
          round(restartMs / list, 2),
          '×',
          { atMost: 1.5 },
          base,
        ),
        figure('restart: frames without rows', restart.blank, `of ${restart.frames}`, { atMost: 0 }),
        figure('rows lost', Math.abs(rows - after), '', { atMost: 0 }),
        figure('fewest rows said meanwhile', Math.min(gone.fewest, restart.fewest), 'pods', {
          atLeast: rows * 0.999,
        }),
      ],
      detail: { list, gone, restart },
    };
  } finally {
    await app.close();
    proxy.stop();
  }
}

interface Followed {
  readonly phases: Phase[];
  readonly frames: number;
  readonly blank: number;
  readonly fewest: number;
}

declare global {
  interface Window {
    fault: { phases: { at: number; text: string }[]; fewest: number; left: boolean };
  }
}

/** Notes what the table's badge says, and the fewest rows it claimed, from now on. */
function follow(page: Page): Promise<void> {
  return page.evaluate(() => {
    const state = { phases: [] as { at: number; text: string }[], fewest: Infinity, left: false };
    window.fault = state;
    window.bench.reset();
    window.bench.record();
    const look = (): void => {
      if (window.fault !== state) return;
      const text = document.querySelector('[role=status][aria-label="State of Pods"]')?.textContent ?? '';
      const word = /^[a-z -]*/i.exec(text)?.[0].trim() ?? '';
      if (word !== 'live') state.left = true;
      if (state.left && state.phases.at(-1)?.text !== word) state.phases.push({ at: Date.now(), text: word });
      const count = Number(document.querySelector('[role=grid]')?.getAttribute('aria-rowcount') ?? 1) - 1;
      state.fewest = Math.min(state.fewest, count);
      requestAnimationFrame(look);
    };
    look();
  });
}

async function settled(page: Page): Promise<Followed> {
  await page.waitForFunction(
    () => window.fault.left && window.fault.phases.at(-1)?.text === 'live',
    undefined,
    {
      timeout: LIMIT_MS,
    },
  );
  // Live for a second: not a moment between two lists.
  await pause(1_000);
  return page.evaluate(() => {
    window.bench.stop();
    return {
      phases: window.fault.phases,
      frames: window.bench.frames.length,
      blank: window.bench.blank,
      fewest: window.fault.fewest,
    };
  });
}

async function ready(
  command: (...args: string[]) => Promise<string>,
  kubectl: string,
  kubeconfig: string,
): Promise<void> {
  const ask = ['--kubeconfig', kubeconfig, 'get', '--raw', '/readyz'];
  const isReady = (): boolean => spawnSync(kubectl, ask, { stdio: 'ignore' }).status === 0;
  await until('the API server did not come back', () => Promise.resolve(isReady())).catch(
    async (thrown: unknown) => {
      throw new Error(`${String(thrown)}: ${await command('status')}`);
    },
  );
}

async function until(otherwise: string, holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + LIMIT_MS;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(otherwise);
    await pause(100);
  }
}
