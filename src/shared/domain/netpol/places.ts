/**
 * What one may ask about, and which ends of flows it stands for: pods no policy can tell apart
 * speak through one of them, with their number. "Internet" is public unicast address space, cut
 * where policies tell addresses apart. Throws an Error with words when a place is not known.
 */
import { addressEndpoint, podEndpoint, type Endpoint } from './ask';
import { formatIp, formatRange, parseCidr } from './ip';
import type { NetpolModel, PodEntry } from './model';
import { workloadOf } from './types';

export type Place =
  | { readonly type: 'pod' | 'service'; readonly namespace: string; readonly name: string }
  /** `ns/name[Kind]` */
  | { readonly type: 'workload'; readonly id: string }
  | { readonly type: 'namespace'; readonly name: string }
  | { readonly type: 'ip'; readonly address: string }
  | { readonly type: 'internet' };

/** One end for `count` pods that are judged alike. */
export interface Seat {
  readonly endpoint: Endpoint;
  /** Another pod of the same group, for flows among themselves. */
  readonly other?: Endpoint;
  readonly count: number;
}

/** Not public: private, shared, loopback, link-local, documentation, benchmark, multicast, reserved. */
const NOT_PUBLIC = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
].map((text) => parseCidr(text)!);
const PUBLIC_V6 = parseCidr('2000::/3')!;
const V4_END = (1n << 32n) - 1n;

/** `shop/cart[Deployment]` in three. */
export function workloadParts(id: string): { namespace: string; name: string; kind: string } {
  const slash = id.indexOf('/');
  const bracket = id.lastIndexOf('[');
  return {
    namespace: id.slice(0, slash),
    name: id.slice(slash + 1, bracket < 0 ? undefined : bracket),
    kind: bracket < 0 ? 'Pod' : id.slice(bracket + 1, -1),
  };
}

export function placeText(place: Place): string {
  switch (place.type) {
    case 'pod':
      return `pod ${place.namespace}/${place.name}`;
    case 'service':
      return `service ${place.namespace}/${place.name}`;
    case 'workload': {
      const { namespace, name, kind } = workloadParts(place.id);
      return `${kind} ${namespace}/${name}`;
    }
    case 'namespace':
      return `namespace ${place.name}`;
    case 'ip':
      return place.address;
    case 'internet':
      return 'the internet';
  }
}

/** Services are resolved before (services.ts). */
export function seatsOf(model: NetpolModel, place: Exclude<Place, { type: 'service' }> | Place): Seat[] {
  switch (place.type) {
    case 'pod': {
      const entry = model.pods.get(`${place.namespace}/${place.name}`);
      if (!entry) throw new Error(`Pod ${place.namespace}/${place.name} does not run (S27)`);
      return [{ endpoint: podEndpoint(entry), count: 1 }];
    }
    case 'ip': {
      const endpoint = addressEndpoint(model, place.address);
      if (!endpoint) throw new Error(`${place.address} is no IP address`);
      return [{ endpoint, count: 1 }];
    }
    case 'workload': {
      const seats = grouped(model, (entry) => workloadOf(entry.pod) === place.id);
      if (seats.length === 0) throw new Error(`${placeText(place)} has no running pods`);
      return seats;
    }
    case 'namespace': {
      const seats = grouped(model, (entry) => entry.pod.namespace === place.name);
      if (seats.length === 0) throw new Error(`Namespace ${place.name} has no running pods`);
      return seats;
    }
    case 'internet':
      return internetSeats(model);
    case 'service':
      throw new Error('A Service has no address of its own: it is resolved to its endpoints');
  }
}

function grouped(model: NetpolModel, wanted: (entry: PodEntry) => boolean): Seat[] {
  const byGroup = new Map<string, { first: PodEntry; second?: PodEntry; count: number }>();
  for (const entry of model.pods.values()) {
    if (!wanted(entry)) continue;
    const known = byGroup.get(entry.group.key);
    if (!known) byGroup.set(entry.group.key, { first: entry, count: 1 });
    else {
      known.second ??= entry;
      known.count += 1;
    }
  }
  return [...byGroup.values()].map(({ first, second, count }) => ({
    endpoint: podEndpoint(first),
    ...(second ? { other: podEndpoint(second) } : {}),
    count,
  }));
}

/** Public ranges by address class, the largest class first. */
export function publicClasses(model: NetpolModel): {
  readonly cls: number;
  readonly size: bigint;
  readonly ranges: readonly (readonly [bigint, bigint])[];
}[] {
  const classes = new Map<number, { size: bigint; ranges: [bigint, bigint][] }>();
  const add = (cls: number, first: bigint, last: bigint): void => {
    if (first > last) return;
    const one = classes.get(cls) ?? { size: 0n, ranges: [] };
    one.size += last - first + 1n;
    one.ranges.push([first, last]);
    classes.set(cls, one);
  };
  for (const { first, last, cls } of model.space.ranges) {
    if (first <= V4_END) {
      let at = first;
      for (const hole of NOT_PUBLIC) {
        if (hole.last < at || hole.first > last) continue;
        add(cls, at, hole.first - 1n);
        at = hole.last + 1n;
      }
      add(cls, at, last);
    } else {
      const from = first > PUBLIC_V6.first ? first : PUBLIC_V6.first;
      const to = last < PUBLIC_V6.last ? last : PUBLIC_V6.last;
      // All of IPv6 weighs as much as one IPv4 range would: sizes only order what is shown.
      if (from <= to) {
        const one = classes.get(cls) ?? { size: 0n, ranges: [] };
        one.size += 1n;
        one.ranges.push([from, to]);
        classes.set(cls, one);
      }
    }
  }
  return [...classes]
    .map(([cls, { size, ranges }]) => ({ cls, size, ranges }))
    .sort((a, b) => (a.size > b.size ? -1 : a.size < b.size ? 1 : 0));
}

function internetSeats(model: NetpolModel): Seat[] {
  const classes = publicClasses(model);
  return classes.map(({ cls, ranges }) => ({
    endpoint: {
      kind: 'external' as const,
      name: classes.length === 1 ? 'the internet' : `the internet (${rangesText(ranges)})`,
      entry: null,
      views: [cls],
      node: null,
    },
    count: 1,
  }));
}

/** The first three ranges, and how many more. */
export function rangesText(ranges: readonly (readonly [bigint, bigint])[]): string {
  const shown = ranges
    .slice(0, 2)
    .map(([first, last]) => (first === last ? formatIp(first) : formatRange(first, last)));
  return ranges.length > 2 ? `${shown.join(', ')} and ${ranges.length - 2} more` : shown.join(', ');
}
