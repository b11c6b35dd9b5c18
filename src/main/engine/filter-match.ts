/**
 * Filter terms as tests over a table's columns. Words are tested once per dictionary
 * entry and remembered, so that a pass over rows is array look-ups. A compiled filter
 * belongs to one table and stays right while the table changes.
 */
import { BaseColumn, isWords } from './column';
import type { Dictionary } from './dictionary';
import type { Comparison, FilterError, Term } from './filter';
import { readLabels } from './row-meta';
import type { Codes } from './store';
import type { Table } from './table';
import { includesFolded } from './text';

export type RowTest = (row: number) => boolean;

export interface CompiledFilter {
  /** `now`: epoch ms on the server's clock, for ages. */
  test(row: number, now: number): boolean;
  /** Columns whose change can change the outcome. */
  readonly columns: ReadonlySet<number>;
  /** Depends on labels or the deletion mark. */
  readonly meta: boolean;
  /** Depends on the time: rows pass or fail without any change. */
  readonly timed: boolean;
  readonly empty: boolean;
  /** The filter's regular expressions took too long: rows are missing. */
  trouble(): FilterError | undefined;
}

type Compiled = (row: number, now: number) => boolean;

interface Uses {
  readonly columns: Set<number>;
  meta: boolean;
  timed: boolean;
  /** ms spent in regular expressions. */
  spent: number;
}

class Unreadable extends Error {}

export function compileFilter(
  terms: readonly Term[],
  table: Table,
): { readonly filter: CompiledFilter } | { readonly error: FilterError } {
  const uses: Uses = { columns: new Set(), meta: false, timed: false, spent: 0 };
  const tests: Compiled[] = [];
  for (const term of terms) {
    try {
      const test = compileTerm(term, table, uses);
      tests.push(term.negate ? (row, now) => !test(row, now) : test);
    } catch (thrown) {
      if (!(thrown instanceof Unreadable)) throw thrown;
      return { error: { message: thrown.message, at: term.at } };
    }
  }
  const test: Compiled = (row, now) => {
    for (let i = 0; i < tests.length; i++) if (!tests[i]!(row, now)) return false;
    return true;
  };
  const at = terms.find((term) => 'regex' in term && term.regex)?.at ?? 0;
  const trouble = (): FilterError | undefined =>
    uses.spent > REGEX_BUDGET_MS
      ? { message: 'the regular expression takes too long; not everything was searched', at }
      : undefined;
  const { columns, meta, timed } = uses;
  return { filter: { test, columns, meta, timed, empty: tests.length === 0, trouble } };
}

function compileTerm(term: Term, table: Table, uses: Uses): Compiled {
  switch (term.type) {
    case 'text':
      return searched(table, uses, term.text) ?? anywhere(table, uses, holds(term.text));
    case 'regex':
      return anywhere(table, uses, matches(term.regex, uses));
    case 'label':
      uses.meta = true;
      return labelTest(term, table);
    case 'field':
      return fieldTest(term, table, uses);
  }
}

/** A test of one dictionary entry, by its bytes or by its text. */
type EntryTest = (dictionary: Dictionary, code: number) => boolean;

function holds(text: string): EntryTest {
  const lower = text.toLowerCase();
  if (!isAscii(lower)) return (dictionary, code) => dictionary.get(code).toLowerCase().includes(lower);
  const needle = Buffer.from(lower, 'latin1');
  return (dictionary, code) => {
    const { bytes, offsets } = dictionary.raw();
    return includesFolded(bytes, offsets[code]!, offsets[code + 1]!, needle);
  };
}

function equals(text: string): EntryTest {
  const lower = text.toLowerCase();
  return (dictionary, code) => dictionary.get(code).toLowerCase() === lower;
}

/** Time all regular expressions of a filter may take together, ms: past it nothing more matches. */
const REGEX_BUDGET_MS = 300;
/** Words are cut for expressions with several repeats, whose cost grows with a power of the length. */
const REGEX_TEXT = 200;

function matches(regex: RegExp, uses: Uses): EntryTest {
  let calls = 0;
  let since = 0;
  return (dictionary, code) => {
    if (uses.spent > REGEX_BUDGET_MS) return false;
    const text = dictionary.get(code);
    // The clock is read for every long word and for each 16th short one.
    const timed = text.length > 40 || calls++ % 16 === 0;
    if (timed) since = performance.now();
    const result = regex.test(text.length > REGEX_TEXT ? text.slice(0, REGEX_TEXT) : text);
    if (timed) uses.spent += (performance.now() - since) * (text.length > 40 ? 1 : 16);
    return result;
  };
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) >= 0x80) return false;
  return true;
}

