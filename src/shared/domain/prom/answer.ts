/**
 * Answers of the Prometheus HTTP API as data. Everything in them is hostile input: unknown shapes
 * become errors, never exceptions of their own. `decodeRange` puts samples on the asked-for grid: NaN is a gap
 * (no sample, stale or not a number), infinities stay. Series with the same labels become one.
 */
import type { PromRange } from './range';
import { pointsOf } from './range';

export type Labels = Readonly<Record<string, string>>;

export interface Series {
  readonly labels: Labels;
  /** One per point of the grid. */
  readonly values: Float64Array;
}

export interface RangeResult {
  readonly series: readonly Series[];
  /** Series in the answer; more than `series` when it was capped. */
  readonly total: number;
  /** Series that had the labels of another one. */
  readonly duplicates: number;
  /** Samples that are NaN as such (0/0), as against missing ones. */
  readonly notNumbers: number;
  /** Histogram samples, which no line can show. */
  readonly histograms: number;
}

export interface InstantRow {
  readonly labels: Labels;
  /** Epoch seconds. */
  readonly at: number;
  /** As sent, exact: `0.1`, `NaN`, `+Inf`. */
  readonly text: string;
  readonly value: number;
}

export interface InstantResult {
  readonly type: 'vector' | 'scalar' | 'string' | 'matrix';
  readonly rows: readonly InstantRow[];
  readonly total: number;
  readonly histograms: number;
}

export interface PromProblem {
  /** `bad_data`, `execution`, `timeout`, `unavailable`, ... */
  readonly type: string;
  readonly message: string;
  /** Where in the query, counted from 0, where the server says it. */
  readonly from?: number;
}

/** Most labels of one series that are kept. */
export const MOST_LABELS = 100;

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A sample value as Prometheus writes it; NaN for what is none. */
export function sampleValue(text: unknown): number {
  if (typeof text !== 'string') return typeof text === 'number' ? text : NaN;
  if (text === '+Inf' || text === 'Inf') return Infinity;
  if (text === '-Inf') return -Infinity;
  return text === '' ? NaN : Number(text);
}

export function readLabels(raw: unknown): Labels {
  const out: Record<string, string> = Object.create(null) as Record<string, string>;
  if (!isObject(raw)) return out;
  let count = 0;
  for (const name of Object.keys(raw)) {
    const value = raw[name];
    if (typeof value !== 'string') continue;
    out[name] = value;
    if ((count += 1) >= MOST_LABELS) break;
  }
  return out;
}

/** The same labels in any order give the same key. */
export function labelsKey(labels: Labels): string {
  const names = Object.keys(labels).sort();
  let key = '';
  for (const name of names) key += `${name}\u0001${labels[name] ?? ''}\u0002`;
  return key;
}

/** Collects series of a range answer: merges equal label sets, caps, counts. */
export class SeriesSet {
  readonly points: number;
  private readonly byKey = new Map<string, Float64Array>();
  private readonly list: Series[] = [];
  private total = 0;
  private duplicates = 0;
  private notNumbers = 0;
  histograms = 0;

  constructor(
    private readonly range: PromRange,
    private readonly mostSeries: number,
  ) {
    this.points = pointsOf(range);
  }

  /** Values to fill for a series; undefined: beyond the cap. */
  begin(labels: Labels): Float64Array | undefined {
    this.total += 1;
    const key = labelsKey(labels);
    const known = this.byKey.get(key);
    if (known) {
      this.duplicates += 1;
      return known;
    }
    if (this.list.length >= this.mostSeries) return undefined;
    const values = new Float64Array(this.points).fill(NaN);
    this.byKey.set(key, values);
    this.list.push({ labels, values });
    return values;
  }

  /** Puts a sample (epoch s) in its place; what lies outside the grid is dropped, the first one of a place wins. */
  put(values: Float64Array, at: number, value: number): void {
    if (value !== value) this.notNumbers += 1;
    const place = Math.round((at - this.range.start) / this.range.step);
    if (place < 0 || place >= this.points) return;
    const before = values[place]!;
    if (before !== before) values[place] = value;
  }

