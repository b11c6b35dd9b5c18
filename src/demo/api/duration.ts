/** Durations as kubectl prints them: at most two units, coarser with size. */
export function duration(ms: number): string {
  if (!Number.isFinite(ms)) return '<unknown>';
  const s = Math.floor(Math.max(0, ms) / 1000);
  if (s < 120) return `${s}s`;
  const m = Math.floor(s / 60);
  const both = (whole: number, unit: string, rest: number, small: string): string =>
    rest === 0 ? `${whole}${unit}` : `${whole}${unit}${rest}${small}`;
  if (m < 10) return both(m, 'm', s % 60, 's');
  if (m < 180) return `${m}m`;
  const h = Math.floor(m / 60);
  if (h < 8) return both(h, 'h', m % 60, 'm');
  if (h < 48) return `${h}h`;
  const d = Math.floor(h / 24);
  if (d < 8) return both(d, 'd', h % 24, 'h');
  if (d < 730) return `${d}d`;
  const y = Math.floor(d / 365);
  return d < 2920 ? both(y, 'y', d % 365, 'd') : `${y}y`;
}
