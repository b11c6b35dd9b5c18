/**
 * Finds a word in bytes: as it stands by the engine's own search, in any case by Boyer, Moore and
 * Horspool over a table that folds ASCII. Letters beyond ASCII are compared as they stand.
 */

export interface ByteFinder {
  /** First place at or after `from` whose word ends by `to`; -1 without one. */
  find(bytes: Buffer, from: number, to: number): number;
  readonly length: number;
}

export function literalFinder(text: string, matchCase: boolean, wholeWord: boolean): ByteFinder {
  const needle = Buffer.from(text);
  const exact = matchCase || !/[a-z]/i.test(text);
  const find = exact ? exactFind(needle) : foldedFind(needle);
  if (!wholeWord) return { find, length: needle.length };
  return {
    length: needle.length,
    find: (bytes, from, to) => {
      let at = find(bytes, from, to);
      while (at >= 0) {
        const free = (at === 0 || !isWord(bytes[at - 1])) && !isWord(bytes[at + needle.length]);
        if (free) return at;
        at = find(bytes, at + 1, to);
      }
      return -1;
    },
  };
}

function exactFind(needle: Buffer): ByteFinder['find'] {
  return (bytes, from, to) => {
    const at = bytes.indexOf(needle, from);
    return at >= 0 && at + needle.length <= to ? at : -1;
  };
}

function foldedFind(needle: Buffer): ByteFinder['find'] {
  const length = needle.length;
  const last = length - 1;
  const fold = foldTable();
  const folded = Uint8Array.from(needle, (byte) => fold[byte] as number);
  const skip = new Int32Array(256).fill(length);
  for (let i = 0; i < last; i += 1) {
    const byte = folded[i] as number;
    for (let other = 0; other < 256; other += 1) if (fold[other] === byte) skip[other] = last - i;
  }
  const tail = folded[last] as number;
  return (bytes, from, to) => {
    let at = from + last;
    while (at < to) {
      const byte = bytes[at] as number;
      if (fold[byte] === tail) {
        let i = last - 1;
        let place = at - 1;
        while (i >= 0 && fold[bytes[place] as number] === folded[i]) {
          i -= 1;
          place -= 1;
        }
        if (i < 0) return at - last;
      }
      at += skip[byte] as number;
    }
    return -1;
  };
}

function foldTable(): Uint8Array {
  const table = new Uint8Array(256);
  for (let i = 0; i < 256; i += 1) table[i] = i >= 0x41 && i <= 0x5a ? i | 0x20 : i;
  return table;
}

function isWord(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  const lower = byte | 0x20;
  return (lower >= 0x61 && lower <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || byte === 0x5f || byte >= 0x80;
}
