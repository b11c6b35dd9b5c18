/** What a person types into one line or field, as the lists a container wants. Pure. */

/**
 * A command line in words: spaces part, quotes hold together, a backslash takes the next character as
 * it is. Nothing is expanded: there is no shell between. Undefined: a quote is not closed.
 */
export function splitWords(line: string): readonly string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (let at = 0; at < line.length; at += 1) {
    const char = line.charAt(at);
    if (quote === undefined && /\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (quote === undefined && (char === '"' || char === "'")) {
      quote = char;
      word ??= '';
    } else if (char === quote) quote = undefined;
    else if (char === '\\' && quote !== "'" && at + 1 < line.length) {
      at += 1;
      word = (word ?? '') + line.charAt(at);
    } else word = (word ?? '') + char;
  }
  if (quote !== undefined) return undefined;
  return word === undefined ? words : [...words, word];
}

export interface Variable {
  readonly name: string;
  readonly value: string;
}

/** Lines `NAME=value`; empty lines do not count. A text: the line that is none. */
export function readVariables(text: string): readonly Variable[] | string {
  const found: Variable[] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const at = line.indexOf('=');
    const name = line.slice(0, at).trim();
    if (at <= 0 || !/^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(name)) return line;
    found.push({ name, value: line.slice(at + 1) });
  }
  return found;
}

const LETTERS = 'bcdfghjklmnpqrstvwxz2456789';

/** Five characters that make a name unique. */
export function randomSuffix(): string {
  return [...crypto.getRandomValues(new Uint8Array(5))]
    .map((byte) => LETTERS[byte % LETTERS.length])
    .join('');
}

/** A name of a pod that says what it is a copy of. */
export function copyName(pod: string, suffix: string): string {
  return `${pod.slice(0, 253 - 7 - suffix.length)}-debug-${suffix}`;
}

/** Why this is no name of a container or pod; undefined when it is. */
export function nameProblem(name: string, most: number): string | undefined {
  if (name.length > most) return `At most ${most} characters.`;
  const dots = most > 63;
  const fits = dots ? /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/ : /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
  return fits.test(name) ? undefined : 'Lower-case letters, digits and dashes, no dash at the ends.';
}