/** Remembers the outcome per code: 0 unknown, 1 no, 2 yes. */
function remember(dictionary: Dictionary, codes: Codes, test: EntryTest): RowTest {
  let known = new Uint8Array(dictionary.size + 64);
  let epoch = dictionary.epoch;
  return (row) => {
    const code = codes.at(row);
    if (epoch !== dictionary.epoch) {
      epoch = dictionary.epoch;
      known = new Uint8Array(dictionary.size + 64);
    }
    if (code >= known.length) {
      const wider = new Uint8Array(Math.max(code + 1, known.length * 2));
      wider.set(known);
      known = wider;
    }
    let outcome = known[code]!;
    if (outcome === 0) outcome = known[code] = test(dictionary, code) ? 2 : 1;
    return outcome === 2;
  };
}

/** Name, namespace and all columns of words. */
function anywhere(table: Table, uses: Uses, test: EntryTest): RowTest {
  const tests: RowTest[] = [
    remember(table.names, table.nameOf, test),
    remember(table.namespaces, table.namespaceOf, test),
  ];
  table.columns.forEach((column, i) => {
    if (!column.dictionary || column instanceof BaseColumn) return;
    uses.columns.add(i);
    tests.push(remember(column.dictionary, column.codes!, test));
  });
  return (row) => {
    for (let i = 0; i < tests.length; i++) if (tests[i]!(row)) return true;
    return false;
  };
}

/** `anywhere` for plain ASCII text: each dictionary is searched as one, rows only look up. */
function searched(table: Table, uses: Uses, text: string): RowTest | undefined {
  const lower = text.toLowerCase();
  if (!isAscii(lower) || lower === '') return undefined;
  const needle = Buffer.from(lower, 'latin1');
  const all: Hits[] = [
    new Hits(table.names, table.nameOf, needle),
    new Hits(table.namespaces, table.namespaceOf, needle),
  ];
  table.columns.forEach((column, i) => {
    if (!column.dictionary || column instanceof BaseColumn) return;
    uses.columns.add(i);
    all.push(new Hits(column.dictionary, column.codes!, needle));
  });
  let active: Hits[] = [];
  return (row) => {
    let isNew = false;
    for (let i = 0; i < all.length; i++) if (all[i]!.isOld) isNew = all[i]!.refresh() || isNew;
    if (isNew) active = all.filter((one) => one.any);
    for (let i = 0; i < active.length; i++) if (active[i]!.has(row)) return true;
    return false;
  };
}

/** Which entries of a dictionary hold a text, brought up to date as entries come. */
class Hits {
  any = false;
  private readonly dictionary: Dictionary;
  private readonly codes: Codes;
  private readonly needle: Buffer;
  private hits = new Uint8Array(0);
  private size = 0;
  private epoch = 0;

  constructor(dictionary: Dictionary, codes: Codes, needle: Buffer) {
    this.dictionary = dictionary;
    this.codes = codes;
    this.needle = needle;
  }

  get isOld(): boolean {
    return this.size !== this.dictionary.size || this.epoch !== this.dictionary.epoch;
  }

  refresh(): true {
    const { dictionary } = this;
    if (this.epoch !== dictionary.epoch || this.size > dictionary.size) {
      this.size = 0;
      this.any = false;
      this.hits = new Uint8Array(0);
    }
    this.epoch = dictionary.epoch;
    if (dictionary.size > this.hits.length) {
      const wider = new Uint8Array(dictionary.size + (this.size === 0 ? 64 : dictionary.size >>> 2));
      wider.set(this.hits);
      this.hits = wider;
    }
    this.any = dictionary.search(this.needle, this.hits, this.size) || this.any;
    this.size = dictionary.size;
    return true;
  }

  has(row: number): boolean {
    return this.hits[this.codes.at(row)] === 1;
  }
}

function labelTest(term: Extract<Term, { type: 'label' }>, table: Table): RowTest {
  return remember(table.labels, table.labelsOf, (dictionary, code) => {
    const value = readLabels(dictionary.get(code)).get(term.key);
    if (term.op === 'has') return value !== undefined;
    // As in Kubernetes' selectors: != also holds where the label is missing.
    return term.op === '=' ? value === term.value : value !== term.value;
  });
}

const aliases: Readonly<Record<string, string>> = { ns: 'namespace', n: 'namespace' };

function fieldTest(term: Extract<Term, { type: 'field' }>, table: Table, uses: Uses): Compiled {
  const field = aliases[term.field] ?? term.field;
  if (field === 'uid') return (row) => table.uid(row) === term.value;
  const index = columnFor(table, field);
  if (index < 0) {
    if (field === 'name') return words(term, table.names, table.nameOf, uses);
    if (field === 'namespace') return words(term, table.namespaces, table.namespaceOf, uses);
    const ids = ['label', 'name', 'ns', ...table.metas.map((meta) => meta.id)];
    throw new Unreadable(`there is no column “${term.field}”; there are ${ids.slice(0, 30).join(', ')}`);
  }
  uses.columns.add(index);
  const column = table.columns[index]!;
  if (isWords(column.meta.type)) return words(term, column.dictionary!, column.codes!, uses);
  return numbers(term, table, index, uses);
}

