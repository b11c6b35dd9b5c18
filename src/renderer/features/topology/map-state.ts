/** Makes the reader's list of nodes from batches that bring only what changed. Pure. */
import type { MapBatch, MapSaid, MapStates, MapWhole, WireNode } from '#shared/contract/topology';
import type { MapTerm } from '#shared/domain/topology/map/types';
import { flowWords, isFailing } from './observed';
import { makeScene, type EdgeTerm, type Scene } from '../../ui/graph/scene';

/** The map as it stands, with what is said of it. */
export type MapShown = MapSaid & Omit<MapWhole, 'keep' | 'nodes'>;

export interface MapState {
  readonly nodes: readonly WireNode[];
  readonly scene: Scene;
  readonly batch: MapShown;
}

/** Undefined where states come of a map that never came. */
export function nextState(before: MapState | undefined, { map, ...said }: MapBatch): MapState | undefined {
  if (map.type === 'states') return before && withStates(before, map, said);
  const { keep, nodes: fresh, type: _type, ...whole } = map;
  const old = before?.nodes ?? [];
  const nodes = keep
    ? Array.from(keep, (at) => (at >= 0 ? old[at] : fresh[-1 - at])).filter((node) => node !== undefined)
    : fresh;
  const { places, frames, boxes, edges, terms, width, height } = whole;
  const scene = makeScene({ nodes, places, frames, boxes, edges, terms: terms.map(toTerm), width, height });
  return { nodes, scene, batch: { ...whole, ...said } };
}

/** Nobody moves and no edge changes: the indexes of the scene stay. */
function withStates({ nodes: old, scene, batch }: MapState, states: MapStates, said: MapSaid): MapState {
  const nodes = replaced(old, states.at, states.nodes);
  const frames = replaced(batch.frames, states.frameAt, states.frames);
  const { places, boxes, edges, terms, width, height, total, kinds } = batch;
  return {
    nodes,
    scene: { ...scene, nodes, frames },
    batch: { places, frames, boxes, edges, terms, width, height, total, kinds, ...said },
  };
}

function replaced<T>(list: readonly T[], at: Int32Array, by: readonly T[]): readonly T[] {
  if (at.length === 0) return list;
  const copy = [...list];
  by.forEach((one, i) => (copy[at[i]!] = one));
  return copy;
}

function toTerm(term: MapTerm): EdgeTerm {
  const { flow, relation } = term;
  if (flow)
    return { relation, main: false, look: isFailing(flow) ? 'failing' : 'seen', label: flowWords(flow) };
  return {
    relation: term.relation,
    main: MAIN.has(term.relation),
    look:
      term.invalid !== ''
        ? 'invalid'
        : term.inferred
          ? 'guess'
          : term.weak
            ? 'faint'
            : HUBS.has(term.relation)
              ? 'hub'
              : 'plain',
    label:
      term.port === ''
        ? (RELATION_WORDS.get(term.relation) ?? term.relation.replace(/-/g, ' '))
        : `:${term.port}`,
  };
}

/** Nearly everything has these: drawn quietly until something is chosen. */
const HUBS = new Set(['runs-on', 'uses-class', 'runs-as']);

/** The way of a request, of ownership and of storage: followed before anything else. */
const MAIN = new Set([
  'enters',
  'routes-to',
  'default-backend',
  'selects',
  'owner',
  'applies-to',
  'protects',
  'scales',
  'bound-to',
  'claims',
]);

const RELATION_WORDS = new Map([
  ['owner', 'owns'],
  ['routes-to', 'routes to'],
  ['runs-on', 'runs on'],
  ['runs-as', 'runs as'],
  ['bound-to', 'bound to'],
]);

/** What an edge says, read from its source. */
export function relationWords(relation: string): string {
  return RELATION_WORDS.get(relation) ?? relation.replace(/-/g, ' ');
}
