/**
 * Patterns in the common part of RE2's syntax as a tree over bytes of UTF-8. What this does not know
 * (Unicode classes, POSIX classes, folding beyond ASCII) gives undefined: the caller has a slower engine
 * for it. A pattern that is wrong is not judged here.
 */

export type Node =
  | { readonly type: 'empty' }
  /** One byte of a set. */
  | { readonly type: 'bytes'; readonly set: Uint8Array }
  | { readonly type: 'sequence'; readonly parts: readonly Node[] }
  | { readonly type: 'choice'; readonly parts: readonly Node[] }
  | { readonly type: 'repeat'; readonly part: Node; readonly least: number; readonly most: number }
  | { readonly type: 'assert'; readonly kind: 'start' | 'end' | 'word' | 'not-word' };

/** Undefined: not in the part we know. */
export function parsePattern(pattern: string, ignoreCase: boolean): Node | undefined {
  if (ignoreCase && /[^\x00-\x7f]/.test(pattern)) return undefined;
  try {
    const parser = new Parser(pattern, ignoreCase);
    const node = parser.choice();
    return parser.done ? node : undefined;
  } catch (thrown) {
    if (thrown instanceof Unknown) return undefined;
    throw thrown;
  }
}

class Unknown extends Error {}

const MOST_REPEAT = 200;

export function bytesOf(test: (byte: number) => boolean): Uint8Array {
  const set = new Uint8Array(256);
  for (let byte = 0; byte < 256; byte += 1) if (test(byte)) set[byte] = 1;
  return set;
}

const range = (low: number, high: number): Node => ({
  type: 'bytes',
  set: bytesOf((byte) => byte >= low && byte <= high),
});
const tail = range(0x80, 0xbf);
/** Any character beyond ASCII, as UTF-8. */
const beyond: readonly Node[] = [
  { type: 'sequence', parts: [range(0xc2, 0xdf), tail] },
  { type: 'sequence', parts: [range(0xe0, 0xef), tail, tail] },
  { type: 'sequence', parts: [range(0xf0, 0xf4), tail, tail, tail] },
];

const digit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;
const word = (byte: number): boolean =>
  digit(byte) || byte === 0x5f || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a && byte < 0x80);
const space = (byte: number): boolean => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d && byte !== 0x0b);
const classes: Readonly<Record<string, (byte: number) => boolean>> = { d: digit, w: word, s: space };
const controls: Readonly<Record<string, number>> = { t: 9, n: 10, r: 13, f: 12, v: 11, a: 7 };

class Parser {
  private at = 0;
  private fold: boolean;
  private depth = 0;

  constructor(
    private readonly text: string,
    ignoreCase: boolean,
  ) {
    this.fold = ignoreCase;
  }

  get done(): boolean {
    return this.at === this.text.length;
  }

  choice(): Node {
    if ((this.depth += 1) > 100) throw new Unknown();
    const parts = [this.sequence()];
    while (this.text[this.at] === '|') {
      this.at += 1;
      parts.push(this.sequence());
    }
    this.depth -= 1;
    return parts.length === 1 ? (parts[0] as Node) : { type: 'choice', parts };
  }

  private sequence(): Node {
    const parts: Node[] = [];
    for (
      let char = this.text[this.at];
      char !== undefined && char !== '|' && char !== ')';
      char = this.text[this.at]
    )
      parts.push(this.repeated(this.atom()));
    if (parts.length === 0) return { type: 'empty' };
    return parts.length === 1 ? (parts[0] as Node) : { type: 'sequence', parts };
  }

  private repeated(atom: Node): Node {
    const char = this.text[this.at];
    let least = 0;
    let most = Infinity;
    if (char === '*') this.at += 1;
    else if (char === '+') {
      this.at += 1;
      least = 1;
    } else if (char === '?') {
      this.at += 1;
      most = 1;
    } else {
      const counted = char === '{' ? /^\{(\d{1,4})(,(\d{0,4}))?\}/.exec(this.text.slice(this.at)) : null;
      if (!counted) return atom;
      this.at += counted[0].length;
      least = Number(counted[1]);
      most = counted[2] === undefined ? least : counted[3] === '' ? Infinity : Number(counted[3]);
      if (least > MOST_REPEAT || (most !== Infinity && most > MOST_REPEAT) || most < least)
        throw new Unknown();
    }
    // Greed changes what is matched, not whether.
    if (this.text[this.at] === '?') this.at += 1;
    if ('*+?{'.includes(this.text[this.at] ?? ' ')) throw new Unknown();
    return { type: 'repeat', part: atom, least, most };
  }

  private atom(): Node {
    const char = this.text[this.at] as string;
    if (char === '(') return this.group();
    if (char === '[') return this.set();
    if (char === '\\') return this.escape();
    if (char === '*' || char === '+' || char === '?') throw new Unknown();
    this.at += 1;
    if (char === '.')
      return {
        type: 'choice',
        parts: [{ type: 'bytes', set: bytesOf((b) => b < 0x80 && b !== 10) }, ...beyond],
      };
    if (char === '^') return { type: 'assert', kind: 'start' };
    if (char === '$') return { type: 'assert', kind: 'end' };
    return this.literal(char);
  }

