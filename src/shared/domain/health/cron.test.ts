import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextRun, nextRuns, parseSchedule, zonedText, zoneOffset, type Schedule } from './cron';

const at = (text: string): number => Date.parse(text);
const plan = (text: string): Schedule => {
  const found = parseSchedule(text);
  if (!found) throw new Error(`cannot read ${text}`);
  return found;
};
const zone = (name: string): ((when: number) => number) => {
  const found = zoneOffset(name);
  if (!found) throw new Error(`no zone ${name}`);
  return found;
};
const next = (text: string, after: string, name = 'UTC'): string => {
  const found = nextRun(plan(text), zone(name), at(after));
  return found === undefined ? 'never' : new Date(found).toISOString().slice(0, 16);
};

describe('the next run', () => {
  it.each([
    ['* * * * *', '2026-03-01T10:00:30Z', '2026-03-01T10:01'],
    ['* * * * *', '2026-03-01T10:00:00Z', '2026-03-01T10:01'],
    ['*/15 * * * *', '2026-03-01T10:46:00Z', '2026-03-01T11:00'],
    ['5/20 * * * *', '2026-03-01T10:26:00Z', '2026-03-01T10:45'],
    ['0 3 * * *', '2026-03-01T03:00:00Z', '2026-03-02T03:00'],
    ['30 6 1,15 * *', '2026-03-02T00:00:00Z', '2026-03-15T06:30'],
    ['0 0 * * MON-FRI', '2026-03-06T12:00:00Z', '2026-03-09T00:00'],
    ['0 0 * jan,Jul sun', '2026-03-06T12:00:00Z', '2026-07-05T00:00'],
    // Day and weekday both given: either is enough.
    ['0 0 13 * 5', '2026-03-01T00:00:00Z', '2026-03-06T00:00'],
    ['0 0 29 2 *', '2026-03-01T00:00:00Z', '2028-02-29T00:00'],
    ['0 0 31 2 *', '2026-03-01T00:00:00Z', 'never'],
    ['@hourly', '2026-03-01T10:00:00Z', '2026-03-01T11:00'],
    ['@weekly', '2026-03-03T10:00:00Z', '2026-03-08T00:00'],
    ['@yearly', '2026-03-03T10:00:00Z', '2027-01-01T00:00'],
    ['@every 90m', '2026-03-03T10:00:00Z', '2026-03-03T11:30'],
    ['0 0 ? * ?', '2026-03-03T10:00:00Z', '2026-03-04T00:00'],
  ])('%s after %s is %s', (text, after, wanted) => {
    expect(next(text, after)).toBe(wanted);
  });

  it.each([
    ['Europe/Berlin', '0 3 * * *', '2026-01-10T12:00:00Z', '2026-01-11T02:00'],
    ['Europe/Berlin', '0 3 * * *', '2026-07-10T12:00:00Z', '2026-07-11T01:00'],
    // 02:30 is left out on the night of the change: the run of that day is not made.
    ['Europe/Berlin', '30 2 * * *', '2026-03-28T12:00:00Z', '2026-03-30T00:30'],
    // 02:30 comes twice, and is run twice.
    ['Europe/Berlin', '30 2 * * *', '2026-10-24T12:00:00Z', '2026-10-25T00:30'],
    ['Europe/Berlin', '30 2 * * *', '2026-10-25T00:30:00Z', '2026-10-25T01:30'],
    ['Asia/Kolkata', '0 9 * * *', '2026-01-10T12:00:00Z', '2026-01-11T03:30'],
    ['America/New_York', '0 0 1 * *', '2026-10-15T00:00:00Z', '2026-11-01T04:00'],
    // No midnight on that day: clocks go from 00:00 to 01:00.
    ['Africa/Cairo', '0 0 * * *', '2026-04-23T12:00:00Z', '2026-04-24T21:00'],
    // Half an hour of summer time.
    ['Australia/Lord_Howe', '15 2 * * *', '2026-10-03T00:00:00Z', '2026-10-04T15:15'],
  ])('in %s: %s after %s is %s', (name, text, after, wanted) => {
    expect(next(text, after, name)).toBe(wanted);
  });

  it('is the first minute that fits, whatever the schedule and zone', () => {
    const field = (least: number, most: number): fc.Arbitrary<string> =>
      fc.oneof(
        { weight: 3, arbitrary: fc.constant('*') },
        fc.integer({ min: least, max: most }).map(String),
        fc.integer({ min: 2, max: 9 }).map((step) => `*/${step}`),
        fc
          .tuple(fc.integer({ min: least, max: most }), fc.integer({ min: least, max: most }))
          .map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
      );
    const spec = fc
      .tuple(field(0, 59), field(0, 23), field(1, 28), field(1, 12), field(0, 6))
      .map((fields) => fields.join(' '));
    const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'Africa/Cairo', 'Australia/Lord_Howe');
    const start = fc.integer({
      min: at('2026-01-01T00:00:00Z') / 60_000,
      max: at('2026-12-01T00:00:00Z') / 60_000,
    });
    fc.assert(
      fc.property(spec, zones, start, (text, name, minute) => {
        const offset = zone(name);
        const found = nextRun(plan(text), offset, minute * 60_000);
        // Every minute of the next two days, one by one.
        for (let one = minute + 1; one <= minute + 2 * 1440; one += 1) {
          if (fits(text, new Date(one * 60_000 + offset(one * 60_000)))) return found === one * 60_000;
        }
        return found === undefined || found > (minute + 2 * 1440) * 60_000;
      }),
      { numRuns: 60 },
    );
  });
});

/** Another reading of the same rules, slow and plain. */
function fits(text: string, local: Date): boolean {
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = text.split(' ');
  const one = (field: string, value: number, least: number): boolean => {
    const step = /^\*\/(\d+)$/.exec(field)?.[1];
    if (field === '*') return true;
    if (step !== undefined) return (value - least) % Number(step) === 0;
    const [from, to = from] = field.split('-').map(Number);
    return value >= (from ?? 0) && value <= (to ?? 0);
  };
  const days = one(day, local.getUTCDate(), 1);
  const weekdays = one(weekday, local.getUTCDay(), 0);
  return (
    one(minute, local.getUTCMinutes(), 0) &&
    one(hour, local.getUTCHours(), 0) &&
    one(month, local.getUTCMonth() + 1, 1) &&
    (day === '*' || weekday === '*' ? days && weekdays : days || weekdays)
  );
}

it.each([
  '',
  '* * * *',
  '* * * * * *',
  '60 * * * *',
  '* 24 * * *',
  '* * 0 * *',
  '5-1 * * * *',
  '*/0 * * * *',
])('does not read %j', (text) => expect(parseSchedule(text)).toBeUndefined());
it.each(['a * * * *', '1,,2 * * * *', '@soon', '@every', '@every x', '* * * * 7', `${'*'.repeat(600)}`])(
  'does not read %j',
  (text) => expect(parseSchedule(text)).toBeUndefined(),
);

it('says which time zone there is not, and reads the old one in front', () => {
  expect(nextRuns('0 3 * * *', 'Mars/Olympus', 0, 1)).toEqual({
    problem: 'There is no time zone Mars/Olympus.',
  });
  const found = nextRuns('TZ=Asia/Tokyo 0 3 * * *', undefined, at('2026-03-01T00:00:00Z'), 2);
  if ('problem' in found) throw new Error(found.problem);
  expect(found.zone).toBe('Asia/Tokyo');
  expect(found.runs.map((run) => zonedText(run, found.offset))).toEqual([
    'Mon 2026-03-02 03:00',
    'Tue 2026-03-03 03:00',
  ]);
});
