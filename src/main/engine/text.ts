/**
 * Order and search over UTF-8 bytes, without making strings.
 * Natural order: runs of digits compare as numbers (`a2 < a10`), letters without regard
 * to ASCII case, ties by bytes; no locale, so that every machine sorts alike.
 */

/** ASCII upper case to lower case; everything else to itself. */
export const fold = new Uint8Array(256);
for (let i = 0; i < 256; i++) fold[i] = i >= 0x41 && i <= 0x5a ? i + 32 : i;

/** Compares a[aStart..aEnd) with b[bStart..bEnd). */
export function compareNatural(
  a: Uint8Array,
  aStart: number,
  aEnd: number,
  b: Uint8Array,
  bStart: number,
  bEnd: number,
): number {
  let i = aStart;
  let j = bStart;
  let tie = 0;
  while (i < aEnd && j < bEnd) {
    const rawX = a[i]!;
    const rawY = b[j]!;
    if (rawX >= 0x30 && rawX <= 0x39 && rawY >= 0x30 && rawY <= 0x39) {
      let p = i;
      let q = j;
      while (p < aEnd && a[p] === 0x30) p++;
      while (q < bEnd && b[q] === 0x30) q++;
      if (tie === 0 && p - i !== q - j) tie = p - i - (q - j);
      let diff = 0;
      let x = p < aEnd ? a[p]! : 0;
      let y = q < bEnd ? b[q]! : 0;
      while (x >= 0x30 && x <= 0x39 && y >= 0x30 && y <= 0x39) {
        if (diff === 0) diff = x - y;
        x = ++p < aEnd ? a[p]! : 0;
        y = ++q < bEnd ? b[q]! : 0;
      }
      if (x >= 0x30 && x <= 0x39) return 1;
      if (y >= 0x30 && y <= 0x39) return -1;
      if (diff !== 0) return diff;
      i = p;
      j = q;
      continue;
    }
    if (rawX !== rawY) {
      const x = fold[rawX]!;
      const y = fold[rawY]!;
      if (x !== y) return x - y;
      if (tie === 0) tie = rawX - rawY;
    }
    i++;
    j++;
  }
  if (i < aEnd) return 1;
  if (j < bEnd) return -1;
  return tie;
}

/** True when the folded needle occurs in hay[start..end), ASCII case ignored. */
export function includesFolded(hay: Uint8Array, start: number, end: number, needle: Uint8Array): boolean {
  const length = needle.length;
  if (length === 0) return true;
  const first = needle[0]!;
  const last = end - length;
  next: for (let p = start; p <= last; p++) {
    if (fold[hay[p]!] !== first) continue;
    for (let k = 1; k < length; k++) {
      if (fold[hay[p + k]!] !== needle[k]) continue next;
    }
    return true;
  }
  return false;
}
