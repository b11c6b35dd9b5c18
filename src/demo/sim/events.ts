/** Writes Events as components do: repeated ones count up, all are gone after an hour. */
import { hash } from '../random';
import type { KObject } from '../model';
import type { Sim } from './sim';

const lifetime = 3_600_000;

export type EventType = 'Normal' | 'Warning';

export function emit(
  sim: Sim,
  about: KObject,
  type: EventType,
  reason: string,
  message: string,
  component: string,
  host?: string,
): void {
  if (sim.longAgo) return;
  const { name, namespace, uid, resourceVersion } = about.metadata;
  const home = namespace ?? 'default';
  const eventName = `${name}.${hash(`${uid}${reason}${message}`).toString(16).padStart(8, '0')}${uid.slice(0, 8)}`;
  const repeated = sim.change('events', home, eventName, (event) => {
    event['count'] = Number(event['count']) + 1;
    event['lastTimestamp'] = sim.now;
  });
  if (repeated) return;
  sim.store.create('events', {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: eventName, namespace: home },
    involvedObject: {
      kind: about.kind,
      ...(namespace === undefined ? {} : { namespace }),
      name,
      uid,
      apiVersion: about.apiVersion,
      resourceVersion,
    },
    reason,
    message,
    source: { component, ...(host === undefined ? {} : { host }) },
    firstTimestamp: sim.now,
    lastTimestamp: sim.now,
    count: 1,
    type,
    eventTime: null,
    reportingComponent: component,
    reportingInstance: host ?? '',
  });
}

/** Drops events that nobody has repeated for an hour. */
export function expireEvents(sim: Sim): void {
  for (const event of sim.store.list('events')) {
    const last =
      Date.parse(String(event['lastTimestamp'] ?? '')) || Date.parse(event.metadata.creationTimestamp);
    if (sim.time - last > lifetime) sim.store.remove('events', event.metadata.namespace, event.metadata.name);
  }
}
