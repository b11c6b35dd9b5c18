/**
 * 2,000 events a second in the real app, from recorded bytes, so that the server's own work is not in the
 * way: frames, renders, layout shift and CPU of the window; then the same with the window hidden.
 * `--events N` (2000), `--seconds N` (15), `--trace FILE` keeps a Chrome trace of the shown part.
 */
import { writeFileSync } from 'node:fs';
import { cpuBetween, openApp, openTable, pause, percentile, type BenchApp } from './app';
import { figure, round, type BenchOptions, type BenchResult } from './bench';
import { benchCluster } from './cluster';
import { root } from './electron';
import { openHiddenApp, openPods, type HiddenApp } from './hidden-app';
import { startProxy } from './proxied';
import { tracing } from './trace';

export async function run(options: BenchOptions): Promise<BenchResult> {
  const { flags } = options;
  const eventsPerSecond = Number(flags['events'] ?? 2_000);
  const seconds = Number(flags['seconds'] ?? 15);
  const cluster = benchCluster(10_000, options);
  const proxy = await startProxy(cluster.kubeconfig, true);
  let app: BenchApp | undefined;
  let hiddenApp: HiddenApp | undefined;
  try {
    app = await openApp(proxy.kubeconfig, options);
    const { page } = app;
    await openTable(page, 'Pods');
    // The rows that change most come to the top and move all the time.
    const head = page.getByRole('columnheader', { name: 'Restarts' }).getByRole('button');
    await head.click();
    await pause(2_000);
    await proxy.replay({ eventsPerSecond });
    await pause(5_000);
    const trace = flags['trace'] === undefined ? undefined : await tracing(page);
    await page.evaluate(() => {
      window.bench.reset();
      window.bench.record();
    });
    const before = { cpu: app.cpu(), ...(await proxy.state()) };
    await pause(seconds * 1000);
    const shown = { cpu: cpuBetween(before.cpu, app.cpu()), ...(await proxy.state()) };
    const probe = await page.evaluate(() => {
      window.bench.stop();
      const { frames, commits, mutations, shift, blank } = window.bench;
      return { frames, commits, mutations, shift, blank };
    });
    if (trace) writeFileSync(flags['trace'] ?? '', JSON.stringify(await trace.stop()));
    await app.close();
    app = undefined;
    hiddenApp = await openHiddenApp(proxy.kubeconfig, {
      ...options,
      flags: { ...flags, app: flags['app'] ?? root },
    });
    await openPods(hiddenApp);
    await hiddenApp.show(false);
    await pause(3_000);
    await hiddenApp.page('bench.reset()');
    const hiddenBefore = hiddenApp.cpu();
    await pause(seconds * 1000);
    const hiddenCpu = cpuBetween(hiddenBefore, hiddenApp.cpu());
    const hidden = await hiddenApp.page<number>('bench.commits');
    const share = (ms: number | undefined, over: number): number => round((ms ?? NaN) / (over * 10), 1);
    return {
      values: {},
      bars: [],
      figures: [
        figure('events taken', round((shown.sentEvents - before.sentEvents) / seconds), 'events/s', {
          atLeast: eventsPerSecond * 0.9,
        }),
        figure('frame p95', round(percentile(probe.frames, 0.95), 1), 'ms', { atMost: 20 }),
        figure('worst frame', round(Math.max(...probe.frames), 1), 'ms', { atMost: 50 }),
        figure('frames', round(probe.frames.length / seconds, 1), '/s', { atLeast: 57 }),
        figure('renders', round(probe.commits / seconds, 1), '/s', { atMost: 12 }),
        figure('blank frames', probe.blank, '', { atMost: 0 }),
        figure('layout shift', round(probe.shift, 4), '', { atMost: 0.01 }),
        figure(
          'CPU of the window',
          share(shown.cpu['renderer'], seconds),
          '% of a core',
          {},
          `${share(hiddenCpu['renderer'], seconds)} % hidden`,
        ),
        figure(
          'CPU of the host',
          share(shown.cpu['host'], seconds),
          '% of a core',
          {},
          `${share(hiddenCpu['host'], seconds)} % hidden`,
        ),
        figure('renders, hidden', round(hidden / seconds, 2), '/s', { atMost: 1.1 }),
      ],
      detail: { shown, hiddenCpu, worst: [...probe.frames].sort((a, b) => b - a).slice(0, 20) },
    };
  } finally {
    await app?.close();
    await hiddenApp?.close();
    proxy.stop();
  }
}
