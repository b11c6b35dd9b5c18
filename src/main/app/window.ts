/**
 * The window: every web preference of rules/security.md 1.1, dark or light before the first
 * paint, back where it was. Guarantees: shown at the latest 3 s after it was made; a crashed
 * page is loaded again, at most 3 times a minute (fault 67).
 */
import { app, BrowserWindow, nativeTheme, screen } from 'electron';
import { join } from 'node:path';
import type { Scope } from '#shared/rpc/scope';
import { readJsonFile, writeJsonFile } from './json-file';
import { log } from './log';
import { ORIGIN } from './protocol';
import { registerPage } from './security';
import { MIN_HEIGHT, MIN_WIDTH, restoreWindow } from './window-state';

/** `bg` of the two themes (look.md). */
const background = { dark: '#10161c', light: '#ffffff' } as const;
const SAVE_AFTER_MS = 500;
const SHOW_AT_LATEST_MS = 3000;
const RELOADS_A_MINUTE = 3;

export function openWindow(userData: string, preload: string, scope: Scope): BrowserWindow {
  const file = join(userData, 'window.json');
  const displays = [screen.getPrimaryDisplay(), ...screen.getAllDisplays()];
  const state = restoreWindow(
    readJsonFile(file).value,
    displays.map((display) => display.workArea),
  );
  const window = new BrowserWindow({
    ...state.bounds,
    minWidth: MIN_WIDTH,
    minHeight: MIN_HEIGHT,
    show: false,
    title: 'Binnacle',
    backgroundColor: nativeTheme.shouldUseDarkColors ? background.dark : background.light,
    autoHideMenuBar: process.platform !== 'darwin',
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: devToolsAllowed(),
      // Live views pace themselves; throttled timers would make a hidden window's data old.
      backgroundThrottling: false,
    },
  });
  registerPage(window.webContents);
  if (state.maximized) window.maximize();
  showWhenPainted(window, scope);
  rememberState(window, file, scope);
  reloadAfterCrash(window);
  void window.loadURL(`${ORIGIN}/index.html`).catch((thrown) => log.error('the page did not load', thrown));
  return window;
}

/** Item "devTools off in release unless a flag". */
export function devToolsAllowed(): boolean {
  return !app.isPackaged || process.env['BINNACLE_DEVTOOLS'] === '1';
}

function showWhenPainted(window: BrowserWindow, scope: Scope): void {
  let isShown = false;
  const show = (): void => {
    // Only the first time: who hides it at once means it.
    if (isShown || window.isDestroyed()) return;
    isShown = true;
    if (!window.isVisible()) window.show();
  };
  window.once('ready-to-show', show);
  scope.timeout(show, SHOW_AT_LATEST_MS);
}

function rememberState(window: BrowserWindow, file: string, scope: Scope): void {
  let cancel: (() => void) | undefined;
  const save = (): void => {
    cancel = undefined;
    if (window.isDestroyed() || window.isMinimized()) return;
    try {
      writeJsonFile(file, { bounds: { ...window.getNormalBounds() }, maximized: window.isMaximized() });
    } catch (thrown) {
      log.warn(`the window's place cannot be saved: ${String(thrown)}`);
    }
  };
  const later = (): void => {
    cancel?.();
    cancel = scope.timeout(save, SAVE_AFTER_MS);
  };
  window.on('resize', later);
  window.on('move', later);
  window.on('maximize', later);
  window.on('unmaximize', later);
  window.on('close', () => {
    cancel?.();
    save();
  });
}

function reloadAfterCrash(window: BrowserWindow): void {
  let recent: number[] = [];
  window.webContents.on('render-process-gone', (_event, details) => {
    if (details.reason === 'clean-exit' || window.isDestroyed()) return;
    log.error(`the page's process ended (${details.reason}, exit code ${details.exitCode})`);
    const now = Date.now();
    recent = [...recent.filter((at) => now - at < 60_000), now];
    if (recent.length <= RELOADS_A_MINUTE) window.webContents.reload();
    else log.error('the page crashed too often; it is not loaded again by itself');
  });
}
