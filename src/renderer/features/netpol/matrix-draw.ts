/** Draws the visible part of the matrix. Marks differ in shape, not in colour alone. */
import type { MatrixBatch } from '#shared/contract/netpol';
import { shortId } from './words';

export const CELL = 20;
export const LEFT = 220;
export const TOP = 150;

export interface Colours {
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly bg: string;
  readonly ok: string;
  readonly warn: string;
  readonly bad: string;
  readonly info: string;
  readonly accent: string;
  readonly hover: string;
}

export function coloursOf(element: HTMLElement): Colours {
  const style = getComputedStyle(element);
  const read = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    text: read('text'),
    muted: read('muted'),
    line: read('line'),
    bg: read('bg'),
    ok: read('ok'),
    warn: read('warn'),
    bad: read('bad'),
    info: read('info'),
    accent: read('accent'),
    hover: read('hover'),
  };
}

export interface At {
  readonly row: number;
  readonly column: number;
}

export interface View {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
  readonly cursor: At | null;
  readonly chosen: At | null;
}

export function drawMatrix(
  canvas: HTMLCanvasElement,
  batch: MatrixBatch,
  view: View,
  colours: Colours,
): void {
  const scale = window.devicePixelRatio || 1;
  const { width, height, left, top, cursor } = view;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext('2d');
  if (!context) return;
  context.scale(scale, scale);
  context.fillStyle = colours.bg;
  context.fillRect(0, 0, width, height);
  const size = batch.workloads.length;
  const firstColumn = Math.floor(left / CELL);
  const lastColumn = Math.min(size - 1, Math.floor((left + width - LEFT) / CELL));
  const firstRow = Math.floor(top / CELL);
  const lastRow = Math.min(size - 1, Math.floor((top + height - TOP) / CELL));
  const x = (column: number): number => LEFT + column * CELL - left;
  const y = (row: number): number => TOP + row * CELL - top;
  const all = batch.conns.indexOf('All');
  context.save();
  context.beginPath();
  context.rect(LEFT, TOP, width - LEFT, height - TOP);
  context.clip();
  if (cursor) {
    context.fillStyle = colours.hover;
    context.fillRect(LEFT, y(cursor.row), width, CELL);
    context.fillRect(x(cursor.column), TOP, CELL, height);
  }
  for (let row = firstRow; row <= lastRow; row += 1) {
    for (let column = firstColumn; column <= lastColumn; column += 1) {
      const conn = batch.cells[row * size + column] ?? 0;
      const uneven = batch.uneven[row * size + column] === 1;
      mark(
        context,
        x(column),
        y(row),
        row === column ? 'self' : conn === 0 ? 'no' : conn === all && !uneven ? 'all' : 'part',
        colours,
      );
    }
  }
  if (view.chosen) {
    context.strokeStyle = colours.accent;
    context.lineWidth = 2;
    context.strokeRect(x(view.chosen.column) + 1, y(view.chosen.row) + 1, CELL - 2, CELL - 2);
  }
  context.restore();
  labels(context, batch, view, colours, { firstRow, lastRow, firstColumn, lastColumn });
}

function mark(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  kind: 'self' | 'no' | 'all' | 'part',
  colours: Colours,
): void {
  const middle = CELL / 2;
  if (kind === 'self') {
    context.fillStyle = colours.line;
    context.fillRect(x + middle - 1, y + middle - 1, 2, 2);
  } else if (kind === 'no') {
    context.strokeStyle = colours.bad;
    context.lineWidth = 1.4;
    context.beginPath();
    context.moveTo(x + middle - 3, y + middle - 3);
    context.lineTo(x + middle + 3, y + middle + 3);
    context.moveTo(x + middle + 3, y + middle - 3);
    context.lineTo(x + middle - 3, y + middle + 3);
    context.stroke();
  } else if (kind === 'all') {
    context.fillStyle = colours.ok;
    context.globalAlpha = 0.75;
    context.fillRect(x + 4, y + 4, CELL - 8, CELL - 8);
    context.globalAlpha = 1;
  } else {
    context.strokeStyle = colours.info;
    context.fillStyle = colours.info;
    context.lineWidth = 1.4;
    context.strokeRect(x + 4.5, y + 4.5, CELL - 9, CELL - 9);
    context.beginPath();
    context.moveTo(x + 4, y + CELL - 4);
    context.lineTo(x + CELL - 4, y + CELL - 4);
    context.lineTo(x + 4, y + 4);
    context.fill();
  }
}

interface Range {
  readonly firstRow: number;
  readonly lastRow: number;
  readonly firstColumn: number;
  readonly lastColumn: number;
}

function labels(
  context: CanvasRenderingContext2D,
  batch: MatrixBatch,
  view: View,
  colours: Colours,
  { firstRow, lastRow, firstColumn, lastColumn }: Range,
): void {
  context.font = "12px 'Inter Variable', system-ui, sans-serif";
  context.textBaseline = 'middle';
  context.save();
  context.beginPath();
  context.rect(0, TOP, LEFT, view.height - TOP);
  context.clip();
  context.textAlign = 'right';
  for (let row = firstRow; row <= lastRow; row += 1) {
    context.fillStyle = view.cursor?.row === row ? colours.text : colours.muted;
    const text = fit(context, shortId(batch.workloads[row]!.id), LEFT - 14);
    context.fillText(text, LEFT - 8, TOP + row * CELL - view.top + CELL / 2);
  }
  context.restore();
  context.save();
  context.beginPath();
  context.rect(LEFT, 0, view.width - LEFT, TOP);
  context.clip();
  context.textAlign = 'left';
  for (let column = firstColumn; column <= lastColumn; column += 1) {
    context.save();
    context.translate(LEFT + column * CELL - view.left + CELL / 2, TOP - 8);
    context.rotate(-Math.PI / 2);
    context.fillStyle = view.cursor?.column === column ? colours.text : colours.muted;
    context.fillText(fit(context, shortId(batch.workloads[column]!.id), TOP - 16), 0, 0);
    context.restore();
  }
  context.restore();
  context.fillStyle = colours.line;
  context.fillRect(0, TOP - 1, view.width, 1);
  context.fillRect(LEFT - 1, 0, 1, view.height);
  context.fillStyle = colours.muted;
  context.textAlign = 'left';
  context.fillText('from ↓   to →', 12, TOP - 14);
}

/** The end of the name tells more than its start: the namespace goes first. */
function fit(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  let cut = text.slice(text.indexOf('/') + 1);
  if (context.measureText(`…/${cut}`).width <= width) return `…/${cut}`;
  while (cut.length > 1 && context.measureText(`…${cut}`).width > width) cut = cut.slice(1);
  return `…${cut}`;
}
