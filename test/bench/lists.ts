/** What list-10k and list-100k share: ours against the same bytes, kubectl and kept objects. */
import { loadavg } from 'node:os';
import { figure, median, round, type BenchOptions, type BenchResult } from './bench';
import { pause } from './app';
import { measure, timed, type Shipped } from './child';
import { benchCluster, type BenchCluster } from './cluster';
import { findElectron, openDisplay } from './electron';
import { firstFigures, firsts, firstsOfFew } from './first-rows';
import type { Measured } from './host-child';

export interface ListBars {
  readonly pods: number;
  readonly runs: number;
  /** The request that carries most of the bytes of ours at this size. */
  readonly fetch: 'fetch' | 'fetch-watch-list';
  readonly kubectlTimes: number;
  readonly kubectlMemory: number;
  readonly bytesPerPod?: number;
  readonly rssMb?: number;
  readonly gcMs?: number;
  /** A cluster of so many pods is measured before: the first rows of many must not take longer than those of few. */
  readonly few?: number;
}

type Say = BenchOptions['say'];

const MB = 2 ** 20;

/**
 * The first reads of a server that has just started cost more than later ones, or are refused: each grows
 * its memory, and every new page of that costs it time. Reads until one costs no more than a fifth above
 * the one before and the server (where it says how much it holds) has all the memory it will need.
 */
async function settled(mode: string, { kubeconfig, memory }: BenchCluster, say: Say): Promise<void> {
  let before = { ms: 0, held: 0 };
  for (let turn = 0; turn < 12; turn++) {
    const ms = await measure(mode, kubeconfig).then(
      (one) => one.allMs,
      (error: unknown) => {
        say(`not ready: ${String(error).slice(0, 200)}`);
        return NaN;
      },
    );
    const now = { ms, held: memory() };
    say(`settling: ${round(ms)} ms, the server holds ${round(now.held / MB)} MB`);
    const steady = ms < before.ms * 1.2 && before.ms < ms * 1.2;
    if (steady && !(now.held > before.held * 1.02)) return;
    before = now;
    await pause(1_000);
  }
}

interface Pairs {
  readonly ours: readonly Measured[];
  readonly fetched: readonly Measured[];
}

/** Ours and the plain read, one after the other. */
async function inPairs(
  runs: number,
  fetch: ListBars['fetch'],
  kubeconfig: string,
  say: Say,
  shipped?: Shipped,
): Promise<Pairs> {
  const ours: Measured[] = [];
  const fetched: Measured[] = [];
  for (let i = 0; i < runs; i++) {
    // The server collects its garbage every few lists. That must not always fall on one of the two, so the
    // order turns with the number of ones in `i` (Thue and Morse), which no period keeps step with.
    const fetchFirst = (i.toString(2).split('1').length - 1) % 2 === 0;
    for (const mode of fetchFirst ? [fetch, 'ours'] : ['ours', fetch]) {
      const one = await measure(mode, kubeconfig, shipped);
      (mode === 'ours' ? ours : fetched).push(one);
      say(
        `${mode}: ${round(one.allMs)} ms, cpu ${round(one.cpuMs)} ms, first ${round(one.firstMs)} ms, gc ${round(one.gcMs)} ms`,
      );
    }
  }
  return { ours, fetched };
}

/** The same where the app runs a cluster: in a utility process of its Electron. */
async function asShipped(
  runs: number,
  fetch: ListBars['fetch'],
  kubeconfig: string,
  say: Say,
): Promise<Pairs> {
  const display = await openDisplay();
  try {
    return await inPairs(runs, fetch, kubeconfig, say, { electron: findElectron(), env: display.env });
  } finally {
    display.close();
  }
}

