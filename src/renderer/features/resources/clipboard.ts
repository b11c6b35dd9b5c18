/** Puts text on the clipboard; falls back to a marked text field where the API is refused. Resolves with whether it is there. */
export async function copyText(text: string): Promise<boolean> {
  if (text === '') return false;
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
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
}
