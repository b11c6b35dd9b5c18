/** Verdicts between workloads that changed, newest first; the oldest go to bound memory. */
import type { ChangesBatch, VerdictChange } from '#shared/contract/netpol';
import { formatter } from '#shared/domain/netpol/connectivity';
import type { Matrix } from '#shared/domain/netpol/matrix';
import type { NetpolModel } from '#shared/domain/netpol/model';

const KEPT = 500;
/** Of one change of the cluster; the rest is counted. */
const MOST_AT_ONCE = 100;

interface Seen {
  readonly model: NetpolModel;
  readonly matrix: Matrix;
}

export class VerdictLog {
  readonly since = Date.now();
  private changes: VerdictChange[] = [];
  private dropped = 0;
  private seen: Seen | undefined;

  batch(): ChangesBatch {
    return { since: this.since, changes: this.changes, dropped: this.dropped };
  }

  /** Takes the matrix as it is now; workloads that came or went are no changed verdicts. */
  take(model: NetpolModel, matrix: Matrix, causes: readonly string[]): void {
    const before = this.seen;
    this.seen = { model, matrix };
    if (!before || before.matrix === matrix) return;
    const found = compare(before, this.seen, causeText(causes));
    if (found.length === 0) return;
    this.dropped += Math.max(0, found.length - MOST_AT_ONCE);
    const all = [...found.slice(0, MOST_AT_ONCE), ...this.changes];
    this.dropped += Math.max(0, all.length - KEPT);
    this.changes = all.slice(0, KEPT);
  }

  forget(): void {
    this.seen = undefined;
  }
}

function causeText(causes: readonly string[]): string {
  const shown = causes.slice(0, 3).join(', ');
  return causes.length > 3 ? `${shown} and ${causes.length - 3} more` : shown || 'pods changed';
}

function compare(before: Seen, after: Seen, cause: string): VerdictChange[] {
  const found: VerdictChange[] = [];
  const at = Date.now();
  const places = new Map(before.matrix.workloads.map(({ id }, i) => [id, i]));
  const [old, now] = [formatter(before.model), formatter(after.model)];
  const size = after.matrix.workloads.length;
  const oldSize = before.matrix.workloads.length;
  const same = before.model === after.model;
  after.matrix.workloads.forEach(({ id: from }, i) => {
    const row = places.get(from);
    if (row === undefined) return;
    after.matrix.workloads.forEach(({ id: to }, j) => {
      const column = places.get(to);
      if (column === undefined || i === j) return;
      const a = before.matrix.cells[row * oldSize + column]!;
      const b = after.matrix.cells[i * size + j]!;
      if (same && a === b) return;
      const [left, right] = [old(a), now(b)];
      if (left !== right) found.push({ at, from, to, before: left, after: right, cause });
    });
  });
  return found;
}
