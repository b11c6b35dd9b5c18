/** What every bench gives back, and the few sums they share. */

export interface BenchOptions {
  /** Measured repetitions; a bench says its own default. */
  readonly runs?: number;
  /** Everything else from the command line, `--name value` as name and value. */
  readonly flags: Readonly<Record<string, string>>;
  /** Progress for a person; never part of the result. */
  readonly say: (text: string) => void;
}

export interface BenchResult {
  /** Measured values by name, with their unit in the name (`appMs`, `ratio`). */
  readonly values: Readonly<Record<string, number>>;
  /** What must hold; a bench without bars only measures. */
  readonly bars: readonly Bar[];
  /** Measured values with unit, bar and what they are compared with; `figure` makes them. */
  readonly figures?: readonly Figure[];
  /** Raw samples and circumstances. */
  readonly detail?: unknown;
}

export interface Bar {
  readonly name: string;
  readonly value: number;
  readonly atMost?: number;
  readonly atLeast?: number;
}

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** `<= 250` or `>= 5`; empty for a figure that is only told. */
  readonly bar: string;
  readonly ok: boolean;
  /** What the same run measured of something else. */
  readonly baseline?: string;
}

export function figure(
  name: string,
  value: number,
  unit: string,
  limits: Pick<Bar, 'atMost' | 'atLeast'> = {},
  baseline?: string,
): Figure {
  const { atMost, atLeast } = limits;
  const bar = atMost !== undefined ? `<= ${atMost}` : atLeast !== undefined ? `>= ${atLeast}` : '';
  const ok = bar === '' || holds({ name, value, ...limits });
  return { name, value, unit, bar, ok, ...(baseline === undefined ? {} : { baseline }) };
}

export function holds(bar: Bar): boolean {
  if (!Number.isFinite(bar.value)) return false;
  return (
    (bar.atMost === undefined || bar.value <= bar.atMost) &&
    (bar.atLeast === undefined || bar.value >= bar.atLeast)
  );
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const high = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? NaN) + high) / 2;
}

export function round(value: number, digits = 0): number {
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor;
}
