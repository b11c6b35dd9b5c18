/**
 * Draws a scene: far away dots and bundles between frames, then bars, then rows of text, close by
 * cards with words. Guarantees: only what is in sight is drawn; problems stay visible at every zoom.
 * Knows no events and keeps no state but measured names.
 */
import type { Camera, Size } from './camera';
import { drawMark } from './marks';
import type { NameFitter } from './names';
import { paintEdges, paintEdgeWords } from './paint-edges';
import { paintFrames } from './paint-frames';
import type { GraphColors } from './palette';
import { ROW, type GraphTone, type Scene } from './scene';

export interface PaintState {
  readonly scene: Scene;
  /** Where nodes stand at this moment; `scene.places` but while they move. */
  readonly places: Float32Array;
  readonly camera: Camera;
  readonly size: Size;
  readonly ratio: number;
  readonly colors: GraphColors;
  readonly names: NameFitter;
  /** -1: none. */
  readonly selected: number;
  readonly hovered: number;
  /** Offset of an edge; -1: none. */
  readonly hoveredEdge: number;
  readonly path: { readonly nodes: ReadonlySet<number>; readonly edges: ReadonlySet<number> } | undefined;
  readonly matches: ReadonlySet<number> | undefined;
  /** Something moves right now: detail that nobody can read in motion may be left out. */
  readonly moving: boolean;
}

export const FAR = 0.26;
export const TEXT = 0.44;
export const NEAR = 1.35;

const PAD = 9;

export function paint(ctx: CanvasRenderingContext2D, state: PaintState): void {
  const { camera, size, ratio, colors } = state;
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.fillStyle = colors.bg;
  ctx.fillRect(0, 0, size.width, size.height);
  paintFrames(ctx, state);
  const scale = camera.zoom * ratio;
  ctx.setTransform(scale, 0, 0, scale, -camera.x * scale, -camera.y * scale);
  paintEdges(ctx, state);
  const visible = inSight(state);
  if (camera.zoom < FAR) paintDots(ctx, state, visible);
  else paintRows(ctx, state, visible);
  paintEdgeWords(ctx, state);
}

/** Indexes of the nodes on screen. */
function inSight({ places, camera, size }: PaintState): Int32Array {
  const left = camera.x - ROW.width;
  const top = camera.y - ROW.height;
  const right = camera.x + size.width / camera.zoom;
  const bottom = camera.y + size.height / camera.zoom;
  const found = new Int32Array(places.length / 2);
  let count = 0;
  for (let i = 0; i < places.length; i += 2) {
    const x = places[i]!;
    const y = places[i + 1]!;
    if (x > left && x < right && y > top && y < bottom) found[count++] = i / 2;
  }
  return found.subarray(0, count);
}

const CALM: readonly GraphTone[] = ['none', 'done', 'idle', 'ok', 'progress'];

function paintDots(ctx: CanvasRenderingContext2D, state: PaintState, visible: Int32Array): void {
  const { scene, places, colors, camera, path, matches } = state;
  const px = 1 / camera.zoom;
  const width = Math.max(ROW.width * 0.5, 2 * px);
  const height = Math.max(ROW.height * 0.62, 2 * px);
  for (const tone of CALM) {
    ctx.fillStyle = colors.tone[tone];
    ctx.globalAlpha = tone === 'ok' || tone === 'progress' ? 0.75 : 0.45;
    for (const node of visible) {
      if (scene.nodes[node]!.tone !== tone) continue;
      ctx.fillRect(places[node * 2]!, places[node * 2 + 1]! + ROW.height * 0.2, width, height);
    }
  }
  ctx.globalAlpha = 1;
  // Problems last, on top, and never smaller than the eye can find.
  const least = 5 * px;
  for (const tone of ['warn', 'bad'] as const) {
    ctx.fillStyle = colors.tone[tone];
    for (const node of visible) {
      if (scene.nodes[node]!.tone !== tone) continue;
      const x = places[node * 2]!;
      const y = places[node * 2 + 1]! + ROW.height / 2;
      if (least > height) drawMark(ctx, tone, x + width / 2, y, least * 1.4);
      else ctx.fillRect(x, y - height / 2, Math.max(width, least), Math.max(height, least));
    }
  }
  const marked = [
    ...(path?.nodes ?? []),
    ...(matches ?? []),
    ...(state.selected >= 0 ? [state.selected] : []),
  ];
  ctx.strokeStyle = colors.accent;
  ctx.lineWidth = 2 * px;
  for (const node of marked) {
    const x = places[node * 2]!;
    const y = places[node * 2 + 1]!;
    ctx.strokeRect(x - 2 * px, y - 2 * px, width + 4 * px, ROW.height + 4 * px);
  }
}

function paintRows(ctx: CanvasRenderingContext2D, state: PaintState, visible: Int32Array): void {
  const { camera } = state;
  const px = 1 / camera.zoom;
  paintBodies(ctx, state, visible, px);
  const hasText = camera.zoom >= TEXT;
  const near = camera.zoom >= NEAR;
  const { scene, places, colors } = state;
  for (const node of visible) {
    const { tone } = scene.nodes[node]!;
    // Too small for its shape to be seen, a calm state is a speck.
    if (!hasText && tone === 'none') continue;
    ctx.fillStyle = colors.tone[tone];
    const x = places[node * 2]! + PAD + 4;
    if (!hasText && tone === 'ok') {
      ctx.fillRect(x - 4, places[node * 2 + 1]! + ROW.height / 2 - 4, 9, 9);
      continue;
    }
    ctx.strokeStyle = colors.tone[tone];
    const y = places[node * 2 + 1]! + ROW.height / 2;
    drawMark(ctx, tone, x, near ? y - 5 : y, hasText ? 8 : 12);
  }
  if (hasText) paintText(ctx, state, visible, near);
}

