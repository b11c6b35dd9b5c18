/** Frames with their titles, counts and problems; titles keep their size on screen at any zoom. */
import { drawMark } from './marks';
import type { PaintState } from './paint';

/** Frames narrower than this on screen show no title. */
const TITLE_FROM = 56;
const TITLE = 12;
/** Titles smaller than this are not drawn. */
const SMALLEST = 7.5;

export function paintFrames(ctx: CanvasRenderingContext2D, state: PaintState): void {
  const { scene, camera, size, colors } = state;
  const { frames, boxes } = scene;
  const { zoom } = camera;
  ctx.lineWidth = 1;
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  frames.forEach((frame, i) => {
    const x = (boxes[i * 4]! - camera.x) * zoom;
    const y = (boxes[i * 4 + 1]! - camera.y) * zoom;
    const width = boxes[i * 4 + 2]! * zoom;
    const height = boxes[i * 4 + 3]! * zoom;
    if (x > size.width || y > size.height || x + width < 0 || y + height < 0) return;
    const tone = frame.bad > 0 ? 'bad' : frame.warn > 0 ? 'warn' : undefined;
    ctx.strokeStyle = tone && zoom < 0.3 ? colors.tone[tone] : colors.line;
    ctx.strokeRect(Math.round(x) + 0.5, Math.round(y) + 0.5, Math.round(width), Math.round(height));
    // Larger than the band above the rows, the title would lie on them: then the pointer tells it.
    const font = Math.min(TITLE, 27 * zoom);
    if (width < TITLE_FROM || font < SMALLEST) return;
    const left = Math.max(x, 0) + Math.min(12, width / 12);
    const line = y + Math.max(font * 0.75, 16 * zoom);
    const room = x + width - left - 6;
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, y, Math.max(0, room), Math.min(height, 40));
    ctx.clip();
    ctx.font = `600 ${font}px ${colors.font}`;
    ctx.fillStyle = colors.text;
    ctx.fillText(frame.title, left, line);
    let at = left + ctx.measureText(frame.title).width + 8;
    ctx.font = `${Math.min(font, 11.5)}px ${colors.font}`;
    ctx.fillStyle = colors.muted;
    const count = frame.count.toLocaleString('en');
    ctx.fillText(count, at, line);
    at += ctx.measureText(count).width + 10;
    for (const [kind, number] of [
      ['bad', frame.bad],
      ['warn', frame.warn],
    ] as const) {
      if (number === 0) continue;
      ctx.fillStyle = colors.tone[kind];
      drawMark(ctx, kind, at + 4, line, 8);
      const text = number.toLocaleString('en');
      ctx.fillText(text, at + 11, line);
      at += 11 + ctx.measureText(text).width + 8;
    }
    ctx.restore();
  });
}
