/** Puts text on the clipboard; falls back to a marked text field where the API is refused. */
export async function copyText(text: string): Promise<void> {
  if (text === '') return;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const box = document.createElement('textarea');
    const before = document.activeElement;
    box.value = text;
    box.className = 'srOnly';
    document.body.append(box);
    box.select();
    document.execCommand('copy');
    box.remove();
    if (before instanceof HTMLElement) before.focus();
  }
}
