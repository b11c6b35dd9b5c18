/** Everybody a place may open connections to, or who may open some to it, workload by workload. */
import { EVERYTHING, NOTHING } from './conn-table';
import { seatConn } from './inquiry';
import type { NetpolModel } from './model';
import { seatsOf, workloadParts, type Place, type Seat } from './places';
import { formatConn } from './ports';
import { workloadOf } from './types';

export interface ReachRow {
  readonly place: Place;
  /** `ns/name`, `internet`. */
  readonly label: string;
  readonly kind: string;
  /** `All`, `TCP 80`; '' for nothing. */
  readonly open: string;
  /** Not between all pods. */
  readonly uneven: boolean;
}

/** `ingress`: who can reach the place; `egress`: what it can reach. Throws an Error with words. */
export function reachOf(model: NetpolModel, place: Place, direction: 'ingress' | 'egress'): ReachRow[] {
  const own = seatsOf(model, place);
  const row = (other: Place, label: string, kind: string): ReachRow => {
    const seats = seatsOf(model, other);
    let open = NOTHING;
    let first = -1;
    let uneven = false;
    for (const a of own) {
      for (const b of seats) {
        const conn = direction === 'egress' ? between(model, a, b) : between(model, b, a);
        open = model.conns.union(open, conn);
        if (first < 0) first = conn;
        else if (first !== conn) uneven = true;
      }
    }
    if (open !== EVERYTHING && onOneNode(model, direction === 'egress' ? [place, other] : [other, place])) {
      open = EVERYTHING;
      uneven = true;
    }
    return { place: other, label, kind, open: formatConn(model.conns.get(open)), uneven };
  };
  const rows = place.type === 'internet' ? [] : [row({ type: 'internet' }, 'internet', '')];
  for (const id of [...model.workloads.keys()].sort()) {
    if (place.type === 'workload' && place.id === id) continue;
    const { namespace, name, kind } = workloadParts(id);
    rows.push(row({ type: 'workload', id }, `${namespace}/${name}`, kind));
  }
  return rows;
}

function between(model: NetpolModel, from: Seat, to: Seat): number {
  if (from.endpoint.entry !== null && from.endpoint.entry === to.endpoint.entry && !to.other)
    return EVERYTHING;
  return seatConn(model, from.endpoint, to.endpoint);
}

/** S24: what uses the host's network cannot be told from the node, which reaches its own pods. */
function onOneNode(model: NetpolModel, [from, to]: readonly [Place, Place]): boolean {
  const hosts = new Set(
    workloadIds(model, from).flatMap((id) => [...(model.workloads.get(id)?.hostNodes.keys() ?? [])]),
  );
  if (hosts.size === 0) return false;
  if (to.type === 'pod') {
    const node = model.pods.get(`${to.namespace}/${to.name}`)?.pod.nodeName;
    return node !== undefined && hosts.has(node);
  }
  return workloadIds(model, to).some((id) =>
    [...(model.workloads.get(id)?.podNodes.keys() ?? [])].some((node) => hosts.has(node)),
  );
}

function workloadIds(model: NetpolModel, place: Place): string[] {
  if (place.type === 'workload') return [place.id];
  if (place.type === 'namespace')
    return [...model.workloads.keys()].filter((id) => id.startsWith(`${place.name}/`));
  if (place.type !== 'pod') return [];
  const entry = model.pods.get(`${place.namespace}/${place.name}`);
  return entry?.group.host ? [workloadOf(entry.pod)] : [];
}
