/**
 * The filter box: words that must all hold.
 *   text  -text  "two words"  /regex/  label:a=b  label:a  label:a!=b  ns:x  node:x
 *   name:x  COLUMN:value  COLUMN:!=value  restarts:>5  age:<1h
 * Text and `:value` search inside words without regard to case; `=value` wants the whole
 * word. Pure parsing here; `filter-match.ts` turns terms into tests over columns.
 */

export interface FilterError {
  readonly message: string;
  /** Character at which the trouble starts. */
  readonly at: number;
}

export type Comparison = '<' | '<=' | '>' | '>=' | '=' | '!=';

export type Term = { readonly negate: boolean; readonly at: number } & (
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'regex'; readonly regex: RegExp }
  | { readonly type: 'label'; readonly key: string; readonly op: 'has' | '=' | '!='; readonly value: string }
  | {
      readonly type: 'field';
      readonly field: string;
      /** `~`: the word holds the value. */
      readonly op: Comparison | '~';
      readonly value: string;
      readonly regex?: RegExp;
    }
);

/** Never throws: what cannot be read comes back as `error`. */
export function parseFilter(
  text: string,
): { readonly terms: readonly Term[] } | { readonly error: FilterError } {
  const terms: Term[] = [];
  let p = 0;
  try {
    for (;;) {
      while (p < text.length && /\s/.test(text[p]!)) p++;
      if (p >= text.length) return { terms };
      const read = readTerm(text, p);
      if (read.term) terms.push(read.term);
      p = read.end;
    }
  } catch (thrown) {
    if (thrown instanceof Bad) return { error: { message: thrown.message, at: thrown.at } };
    throw thrown;
  }
}

