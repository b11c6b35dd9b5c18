/** What a map of related objects is asked for, and what it is made of: plain data, ready to be placed and drawn. */
import type { RelationNode } from '../graph';
import type { Flow } from '../observed/types';

export type MapView =
  'overview' | 'apps' | 'object' | 'traffic' | 'placement' | 'storage' | 'access' | 'dependants';
export type GroupBy = 'app' | 'owner' | 'namespace' | 'node' | 'zone';
/** The tones of status cells; `none`: a kind without state. */
export type MapTone = 'ok' | 'progress' | 'warn' | 'bad' | 'idle' | 'done' | 'none';

export interface ObjectName {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export interface MapQuery {
  readonly view: MapView;
  /** Empty: all. */
  readonly namespaces: readonly string[];
  /** Needed by `object` and `dependants`. */
  readonly object?: ObjectName | undefined;
  /** Steps from the object, 1 and more. */
  readonly depth: number;
  readonly groupBy: GroupBy;
  /** Ids of sets that are shown one by one. */
  readonly expanded: readonly string[];
  readonly expandAll: boolean;
  /** Part of a name, kind or `key=value` label, in any case. */
  readonly text: string;
  /** `Kind.group`; empty: all. */
  readonly kinds: readonly string[];
  /** Empty: all. */
  readonly tones: readonly MapTone[];
}

export interface Health {
  readonly tone: MapTone;
  readonly text: string;
}

/** What the map cannot know of itself. */
export interface MapFacts {
  tag(group: string, kind: string): string;
  /** Of an object that is there; undefined where its kind has no state. */
  health(node: RelationNode): Health | undefined;
  /** `2/3`, ports: a few characters beside the name; '' for nothing. */
  badge(node: RelationNode): string;
  /** `read`: what is not there is missing. `denied`: may not be read. `unread`: was not asked for. */
  known(group: string, kind: string, namespace: string): 'read' | 'denied' | 'unread';
}

/** `set`: many objects of one kind and owner. `unread`: something points to it, and it may not be read. */
export type MapNodeState = 'present' | 'missing' | 'virtual' | 'set' | 'unread';

export interface MapNode {
  readonly id: string;
  readonly group: string;
  readonly kind: string;
  readonly tag: string;
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly state: MapNodeState;
  /** Objects it stands for. */
  readonly count: number;
  readonly tone: MapTone;
  /** State in words; '' where there is none to tell. */
  readonly words: string;
  readonly badge: string;
  readonly rank: number;
  readonly order: string;
  /** Index into `frames`. */
  readonly frame: number;
  readonly members: readonly RelationNode[];
}

export interface MapFrame {
  readonly id: string;
  readonly title: string;
  /** Objects inside, those of sets counted. */
  readonly count: number;
  readonly bad: number;
  readonly warn: number;
}

/** Traffic along an edge, as it was measured. */
export type MapFlow = Omit<Flow, 'from' | 'to'>;

/** What edges share; edges name it by index. */
export interface MapTerm {
  readonly relation: string;
  /** Not told by a known field, only guessed from its name. */
  readonly inferred: boolean;
  readonly weak: boolean;
  readonly optional: boolean;
  /** Why the server does not honour it; '' where it does. */
  readonly invalid: string;
  readonly port: string;
  /** Only of observed edges, each of which has a term of its own. */
  readonly flow?: MapFlow;
}

export interface MapModel {
  readonly nodes: readonly MapNode[];
  readonly frames: readonly MapFrame[];
  /** from, to (indexes into `nodes`), term, how many: four numbers an edge. */
  readonly edges: Int32Array;
  readonly terms: readonly MapTerm[];
  /** Observed edges, the last of `edges`; and flows with an end that is not on the map. */
  readonly observed: number;
  readonly offMap: number;
  /** Objects before the filter. */
  readonly total: number;
  /** Kinds before the filter, with their number. */
  readonly kinds: readonly { readonly id: string; readonly tag: string; readonly count: number }[];
  readonly tones: Readonly<Partial<Record<MapTone, number>>>;
  /** Kinds that edges lead to and that may not be read. */
  readonly denied: readonly string[];
}
