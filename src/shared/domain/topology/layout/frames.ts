/**
 * Places frames in shelves from left to right, in the order given; a low frame goes under the one
 * before it while the shelf has room there. Frames never overlap. Frames that keep their size keep
 * their place as long as every frame still fits in the place set aside for it.
 */
import { FRAME } from './types';

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export function placeFrames(boxes: readonly Box[], aspect: number): void {
  let area = 0;
  let widest = 0;
  for (const { width, height } of boxes) {
    area += (width + FRAME.gap) * (height + FRAME.gap);
    widest = Math.max(widest, width);
  }
  const limit = Math.max(widest, Math.sqrt(area * aspect));
  let shelfTop = 0;
  let shelfHeight = 0;
  /** The stack frames are put on: its left edge, its width and where it ends. */
  let left = 0;
  let stackWidth = 0;
  let stackEnd = 0;
  for (const box of boxes) {
    const under = stackWidth >= box.width && stackEnd + FRAME.gap + box.height <= shelfTop + shelfHeight;
    if (under) {
      box.x = left;
      box.y = stackEnd + FRAME.gap;
      stackEnd = box.y + box.height;
      continue;
    }
    const next = stackWidth === 0 ? 0 : left + stackWidth + FRAME.gap;
    if (next > 0 && next + box.width > limit) {
      shelfTop += shelfHeight + FRAME.gap;
      shelfHeight = 0;
      left = 0;
    } else left = next;
    box.x = left;
    box.y = shelfTop;
    stackWidth = box.width;
    stackEnd = box.y + box.height;
    shelfHeight = Math.max(shelfHeight, box.height);
  }
}

/** Puts new frames below everything that stands, as a block of their own. */
export function appendFrames(standing: readonly Box[], fresh: readonly Box[], aspect: number): void {
  if (fresh.length === 0) return;
  let bottom = 0;
  for (const box of standing) bottom = Math.max(bottom, box.y + box.height);
  placeFrames(fresh, aspect);
  const shift = standing.length === 0 ? 0 : bottom + FRAME.gap;
  for (const box of fresh) box.y += shift;
}
