/** Walking with the arrow keys: left and right along edges, up and down within what stands there. */
import type { Scene } from './scene';

export type Direction = 'left' | 'right' | 'up' | 'down';

/** The next node; -1 where the way ends. From -1 it starts at the first node by place. */
export function walk(scene: Scene, from: number, direction: Direction): number {
  if (scene.nodes.length === 0) return -1;
  if (from < 0) return first(scene);
  return direction === 'left' || direction === 'right'
    ? alongEdge(scene, from, direction === 'right')
    : inColumn(scene, from, direction === 'down');
}

function first({ places }: Scene): number {
  let best = 0;
  for (let i = 1; i < places.length / 2; i++) {
    const dy = places[i * 2 + 1]! - places[best * 2 + 1]!;
    if (dy < 0 || (dy === 0 && places[i * 2]! < places[best * 2]!)) best = i;
  }
  return best;
}

/** The nearest in height of those an edge leads to (or comes from); strong edges before faint ones. */
function alongEdge(scene: Scene, from: number, forward: boolean): number {
  const { edges, starts, touching, places, terms } = scene;
  let best = -1;
  let least = Infinity;
  for (let k = starts[from]!; k < starts[from + 1]!; k++) {
    const edge = touching[k]!;
    const end = forward ? 0 : 1;
    if (edges[edge + end] !== from) continue;
    const other = edges[edge + 1 - end]!;
    const faint = terms[edges[edge + 2]!]?.look === 'faint' ? 1e6 : 0;
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
