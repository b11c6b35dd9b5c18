/** The five fields of a cron schedule, in UTC; names of days and months are not read. */

function values(field: string, from: number, to: number): Set<number> | undefined {
  const found = new Set<number>();
  for (const part of field.split(',')) {
    const match = /^(\*|\d+)(?:-(\d+))?(?:\/(\d+))?$/.exec(part);
    if (!match) return undefined;
    const first = match[1] === '*' ? from : Number(match[1]);
    const last =
      match[2] !== undefined ? Number(match[2]) : match[1] === '*' || match[3] !== undefined ? to : first;
    for (let value = first; value <= last; value += Number(match[3] ?? 1) || 1) found.add(value);
  }
  return found;
}

/** The first minute after `after` (epoch ms); undefined when there is none within a year. */
export function nextRun(schedule: string, after: number): number | undefined {
  const ranges = [
    [0, 59],
    [0, 23],
    [1, 31],
    [1, 12],
    [0, 7],
  ] as const;
  const fields = schedule.trim().split(/\s+/);
  if (fields.length !== 5) return undefined;
  const [minutes, hours, days, months, weekdays] = fields.map((field, i) =>
    values(field, ranges[i]?.[0] ?? 0, ranges[i]?.[1] ?? 0),
  );
  if (!minutes || !hours || !days || !months || !weekdays) return undefined;
  if (weekdays.has(7)) weekdays.add(0);
  const anyDay = fields[2] === '*' || fields[4] === '*';
  const time = new Date(Math.floor(after / 60_000) * 60_000 + 60_000);
  const limit = after + 366 * 86_400_000;
  while (time.getTime() < limit) {
    const onDay = days.has(time.getUTCDate());
    const onWeekday = weekdays.has(time.getUTCDay());
    if (!months.has(time.getUTCMonth() + 1) || !(anyDay ? onDay && onWeekday : onDay || onWeekday))
      time.setUTCHours(24, 0, 0, 0);
    else if (!hours.has(time.getUTCHours())) time.setUTCHours(time.getUTCHours() + 1, 0, 0, 0);
    else if (!minutes.has(time.getUTCMinutes())) time.setUTCMinutes(time.getUTCMinutes() + 1);
    else return time.getTime();
  }
  return undefined;
}
