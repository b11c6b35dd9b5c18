/**
 * Who may open connections to whom, workload by workload. A cell joins what any pod of one may
 * open to any pod of the other; `uneven` marks cells where not all pod pairs have the same.
 * Cells are ids of the model's ConnTable: 0 nothing, 1 everything. Where two policies share a
 * priority a cell holds what every order allows. A pod's way to itself is not in it (S24).
 */
import { EVERYTHING, NOTHING } from './conn-table';
import { evaluateRow, overFamilies, pairConn } from './evaluate';
import type { NetpolModel } from './model';
import type { Group } from './runtime';
import { runAtOnce, type Steps } from './steps';
import { sharesNode, workload, workloadsOf, type Workload } from './workloads';

export interface Matrix {
  readonly workloads: readonly Workload[];
  /** Row by row: source times count plus destination. */
  readonly cells: Int32Array;
  readonly uneven: Uint8Array;
}

export function buildMatrix(model: NetpolModel): Matrix {
  return runAtOnce(matrixSteps(model));
}

/** The same row by row; pods must not change in between. */
export function* matrixSteps(model: NetpolModel): Steps<Matrix> {
  const workloads = workloadsOf(model);
  const size = workloads.length;
  const cells = new Int32Array(size * size);
  const uneven = new Uint8Array(size * size);
  const ingress = new Map<Group, Int32Array | null>();
  for (const { groups } of workloads) {
    for (const group of groups) {
      if (!ingress.has(group)) ingress.set(group, evaluateRow(model, group, 'ingress'));
    }
    yield;
  }
  for (const [from, source] of workloads.entries()) {
    const egress = source.groups.map((group) => evaluateRow(model, group, 'egress'));
    workloads.forEach((destination, to) => {
      const cell = joinGroups(model, source, destination, (a, b, i) => {
        const out = egress[i] ?? null;
        const into = ingress.get(b) ?? null;
        if (out === null && into === null) return EVERYTHING;
        return overFamilies(model, a, b, (view, peer) =>
          model.conns.intersect(out ? out[peer]! : EVERYTHING, into ? into[view]! : EVERYTHING),
        );
      });
      cells[from * size + to] = cell.conn;
      uneven[from * size + to] = cell.uneven ? 1 : 0;
    });
    yield;
  }
  return { workloads, cells, uneven };
}

/**
 * The matrix after pods changed (`setPod`, `removePod`): only rows and columns of the workloads
 * those pods belonged or belong to are judged again, all others are taken over.
 */
export function updateMatrix(model: NetpolModel, old: Matrix, changed: ReadonlySet<string>): Matrix {
  const before = new Map(old.workloads.map(({ id }, i) => [id, i]));
  const same = [...changed].every((id) => before.has(id) === model.workloads.has(id));
  const workloads = same
    ? old.workloads.map((one) => (changed.has(one.id) ? workload(model, one.id) : one))
    : workloadsOf(model);
  const size = workloads.length;
  const matrix = same
    ? { workloads, cells: old.cells.slice(), uneven: old.uneven.slice() }
    : takeOver(workloads, old, before);
  const judge = (from: number, to: number): void => {
    const pair = (a: Group, b: Group): number => pairConn(model, a, b);
    const cell = joinGroups(model, workloads[from]!, workloads[to]!, pair);
    matrix.cells[from * size + to] = cell.conn;
    matrix.uneven[from * size + to] = cell.uneven ? 1 : 0;
  };
  workloads.forEach(({ id }, at) => {
    if (!changed.has(id) && before.has(id)) return;
    for (let other = 0; other < size; other += 1) {
      judge(at, other);
      judge(other, at);
    }
  });
  return matrix;
}

/** Cells of pairs that were there before, at their new places. */
function takeOver(workloads: readonly Workload[], old: Matrix, before: ReadonlyMap<string, number>): Matrix {
  const size = workloads.length;
  const cells = new Int32Array(size * size);
  const uneven = new Uint8Array(size * size);
  const places = workloads.map(({ id }) => before.get(id) ?? -1);
  places.forEach((row, from) => {
    places.forEach((column, to) => {
      if (row < 0 || column < 0) return;
      cells[from * size + to] = old.cells[row * old.workloads.length + column]!;
      uneven[from * size + to] = old.uneven[row * old.workloads.length + column]!;
    });
  });
  return { workloads, cells, uneven };
}

function joinGroups(
  model: NetpolModel,
  source: Workload,
  destination: Workload,
  judge: (a: Group, b: Group, index: number) => number,
): { conn: number; uneven: boolean } {
  let conn = NOTHING;
  let first = -1;
  let uneven = false;
  source.groups.forEach((a, i) => {
    for (const b of destination.groups) {
      const one = judge(a, b, i);
      conn = model.conns.union(conn, one);
      if (first < 0) first = one;
      else if (one !== first) uneven = true;
    }
  });
  if (conn === EVERYTHING || !sharesNode(source, destination)) return { conn, uneven };
  return { conn: EVERYTHING, uneven: true };
}