/** By id, else by title without spaces: `memory` or `lastseen`. */
function columnFor(table: Table, field: string): number {
  const byId = table.columnAt(field);
  if (byId >= 0) return byId;
  const plain = field.replace(/[-_ ]/g, '');
  return table.metas.findIndex(
    (meta) =>
      meta.id.replace(/[-_ ]/g, '').toLowerCase() === plain ||
      meta.title.replace(/[-_ ]/g, '').toLowerCase() === plain,
  );
}

function words(
  term: Extract<Term, { type: 'field' }>,
  dictionary: Dictionary,
  codes: Codes,
  uses: Uses,
): RowTest {
  const { op, value, regex } = term;
  if (op === '<' || op === '>' || op === '<=' || op === '>=') {
    throw new Unreadable(`“${term.field}” holds words: ${op} works on numbers and ages`);
  }
  const entry = regex ? matches(regex, uses) : op === '~' && value !== '' ? holds(value) : equals(value);
  const test = remember(dictionary, codes, entry);
  return op === '!=' ? (row) => !test(row) : test;
}

function numbers(term: Extract<Term, { type: 'field' }>, table: Table, index: number, uses: Uses): Compiled {
  const column = table.columns[index]!;
  const { type } = column.meta;
  const op: Comparison = term.op === '~' ? '=' : term.op;
  if (type === 'ratio' && term.value.includes('/')) return ratio(term, op, table, index);
  const wanted = readNumber(term.value, type);
  if (wanted === undefined || term.regex) {
    const example = type === 'time' || type === 'duration' ? '<1h' : '>5';
    throw new Unreadable(
      `“${term.value}” is no ${type === 'time' ? 'age' : 'number'}; e.g. ${term.field}:${example}`,
    );
  }
  if (type === 'time') {
    uses.timed = true;
    return (row, now) => compareNumbers(op, now - column.numbers!.at(row), wanted, 60_000);
  }
  return (row) => compareNumbers(op, column.numbers!.at(row), wanted, 0);
}

function ratio(
  term: Extract<Term, { type: 'field' }>,
  op: Comparison,
  table: Table,
  index: number,
): Compiled {
  const [have, want] = term.value.split('/').map(Number);
  if (have === undefined || want === undefined || Number.isNaN(have + want) || (op !== '=' && op !== '!=')) {
    throw new Unreadable(`“${term.value}” is no ratio; e.g. ${term.field}:1/2`);
  }
  const column = table.columns[index]!;
  return (row) => (column.numbers!.at(row) === have && column.seconds!.at(row) === want) === (op === '=');
}

/** Nothing there never passes, except for !=. `slack`: an age is the same within a minute. */
function compareNumbers(op: Comparison, a: number, b: number, slack: number): boolean {
  if (a !== a) return op === '!=';
  switch (op) {
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    case '=':
      return slack === 0 ? a === b : Math.abs(a - b) <= slack;
    case '!=':
      return slack === 0 ? a !== b : Math.abs(a - b) > slack;
  }
}

const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};
const binary: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  m: 1e6,
  g: 1e9,
  t: 1e12,
  p: 1e15,
  ki: 2 ** 10,
  mi: 2 ** 20,
  gi: 2 ** 30,
  ti: 2 ** 40,
  pi: 2 ** 50,
};

function readNumber(text: string, type: string): number | undefined {
  if (type === 'time' || type === 'duration') {
    const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdwy])/gi)];
    if (parts.length === 0 || parts.map((part) => part[0]).join('') !== text) return undefined;
    return parts.reduce((sum, part) => sum + Number(part[1]) * units[part[2]!.toLowerCase()]!, 0);
  }
  const match = /^(-?\d+(?:\.\d+)?)([a-z%]{0,2})$/i.exec(text);
  if (!match) return undefined;
  const n = Number(match[1]);
  const suffix = match[2]!.toLowerCase();
  if (type === 'bytes' || type === 'bytes-use')
    return binary[suffix] === undefined ? undefined : n * binary[suffix];
  if (type === 'cpu' || type === 'cpu-use') return suffix === 'm' ? n / 1000 : suffix === '' ? n : undefined;
  if (type === 'percent') return suffix === '%' ? n / 100 : suffix === '' ? n : undefined;
  return suffix === '' ? n : undefined;
}
