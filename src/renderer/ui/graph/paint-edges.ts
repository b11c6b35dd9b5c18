/** Edges: one stroke per look, bundles between frames when far away, the chosen path in the accent. */
import { curveOf, pointOn, type Curve } from './edge-path';
import type { PaintState } from './paint';
import type { GraphColors } from './palette';
import { ROW, type EdgeTerm, type Scene } from './scene';

const FAR = 0.26;
const LABELS = 0.9;
const RATES = 0.5;
/** Edges of a large map. */
const BIG = 2_500;
const DASH: Readonly<Record<EdgeTerm['look'], readonly number[]>> = {
  plain: [],
  hub: [],
  faint: [2, 4],
  guess: [6, 4],
  invalid: [2, 3],
  open: [],
  closed: [2, 4],
  seen: [],
  failing: [],
};

const LOOKS = ['hub', 'faint', 'guess', 'plain', 'open', 'closed', 'invalid', 'seen', 'failing'] as const;
const MOST_HUBS = 60;
const hubs = new WeakMap<Scene, number>();

function hubsOf(scene: Scene): number {
  let count = hubs.get(scene);
  if (count === undefined) {
    count = 0;
    for (let i = 0; i < scene.edges.length; i += 4)
      if (scene.terms[scene.edges[i + 2]!]?.look === 'hub') count++;
    hubs.set(scene, count);
  }
  return count;
}

export function paintEdges(ctx: CanvasRenderingContext2D, state: PaintState): void {
  if (state.camera.zoom < FAR) paintBundles(ctx, state);
  else paintAll(ctx, state);
  paintPath(ctx, state);
}

/** Above the rows: a rate that runs over one is read all the same. */
export function paintEdgeWords(ctx: CanvasRenderingContext2D, state: PaintState): void {
  if (state.scene.terms.some(({ look }) => isMeasured(look))) paintRates(ctx, state);
}

function paintAll(ctx: CanvasRenderingContext2D, state: PaintState): void {
  const { scene, places, camera, size, colors, moving } = state;
  const { edges, terms } = scene;
  const left = camera.x;
  const top = camera.y;
  const right = left + size.width / camera.zoom;
  const bottom = top + size.height / camera.zoom;
  const px = 1 / camera.zoom;
  const curve: Curve = [0, 0, 0, 0, 0, 0, 0, 0];
  // Of a large map only edges are drawn that begin or end in sight, and none to what all are joined to:
  // thousands that merely pass through say nothing.
  const isBig = edges.length > BIG * 4;
  const isIn = (x: number, y: number): boolean =>
    x + ROW.width > left && x < right && y + ROW.height > top && y < bottom;
  // What all are joined to says little drawn a hundred times; of the chosen object it is drawn still.
  const hasHubs = isBig || hubsOf(scene) > MOST_HUBS;
  const straight = camera.zoom < 0.42 || (moving && edges.length > 24_000);
  for (const look of LOOKS) {
    if (hasHubs && look === 'hub') continue;
    let any = false;
    ctx.beginPath();
    for (let i = 0; i < edges.length; i += 4) {
      if (terms[edges[i + 2]!]?.look !== look) continue;
      const a = edges[i]! * 2;
      const b = edges[i + 1]! * 2;
      const ax = places[a]!;
      const ay = places[a + 1]!;
      const bx = places[b]!;
      const by = places[b + 1]!;
      if (Math.max(ax, bx) + ROW.width < left || Math.min(ax, bx) - 40 > right) continue;
      if (Math.max(ay, by) + ROW.height < top || Math.min(ay, by) > bottom) continue;
      if (isBig && !isIn(ax, ay) && !isIn(bx, by)) continue;
      curveOf(ax, ay, bx, by, curve);
      ctx.moveTo(curve[0], curve[1]);
      if (straight) ctx.lineTo(curve[6], curve[7]);
      else ctx.bezierCurveTo(curve[2], curve[3], curve[4], curve[5], curve[6], curve[7]);
      any = true;
    }
    if (!any) continue;
    ctx.setLineDash(
      DASH[look].length === 0 || straight ? [] : DASH[look].map((part) => part * Math.max(1, px)),
    );
    ctx.strokeStyle = strokeOf(look, colors);
    ctx.lineWidth = (isMeasured(look) ? 2 : 1) * Math.max(1, px);
    ctx.stroke();
  }
  ctx.setLineDash([]);
}

export function isMeasured(look: EdgeTerm['look'] | undefined): boolean {
  return look === 'seen' || look === 'failing';
}

/** The colour of an edge, on screen and in exported pictures; never the only sign of what it is. */
export function strokeOf(look: EdgeTerm['look'], colors: GraphColors): string {
  switch (look) {
    case 'invalid':
    case 'closed':
    case 'failing':
      return colors.tone.bad;
    case 'open':
      return colors.tone.ok;
    case 'seen':
      return colors.tone.progress;
    case 'plain':
      return colors.edge;
    default:
      return colors.line;
  }
}

