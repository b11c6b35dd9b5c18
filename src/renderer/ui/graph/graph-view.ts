/**
 * Owns a canvas: camera, selection, drawing once per frame and only when something changed.
 * Guarantees: nodes that stay are seen to move (120 ms, none with reduced motion); the camera never
 * jumps by itself once a person moved it; listeners and the frame request end with `dispose`.
 */
import { between, fit, lookAt, opening, panBy, reveal, zoomAt, type Camera, type Size } from './camera';
import { curveOf, isNear, type Curve } from './edge-path';
import { NameFitter } from './names';
import { paint } from './paint';
import { readColors, type GraphColors } from './palette';
import { emptyScene, frameAt, nodeAt, pathOf, ROW, type Scene } from './scene';

const MOVE_MS = 120;
/** Frames show no title below this zoom. */
const FRAMES_BELOW = 0.3;
/** Motion counts as such until so long after its last step. */
const REST_MS = 140;

export type Hover =
  | { readonly type: 'node'; readonly node: number; readonly x: number; readonly y: number }
  | { readonly type: 'edge'; readonly edge: number; readonly x: number; readonly y: number }
  /** Far away, where titles are too small to draw. */
  | { readonly type: 'frame'; readonly frame: number; readonly x: number; readonly y: number }
  | undefined;

export class GraphView {
  scene: Scene = emptyScene;
  camera: Camera = { x: 0, y: 0, zoom: 1 };
  size: Size = { width: 0, height: 0 };
  selected = -1;
  matches: ReadonlySet<number> | undefined;
  /** Hears of each drawn frame: the minimap follows. */
  onDrawn: (() => void) | undefined;
  colors: GraphColors;
  private hover: Hover;
  private path: ReturnType<typeof pathOf> | undefined;
  private places: Float32Array = new Float32Array();
  private move: { readonly from: Float32Array; readonly began: number } | undefined;
  private flight: { readonly from: Camera; readonly to: Camera; readonly began: number } | undefined;
  private readonly names = new NameFitter();
  private readonly ctx: CanvasRenderingContext2D;
  private request = 0;
  private lastMotion = 0;
  private rest: ReturnType<typeof setTimeout> | undefined;
  private isMoved = false;
  private ratio = 1;

  constructor(readonly canvas: HTMLCanvasElement) {
    const ctx = canvas.getContext('2d', { alpha: false });
    if (!ctx) throw new Error('no 2D canvas');
    this.ctx = ctx;
    this.colors = readColors(canvas);
  }

  dispose(): void {
    cancelAnimationFrame(this.request);
    clearTimeout(this.rest);
  }

  setTheme(): void {
    this.colors = readColors(this.canvas);
    this.names.clear();
    this.draw();
  }

  resize(size: Size, ratio: number): void {
    if (size.width === this.size.width && size.height === this.size.height && ratio === this.ratio) return;
    this.size = size;
    this.ratio = ratio;
    this.canvas.width = Math.max(1, Math.round(size.width * ratio));
    this.canvas.height = Math.max(1, Math.round(size.height * ratio));
    if (!this.isMoved) this.camera = opening(this.scene, size);
    // A resized canvas is empty: it is filled before the browser shows it.
    this.paintNow();
  }

  /** The next state of the same map, or (`fresh`) another one: that is shown whole. */
  setScene(scene: Scene, fresh: boolean): void {
    const before = this.scene;
    const chosen = before.nodes[this.selected]?.id;
    this.scene = scene;
    this.hover = undefined;
    this.selected = chosen === undefined ? -1 : (scene.at.get(chosen) ?? -1);
    this.path = this.selected >= 0 ? pathOf(scene, this.selected) : undefined;
    this.move = fresh || !motionAllowed() ? undefined : this.moveFrom(before, scene);
    this.places = this.move ? this.move.from.slice() : scene.places;
    if (fresh) this.isMoved = false;
    if (!this.isMoved) this.camera = opening(scene, this.size);
    this.draw();
  }

  select(node: number): void {
    this.selected = node;
    this.path = node >= 0 ? pathOf(this.scene, node) : undefined;
    this.draw();
  }

  setMatches(matches: ReadonlySet<number> | undefined): void {
    this.matches = matches;
    this.draw();
  }

  get hovered(): Hover {
    return this.hover;
  }

  /** What is under the pointer; undefined answers "nothing". */
  point(sx: number, sy: number): Hover {
    const { x, y } = this.toPlane(sx, sy);
    const node = nodeAt(this.scene, x, y);
    const edge = node < 0 && this.camera.zoom >= 0.3 ? this.edgeAt(x, y) : -1;
    const next: Hover =
      node >= 0
        ? { type: 'node', node, x: sx, y: sy }
        : edge >= 0
          ? { type: 'edge', edge, x: sx, y: sy }
          : this.camera.zoom < FRAMES_BELOW
            ? this.frameHover(x, y, sx, sy)
            : undefined;
    if (!sameHover(this.hover, next)) {
      this.hover = next;
      this.draw();
    }
    return next;
  }

  private frameHover(x: number, y: number, sx: number, sy: number): Hover {
    const frame = frameAt(this.scene, x, y);
    return frame < 0 ? undefined : { type: 'frame', frame, x: sx, y: sy };
  }

