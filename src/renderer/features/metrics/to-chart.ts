/** Answers of queries as lines and marks of a chart. */
import type { RangeAnswer } from '#shared/contract/metrics';
import { seriesTitle } from '#shared/domain/prom/answer';
import type { ChartQuery } from '#shared/domain/prom/charts';
import type { ChartMark, ChartSeries } from '../../ui/chart/model';

/** Lines of one chart; more would be a wall. */
export const MOST_LINES = 40;

export interface ChartData {
  readonly series: readonly ChartSeries[];
  readonly marks: readonly ChartMark[];
  /** Lines that were left out. */
  readonly cut: number;
}

export function toChart(
  queries: readonly ChartQuery[],
  answers: readonly (RangeAnswer | undefined)[],
  earlier: readonly (RangeAnswer | undefined)[] = [],
): ChartData {
  const series: ChartSeries[] = [];
  const marks: ChartMark[] = [];
  const seen = new Map<string, number>();
  let cut = 0;
  queries.forEach((query, i) => {
    const answer = answers[i];
    if (!answer) return;
    if (query.role === 'mark') {
      const title = typeof query.title === 'string' ? query.title : '';
      for (const one of answer.series) marks.push(...marksOf(one.values, answer, title));
      return;
    }
    const { role } = query;
    cut += answer.total - answer.duplicates - answer.series.length;
    for (const one of answer.series) {
      if (series.length >= MOST_LINES) {
        cut += 1;
        continue;
      }
      const title = typeof query.title === 'string' ? query.title : seriesTitle(one.labels, query.title);
      const times = (seen.get(title) ?? 0) + 1;
      seen.set(title, times);
      series.push({ id: times === 1 ? title : `${title} ${times}`, title, role, values: one.values });
    }
    // What was there earlier lies behind, on the same points; requests and limits are compared by eye.
    if (role !== 'series') return;
    for (const one of earlier[i]?.series ?? []) {
      if (series.length >= MOST_LINES) break;
      const title = typeof query.title === 'string' ? query.title : seriesTitle(one.labels, query.title);
      if (series.some((other) => other.id === `${title} earlier`)) continue;
      series.push({
        id: `${title} earlier`,
        title: `${title}, before`,
        role: 'earlier',
        of: title,
        values: one.values,
      });
    }
  });
  // The order of lines, and with it their colours, must not change between refreshes.
  const rank = { series: 0, earlier: 1, request: 2, limit: 3 } as const;
  // What still reports stands before what has ended.
  const over = (one: ChartSeries): number => {
    const { values } = one;
    const near = values.subarray(Math.max(0, values.length - 3));
    return near.some((value) => value === value) ? 0 : 1;
  };
  series.sort((a, b) => rank[a.role] - rank[b.role] || over(a) - over(b) || (a.id < b.id ? -1 : 1));
  return { series, marks, cut: Math.max(0, cut) };
}

/** One mark where a stretch of samples begins: a window longer than a step repeats the same event. */
function marksOf(values: Float64Array, answer: RangeAnswer, title: string): ChartMark[] {
  const out: ChartMark[] = [];
  let before = 0;
  values.forEach((value, i) => {
    const now = Number.isFinite(value) && value > 0 ? value : 0;
    if (now > before) out.push({ at: answer.start + i * answer.step, title });
    before = now;
  });
  return out;
}
