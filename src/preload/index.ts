/**
 * Hands ports over, tells the paths of dropped files, and does nothing else: no function and no
 * Electron object reaches the page. The page says it listens; main checks the sender and answers
 * with ports.
 */
import { ipcRenderer, webUtils } from 'electron';
import type { Dropped, PortGrant, RendererReady } from '#shared/contract/bridge';

interface DropEvent {
  /** False for events a script made: those learn nothing. */
  readonly isTrusted: boolean;
  readonly dataTransfer: { readonly files: ArrayLike<object> } | null;
}

/** What this file needs of the page's window; the layer is compiled without DOM types. */
interface PageWindow {
  addEventListener(
    type: 'message',
    listener: (event: { source: unknown; origin: string; data: unknown }) => void,
  ): void;
  addEventListener(type: 'drop', listener: (event: DropEvent) => void): void;
  postMessage(message: unknown, origin: string, transfer: unknown[]): void;
}
declare const window: PageWindow;

const origin = 'app://binnacle';

function isReady(data: unknown): data is RendererReady {
  return typeof data === 'object' && data !== null && (data as Partial<RendererReady>).binnacle === 'ready';
}

window.addEventListener('message', (event) => {
  if (event.source === window && event.origin === origin && isReady(event.data)) {
    ipcRenderer.send('binnacle:ready');
  }
});

/** Electron before 29 has no webUtils; there a file knows its path. */
function pathOf(file: object): string {
  const utils = webUtils as { getPathForFile?: (file: object) => string } | undefined;
  return utils?.getPathForFile?.(file) ?? (file as { path?: string }).path ?? '';
}

window.addEventListener('drop', (event) => {
  if (!event.isTrusted) return;
  const paths = Array.from(event.dataTransfer?.files ?? [], pathOf).filter((path) => path !== '');
  const dropped: Dropped = { binnacle: 'dropped', paths: paths.slice(0, 100) };
  if (paths.length === 0) return;
  // Main hears of it by itself: what the page says of paths is not believed.
  ipcRenderer.send('binnacle:dropped', dropped.paths);
  window.postMessage(dropped, origin, []);
});

ipcRenderer.on('binnacle:port', (event, grant: PortGrant) => {
  window.postMessage(grant, origin, [...event.ports]);
});
