/**
 * Allowed connections as a list: workload to workload, and to and from the IPv4 outside in exact
 * ranges. Ranges of one pair are as long as the connection stays the same; what one workload may
 * and may not reach together cover the whole space. Self pairs and empty pairs are left out.
 */
import { NOTHING } from './conn-table';
import { evaluateRow } from './evaluate';
import { formatRange, V4_LAST } from './ip';
import { ipv4Ranges } from './ip-space';
import { buildMatrix } from './matrix';
import type { NetpolModel } from './model';
import { formatConn } from './ports';
import type { Direction } from './types';
import type { Workload } from './workloads';

export interface Connection {
  readonly src: string;
  readonly dst: string;
  readonly conn: string;
}

/** What a workload has with one range of the outside. */
export interface OutsideRange {
  readonly first: bigint;
  readonly last: bigint;
  /** Id of the model's ConnTable. */
  readonly conn: number;
}

export function connections(model: NetpolModel): Connection[] {
  const list: Connection[] = [];
  const matrix = buildMatrix(model);
  const text = formatter(model);
  const size = matrix.workloads.length;
  matrix.workloads.forEach((source, from) => {
    matrix.workloads.forEach((destination, to) => {
      const conn = matrix.cells[from * size + to]!;
      if (from !== to && conn !== NOTHING)
        list.push({ src: source.id, dst: destination.id, conn: text(conn) });
    });
    for (const { first, last, conn } of outside(model, source, 'egress')) {
      if (conn !== NOTHING) list.push({ src: source.id, dst: formatRange(first, last), conn: text(conn) });
    }
    for (const { first, last, conn } of outside(model, source, 'ingress')) {
      if (conn !== NOTHING) list.push({ src: formatRange(first, last), dst: source.id, conn: text(conn) });
    }
  });
  return list.sort((a, b) => order(a.src, b.src) || order(a.dst, b.dst));
}

/** All of IPv4, in ranges as long as the connection is the same; some pod of the workload is enough. */
export function outside(model: NetpolModel, workload: Workload, direction: Direction): OutsideRange[] {
  const rows = workload.groups.map((group) => evaluateRow(model, group, direction));
  if (rows.includes(null)) return [{ first: 0n, last: V4_LAST, conn: 1 }];
  const out: OutsideRange[] = [];
  for (const { first, last, cls } of ipv4Ranges(model.space)) {
    // The first views are the address classes themselves.
    const conn = rows.reduce((all, row) => model.conns.union(all, row?.[cls] ?? NOTHING), NOTHING);
    const end = out[out.length - 1];
    if (end?.conn === conn) out[out.length - 1] = { ...end, last };
    else out.push({ first, last, conn });
  }
  return out;
}

/** Text of a connection set by id, each made once. */
export function formatter(model: NetpolModel): (conn: number) => string {
  const texts = new Map<number, string>();
  return (conn) => {
    const text = texts.get(conn) ?? formatConn(model.conns.get(conn));
    texts.set(conn, text);
    return text;
  };
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
