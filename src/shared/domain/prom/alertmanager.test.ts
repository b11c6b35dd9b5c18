/** Groups and silences as Alertmanager writes them, hostile ones, and which alerts a silence matches. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matcherText, readGroups, readSilences, silenceProblem, silences } from './alertmanager';

const is = (name: string, value: string, isRegex = false, isEqual = true) => ({
  name,
  value,
  isRegex,
  isEqual,
});

test('groups keep their labels, receiver and what silences their alerts', () => {
  const [group] = readGroups([
    {
      labels: { namespace: 'shop' },
      receiver: { name: 'team-shop' },
      alerts: [
        {
          fingerprint: 'ab12',
          labels: { alertname: 'ContainerRestarting', severity: 'critical', namespace: 'shop', pod: 'web-1' },
          annotations: { summary: 'It restarts' },
          startsAt: '2026-11-21T10:00:00Z',
          status: { state: 'suppressed', silencedBy: ['s1'], inhibitedBy: [] },
        },
      ],
    },
  ]);
  expect(group).toMatchObject({ receiver: 'team-shop', labels: { namespace: 'shop' } });
  expect(group?.alerts[0]).toMatchObject({
    name: 'ContainerRestarting',
    state: 'suppressed',
    silencedBy: ['s1'],
    inhibited: false,
    links: [
      { kind: 'pods', namespace: 'shop', name: 'web-1' },
      { kind: 'namespaces', name: 'shop' },
    ],
  });
});

test('silences: active ones first, by their end', () => {
  const one = (id: string, state: string, endsAt: string) => ({
    id,
    status: { state },
    matchers: [{ name: 'a', value: 'b', isRegex: false }],
    startsAt: '2026-11-21T10:00:00Z',
    endsAt,
    createdBy: 'jane',
    comment: 'planned',
  });
  const found = readSilences([
    one('e', 'expired', '2026-11-20T00:00:00Z'),
    one('late', 'active', '2026-11-23T00:00:00Z'),
    one('soon', 'active', '2026-11-22T00:00:00Z'),
  ]);
  expect(found.map(({ id }) => id)).toEqual(['soon', 'late', 'e']);
  expect(found[0]?.matchers).toEqual([is('a', 'b')]);
});

test('anything is read without an exception', () => {
  fc.assert(
    fc.property(fc.anything(), (raw) => {
      readGroups(raw);
      readSilences(raw);
      readGroups([raw]);
      readSilences([raw]);
      readGroups([{ alerts: [raw] }]);
    }),
  );
});

describe('what a silence matches', () => {
  const labels = { alertname: 'Watchdog', pod: 'web-1' };
  test.each([
    [[is('pod', 'web-1')], true],
    [[is('pod', 'web-2')], false],
    [[is('pod', 'web-2', false, false)], true],
    [[is('pod', 'web-.*', true)], true],
    [[is('pod', 'web', true)], false],
    [[is('pod', 'web-.*', true, false)], false],
    [[is('node', '')], true],
    [[is('pod', 'web-1'), is('alertname', 'Other')], false],
    [[is('pod', '((a+)+)+$', true)], false],
    [[is('pod', '[', true)], false],
    [[], false],
  ])('%j: %s', (matchers, expected) => {
    expect(silences(matchers, labels)).toBe(expected);
  });

  test('no pattern holds the window up', () => {
    const evil = ['(a+)+$', 'a+'.repeat(40), '(.*)*b', '.*.*.*.*.*.*.*b'];
    const began = performance.now();
    for (const value of evil) silences([is('pod', value, true)], { pod: 'a'.repeat(2000) });
    expect(performance.now() - began).toBeLessThan(2000);
  });
});

test.each([
  [[], 'why', 'needs a matcher'],
  [[is('a b', 'c')], 'why', 'no name of a label'],
  [[is('a', '')], 'why', 'everything'],
  [[is('a', '.*', true)], 'why', 'everything'],
  [[is('a', 'b')], ' ', 'Say why'],
] as const)('%j with %j may not be made: %s', (matchers, comment, words) => {
  expect(silenceProblem(matchers, comment)).toContain(words);
});

test('a silence is told as Alertmanager writes it', () => {
  expect(
    [is('a', 'b"'), is('a', 'b', true), is('a', 'b', false, false), is('a', 'b', true, false)].map(
      matcherText,
    ),
  ).toEqual(['a="b\\""', 'a=~"b"', 'a!="b"', 'a!~"b"']);
  expect(silenceProblem([is('a', 'b')], 'planned')).toBeUndefined();
});
