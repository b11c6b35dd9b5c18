/** The queries of one explorer, lettered; what they answered as one chart, one file. Pure. */
import type { InstantAnswer, RangeAnswer } from '#shared/contract/metrics';
import { traceOf, type Exemplars } from '#shared/domain/prom/exemplars';
import { formatValue } from '#shared/domain/prom/units';
import type { AppError } from '#shared/util/app-error';
import type { ChartDot, ChartSeries } from '../../ui/chart/model';
import { MOST_LINES, toChart } from './to-chart';

export interface QueryRow {
  /** `A`, `B`, ...; stays with the row. */
  readonly id: string;
  readonly text: string;
  /** Neither asked nor drawn. */
  readonly hidden: boolean;
}

export interface Result {
  readonly expr: string;
  readonly instant?: InstantAnswer;
  readonly range?: RangeAnswer;
  readonly exemplars?: Exemplars;
  readonly error?: AppError;
  readonly took: number;
}

const letters = 'ABCDEFGHIJ';
export const MOST_QUERIES = letters.length;

/** A row more, with the first letter that is free; undefined where there are enough. */
export function addQuery(rows: readonly QueryRow[], text: string): readonly QueryRow[] | undefined {
  const id = [...letters].find((letter) => rows.every((row) => row.id !== letter));
  return id === undefined ? undefined : [...rows, { id, text, hidden: false }];
}

/** The last one is emptied instead: an explorer without a query would have nothing to write into. */
export function removeQuery(rows: readonly QueryRow[], id: string): readonly QueryRow[] {
  const left = rows.filter((row) => row.id !== id);
  return left.length > 0 ? left : rows.map((row) => ({ ...row, text: '', hidden: false }));
}

export interface Shown {
  readonly id: string;
  readonly result: Result;
}

/** Letters of the rows that are to be seen, in their order. */
export function shownIds(rows: readonly QueryRow[]): string {
  return rows.flatMap(({ id, hidden }) => (hidden ? [] : [id])).join('');
}

/** Results of the rows with these letters, in their order. */
export function shownResults(ids: string, results: Readonly<Record<string, Result>>): readonly Shown[] {
  return [...ids].flatMap((id) => {
    const result = results[id];
    return result ? [{ id, result }] : [];
  });
}

/** Those that are answers, and no refusals. */
export function answeredOf(shown: readonly Shown[]): readonly Shown[] {
  return shown.filter(({ result }) => {
    const answer = result.instant ?? result.range;
    return answer !== undefined && answer.problem === undefined;
  });
}

/** Lines of all of them; from two queries on each line begins with its query's letter. */
export function joinLines(shown: readonly Shown[]): {
  readonly series: readonly ChartSeries[];
  readonly cut: number;
} {
  const series: ChartSeries[] = [];
  let cut = 0;
  for (const { id, result } of shown) {
    if (!result.range || result.range.problem) continue;
    const chart = toChart([{ expr: '', role: 'series', title: [] }], [result.range]);
    const room = MOST_LINES - series.length;
    cut += chart.cut + Math.max(0, chart.series.length - room);
    for (const one of chart.series.slice(0, room))
      series.push(shown.length < 2 ? one : { ...one, id: `${id} ${one.id}`, title: `${id}  ${one.title}` });
  }
  return { series, cut };
}

export function dotsOf(shown: readonly Shown[]): readonly ChartDot[] {
  return shown.flatMap(({ result }) =>
    (result.exemplars?.found ?? []).map((one) => {
      const trace = traceOf(one);
      const words = trace === undefined ? '' : `, trace ${trace}`;
      return { at: one.at, value: one.value, title: `Exemplar ${formatValue('none', one.value)}${words}` };
    }),
  );
}

/** Answers over time as one, for a file: with several queries each series tells its own. */
export function joinRanges(shown: readonly Shown[]): RangeAnswer | undefined {
  const [first, ...rest] = shown.flatMap(({ result: { range, expr } }) => (range ? [{ range, expr }] : []));
  if (!first || rest.length === 0) return first?.range;
  const series = [first, ...rest].flatMap(({ range, expr }) =>
    range.series.map((one) => ({ ...one, labels: { ...one.labels, query: expr } })),
  );
  return { ...first.range, series };
}

/** The same for values of one moment. */
export function joinInstants(shown: readonly Shown[]): InstantAnswer | undefined {
  const [first, ...rest] = shown.flatMap(({ result: { instant, expr } }) =>
    instant ? [{ instant, expr }] : [],
  );
  if (!first || rest.length === 0) return first?.instant;
  const rows = [first, ...rest].flatMap(({ instant, expr }) =>
    instant.rows.map((row) => ({ ...row, labels: { ...row.labels, query: expr } })),
  );
  return { ...first.instant, rows, total: rows.length };
}

/** What came back, in words. */
export function resultWords({ instant, range, took }: Result): string {
  const answer = instant ?? range;
  if (!answer) return '';
  const many = answer.total.toLocaleString('en');
  const parts = [range ? `${many} series` : `${many} ${answer.total === 1 ? 'value' : 'values'}`];
  if (range) {
    parts.push(`step ${range.step} s`);
    if (range.total - range.duplicates > range.series.length)
      parts.push(`the first ${range.series.length.toLocaleString('en')} are here`);
    if (range.duplicates > 0) parts.push(`${range.duplicates} duplicates joined`);
    if (range.notNumbers > 0) parts.push(`${range.notNumbers} samples are NaN`);
  } else if (instant && instant.total > instant.rows.length)
    parts.push(`the first ${instant.rows.length.toLocaleString('en')} are here`);
  if (answer.histograms > 0) parts.push(`${answer.histograms} native histograms are not shown`);
  return `${parts.join(', ')}, ${took} ms`;
}
