/**
 * One open map: the model made last, where its nodes stand, and what the reader has. Guarantees that
 * a node that stays keeps its place (see layout), that a batch makes the reader's map this one, and that
 * changed states cost what they change: the map is made anew only where nodes or edges may be others.
 */
import type { KindInfo } from '#shared/contract/cluster';
import type {
  MapBatch,
  MapSaid,
  MapStates,
  MapWhole,
  ObservedState,
  WireNode,
} from '#shared/contract/topology';
import type { RelationEdge, RelationNode } from '#shared/domain/topology/graph';
import { layOut } from '#shared/domain/topology/layout/layout';
import type { Layout } from '#shared/domain/topology/layout/types';
import { makeMap, type MadeMap } from '#shared/domain/topology/map/build';
import type { LiveGraph } from '#shared/domain/topology/map/live-graph';
import { patchMap, type Patched } from '#shared/domain/topology/map/patch';
import type { MapFacts, MapModel, MapNode, MapQuery } from '#shared/domain/topology/map/types';
import type { Observed } from './observed';
import type { MapUpdate } from './service';

/** What a map is made of: a workspace, brought up to date. */
export interface MapSource extends Pick<MapSaid, 'phase' | 'loaded' | 'denied'> {
  readonly live: LiveGraph;
  readonly facts: MapFacts;
  readonly error: MapSaid['error'] | undefined;
}

/** The map that stands, of what it was made, and how much of the changes since it shows. */
interface Standing {
  readonly made: MadeMap;
  readonly query: MapQuery;
  readonly key: string;
  readonly flows: unknown;
  readonly touched: readonly RelationNode[];
  readonly shown: number;
}

export class LiveMap {
  /** What the last map took to make, ms. */
  cost = 0;
  private standing: Standing | undefined;
  private layout: Layout | undefined;
  private layoutKey = '';
  /** While the first lists come in everything still moves: only a whole map is a place to keep. */
  private isSettled = false;
  /** What the reader has, and by id where it is. */
  private sent: WireNode[] = [];
  private said = '';
  private places = new Map<string, number>();
  private readonly resourceOf: (group: string, kind: string) => string;

  constructor(resourceOf: (group: string, kind: string) => string) {
    this.resourceOf = resourceOf;
  }

  /** Another cluster part: nothing of before is a place to keep. */
  reset(): void {
    this.layout = undefined;
  }

  /** Undefined where nothing is other than the reader has it. */
  take(
    source: MapSource,
    update: MapUpdate,
    kind: KindInfo | undefined,
    seen: Observed | undefined,
  ): MapBatch | undefined {
    const began = performance.now();
    const { object, aspect, request, hidden: _hidden, observed: _observed, ...rest } = update;
    const query: MapQuery = {
      ...rest,
      object:
        object && kind
          ? { group: kind.group, kind: kind.kind, namespace: object.namespace, name: object.name }
          : undefined,
    };
    const { live, facts, phase, loaded, denied, error } = source;
    const { touched } = live;
    const key = JSON.stringify([query, aspect]);
    const flows = seen?.flows;
    const patched = this.patch(source, key, flows);
    const made = patched?.made ?? makeMap(live.graph, query, facts, flows);
    const { model } = made;
    this.standing = { made, query, key, flows, touched, shown: touched.length };
    const map: MapBatch['map'] = patched
      ? { type: 'states', ...this.states(model, patched) }
      : { type: 'whole', ...this.whole(model, this.place(model, update)) };
    this.isSettled = phase !== 'reading';
    this.cost = performance.now() - began;
    const said: MapSaid = {
      ...{ phase, loaded, denied, request, tones: model.tones },
      ...(error ? { error } : {}),
      ...(seen ? { observed: observedState(seen, model) } : {}),
    };
    const before = this.said;
    this.said = JSON.stringify(said);
    const isNew = map.type === 'whole' || map.at.length + map.frameAt.length > 0 || this.said !== before;
    return isNew ? { map, ...said } : undefined;
  }

