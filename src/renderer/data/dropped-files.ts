/**
 * Files and folders dropped anywhere on the window. The page never learns a path by itself: the
 * preload script tells those of a real drop. While something is dragged, `data-dropping` stands
 * on the document, for a hint on screen.
 */
import { isDropped } from '#shared/contract/bridge';

/** Pages that take drops for themselves while they are shown; the newest one gets them. */
const takers: ((paths: readonly string[]) => void)[] = [];

/** Takes every drop away from the rest of the app until the returned function is called. */
export function takeDrops(onPaths: (paths: readonly string[]) => void): () => void {
  takers.push(onPaths);
  return () => {
    takers.splice(takers.indexOf(onPaths), 1);
  };
}

/** Calls back with the paths of each drop until the returned function is called. */
export function listenForDrops(onPaths: (paths: readonly string[]) => void): () => void {
  const root = document.documentElement;
  const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true;
  const over = (event: DragEvent): void => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
    root.dataset['dropping'] = '';
  };
  const leave = (event: DragEvent): void => {
    if (event.relatedTarget === null) delete root.dataset['dropping'];
  };
  const drop = (event: DragEvent): void => {
    if (hasFiles(event)) event.preventDefault();
    delete root.dataset['dropping'];
  };
  const message = (event: MessageEvent): void => {
    if (event.source !== window || !isDropped(event.data)) return;
    (takers.at(-1) ?? onPaths)(event.data.paths);
  };
  window.addEventListener('dragover', over);
  window.addEventListener('dragleave', leave);
  window.addEventListener('drop', drop);
  window.addEventListener('message', message);
  return () => {
    window.removeEventListener('dragover', over);
    window.removeEventListener('dragleave', leave);
    window.removeEventListener('drop', drop);
    window.removeEventListener('message', message);
  };
}
