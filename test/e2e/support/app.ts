/**
 * The real app for a test: `test` and `expect` of Playwright with a `launchApp` fixture.
 * Guarantees: each app has a home of its own; errors on the console, uncaught errors, CSP
 * violations and error lines of main fail the test unless it allowed them by pattern; at
 * the end the app quits by itself and none of its processes and no temporary home is left.
 */
import { _electron, expect, test as base, type ElectronApplication, type Page } from '@playwright/test';
import { spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { processTree, stillAlive } from './processes';

export { expect };

const root = resolve(__dirname, '../../..');
/** Another build of the app, e.g. a packaged one unpacked. */
const appFolder = process.env['BINNACLE_E2E_APP'] ?? root;

export interface LaunchOptions {
  /** Path of a kubeconfig, or several joined as KUBECONFIG has them. None: the demo cluster. */
  readonly kubeconfig?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Written as settings.json before the start. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Home of an earlier launch, to start again with what it left. */
  readonly home?: string;
  /** Problems that belong to what the test does. */
  readonly allow?: readonly RegExp[];
}

export interface RunningApp {
  readonly app: ElectronApplication;
  readonly page: Page;
  /** HOME and settings folder (`home/binnacle`) of this app. */
  readonly home: string;
  readonly problems: string[];
  /** Saves what the window shows under test-results; returns the path. */
  shot(name: string): Promise<string>;
  /** Quits as a person would; fails when a process stays. */
  close(): Promise<void>;
}

/** Resolved once by scripts/e2e.mjs; asked for when Playwright was started by hand. */
export function electronPath(): string {
  const named = process.env['BINNACLE_ELECTRON'];
  if (named) return named;
  const found = spawnSync(process.execPath, [join(root, 'scripts/electron-runtime.mjs')], {
    encoding: 'utf8',
  });
  if (found.status !== 0) throw new Error(`no Electron: ${found.stderr}`);
  process.env['BINNACLE_ELECTRON'] = found.stdout.trim();
  return found.stdout.trim();
}

/** Flags and folder to start the app with, outside of Playwright. */
export function appArguments(): string[] {
  return [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), appFolder];
}

/** The environment of an app with that home. */
export function appEnvironment(home: string, options: LaunchOptions = {}): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && !/^(?:KUBECONFIG|NODE_OPTIONS|ELECTRON_\w+|XDG_\w+)$/.test(name))
      env[name] = value;
  }
  return {
    ...env,
    HOME: home,
    BINNACLE_HOME: join(home, 'binnacle'),
    BINNACLE_SHELL_ENV: 'own',
    ...(options.kubeconfig === undefined ? {} : { KUBECONFIG: options.kubeconfig }),
    ...options.env,
  };
}

export async function launchApp(options: LaunchOptions = {}): Promise<RunningApp> {
  const home = options.home ?? mkdtempSync(join(tmpdir(), 'binnacle-e2e-'));
  const state = join(home, 'binnacle');
  mkdirSync(state, { recursive: true });
  if (options.settings) writeFileSync(join(state, 'settings.json'), JSON.stringify(options.settings));
  const asRoot = process.getuid?.() === 0;
  const app = await _electron.launch({
    executablePath: electronPath(),
    args: [appFolder],
    cwd: root,
    chromiumSandbox: !asRoot,
    env: appEnvironment(home, options),
  });
  const child = app.process();
  const problems: string[] = [];
  const report = (text: string): void => {
    if (!options.allow?.some((pattern) => pattern.test(text))) problems.push(text);
  };
  watchMain(child, report);
  const page = await app.firstWindow();
  page.on('pageerror', (error) => report(`uncaught: ${error.stack ?? error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') report(`console: ${message.text()}`);
  });
  page.on('crash', () => report('the page crashed'));
  await page.locator('[data-ready]').first().waitFor({ state: 'attached', timeout: 30_000 });

  let closed = false;
  return {
    app,
    page,
    home,
    problems,
    shot: async (name) => {
      const path = join(root, 'test-results', 'shots', `${name}.png`);
      await page.screenshot({ path });
      return path;
    },
    close: async () => {
      if (closed) return;
      closed = true;
      const tree = child.pid === undefined ? [] : processTree(child.pid);
      if (child.exitCode === null && child.signalCode === null) await app.close();
      await expect
        .poll(() => stillAlive(tree).map((info) => `${info.pid} ${info.command}`), { timeout: 5_000 })
        .toEqual([]);
    },
  };
}

/** Lines our log calls errors, and what Electron prints when a process of its own dies. */
function watchMain(child: ChildProcess, report: (text: string) => void): void {
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream?.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString('utf8')).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (/^\S+Z error /.test(line)) report(`main: ${line}`);
    });
  }
}

interface Fixtures {
  /** Starts the app; it is closed, and judged, when the test is over. */
  launchApp: (options?: LaunchOptions) => Promise<RunningApp>;
}

export const test = base.extend<Fixtures>({
  // eslint-disable-next-line no-empty-pattern -- Playwright reads the fixtures from the pattern
  launchApp: async ({}, use, info) => {
    const running: RunningApp[] = [];
    await use(async (options) => {
      const one = await launchApp(options);
      running.push(one);
      return one;
    });
    for (const one of running) {
      if (info.status !== info.expectedStatus) {
        await one.page
          .screenshot({ path: info.outputPath(`failed-${running.indexOf(one)}.png`) })
          .catch(() => undefined);
      }
    }
    const problems: string[] = [];
    for (const one of running) {
      await one.close();
      problems.push(...one.problems);
    }
    for (const home of new Set(running.map((one) => one.home)))
      rmSync(home, { recursive: true, force: true });
    expect(problems, 'problems the app reported').toEqual([]);
  },
});
