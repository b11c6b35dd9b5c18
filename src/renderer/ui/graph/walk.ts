/** Walking with the arrow keys: left and right along edges, up and down within what stands there. */
import type { Scene } from './scene';

export type Direction = 'left' | 'right' | 'up' | 'down';

/** Where the last step along an edge began: up and down then go through what else it leads to. */
export interface Via {
  readonly node: number;
  readonly forward: boolean;
}

export interface Step {
  /** -1 where the way ends. */
  readonly node: number;
  readonly via: Via | undefined;
}

/** The next node. From -1 it starts at the first node by place. */
export function walk(scene: Scene, from: number, direction: Direction, via?: Via): Step {
  if (scene.nodes.length === 0) return { node: -1, via: undefined };
  if (from < 0) return { node: first(scene), via: undefined };
  if (direction === 'left' || direction === 'right') {
    const forward = direction === 'right';
    return { node: alongEdge(scene, from, forward), via: { node: from, forward } };
  }
  const down = direction === 'down';
  const sibling = via ? beside(scene, from, via, down) : -1;
  return sibling >= 0 ? { node: sibling, via } : { node: inColumn(scene, from, down), via: undefined };
}

/** The next one by place among all that the edges of `via` lead to. */
function beside(scene: Scene, from: number, via: Via, down: boolean): number {
  const { places } = scene;
  const others = [...neighbours(scene, via.node, via.forward)].sort(
    (a, b) => places[a * 2 + 1]! - places[b * 2 + 1]! || places[a * 2]! - places[b * 2]!,
  );
  const at = others.indexOf(from);
  return at < 0 ? -1 : (others[at + (down ? 1 : -1)] ?? -1);
}

function neighbours({ edges, starts, touching }: Scene, of: number, forward: boolean): ReadonlySet<number> {
  const found = new Set<number>();
  const end = forward ? 0 : 1;
  for (let k = starts[of]!; k < starts[of + 1]!; k++) {
    const edge = touching[k]!;
    if (edges[edge + end] === of) found.add(edges[edge + 1 - end]!);
  }
  return found;
}

function first({ places }: Scene): number {
  let best = 0;
  for (let i = 1; i < places.length / 2; i++) {
    const dy = places[i * 2 + 1]! - places[best * 2 + 1]!;
    if (dy < 0 || (dy === 0 && places[i * 2]! < places[best * 2]!)) best = i;
  }
  return best;
}

/** Of those an edge leads to (or comes from): main edges first, then the nearest in height. */
function alongEdge(scene: Scene, from: number, forward: boolean): number {
  const { edges, starts, touching, places, terms } = scene;
  let best = -1;
  let least = Infinity;
  for (let k = starts[from]!; k < starts[from + 1]!; k++) {
    const edge = touching[k]!;
    const end = forward ? 0 : 1;
    if (edges[edge + end] !== from) continue;
    const other = edges[edge + 1 - end]!;
    const term = terms[edges[edge + 2]!];
    const faint = (term?.look === 'faint' ? 1e7 : 0) + (term?.main ? 0 : 1e6);
    const far = scene.nodes[other]!.frame === scene.nodes[from]!.frame ? 0 : 1e5;
    const cost =
      faint +
      far +
      Math.abs(places[other * 2 + 1]! - places[from * 2 + 1]!) +
      Math.abs(places[other * 2]! - places[from * 2]!) / 100;
    if (cost < least) {
      least = cost;
      best = other;
    }
  }
  return best;
}

/** The next one above or below, the same column before others. */
function inColumn({ places }: Scene, from: number, down: boolean): number {
  const x = places[from * 2]!;
  const y = places[from * 2 + 1]!;
  let best = -1;
  let least = Infinity;
  for (let i = 0; i < places.length / 2; i++) {
    const dy = (places[i * 2 + 1]! - y) * (down ? 1 : -1);
    if (dy <= 0) continue;
    const cost = dy + Math.abs(places[i * 2]! - x) * 4;
    if (cost < least) {
      least = cost;
      best = i;
    }
  }
  return best;
}
