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
