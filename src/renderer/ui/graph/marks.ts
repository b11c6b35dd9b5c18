/** State as shape and colour, the same shapes as StatusMark draws, on a canvas. */
import type { GraphTone } from './scene';

/** Adds the mark's outline to the current path or strokes it; `size` is its width. */
export function drawMark(
  ctx: CanvasRenderingContext2D,
  tone: GraphTone,
  cx: number,
  cy: number,
  size: number,
): void {
  const r = size / 2;
  ctx.beginPath();
  switch (tone) {
    case 'ok':
      ctx.arc(cx, cy, r * 0.85, 0, Math.PI * 2);
      ctx.fill();
      return;
    case 'bad':
      ctx.rect(cx - r * 0.82, cy - r * 0.82, r * 1.64, r * 1.64);
      ctx.fill();
      return;
    case 'warn':
      ctx.moveTo(cx, cy - r * 0.9);
      ctx.lineTo(cx + r * 0.95, cy + r * 0.8);
      ctx.lineTo(cx - r * 0.95, cy + r * 0.8);
      ctx.closePath();
      ctx.fill();
      return;
    case 'progress':
      ctx.lineWidth = size / 6;
      ctx.arc(cx, cy, r * 0.78, 0, Math.PI * 2);
      ctx.stroke();
      ctx.beginPath();
      ctx.arc(cx, cy, r * 0.78, -Math.PI / 2, Math.PI / 2);
      ctx.fill();
      return;
    case 'done':
      ctx.lineWidth = size / 5.5;
      ctx.moveTo(cx - r * 0.78, cy + r * 0.08);
      ctx.lineTo(cx - r * 0.25, cy + r * 0.62);
      ctx.lineTo(cx + r * 0.78, cy - r * 0.62);
      ctx.stroke();
      return;
    case 'idle':
      ctx.lineWidth = size / 6;
      ctx.arc(cx, cy, r * 0.78, 0, Math.PI * 2);
      ctx.stroke();
      return;
    case 'none':
      ctx.arc(cx, cy, r * 0.4, 0, Math.PI * 2);
      ctx.fill();
  }
}
