/**
 * `npm run -s bench -- topology`: 5,000 and 20,000 objects from fields to edges to places, one pod
 * that changes, and the same graph given to ELK (`elkjs`), in one run. Medians of several rounds,
 * each on a fresh graph and after the garbage of the round before is gone; the first four rounds,
 * while the engine compiles, are told apart. ELK gets at most a minute, in a thread of its own.
 */
import { fork } from 'node:child_process';
import { Worker } from 'node:worker_threads';
import type { LayoutInput } from '../../src/shared/domain/topology/layout/types';
import { figure, round, type BenchOptions, type BenchResult } from './bench';
import { bundle } from './bundle';
import { draw, type Drawn } from './topology-draw';
import type { Measures } from './topology-measure';

const SMALL = 5_000;
const LARGE = 20_000;

export async function run(options: BenchOptions): Promise<BenchResult> {
  const rounds = options.runs ?? 9;
  const { small, large, onMap } = await measured(rounds);
  options.say(`${SMALL} objects: ${small.edges} edges in ${round(small.buildMs)} ms`);
  options.say(`one pod change on the map in ${round(onMap.stateMs, 3)} ms`);
  options.say(`the same graph for ELK, at most ${ELK_LIMIT_MS / 1000} s`);
  const elkMs = await elk(small.input);
  const ratio = elkMs / small.layoutMs;
  options.say('drawing in Electron');
  const [drawnSmall, drawnLarge] = await draw([SMALL, LARGE], Math.min(5, rounds));
  if (!drawnSmall || !drawnLarge) throw new Error('nothing was drawn');
  const p95 = (gaps: readonly number[]): number => gaps[Math.floor(gaps.length * 0.95)] ?? NaN;
  const firstPaint = ({ madeMs, paintMs }: Drawn): number => round(madeMs + paintMs);
  const parts = ({ madeMs, paintMs }: Drawn): string =>
    `${round(madeMs)} ms to make it, ${round(paintMs)} ms to pixels`;
  return {
    values: {
      edges: small.edges,
      buildMs: round(small.buildMs, 1),
      layoutMs: round(small.layoutMs, 1),
      changeMs: round(small.changeMs, 3),
      mapChangeMs: round(onMap.stateMs, 3),
      mapComeAndGoMs: round(onMap.comeAndGoMs, 1),
      largeBuildMs: round(large.buildMs, 1),
      largeLayoutMs: round(large.layoutMs, 1),
      elkMs: round(elkMs),
      elkRatio: round(ratio),
      firstPaintMs: firstPaint(drawnSmall),
      frameP95Ms: round(p95(drawnSmall.gaps), 1),
      largeFirstPaintMs: firstPaint(drawnLarge),
      largeFrameP95Ms: round(p95(drawnLarge.gaps), 1),
    },
    bars: [],
    figures: [
      figure(
        `${SMALL} objects: edges built`,
        round(small.buildMs, 1),
        'ms',
        { atMost: 60 },
        `the very first time ${round(small.coldMs)} ms`,
      ),
      figure(`${SMALL} objects: layout`, round(small.layoutMs, 1), 'ms', { atMost: 30 }),
      figure('one pod change, p95', round(small.changeMs, 3), 'ms', { atMost: 5 }),
      figure(
        'one pod change on the map, p95',
        round(onMap.stateMs, 3),
        'ms',
        { atMost: 5 },
        'its state: pods, sets, Services and frames follow in place',
      ),
      figure(
        'one pod more or less on the map',
        round(onMap.comeAndGoMs, 1),
        'ms',
        {},
        'the map is made anew; who stays keeps its place',
      ),
      figure(`${LARGE} objects: edges and layout`, round(large.buildMs + large.layoutMs), 'ms', {
        atMost: 1_000,
      }),
      figure(
        `${SMALL} objects: objects in memory to first paint`,
        firstPaint(drawnSmall),
        'ms',
        { atMost: 200 },
        parts(drawnSmall),
      ),
      figure(
        `${SMALL} objects: pan and zoom, frame p95`,
        round(p95(drawnSmall.gaps), 1),
        'ms',
        { atMost: 20 },
        `${round(p95(drawnSmall.still), 1)} ms still`,
      ),
      figure(
        `${LARGE} objects: objects in memory to first paint`,
        firstPaint(drawnLarge),
        'ms',
        { atMost: 1_000 },
        parts(drawnLarge),
      ),
      figure(
        // A display of 60 Hz knows 17, 33 and 50 ms: whole ones, as the bar means them.
        `${LARGE} objects: pan and zoom, frame p95`,
        round(p95(drawnLarge.gaps)),
        'ms',
        { atMost: 33 },
        `${round(p95(drawnLarge.still))} ms still`,
      ),
      figure('faster than ELK', round(ratio), 'times', { atLeast: 50 }, `elkjs ${round(elkMs)} ms`),
    ],
    detail: { rounds, objects: { small: small.objects, large: large.objects }, largeEdges: large.edges },
  };
}

/** In a process of its own, bundled as the app is. */
async function measured(rounds: number): Promise<Measures> {
  const child = fork(await bundle('topology-measure'), [SMALL, LARGE, rounds].map(String), {
    execArgv: ['--expose-gc'],
    serialization: 'advanced',
  });
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as Measures));
    child.once('exit', (code) => reject(new Error(`the measured process ended with ${code}`)));
  });
}

const ELK_LIMIT_MS = 60_000;
const ELK_PROGRAM = `
  const { parentPort, workerData } = require('node:worker_threads');
  const ELK = require(workerData.elk);
  const began = performance.now();
  new ELK().layout(workerData.graph).then(() => parentPort.postMessage(performance.now() - began));
`;

/** Time ELK takes for the same nodes and edges; the limit when it takes longer than that. */
function elk(input: LayoutInput): Promise<number> {
  const graph = {
    id: 'root',
    layoutOptions: { 'elk.algorithm': 'layered' },
    children: input.nodes.map((node) => ({ id: node.id, width: 208, height: 28 })),
    edges: Array.from({ length: input.edges.length / 2 }, (_, i) => ({
      id: `e${i}`,
      sources: [input.nodes[input.edges[i * 2] ?? 0]?.id ?? ''],
      targets: [input.nodes[input.edges[i * 2 + 1] ?? 0]?.id ?? ''],
    })),
  };
  const workerData = { graph, elk: require.resolve('elkjs/lib/elk.bundled.js') };
  const worker = new Worker(ELK_PROGRAM, {
    eval: true,
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: 4_096 },
  });
  return new Promise<number>((resolve, reject) => {
    const timer = setTimeout(() => resolve(ELK_LIMIT_MS), ELK_LIMIT_MS);
    worker.once('message', (ms: number) => {
      clearTimeout(timer);
      resolve(ms);
    });
    worker.once('error', reject);
  }).finally(() => void worker.terminate());
}
