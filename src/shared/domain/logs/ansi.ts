/**
 * Colours of terminal text. Only SGR (colour, weight, underline) is understood; every other escape
 * sequence is taken out. OSC 8 links are kept as data when they are http or https: who shows them
 * says where they lead. Time grows with the length of the text, whatever it holds.
 */

export interface Style {
  /** 0..15 named, 16..255 the palette, `#rrggbb` otherwise. */
  readonly color?: number | string;
  readonly background?: number | string;
  readonly bold?: boolean;
  readonly faint?: boolean;
  readonly italic?: boolean;
  readonly underline?: boolean;
  readonly inverse?: boolean;
  readonly link?: string;
}

export interface Span {
  readonly text: string;
  readonly style: Style | undefined;
}

// CSI; OSC, DCS, APC, PM, SOS with their text; two-character escapes; the same as C1.
const escapes =
  /(?:\u001b\[|\u009b)([0-?]*)[ -/]*([@-~])|(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])([^\u0007\u001b\u009c]{0,4096})(?:\u0007|\u001b\\|\u009c|$)?|\u001b[ -/]*[0-~]?/g;

/** The text without escape sequences. */
export function stripAnsi(text: string): string {
  return hasEscapes(text) ? text.replace(escapes, '') : text;
}

export function hasEscapes(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === 0x1b || (code >= 0x80 && code <= 0x9f)) return true;
  }
  return false;
}

const MOST_SPANS = 500;

/** Stretches of equal style. Texts joined are `stripAnsi` of the whole. */
export function ansiSpans(text: string): readonly Span[] {
  if (!hasEscapes(text)) return [{ text, style: undefined }];
  const spans: Span[] = [];
  let style: Style = {};
  let at = 0;
  let pending = '';
  const flush = (): void => {
    if (pending !== '') spans.push({ text: pending, style: isPlain(style) ? undefined : style });
    pending = '';
  };
  for (const found of text.matchAll(escapes)) {
    pending += text.slice(at, found.index);
    at = found.index + found[0].length;
    const next = changed(style, found);
    if (next === style || spans.length >= MOST_SPANS) continue;
    flush();
    style = next;
  }
  pending += text.slice(at);
  flush();
  return spans;
}

function changed(style: Style, found: RegExpMatchArray): Style {
  if (found[2] === 'm') return sgr(style, found[1] ?? '');
  const osc = found[3];
  if (osc?.startsWith('8;') !== true) return style;
  const link = osc.slice(osc.indexOf(';', 2) + 1);
  return { ...style, link: safeLink(link) };
}

/** http and https only, and nothing in it that could hide where it leads; anything else is no link. */
export function safeLink(text: string): string | undefined {
  if (text.length > 2048 || !/^https?:\/\/[^\s/?#@\\]+(?:[/?#][\x21-\x7e]*)?$/i.test(text)) return undefined;
  return text;
}

function sgr(before: Style, parameters: string): Style {
  const codes = parameters.split(/[;:]/).map((part) => Number(part) || 0);
  let style: { -readonly [K in keyof Style]: Style[K] } = { ...before };
  for (let i = 0; i < codes.length; i += 1) {
    const code = codes[i] as number;
    if (code === 0) style = before.link === undefined ? {} : { link: before.link };
    else if (code === 1) style.bold = true;
    else if (code === 2) style.faint = true;
    else if (code === 3) style.italic = true;
    else if (code === 4) style.underline = true;
    else if (code === 7) style.inverse = true;
    else if (code === 22) {
      delete style.bold;
      delete style.faint;
    } else if (code === 23) delete style.italic;
    else if (code === 24) delete style.underline;
    else if (code === 27) delete style.inverse;
    else if (code >= 30 && code <= 37) style.color = code - 30;
    else if (code >= 90 && code <= 97) style.color = code - 82;
    else if (code === 39) delete style.color;
    else if (code >= 40 && code <= 47) style.background = code - 40;
    else if (code >= 100 && code <= 107) style.background = code - 92;
    else if (code === 49) delete style.background;
    else if (code === 38 || code === 48) {
      const wide = codes[i + 1] === 2;
      const color = wide
        ? rgb(codes.slice(i + 2, i + 5))
        : codes[i + 1] === 5
          ? (codes[i + 2] ?? 0) & 255
          : undefined;
      if (color !== undefined) style[code === 38 ? 'color' : 'background'] = color;
      i += wide ? 4 : 2;
    }
  }
  return style;
}

function rgb(parts: readonly number[]): string {
  return `#${[0, 1, 2].map((i) => ((parts[i] ?? 0) & 255).toString(16).padStart(2, '0')).join('')}`;
}

function isPlain(style: Style): boolean {
  return Object.values(style).every((value) => value === undefined);
}
