/**
 * Runs the way of a large list (bytes, rows, first window) over made-up pods, so that a host that
 * waits for its cluster has its hot code compiled when the real list comes. Contacts nothing and
 * keeps nothing. Works in slices of a few milliseconds and stops when told to.
 */
import type { TableState } from '#shared/contract/resources';
import { pod } from '#shared/kinds/pod';
import { Scope } from '#shared/rpc/scope';
import { encode, listOf } from './decode/proto-writer';
import { madeUp, madeUpSchema } from './warm-up-pods';
import { listDecoder, sourceOf } from './source';
import { Table } from './table';
import { openView } from './view';

/** As many as it takes until the compiler has settled; more changed nothing measurable. */
const ROUNDS = 6;
const PODS = 300;
const CHUNK = 16 * 1024;

/** Resolves when all is warm, or soon after the signal aborts. `onRound` sees each round's table. */
export async function warmUp(signal: AbortSignal, onRound?: (table: Table) => void): Promise<void> {
  const turn = (): Promise<void> => new Promise((done) => setImmediate(done));
  const bytes = listOf(
    'PodList',
    Array.from({ length: PODS }, madeUp).map((pod) => encode(madeUpSchema, pod)),
  );
  for (let round = 0; round < ROUNDS; round++) {
    const scope = new Scope('warm-up');
    try {
      const table = new Table(pod);
      const state: TableState = { phase: 'live', since: 0 };
      const query = { namespaces: [], filter: '', sort: null, offset: 0, limit: 50, request: 1 };
      const live = { table, state, onState: () => () => undefined };
      const view = openView(live, query, { onReady: () => undefined, now: () => 0 }, scope);
      const rows = table.beginReplace();
      const source = sourceOf({ group: '', version: 'v1', resource: 'pods' }, pod);
      const answer = { headers: { 'content-type': 'application/vnd.kubernetes.protobuf' } };
      const decoder = listDecoder(source, answer, {
        onItem: rows.add,
        onRow: rows.addRow,
        onMeta: () => undefined,
      });
      for (let at = 0; at < bytes.length; at += CHUNK) {
        decoder.push(bytes.subarray(at, at + CHUNK));
        await turn();
        if (signal.aborted) return;
      }
      decoder.end();
      rows.commit();
      table.flush();
      view.take();
      onRound?.(table);
    } finally {
      scope.dispose();
    }
  }
}
