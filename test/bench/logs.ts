/**
 * `npm run -s bench -- logs`: one million lines in the host's store against an array of line objects, in
 * the same run and each in a process of its own: memory, ingest from stamped bytes, search, jump; and the
 * frames of the real app's window that scrolls over a million lines while 20,000 a second arrive.
 * `--part store` or `--part window` measures one half.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { figure, median, round, type BenchOptions, type BenchResult, type Figure } from './bench';
import type { LogsChildResult } from './logs-child';
import { p95, windowTimes } from './logs-window';

export async function run(options: BenchOptions): Promise<BenchResult> {
  const { runs = 3, say, flags } = options;
  if (flags['part'] === 'window') {
    const values: Record<string, number> = {};
    return { values, bars: [], figures: await inWindow(options, values) };
  }
  const one = (mode: 'store' | 'objects'): LogsChildResult => {
    const child = join(__dirname, 'logs-child.ts');
    const tsx = require.resolve('tsx/cli');
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      ['--max-old-space-size=6000', tsx, child, mode],
      {
        encoding: 'utf8',
        maxBuffer: 64 * 1024 * 1024,
      },
    );
    if (status !== 0) throw new Error(`the ${mode} child failed: ${stderr}`);
    return JSON.parse(stdout) as LogsChildResult;
  };
  const store: LogsChildResult[] = [];
  const objects: LogsChildResult[] = [];
  for (let i = 0; i < runs; i += 1) {
    say(`logs: run ${i + 1} of ${runs}`);
    store.push(one('store'));
    objects.push(one('objects'));
  }
  const middle = (list: readonly LogsChildResult[], name: string): number => {
    const values = list.map((result) => result[name] ?? Number.NaN).sort((a, b) => a - b);
    return values[Math.floor(values.length / 2)] ?? Number.NaN;
  };
  const values: Record<string, number> = {};
  for (const name of Object.keys(store[0] ?? {})) values[name] = middle(store, name);
  for (const name of Object.keys(objects[0] ?? {})) values[`objects.${name}`] = middle(objects, name);
  const of = (name: string, digits = 0): number => round(values[name] ?? NaN, digits);
  const base = (name: string, unit: string, digits = 0): string =>
    `${round(values[`objects.${name}`] ?? NaN, digits)} ${unit}, array of objects`;
  const figures: Figure[] = [
    figure(
      'memory over bytes, 1 million lines',
      of('memoryRatio', 3),
      'times',
      { atMost: 1.15 },
      base('memoryRatio', 'times', 2),
    ),
    figure('ingest from memory', of('ingestMBs'), 'MB/s', { atLeast: 200 }, base('ingestMBs', 'MB/s')),
    figure('literal search of all', of('literalMs'), 'ms', { atMost: 250 }, base('literalMs', 'ms')),
    figure('literal search in any case', of('foldedMs'), 'ms', { atMost: 250 }, base('foldedMs', 'ms')),
    figure('regex search of all', of('regexMs'), 'ms', { atMost: 2000 }, base('regexMs', 'ms')),
    figure('evil regex over all', of('evilMs'), 'ms', { atMost: 2000 }),
    figure('longest slice of a search', of('longestSliceMs', 1), 'ms'),
    figure('jump to any line, host, p95', of('jumpP95Ms', 2), 'ms', { atMost: 10 }),
    figure('a window of rows at 20,000 lines/s, host, p95', of('scrollP95Ms', 1), 'ms', { atMost: 20 }),
  ];
  if (flags['part'] !== 'store') figures.push(...(await inWindow(options, values)));
  return { values, bars: [], figures };
}

async function inWindow(options: BenchOptions, values: Record<string, number>): Promise<Figure[]> {
  const seen = await windowTimes(options);
  const scrolling = [...seen.wheel, ...seen.bar];
  const still = `${round(p95(seen.following), 1)} ms while following`;
  values['windowLinesPerSecond'] = round(seen.linesPerSecond);
  return [
    figure('lines a second that arrived meanwhile', round(seen.linesPerSecond), 'lines/s', {
      atLeast: 19_000,
    }),
    figure('scroll in the window: frame p95', round(p95(scrolling), 1), 'ms', { atMost: 20 }, still),
    figure('scroll in the window: wheel, frame p95', round(p95(seen.wheel), 1), 'ms'),
    figure('scroll in the window: scroll bar, frame p95', round(p95(seen.bar), 1), 'ms'),
    figure('scroll in the window: worst frame', round(Math.max(...scrolling), 1), 'ms'),
    figure('rows without text yet while scrolling', round((seen.missing / seen.rows) * 100, 2), '%', {
      atMost: 5,
    }),
    figure('jump in the window: press to text, median', round(median(seen.jumps), 1), 'ms'),
    figure('CPU of the app while scrolling', round(seen.cores, 2), 'cores'),
  ];
}
