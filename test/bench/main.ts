/**
 * `npm run -s bench -- NAME... [--runs N] [--json] [--md FILE]`: runs test/bench/NAME.ts one after the
 * other and prints JSON. Ends with 1 when a bar does not hold, so that CI can use it.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { closeClusters } from './cluster';
import { writePage } from './page';
import { holds, type BenchOptions, type BenchResult } from './bench';

interface BenchModule {
  run(options: BenchOptions): Promise<BenchResult>;
}

function available(): string[] {
  return readdirSync(__dirname)
    .filter(
      (name) =>
        name.endsWith('.ts') &&
        /export (?:async )?function run\b/.test(readFileSync(join(__dirname, name), 'utf8')),
    )
    .map((name) => name.slice(0, -3))
    .sort();
}

function parse(args: readonly string[]): { names: string[]; flags: Record<string, string> } {
  const names: string[] = [];
  const flags: Record<string, string> = {};
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] ?? '';
    if (!arg.startsWith('--')) names.push(arg);
    else if (arg === '--json') flags['json'] = '1';
    else flags[arg.slice(2)] = args[(i += 1)] ?? '';
  }
  return { names, flags };
}

async function main(): Promise<number> {
  const { names, flags } = parse(process.argv.slice(2));
  if (names.length === 0) {
    console.error(
      `usage: npm run -s bench -- NAME... [--runs N] [--json] [--md FILE]\nbenches: ${available().join(', ')}`,
    );
    return 2;
  }
  for (const name of names) {
    if (!/^[a-z0-9-]+$/.test(name) || !existsSync(join(__dirname, `${name}.ts`))) {
      console.error(`there is no bench ${name}; there are: ${available().join(', ')}`);
      return 2;
    }
  }
  const say = flags['json'] ? (): void => undefined : (text: string): void => console.error(text);
  const runs = flags['runs'] === undefined ? undefined : Math.max(1, Number(flags['runs']) || 1);
  const results: Record<string, unknown> = {};
  let good = true;
  for (const name of names) {
    const module = (await import(`./${name}`)) as BenchModule;
    const result = await module.run({ runs, flags, say });
    const bars = result.bars.map((bar) => ({ ...bar, holds: holds(bar) }));
    const figures = result.figures ?? [];
    good &&= bars.every((bar) => bar.holds) && figures.every((one) => one.ok);
    for (const one of figures)
      say(
        `${one.ok ? ' ' : '!'} ${name}: ${one.name} ${one.value} ${one.unit} ${one.bar} ${one.baseline ?? ''}`,
      );
    results[name] = {
      ...result.values,
      bars,
      ...(figures.length === 0 ? {} : { figures }),
      ...(result.detail === undefined ? {} : { detail: result.detail }),
    };
  }
  const machine = {
    cpus: cpus().length,
    cpu: cpus()[0]?.model ?? '',
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  };
  if (flags['md'] !== undefined) writePage(flags['md'], machine, results);
  const text = { at: new Date().toISOString(), machine, results };
  process.stdout.write(`${flags['json'] ? JSON.stringify(text) : JSON.stringify(text, null, 2)}\n`);
  return good ? 0 : 1;
}

function leave(code: number): void {
  try {
    closeClusters();
  } finally {
    process.exit(code);
  }
}

process.once('SIGINT', () => leave(130));
process.once('SIGTERM', () => leave(143));
main().then(leave, (thrown: unknown) => {
  console.error(thrown);
  leave(70);
});
