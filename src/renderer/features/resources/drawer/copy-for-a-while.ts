/** A copy that leaves the clipboard again, unless something else was copied meanwhile. */
import { copyText } from '../clipboard';

let timer: ReturnType<typeof setTimeout> | undefined;
let copies = 0;

/** `forMs` undefined: it stays, as any copy does. */
export async function copyForAWhile(text: string, forMs: number | undefined): Promise<void> {
  await copyText(text);
  if (timer !== undefined) clearTimeout(timer);
  timer = undefined;
  if (forMs === undefined) return;
  const mine = (copies += 1);
  // The app may not read the clipboard; what was copied in this window after it is heard.
  const other = (): void => void (copies += 1);
  document.addEventListener('copy', other, { once: true });
  timer = setTimeout(() => {
    document.removeEventListener('copy', other);
    // A blank: the clipboard API takes no empty text everywhere.
    if (copies === mine) void copyText(' ');
  }, forMs);
}