  result(): RangeResult {
    const { list: series, total, duplicates, notNumbers, histograms } = this;
    return { series, total, duplicates, notNumbers, histograms };
  }
}

/** `data` of a range query (resultType matrix); undefined when it is none. */
export function decodeRange(data: unknown, range: PromRange, mostSeries: number): RangeResult | undefined {
  if (!isObject(data) || data['resultType'] !== 'matrix' || !Array.isArray(data['result'])) return undefined;
  const set = new SeriesSet(range, mostSeries);
  for (const one of data['result'] as readonly unknown[]) {
    if (!isObject(one)) continue;
    const values = set.begin(readLabels(one['metric']));
    if (Array.isArray(one['histograms'])) set.histograms += one['histograms'].length;
    if (!values || !Array.isArray(one['values'])) continue;
    for (const pair of one['values'] as readonly unknown[]) {
      if (!Array.isArray(pair) || typeof pair[0] !== 'number') continue;
      set.put(values, pair[0], sampleValue(pair[1]));
    }
  }
  return set.result();
}

/** `data` of an instant query, at most `most` rows. A matrix gives the last sample of each series. */
export function decodeInstant(data: unknown, most: number): InstantResult | undefined {
  if (!isObject(data)) return undefined;
  const { resultType: type, result } = data;
  const single = (pair: unknown, labels: Labels): InstantRow | undefined => {
    if (!Array.isArray(pair) || typeof pair[0] !== 'number') return undefined;
    const text = typeof pair[1] === 'string' ? pair[1].slice(0, 4096) : String(pair[1]);
    return { labels, at: pair[0], text, value: type === 'string' ? NaN : sampleValue(pair[1]) };
  };
  if (type === 'scalar' || type === 'string') {
    const row = single(result, {});
    return row && { type, rows: [row], total: 1, histograms: 0 };
  }
  if ((type !== 'vector' && type !== 'matrix') || !Array.isArray(result)) return undefined;
  const rows: InstantRow[] = [];
  let histograms = 0;
  for (const one of result as readonly unknown[]) {
    if (!isObject(one)) continue;
    const last: unknown = Array.isArray(one['values']) ? one['values'][one['values'].length - 1] : undefined;
    const row = single(type === 'vector' ? one['value'] : last, readLabels(one['metric']));
    if (!row) histograms += 'histogram' in one || 'histograms' in one ? 1 : 0;
    else if (rows.length < most) rows.push(row);
  }
  return { type, rows, total: result.length, histograms };
}

/** The error in a Prometheus answer; undefined when it is a success. */
export function problemOf(body: unknown): PromProblem | undefined {
  if (!isObject(body) || body['status'] !== 'error') return undefined;
  const message = typeof body['error'] === 'string' ? body['error'].slice(0, 2000) : 'no reason given';
  const type = typeof body['errorType'] === 'string' ? body['errorType'].slice(0, 64) : 'unknown';
  // "1:9: parse error: unexpected ..."; line and column count from 1. Ours is a query of any lines.
  const place = /(?:^|\s)(\d{1,6}):(\d{1,6}): parse error/.exec(message);
  const from = place ? Number(place[2]) - 1 : undefined;
  const line = place ? Number(place[1]) : 1;
  return { type, message, ...(from === undefined || line !== 1 || from < 0 ? {} : { from }) };
}

/** Names of a series without what all of them share: `frontend-1 · app`; the metric's name where nothing else is left. */
export function seriesTitle(labels: Labels, by: readonly string[] | undefined): string {
  if (by) {
    const words = by.map((name) => labels[name] ?? '').filter((word) => word !== '');
    if (words.length > 0) return words.join(' · ');
  }
  const { __name__: name = '', ...rest } = labels;
  const pairs = Object.keys(rest)
    .sort()
    .map((key) => `${key}="${rest[key] ?? ''}"`);
  return pairs.length === 0 ? name || 'value' : `${name}{${pairs.join(', ')}}`;
}
