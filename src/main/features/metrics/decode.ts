/**
 * Range answers from bytes: samples go straight to the grid, without an object for each. What does
 * not look exactly as servers write it is read by `JSON.parse` and the reference decoder instead, so that
 * a strange answer is slower, never different. Numbers of more than 15 digits may differ in the last bit.
 */
import { decodeRange, problemOf, readLabels, SeriesSet, type RangeResult } from '#shared/domain/prom/answer';
import type { PromProblem } from '#shared/domain/prom/answer';
import type { PromRange } from '#shared/domain/prom/range';
import { fail } from '#shared/util/app-error';

export interface DecodedRange {
  readonly result?: RangeResult;
  readonly problem?: PromProblem;
  readonly warnings: readonly string[];
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const DOT = 0x2e;
const MINUS = 0x2d;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const ZERO = 0x30;
const NINE = 0x39;

const powers = Float64Array.from({ length: 23 }, (_, i) => 10 ** i);

/** The answer of `/query_range`; AppFailure `bad-answer` for what is no answer of Prometheus. */
export function decodeRangeBytes(body: Buffer, range: PromRange, mostSeries: number): DecodedRange {
  const fast = new FastRange(body, range, mostSeries).read();
  return fast ?? decodeRangeJson(parseJson(body), range, mostSeries);
}

export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw fail('bad-answer', 'The answer cannot be read as JSON.', {
      hint: 'Something between here and Prometheus may have cut or replaced it.',
    });
  }
}

/** The reference: slower, takes any valid JSON. */
export function decodeRangeJson(json: unknown, range: PromRange, mostSeries: number): DecodedRange {
  const warnings = warningsOf(json);
  const problem = problemOf(json);
  if (problem) return { problem, warnings };
  const result = decodeRange((json as { data?: unknown } | null)?.data, range, mostSeries);
  if (!result) throw fail('bad-answer', 'This is no answer to a range query of Prometheus.');
  return { result, warnings };
}

/** Warnings and infos beside the data, at most 20. */
export function warningsOf(json: unknown): readonly string[] {
  if (typeof json !== 'object' || json === null) return [];
  const { warnings, infos } = json as { warnings?: unknown; infos?: unknown };
  return [warnings, infos]
    .flatMap((list: unknown) => (Array.isArray(list) ? (list as readonly unknown[]) : []))
    .filter((one): one is string => typeof one === 'string')
    .slice(0, 20)
    .map((one) => one.slice(0, 500));
}

const HEAD = '{"status":"success","data":{"resultType":"matrix","result":[';

class FastRange {
  private at = 0;
  private readonly set: SeriesSet;

  constructor(
    private readonly buf: Buffer,
    private readonly range: PromRange,
    mostSeries: number,
  ) {
    this.set = new SeriesSet(range, mostSeries);
  }

  /** undefined: not in the expected shape. */
  read(): DecodedRange | undefined {
    if (this.buf.length < HEAD.length + 3 || this.buf.toString('latin1', 0, HEAD.length) !== HEAD)
      return undefined;
    this.at = HEAD.length;
    if (this.buf[this.at] === CLOSE) this.at += 1;
    else {
      for (;;) {
        if (!this.series()) return undefined;
        const next = this.buf[this.at++];
        if (next === CLOSE) break;
        if (next !== COMMA) return undefined;
      }
    }
    const tail = this.buf.toString('utf8', this.at);
    if (tail.length > 16_384) return undefined;
    // "}}" or "},"warnings":[...]}" or statistics before it: small, so read as JSON.
    try {
      const rest: unknown = JSON.parse(`{"data":{"x":0${tail}`);
      return { result: this.set.result(), warnings: warningsOf(rest) };
    } catch {
      return undefined;
    }
  }

  private is(text: string): boolean {
    const { buf, at } = this;
    for (let i = 0; i < text.length; i += 1) if (buf[at + i] !== text.charCodeAt(i)) return false;
    this.at += text.length;
    return true;
  }

  private series(): boolean {
    if (!this.is('{"metric":')) return false;
    const from = this.at;
    if (!this.skipObject()) return false;
    let raw: unknown;
    try {
      raw = JSON.parse(this.buf.toString('utf8', from, this.at));
    } catch {
      return false;
    }
    if (!this.is(',"values":[')) return false;
    const values = this.set.begin(readLabels(raw));
    return this.samples(values) && this.is('}');
  }

