/** Draws a generated map with the app's canvas in the real Electron; times are those of the page. */
import { _electron } from '@playwright/test';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import react from '@vitejs/plugin-react';
import { layOut } from '../../src/shared/domain/topology/layout/layout';
import { buildMap } from '../../src/shared/domain/topology/map/build';
import type { MapFacts, MapQuery, MapTone } from '../../src/shared/domain/topology/map/types';
import { RelationGraph } from '../../src/shared/domain/topology/relation-graph';
import { median } from './bench';
import { findElectron, openDisplay, root } from './electron';
import { clusterObjects } from './topology-objects';
import type { MapData } from './topology-page';

export interface Drawn {
  readonly nodes: number;
  readonly edges: number;
  /** Objects in memory to a placed map, ms: relations, view, layout. */
  readonly madeMs: number;
  /** A placed map to pixels, ms. */
  readonly paintMs: number;
  /** Between frames while zooming and panning, ms, sorted. */
  readonly gaps: readonly number[];
  /** The same while nothing moves: what the display gives. */
  readonly still: readonly number[];
}

const QUERY: MapQuery = {
  view: 'apps',
  namespaces: [],
  depth: 2,
  groupBy: 'app',
  expanded: [],
  expandAll: true,
  text: '',
  kinds: [],
  tones: [],
};

/** As the app draws them. */
const HUBS = new Set(['runs-on', 'uses-class', 'runs-as']);

const TONES: readonly MapTone[] = ['ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'progress', 'warn', 'bad'];

/** Everything was read; every tenth pod has trouble. */
const FACTS: MapFacts = {
  tag: (_group, kind) => kind.slice(0, 6).toLowerCase(),
  health: ({ kind, name }) => {
    if (kind !== 'Pod' && kind !== 'Deployment') return undefined;
    const number = Number(/(\d+)$/.exec(name)?.[1] ?? 0);
    const tone = TONES[number % TONES.length] ?? 'ok';
    return { tone, text: tone === 'ok' ? 'Running' : 'CrashLoop, exit 3' };
  },
  badge: ({ kind }) => (kind === 'Pod' ? '1/1' : ''),
  known: () => 'read',
};

const MAIN = `
const { app, BrowserWindow } = require('electron');
app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 1440, height: 900, useContentSize: true });
  window.loadFile('page/index.html');
});
app.on('window-all-closed', () => app.quit());
`;

export async function draw(counts: readonly number[], rounds: number): Promise<Drawn[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-topology-'));
  const display = await openDisplay();
  try {
    await bundle(folder);
    const app = await _electron.launch({
      executablePath: findElectron(),
      args: [folder],
      chromiumSandbox: process.getuid?.() !== 0,
      env: { ...(process.env as Record<string, string>), ...display.env, HOME: folder },
    });
    try {
      const page = await app.firstWindow();
      await page.waitForFunction(() => 'graphBench' in window);
      const results: Drawn[] = [];
      for (const count of counts) {
        const made = make(count, rounds);
        await page.evaluate((data) => window.graphBench.receive(data), made.data);
        const paints: number[] = [];
        for (let n = 0; n < rounds; n += 1)
          paints.push(await page.evaluate(() => window.graphBench.paintOnce()));
        const still = await page.evaluate(() => window.graphBench.stillFrames(60));
        const gaps = await page.evaluate(() => window.graphBench.move(5_000));
        results.push({
          nodes: made.data.nodes.length,
          edges: made.data.edges.length / 4,
          madeMs: made.ms,
          paintMs: median(paints),
          gaps: gaps.sort((a, b) => a - b),
          still: still.sort((a, b) => a - b),
        });
      }
      return results;
    } finally {
      await app.close();
    }
  } finally {
    display.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function make(count: number, rounds: number): { data: MapData; ms: number } {
  const objects = clusterObjects(count);
  const times: number[] = [];
  let data: MapData | undefined;
  for (let n = 0; n < rounds; n += 1) {
    const began = performance.now();
    const graph = new RelationGraph();
    graph.load(objects);
    const model = buildMap(graph, QUERY, FACTS);
    const pairs = new Int32Array(model.edges.length / 2);
    for (let i = 0, at = 0; i < model.edges.length; i += 4) {
      pairs[at++] = model.edges[i] ?? 0;
      pairs[at++] = model.edges[i + 1] ?? 0;
    }
    const layout = layOut({
      nodes: model.nodes.map(({ id, frame, rank, order }) => ({ id, group: frame, rank, order })),
      groups: model.frames,
      edges: pairs,
    });
    times.push(performance.now() - began);
    data = {
      nodes: model.nodes.map(({ members: _members, ...node }) => node),
      frames: model.frames,
      terms: model.terms.map(({ relation, weak }) => ({
        relation,
        look: weak ? 'faint' : HUBS.has(relation) ? 'hub' : 'plain',
        label: relation,
        main: true,
      })),
      places: [...layout.nodes],
      boxes: [...layout.groups],
      edges: [...model.edges],
      width: layout.width,
      height: layout.height,
    };
  }
  if (!data) throw new Error('no rounds');
  return { data, ms: median(times) };
}

async function bundle(folder: string): Promise<void> {
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'bench', main: 'main.js' }));
  writeFileSync(join(folder, 'main.js'), MAIN);
  const source = join(folder, 'source');
  cpSync(join(root, 'test/bench/topology-page.html'), join(source, 'index.html'));
  await build({
    configFile: false,
    logLevel: 'error',
    root: source,
    base: './',
    plugins: [react()],
    resolve: { alias: { '/page.tsx': join(root, 'test/bench/topology-page.tsx') } },
    build: { outDir: join(folder, 'page'), target: 'chrome114', modulePreload: false },
  });
}
