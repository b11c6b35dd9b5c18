/**
 * Exemplars: single observations a server kept beside its series, with labels that lead to a trace.
 * Hostile input as every answer: odd entries are left out, the newest stay where there are too many.
 */
import { readLabels, sampleValue, type Labels } from './answer';

export interface Exemplar {
  /** Of the series it belongs to. */
  readonly series: Labels;
  /** Its own, such as `trace_id`. */
  readonly labels: Labels;
  readonly value: number;
  /** Epoch s. */
  readonly at: number;
}

export interface Exemplars {
  /** Oldest first. */
  readonly found: readonly Exemplar[];
  /** In the answer; more than `found` where it was cut. */
  readonly total: number;
}

/** `data` of `/api/v1/query_exemplars`, at most `most` of them. */
export function readExemplars(data: unknown, most: number): Exemplars {
  const found: Exemplar[] = [];
  for (const one of list(data)) {
    if (typeof one !== 'object' || one === null) continue;
    const { seriesLabels, exemplars } = one as { seriesLabels?: unknown; exemplars?: unknown };
    const series = readLabels(seriesLabels);
    for (const raw of list(exemplars)) {
      if (typeof raw !== 'object' || raw === null) continue;
      const { labels, value, timestamp } = raw as Readonly<Record<string, unknown>>;
      const number = sampleValue(value);
      if (typeof timestamp !== 'number' || !Number.isFinite(timestamp) || !Number.isFinite(number)) continue;
      found.push({ series, labels: readLabels(labels), value: number, at: timestamp });
    }
  }
  found.sort((a, b) => a.at - b.at);
  return { found: found.slice(Math.max(0, found.length - most)), total: found.length };
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Names under which tracers put their trace. */
const traceNames: readonly string[] = ['trace_id', 'traceID', 'traceId', 'TraceID', 'traceid'];

/** The trace it leads to; undefined where it names none. */
export function traceOf({ labels }: Exemplar): string | undefined {
  for (const name of traceNames) {
    const value = Object.hasOwn(labels, name) ? labels[name] : undefined;
    if (value !== undefined && value !== '') return value;
  }
  return undefined;
}
