/**
 * The text format in which programs expose metrics, read line by line: `name{a="b"} 1.5`. Only lines
 * of wanted metrics are taken apart; a line that cannot be read is no line. Nothing is kept here.
 */
import type { Labels } from './answer';
import { sampleValue } from './answer';

export interface ExposedSample {
  readonly name: string;
  readonly labels: Labels;
  readonly value: number;
}

const MOST_LINE = 16_384;
const noLabels: Labels = {};

/** undefined: a comment, another metric, or nothing that can be read. */
export function readExposed(line: string, wanted: ReadonlySet<string>): ExposedSample | undefined {
  if (line.length === 0 || line.length > MOST_LINE || line.charCodeAt(0) === 0x23) return undefined;
  let end = 0;
  while (end < line.length && line[end] !== '{' && line[end] !== ' ' && line[end] !== '\t') end += 1;
  const name = line.slice(0, end);
  if (!wanted.has(name)) return undefined;
  let labels: Labels = noLabels;
  if (line[end] === '{') {
    const found = readPairs(line, end + 1);
    if (!found) return undefined;
    ({ labels, end } = found);
  }
  const value = line.slice(end).trim().split(/[ \t]/, 1)[0] ?? '';
  const number = sampleValue(value);
  return number !== number && value !== 'NaN' ? undefined : { name, labels, value: number };
}

function readPairs(
  line: string,
  from: number,
): { readonly labels: Labels; readonly end: number } | undefined {
  const labels: Record<string, string> = Object.create(null) as Record<string, string>;
  let at = from;
  for (;;) {
    while (line[at] === ' ' || line[at] === ',') at += 1;
    if (line[at] === '}') return { labels, end: at + 1 };
    const equals = line.indexOf('="', at);
    if (equals < 0) return undefined;
    const name = line.slice(at, equals).trim();
    let value = '';
    at = equals + 2;
    for (;;) {
      const quote = line.indexOf('"', at);
      if (quote < 0) return undefined;
      const escape = line.indexOf('\\', at);
      if (escape < 0 || escape > quote) {
        value += line.slice(at, quote);
        at = quote + 1;
        break;
      }
      const next = line[escape + 1];
      value += line.slice(at, escape) + (next === 'n' ? '\n' : (next ?? ''));
      at = escape + 2;
    }
    labels[name] = value;
  }
}
