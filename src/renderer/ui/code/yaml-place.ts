/**
 * Where a cursor stands in block YAML, by indentation alone, so that it works in a text that
 * is just being typed: names of the maps around it, `[]` for a list. Flow style (`{a: 1}`) and
 * block texts are not looked into.
 */

export interface Place {
  /** Of the map (or list element) the line's key belongs to. */
  readonly path: readonly string[];
  /** Key on the line, when it has one. */
  readonly key: string | undefined;
  /** Column of the key, from 0. */
  readonly column: number;
  /** Keys beside this one, itself left out. */
  readonly siblings: readonly string[];
}

interface LineParts {
  readonly dashes: readonly number[];
  readonly column: number;
  readonly key: string | undefined;
  readonly blank: boolean;
}

const ITEM = '[]';
const keyed =
  /^(?:"((?:[^"\\]|\\.)*)"|'((?:[^']|'')*)'|([^\s#'"[\]{},&*!|>%@`-][^#]*?|-[^\s#][^#]*?))\s*:(?:\s|$)/;

function partsOf(text: string): LineParts {
  let at = 0;
  const dashes: number[] = [];
  for (;;) {
    while (text[at] === ' ') at += 1;
    if (text[at] !== '-' || (text[at + 1] !== ' ' && text[at + 1] !== undefined)) break;
    dashes.push(at);
    at += 1;
  }
  const rest = text.slice(at);
  const match = keyed.exec(rest);
  return {
    dashes,
    column: at,
    key: match ? (match[1] ?? match[2] ?? match[3]) : undefined,
    blank: dashes.length === 0 && (rest.trim() === '' || rest.startsWith('#')),
  };
}

const isBreak = (text: string): boolean => text.startsWith('---') || text.startsWith('...');

/** `line` counts from 0. */
export function placeAt(lines: readonly string[], line: number): Place {
  const own = partsOf(lines[line] ?? '');
  const path: string[] = [];
  let column = own.column;
  let dashes = [...own.dashes];
  let at = line;
  for (;;) {
    // Out of the elements that begin on this line, then up to the map around.
    while (dashes.length > 0) {
      path.unshift(ITEM);
      column = dashes.pop() ?? 0;
      // A dash may stand right below its key: the key's column is at most the dash's.
      if (dashes.length === 0) column += 1;
    }
    const found = upTo(lines, at, column);
    if (!found) break;
    at = found.line;
    const { parts } = found;
    if (parts.column < column && parts.key !== undefined) path.unshift(parts.key);
    column = parts.column;
    dashes = [...parts.dashes];
  }
  return { path, key: own.key, column: own.column, siblings: siblingsOf(lines, line, own) };
}

/** The nearest line above that holds the map of `column`: a key further left, or the element's first line. */
function upTo(
  lines: readonly string[],
  from: number,
  column: number,
): { line: number; parts: LineParts } | undefined {
  for (let line = from - 1; line >= 0; line -= 1) {
    const text = lines[line] ?? '';
    if (isBreak(text)) return undefined;
    const parts = partsOf(text);
    if (parts.blank) continue;
    if (parts.column < column && parts.key !== undefined) return { line, parts };
    if (parts.column === column && parts.dashes.length > 0) return { line, parts };
  }
  return undefined;
}

function siblingsOf(lines: readonly string[], line: number, own: LineParts): string[] {
  const found: string[] = [];
  const look = (step: 1 | -1): void => {
    for (let at = line; ; at += step) {
      const parts = partsOf(lines[at] ?? '');
      if (at !== line) {
        if (at < 0 || at >= lines.length || isBreak(lines[at] ?? '')) return;
        if (!parts.blank && parts.column < own.column) return;
        const starts = parts.dashes.length > 0 && parts.column === own.column;
        if (step === 1 && starts) return;
        if (parts.column === own.column && parts.key !== undefined) found.push(parts.key);
        if (step === -1 && starts) return;
      } else if (step === -1 && own.dashes.length > 0) return;
    }
  };
  look(-1);
  look(1);
  return found;
}
