/**
 * Start order of the main process: locks, single instance, window, then the rest while the
 * page loads. Quit order: children first, at most 3 s. Guarantees: nothing that can wait
 * runs before the window; a second start only brings the first one's window to the front.
 */
import { app, dialog, nativeTheme, session, type BrowserWindow, type MessageBoxOptions } from 'electron';
import { join } from 'node:path';
import { Scope } from '#shared/rpc/scope';
import { setUpFastTls } from './app/fast-tls';
import { log, openLog } from './app/log';
import { registerScheme, serveApp } from './app/protocol';
import { lockContents, lockSession } from './app/security';
import { SettingsStore } from './app/settings';
import type { MainSide } from './app/start';
import { openUserData } from './app/user-data';
import { devToolsAllowed, openWindow } from './app/window';

const QUIT_LIMIT_MS = 3_000;
const built = __dirname;

// Chromium refuses to run sandboxed as root; scripts/start.mjs says so and adds the switch there only.
const rootWithoutSandbox = process.getuid?.() === 0 && app.commandLine.hasSwitch('no-sandbox');
if (!rootWithoutSandbox) app.enableSandbox();
setUpFastTls(app.commandLine);
app.setName('Binnacle');
const userData = openUserData(process.env['BINNACLE_HOME'] || app.getPath('userData'));
app.setPath('userData', userData.path);
process.on('exit', () => userData.dispose());
registerScheme();
lockContents();

const scope = new Scope('main');
let window: BrowserWindow | undefined;
let side: MainSide | undefined;

/** Fault 68: told once a minute at most, never restarted by itself. */
let lastTold = 0;
function onUnhandled(thrown: unknown): void {
  log.error('an error nobody handled', thrown);
  if (Date.now() - lastTold < 60_000) return;
  lastTold = Date.now();
  tell('Something went wrong inside Binnacle. It goes on; details are in its log.');
}
process.on('uncaughtException', onUnhandled);
process.on('unhandledRejection', onUnhandled);

function tell(message: string): void {
  log.warn(message);
  const options: MessageBoxOptions = { type: 'warning', message, buttons: ['OK'], noLink: true };
  const shown = window ? dialog.showMessageBox(window, options) : dialog.showMessageBox(options);
  void shown.catch(() => undefined);
}

function focusWindow(): void {
  if (!window || window.isDestroyed()) return;
  if (window.isMinimized()) window.restore();
  window.focus();
}

async function start(): Promise<void> {
  openLog(join(userData.path, 'logs'));
  const settings = new SettingsStore(join(userData.path, 'settings.json'), scope, tell);
  await app.whenReady();
  nativeTheme.themeSource = settings.value.theme;
  lockSession(session.defaultSession);
  serveApp(session.defaultSession, join(built, '../renderer'));
  const preload = join(built, '../preload/index.js');
  const open = (): void => {
    window = openWindow(userData.path, preload, scope);
    window.once('closed', () => {
      window = undefined;
    });
  };
  open();
  for (const problem of [userData.problem, settings.problem]) if (problem !== undefined) tell(problem);
  // The page's process is starting: the time to load everything else.
  const [{ startMainSide }, { setMenu }] = await Promise.all([import('./app/start'), import('./app/menu')]);
  side = startMainSide({ scope, settings, window: () => window, built });
  setMenu(devToolsAllowed());
  app.on('activate', () => {
    if (!window) open();
  });
}

app.on('second-instance', focusWindow);
app.on('window-all-closed', () => {
  if (process.platform !== 'darwin') app.quit();
});

let leaving = false;
app.on('will-quit', (event) => {
  if (leaving) return;
  leaving = true;
  event.preventDefault();
  const limit = setTimeout(() => app.exit(0), QUIT_LIMIT_MS);
  void (side?.stop() ?? Promise.resolve()).finally(() => {
    clearTimeout(limit);
    scope.dispose();
    app.exit(0);
  });
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.quit());

if (app.requestSingleInstanceLock()) {
  start().catch((thrown) => {
    log.error('the app could not start', thrown);
    dialog.showErrorBox(
      'Binnacle could not start',
      thrown instanceof Error ? thrown.message : String(thrown),
    );
    app.exit(1);
  });
} else {
  app.exit(0);
}
