/** Writes the page of measured figures; a bench that did not run now keeps what the page said of it. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { round, type Bar, type Figure } from './bench';

interface Machine {
  readonly cpus: number;
  readonly cpu: string;
  readonly memoryGb: number;
  readonly node: string;
}

const HEAD = `# Performance

Written by \`npm run -s bench -- NAME... --md docs/performance.md\`; each table says where and when it
was measured. Figures of one table come from one run, so that ratios hold whatever else the machine
did. \`fetch\` reads the same bytes with the same transport and throws them away; \`objects\` parses
the JSON list and keeps it; \`kubectl\` is \`kubectl get pods -A\`; \`plain watch\` reads the same
watch and throws it away. \`events\`, \`scroll\`, \`idle\`, \`switch\`, \`storm\` and \`fault\` measure the real app in
the real Electron under Xvfb, without a GPU, with the API server on the same cores. The load says how many
processes wanted the machine's cores: above their number a time is no better than an upper bound.
`;

/** Sections are by bench name, in the order of the page; new ones come last. */
export function writePage(file: string, machine: Machine, results: Readonly<Record<string, unknown>>): void {
  const sections = new Map<string, string>();
  const old = existsSync(file) ? readFileSync(file, 'utf8') : '';
  for (const part of old.split(/^## /m).slice(1)) {
    sections.set(part.slice(0, part.indexOf('\n')).trim(), part.slice(part.indexOf('\n') + 1).trim());
  }
  for (const [name, result] of Object.entries(results)) {
    const { figures = [], bars = [] } = result as { figures?: readonly Figure[]; bars?: readonly Held[] };
    const told = figures.length > 0 ? figures : bars.map(figureOf);
    if (told.length > 0) sections.set(name, section(machine, told));
  }
  const body = [...sections].map(([name, text]) => `## ${name}\n\n${text}\n`);
  writeFileSync(file, `${HEAD}\n${body.join('\n')}`);
}

/** A bar as its bench gave it, and whether it held. */
interface Held extends Bar {
  readonly holds: boolean;
}

function figureOf({ name, value, atMost, atLeast, holds }: Held): Figure {
  const bar = atMost === undefined ? `>= ${atLeast ?? ''}` : `<= ${atMost}`;
  return { name, value: round(value, 3), unit: '', bar, ok: holds };
}

function section(machine: Machine, figures: readonly Figure[]): string {
  const when = new Date().toISOString().slice(0, 16).replace('T', ' ');
  const where = `${when} UTC, ${machine.cpu || 'CPU'} × ${machine.cpus}, ${machine.memoryGb} GB, Node ${machine.node}, load at the end ${loadavg()[0]?.toFixed(1) ?? '?'}`;
  const rows = figures.map(
    (one) =>
      `| ${one.name} | ${one.value} ${one.unit} | ${one.bar} | ${one.bar === '' ? '' : one.ok ? 'yes' : '**no**'} | ${one.baseline ?? ''} |`,
  );
  return [
    where,
    '',
    '| Figure | Measured | Bar | Holds | Baseline |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}
