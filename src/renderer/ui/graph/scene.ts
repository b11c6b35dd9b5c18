/**
 * What a drawn graph is made of: rows in frames, joined by edges. Plain data and numbers, so that
 * 20,000 nodes are cheap to look through; `makeScene` adds the indexes drawing and walking need.
 */

export type GraphTone = 'ok' | 'progress' | 'warn' | 'bad' | 'idle' | 'done' | 'none';
export type GraphState = 'present' | 'missing' | 'virtual' | 'set' | 'unread';

export interface GraphNode {
  readonly id: string;
  readonly tag: string;
  readonly name: string;
  /** State in words. */
  readonly words: string;
  readonly badge: string;
  readonly count: number;
  readonly tone: GraphTone;
  readonly state: GraphState;
  readonly frame: number;
}

export interface GraphFrame {
  readonly id: string;
  readonly title: string;
  readonly count: number;
  readonly bad: number;
  readonly warn: number;
}

export interface EdgeTerm {
  readonly relation: string;
  /** `hub`: to what everything meets in; `faint`: second class; `guess`: dashed; `invalid`: not honoured; `open` and `closed`: what policies say of it; `seen` and `failing`: measured traffic, without and with errors. */
  readonly look: 'plain' | 'hub' | 'faint' | 'guess' | 'invalid' | 'open' | 'closed' | 'seen' | 'failing';
  readonly label: string;
  /** What a walk along edges takes first. */
  readonly main: boolean;
}

export interface GraphInput {
  readonly nodes: readonly GraphNode[];
  /** Upper left corners: x, y... */
  readonly places: Float32Array;
  readonly frames: readonly GraphFrame[];
  /** x, y, width, height... */
  readonly boxes: Float32Array;
  /** from, to, term, count... */
  readonly edges: Int32Array;
  readonly terms: readonly EdgeTerm[];
  readonly width: number;
  readonly height: number;
}

export interface Scene extends GraphInput {
  readonly at: ReadonlyMap<string, number>;
  /** Edges of node n: `touching[starts[n] .. starts[n + 1]]`, as offsets into `edges`. */
  readonly starts: Int32Array;
  readonly touching: Int32Array;
  /** Between frames, for far away: from frame, to frame, count... */
  readonly bundles: Int32Array;
}

/** Size of a row; the layout that made the places knows the same. */
export const ROW = { width: 208, height: 28 } as const;

export const emptyScene: Scene = makeScene({
  nodes: [],
  places: new Float32Array(),
  frames: [],
  boxes: new Float32Array(),
  edges: new Int32Array(),
  terms: [],
  width: 0,
  height: 0,
});

export function makeScene(input: GraphInput): Scene {
  const { nodes, edges, frames } = input;
  const at = new Map<string, number>();
  nodes.forEach((node, i) => at.set(node.id, i));
  const starts = new Int32Array(nodes.length + 1);
  for (let i = 0; i < edges.length; i += 4) {
    starts[edges[i]! + 1]!++;
    starts[edges[i + 1]! + 1]!++;
  }
  for (let i = 0; i < nodes.length; i++) starts[i + 1]! += starts[i]!;
  const next = starts.slice();
  const touching = new Int32Array(starts[nodes.length]!);
  const between = new Map<number, number>();
  for (let i = 0; i < edges.length; i += 4) {
    const from = edges[i]!;
    const to = edges[i + 1]!;
    touching[next[from]!++] = i;
    touching[next[to]!++] = i;
    const a = nodes[from]!.frame;
    const b = nodes[to]!.frame;
    // To what nearly everything meets in, lines would be a carpet.
    const look = input.terms[edges[i + 2]!]?.look;
    if (a !== b && look !== 'hub' && look !== 'faint') {
      const key = a * frames.length + b;
      between.set(key, (between.get(key) ?? 0) + edges[i + 3]!);
    }
  }
  const bundles = new Int32Array(between.size * 3);
  let put = 0;
  for (const [key, count] of between) {
    bundles[put++] = Math.floor(key / frames.length);
    bundles[put++] = key % frames.length;
    bundles[put++] = count;
  }
  return { ...input, at, starts, touching, bundles };
}

/** Node at a point of the plane; -1 for none. */
export function nodeAt({ places }: Scene, x: number, y: number): number {
  for (let i = 0; i < places.length; i += 2) {
    const left = places[i]!;
    const top = places[i + 1]!;
    if (x >= left && x <= left + ROW.width && y >= top && y <= top + ROW.height) return i / 2;
  }
  return -1;
}

/** Frame at a point of the plane; -1 for none. */
export function frameAt({ boxes }: Scene, x: number, y: number): number {
  for (let i = 0; i < boxes.length; i += 4) {
    if (x < boxes[i]! || y < boxes[i + 1]!) continue;
    if (x <= boxes[i]! + boxes[i + 2]! && y <= boxes[i + 1]! + boxes[i + 3]!) return i / 4;
  }
  return -1;
}

/** Everything reached from a node by following edges on, and by following them back. */
export function pathOf(
  scene: Scene,
  node: number,
): { nodes: ReadonlySet<number>; edges: ReadonlySet<number> } {
  const nodes = new Set<number>([node]);
  const found = new Set<number>();
  for (const end of [0, 1] as const) {
    const seen = new Set<number>([node]);
    let front = [node];
    while (front.length > 0 && nodes.size < 5_000) {
      const next: number[] = [];
      for (const one of front) {
        for (let k = scene.starts[one]!; k < scene.starts[one + 1]!; k++) {
          const edge = scene.touching[k]!;
          if (scene.edges[edge + end] !== one || scene.terms[scene.edges[edge + 2]!]?.look === 'faint')
            continue;
          found.add(edge);
          const other = scene.edges[edge + 1 - end]!;
          if (seen.has(other)) continue;
          seen.add(other);
          nodes.add(other);
          next.push(other);
        }
      }
      front = next;
    }
  }
  return { nodes, edges: found };
}
