/**
 * A filter as text, to type and to share: `error -healthz /time.?out/ level:warn,error status>499
 * pod:frontend-1 from:2026-01-02T03:04:05Z`. Reading what was written gives the same filter; words that
 * are no rule are text to look for.
 */
import { noFilter, type LogFilter, type LogTerm } from '#shared/contract/logs';
import { levels } from '#shared/domain/logs/level';

const token =
  /(-?)(?:([A-Za-z_][\w.\-/]*?)(!=|>|<|=|~|:))?(?:"((?:[^"\\]|\\.)*)"|\/((?:[^/\\]|\\.)+)\/(c?)|(\S+))/g;

/** Levels, times and streams of the filter stay where the text says nothing of them. */
export function parseFilter(text: string, base: LogFilter = noFilter): LogFilter {
  const include: LogTerm[] = [];
  const exclude: LogTerm[] = [];
  const hidden: string[] = [];
  let { levels: bits, from, to, fold, context } = base;
  for (const found of text.matchAll(token)) {
    const [whole, minus, name, operator, quoted, pattern, sensitive, bare] = found;
    const value = quoted === undefined ? (pattern ?? bare ?? '') : unescaped(quoted);
    const into = minus === '-' ? exclude : include;
    if (name !== undefined && operator === ':') {
      if (name === 'level') bits = levelBits(value);
      else if (name === 'from') from = timeOf(value);
      else if (name === 'to') to = timeOf(value);
      else if (name === 'hide') hidden.push(value);
      else if (name === 'fold') fold = value !== 'off';
      else if (name === 'around' && /^\d{1,2}$/.test(value)) context = Math.min(50, Number(value));
      else if (name === 'case') into.push({ type: 'text', text: value, case: true });
      else if (name === 'word') into.push({ type: 'text', text: value, word: true });
      else into.push({ type: 'text', text: whole.replace(/^-/, '') });
    } else if (name !== undefined && operator !== undefined) {
      const op = operator as NonNullable<LogTerm['op']>;
      if (value === '') continue;
      into.push({ type: 'field', field: name, op, text: value });
    } else if (pattern !== undefined) {
      into.push({
        type: 'regex',
        text: pattern.replaceAll('\\/', '/'),
        ...(sensitive === 'c' ? { case: true } : {}),
      });
    } else if (value !== '') into.push({ type: 'text', text: value });
  }
  return {
    include: include.slice(0, 32),
    exclude: exclude.slice(0, 32),
    levels: bits,
    hidden: hidden.length > 0 ? hidden : base.hidden,
    from,
    to,
    fold,
    context,
  };
}

/** Whether nothing is left out. */
export function isEmpty(filter: LogFilter): boolean {
  return formatFilter(filter) === '';
}

export function formatFilter(filter: LogFilter): string {
  const parts = [...filter.include.map(termText), ...filter.exclude.map((term) => `-${termText(term)}`)];
  if (filter.levels !== 0) parts.push(`level:${levelNames(filter.levels).join(',')}`);
  for (const key of filter.hidden) parts.push(`hide:${quote(key)}`);
  if (filter.from !== null) parts.push(`from:${new Date(filter.from).toISOString()}`);
  if (filter.to !== null) parts.push(`to:${new Date(filter.to).toISOString()}`);
  if (filter.fold) parts.push('fold:on');
  if (filter.context > 0) parts.push(`around:${filter.context}`);
  return parts.join(' ');
}

export function termText(term: LogTerm): string {
  if (term.type === 'regex') return `/${term.text.replaceAll('/', '\\/')}/${term.case ? 'c' : ''}`;
  if (term.type === 'field') return `${term.field ?? ''}${term.op ?? '='}${quote(term.text)}`;
  if (term.case) return `case:${quote(term.text)}`;
  if (term.word) return `word:${quote(term.text)}`;
  return quote(term.text);
}

export function levelNames(bits: number): string[] {
  return levels.filter((_, index) => (bits & (1 << index)) !== 0);
}

function levelBits(text: string): number {
  return text.split(',').reduce((bits, name) => {
    // `warn+` is warn and worse.
    const worse = name.endsWith('+');
    const at = levels.indexOf((worse ? name.slice(0, -1) : name) as (typeof levels)[number]);
    if (at < 0) return bits;
    return worse ? bits | (127 & ~((1 << at) - 1)) : bits | (1 << at);
  }, 0);
}

function timeOf(text: string): number | null {
  const time = Date.parse(text);
  return Number.isNaN(time) ? null : time;
}

/** As it is where that reads back the same; in quotes elsewhere. */
function quote(text: string): string {
  return /^[^\s"/\-\\:=~<>!][^\s"\\:=~<>!]*$/.test(text) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`;
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, '$1');
}
