/**
 * Locks of the browser side (rules/security.md 1.1), for the one session and for every web
 * contents however it came about: no permission, no navigation, no window, no download,
 * no scheme but ours. What a message from a page must fulfil is `fromOurPage`.
 */
import { app, type IpcMainEvent, type Session, type WebContents } from 'electron';
import { log } from './log';
import { HOST, ORIGIN, SCHEME } from './protocol';

const registered = new Set<number>();

/** Only registered web contents may ask main for ports. */
export function registerPage(contents: WebContents): void {
  const { id } = contents;
  registered.add(id);
  contents.once('destroyed', () => registered.delete(id));
}

/** Our scheme and host, as parsed; a prefix test would let `app://binnacle.evil` through. */
export function isOurUrl(text: string): boolean {
  try {
    const url = new URL(text);
    return url.protocol === `${SCHEME}:` && url.host === HOST;
  } catch {
    return false;
  }
}

/** Item 17: main frame of a registered window, on our origin. Others are logged and dropped. */
export function fromOurPage(event: IpcMainEvent): boolean {
  const frame = event.senderFrame;
  const ours =
    frame !== null &&
    registered.has(event.sender.id) &&
    frame === event.sender.mainFrame &&
    isOurUrl(frame.url);
  if (!ours) log.warn(`dropped a message from ${frame?.url ?? 'a frame that is gone'}`);
  return ours;
}

export function lockSession(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, answer, details) => {
    answer(
      permission === 'clipboard-sanitized-write' &&
        isOurUrl(details.requestingUrl ?? contents?.getURL() ?? ''),
    );
  });
  session.setPermissionCheckHandler(
    (_contents, permission, origin) => String(permission) === 'clipboard-sanitized-write' && isOurUrl(origin),
  );
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event, item) => {
    event.preventDefault();
    log.warn(`denied a download of ${item.getURL().slice(0, 200)}`);
  });
  session.webRequest.onBeforeRequest((details, answer) => {
    const ok = isOurUrl(details.url) || details.url.startsWith('devtools:') || isInlineImage(details);
    if (!ok) log.warn(`denied a request to ${details.url.slice(0, 200)}`);
    answer({ cancel: !ok });
  });
  session.setSpellCheckerEnabled(false);
}

/** CSP allows `data:` for images only; the filter says the same. */
function isInlineImage(details: { url: string; resourceType: string }): boolean {
  return details.resourceType === 'image' && details.url.startsWith('data:image/');
}

/** Before any window. */
export function lockContents(): void {
  app.on('web-contents-created', (_event, contents) => {
    const guard = (event: { preventDefault(): void; url?: string }, url?: string): void => {
      const target = url ?? event.url ?? '';
      if (isOurUrl(target)) return;
      event.preventDefault();
      log.warn(`denied a navigation to ${target.slice(0, 200)}`);
    };
    contents.on('will-navigate', guard);
    contents.on('will-frame-navigate', (event) => guard(event));
    contents.on('will-redirect', guard);
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(({ url }) => {
      log.warn(`denied a window for ${url.slice(0, 200)}`);
      return { action: 'deny' };
    });
  });
}

/** Page origin as messages carry it. */
export const pageOrigin = ORIGIN;
