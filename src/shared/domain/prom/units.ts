/**
 * Numbers of metrics as words: cores, bytes, per second, shares, seconds. An axis picks one
 * unit for all its ticks, so that the unit stands once.
 */
import { formatBytes, formatCount, formatCpu } from '../../util/quantity';

export type PromUnit = 'cores' | 'bytes' | 'bytes/s' | 'share' | 'count' | '/s' | 'seconds' | 'none';

const none = '–';

/** One value with its unit: `250m`, `18 MiB`, `1.2 MiB/s`, `12%`, `3.4/s`, `12 ms`. */
export function formatValue(unit: PromUnit, value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return none;
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  switch (unit) {
    case 'cores':
      return formatCpu(value);
    case 'bytes':
      return formatBytes(value);
    case 'bytes/s':
      return `${formatBytes(value)}/s`;
    case 'share':
      return `${plain(value * 100)}%`;
    case 'count':
      return formatCount(value);
    case '/s':
      return `${significant(value)}/s`;
    case 'seconds':
      return secondsText(value);
    case 'none':
      return significant(value);
  }
}

function plain(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && size < 0.1) return value < 0 ? '>-0.1' : '<0.1';
  return String(Number(value.toFixed(size < 10 ? 1 : 0)));
}

/** Three digits that matter; exponents only where nobody could read the zeros. */
function significant(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 10_000) return formatCount(value);
  if (size < 0.001) return value.toExponential(1);
  return String(Number(value.toPrecision(size >= 1000 ? 4 : 3)));
}

function secondsText(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return '0 s';
  if (size < 0.001) return `${Number((value * 1e6).toPrecision(3))} µs`;
  if (size < 1) return `${Number((value * 1e3).toPrecision(3))} ms`;
  if (size < 120) return `${Number(value.toPrecision(3))} s`;
  if (size < 7200) return `${Number((value / 60).toPrecision(3))} min`;
  if (size < 172_800) return `${Number((value / 3600).toPrecision(3))} h`;
  return `${Number((value / 86_400).toPrecision(3))} d`;
}

export interface Axis {
  /** Stands once, above the axis; empty where there is none. */
  readonly label: string;
  /** From 0 (or the lowest) to the highest tick, in base units. */
  readonly ticks: readonly number[];
  format(value: number): string;
}

const bytes = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'] as const;

/** About four round ticks that hold min (0 unless negative) and max. */
export function axisFor(unit: PromUnit, min: number, max: number): Axis {
  const low = Math.min(0, Number.isFinite(min) ? min : 0);
  const high = Number.isFinite(max) && max > low ? max : low + (unit === 'share' ? 1 : 1);
  const [scale, label, base] = scaleOf(unit, Math.max(high, -low));
  const step = niceStep((high - low) / scale / 4, base) * scale;
  const ticks: number[] = [];
  const from = Math.floor(low / step + 1e-9);
  const to = Math.ceil(high / step - 1e-9);
  for (let i = from; i <= to; i += 1) ticks.push(i * step);
  const digits = digitsOf(step / scale);
  return { label, ticks, format: (value) => String(Number((value / scale).toFixed(digits))) };
}

/** Decimals that tell ticks of this step apart: 0 for 20, 1 for 2.5, 2 for 0.05. */
function digitsOf(step: number): number {
  for (let digits = 0; digits < 12; digits += 1) {
    const whole = step * 10 ** digits;
    if (whole >= 0.999 && Math.abs(whole - Math.round(whole)) < 1e-6 * whole) return digits;
  }
  return 12;
}

function scaleOf(unit: PromUnit, size: number): readonly [scale: number, label: string, base: 2 | 10] {
  switch (unit) {
    case 'cores':
      return size < 0.5 ? [0.001, 'millicores', 10] : [1, 'cores', 10];
    case 'bytes':
    case 'bytes/s': {
      let at = 0;
      let scale = 1;
      while (at < bytes.length - 1 && size >= 1024 * scale) {
        scale *= 1024;
        at += 1;
      }
      return [scale, `${bytes[at] ?? 'B'}${unit === 'bytes/s' ? '/s' : ''}`, 2];
    }
    case 'share':
      return [0.01, '%', 10];
    case 'seconds':
      return size < 0.001 ? [1e-6, 'µs', 10] : size < 1 ? [1e-3, 'ms', 10] : [1, 's', 10];
    case '/s':
    case 'count':
    case 'none': {
      const tail = unit === '/s' ? 'per second' : '';
      if (size >= 1e9) return [1e9, `billion ${tail}`.trim(), 10];
      if (size >= 1e6) return [1e6, `million ${tail}`.trim(), 10];
      return size >= 1e4 ? [1e3, `thousand ${tail}`.trim(), 10] : [1, tail, 10];
    }
  }
}

function niceStep(raw: number, base: 2 | 10): number {
  if (!(raw > 0)) return 1;
  const power = base === 2 && raw >= 1 ? 2 ** Math.floor(Math.log2(raw)) : 10 ** Math.floor(Math.log10(raw));
  const choices = base === 2 && raw >= 1 ? [1, 2] : [1, 2, 2.5, 5, 10];
  const found = choices.find((one) => one * power >= raw * 0.999);
  return (found ?? 10) * power;
}