/** Rates stand at their edges without anybody pointing: they are what the layer is for. */
function paintRates(ctx: CanvasRenderingContext2D, { scene, places, camera, colors }: PaintState): void {
  if (camera.zoom < RATES) return;
  const curve: Curve = [0, 0, 0, 0, 0, 0, 0, 0];
  const size = Math.min(15, Math.max(10.5, 9.5 / camera.zoom));
  ctx.font = `${size}px ${colors.font}`;
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'center';
  for (let i = 0; i < scene.edges.length; i += 4) {
    const term = scene.terms[scene.edges[i + 2]!];
    if (!term || !isMeasured(term.look)) continue;
    const a = scene.edges[i]! * 2;
    const b = scene.edges[i + 1]! * 2;
    curveOf(places[a]!, places[a + 1]!, places[b]!, places[b + 1]!, curve);
    const [x, y] = pointOn(curve, 0.5);
    const width = ctx.measureText(term.label).width;
    ctx.fillStyle = colors.bg;
    ctx.fillRect(x - width / 2 - 4, y - size * 0.75, width + 8, size * 1.5);
    ctx.fillStyle = strokeOf(term.look, colors);
    ctx.fillText(term.label, x, y + 0.5);
  }
  ctx.textAlign = 'left';
}

/** One line from frame to frame for all edges between them: thicker for more. */
function paintBundles(ctx: CanvasRenderingContext2D, { scene, camera, colors }: PaintState): void {
  const { bundles, boxes } = scene;
  // In a large map these would be a carpet: only the thick ones are drawn.
  const most = 150;
  let least = 0;
  if (bundles.length / 3 > most) {
    const counts = Array.from({ length: bundles.length / 3 }, (_, i) => bundles[i * 3 + 2]!).sort(
      (a, b) => b - a,
    );
    least = counts[most] ?? 0;
  }
  ctx.strokeStyle = colors.line;
  for (let i = 0; i < bundles.length; i += 3) {
    if (bundles[i + 2]! <= least && least > 0) continue;
    const a = bundles[i]! * 4;
    const b = bundles[i + 1]! * 4;
    const x1 = boxes[a]! + boxes[a + 2]! / 2;
    const y1 = boxes[a + 1]! + boxes[a + 3]! / 2;
    const x2 = boxes[b]! + boxes[b + 2]! / 2;
    const y2 = boxes[b + 1]! + boxes[b + 3]! / 2;
    ctx.lineWidth = Math.min(4, 0.6 + Math.log2(bundles[i + 2]!) / 3) / camera.zoom;
    ctx.beginPath();
    ctx.moveTo(x1, y1);
    ctx.bezierCurveTo((x1 + x2) / 2, y1, (x1 + x2) / 2, y2, x2, y2);
    ctx.stroke();
  }
}

function paintPath(ctx: CanvasRenderingContext2D, state: PaintState): void {
  const { scene, places, camera, colors, path, hoveredEdge } = state;
  const drawn = path ? [...path.edges] : [];
  if (hoveredEdge >= 0 && hoveredEdge < scene.edges.length) drawn.push(hoveredEdge);
  if (drawn.length === 0) return;
  const curve: Curve = [0, 0, 0, 0, 0, 0, 0, 0];
  const px = 1 / camera.zoom;
  ctx.strokeStyle = colors.accent;
  ctx.lineWidth = 1.5 * Math.max(0.8, px);
  ctx.beginPath();
  const tips: number[] = [];
  for (const i of drawn) {
    const a = scene.edges[i]! * 2;
    const b = scene.edges[i + 1]! * 2;
    curveOf(places[a]!, places[a + 1]!, places[b]!, places[b + 1]!, curve);
    ctx.moveTo(curve[0], curve[1]);
    ctx.bezierCurveTo(curve[2], curve[3], curve[4], curve[5], curve[6], curve[7]);
    tips.push(curve[6], curve[7], curve[4] <= curve[6] ? 1 : -1);
  }
  ctx.stroke();
  ctx.fillStyle = colors.accent;
  ctx.beginPath();
  const tip = 4 * Math.max(0.8, Math.min(2, px));
  for (let i = 0; i < tips.length; i += 3) {
    const x = tips[i]!;
    const y = tips[i + 1]!;
    const back = tips[i + 2]! * tip * 1.6;
    ctx.moveTo(x, y);
    ctx.lineTo(x - back, y - tip);
    ctx.lineTo(x - back, y + tip);
  }
  ctx.fill();
  if (camera.zoom >= LABELS && drawn.length <= 60) paintLabels(ctx, state, drawn);
}

/** Ports, and what an edge means, beside the edges of the path. */
function paintLabels(ctx: CanvasRenderingContext2D, state: PaintState, drawn: readonly number[]): void {
  const { scene, places, colors } = state;
  const seen = new Set<string>();
  ctx.font = `10px ${colors.font}`;
  ctx.textBaseline = 'middle';
  for (const i of drawn) {
    const term = scene.terms[scene.edges[i + 2]!];
    const a = scene.edges[i]! * 2;
    const b = scene.edges[i + 1]! * 2;
    const ax = places[a]!;
    const bx = places[b]!;
    if (!term || bx < ax + ROW.width + 40) continue;
    // One label per end is enough for a bundle.
    const key = `${b} ${term.label}`;
    if (term.label === '' || isMeasured(term.look) || seen.has(key)) continue;
    seen.add(key);
    const width = ctx.measureText(term.label).width;
    const x = bx - width - 12;
    const y = places[b + 1]! + ROW.height / 2;
    ctx.fillStyle = colors.bg;
    ctx.fillRect(x - 3, y - 7, width + 6, 14);
    ctx.fillStyle = colors.accent;
    ctx.fillText(term.label, x, y + 0.5);
  }
}
