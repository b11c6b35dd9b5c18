/**
 * Rows on the screen of the real app, each time in an app of its own, until after the frame that shows a
 * screen full of them: from the click on Pods in a cluster that is live, and from the click on a cluster
 * that nobody has opened yet. In the page, so that nothing outside of it counts.
 */
import type { Page } from '@playwright/test';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openApp, pause } from './app';
import { figure, median, round, type BenchOptions, type Figure } from './bench';
import { measure } from './child';
import { benchCluster } from './cluster';
import { twice } from './context-of';
import type { Measured } from './host-child';

interface FirstRows {
  /** From the click on Pods, the first table of this app, ms. */
  readonly pods: number;
  /** From the click on the other cluster; that on its Pods comes as soon as there is such a link, ms. */
  readonly connect: number;
}

export interface Firsts {
  readonly rows: number;
  /** At the window's end of the host, ms. */
  readonly host: number;
  /** In the app, from the click on Pods and from the click on the cluster, ms; none without Electron. */
  readonly painted: FirstRows | undefined;
}

const FIRST_RUNS = 5;
/** The app starts on one, and holds nothing of the other. */
const LIVE = 'left';
const NEW = 'right';

async function firstRows(kubeconfig: string, runs: number, options: BenchOptions): Promise<FirstRows[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-first-'));
  const file = join(folder, 'kubeconfig');
  writeFileSync(file, twice(readFileSync(kubeconfig, 'utf8'), LIVE, NEW), { mode: 0o600 });
  const times: FirstRows[] = [];
  try {
    for (let i = 0; i < runs; i += 1) {
      const { page, close } = await openApp(file, options);
      try {
        const rail = page.getByRole('navigation', { name: 'Clusters' });
        await rail.getByRole('button', { name: new RegExp(`^${LIVE}, live`) }).waitFor({ timeout: 60_000 });
        // What an app does in its first seconds is not what is measured.
        await pause(3_000);
        const pods = await podsShown(page, LIVE);
        await page
          .getByRole('status', { name: 'State of Pods' })
          .filter({ hasText: /^live$/ })
          .waitFor({ timeout: 300_000 });
        times.push({ pods, connect: await podsShown(page, NEW) });
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

/**
 * From the click on the cluster's tile (of the shown one: on Pods) to the end of the frame that paints a
 * screen of its pods, ms. An element that grows and shrinks with each frame is how to be asked after all
 * that changes the document in a frame, and before its paint.
 */
function podsShown(page: Page, name: string): Promise<number> {
  return page.evaluate(
    (wanted) =>
      new Promise<number>((done, reject) => {
        const tile = [...document.querySelectorAll<HTMLElement>('nav[aria-label=Clusters] button')].find(
          (one) => one.getAttribute('aria-label')?.startsWith(`${wanted}, `),
        );
        const shown = (selector: string): HTMLElement | undefined =>
          [...document.querySelectorAll<HTMLElement>(selector)].find((one) => one.checkVisibility());
        const before = shown('[role=grid]');
        const beat = document.body.appendChild(document.createElement('i'));
        beat.style.cssText = 'position:fixed;visibility:hidden;height:1px;width:1px';
        const began = performance.now();
        let isAsked = false;
        let isOver = false;
        const isPainted = (): boolean => {
          const grid = shown('[role=grid]');
          const rows = grid?.querySelectorAll('[role=row][data-index]:not([aria-busy])') ?? [];
          const last = rows[rows.length - 1]?.getBoundingClientRect().bottom ?? 0;
          const isFull = rows.length > 10 && last >= (grid?.getBoundingClientRect().bottom ?? Infinity) - 30;
          return isAsked && isFull && grid !== before;
        };
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => done(performance.now() - began);
        const observer = new ResizeObserver(() => {
          if (isOver) return;
          const isLate = performance.now() - began > 60_000;
          isOver = isLate || isPainted();
          if (isLate) reject(new Error('no rows after a minute'));
          else if (isOver) port2.postMessage(0);
        });
        observer.observe(beat);
        const frame = (): void => {
          if (isOver) {
            observer.disconnect();
            beat.remove();
            return;
          }
          const link = shown('nav[aria-label=Kinds] [role=link][aria-label=Pods]');
          if (!isAsked && link && tile?.getAttribute('aria-current') === 'true') {
            isAsked = true;
            link.click();
          }
          beat.style.width = beat.style.width === '1px' ? '2px' : '1px';
          requestAnimationFrame(frame);
        };
        tile?.click();
        frame();
      }),
    name,
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
    rows: hosts[0]?.rows ?? NaN,
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

/** With `few`, what many rows take against that. */
export function firstFigures(many: Firsts, few: Firsts | undefined): Figure[] {
  const both = (name: string, mine: number, theirs: number | undefined): Figure[] => {
    const bar = { atMost: 250 };
    if (few === undefined || theirs === undefined) return [figure(name, round(mine), 'ms', bar)];
    return [
      figure(name, round(mine), 'ms', bar, `${round(theirs)} ms with ${few.rows} rows`),
      figure(`${name} / of ${few.rows} rows`, round(mine / theirs, 2), '×', { atMost: 1.5 }),
    ];
  };
  const figures = both('first 50 rows', many.host, few?.host);
  if (!many.painted) return figures;
  const { pods, connect } = many.painted;
  return [
    ...figures,
    ...both('click on Pods to a screen of rows painted', pods, few?.painted?.pods),
    figure('click on an unopened cluster to rows painted', round(connect), 'ms'),
  ];
}
