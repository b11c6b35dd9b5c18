/** The text of a row as pieces to draw: colours of terminals, and what would hide or reorder as codes. */
import { ansiSpans, type Style } from '#shared/domain/logs/ansi';

export interface TextPiece {
  readonly text: string;
  readonly style: Style | undefined;
  /** Instead of the (one) character: its code. */
  readonly code?: string;
}

/** Everything that is no letter on screen, except the tab. */
const hidden =
  /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Pieces whose texts joined have the length of the text without escape sequences. */
export function textPieces(text: string): readonly TextPiece[] {
  return ansiSpans(text).flatMap(({ text: part, style }) => {
    const pieces: TextPiece[] = [];
    let at = 0;
    for (const found of part.matchAll(hidden)) {
      if (found.index > at) pieces.push({ text: part.slice(at, found.index), style });
      const code = found[0].charCodeAt(0);
      pieces.push({ text: '\ufffd', style, code: codeOf(code) });
      at = found.index + 1;
    }
    if (at < part.length) pieces.push({ text: part.slice(at), style });
    return pieces;
  });
}

function codeOf(code: number): string {
  if (code === 0) return 'NUL';
  if (code === 0x0d) return 'CR';
  if (code === 0x07) return 'BEL';
  if (code === 0x08) return 'BS';
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
