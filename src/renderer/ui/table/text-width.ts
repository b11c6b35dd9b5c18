/**
 * Widths of single characters in the table's two fonts, measured once each. Sums of them are
 * the width of a text but for kerning, which is exact enough to say where a text is cut.
 * Without a canvas (tests) every character has the same width.
 */

const PLAIN = 7;
/** No letter of our fonts is wider, px. */
const WIDEST = 14;
export type Font = 'plain' | 'mono';

/** Of ASCII by code, as most cells hold nothing else; of all others by character. */
const ascii = { plain: new Float64Array(128), mono: new Float64Array(128) } as const;
const others = { plain: new Map<string, number>(), mono: new Map<string, number>() } as const;
let brush: CanvasRenderingContext2D | null | undefined;
let fonts: Readonly<Record<Font, string>> | undefined;

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
    document.fonts.addEventListener('loadingdone', () => {
      for (const font of ['plain', 'mono'] as const) {
        ascii[font].fill(0);
        others[font].clear();
      }
    });
  }
  return brush;
}

/** Width of one character, px. */
export function charWidth(char: string, font: Font): number {
  const code = char.charCodeAt(0);
  const known = code < 128 ? ascii[font][code] : others[font].get(char);
  if (known) return known;
  const canvas = prepare();
  if (canvas && fonts) canvas.font = fonts[font];
  const width = canvas ? canvas.measureText(char).width : PLAIN;
  if (code < 128) ascii[font][code] = width;
  else others[font].set(char, width);
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

const printable = /^[ -~]*$/;

/**
 * Whether the text surely fits into the room, px. Only plain letters are trusted: of others a font may
 * draw more than the sum of their widths.
 */
export function surelyFits(text: string, room: number, font: Font): boolean {
  if (!printable.test(text)) return false;
  return text.length * WIDEST <= room || widthOf(text, (char) => charWidth(char, font)) <= room;
}