/** `--kubeconfig FILE` measures a given cluster; `--kubectl no`, `--objects no` and `--electron no` leave these out. */
export async function measureLists(options: BenchOptions, bars: ListBars): Promise<BenchResult> {
  const { flags, say } = options;
  const runs = options.runs ?? bars.runs;
  const few = bars.few === undefined ? undefined : await firstsOfFew(bars.few, options);
  const cluster = benchCluster(bars.pods, options);
  await settled(bars.fetch, cluster, say);
  const { ours, fetched } = await inPairs(runs, bars.fetch, cluster.kubeconfig, say);
  const shipped =
    flags['electron'] === 'no' ? undefined : await asShipped(runs, bars.fetch, cluster.kubeconfig, say);
  const kubectl =
    flags['kubectl'] === 'no'
      ? undefined
      : await timed(cluster.kubectl, ['--kubeconfig', cluster.kubeconfig, 'get', 'pods', '-A']);
  const objects =
    flags['objects'] === 'no'
      ? undefined
      : await measure('objects', cluster.kubeconfig).catch((error: unknown) => {
          say(`objects: ${String(error).slice(0, 200)}`);
          return undefined;
        });
  const of = (list: readonly Measured[], pick: (one: Measured) => number): number => median(list.map(pick));
  const all = of(ours, (one) => one.allMs);
  const fetch = of(fetched, (one) => one.allMs);
  const rows = of(ours, (one) => one.rows);
  const perPod = of(ours, (one) => one.keptBytes) / rows;
  const rss = of(ours, (one) => one.rssBytes) / MB;
  const gc = Math.max(...ours.map((one) => one.gcMs));
  const at = (ms: number): string => `${round(ms)} ms`;
  const figures = [
    figure('rows', rows, 'pods', { atLeast: bars.pods }),
    figure('all rows indexed', round(all), 'ms', {}, `${at(fetch)} fetch`),
    figure('all rows / fetch', round(all / fetch, 2), '×', { atMost: 1.3 }, `${at(fetch)} fetch`),
    ...firstFigures(await firsts(cluster.kubeconfig, ours, options), few),
    figure(
      'kept per pod',
      round(perPod),
      'B',
      bars.bytesPerPod === undefined ? {} : { atMost: bars.bytesPerPod },
      objects && `${round(objects.keptBytes / objects.rows)} B objects`,
    ),
    figure(
      'RSS above empty',
      round(rss),
      'MB',
      bars.rssMb === undefined ? {} : { atMost: bars.rssMb },
      objects && `${round(objects.rssBytes / MB)} MB objects`,
    ),
    figure(
      'longest GC pause',
      round(gc, 1),
      'ms',
      bars.gcMs === undefined ? {} : { atMost: bars.gcMs },
      objects && `${round(objects.gcMs, 1)} ms objects`,
    ),
    figure(
      'CPU of ours',
      round(of(ours, (one) => one.cpuMs)),
      'ms',
      {},
      `${at(of(fetched, (one) => one.cpuMs))} fetch`,
    ),
  ];
  if (shipped) {
    const [mine, theirs] = [shipped.ours, shipped.fetched].map((list) => of(list, (one) => one.allMs));
    figures.push(
      figure(
        "all rows / fetch, in the app's runtime",
        round(mine! / theirs!, 2),
        '×',
        { atMost: 1.3 },
        `${at(mine!)} against ${at(theirs!)} fetch`,
      ),
    );
  }
  if (objects)
    figures.push(figure('objects / ours', round(objects.allMs / all, 1), '×', {}, at(objects.allMs)));
  if (kubectl) {
    figures.push(
      figure(
        'kubectl / ours, time',
        round(kubectl.ms / all, 1),
        '×',
        { atLeast: bars.kubectlTimes },
        at(kubectl.ms),
      ),
      figure(
        'kubectl / ours, memory',
        round(kubectl.peakBytes / MB / rss, 1),
        '×',
        { atLeast: bars.kubectlMemory },
        `${round(kubectl.peakBytes / MB)} MB`,
      ),
    );
  }
  return {
    values: {},
    bars: [],
    figures,
    detail: { runs, load: loadavg(), ours, fetched, objects, kubectl },
  };
}
