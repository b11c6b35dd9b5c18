/** Times of rows in the way the person chose. */
export const timeModes = ['local', 'utc', 'relative', 'off'] as const;
export type TimeMode = (typeof timeModes)[number];

/** `relative` counts back from `now`. */
export function rowTime(time: number, mode: TimeMode, now: number): string {
  if (mode === 'off') return '';
  if (mode === 'utc') return new Date(time).toISOString().slice(11, 23);
  if (mode === 'relative') return ago(now - time);
  const date = new Date(time);
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** Date and time with its zone, for the tip. */
export function fullRowTime(time: number): string {
  const date = new Date(time);
  return `${date.toLocaleString()} (${date.toISOString()})`;
}

/**
 * A time that was typed: `14:05`, `14:05:09.250` of the day of `base`, or a date with a time. Without a zone it
 * is the zone of the screen. Undefined: it is none.
 */
export function readTime(text: string, base: number, utc: boolean): number | undefined {
  const trimmed = text.trim();
  const clock = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?$/.exec(trimmed);
  if (clock) {
    const [hour, minute, second, ms] = [
      Number(clock[1]),
      Number(clock[2]),
      Number(clock[3] ?? 0),
      Number((clock[4] ?? '').padEnd(3, '0')),
    ];
    if (hour > 23 || minute > 59 || second > 59) return undefined;
    const day = new Date(base);
    return utc ? day.setUTCHours(hour, minute, second, ms) : day.setHours(hour, minute, second, ms);
  }
  if (!/^\d{4}-\d\d?-\d\d?/.test(trimmed)) return undefined;
  const zoned = /(?:Z|[+-]\d\d:?\d\d)$/i.test(trimmed) || !utc;
  const time = Date.parse(zoned ? trimmed : `${trimmed.replace(' ', 'T')}Z`);
  return Number.isNaN(time) ? undefined : time;
}

function ago(ms: number): string {
  const seconds = Math.round(ms / 100) / 10;
  if (seconds < 60) return `-${Math.max(0, seconds).toFixed(1)}s`;
  if (seconds < 3600) return `-${Math.floor(seconds / 60)}m${two(Math.floor(seconds % 60))}s`;
  if (seconds < 86_400) return `-${Math.floor(seconds / 3600)}h${two(Math.floor((seconds % 3600) / 60))}m`;
  return `-${Math.floor(seconds / 86_400)}d${Math.floor((seconds % 86_400) / 3600)}h`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
