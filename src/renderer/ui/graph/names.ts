/** Names cut in the middle to a width in pixels; each is measured once per width. */

const KEEP = 6_000;

export class NameFitter {
  private readonly cut = new Map<string, string>();

  /** `ctx.font` must be the one the text is drawn with; `size` tells it from others. */
  fit(ctx: CanvasRenderingContext2D, text: string, width: number, size: number): string {
    const key = `${size} ${Math.round(width)} ${text}`;
    let cut = this.cut.get(key);
    if (cut === undefined) {
      if (this.cut.size > KEEP) this.cut.clear();
      this.cut.set(key, (cut = shorten(ctx, text, width)));
    }
    return cut;
  }

  clear(): void {
    this.cut.clear();
  }
}

function shorten(ctx: CanvasRenderingContext2D, text: string, width: number): string {
  const short = text.length > 120 ? `${text.slice(0, 80)}${text.slice(-40)}` : text;
  if (ctx.measureText(short).width <= width && short === text) return text;
  // The end tells siblings apart: it is kept.
  const tail = Math.min(9, Math.floor(short.length / 3));
  let low = 1;
  let high = short.length - tail;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const wide = ctx.measureText(`${short.slice(0, middle)}…${short.slice(-tail)}`).width;
    if (wide <= width) low = middle;
    else high = middle - 1;
  }
  return `${short.slice(0, low)}…${tail > 0 ? short.slice(-tail) : ''}`;
}