class Bad extends Error {
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

function readTerm(text: string, start: number): { term: Term | undefined; end: number } {
  let p = start;
  const negate = (text[p] === '-' || text[p] === '!') && p + 1 < text.length && !/\s/.test(text[p + 1]!);
  if (negate) p++;
  const base = { negate, at: start };
  if (text[p] === '/') {
    const { regex, end } = readRegex(text, p);
    return { term: { ...base, type: 'regex', regex }, end };
  }
  const name = /^[A-Za-z][A-Za-z0-9_.-]*(?=:)/.exec(text.slice(p, p + 130))?.[0];
  if (name === undefined) {
    const word = readWord(text, p);
    return {
      term: word.value === '' ? undefined : { ...base, type: 'text', text: word.value },
      end: word.end,
    };
  }
  const after = p + name.length + 1;
  const field = name.toLowerCase();
  if (field === 'label' || field === 'l') return readLabel(text, after, base);
  const op = /^(?:!=|>=|<=|==|=|>|<)/.exec(text.slice(after, after + 2))?.[0] ?? '~';
  const valueAt = after + (op === '~' ? 0 : op.length);
  if (op === '~' && text[valueAt] === '/') {
    const { regex, end } = readRegex(text, valueAt);
    return { term: { ...base, type: 'field', field, op, value: '', regex }, end };
  }
  const word = readWord(text, valueAt);
  if (word.value === '' && !word.quoted) {
    throw new Bad(`${name}: needs a value, e.g. ${name}:${exampleFor(field)}`, valueAt);
  }
  return {
    term: {
      ...base,
      type: 'field',
      field,
      op: op === '==' ? '=' : (op as Comparison | '~'),
      value: word.value,
    },
    end: word.end,
  };
}

function exampleFor(field: string): string {
  if (field === 'age') return '<1h';
  if (field === 'restarts') return '>5';
  return field === 'status' ? 'Running' : 'value';
}

function readLabel(
  text: string,
  start: number,
  base: { negate: boolean; at: number },
): { term: Term; end: number } {
  const key = /^[^\s=!"]*/.exec(text.slice(start))![0];
  if (key === '') throw new Bad('label: needs a key, e.g. label:app=web', start);
  const p = start + key.length;
  const op = /^(?:!=|==|=)/.exec(text.slice(p, p + 2))?.[0];
  if (op === undefined) {
    if (p < text.length && !/\s/.test(text[p]!)) throw new Bad('after the label key comes = or !=', p);
    return { term: { ...base, type: 'label', key, op: 'has', value: '' }, end: p };
  }
  const word = readWord(text, p + op.length);
  return {
    term: { ...base, type: 'label', key, op: op === '!=' ? '!=' : '=', value: word.value },
    end: word.end,
  };
}

function readWord(text: string, start: number): { value: string; end: number; quoted: boolean } {
  if (text[start] !== '"') {
    const value = /^\S*/.exec(text.slice(start))![0];
    return { value, end: start + value.length, quoted: false };
  }
  let value = '';
  for (let p = start + 1; p < text.length; p++) {
    if (text[p] === '"') return { value, end: p + 1, quoted: true };
    if (text[p] === '\\' && (text[p + 1] === '"' || text[p + 1] === '\\')) p++;
    value += text[p]!;
  }
  throw new Bad('the quote is not closed', start);
}

function readRegex(text: string, start: number): { regex: RegExp; end: number } {
  let p = start + 1;
  let inClass = false;
  for (; p < text.length; p++) {
    const c = text[p];
    if (c === '\\') p++;
    else if (c === '[') inClass = true;
    else if (c === ']') inClass = false;
    else if (c === '/' && !inClass) break;
  }
  if (p >= text.length) throw new Bad('the regular expression has no closing /', start);
  const source = text.slice(start + 1, p);
  if (source === '') throw new Bad('the regular expression is empty', start);
  if (source.length > 500) throw new Bad('the regular expression is too long', start);
  const trouble = explosive(source);
  if (trouble !== undefined) throw new Bad(trouble, start + 1);
  try {
    return { regex: new RegExp(source, 'i'), end: p + 1 };
  } catch (thrown) {
    const detail = thrown instanceof Error ? thrown.message.replace(/^.*\/[a-z]*: /, '') : 'wrong';
    throw new Bad(`the regular expression cannot be read: ${detail.toLowerCase()}`, start);
  }
}

/**
 * Refuses what can take exponential time: a repeat of something that itself repeats or
 * branches, and back-references. A few repeats side by side cost a power of the length, which
 * a cap on the length and on the time keeps small (filter-match.ts); more than three are refused.
 */
function explosive(source: string): string | undefined {
  const groups: { varies: boolean }[] = [{ varies: false }];
  let repeats = 0;
  let closed: { varies: boolean } | undefined;
  for (let p = 0; p < source.length; p++) {
    const c = source[p]!;
    const before = closed;
    closed = undefined;
    if (c === '\\') {
      if (/[1-9k]/.test(source[p + 1] ?? '')) return 'back-references are not supported';
      p++;
    } else if (c === '[') {
      for (p++; p < source.length && source[p] !== ']'; p++) if (source[p] === '\\') p++;
    } else if (c === '(') {
      if (/^\?<?[=!]/.test(source.slice(p + 1, p + 4))) return 'look-around is not supported';
      groups.push({ varies: false });
    } else if (c === ')') {
      closed = groups.pop();
      if (groups.length === 0) return undefined; // the RegExp constructor says it better
      if (closed?.varies) groups[groups.length - 1]!.varies = true;
    } else if (c === '|') {
      groups[groups.length - 1]!.varies = true;
    } else if (c === '*' || c === '+' || /^\{\d+,?\d*\}/.test(source.slice(p, p + 12))) {
      if (before?.varies) return 'a repeat of something that repeats or branches can take for ever';
      if (++repeats > 3) return 'more than three repeats can take for ever';
      groups[groups.length - 1]!.varies = true;
      if (c === '{') p = source.indexOf('}', p);
      if (source[p + 1] === '?') p++;
    } else if (c === '?') {
      groups[groups.length - 1]!.varies = true;
    }
  }
  return undefined;
}
