/**
 * 10,000 pods watched, nothing happens: CPU of the whole app with its window hidden, and how often
 * anything was drawn; beside it the same with the window shown. `--seconds N` (120).
 */
import { cpuBetween, pause, sum } from './app';
import { figure, round, type BenchOptions, type BenchResult } from './bench';
import { benchCluster } from './cluster';
import { openHiddenApp, openPods, type HiddenApp } from './hidden-app';

interface Quiet {
  readonly cpu: Record<string, number>;
  readonly share: number;
  readonly commits: number;
  readonly mutations: number;
  readonly places: readonly string[];
}

export async function run(options: BenchOptions): Promise<BenchResult> {
  const seconds = Number(options.flags['seconds'] ?? 120);
  const cluster = benchCluster(10_000, options);
  const app = await openHiddenApp(cluster.kubeconfig, options);
  try {
    await openPods(app);
    await app.show(false);
    // What opening it started comes to rest: the lists of the page before are let go after 30 s.
    await pause(45_000);
    const hidden = await quiet(app, seconds);
    await app.show(true);
    await pause(3_000);
    const shown = await quiet(app, Math.min(30, seconds));
    options.say(`hidden ${JSON.stringify(hidden)}, shown ${JSON.stringify(shown)}`);
    return {
      values: {},
      bars: [],
      figures: [
        figure('watched for', seconds, 's'),
        figure(
          'CPU, hidden',
          round(hidden.share, 2),
          '% of a core',
          { atMost: 0.5 },
          `${round(shown.share, 2)} % shown`,
        ),
        figure('renders, hidden', hidden.commits, '', { atMost: 0 }, `${shown.commits} shown`),
        figure(
          'changes of the document, hidden',
          hidden.mutations,
          '',
          { atMost: 0 },
          `${shown.mutations} shown`,
        ),
      ],
      detail: { hidden, shown },
    };
  } finally {
    await app.close();
  }
}

async function quiet(app: HiddenApp, seconds: number): Promise<Quiet> {
  await app.page('bench.reset()');
  const before = app.cpu();
  await pause(seconds * 1000);
  const cpu = cpuBetween(before, app.cpu());
  const counted = await app.page<Pick<Quiet, 'commits' | 'mutations' | 'places'>>(
    '({ commits: bench.commits, mutations: bench.mutations, places: bench.places })',
  );
  return { cpu, share: sum(cpu) / (seconds * 10), ...counted };
}
