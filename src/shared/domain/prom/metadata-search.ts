/** Metrics by their name and help text, and the query that suits their type. Pure. */

export interface MetricInfo {
  readonly metric: string;
  /** `counter`, `gauge`, `histogram`, `summary`, ...; empty where it is not told. */
  readonly type: string;
  readonly help: string;
}

export interface FoundMetrics {
  readonly rows: readonly MetricInfo[];
  /** That match; more than `rows` where it was cut. */
  readonly total: number;
}

/**
 * Every word must be in the name or the help, in any case. Names that begin with the first word come
 * first, then names that hold all words, then those found by their help; each by name.
 */
export function searchMetrics(all: readonly MetricInfo[], text: string, most: number): FoundMetrics {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const [first = ''] = words;
  const found: { readonly one: MetricInfo; readonly rank: number }[] = [];
  for (const one of all) {
    const name = one.metric.toLowerCase();
    const help = one.help.toLowerCase();
    if (!words.every((word) => name.includes(word) || help.includes(word))) continue;
    const rank = !words.every((word) => name.includes(word)) ? 2 : name.startsWith(first) ? 0 : 1;
    found.push({ one, rank });
  }
  found.sort((a, b) => a.rank - b.rank || (a.one.metric < b.one.metric ? -1 : 1));
  return { rows: found.slice(0, most).map(({ one }) => one), total: found.length };
}

/** Metadata beside the names that have none, each metric once. */
export function joinMetrics(known: readonly MetricInfo[], names: readonly string[]): readonly MetricInfo[] {
  const have = new Set<string>();
  for (const { metric, type } of known) {
    have.add(metric);
    if (type === 'histogram' || type === 'summary')
      for (const tail of ['_bucket', '_count', '_sum']) have.add(`${metric}${tail}`);
  }
  const rest = names.filter((name) => !have.has(name));
  return [...known, ...rest.map((metric) => ({ metric, type: '', help: '' }))];
}

/** The name as series carry it. */
export function seriesName({ metric, type }: MetricInfo): string {
  return type === 'histogram' ? `${metric}_bucket` : metric;
}

/** A first query: counters as a rate, histograms as a percentile, all else as it is. */
export function firstQuery(info: MetricInfo): string {
  const name = seriesName(info);
  if (info.type === 'counter') return `rate(${name}[5m])`;
  if (info.type === 'histogram') return `histogram_quantile(0.99, sum by (le) (rate(${name}[5m])))`;
  return name;
}