  private group(): Node {
    const open = /^\((?:\?(?:P?<[A-Za-z_]\w*>|([i]?)(-[i])?(:|\))))?/.exec(this.text.slice(this.at));
    if (!open || (this.text[this.at + 1] === '?' && open[0].length < 3)) throw new Unknown();
    const before = this.fold;
    this.at += open[0].length;
    if (open[1] === 'i') this.fold = true;
    if (open[2] === '-i') this.fold = false;
    // `(?i)` holds for the rest of the group it stands in.
    if (open[3] === ')') return { type: 'empty' };
    const node = this.choice();
    if (this.text[this.at] !== ')') throw new Unknown();
    this.at += 1;
    this.fold = before;
    return node;
  }

  private literal(char: string): Node {
    const code = this.text.codePointAt(this.at - 1) ?? 0;
    if (code < 0x80) return { type: 'bytes', set: this.folded(bytesOf((byte) => byte === code)) };
    if (this.fold) throw new Unknown();
    if (code > 0xffff) this.at += 1;
    const bytes = utf8(code > 0xffff ? String.fromCodePoint(code) : char);
    return {
      type: 'sequence',
      parts: bytes.map((one) => ({ type: 'bytes', set: bytesOf((byte) => byte === one) })),
    };
  }

  private escape(): Node {
    const char = this.text[this.at + 1];
    if (char === undefined) throw new Unknown();
    this.at += 2;
    if (char === 'b') return { type: 'assert', kind: 'word' };
    if (char === 'B') return { type: 'assert', kind: 'not-word' };
    if (char === 'A') return { type: 'assert', kind: 'start' };
    if (char === 'z') return { type: 'assert', kind: 'end' };
    const named = classes[char.toLowerCase()];
    if (named)
      return char === char.toLowerCase() ? { type: 'bytes', set: bytesOf(named) } : negated(bytesOf(named));
    const code = this.escapedCode(char);
    return { type: 'bytes', set: this.folded(bytesOf((byte) => byte === code)) };
  }

  /** ASCII only. */
  private escapedCode(char: string): number {
    const control = controls[char];
    if (control !== undefined) return control;
    if (char === 'x') {
      const hex = /^(?:([0-7][0-9a-fA-F])|\{([0-9a-fA-F]{1,2})\})/.exec(this.text.slice(this.at));
      if (!hex) throw new Unknown();
      this.at += hex[0].length;
      const code = parseInt(hex[1] ?? hex[2] ?? '', 16);
      if (code > 0x7f) throw new Unknown();
      return code;
    }
    if (/[A-Za-z0-9]/.test(char) || char.charCodeAt(0) > 0x7f) throw new Unknown();
    return char.charCodeAt(0);
  }

  private set(): Node {
    this.at += 1;
    const not = this.text[this.at] === '^';
    if (not) this.at += 1;
    const set = new Uint8Array(256);
    for (let first = true; this.text[this.at] !== ']' || first; first = false) {
      const low = this.setItem(set);
      if (low === undefined || this.text[this.at] !== '-' || this.text[this.at + 1] === ']') {
        if (low !== undefined) set[low] = 1;
        continue;
      }
      this.at += 1;
      const high = this.setItem(set);
      if (high === undefined || high < low) throw new Unknown();
      set.fill(1, low, high + 1);
    }
    this.at += 1;
    const folded = this.folded(set);
    return not ? negated(folded) : { type: 'bytes', set: folded };
  }

  /** One character of a class; undefined when it was a class itself and is in the set already. */
  private setItem(set: Uint8Array): number | undefined {
    const char = this.text[this.at];
    if (char === undefined || char.charCodeAt(0) > 0x7f) throw new Unknown();
    if (char === '[' && this.text[this.at + 1] === ':') throw new Unknown();
    this.at += 1;
    if (char !== '\\') return char.charCodeAt(0);
    const escaped = this.text[this.at];
    if (escaped === undefined) throw new Unknown();
    this.at += 1;
    const named = classes[escaped];
    if (named) {
      for (let byte = 0; byte < 0x80; byte += 1) if (named(byte)) set[byte] = 1;
      return undefined;
    }
    return this.escapedCode(escaped);
  }

  private folded(set: Uint8Array): Uint8Array {
    if (!this.fold) return set;
    for (let upper = 0x41; upper <= 0x5a; upper += 1) {
      const any = (set[upper] as number) | (set[upper | 0x20] as number);
      set[upper] = any;
      set[upper | 0x20] = any;
    }
    return set;
  }
}

/** Every character that is not in the (ASCII) set. */
function negated(set: Uint8Array): Node {
  return {
    type: 'choice',
    parts: [{ type: 'bytes', set: bytesOf((byte) => byte < 0x80 && set[byte] === 0) }, ...beyond],
  };
}

function utf8(text: string): number[] {
  return [...Buffer.from(text)];
}