function paintBodies(
  ctx: CanvasRenderingContext2D,
  state: PaintState,
  visible: Int32Array,
  px: number,
): void {
  const { scene, places, colors, selected, hovered, path, matches } = state;
  ctx.lineWidth = Math.max(1, px);
  const special: number[] = [];
  // Most rows are alike: one path for all of them.
  ctx.beginPath();
  for (const node of visible) {
    const { tone, state: how } = scene.nodes[node]!;
    const isMarked = node === selected || node === hovered || path?.nodes.has(node) || matches?.has(node);
    if (how !== 'present' || tone === 'bad' || tone === 'warn' || isMarked) special.push(node);
    else ctx.rect(places[node * 2]!, places[node * 2 + 1]!, ROW.width, ROW.height);
  }
  ctx.fillStyle = colors.surface;
  ctx.fill();
  ctx.strokeStyle = colors.line;
  ctx.stroke();
  for (const node of special) {
    const { tone, state: how, count } = scene.nodes[node]!;
    const x = places[node * 2]!;
    const y = places[node * 2 + 1]!;
    const isMarked = node === selected || path?.nodes.has(node) || matches?.has(node);
    if (how === 'set') {
      ctx.strokeStyle = colors.line;
      ctx.fillStyle = colors.surface;
      for (const shift of count > 50 ? [6, 3] : [3]) {
        ctx.fillRect(x + shift, y + shift, ROW.width, ROW.height);
        ctx.strokeRect(x + shift, y + shift, ROW.width, ROW.height);
      }
    }
    ctx.fillStyle =
      node === selected
        ? colors.selected
        : tone === 'bad'
          ? colors.badWash
          : tone === 'warn'
            ? colors.warnWash
            : how === 'present' || how === 'set'
              ? node === hovered
                ? colors.raised
                : colors.surface
              : colors.bg;
    ctx.fillRect(x, y, ROW.width, ROW.height);
    const isGhost = how === 'missing' || how === 'unread';
    if (isGhost) ctx.setLineDash([5, 4]);
    ctx.strokeStyle = isMarked
      ? colors.accent
      : isGhost || tone === 'bad' || tone === 'warn'
        ? colors.tone[tone]
        : node === hovered
          ? colors.muted
          : colors.line;
    if (node === selected) ctx.lineWidth = 2 * Math.max(1, px);
    ctx.strokeRect(x, y, ROW.width, ROW.height);
    if (node === selected) ctx.lineWidth = Math.max(1, px);
    if (isGhost) ctx.setLineDash([]);
  }
}

function paintText(
  ctx: CanvasRenderingContext2D,
  state: PaintState,
  visible: Int32Array,
  near: boolean,
): void {
  const { scene, places, colors, names } = state;
  ctx.textBaseline = 'middle';
  const { zoom } = state.camera;
  // Letters shrink less than the rows they stand in, in steps, so that names are measured rarely.
  const size = stepped(11 / zoom, 12.5, 17.5);
  const small = stepped(9.5 / zoom, 10.5, 14.5);
  const tagWidth = new Map<string, number>();
  ctx.font = `${small}px ${colors.mono}`;
  ctx.fillStyle = colors.muted;
  const middle = near ? ROW.height / 2 - 5 : ROW.height / 2 + 0.5;
  for (const node of visible) {
    const { tag } = scene.nodes[node]!;
    let width = tagWidth.get(tag);
    if (width === undefined) tagWidth.set(tag, (width = ctx.measureText(tag).width));
    ctx.fillText(tag, places[node * 2]! + PAD + 14, places[node * 2 + 1]! + middle);
  }
  ctx.font = `${small + 0.5}px ${colors.font}`;
  ctx.textAlign = 'right';
  const ends = new Float32Array(visible.length);
  visible.forEach((node, i) => {
    const { badge, count, state: how, tone } = scene.nodes[node]!;
    const text = how === 'set' ? `×${count.toLocaleString('en')}` : badge;
    if (text === '') return;
    ctx.fillStyle = tone === 'bad' || tone === 'warn' ? colors.tone[tone] : colors.muted;
    ctx.fillText(text, places[node * 2]! + ROW.width - PAD, places[node * 2 + 1]! + middle);
    ends[i] = ctx.measureText(text).width + 8;
  });
  ctx.textAlign = 'left';
  ctx.font = `${size}px ${colors.font}`;
  visible.forEach((node, i) => {
    const { name, tag, state: how } = scene.nodes[node]!;
    const left = PAD + 14 + (tagWidth.get(tag) ?? 0) + 7;
    const text = names.fit(ctx, name, ROW.width - PAD - left - (ends[i] ?? 0), size);
    ctx.fillStyle = how === 'missing' || how === 'unread' || how === 'virtual' ? colors.muted : colors.text;
    ctx.fillText(text, places[node * 2]! + left, places[node * 2 + 1]! + middle);
  });
  if (!near) return;
  ctx.font = `9px ${colors.font}`;
  for (const node of visible) {
    const { words, tone, state: how } = scene.nodes[node]!;
    const text = words === '' && how === 'missing' ? 'missing' : words;
    if (text === '') continue;
    ctx.fillStyle = tone === 'bad' || tone === 'warn' ? colors.tone[tone] : colors.muted;
    ctx.fillText(clipped(text), places[node * 2]! + PAD + 14, places[node * 2 + 1]! + ROW.height / 2 + 7.5);
  }
}

function stepped(value: number, least: number, most: number): number {
  return Math.round(Math.min(most, Math.max(least, value)) * 2) / 2;
}

function clipped(text: string): string {
  return text.length > 42 ? `${text.slice(0, 41)}…` : text;
}
