import { ageColumn, nameColumn, namespaceColumn, referenceWords, status } from './columns';
import { defineKind } from './define';
import { num, str } from '../k8s/read';
import type { CoreEvent } from '../k8s/types';
import { parseTime } from '../util/age';

/** When it was last seen: the newest of what its writers fill in, which differs by API and age. */
export function eventLast(o: CoreEvent): number | null {
  const times = [o.series?.lastObservedTime, o.lastTimestamp, o.eventTime, o.firstTimestamp]
    .map(parseTime)
    .filter((at): at is number => at !== null);
  return times.length > 0 ? Math.max(...times) : parseTime(o.metadata.creationTimestamp);
}

export function eventCount(o: CoreEvent): number {
  return Math.max(num(o.series?.count) ?? 0, num(o.count) ?? 0, 1);
}

export const event = defineKind<CoreEvent>({
  group: '',
  resource: 'events',
  kind: 'Event',
  versions: ['v1'],
  namespaced: true,
  title: 'Events',
  singular: 'Event',
  tag: 'ev',
  aliases: ['ev'],
  section: 'cluster',
  order: 30,
  mask: {
    type: true,
    reason: true,
    message: true,
    count: true,
    firstTimestamp: true,
    lastTimestamp: true,
    eventTime: true,
    involvedObject: { apiVersion: true, kind: true, namespace: true, name: true, uid: true, fieldPath: true },
    source: { component: true, host: true },
    reportingComponent: true,
    reportingInstance: true,
    series: { count: true, lastObservedTime: true },
  },
  columns: [
    { ...nameColumn<CoreEvent>(), optional: true },
    namespaceColumn<CoreEvent>(),
    {
      id: 'type',
      title: 'Type',
      type: 'status',
      width: 90,
      // Normal and Warning are all that writers use; others are shown as they are.
      get: (o) => status(o.type === 'Normal' ? 'ok' : o.type === 'Warning' ? 'warn' : 'idle', str(o.type)),
    },
    { id: 'reason', title: 'Reason', type: 'text', width: 150, get: (o) => o.reason },
    {
      id: 'object',
      title: 'Object',
      type: 'text',
      width: 200,
      get: (o) => referenceWords({ kind: o.involvedObject?.kind, name: o.involvedObject?.name }),
    },
    { id: 'message', title: 'Message', type: 'text', width: 420, get: (o) => o.message },
    { id: 'count', title: 'Count', type: 'number', width: 60, get: eventCount },
    {
      id: 'source',
      title: 'Source',
      type: 'text',
      width: 140,
      optional: true,
      get: (o) => str(o.source?.component) || o.reportingComponent,
    },
    {
      id: 'host',
      title: 'Host',
      type: 'text',
      width: 140,
      optional: true,
      get: (o) => o.source?.host,
    },
    {
      id: 'field',
      title: 'Field',
      type: 'text',
      width: 160,
      optional: true,
      hint: 'The part of the object it is about',
      get: (o) => o.involvedObject?.fieldPath,
    },
    {
      id: 'first-seen',
      title: 'First seen',
      type: 'time',
      width: 80,
      optional: true,
      get: (o) => parseTime(o.firstTimestamp) ?? parseTime(o.eventTime),
    },
    { id: 'last-seen', title: 'Last seen', type: 'time', width: 80, get: eventLast },
    { ...ageColumn<CoreEvent>(), optional: true },
  ],
});
