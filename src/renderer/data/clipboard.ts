/**
 * The clipboard, in one place. Guarantees: every copy tells whether it worked, and one that did
 * not says so on screen; a secret leaves the clipboard again after its time, and on quit, if it
 * is still there (the main process looks; this window may not read the clipboard).
 */
import { app } from '#shared/contract/app';
import { useAppData } from './app-data';
import { tellPerson } from './told';

const NOT_COPIED = 'Not copied: the system refused the clipboard.';

/** Puts text on the clipboard; falls back to a marked text field where the API is refused. True: it is there. */
export async function copyText(text: string): Promise<boolean> {
  if (text === '') return false;
  const done = await navigator.clipboard.writeText(text).then(
    () => true,
    () => copyMarked(text),
  );
  if (!done) tellPerson(NOT_COPIED);
  return done;
}

/** Puts a secret there for `forMs` only. True: it is there. */
export async function copySecret(text: string, forMs: number): Promise<boolean> {
  const { client } = useAppData.getState();
  if (text === '') return false;
  const done = (await client?.call(app, 'copyBriefly', { text, forMs }).catch(() => false)) === true;
  if (!done) tellPerson(NOT_COPIED);
  return done;
}

function copyMarked(text: string): boolean {
  const box = document.createElement('textarea');
  const before = document.activeElement;
  box.value = text;
  box.className = 'srOnly';
  document.body.append(box);
  box.select();
  const done = document.execCommand('copy');
  box.remove();
  if (before instanceof HTMLElement) before.focus();
  return done;
}
