/**
 * A chart as a PNG file: title, lines as they are shown, dots, and a legend with the newest values, on the
 * ground of the theme, at twice the size.
 */
import { paletteOf } from './CanvasPlot';
import { draw, type Palette, type Picture } from './draw';
import { dotPlace, room, summarize, type ChartDot } from './model';

export interface PngPicture extends Picture {
  readonly title: string;
  readonly format: (value: number) => string;
  readonly dots: readonly ChartDot[];
}

const HEAD = 28;
const LINE = 18;
const ZOOM = 2;

/** Size in CSS px of the whole picture. */
export function pngSize({ width, height, series }: Pick<PngPicture, 'width' | 'height' | 'series'>): {
  readonly width: number;
  readonly height: number;
} {
  return { width, height: HEAD + height + 8 + series.length * LINE + 8 };
}

/** The bytes of the file; throws where there is no memory for so large a picture. */
export async function chartPng(element: Element, picture: PngPicture): Promise<Uint8Array> {
  const style = getComputedStyle(element);
  const read = (variable: string): string => style.getPropertyValue(variable).trim();
  const canvas = paint(picture, paletteOf(element), read('--bg'), read('--text'), read('--accent'));
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve));
  if (!blob) throw new Error('the picture is too large');
  return new Uint8Array(await blob.arrayBuffer());
}

function paint(
  picture: PngPicture,
  palette: Palette,
  ground: string,
  text: string,
  accent: string,
): HTMLCanvasElement {
  const { width, height, series, colors, title, format } = picture;
  const size = pngSize(picture);
  // The drawing clears its canvas; it gets one of its own above the ground.
  const [canvas, pen] = blank(size.width, size.height);
  const [lines, linesPen] = blank(width, height);
  pen.fillStyle = ground;
  pen.fillRect(0, 0, size.width, size.height);
  draw(linesPen, picture, palette);
  pen.drawImage(lines, 0, HEAD, width, height);
  drawDots(pen, picture, accent);
  pen.textBaseline = 'middle';
  pen.textAlign = 'left';
  pen.fillStyle = text;
  pen.font = palette.font.replace('11px', '600 13px');
  pen.fillText(fitted(pen, title, width - 24), 12, HEAD / 2);
  pen.font = palette.font;
  series.forEach((one, i) => {
    const y = HEAD + height + 8 + i * LINE + LINE / 2;
    const isLine = one.role === 'series' || one.role === 'earlier';
    pen.fillStyle = isLine
      ? (palette.series[(colors[i] ?? 0) % palette.series.length] ?? palette.muted)
      : one.role === 'limit'
        ? palette.bad
        : palette.muted;
    pen.fillRect(12, y - 4, 8, 8);
    pen.fillStyle = text;
    const value = format(summarize(one.values).last);
    pen.textAlign = 'right';
    pen.fillText(value, width - 12, y);
    pen.textAlign = 'left';
    pen.fillText(fitted(pen, one.title, width - 60 - pen.measureText(value).width), 26, y);
  });
  return canvas;
}

function drawDots(pen: CanvasRenderingContext2D, picture: PngPicture, accent: string): void {
  const { dots, grid, axis, width, height } = picture;
  const [low, high] = [axis.ticks[0] ?? 0, axis.ticks[axis.ticks.length - 1] ?? 1];
  pen.fillStyle = accent;
  for (const dot of dots) {
    const place = dotPlace(dot, grid, low, high);
    if (!place) continue;
    pen.beginPath();
    pen.arc(
      room.left + place.x * (width - room.left - room.right),
      HEAD + room.top + place.y * (height - room.top - room.bottom),
      3.5,
      0,
      2 * Math.PI,
    );
    pen.fill();
  }
}

function blank(width: number, height: number): [HTMLCanvasElement, CanvasRenderingContext2D] {
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * ZOOM);
  canvas.height = Math.round(height * ZOOM);
  const pen = canvas.getContext('2d');
  if (!pen) throw new Error('no 2D canvas');
  pen.setTransform(ZOOM, 0, 0, ZOOM, 0, 0);
  return [canvas, pen];
}

/** The text as far as it fits. */
export function fitted(
  pen: { measureText(text: string): { readonly width: number } },
  text: string,
  width: number,
): string {
  if (pen.measureText(text).width <= width) return text;
  let [least, most] = [0, text.length];
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (pen.measureText(`${text.slice(0, middle)}…`).width <= width) least = middle;
    else most = middle - 1;
  }
  return `${text.slice(0, least)}…`;
}
