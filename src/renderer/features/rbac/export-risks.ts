/** Findings as text for other programs: JSON as they are, CSV with one line each. */
import type { RiskRow } from '#shared/contract/rbac';
import type { Acceptance } from './accepted';
import { objectText, ruleText } from './words';

type Accepted = Readonly<Record<string, Acceptance>>;

export function risksJson(rows: readonly RiskRow[], accepted: Accepted): string {
  const out = rows.map((row) => ({
    ...row,
    ...(accepted[row.id] ? { accepted: accepted[row.id]?.note } : {}),
  }));
  return JSON.stringify(out, null, 2) + '\n';
}

const heads = [
  'severity',
  'finding',
  'subject',
  'namespace',
  'names',
  'grants',
  'why',
  'narrow',
  'built-in',
  'accepted',
];

export function risksCsv(rows: readonly RiskRow[], accepted: Accepted): string {
  const lines = rows.map((row) => [
    row.severity,
    row.title,
    row.subject ? `${row.subject.kind} ${objectText(row.subject)}` : '',
    row.namespace,
    row.names.join(' '),
    row.paths
      .map(
        ({ binding, role, rule }) =>
          `${binding.kind} ${objectText(binding)} > ${role.kind} ${objectText(role)} > ${ruleText(rule)}`,
      )
      .join('; '),
    row.why,
    row.narrow ?? '',
    row.builtIn ? 'yes' : 'no',
    accepted[row.id]?.note ?? '',
  ]);
  return [heads, ...lines].map((line) => line.map(field).join(',')).join('\n') + '\n';
}

/** Quoted where needed; a spreadsheet takes no cell for a formula. */
function field(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
