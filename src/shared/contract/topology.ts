/**
 * Maps of related objects, live: nodes with their places, frames around them, edges between them.
 * A batch brings only the nodes that are new or changed; places and edges travel as plain numbers, and
 * not at all where only states changed.
 * Where an edge comes from is asked when somebody points at it.
 */
import { z } from 'zod';
import { call, slice, stream } from '../rpc/define';
import type { AppError } from '../util/app-error';
import type { KindId } from '../kinds/define';
import type { MapFrame, MapNode, MapTerm, MapTone } from '../domain/topology/map/types';

export interface WireNode extends Omit<MapNode, 'members' | 'rank' | 'order' | 'group'> {
  /** Id of its kind where the cluster serves it: it can be opened. */
  readonly resource: KindId;
}

/** A map made anew. */
export interface MapWhole {
  /** By place in the new list: index in the list before, or -1 - index into `nodes`. Absent: `nodes` is the list. */
  readonly keep?: Int32Array;
  readonly nodes: readonly WireNode[];
  /** Upper left corners: x, y... */
  readonly places: Float32Array;
  readonly frames: readonly MapFrame[];
  /** x, y, width, height... */
  readonly boxes: Float32Array;
  /** from, to, term, count... */
  readonly edges: Int32Array;
  readonly terms: readonly MapTerm[];
  readonly width: number;
  readonly height: number;
  /** Objects before the filter. */
  readonly total: number;
  readonly kinds: readonly { readonly id: string; readonly tag: string; readonly count: number }[];
}

/** Nodes and frames of the map before that changed; everything stands where it stood. */
export interface MapStates {
  /** Where each of `nodes` stands in the list. */
  readonly at: Int32Array;
  readonly nodes: readonly WireNode[];
  /** Where each of `frames` stands in the list. */
  readonly frameAt: Int32Array;
  readonly frames: readonly MapFrame[];
}

/** What is said of the map, in every batch. */
export interface MapSaid {
  readonly tones: Readonly<Partial<Record<MapTone, number>>>;
  /** Kinds that may not be read: their objects and edges are not shown. */
  readonly denied: readonly string[];
  readonly phase: 'reading' | 'live' | 'stale';
  readonly error?: AppError;
  /** Objects read so far. */
  readonly loaded: number;
  /** Only where it was asked for. */
  readonly observed?: ObservedState;
  /** Echo of the update this answers. */
  readonly request: number;
}

export interface MapBatch extends MapSaid {
  readonly map: ({ readonly type: 'whole' } & MapWhole) | ({ readonly type: 'states' } & MapStates);
}

/** Observed traffic, as far as the cluster has it. */
export interface ObservedState {
  /** `absent`: there is no Prometheus, or none of the metrics is in it. */
  readonly phase: 'asking' | 'live' | 'absent' | 'failed';
  /** Metrics that were looked for. */
  readonly looked: readonly string[];
  /** Metrics that told of something. */
  readonly found: readonly string[];
  /** Edges drawn, and flows with an end that is not on the map. */
  readonly drawn: number;
  readonly offMap: number;
  /** Why it is absent, failed, or only part of it. */
  readonly error?: AppError;
}

export interface EdgeOrigin {
  readonly from: string;
  readonly to: string;
  readonly relation: string;
  /** The object that holds the field. */
  readonly holder: string;
  readonly field: string;
  readonly value: string;
  readonly rule: string;
  readonly inferred: boolean;
  readonly weak: boolean;
  readonly invalid: string;
  readonly note: string;
}

const name = z.string().max(512);
const tone = z.enum(['ok', 'progress', 'warn', 'bad', 'idle', 'done', 'none']);
const shape = {
  view: z.enum(['overview', 'apps', 'object', 'traffic', 'placement', 'storage', 'access', 'dependants']),
  namespaces: z.array(z.string().max(253)).max(1000),
  /** `kind` is a kind id (`deployments.apps`). */
  object: z.object({ kind: name, namespace: z.string().max(253), name: z.string().max(253) }).nullable(),
  depth: z.number().int().min(1).max(8),
  groupBy: z.enum(['app', 'owner', 'namespace', 'node', 'zone']),
  expanded: z.array(z.string().max(2048)).max(500),
  expandAll: z.boolean(),
  text: z.string().max(256),
  kinds: z.array(name).max(400),
  tones: z.array(tone).max(7),
  /** Width by height of the screen, so that the whole fits it. */
  aspect: z.number().min(0.3).max(6),
  /** With observed traffic laid over it. */
  observed: z.boolean(),
  hidden: z.boolean(),
  request: z.number().int(),
};
const session = z.string().min(1).max(64);

export const topology = slice('topology', {
  map: stream(z.object({ ...shape, session }), z.object(shape)).of<MapBatch>(),
  /** Fields behind an edge between two nodes of an open map; at most 50. */
  origins: call(z.object({ session, from: z.string().max(2048), to: z.string().max(2048) })).returns<{
    readonly origins: readonly EdgeOrigin[];
    readonly total: number;
  }>(),
  /** Objects a set stands for, at most 1,000. */
  members: call(z.object({ session, id: z.string().max(2048) })).returns<
    readonly { kind: KindId; namespace: string; name: string; uid: string }[]
  >(),
});
