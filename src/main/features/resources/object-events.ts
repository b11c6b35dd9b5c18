/**
 * The events about one object, by its uid, newest first. Asked with a field selector,
 * so that opening a drawer never loads a cluster's events.
 */
import type { ObjectEvent, ObjectEventsState } from '#shared/contract/resources';
import type { Scope } from '#shared/rpc/scope';
import type { Api } from '../../k8s/api';
import { watchFew, type WholeObject } from '../../k8s/watch-few';

export function feedEvents(
  api: Api,
  path: string,
  selector: string,
  scope: Scope,
  onState: (state: ObjectEventsState) => void,
): void {
  watchFew({
    api,
    path,
    query: { fieldSelector: selector, limit: 500 },
    scope,
    onChange: ({ items, error }) => {
      const events = [...items.values()].map(toEvent);
      events.sort((a, b) => (b.last ?? 0) - (a.last ?? 0));
      onState({ events, error });
    },
  });
}

/** Core v1 Event; `eventTime` and `series` come from clients of events.k8s.io. */
function toEvent(object: WholeObject): ObjectEvent {
  const source = object.source as { component?: string; host?: string } | undefined;
  const series = object.series as { count?: number; lastObservedTime?: string } | undefined;
  const first =
    time(object.firstTimestamp) ?? time(object.eventTime) ?? time(object.metadata?.creationTimestamp);
  return {
    id: object.metadata?.uid ?? '',
    type: text(object.type),
    reason: text(object.reason),
    message: text(object.message),
    source: text(object.reportingComponent) || text(source?.component),
    count: Math.max(1, number(object.count), number(series?.count)),
    first,
    last: time(series?.lastObservedTime) ?? time(object.lastTimestamp) ?? first,
  };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function number(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

function time(value: unknown): number | null {
  if (typeof value !== 'string') return null;
  const ms = Date.parse(value);
  return Number.isNaN(ms) ? null : ms;
}
