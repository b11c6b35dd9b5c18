/** 10,000 pods from connecting to every row indexed. */
import type { BenchOptions, BenchResult } from './bench';
import { measureLists } from './lists';

export function run(options: BenchOptions): Promise<BenchResult> {
  return measureLists(options, {
    pods: 10_000,
    runs: 12,
    fetch: 'fetch',
    kubectlTimes: 5,
    kubectlMemory: 6,
  });
}
