/**
 * `npm run -s bench -- logs`: one million lines in the host's store against an array of line objects, in
 * the same run and each in a process of its own: memory, ingest from stamped bytes, search, jump, and how
 * long a window of rows takes while 20,000 lines a second arrive.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { BenchOptions, BenchResult } from './bench';
import type { LogsChildResult } from './logs-child';

export function run({ runs = 3, say }: BenchOptions): BenchResult {
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
  const names = Object.keys(store[0] ?? {});
  const values: Record<string, number> = {};
  for (const name of names) values[name] = middle(store, name);
  for (const name of Object.keys(objects[0] ?? {})) values[`objects.${name}`] = middle(objects, name);
  return {
    values,
    bars: [
      { name: 'memory over bytes, 1 million lines', value: values['memoryRatio'] ?? NaN, atMost: 1.15 },
      { name: 'ingest from memory, MB/s', value: values['ingestMBs'] ?? NaN, atLeast: 200 },
      { name: 'literal search of all, ms', value: values['literalMs'] ?? NaN, atMost: 250 },
      { name: 'literal search in any case, ms', value: values['foldedMs'] ?? NaN, atMost: 250 },
      { name: 'regex search of all, ms', value: values['regexMs'] ?? NaN, atMost: 2000 },
      { name: 'evil regex over all, ms', value: values['evilMs'] ?? NaN, atMost: 2000 },
      { name: 'jump to any line p95, ms', value: values['jumpP95Ms'] ?? NaN, atMost: 10 },
      { name: 'window of rows p95 at 20,000 lines/s, ms', value: values['scrollP95Ms'] ?? NaN, atMost: 20 },
    ],
  };
}
