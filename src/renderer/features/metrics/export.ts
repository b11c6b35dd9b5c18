/** Answers as CSV (RFC 4180) and JSON, for the clipboard. Times as RFC 3339, gaps as nothing. */
import type { InstantAnswer, RangeAnswer } from '#shared/contract/metrics';
import { seriesTitle, type Labels } from '#shared/domain/prom/answer';

const iso = (at: number): string => new Date(at * 1000).toISOString();

/** A cell no spreadsheet takes for a formula. */
function cell(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) && !/^[+-]?(\d|Inf)/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

const labelNames = (all: readonly Labels[]): readonly string[] => [
  ...new Set(all.flatMap((labels) => Object.keys(labels))),
];

export function instantCsv(answer: InstantAnswer): string {
  const names = labelNames(answer.rows.map((row) => row.labels));
  const lines = answer.rows.map((row) => [
    ...names.map((name) => row.labels[name] ?? ''),
    iso(row.at),
    row.text,
  ]);
  return [[...names, 'time', 'value'], ...lines].map((line) => line.map(cell).join(',')).join('\r\n');
}

export function rangeCsv(answer: RangeAnswer): string {
  const head = ['time', ...answer.series.map((one) => seriesTitle(one.labels, undefined))];
  const points = answer.series[0]?.values.length ?? 0;
  const lines = [head.map(cell).join(',')];
  for (let i = 0; i < points; i += 1) {
    const values = answer.series.map((one) => numberText(one.values[i] ?? NaN));
    lines.push([iso(answer.start + i * answer.step), ...values].join(','));
  }
  return lines.join('\r\n');
}

function numberText(value: number): string {
  if (value !== value) return '';
  return value === Infinity ? '+Inf' : value === -Infinity ? '-Inf' : String(value);
}

export function instantJson(answer: InstantAnswer): string {
  return JSON.stringify(
    answer.rows.map((row) => ({ metric: row.labels, value: [row.at, row.text] })),
    null,
    2,
  );
}

export function rangeJson(answer: RangeAnswer): string {
  return JSON.stringify(
    answer.series.map((one) => ({
      metric: one.labels,
      values: Array.from(one.values).flatMap((value, i) =>
        value !== value ? [] : [[answer.start + i * answer.step, numberText(value)]],
      ),
    })),
  );
}
