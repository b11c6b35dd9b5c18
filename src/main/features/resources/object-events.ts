/**
 * The events about one object and what owns it, newest first, the same ones grouped and counted. Asked
 * with a field selector by uid, so that opening a drawer never loads a cluster's events. Owners are
 * found by reading the chain of ownerReferences, at most four deep; one that may not be read ends it.
 * What the server has forgotten (after an hour, as a rule) and the app has seen stays, marked `kept`.
 */
import type { EventGroup } from '#shared/contract/events';
import type { ObjectEvent, ObjectEventsState } from '#shared/contract/resources';
import type { OwnerReference } from '#shared/kinds/define';
import type { Scope } from '#shared/rpc/scope';
import type { AppError } from '#shared/util/app-error';
import type { Api } from '../../k8s/api';
import { resourcePath } from '../../k8s/path';
import { watchFew, type WholeObject } from '../../k8s/watch-few';
import type { KindLookup } from './related';

const DEEPEST = 4;
const METADATA_ONLY = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1, application/json;q=0.5';

/** Events seen since the cluster was opened, by any page. */
export interface KeptEvents {
  put(event: WholeObject): void;
  of(uid: string): readonly EventGroup[];
}

export interface EventsOf {
  readonly api: Api;
  readonly kinds: KindLookup;
  readonly kept: KeptEvents;
  /** Path of the events to ask. */
  readonly path: string;
  readonly objectPath: string;
  readonly namespace: string;
  readonly uid: string;
}

export function feedEvents(of: EventsOf, scope: Scope, onState: (state: ObjectEventsState) => void): void {
  const byUid = new Map<string, readonly ObjectEvent[]>();
  let error: AppError | undefined;
  const follow = (uid: string, owner: boolean): void => {
    byUid.set(uid, []);
    watchFew({
      api: of.api,
      path: of.path,
      query: { fieldSelector: `involvedObject.uid=${uid}`, limit: 500 },
      scope,
      onChange: (state) => {
        for (const one of state.items.values()) of.kept.put(one);
        const live = [...state.items.values()].map((one) => toEvent(one, owner));
        // Until the server has answered nobody knows what it has forgotten.
        const known = state.phase === 'loading' ? [] : keptOf(of.kept.of(uid), state.items, owner);
        byUid.set(uid, [...live, ...known]);
        if (!owner) error = state.error;
        const events = grouped([...byUid.values()].flat());
        events.sort((a, b) => (b.last ?? 0) - (a.last ?? 0));
        onState({ events, error });
      },
    });
  };
  follow(of.uid, false);
  void followOwners(of, scope, (uid) => {
    if (!byUid.has(uid) && !scope.disposed) follow(uid, true);
  }).catch(() => undefined); // Without owners there are still its own events.
}

async function followOwners(of: EventsOf, scope: Scope, found: (uid: string) => void): Promise<void> {
  let path: string | undefined = of.objectPath;
  for (let depth = 0; depth < DEEPEST && path !== undefined; depth += 1) {
    const object: WholeObject = await of.api.json<WholeObject>({ path, accept: METADATA_ONLY }, scope.signal);
    const owners = (object.metadata?.['ownerReferences'] ?? []) as readonly OwnerReference[];
    const owner = owners.find((one) => one.controller === true) ?? owners[0];
    if (!owner) return;
    // Static pods are owned by their node: its events are not about the pod.
    const group = owner.apiVersion.includes('/') ? (owner.apiVersion.split('/')[0] ?? '') : '';
    const kind = of.kinds.byGroupKind(group, owner.kind);
    if (!kind?.namespaced) return;
    found(owner.uid);
    path = resourcePath({ ...kind, namespace: of.namespace, name: owner.name });
  }
}

/** The same thing said of the same object by events of their own (another pod sandbox, another minute). */
function grouped(events: readonly ObjectEvent[]): ObjectEvent[] {
  const groups = new Map<string, ObjectEvent>();
  for (const one of events) {
    const key = [one.about.kind, one.about.name, one.type, one.reason, one.message].join('\n');
    const known = groups.get(key);
    if (!known) groups.set(key, one);
    else
      groups.set(key, {
        ...((known.last ?? 0) >= (one.last ?? 0) ? known : one),
        count: known.count + one.count,
        first: Math.min(known.first ?? Infinity, one.first ?? Infinity),
        kept: known.kept === true && one.kept === true,
      });
  }
  return [...groups.values()];
}

function keptOf(
  events: readonly EventGroup[],
  live: ReadonlyMap<string, unknown>,
  owner: boolean,
): readonly ObjectEvent[] {
  return events
    .filter(({ id }) => !live.has(id))
    .map(({ id, type, reason, message, source, count, first, last, kind, name }) => {
      return {
        id,
        type,
        reason,
        message,
        source,
        count,
        first,
        last,
        about: { kind, name, owner },
        kept: true,
      };
    });
}

/** Core v1 Event; `eventTime` and `series` come from clients of events.k8s.io. */
function toEvent(object: WholeObject, owner: boolean): ObjectEvent {
  const source = object.source as { component?: string; host?: string } | undefined;
  const series = object.series as { count?: number; lastObservedTime?: string } | undefined;
  const about = object.involvedObject as { kind?: unknown; name?: unknown } | undefined;
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
    about: { kind: text(about?.kind), name: text(about?.name), owner },
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
