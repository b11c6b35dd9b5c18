/**
 * Times of objects as epoch ms, ages and durations as short words. What is no time (missing,
 * malformed, year 0001) is null and shown as `–`; ages are never negative: a time to come is
 * `in 5 m` (fault 23). `now` is always passed in, already corrected by the server's clock.
 */

const shape = /^(\d{4})-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** Shown where there is nothing to show. */
export const none = '–';

/** Epoch ms of an RFC 3339 time; null for anything else and for the zero time (fault 23). */
export function parseTime(raw: unknown): number | null {
  if (typeof raw !== 'string' || raw.length > 40) return null;
  const match = shape.exec(raw);
  if (!match || Number(match[1]) <= 1) return null;
  const at = Date.parse(raw);
  return Number.isNaN(at) ? null : at;
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const year = 365 * day;

const units = [
  ['y', year],
  ['d', day],
  ['h', hour],
  ['m', minute],
  ['s', second],
] as const;

/** One unit, rounded down: `8s`, `41m`, `6h`, `61d`, `2y`. Days go on for two years, hours for two days. */
export function formatShort(ms: number): string {
  if (!Number.isFinite(ms)) return none;
  const span = Math.max(0, ms);
  if (span < minute) return `${Math.floor(span / second)}s`;
  if (span < hour) return `${Math.floor(span / minute)}m`;
  if (span < 2 * day) return `${Math.floor(span / hour)}h`;
  if (span < 2 * year) return `${Math.floor(span / day)}d`;
  return `${Math.floor(span / year)}y`;
}

/** Age for table cells: `4d`, `12m`; to come: `in 5 m`; none: `–` (fault 23). */
export function formatAge(at: number | null | undefined, now: number): string {
  if (typeof at !== 'number' || !Number.isFinite(at)) return none;
  if (at <= now) return formatShort(now - at);
  // A server clock a little ahead of ours is not the future.
  if (at - now < 2 * second) return '0s';
  return `in ${formatShort(at - now).replace(/([a-z])$/, ' $1')}`;
}

/** As kubectl writes ages: the second unit while the first is small: `90s`, `5m30s`, `3h12m`, `3d4h`, `61d`. */
export function formatAgeLong(at: number | null | undefined, now: number): string {
  if (typeof at !== 'number' || !Number.isFinite(at)) return none;
  if (at > now) return formatAge(at, now);
  const span = now - at;
  if (span < 2 * minute) return `${Math.floor(span / second)}s`;
  if (span < 10 * minute) return formatDuration(span);
  if (span < 3 * hour) return `${Math.floor(span / minute)}m`;
  if (span < 8 * hour) return formatDuration(span);
  if (span < 2 * day) return `${Math.floor(span / hour)}h`;
  if (span < 8 * day) return formatDuration(span);
  if (span < 2 * year) return `${Math.floor(span / day)}d`;
  return span < 8 * year
    ? `${Math.floor(span / year)}y${Math.floor((span % year) / day)}d`
    : formatShort(span);
}

/** A span in its two largest units: `3d4h`, `5m30s`, `45s`, `0s`; under a second `350ms`. */
export function formatDuration(ms: number | null | undefined): string {
  if (typeof ms !== 'number' || !Number.isFinite(ms)) return none;
  if (ms < 0) return `-${formatDuration(-ms)}`;
  if (ms > 0 && ms < second) return `${Math.round(ms)}ms`;
  for (let index = 0; index < units.length; index++) {
    const [name, size] = units[index] ?? ['s', second];
    if (ms < size) continue;
    const next = units[index + 1];
    const rest = next ? Math.floor((ms % size) / next[1]) : 0;
    return `${Math.floor(ms / size)}${name}${next && rest > 0 ? `${rest}${next[0]}` : ''}`;
  }
  return '0s';
}

/** Ms of a duration as Kubernetes prints it (`3m12s`, `2d4h`, `1y20d`, `<1s`); null for anything else. */
export function parseDuration(raw: unknown): number | null {
  if (typeof raw !== 'string' || raw.length > 40) return null;
  if (raw === '<1s') return 0;
  if (!/^(\d+(\.\d+)?(y|d|h|ms|m|s))+$/.test(raw)) return null;
  let sum = 0;
  for (const [, amount, unit] of raw.matchAll(/(\d+(?:\.\d+)?)(y|d|h|ms|m|s)/g)) {
    const size = unit === 'ms' ? 1 : (units.find(([name]) => name === unit)?.[1] ?? 0);
    sum += Number(amount) * size;
  }
  return Number.isFinite(sum) ? sum : null;
}

/**
 * Words of a status with the time that belongs to it (`at` of a status cell, a deadline):
 * `Terminating, 18s left`, and once it has passed `Terminating, 4m overdue`.
 */
export function formatStatus(text: string, at: number | null | undefined, now: number): string {
  if (typeof at !== 'number' || !Number.isFinite(at)) return text;
  if (at > now) return `${text}, ${formatShort(Math.max(second, at - now))} left`;
  return now - at < second ? text : `${text}, ${formatShort(now - at)} overdue`;
}
