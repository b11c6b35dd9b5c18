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
  /** Raw samples and circumstances. */
  readonly detail?: unknown;
}

export interface Bar {
  readonly name: string;
  readonly value: number;
  readonly atMost?: number;
  readonly atLeast?: number;
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
