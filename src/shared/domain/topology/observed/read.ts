/**
 * Flows from the answers of Prometheus, which are hostile input. Guarantees: one flow for each way
 * between two workloads; what two proxies report of the same requests is counted once; rows without
 * both names, without a finite rate or with none at all are left out; nothing throws.
 */
import type { Labels } from '../../prom/answer';
import type { FlowMetric } from './queries';
import type { Flow, Workload } from './types';

export interface RateRow {
  readonly labels: Labels;
  /** Per second. */
  readonly value: number;
}

/** Longest name of an object. */
const LONGEST = 253;
/** What meshes write for who they do not know. */
const NOBODY = new Set(['', 'unknown', 'Unknown', '-']);

interface Sum {
  readonly from: Workload;
  readonly to: Workload;
  /** By who reported it. */
  readonly reports: Map<string, { rate: number; failed: number }>;
}

export function readFlows(metric: FlowMetric, rows: readonly RateRow[]): readonly Flow[] {
  const sums = new Map<string, Sum>();
  for (const { labels, value } of rows) {
    if (!Number.isFinite(value) || value <= 0) continue;
    const from = metric.from(labels);
    const to = metric.to(labels);
    if (!isKnown(from) || !isKnown(to)) continue;
    const key = keyOf(from, to);
    let sum = sums.get(key);
    if (!sum) sums.set(key, (sum = { from, to, reports: new Map() }));
    const reporter = labels['reporter'] ?? '';
    let report = sum.reports.get(reporter);
    if (!report) sum.reports.set(reporter, (report = { rate: 0, failed: 0 }));
    report.rate += value;
    if (metric.failed?.(labels) === true) report.failed += value;
  }
  return [...sums.values()].map(({ from, to, reports }) => {
    // Client and server proxies both count a request: whoever saw more saw all.
    const [most] = [...reports.values()].sort((a, b) => b.rate - a.rate || b.failed - a.failed);
    const { rate, failed } = most ?? { rate: 0, failed: 0 };
    return { from, to, by: metric.by, unit: metric.unit, rate, failed: metric.failed ? failed : undefined };
  });
}

/** Flows of several metrics; of a way two of them tell, the first one's. */
export function joinFlows(lists: readonly (readonly Flow[])[]): readonly Flow[] {
  const found = new Map<string, Flow>();
  for (const list of lists) {
    for (const flow of list) {
      const key = keyOf(flow.from, flow.to);
      if (!found.has(key)) found.set(key, flow);
    }
  }
  return [...found.values()];
}

function isKnown({ namespace, name }: Workload): boolean {
  return [namespace, name].every((text) => text.length <= LONGEST && !NOBODY.has(text));
}

function keyOf(from: Workload, to: Workload): string {
  return [from.namespace, from.name, to.namespace, to.name].join('\u0000');
}
