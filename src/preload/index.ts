/**
 * Hands ports over and does nothing else: no function, no value and no Electron object
 * reaches the page. The page says it listens; main checks the sender and answers with ports.
 */
import { ipcRenderer } from 'electron';
import type { PortGrant, RendererReady } from '#shared/contract/bridge';

/** What this file needs of the page's window; the layer is compiled without DOM types. */
interface PageWindow {
  addEventListener(
    type: 'message',
    listener: (event: { source: unknown; origin: string; data: unknown }) => void,
  ): void;
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

ipcRenderer.on('binnacle:port', (event, grant: PortGrant) => {
  window.postMessage(grant, origin, [...event.ports]);
});
