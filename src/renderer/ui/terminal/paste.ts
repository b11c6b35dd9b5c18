/** What is pasted is made harmless before a program sees it. Pure. */

/** Control characters but tab and line ends are dropped: a paste never types Escape or Ctrl+C. */
export function cleanPaste(text: string): string {
  let out = '';
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    const isControl = code < 0x20 || (code >= 0x7f && code < 0xa0);
    if (!isControl || char === '\t' || char === '\n' || char === '\r') out += char;
  }
  return out;
}

/** Lines that would each run on their own. A line end at the very end counts: it presses Enter. */
export function pastedLines(text: string): readonly string[] {
  return text.split(/\r\n|\r|\n/);
}

/** True when the person has to see it first: more than one line, and the program does not ask for whole pastes. */
export function needsGuard(text: string, bracketed: boolean): boolean {
  return !bracketed && /[\r\n]/.test(text);
}
