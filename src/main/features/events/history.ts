/**
 * Events as they were seen, by uid of the event and by uid of the object they are about.
 * Guarantees: an event stays when the server forgets it; at most 20,000 are kept, the oldest go
 * first and are counted; asking about one object reads its events only.
 */
import type { EventGroup, EventsBatch } from '#shared/contract/events';
import { eventCount, eventLast } from '#shared/kinds/event';
import { str } from '#shared/k8s/read';
import type { CoreEvent } from '#shared/k8s/types';
import { parseTime } from '#shared/util/age';

export const MOST_KEPT = 20_000;

export interface EventFilter {
  readonly namespaces: readonly string[];
  readonly type: 'all' | 'Normal' | 'Warning';
  readonly reason: string;
  readonly text: string;
  readonly uids: readonly string[];
  readonly limit: number;
}

interface Kept extends EventGroup {
  readonly group: string;
}

export class EventHistory {
  private readonly events = new Map<string, Kept>();
  private readonly byObject = new Map<string, Set<string>>();
  private lost = 0;

  constructor(private readonly most = MOST_KEPT) {}

  get size(): number {
    return this.events.size;
  }

  /** A new or changed event; one that changes nothing is ignored. */
  put(event: CoreEvent): boolean {
    const kept = read(event);
    if (!kept) return false;
    const before = this.events.get(kept.id);
    if (before && before.last === kept.last && before.count === kept.count && !before.forgotten) return false;
    // Again at the end: the map is in the order of what was last said.
    this.events.delete(kept.id);
    this.events.set(kept.id, kept);
    const known = this.byObject.get(kept.uid);
    if (known) known.add(kept.id);
    else this.byObject.set(kept.uid, new Set([kept.id]));
    if (this.events.size > this.most) this.dropOldest();
    return true;
  }

  /** The server no longer has it. */
  forget(id: string): void {
    const kept = this.events.get(id);
    if (kept) this.events.set(id, { ...kept, forgotten: true });
  }

  /** After a new list: what is not in it is no longer at the server. */
  retain(ids: ReadonlySet<string>, namespace: string): void {
    for (const kept of this.events.values()) {
      if (!kept.forgotten && !ids.has(kept.id) && (namespace === '' || kept.namespace === namespace))
        this.forget(kept.id);
    }
  }

  /** Every event about one object, each by itself. */
  of(uid: string): readonly EventGroup[] {
    return uid === '' ? [] : [...this.candidates([uid])];
  }

  query(filter: EventFilter): Pick<EventsBatch, 'groups' | 'matched' | 'kept' | 'dropped' | 'reasons'> {
    const spaces = new Set(filter.namespaces);
    const wanted = filter.text.trim().toLowerCase();
    const groups = new Map<string, EventGroup>();
    const reasons = new Map<string, number>();
    for (const kept of this.candidates(filter.uids)) {
      if (spaces.size > 0 && !spaces.has(kept.namespace)) continue;
      if (filter.type !== 'all' && kept.type !== filter.type) continue;
      if (wanted !== '' && !`${kept.kind}/${kept.name} ${kept.message}`.toLowerCase().includes(wanted))
        continue;
      reasons.set(kept.reason, (reasons.get(kept.reason) ?? 0) + kept.count);
      if (filter.reason !== '' && kept.reason !== filter.reason) continue;
      groups.set(kept.group, joined(groups.get(kept.group), kept));
    }
    const all = [...groups.values()].sort((a, b) => (b.last ?? 0) - (a.last ?? 0));
    return {
      groups: all.slice(0, filter.limit),
      matched: all.length,
      kept: this.events.size,
      dropped: this.lost,
      reasons: [...reasons]
        .map(([reason, count]) => ({ reason, count }))
        .sort((a, b) => b.count - a.count)
        .slice(0, 100),
    };
  }

  private *candidates(uids: readonly string[]): Iterable<Kept> {
    if (uids.length === 0) {
      yield* this.events.values();
      return;
    }
    for (const uid of new Set(uids)) {
      for (const id of this.byObject.get(uid) ?? []) {
        const kept = this.events.get(id);
        if (kept) yield kept;
      }
    }
  }

  private dropOldest(): void {
    const [oldest] = this.events.values();
    if (!oldest) return;
    this.events.delete(oldest.id);
    const known = this.byObject.get(oldest.uid);
    known?.delete(oldest.id);
    if (known?.size === 0) this.byObject.delete(oldest.uid);
    this.lost += 1;
  }
}

function joined(before: EventGroup | undefined, kept: Kept): EventGroup {
  const { group, ...event } = kept;
  if (!before) return { ...event, id: group };
  const newer = (kept.last ?? 0) >= (before.last ?? 0);
  return {
    ...(newer ? event : before),
    id: group,
    count: before.count + kept.count,
    first: least(before.first, kept.first),
    last: Math.max(before.last ?? 0, kept.last ?? 0) || null,
    forgotten: before.forgotten && kept.forgotten,
  };
}

function least(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}

/** Undefined for what is no event. The same is said when object, type, reason and writer are the same. */
function read(event: CoreEvent): Kept | undefined {
  const id = str(event.metadata?.uid);
  if (id === '') return undefined;
  const { involvedObject: of } = event;
  const base = {
    id,
    type: str(event.type),
    reason: str(event.reason),
    message: str(event.message),
    kind: str(of?.kind),
    apiVersion: str(of?.apiVersion),
    namespace: str(of?.namespace) || str(event.metadata.namespace),
    name: str(of?.name),
    uid: str(of?.uid),
    source: str(event.reportingComponent) || str(event.source?.component),
    count: eventCount(event),
    first:
      parseTime(event.firstTimestamp) ??
      parseTime(event.eventTime) ??
      parseTime(event.metadata.creationTimestamp),
    last: eventLast(event),
    forgotten: false,
  };
  const { kind, namespace, name, uid, type, reason, source } = base;
  return { ...base, group: [uid || `${kind}/${namespace}/${name}`, type, reason, source].join('\n') };
}