  /** `[t,"v"],...]`, in one loop over local variables: this is where all the time goes. */
  private samples(values: Float64Array | undefined): boolean {
    const into = values ?? new Float64Array(0);
    const { start, step } = this.range;
    const points = values ? this.set.points : 0;
    const { buf } = this;
    let i = this.at;
    if (buf[i] === CLOSE) {
      this.at = i + 1;
      return true;
    }
    for (;;) {
      if (buf[i] !== OPEN) return false;
      let byte = buf[++i]!;
      let time = 0;
      const first = i;
      while (byte >= ZERO && byte <= NINE) {
        time = time * 10 + (byte - ZERO);
        byte = buf[++i]!;
      }
      if (i === first || i - first > 15) return false;
      if (byte === DOT) {
        let part = 0;
        const dot = i;
        byte = buf[++i]!;
        while (byte >= ZERO && byte <= NINE) {
          part = part * 10 + (byte - ZERO);
          byte = buf[++i]!;
        }
        if (i === dot + 1 || i - dot > 10) return false;
        time += part / powers[i - dot - 1]!;
      }
      if (byte !== COMMA || buf[i + 1] !== QUOTE) return false;
      i += 2;
      const begin = i;
      byte = buf[i]!;
      const negative = byte === MINUS;
      if (negative) byte = buf[++i]!;
      const from = i;
      let whole = 0;
      while (byte >= ZERO && byte <= NINE) {
        whole = whole * 10 + (byte - ZERO);
        byte = buf[++i]!;
      }
      const wholeDigits = i - from;
      let low = 0;
      let lowDigits = 0;
      let fraction = 0;
      if (byte === DOT) {
        const dot = i;
        // Up to 15 digits are exact in one number; what follows is gathered apart.
        const exact = dot + 1 + (15 - wholeDigits);
        byte = buf[++i]!;
        while (byte >= ZERO && byte <= NINE && i < exact) {
          whole = whole * 10 + (byte - ZERO);
          byte = buf[++i]!;
        }
        const rest = i;
        while (byte >= ZERO && byte <= NINE) {
          low = low * 10 + (byte - ZERO);
          byte = buf[++i]!;
        }
        lowDigits = i - rest;
        fraction = i - dot - 1;
        // "1." is no number.
        if (fraction === 0) lowDigits = Infinity;
      }
      let value: number;
      if (byte === QUOTE && wholeDigits > 0 && wholeDigits <= 15 && lowDigits <= 7 && fraction <= 22) {
        // Up to 15 digits both sides are exact and the quotient is rounded once, as JSON.parse would.
        if (lowDigits > 0) whole = whole * powers[lowDigits]! + low;
        value = fraction > 0 ? whole / powers[fraction]! : whole;
        if (negative) value = -value;
      } else {
        i = buf.indexOf(QUOTE, begin);
        if (i < 0) return false;
        const text = buf.toString('latin1', begin, i);
        if (text === '+Inf') value = Infinity;
        else if (text === '-Inf') value = -Infinity;
        else if (text === 'NaN') value = NaN;
        else if (/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text)) value = Number(text);
        else return false;
      }
      if (value !== value) {
        if (values) this.set.put(values, time, value);
      } else {
        const place = Math.round((time - start) / step);
        if (place >= 0 && place < points && into[place] !== into[place]) into[place] = value;
      }
      if (buf[i + 1] !== CLOSE) return false;
      const next = buf[i + 2];
      i += 3;
      if (next === CLOSE) break;
      if (next !== COMMA) return false;
    }
    this.at = i;
    return true;
  }

  /** Over a flat object of strings; stands after it then. */
  private skipObject(): boolean {
    const { buf } = this;
    if (buf[this.at] !== OPEN_OBJECT) return false;
    let i = this.at + 1;
    for (;;) {
      const byte = buf[i];
      if (byte === undefined || byte === OPEN_OBJECT) return false;
      if (byte === QUOTE) {
        i += 1;
        while (buf[i] !== QUOTE) {
          if (buf[i] === undefined) return false;
          i += buf[i] === BACKSLASH ? 2 : 1;
        }
      } else if (byte === CLOSE_OBJECT) {
        this.at = i + 1;
        return true;
      }
      i += 1;
    }
  }
}
