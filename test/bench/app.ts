/**
 * The real app for a bench: built, on its own display and home, with a probe in its page.
 * `--app FOLDER` measures another build. Ends every process it started.
 */
import { _electron, type ElectronApplication, type Locator, type Page } from '@playwright/test';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { appEnvironment } from '../e2e/support/app';
import { processTree } from '../e2e/support/processes';
import type { BenchOptions } from './bench';
import { buildApp, findElectron, openDisplay, root } from './electron';
import { installProbe } from './page-probe';

export interface BenchApp {
  readonly app: ElectronApplication;
  readonly page: Page;
  /** CPU used so far, ms, by part: main, renderer, gpu, host (all hosts), other. */
  cpu(): Record<string, number>;
  close(): Promise<void>;
}

const TICK_MS = 10;

export async function openApp(kubeconfig: string, { flags }: BenchOptions): Promise<BenchApp> {
  const folder = flags['app'] ?? root;
  if (flags['app'] === undefined) buildApp();
  const display = await openDisplay();
  const home = mkdtempSync(join(tmpdir(), 'bench-app-'));
  mkdirSync(join(home, 'binnacle'), { recursive: true });
  writeFileSync(join(home, 'binnacle', 'settings.json'), JSON.stringify({ density: 'normal' }));
  const app = await _electron.launch({
    executablePath: findElectron(),
    args: [folder],
    cwd: root,
    chromiumSandbox: process.getuid?.() !== 0,
    env: { ...appEnvironment(home, { kubeconfig }), ...display.env },
  });
  const pid = app.process().pid ?? 0;
  const close = async (): Promise<void> => {
    await app.close().catch(() => app.process().kill('SIGKILL'));
    display.close();
    rmSync(home, { recursive: true, force: true });
  };
  try {
    const page = await app.firstWindow();
    const ready = (): Promise<void> => page.locator('[data-ready]').first().waitFor({ state: 'attached' });
    await ready();
    // The page's own scripts must find the probe: it is loaded once more with it.
    // The loader of these files marks functions with a helper that a page does not have.
    await page.addInitScript('globalThis.__name ??= (one) => one');
    await page.addInitScript(installProbe);
    await page.reload();
    await ready();
    return { app, page, cpu: () => cpuOf(pid), close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

/** Opens a kind's table; resolves when it is live. */
export async function openTable(page: Page, title: string, limitMs = 120_000): Promise<Locator> {
  const kinds = page.getByRole('navigation', { name: 'Kinds' });
  await kinds.getByRole('link', { name: title, exact: true }).click({ timeout: limitMs });
  const panel = page.getByRole('tabpanel', { name: title, exact: true });
  await panel
    .getByRole('status', { name: `State of ${title}` })
    .filter({ hasText: /^live$/ })
    .waitFor({ timeout: limitMs })
    .catch(async (thrown: unknown) => {
      const said = (await page.locator('body').innerText()).slice(0, 1_500);
      throw new Error(`${String(thrown).slice(0, 200)}\nThe window said: ${said}`);
    });
  return panel;
}

/** CPU used so far by the process and what it started, ms, by part. */
export function cpuOf(pid: number): Record<string, number> {
  const sums: Record<string, number> = { main: 0, renderer: 0, gpu: 0, host: 0, other: 0 };
  for (const info of processTree(pid)) {
    let stat: string;
    try {
      stat = readFileSync(`/proc/${info.pid}/stat`, 'utf8');
    } catch {
      continue;
    }
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ms = (Number(fields[11]) + Number(fields[12])) * TICK_MS;
    const part = partOf(info.pid === pid, info.command);
    sums[part] = (sums[part] ?? 0) + ms;
  }
  return sums;
}

function partOf(first: boolean, command: string): string {
  if (first) return 'main';
  if (command.includes('--type=renderer')) return 'renderer';
  if (command.includes('--type=gpu-process')) return 'gpu';
  if (command.includes('node.mojom.NodeService')) return 'host';
  return 'other';
}

/** CPU between two looks, ms. */
export function cpuBetween(
  before: Record<string, number>,
  after: Record<string, number>,
): Record<string, number> {
  return Object.fromEntries(Object.entries(after).map(([part, ms]) => [part, ms - (before[part] ?? 0)]));
}

export function sum(parts: Record<string, number>): number {
  return Object.values(parts).reduce((all, ms) => all + ms, 0);
}

export function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}
