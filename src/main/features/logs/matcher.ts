/**
 * Terms of a filter or search as tests of lines. `scan` runs over a whole chunk at once, `test` over one
 * line. Guarantees: time grows with the bytes looked at, whatever the pattern (RE2 rules: no
 * backreferences, no lookaround); a pattern that cannot be read is an error in words.
 */
import { readField } from '#shared/domain/logs/fields';
import type { LogTerm } from '#shared/contract/logs';
import { RE2JS, RE2JSException } from 're2js';
import type { Chunk } from './byte-store';
import { literalFinder } from './literal';
import { buildDfa } from './regex/dfa';
import { parsePattern } from './regex/parse';

export interface LineMatcher {
  test(bytes: Buffer, start: number, end: number): boolean;
  /** Lines `from` to before `to` of the chunk that match, in order. */
  scan(chunk: Chunk, from: number, to: number, hit: (index: number) => void): void;
  /** Places in a text: start and end, start and end. */
  places(text: string): number[];
}

const MOST_PLACES = 200;

/** Throws an Error with words for a person. */
export function compileTerm(term: LogTerm): LineMatcher {
  if (term.type === 'field') return fieldMatcher(term);
  if (term.type === 'regex') return regexMatcher(term.text, term.case === true, term.word === true);
  return literalMatcher(term.text, term.case === true, term.word === true);
}

function literalMatcher(text: string, matchCase: boolean, word: boolean): LineMatcher {
  const finder = literalFinder(text, matchCase, word);
  const escaped = RE2JS.quote(text);
  const regex = compileRegex(word ? `\\b${escaped}\\b` : escaped, matchCase);
  return {
    test: (bytes, start, end) => finder.find(bytes, start, end) >= 0,
    scan: (chunk, from, to, hit) => {
      if (from >= to) return;
      const limit = to < chunk.count ? (chunk.starts[to] as number) : chunk.used;
      let at = finder.find(chunk.data, chunk.starts[from] as number, limit);
      while (at >= 0) {
        const index = chunk.lineAt(at);
        hit(index);
        if (index + 1 >= to) return;
        at = finder.find(chunk.data, chunk.starts[index + 1] as number, limit);
      }
    },
    places: (line) => placesOf(regex, line),
  };
}

function regexMatcher(pattern: string, matchCase: boolean, word: boolean): LineMatcher {
  const whole = word ? `\\b(?:${pattern})\\b` : pattern;
  // Judges the pattern, and finds the places in the few lines on screen.
  const regex = compileRegex(whole, matchCase);
  const places = (line: string): number[] => placesOf(regex, line);
  const tree = parsePattern(whole, !matchCase);
  const dfa = tree && buildDfa(tree);
  if (!dfa)
    return lineByLine(
      (bytes, start, end) => regex.matcher(bytes.toString('utf8', start, end)).find(),
      places,
    );
  return {
    test: (bytes, start, end) => dfa.test(bytes, start, end),
    scan: (chunk, from, to, hit) => {
      if (from >= to) return;
      const limit = to < chunk.count ? (chunk.starts[to] as number) : chunk.used;
      dfa.scan(chunk.data, chunk.starts[from] as number, limit, (line) => hit(from + line));
    },
    places,
  };
}

function compileRegex(pattern: string, matchCase: boolean): RE2JS {
  try {
    return RE2JS.compile(pattern, matchCase ? 0 : RE2JS.CASE_INSENSITIVE);
  } catch (thrown) {
    if (thrown instanceof RE2JSException) throw new Error(`This pattern cannot be read: ${thrown.message}`);
    throw thrown;
  }
}

function fieldMatcher(term: LogTerm): LineMatcher {
  const path = term.field ?? '';
  const { text, op = '=' } = term;
  const number = Number(text);
  const test = (value: unknown): boolean => {
    if (value === undefined) return op === '!=';
    const words = typeof value === 'string' ? value : JSON.stringify(value);
    if (op === '=') return words === text;
    if (op === '!=') return words !== text;
    if (op === '~') return words.toLowerCase().includes(text.toLowerCase());
    const have = Number(value);
    if (Number.isNaN(have) || Number.isNaN(number)) return op === '>' ? words > text : words < text;
    return op === '>' ? have > number : have < number;
  };
  // Where the line must hold the value itself, most lines need no parsing.
  const plain = op === '=' && /^[\w .:/@+-]+$/.test(text) && !/^-?[\d.]+$/.test(text);
  const finder = plain ? literalFinder(text, true, false) : undefined;
  return lineByLine(
    (bytes, start, end) => {
      if (finder && finder.find(bytes, start, end) < 0) return false;
      return test(readField(bytes.toString('utf8', start, end), path));
    },
    () => [],
  );
}

export function lineByLine(test: LineMatcher['test'], places: LineMatcher['places']): LineMatcher {
  return {
    test,
    places,
    scan: (chunk, from, to, hit) => {
      for (let index = from; index < to; index += 1)
        if (test(chunk.data, chunk.starts[index] as number, chunk.endOf(index))) hit(index);
    },
  };
}

function placesOf(regex: RE2JS, text: string): number[] {
  const places: number[] = [];
  const matcher = regex.matcher(text);
  while (places.length < MOST_PLACES * 2 && matcher.find()) {
    if (matcher.end() > matcher.start()) places.push(matcher.start(), matcher.end());
  }
  return places;
}
