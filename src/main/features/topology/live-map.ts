/**
 * One open map: the model made last, where its nodes stand, and what the reader has. Guarantees that
 * a node that stays keeps its place (see layout), and that a batch makes the reader's list this one.
 */
import type { KindInfo } from '#shared/contract/cluster';
import type { MapBatch, ObservedState, WireNode } from '#shared/contract/topology';
import type { RelationEdge, RelationNode } from '#shared/domain/topology/graph';
import { layOut } from '#shared/domain/topology/layout/layout';
import type { Layout } from '#shared/domain/topology/layout/types';
import { buildMap } from '#shared/domain/topology/map/build';
import type { MapModel, MapNode, MapQuery } from '#shared/domain/topology/map/types';
import type { Observed } from './observed';
import type { MapUpdate } from './service';
import type { Workspace } from './workspace';

export class LiveMap {
  /** What the last map took to make, ms. */
  cost = 0;
  private model: MapModel | undefined;
  private query: MapQuery | undefined;
  private layout: Layout | undefined;
  private layoutKey = '';
  private sent = new Map<string, { readonly at: number; readonly node: WireNode }>();
  private places = new Map<string, number>();
  private readonly resourceOf: (group: string, kind: string) => string;

  constructor(resourceOf: (group: string, kind: string) => string) {
    this.resourceOf = resourceOf;
  }

  /** Another cluster part: nothing of before is a place to keep. */
  reset(): void {
    this.layout = undefined;
  }

  take(
    workspace: Workspace,
    update: MapUpdate,
    kind: KindInfo | undefined,
    seen: Observed | undefined,
  ): MapBatch {
    const began = performance.now();
    const { object, aspect, request, hidden: _hidden, observed: _observed, ...rest } = update;
    const query: MapQuery = {
      ...rest,
      object:
        object && kind
          ? { group: kind.group, kind: kind.kind, namespace: object.namespace, name: object.name }
          : undefined,
    };
    const model = buildMap(workspace.graph, query, workspace.facts, seen?.flows);
    this.model = model;
    this.query = query;
    this.places = new Map(model.nodes.map((node, at) => [node.id, at]));
    const key = `${query.view} ${query.groupBy} ${JSON.stringify(object)}`;
    // While the first lists come in everything still moves: only a whole map is a place to keep.
    const before = key === this.layoutKey ? this.layout : undefined;
    const layout = layOut(
      { nodes: model.nodes.map(toLayout), groups: model.frames, edges: pairs(model), aspect },
      before,
    );
    const { phase } = workspace;
    this.layout = phase === 'reading' ? undefined : layout;
    this.layoutKey = key;
    const batch = this.batch(model, layout);
    this.cost = performance.now() - began;
    const { error, loaded } = workspace;
    return {
      ...batch,
      phase,
      loaded,
      request,
      denied: workspace.denied,
      ...(error ? { error } : {}),
      ...(seen ? { observed: observedState(seen, model) } : {}),
    };
  }

  edge(
    from: string,
    to: string,
    origins: (model: MapModel, from: number, to: number, query: MapQuery) => readonly RelationEdge[],
  ): readonly RelationEdge[] {
    const a = this.places.get(from);
    const b = this.places.get(to);
    if (!this.model || !this.query || a === undefined || b === undefined) return [];
    return origins(this.model, a, b, this.query);
  }

  members(id: string): readonly RelationNode[] {
    return this.model?.nodes[this.places.get(id) ?? -1]?.members ?? [];
  }

  private batch(
    model: MapModel,
    layout: Layout,
  ): Omit<MapBatch, 'phase' | 'loaded' | 'request' | 'denied' | 'error' | 'observed'> {
    const fresh: WireNode[] = [];
    const keep = new Int32Array(model.nodes.length);
    const sent = new Map<string, { readonly at: number; readonly node: WireNode }>();
    model.nodes.forEach((node, at) => {
      const known = this.sent.get(node.id);
      if (known && same(known.node, node)) {
        keep[at] = known.at;
        sent.set(node.id, { at, node: known.node });
        return;
      }
      const wire = toWire(node, this.resourceOf(node.group, node.kind));
      keep[at] = -1 - fresh.length;
      fresh.push(wire);
      sent.set(node.id, { at, node: wire });
    });
    const first = this.sent.size === 0;
    this.sent = sent;
    return {
      ...(first ? {} : { keep }),
      nodes: fresh,
      places: Float32Array.from(layout.nodes),
      boxes: Float32Array.from(layout.groups),
      frames: model.frames,
      edges: model.edges,
      terms: model.terms,
      width: layout.width,
      height: layout.height,
      total: model.total,
      kinds: model.kinds,
      tones: model.tones,
    };
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

function toWire(node: MapNode, resource: string): WireNode {
  const { id, kind, tag, name, namespace, uid, state, count, tone, words, badge, frame } = node;
  return { id, kind, tag, name, namespace, uid, state, count, tone, words, badge, frame, resource };
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
