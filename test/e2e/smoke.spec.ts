/** The frame of the app: it opens, is locked down, remembers, survives its hosts, and leaves nothing. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { attachProbe, callMain, seenHosts } from './support/app-rpc';
import { processTree, stillAlive } from './support/processes';
import { appArguments, appEnvironment, electronPath, expect, test } from './support/app';

test('opens a window with the shell', async ({ launchApp }) => {
  const { page, app } = await launchApp();
  expect(page.url()).toBe('app://binnacle/index.html');
  await expect(page.locator('html[data-ready="shell"]')).toBeAttached();
  const window = await app.browserWindow(page);
  await expect.poll(() => window.evaluate((one) => one.isVisible())).toBe(true);
});

test('the page has no Node, no Electron and no way out', async ({ launchApp }) => {
  const { page, app, home } = await launchApp({
    allow: [/Refused to|violates|Not allowed|denied|requires 'Trusted|Failed to load resource/i],
  });
  const globals = await page.evaluate(() => {
    const names = ['require', 'process', 'module', 'Buffer', 'electron', 'ipcRenderer', '__dirname'];
    return names.filter((name) => name in window);
  });
  expect(globals).toEqual([]);
  const headers = await page.evaluate(async () => {
    const answer = await fetch('/index.html');
    return Object.fromEntries(answer.headers);
  });
  expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self';");
  expect(headers['content-security-policy']).toContain("require-trusted-types-for 'script'");
  expect(headers['x-content-type-options']).toBe('nosniff');

  const attempts = await page.evaluate(async () => {
    const result: Record<string, string> = {};
    const tell = async (name: string, run: () => unknown): Promise<void> => {
      try {
        result[name] = String(await run());
      } catch (thrown) {
        result[name] = `refused: ${(thrown as Error).name}`;
      }
    };
    await tell('fetch', async () => (await fetch('https://example.com')).status);
    await tell('file', async () => (await fetch('file:///etc/passwd')).status);
    await tell('outside', async () => (await fetch('/..%2f..%2fpackage.json')).status);
    await tell('other host', async () => (await fetch('app://elsewhere/index.html')).status);
    await tell('post', async () => (await fetch('/index.html', { method: 'POST', body: 'x' })).status);
    await tell('eval', () => (0, eval)('1'));
    await tell('html', () => {
      document.createElement('div').innerHTML = '<b>x</b>';
      return 'set';
    });
    await tell('window', () => window.open('https://example.com'));
    await tell('notifications', () => Notification.requestPermission());
    return result;
  });
  expect(attempts['fetch']).toMatch(/^refused/);
  expect(attempts['file']).toMatch(/^refused/);
  expect(attempts['outside']).toBe('404');
  expect(attempts['other host']).toMatch(/^refused|404/);
  expect(attempts['post']).toBe('405');
  expect(attempts['eval']).toMatch(/^refused/);
  expect(attempts['html']).toMatch(/^refused/);
  expect(attempts['window']).toBe('null');
  expect(attempts['notifications']).toBe('denied');

  // Playwright waits for a navigation that never ends, so the main side tells what came of it.
  await app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(
      "location.href = 'https://example.com/'; 0",
    ),
  );
  const log = join(home, 'binnacle/logs/main.log');
  await expect.poll(() => readFileSync(log, 'utf8')).toContain('denied a navigation to https://example.com/');
  const windows = await app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map((one) => one.webContents.getURL()),
  );
  expect(windows).toEqual(['app://binnacle/index.html']);
});

test('a killed host starts again, and the app says so', async ({ launchApp }) => {
  const { page, app } = await launchApp();
  await attachProbe(page);
  await callMain(page, 'connect', { contextId: 'demo' });
  const phase = async (): Promise<string | undefined> => (await seenHosts(page)).at(-1)?.[0]?.phase;
  await expect.poll(phase, { timeout: 20_000 }).toBe('running');
  const before = (await seenHosts(page)).at(-1)?.[0];

  // The cluster's and, if it is there already, the spare one.
  const pids = await app.evaluate(({ app: electron }) =>
    electron
      .getAppMetrics()
      .filter((one) => one.name === 'Binnacle cluster host')
      .map((one) => one.pid),
  );
  expect(pids).not.toEqual([]);
  for (const pid of pids) process.kill(pid, 'SIGKILL');

  await expect
    .poll(async () => (await seenHosts(page)).map((hosts) => hosts[0]?.phase), { timeout: 20_000 })
    .toContain('restarting');
  await expect.poll(phase, { timeout: 20_000 }).toBe('running');
  const after = (await seenHosts(page)).at(-1)?.[0];
  expect(after?.restarts).toBe((before?.restarts ?? 0) + 1);
  expect(after?.generation).toBeGreaterThan(before?.generation ?? 0);
});

test('a reloaded page gets fresh ports', async ({ launchApp }) => {
  const { page } = await launchApp();
  await page.reload();
  await expect(page.locator('html[data-ready="shell"]')).toBeAttached();
  await attachProbe(page);
  expect(await callMain(page, 'about')).toMatchObject({ electron: expect.any(String) });
});

test('settings and the place of the window come back', async ({ launchApp }) => {
  const first = await launchApp({ settings: { theme: 'light', laterVersion: { kept: true } } });
  await attachProbe(first.page);
  await callMain(first.page, 'patchSettings', { patch: { density: 'compact' } });
  const window = await first.app.browserWindow(first.page);
  await window.evaluate((one) => one.setBounds({ x: 40, y: 50, width: 1111, height: 700 }));
  await first.close();
  const saved: unknown = JSON.parse(readFileSync(join(first.home, 'binnacle/settings.json'), 'utf8'));
  expect(saved).toMatchObject({ theme: 'light', density: 'compact', laterVersion: { kept: true } });

  const second = await launchApp({ home: first.home });
  const again = await second.app.browserWindow(second.page);
  expect(await again.evaluate((one) => one.getBounds())).toMatchObject({ width: 1111, height: 700 });
  await expect(second.page.locator('html')).toHaveAttribute('data-theme', 'light');
});

test('damaged settings are kept as a copy and the app opens with defaults', async ({ launchApp }) => {
  const first = await launchApp();
  await first.close();
  const folder = join(first.home, 'binnacle');
  writeFileSync(join(folder, 'settings.json'), '{"theme": "li');
  const second = await launchApp({ home: first.home });
  await expect(second.page.locator('html[data-ready="shell"]')).toBeAttached();
  const copies = readdirSync(folder).filter((name) => name.startsWith('settings.json.bad-'));
  expect(copies).toHaveLength(1);
  expect(readFileSync(join(folder, copies[0] ?? ''), 'utf8')).toBe('{"theme": "li');
});

test('a second start brings the first window to the front and ends', async ({ launchApp }) => {
  const { app, home } = await launchApp();
  const second = spawn(electronPath(), appArguments(), { env: appEnvironment(home), stdio: 'ignore' });
  const [code] = (await once(second, 'exit')) as [number];
  expect(code).toBe(0);
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
});

test('a window hidden right after its start stays hidden', async ({ launchApp }) => {
  const { app } = await launchApp();
  const came = await app.evaluate(async ({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    window?.hide();
    // Longer than the app waits for its first picture before it shows the window all the same.
    return new Promise<boolean>((done) => {
      const timer = setTimeout(() => done(false), 4_000);
      window?.once('show', () => {
        clearTimeout(timer);
        done(true);
      });
    });
  });
  expect(came).toBe(false);
});

test('quits on a signal and leaves no process', async ({ launchApp }) => {
  const { app, page, home } = await launchApp();
  await attachProbe(page);
  await callMain(page, 'connect', { contextId: 'demo' });
  const child = app.process();
  const tree = processTree(child.pid ?? 0);
  expect(tree.length).toBeGreaterThan(3);
  child.kill('SIGTERM');
  await expect.poll(() => stillAlive(tree).map((info) => info.command), { timeout: 10_000 }).toEqual([]);
  expect(readdirSync(join(home, 'binnacle')).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

test('opens with defaults where its folder cannot be written', async ({ launchApp }) => {
  const { page, app } = await launchApp({ env: { BINNACLE_HOME: '/proc/binnacle' } });
  await expect(page.locator('html[data-ready="shell"]')).toBeAttached();
  const folder = await app.evaluate(({ app: electron }) => electron.getPath('userData'));
  expect(folder).not.toContain('/proc');
});

test('the page may write the clipboard and may not read it', async ({ launchApp }) => {
  const { page, app } = await launchApp();
  const window = await app.browserWindow(page);
  await window.evaluate((one) => one.focus());
  // Chromium allows neither to a page without focus; a click gives it.
  await page.mouse.click(2, 2);
  await expect.poll(() => page.evaluate(() => document.hasFocus())).toBe(true);
  const result = await page.evaluate(async () => {
    const tell = (run: Promise<unknown>): Promise<string> =>
      run.then(String, (thrown: Error) => `refused: ${thrown.name}`);
    const written = await tell(navigator.clipboard.writeText('kubectl get pods'));
    return { written, read: await tell(navigator.clipboard.readText()) };
  });
  expect(result).toEqual({ written: 'undefined', read: 'refused: NotAllowedError' });
  expect(await app.evaluate(({ clipboard }) => clipboard.readText())).toBe('kubectl get pods');
});
