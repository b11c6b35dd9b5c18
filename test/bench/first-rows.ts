/**
 * Rows on the screen of the real app, each time in an app of its own: from the click on a cluster that
 * nobody has opened yet, and from the click on Pods there, until after the frame that shows a screen
 * full of rows. In the page, so that nothing outside of it counts.
 */
import type { Page } from '@playwright/test';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { openApp, pause } from './app';
import { figure, median, round, type BenchOptions, type Figure } from './bench';
import { measure } from './child';
import { benchCluster } from './cluster';
import type { Measured } from './host-child';

interface Config {
  clusters: { name: string; cluster: object }[];
  contexts: { name: string; context: object }[];
  'current-context': string;
}

interface FirstRows {
  /** From the click on the cluster, the click on Pods included, ms. */
  readonly connect: number;
  /** From the click on Pods, which comes as soon as there is such a link, ms. */
  readonly pods: number;
}

export interface Firsts {
  /** At the window's end of the host, ms. */
  readonly host: number;
  /** In the app, from the click on Pods and from the click on the cluster, ms; none without Electron. */
  readonly painted: FirstRows | undefined;
}

const FIRST_RUNS = 5;
const NEW = 'to-connect';

async function firstRows(kubeconfig: string, runs: number, options: BenchOptions): Promise<FirstRows[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-first-'));
  const file = join(folder, 'kubeconfig');
  writeFileSync(file, withSpare(readFileSync(kubeconfig, 'utf8')), { mode: 0o600 });
  const times: FirstRows[] = [];
  try {
    for (let i = 0; i < runs; i += 1) {
      const { page, close } = await openApp(file, options);
      try {
        // What an app does in its first seconds is not what is measured.
        await pause(3_000);
        times.push(await connectAndList(page));
        options.say(`first rows: ${JSON.stringify(times.at(-1))}`);
      } finally {
        await close();
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return times;
}

/** The current context leads to nothing, so that the app starts on it and holds nothing of the other. */
export function withSpare(text: string): string {
  const config = parse(text) as Config;
  const current = config.contexts.find((one) => one.name === config['current-context']);
  const nowhere = { name: 'nowhere', cluster: { server: 'http://127.0.0.1:9' } };
  return stringify({
    ...config,
    clusters: [...config.clusters, nowhere],
    contexts: [
      { name: 'nowhere', context: { cluster: 'nowhere' } },
      { name: NEW, context: current?.context ?? {} },
    ],
    'current-context': 'nowhere',
  });
}

export function connectAndList(page: Page): Promise<FirstRows> {
  return page.evaluate(
    (name) =>
      new Promise<FirstRows>((done, reject) => {
        const tile = [...document.querySelectorAll<HTMLElement>('nav[aria-label=Clusters] button')].find(
          (one) => one.getAttribute('aria-label')?.startsWith(`${name}, `),
        );
        const shownIn = (selector: string): HTMLElement | undefined =>
          [...document.querySelectorAll<HTMLElement>(selector)].find((one) => one.checkVisibility());
        const began = performance.now();
        let clicked = 0;
        const look = (): void => {
          const grid = shownIn('[role=grid]');
          const link = shownIn('nav[aria-label=Kinds] [role=link][aria-label=Pods]');
          if (clicked === 0 && link && tile?.getAttribute('aria-current') === 'true') {
            clicked = performance.now();
            link.click();
          }
          const rows = grid?.querySelectorAll('[role=row][data-index]:not([aria-busy])') ?? [];
          const last = rows[rows.length - 1]?.getBoundingClientRect().bottom ?? 0;
          const isFull = rows.length > 10 && last >= (grid?.getBoundingClientRect().bottom ?? Infinity) - 30;
          if (clicked > 0 && isFull) {
            setTimeout(() => {
              const now = performance.now();
              done({ connect: now - began, pods: now - clicked });
            });
          } else if (performance.now() - began > 60_000) reject(new Error('no rows after a minute'));
          else requestAnimationFrame(look);
        };
        tile?.click();
        requestAnimationFrame(look);
      }),
    NEW,
  );
}

/** `hosts`: what the host alone measured. */
export async function firsts(
  kubeconfig: string,
  hosts: readonly Measured[],
  options: BenchOptions,
): Promise<Firsts> {
  const painted = options.flags['electron'] === 'no' ? [] : await firstRows(kubeconfig, FIRST_RUNS, options);
  const of = (pick: (one: FirstRows) => number): number => median(painted.map(pick));
  return {
    host: median(hosts.map((one) => one.firstMs)),
    painted:
      painted.length === 0 ? undefined : { pods: of((one) => one.pods), connect: of((one) => one.connect) },
  };
}

/** undefined where the cluster is given: then there is no other. */
export async function firstsOfFew(pods: number, options: BenchOptions): Promise<Firsts | undefined> {
  if (options.flags['kubeconfig'] !== undefined) return undefined;
  const { kubeconfig } = benchCluster(pods, options);
  const hosts: Measured[] = [];
  for (let i = 0; i < FIRST_RUNS; i++) hosts.push(await measure('ours', kubeconfig));
  return firsts(kubeconfig, hosts, options);
}

export function firstFigures(many: Firsts, few: Firsts | undefined, fewPods: number): Figure[] {
  const against = (mine: number, theirs: number | undefined): [string | undefined, number | undefined] =>
    theirs === undefined
      ? [undefined, undefined]
      : [`${round(theirs)} ms with ${fewPods} pods`, mine / theirs];
  const [hostBase, hostRatio] = against(many.host, few?.host);
  const figures = [figure('first 50 rows', round(many.host), 'ms', { atMost: 250 }, hostBase)];
  if (hostRatio !== undefined)
    figures.push(figure(`first 50 rows / of ${fewPods} pods`, round(hostRatio, 2), '×', { atMost: 1.5 }));
  if (!many.painted) return figures;
  const { pods, connect } = many.painted;
  const [base, ratio] = against(pods, few?.painted?.pods);
  figures.push(figure('click on Pods to a screen of rows painted', round(pods), 'ms', { atMost: 250 }, base));
  if (ratio !== undefined)
    figures.push(figure(`painted / of ${fewPods} pods`, round(ratio, 2), '×', { atMost: 1.5 }));
  const [connectBase] = against(connect, few?.painted?.connect);
  figures.push(figure('click on an unopened cluster to rows painted', round(connect), 'ms', {}, connectBase));
  return figures;
}
