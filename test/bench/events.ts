/**
 * Pod changes at the server's best rate against 10,000 pods, seen in the real app: how long from
 * the event to its paint, what an event costs the cluster's process, and whether frames stay.
 * An event's moment is when its bytes reach a plain reader of the same watch: what the server
 * needs from the write's answer until then is told apart. Server, churn and app share this
 * machine's cores.
 * `--seconds N` (20), `--rate N` (else what the server took in a first second of too much).
 */
import { performance } from 'node:perf_hooks';
import { Scope } from '#shared/rpc/scope';
import { openApi, type ClusterApi } from '../../src/main/k8s/open-api';
import { cpuBetween, openApp, openTable, pause, percentile } from './app';
import { figure, median, round, type BenchOptions, type BenchResult } from './bench';
import { benchCluster, type BenchCluster } from './cluster';
import { contextOf } from './context-of';
import { rawWatch } from './raw';

const PROBES_A_SECOND = 10;
const WARM_SECONDS = 10;
/** Probes are restart counts of seven digits, unlike any real one. */
const FIRST_PROBE = 7_000_000;

export async function run(options: BenchOptions): Promise<BenchResult> {
  const { flags, say } = options;
  const seconds = Number(flags['seconds'] ?? 20);
  const cluster = benchCluster(10_000, options);
  const scope = new Scope('bench events');
  const api = openApi(await contextOf(cluster.kubeconfig), {}, scope);
  const app = await openApp(cluster.kubeconfig, options);
  try {
    const panel = await openTable(app.page, 'Pods');
    const pods = await panel.getByRole('grid').evaluate((grid) =>
      [...grid.querySelectorAll('[role=row][data-index]')].slice(2, 22).map((row) => ({
        name: row.querySelector('[data-col=name]')?.textContent ?? '',
        namespace: row.querySelector('[data-col=namespace]')?.textContent ?? '',
      })),
    );
    await pause(2_000);
    const rate = Number(flags['rate'] ?? (await bestRate(cluster)));
    // Code that sees its first thousand events is still being compiled.
    await cluster.command('churn', String(rate), String(WARM_SECONDS));
    const raw = await rawWatch(cluster.kubeconfig);
    const quiet = await probes(api, pods, FIRST_PROBE, 3, undefined);
    await pause(500);
    await app.page.evaluate(() => {
      window.bench.shift = 0;
      window.bench.record();
    });
    const before = { cpu: app.cpu(), raw: await raw.mark(), at: performance.now() };
    const churn = cluster.command('churn', String(rate), String(seconds));
    const sent = await probes(api, pods, FIRST_PROBE + 1_000, seconds, churn);
    const churned = JSON.parse(await churn) as Churned;
    const after = { cpu: app.cpu(), raw: await raw.mark(), at: performance.now() };
    await pause(1_500);
    const page = await app.page.evaluate(() => {
      window.bench.stop();
      const { painted, frames, blank, waiting, shift, commits } = window.bench;
      return { painted, frames, blank, waiting, shift, commits };
    });
    raw.stop();
    const delays = (of: Sent): { event: number[]; write: number[]; served: number[]; lost: number } => {
      const event: number[] = [];
      const write: number[] = [];
      const served: number[] = [];
      let lost = 0;
      for (const [number, { began, answered }] of of) {
        const painted = page.painted[number];
        if (painted === undefined) {
          lost += 1;
          continue;
        }
        write.push(painted - began);
        const seen = raw.seen.get(number);
        if (seen !== undefined) event.push(painted - seen);
        served.push((seen ?? answered) - answered);
      }
      return { event, write, served, lost };
    };
    const busy = delays(sent);
    const calm = delays(quiet);
    const events = churned.done + sent.size;
    const cpu = cpuBetween(before.cpu, after.cpu);
    const wall = (after.at - before.at) / 1000;
    const rawCpu = after.raw.cpu - before.raw.cpu;
    say(
      `${events} events in ${round(wall, 1)} s, cpu ${JSON.stringify(cpu)} ms, plain watch ${round(rawCpu)} ms`,
    );
    return {
      values: {},
      bars: [],
      figures: [
        figure('rate the server took', round(events / wall), 'events/s'),
        figure(
          'event to paint, p99',
          round(percentile(busy.event, 0.99)),
          'ms',
          { atMost: 150 },
          `${round(percentile(calm.event, 0.99))} ms without churn`,
        ),
        figure(
          'event to paint, median',
          round(median(busy.event)),
          'ms',
          {},
          `${round(median(calm.event))} ms without churn`,
        ),
        figure(
          'write to paint, p99',
          round(percentile(busy.write, 0.99)),
          'ms',
          {},
          `${round(percentile(calm.write, 0.99))} ms without churn`,
        ),
        figure('answered write to watch event, p99', round(percentile(busy.served, 0.99)), 'ms'),
        figure('changes never painted', busy.lost + calm.lost, `of ${sent.size + quiet.size}`, { atMost: 0 }),
        figure(
          'host CPU per event',
          round((cpu['host'] ?? NaN) / events, 3),
          'ms',
          { atMost: 0.1 },
          `${round(rawCpu / events, 3)} ms plain watch`,
        ),
        figure('renderer CPU', round(((cpu['renderer'] ?? NaN) / wall / 1000) * 100), '% of a core'),
        figure('frame p95', round(percentile(page.frames, 0.95), 1), 'ms', { atMost: 20 }),
        figure('layout shift', round(page.shift, 4), '', { atMost: 0.01 }),
      ],
      detail: {
        churned,
        cpu,
        rawCpu,
        frames: page.frames.length,
        worst: Math.max(...page.frames),
        event: busy.event,
      },
    };
  } finally {
    await app.close();
    scope.dispose();
  }
}