  /** Undefined where the map is to be made anew. */
  private patch({ live, facts }: MapSource, key: string, flows: unknown): Patched | undefined {
    const { standing } = this;
    if (!standing || standing.touched !== live.touched) return undefined;
    if (standing.key !== key || standing.flows !== flows) return undefined;
    return patchMap(standing.made, live.touched.slice(standing.shown), standing.query, facts);
  }

  private place(model: MapModel, { view, groupBy, object, aspect }: MapUpdate): Layout {
    const key = `${view} ${groupBy} ${JSON.stringify(object)}`;
    const before = this.isSettled && key === this.layoutKey ? this.layout : undefined;
    const layout = layOut(
      { nodes: model.nodes.map(toLayout), groups: model.frames, edges: pairs(model), aspect },
      before,
    );
    this.layout = layout;
    this.layoutKey = key;
    return layout;
  }

  edge(
    from: string,
    to: string,
    origins: (model: MapModel, from: number, to: number, query: MapQuery) => readonly RelationEdge[],
  ): readonly RelationEdge[] {
    const a = this.places.get(from);
    const b = this.places.get(to);
    if (!this.standing || a === undefined || b === undefined) return [];
    return origins(this.standing.made.model, a, b, this.standing.query);
  }

  members(id: string): readonly RelationNode[] {
    return this.standing?.made.model.nodes[this.places.get(id) ?? -1]?.members ?? [];
  }

  private whole(model: MapModel, layout: Layout): MapWhole {
    const { sent, places } = this;
    const fresh: WireNode[] = [];
    const keep = new Int32Array(model.nodes.length);
    this.places = new Map();
    this.sent = model.nodes.map((node, at) => {
      this.places.set(node.id, at);
      const before = places.get(node.id);
      const known = before === undefined ? undefined : sent[before];
      if (known && same(known, node)) {
        keep[at] = before!;
        return known;
      }
      keep[at] = -1 - fresh.length;
      const wire = this.toWire(node);
      fresh.push(wire);
      return wire;
    });
    const { frames, edges, terms, total, kinds } = model;
    return {
      ...(sent.length === 0 ? {} : { keep }),
      nodes: fresh,
      places: Float32Array.from(layout.nodes),
      boxes: Float32Array.from(layout.groups),
      ...{ frames, edges, terms, total, kinds, width: layout.width, height: layout.height },
    };
  }

  private states(model: MapModel, patched: Patched): MapStates {
    const changed = patched.nodes.filter((at) => !same(this.sent[at]!, model.nodes[at]!));
    for (const at of changed) this.sent[at] = this.toWire(model.nodes[at]!);
    return {
      at: Int32Array.from(changed),
      nodes: changed.map((at) => this.sent[at]!),
      frameAt: Int32Array.from(patched.frames),
      frames: patched.frames.map((at) => model.frames[at]!),
    };
  }

  private toWire(node: MapNode): WireNode {
    const { id, kind, tag, name, namespace, uid, state, count, tone, words, badge, frame } = node;
    const resource = this.resourceOf(node.group, kind);
    return { id, kind, tag, name, namespace, uid, state, count, tone, words, badge, frame, resource };
  }
}

function observedState({ flows: _flows, ...rest }: Observed, { observed, offMap }: MapModel): ObservedState {
  return { ...rest, drawn: observed, offMap };
}

function toLayout({ id, frame, rank, order }: MapNode): {
  id: string;
  group: number;
  rank: number;
  order: string;
} {
  return { id, group: frame, rank, order };
}

/** Observed edges come and go: nothing moves for them. */
function pairs({ edges, observed }: MapModel): Int32Array {
  const end = edges.length - observed * 4;
  const out = new Int32Array(end / 2);
  for (let i = 0, at = 0; i < end; i += 4) {
    out[at++] = edges[i]!;
    out[at++] = edges[i + 1]!;
  }
  return out;
}

function same(wire: WireNode, node: MapNode): boolean {
  return (
    wire.uid === node.uid &&
    wire.state === node.state &&
    wire.count === node.count &&
    wire.tone === node.tone &&
    wire.words === node.words &&
    wire.badge === node.badge &&
    wire.frame === node.frame
  );
}
