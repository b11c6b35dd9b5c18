/**
 * When a CronJob runs next: its schedule read as the controller reads it (five fields, names,
 * ranges, steps, `@daily` and the like, an old `TZ=` in front), in its own time zone. A local
 * time that a change of clocks leaves out is not run; one that comes twice is run twice.
 * Not told: what suspend, missed starts or a deadline make of it.
 */

export interface Schedule {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly weekdays: ReadonlySet<number>;
  /** `*`: only the other one of day and weekday decides. */
  readonly anyDay: boolean;
  readonly anyWeekday: boolean;
  /** `@every`: ms between two runs. */
  readonly every?: number;
  /** Written in the schedule itself. */
  readonly zone?: string;
}

const names = {
  month: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  weekday: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'],
} as const;

const shorthands: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

const SECOND = 1_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Further away is never, as for the controller. */
const FAR = 5 * 366 * DAY;

/** Undefined: it cannot be read, and the controller would not run it. */
export function parseSchedule(text: string): Schedule | undefined {
  if (text.length > 512) return undefined;
  const zoned = /^(?:CRON_)?TZ=(\S+)\s+(.*)$/.exec(text.trim());
  const spec = (zoned?.[2] ?? text).trim();
  const zone = zoned?.[1] === undefined ? {} : { zone: zoned[1] };
  const every = /^@every\s+(\S+)$/.exec(spec)?.[1];
  if (every !== undefined) {
    const ms = goDuration(every);
    return ms === undefined ? undefined : { ...schedule(['*', '*', '*', '*', '*']), every: ms, ...zone };
  }
  const fields = (shorthands[spec] ?? spec).split(/\s+/);
  if (fields.length !== 5) return undefined;
  try {
    return { ...schedule(fields), ...zone };
  } catch {
    return undefined;
  }
}

function schedule(fields: readonly string[]): Schedule {
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = fields;
  const isAny = (field: string): boolean => /^[*?](?:\/1)?$/.test(field);
  return {
    minutes: parseField(minute, 0, 59),
    hours: parseField(hour, 0, 23),
    days: parseField(day, 1, 31),
    months: parseField(month, 1, 12, names.month),
    weekdays: parseField(weekday, 0, 6, names.weekday),
    anyDay: isAny(day),
    anyWeekday: isAny(weekday),
  };
}

function parseField(
  field: string,
  least: number,
  most: number,
  words: readonly string[] = [],
): ReadonlySet<number> {
  const number = (raw: string): number => {
    const word = words.indexOf(raw.toLowerCase());
    const value = word >= 0 ? word + (least === 1 ? 1 : 0) : /^\d{1,2}$/.test(raw) ? Number(raw) : NaN;
    if (!(value >= least && value <= most)) throw new RangeError(raw);
    return value;
  };
  const found = new Set<number>();
  for (const part of field.split(',')) {
    const [range = '', step, more] = part.split('/');
    if (more !== undefined || range === '') throw new RangeError(part);
    const size = step === undefined ? 1 : /^\d{1,3}$/.test(step) ? Number(step) : 0;
    if (size === 0) throw new RangeError(part);
    const [from = '', to, extra] = range.split('-');
    if (extra !== undefined) throw new RangeError(part);
    const all = range === '*' || range === '?';
    const first = all ? least : number(from);
    // `5/15` goes on to the end, as `5-59/15` does.
    const last =
      all || (to === undefined && step !== undefined) ? most : to === undefined ? first : number(to);
    if (last < first) throw new RangeError(part);
    for (let value = first; value <= last; value += size) found.add(value);
  }
  return found;
}

function goDuration(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:h|m|s))+$/.test(text)) return undefined;
  const size = { h: HOUR, m: MINUTE, s: SECOND };
  let sum = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(h|m|s)/g))
    sum += Number(amount) * size[unit as 'h'];
  return Math.max(SECOND, Math.floor(sum / SECOND) * SECOND);
}

/** Ms that the zone's clocks are ahead of UTC at an instant; undefined: no such zone. */
export function zoneOffset(zone: string): ((at: number) => number) | undefined {
  if (/^(?:UTC|Etc\/UTC|GMT)$/i.test(zone)) return () => 0;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return undefined;
  }
  return (at) => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
    const local = Date.UTC(
      part('year'),
      part('month') - 1,
      part('day'),
      part('hour'),
      part('minute'),
      part('second'),
    );
    return local - Math.floor(at / SECOND) * SECOND;
  };
}

/** The first run after an instant (epoch ms); undefined: none in the next five years. */
export function nextRun(plan: Schedule, offset: (at: number) => number, after: number): number | undefined {
  if (plan.every !== undefined) return Math.floor(after / SECOND) * SECOND + plan.every;
  const end = after + FAR;
  let at = (Math.floor(after / MINUTE) + 1) * MINUTE;
  while (at <= end) {
    const ahead = offset(at);
    const local = at + ahead;
    const date = new Date(local);
    if (!fitsDay(plan, date)) {
      const midnight = (Math.floor(local / DAY) + 1) * DAY;
      // Clocks may change on the way: rather a little early, the next turn sees the rest.
      const early = midnight - Math.max(ahead, offset(midnight - ahead));
      at = early > at ? early : at + MINUTE;
    } else if (!plan.hours.has(date.getUTCHours())) at += MINUTE * (60 - date.getUTCMinutes());
    else if (!plan.minutes.has(date.getUTCMinutes())) at += MINUTE;
    else return at;
  }
  return undefined;
}

/** Where both are given, either of day and weekday is enough: that is cron's own rule. */
function fitsDay(plan: Schedule, local: Date): boolean {
  if (!plan.months.has(local.getUTCMonth() + 1)) return false;
  const [day, weekday] = [plan.days.has(local.getUTCDate()), plan.weekdays.has(local.getUTCDay())];
  return plan.anyDay || plan.anyWeekday ? day && weekday : day || weekday;
}

export type NextRuns =
  | { readonly runs: readonly number[]; readonly zone: string; readonly offset: (at: number) => number }
  | { readonly problem: string };

/** The next runs after `now`. `serverZone`: of the controller, which nothing tells; UTC almost everywhere. */
export function nextRuns(
  text: string,
  timeZone: string | undefined,
  now: number,
  count: number,
  serverZone = 'UTC',
): NextRuns {
  const plan = parseSchedule(text);
  if (!plan) return { problem: `The schedule ${JSON.stringify(text)} cannot be read.` };
  const zone = timeZone ?? plan.zone ?? serverZone;
  const offset = zoneOffset(zone);
  if (!offset) return { problem: `There is no time zone ${zone}.` };
  const runs: number[] = [];
  let at: number | undefined = now;
  while (runs.length < count) {
    at = nextRun(plan, offset, at);
    if (at === undefined) break;
    runs.push(at);
  }
  return { runs, zone, offset };
}

/** `Thu 2026-11-21 03:00` on the clocks of the zone. */
export function zonedText(at: number, offset: (at: number) => number): string {
  const local = new Date(at + offset(at));
  const weekday = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][local.getUTCDay()] ?? '';
  return `${weekday} ${local.toISOString().slice(0, 16).replace('T', ' ')}`;
}