  unpoint(): void {
    if (!this.hover) return;
    this.hover = undefined;
    this.draw();
  }

  pan(dx: number, dy: number): void {
    this.steer(panBy(this.camera, dx, dy));
  }

  zoom(factor: number, sx = this.size.width / 2, sy = this.size.height / 2): void {
    this.steer(zoomAt(this.camera, factor, sx, sy));
  }

  /** Puts the camera somewhere, as a person's doing. */
  steer(camera: Camera): void {
    this.flight = undefined;
    this.isMoved = true;
    this.camera = camera;
    this.lastMotion = performance.now();
    clearTimeout(this.rest);
    // One more frame with all detail when the motion is over.
    this.rest = setTimeout(() => this.draw(), REST_MS);
    this.draw();
  }

  fitAll(): void {
    this.isMoved = true;
    this.fly(fit(this.scene, this.size));
  }

  /** Brings a node into sight; `centre` puts it in the middle at a size its text can be read. */
  show(node: number, centre: boolean): void {
    const box = this.boxOf(node);
    if (!box) return;
    const to = centre ? lookAt(this.camera, this.size, box) : reveal(this.camera, this.size, box);
    if (to === this.camera) return;
    this.isMoved = true;
    this.fly(to);
  }

  boxOf(node: number): { x: number; y: number; width: number; height: number } | undefined {
    const x = this.scene.places[node * 2];
    const y = this.scene.places[node * 2 + 1];
    return x === undefined || y === undefined ? undefined : { x, y, ...ROW };
  }

  toPlane(sx: number, sy: number): { x: number; y: number } {
    return { x: this.camera.x + sx / this.camera.zoom, y: this.camera.y + sy / this.camera.zoom };
  }

  toScreen(x: number, y: number): { x: number; y: number } {
    return { x: (x - this.camera.x) * this.camera.zoom, y: (y - this.camera.y) * this.camera.zoom };
  }

  draw(): void {
    if (this.request !== 0) return;
    this.request = requestAnimationFrame((now) => {
      this.request = 0;
      this.step(now);
      this.paintNow();
      if (this.move || this.flight) this.draw();
    });
  }

  private paintNow(): void {
    const { scene, places, camera, size, ratio, colors, names, selected, path, matches } = this;
    if (size.width === 0) return;
    paint(this.ctx, {
      scene,
      places,
      camera,
      size,
      ratio,
      colors,
      names,
      selected,
      path,
      matches,
      hovered: this.hover?.type === 'node' ? this.hover.node : -1,
      hoveredEdge: this.hover?.type === 'edge' ? this.hover.edge : -1,
      moving: performance.now() - this.lastMotion < REST_MS,
    });
    this.onDrawn?.();
  }

  private step(now: number): void {
    if (this.move) {
      const t = ease((now - this.move.began) / MOVE_MS);
      const { from } = this.move;
      const to = this.scene.places;
      if (t >= 1) {
        this.places = to;
        this.move = undefined;
      } else for (let i = 0; i < to.length; i++) this.places[i] = from[i]! + (to[i]! - from[i]!) * t;
    }
    if (this.flight) {
      const t = ease((now - this.flight.began) / (MOVE_MS * 2));
      this.camera = t >= 1 ? this.flight.to : between(this.flight.from, this.flight.to, t);
      if (t >= 1) this.flight = undefined;
    }
  }

  private fly(to: Camera): void {
    if (!motionAllowed()) {
      this.camera = to;
      this.flight = undefined;
    } else this.flight = { from: this.camera, to, began: performance.now() };
    this.draw();
  }

  private moveFrom(before: Scene, after: Scene): GraphView['move'] {
    const from = after.places.slice();
    let any = false;
    after.nodes.forEach((node, i) => {
      const at = before.at.get(node.id);
      if (at === undefined) return;
      const x = before.places[at * 2]!;
      const y = before.places[at * 2 + 1]!;
      if (x === from[i * 2] && y === from[i * 2 + 1]) return;
      from[i * 2] = x;
      from[i * 2 + 1] = y;
      any = true;
    });
    return any ? { from, began: performance.now() } : undefined;
  }

  private edgeAt(x: number, y: number): number {
    const { edges } = this.scene;
    const { places } = this;
    const reach = 5 / this.camera.zoom;
    const curve: Curve = [0, 0, 0, 0, 0, 0, 0, 0];
    for (let i = 0; i < edges.length; i += 4) {
      const a = edges[i]! * 2;
      const b = edges[i + 1]! * 2;
      const ay = places[a + 1]!;
      const by = places[b + 1]!;
      if (y < Math.min(ay, by) - reach || y > Math.max(ay, by) + ROW.height + reach) continue;
      curveOf(places[a]!, ay, places[b]!, by, curve);
      if (isNear(curve, x, y, reach)) return i;
    }
    return -1;
  }
}

function ease(t: number): number {
  return t >= 1 ? 1 : 1 - (1 - t) ** 3;
}

function sameHover(a: Hover, b: Hover): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (a.type === 'node') return b.type === 'node' && a.node === b.node;
  if (a.type === 'frame') return b.type === 'frame' && a.frame === b.frame;
  return b.type === 'edge' && a.edge === b.edge;
}

function motionAllowed(): boolean {
  return !window.matchMedia('(prefers-reduced-motion: reduce)').matches;
}
