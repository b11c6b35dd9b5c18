/**
 * How serious a line is, from its bytes: JSON, logfmt, klog, and the usual ways of plain text.
 * Guarantees: looks at no more than the first few hundred bytes and allocates nothing, so that it
 * can run for every line that arrives; a word in the middle of a sentence is no level.
 */

export const levels = ['none', 'trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
export type Level = (typeof levels)[number];

export const NONE = 0;
const TRACE = 1;
const DEBUG = 2;
const INFO = 3;
const WARN = 4;
export const ERROR = 5;
const FATAL = 6;

const TEXT_REACH = 96;
const JSON_REACH = 512;

/** Words in lower case with their level, by first letter. */
const byLetter: (readonly (readonly [Uint8Array, number])[] | undefined)[] = [];
for (const [word, level] of [
  ['trace', TRACE],
  ['verbose', TRACE],
  ['debug', DEBUG],
  ['dbg', DEBUG],
  ['information', INFO],
  ['info', INFO],
  ['inf', INFO],
  ['notice', INFO],
  ['warning', WARN],
  ['warn', WARN],
  ['wrn', WARN],
  ['error', ERROR],
  ['err', ERROR],
  ['severe', ERROR],
  ['fatal', FATAL],
  ['ftl', FATAL],
  ['panic', FATAL],
  ['critical', FATAL],
  ['crit', FATAL],
  ['alert', FATAL],
  ['emergency', FATAL],
  ['emerg', FATAL],
] as const) {
  const bytes = Uint8Array.from(word, (char) => char.charCodeAt(0));
  const first = bytes[0] as number;
  byLetter[first] = [...(byLetter[first] ?? []), [bytes, level]];
}

/** Index into `levels`. `start` is where the text begins, behind the stamp. */
export function detectLevel(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && (bytes[at] === 0x20 || bytes[at] === 0x09)) at += 1;
  while (at + 1 < end && bytes[at] === 0x1b && bytes[at + 1] === 0x5b) at = afterEscape(bytes, at, end);
  const first = bytes[at] as number;
  if (at >= end) return NONE;
  if (first === 0x7b) return jsonLevel(bytes, at, Math.min(end, at + JSON_REACH));
  if (isKlog(bytes, at, end)) return klogLevels[first] as number;
  return textLevel(bytes, at, Math.min(end, at + TEXT_REACH));
}

const klogLevels: Readonly<Record<number, number>> = { 0x49: INFO, 0x57: WARN, 0x45: ERROR, 0x46: FATAL };

/** `I0102 15:04:05.000000 ...` */
function isKlog(bytes: Uint8Array, at: number, end: number): boolean {
  const first = bytes[at] as number;
  if (first !== 0x49 && first !== 0x57 && first !== 0x45 && first !== 0x46) return false;
  // Colour may end right behind the letter.
  let from = at + 1;
  while (from + 1 < end && bytes[from] === 0x1b && bytes[from + 1] === 0x5b)
    from = afterEscape(bytes, from, end);
  if (end - from < 7 || bytes[from + 4] !== 0x20) return false;
  for (let i = 0; i < 4; i += 1) if (!isDigit(bytes[from + i] as number)) return false;
  return isDigit(bytes[from + 5] as number);
}

function afterEscape(bytes: Uint8Array, at: number, end: number): number {
  let i = at + 2;
  while (i < end && ((bytes[i] as number) < 0x40 || (bytes[i] as number) > 0x7e)) i += 1;
  return i + 1;
}

/** The value of the first key that names a level: `level`, `lvl`, `severity`, `loglevel`, `log.level`. */
function jsonLevel(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start + 1; at < end; at += 1) {
    if (bytes[at] !== 0x22) continue;
    const first = (bytes[at + 1] as number) | 0x20;
    if (first !== 0x6c && first !== 0x73) continue;
    const before = bytes[at - 1];
    if (before !== 0x7b && before !== 0x2c && before !== 0x20) continue;
    const close = bytes.indexOf(0x22, at + 1);
    if (close < 0 || close >= end || !isLevelKey(bytes, at + 1, close)) continue;
    let value = close + 1;
    while (value < end && (bytes[value] === 0x20 || bytes[value] === 0x3a)) value += 1;
    if (bytes[value] === 0x22) return wordAt(bytes, value + 1, end) || letterLevel(bytes, value + 1);
    return numberLevel(bytes, value, end);
  }
  return NONE;
}

/** `"level":"W"` */
function letterLevel(bytes: Uint8Array, at: number): number {
  return bytes[at + 1] === 0x22 ? (klogLevels[bytes[at] as number] ?? NONE) : NONE;
}

const keys = ['level', 'lvl', 'severity', 'loglevel', 'log.level', 'log_level', 'severitytext'].map((key) =>
  Uint8Array.from(key, (char) => char.charCodeAt(0)),
);

function isLevelKey(bytes: Uint8Array, start: number, end: number): boolean {
  return keys.some((key) => {
    if (key.length !== end - start) return false;
    for (let i = 0; i < key.length; i += 1) {
      const byte = bytes[start + i] as number;
      if (byte !== key[i] && (byte | 0x20) !== key[i]) return false;
    }
    return true;
  });
}

/** Bunyan and pino: 10 trace to 60 fatal. */
function numberLevel(bytes: Uint8Array, at: number, end: number): number {
  let value = 0;
  let i = at;
  for (; i < end && isDigit(bytes[i] as number); i += 1) value = value * 10 + (bytes[i] as number) - 48;
  if (i === at || value < 10 || value > 60) return NONE;
  return Math.floor(value / 10);
}

/**
 * A level word counts in capitals, in brackets, as a value (`level=warn`, `<err>`) or before a colon.
 */
function textLevel(bytes: Uint8Array, start: number, end: number): number {
  let inWord = false;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] as number;
    const letter = isLetter(byte);
    if (!letter || inWord) {
      inWord = letter || isDigit(byte) || byte === 0x5f;
      continue;
    }
    inWord = true;
    const level = wordAt(bytes, at, end);
    if (level === NONE) continue;
    const stop = wordEnd(bytes, at, end);
    if (isCapitals(bytes, at, stop)) return level;
    const before = at > start ? bytes[at - 1] : undefined;
    const after = bytes[stop];
    const framed =
      before === 0x5b || before === 0x3c || before === 0x3d || before === 0x28 || before === 0x7c;
    if (framed || before === 0x22 || after === 0x5d || after === 0x3a) return level;
  }
  return NONE;
}

function wordAt(bytes: Uint8Array, at: number, end: number): number {
  const words = byLetter[(bytes[at] as number) | 0x20];
  if (!words) return NONE;
  for (const [word, level] of words) {
    if (at + word.length > end) continue;
    let i = 1;
    while (i < word.length && ((bytes[at + i] as number) | 0x20) === word[i]) i += 1;
    if (i === word.length && (at + i >= end || !isLetter(bytes[at + i] as number))) return level;
  }
  return NONE;
}

function wordEnd(bytes: Uint8Array, at: number, end: number): number {
  let i = at;
  while (i < end && isLetter(bytes[i] as number)) i += 1;
  return i;
}

function isCapitals(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i += 1) if ((bytes[i] as number) > 0x5a) return false;
  return true;
}

function isLetter(byte: number): boolean {
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}
