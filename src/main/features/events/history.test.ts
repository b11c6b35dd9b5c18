import { expect, test } from 'vitest';
import type { CoreEvent } from '#shared/k8s/types';
import { EventHistory, type EventFilter } from './history';

const all: EventFilter = { namespaces: [], type: 'all', reason: '', text: '', uids: [], limit: 100 };

function event(id: string, more: Record<string, unknown> = {}, at = 10): CoreEvent {
  return {
    metadata: { uid: id, name: id, namespace: 'shop', resourceVersion: '1' },
    type: 'Warning',
    reason: 'BackOff',
    message: `said ${id}`,
    involvedObject: { kind: 'Pod', namespace: 'shop', name: 'web-0', uid: 'pod-0' },
    lastTimestamp: `2026-03-01T12:00:${at}Z`,
    count: 1,
    ...more,
  } as unknown as CoreEvent;
}

test('what is kept of one object is told by itself, also what the server has forgotten', () => {
  const history = new EventHistory();
  history.put(event('a'));
  history.put(event('b', { involvedObject: { kind: 'Pod', namespace: 'shop', name: 'x', uid: 'pod-1' } }));
  history.forget('a');
  expect(history.of('pod-0').map(({ id, forgotten }) => [id, forgotten])).toEqual([['a', true]]);
  expect(history.of('')).toEqual([]);
});

test('the same said of the same object is one group with its count and times', () => {
  const history = new EventHistory();
  history.put(event('a', { count: 3, firstTimestamp: '2026-03-01T11:00:00Z' }, 10));
  history.put(event('b', { series: { count: 4, lastObservedTime: '2026-03-01T12:00:30Z' } }, 20));
  history.put(event('c', { reason: 'Pulled', type: 'Normal' }, 40));
  const { groups, matched, reasons } = history.query(all);
  expect(matched).toBe(2);
  expect(groups.map(({ reason, count, message }) => [reason, count, message])).toEqual([
    ['Pulled', 1, 'said c'],
    ['BackOff', 7, 'said b'],
  ]);
  expect(groups[1]).toMatchObject({
    first: Date.parse('2026-03-01T11:00:00Z'),
    last: Date.parse('2026-03-01T12:00:30Z'),
  });
  expect(reasons).toEqual([
    { reason: 'BackOff', count: 7 },
    { reason: 'Pulled', count: 1 },
  ]);
});

test('what the server forgets stays, and says so', () => {
  const history = new EventHistory();
  history.put(event('a'));
  history.put(event('b', { reason: 'Killing' }));
  history.forget('a');
  history.retain(new Set(['a']), '');
  expect(history.query(all).groups.map((group) => group.forgotten)).toEqual([true, true]);
  expect(history.put(event('b', { reason: 'Killing' }))).toBe(true);
  expect(history.query({ ...all, reason: 'Killing' }).groups[0]?.forgotten).toBe(false);
});

test.each<[string, Partial<EventFilter>, number]>([
  ['type', { type: 'Normal' }, 1],
  ['reason', { reason: 'BackOff' }, 1],
  ['object', { text: 'POD/web' }, 2],
  ['message', { text: 'said other' }, 1],
  ['namespace', { namespaces: ['none'] }, 0],
  ['uid', { uids: ['node-1'] }, 1],
  ['two uids, one unknown', { uids: ['pod-0', 'nobody'] }, 2],
])('filters by %s', (_name, filter, wanted) => {
  const history = new EventHistory();
  history.put(event('a'));
  history.put(event('b', { type: 'Normal', reason: 'Pulled' }));
  history.put(
    event('other', { reason: 'Evicted', involvedObject: { kind: 'Node', name: 'node-1', uid: 'node-1' } }),
  );
  expect(history.query({ ...all, ...filter }).matched).toBe(wanted);
});

test('memory is bounded: the oldest go and are counted, also from the index', () => {
  const history = new EventHistory(3);
  for (const id of ['a', 'b', 'c', 'd', 'e'])
    history.put(event(id, { reason: id, involvedObject: { kind: 'Pod', name: id, uid: id } }));
  const { kept, dropped, groups } = history.query(all);
  expect([kept, dropped, groups.map((group) => group.reason).sort()]).toEqual([3, 2, ['c', 'd', 'e']]);
  expect(history.query({ ...all, uids: ['a'] }).matched).toBe(0);
});
