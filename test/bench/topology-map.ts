/**
 * What one change costs the host while a map of everything is open: from the object that arrives to the
 * batch as it is written to the window. Each batch is checked to tell of the change.
 */
import { serialize } from 'node:v8';
import { LiveMap, type MapSource } from '../../src/main/features/topology/live-map';
import { ObjectHealth } from '../../src/main/features/topology/health';
import { LiveGraph } from '../../src/shared/domain/topology/map/live-graph';
import { RelationGraph } from '../../src/shared/domain/topology/relation-graph';
import { median } from './bench';
import { pod, type Sample } from './topology-objects';

const CHANGES = 400;
const WARM_UP = 100;
/** Making a map anew is slower: fewer are enough. */
const COME_AND_GO = 60;
const COME_AND_GO_WARM_UP = 40;

export interface OnMap {
  /** p95 of a pod's state that changes. */
  readonly stateMs: number;
  /** Median of a pod that comes or goes. */
  readonly comeAndGoMs: number;
}

export function changesOnMap(objects: readonly Sample[]): OnMap {
  const live = new LiveGraph(() => new RelationGraph());
  live.load(objects);
  const health = new ObjectHealth();
  const source: MapSource = {
    live,
    facts: {
      tag: (_group, kind) => kind.toLowerCase(),
      health: (node) => health.of(node),
      badge: (node) => health.badge(node),
      known: () => 'read',
    },
    ...{ phase: 'live', loaded: objects.length, denied: [], error: undefined },
  };
  const map = new LiveMap((_group, kind) => kind.toLowerCase());
  const take = (): 'whole' | 'states' | undefined => {
    const batch = map.take(source, QUERY, undefined, undefined);
    if (batch) serialize(batch);
    return batch?.map.type;
  };
  take();
  const pods = objects.filter(({ kind }) => kind === 'Pod');
  const state = timed(WARM_UP + CHANGES, 'states', (n) => {
    const before = pods[(n * 37) % pods.length]!;
    // Each is another state than the one before, also when it is the same pod's turn again.
    const status = { phase: 'Failed', reason: `Reason${n}` };
    const one = { ...before, metadata: { ...(before['metadata'] as Sample) }, status };
    return () => {
      live.upsert(uidOf(one), one);
      return take();
    };
  });
  const comeAndGo = timed(COME_AND_GO_WARM_UP + COME_AND_GO, 'whole', (n) => {
    const one = pod('team-0', 'app-1', 1_000 + (n >> 1), 3);
    return () => {
      if (n % 2 === 0) live.upsert(uidOf(one), one);
      else live.remove(uidOf(one));
      return take();
    };
  });
  return { stateMs: p95(state.slice(WARM_UP)), comeAndGoMs: median(comeAndGo.slice(COME_AND_GO_WARM_UP)) };
}

const QUERY = {
  ...{ view: 'apps', groupBy: 'app', namespaces: [], object: null, depth: 2, expanded: [], expandAll: false },
  ...{ text: '', kinds: [], tones: [], aspect: 1.6, observed: false, hidden: false, request: 1 },
} satisfies Parameters<LiveMap['take']>[1];

/** Times of `times` changes; what is made before a change is not timed. */
function timed(times: number, wanted: string, prepare: (n: number) => () => string | undefined): number[] {
  return Array.from({ length: times }, (_, n) => {
    const change = prepare(n);
    const began = performance.now();
    const type = change();
    const took = performance.now() - began;
    if (type !== wanted) throw new Error(`change ${n} was told as ${type ?? 'nothing'}, not as ${wanted}`);
    return took;
  });
}

function uidOf(object: Sample): string {
  return String((object['metadata'] as Sample)['uid']);
}

function p95(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? NaN;
}
