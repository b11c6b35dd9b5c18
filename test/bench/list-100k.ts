/** 100,000 pods from connecting to every row indexed; needs 12 GB for its cluster. */
import type { BenchOptions, BenchResult } from './bench';
import { measureLists } from './lists';

export function run(options: BenchOptions): Promise<BenchResult> {
  return measureLists(options, {
    pods: 100_000,
    runs: 6,
    fetch: 'fetch-watch-list',
    kubectlTimes: 10,
    kubectlMemory: 30,
    bytesPerPod: 200,
    rssMb: 150,
    gcMs: 30,
    few: 1_000,
  });
}
