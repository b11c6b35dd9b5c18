/** What a map is put together from: each object with its state and frame, and the frames counted. */
import type { RelationNode } from '../graph';
import type { Frame } from './frames';
import type { NodeHealth } from './health';
import { INTERNET } from './internet';
import type { MapFrame, MapNode } from './types';

export interface Item {
  readonly node: RelationNode;
  /** The only thing of it that changes while a map stands. */
  health: NodeHealth;
  readonly frame: Frame;
  readonly rank: number;
  /** Indexes of the nodes that tell its state; none where it does not pass the filter. */
  rows: readonly number[];
}

/** Makes a node from the present state of what it stands for: all else of it stays. */
export type MakeNode = () => MapNode;

export interface Assembled {
  readonly makers: readonly MakeNode[];
  readonly frames: readonly MapFrame[];
  /** Nodes that tell the state of an object that is no item. */
  readonly also: ReadonlyMap<RelationNode, number>;
  /** Where an object is drawn; several share an index where they are drawn as one. */
  readonly indexOf: ReadonlyMap<RelationNode, number>;
}

export interface Frames {
  readonly list: readonly MapFrame[];
  /** By id of the frame: its index in `list`. */
  readonly at: ReadonlyMap<string, number>;
}

export const NO_ROWS: readonly number[] = [];

type Counted = Frame & { count: number; bad: number; warn: number };

/** Frames in their order, with what is in them; `empty` ones are added where nothing is in them. */
export function framesOf(items: readonly Item[], empty: readonly Frame[] = []): Frames {
  const frames = new Map<string, Counted>();
  // Many in a row are in the same one.
  let last: Frame | undefined;
  let found: Counted | undefined;
  const known = (frame: Frame): Counted => {
    if (found && frame === last) return found;
    last = frame;
    found = frames.get(frame.id);
    if (!found) frames.set(frame.id, (found = { ...frame, count: 0, bad: 0, warn: 0 }));
    return found;
  };
  for (const { node, frame, health } of items) {
    const of = known(frame);
    // The outside is no object to be counted.
    if (node !== INTERNET) of.count++;
    if (health.tone === 'bad') of.bad++;
    else if (health.tone === 'warn') of.warn++;
  }
  empty.forEach(known);
  const ordered = [...frames.values()].sort(
    (a, b) => a.place - b.place || compare(a.title, b.title) || compare(a.id, b.id),
  );
  return {
    list: ordered.map(({ id, title, count, bad, warn }) => ({ id, title, count, bad, warn })),
    at: new Map(ordered.map(({ id }, at) => [id, at])),
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