/** What is asked for beyond it queues up in the kit and would only make the run longer. */
async function bestRate(cluster: BenchCluster): Promise<number> {
  const { done, seconds } = JSON.parse(await cluster.command('churn', '3000', '1')) as Churned;
  return Math.round((done / seconds) * 1.05);
}

interface Churned {
  readonly done: number;
  readonly failed: number;
  readonly seconds: number;
}

type Sent = Map<string, { readonly began: number; readonly answered: number }>;

/** Writes of distinct numbers to pods that are on screen, at a steady rate, until the churn ends. */
async function probes(
  api: ClusterApi,
  pods: readonly { name: string; namespace: string }[],
  first: number,
  seconds: number,
  until: Promise<unknown> | undefined,
): Promise<Sent> {
  const sent: Sent = new Map();
  let over = false;
  void until?.then(
    () => (over = true),
    () => (over = true),
  );
  const writes: Promise<void>[] = [];
  const began = performance.now();
  for (let i = 0; !over && performance.now() - began < seconds * 1000; i += 1) {
    const pod = pods[i % pods.length];
    if (pod) writes.push(write(api, pod, String(first + i), sent));
    await pause(1000 / PROBES_A_SECOND);
  }
  await Promise.all(writes);
  return sent;
}

async function write(
  api: ClusterApi,
  pod: { name: string; namespace: string },
  number: string,
  sent: Sent,
): Promise<void> {
  const began = Date.now();
  await api.json(
    {
      method: 'PATCH',
      path: `/api/v1/namespaces/${pod.namespace}/pods/${pod.name}/status`,
      body: JSON.stringify({
        status: {
          message: `Probe${number}`,
          containerStatuses: [
            { name: 'app', restartCount: Number(number), lastState: null },
            { name: 'proxy', restartCount: 0, lastState: null },
          ],
        },
      }),
      contentType: 'application/strategic-merge-patch+json',
    },
    new AbortController().signal,
  );
  sent.set(number, { began, answered: Date.now() });
}
