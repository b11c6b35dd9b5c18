/** Which part of the plane is on screen. Pure sums; screen pixels are CSS pixels. */

export interface Camera {
  /** Point of the plane at the upper left corner. */
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const MIN_ZOOM = 0.01;
export const MAX_ZOOM = 3;

export function clampZoom(zoom: number): number {
  return Math.min(MAX_ZOOM, Math.max(MIN_ZOOM, zoom));
}

/** Zooms so that the point under (sx, sy) stays there. */
export function zoomAt(camera: Camera, factor: number, sx: number, sy: number): Camera {
  const zoom = clampZoom(camera.zoom * factor);
  return {
    zoom,
    x: camera.x + sx / camera.zoom - sx / zoom,
    y: camera.y + sy / camera.zoom - sy / zoom,
  };
}

export function panBy(camera: Camera, dx: number, dy: number): Camera {
  return { ...camera, x: camera.x + dx / camera.zoom, y: camera.y + dy / camera.zoom };
}

/** All of it in sight, never larger than life. */
export function fit(content: Size, screen: Size, pad = 24): Camera {
  if (content.width <= 0 || content.height <= 0) return { x: 0, y: 0, zoom: 1 };
  const zoom = clampZoom(
    Math.min(1, (screen.width - 2 * pad) / content.width, (screen.height - 2 * pad) / content.height),
  );
  // What is lower than the screen starts at its top: people read from there.
  return {
    zoom,
    x: -(screen.width / zoom - content.width) / 2,
    y: -Math.min((screen.height / zoom - content.height) / 2, pad / zoom),
  };
}

/** Rows smaller than this are shown as bars; a map that nearly fits is opened where its text can be read. */
const READABLE = 0.62;
const NEARLY = 0.3;

/** How a map is opened: whole, or its upper left part where whole would be only just too small to read. */
export function opening(content: Size, screen: Size): Camera {
  const whole = fit(content, screen);
  if (whole.zoom >= READABLE || whole.zoom < NEARLY) return whole;
  const pad = 24 / READABLE;
  const spare = screen.width / READABLE - content.width;
  return { zoom: READABLE, x: spare > 0 ? -spare / 2 : -pad, y: -pad };
}

/** The box in the middle, at a size its text can be read. */
export function lookAt(
  camera: Camera,
  screen: Size,
  box: { x: number; y: number; width: number; height: number },
  least = 0.8,
): Camera {
  const zoom = Math.max(camera.zoom, least);
  return {
    zoom,
    x: box.x + box.width / 2 - screen.width / zoom / 2,
    y: box.y + box.height / 2 - screen.height / zoom / 2,
  };
}

/** The nearest camera that shows the box with some room around it. */
export function reveal(
  camera: Camera,
  screen: Size,
  box: { x: number; y: number; width: number; height: number },
  room = 24,
): Camera {
  const pad = room / camera.zoom;
  const width = screen.width / camera.zoom;
  const height = screen.height / camera.zoom;
  let { x, y } = camera;
  if (box.x - pad < x) x = box.x - pad;
  else if (box.x + box.width + pad > x + width) x = box.x + box.width + pad - width;
  if (box.y - pad < y) y = box.y - pad;
  else if (box.y + box.height + pad > y + height) y = box.y + box.height + pad - height;
  return x === camera.x && y === camera.y ? camera : { ...camera, x, y };
}

export function between(a: Camera, b: Camera, t: number): Camera {
  // Zoom moves by its logarithm: the eye sees even steps.
  const zoom = a.zoom * (b.zoom / a.zoom) ** t;
  return { zoom, x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t };
}
