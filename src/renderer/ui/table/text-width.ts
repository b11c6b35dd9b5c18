/**
 * Widths of single characters in the table's two fonts, measured once each. Sums of them are
 * the width of a text but for kerning, which is exact enough to say where a text is cut.
 * Without a canvas (tests) every character has the same width.
 */

const PLAIN = 7;
const cache = new Map<string, number>();
let brush: CanvasRenderingContext2D | null | undefined;
let fonts: Readonly<Record<'plain' | 'mono', string>> | undefined;

function prepare(): CanvasRenderingContext2D | null {
  if (brush !== undefined) return brush;
  // jsdom has the element but says "not implemented" aloud for its context.
  brush =
    typeof CanvasRenderingContext2D === 'function' ? document.createElement('canvas').getContext('2d') : null;
  const style = getComputedStyle(document.documentElement);
  const body = getComputedStyle(document.body).fontFamily;
  fonts = { plain: `13px ${body}`, mono: `12px ${style.getPropertyValue('--mono') || 'monospace'}` };
  // Measured before the bundled fonts were there: measure again.
  if (typeof document.fonts?.addEventListener === 'function') {
    document.fonts.addEventListener('loadingdone', () => cache.clear());
  }
  return brush;
}

/** Width of one character, px. */
export function charWidth(char: string, font: 'plain' | 'mono'): number {
  const key = font + char;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const canvas = prepare();
  if (canvas && fonts) canvas.font = fonts[font];
  const width = canvas ? canvas.measureText(char).width : PLAIN;
  cache.set(key, width);
  return width;
}

export type Measure = (char: string) => number;

/** How many UTF-16 units of the text fit into the room, px; never half a character. */
export function fitting(text: string, room: number, measure: Measure): number {
  let left = room;
  let units = 0;
  for (const char of text) {
    left -= measure(char);
    if (left < 0) break;
    units += char.length;
  }
  return units;
}

export function widthOf(text: string, measure: Measure): number {
  let sum = 0;
  for (const char of text) sum += measure(char);
  return sum;
}
