/**
 * Watch bytes recorded from a real API server (10,000 pods) played at 30 MB/s to the cluster's
 * process, over TLS, with a table open: CPU and heap. The baseline reads the same bytes and
 * throws them away. `--seconds N` (300), `--mb N` (30).
 */
import { performance } from 'node:perf_hooks';
import { pause } from './app';
import { figure, round, type BenchOptions, type BenchResult } from './bench';
import { holdOn } from './child';
import { benchCluster } from './cluster';
import { startProxy } from './proxied';
import { rawWatch } from './raw';

/** Code gets warm and the heap finds its size before anything counts. */
const WARM_MS = 10_000;

export async function run(options: BenchOptions): Promise<BenchResult> {
  const { flags, say } = options;
  const seconds = Number(flags['seconds'] ?? 300);
  const mbPerSecond = Number(flags['mb'] ?? 30);
  const cluster = benchCluster(10_000, options);
  const proxy = await startProxy(cluster.kubeconfig, true);
  try {
    say(`${proxy.frames} frames recorded`);
    await proxy.replay({ mbPerSecond });
    const plain = await rawWatch(proxy.kubeconfig);
    await pause(WARM_MS / 2);
    const plainBefore = { ...(await plain.mark()), at: performance.now() };
    await pause(Math.min(30, seconds) * 1000);
    const plainAfter = { ...(await plain.mark()), at: performance.now() };
    plain.stop();
    const share = (cpu: number, ms: number): number => (cpu / ms) * 100;
    const plainShare = share(plainAfter.cpu - plainBefore.cpu, plainAfter.at - plainBefore.at);
    say(`plain watch: ${round(plainShare, 1)} % of a core`);

    const held = await holdOn('hold', proxy.kubeconfig);
    await pause(WARM_MS);
    const heapBefore = await held.heap();
    const before = { ...(await held.mark()), ...(await proxy.state()), now: performance.now() };
    await pause(seconds * 1000);
    const after = { ...(await held.mark()), ...(await proxy.state()), now: performance.now() };
    const heapAfter = await held.heap();
    held.stop();
    const ms = after.now - before.now;
    const events = after.sentEvents - before.sentEvents;
    const mb = (after.sentBytes - before.sentBytes) / 1e6;
    const cpu = after.cpu - before.cpu;
    return {
      values: {},
      bars: [],
      figures: [
        figure('played for', round(ms / 1000), 's'),
        figure('taken', round(mb / (ms / 1000), 1), 'MB/s', { atLeast: mbPerSecond * 0.95 }),
        figure('events', round(events / (ms / 1000)), 'events/s'),
        figure(
          'CPU of the host',
          round(share(cpu, ms), 1),
          '% of a core',
          { atMost: 25 },
          `${round(plainShare, 1)} % plain watch`,
        ),
        figure(
          'CPU per event',
          round(cpu / events, 4),
          'ms',
          {},
          `${round((plainAfter.cpu - plainBefore.cpu) / ((events / ms) * (plainAfter.at - plainBefore.at)), 4)} ms plain watch`,
        ),
        figure(
          'heap growth',
          round((heapAfter / heapBefore - 1) * 100, 1),
          '%',
          { atMost: 5 },
          `${round(heapBefore / 1e6, 1)} MB before`,
        ),
        figure('batches to the window', round((after.batches - before.batches) / (ms / 1000), 1), '/s', {
          atMost: 11,
        }),
      ],
      detail: { before, after, heapBefore, heapAfter },
    };
  } finally {
    proxy.stop();
  }
}
