/**
 * Reads a range of a view's rows once, window by window. Whole or not at all: it rejects
 * when the stream ends early or the rows become fewer meanwhile.
 */
import { resources, type ViewBatch, type WireRow } from '#shared/contract/resources';
import type { RpcClient } from '#shared/rpc/client';
import { AppFailure, fail } from '#shared/util/app-error';
import type { ViewQuery } from './live-view';
import { MAX_WINDOW } from './row-window';

export function fetchRange(
  client: RpcClient,
  query: ViewQuery & { readonly kind: string },
  first: number,
  last: number,
  signal: AbortSignal,
): Promise<readonly WireRow[]> {
  return new Promise((resolve, reject) => {
    const rows = new Map<string, WireRow>();
    const found: WireRow[] = [];
    let request = 1;
    let order: readonly string[] = [];
    let offset = -1;
    const end = (settle: () => void): void => {
      signal.removeEventListener('abort', onAbort);
      stream.close();
      settle();
    };
    const onAbort = (): void => end(() => reject(fail('cancelled', 'Cancelled.')));
    const limit = (): number => Math.min(MAX_WINDOW, last - first + 1 - found.length);
    const onData = (batch: ViewBatch): void => {
      for (const row of batch.rows) rows.set(row.id, row);
      if (batch.order) {
        order = batch.order;
        offset = batch.offset;
      }
      const at = first + found.length;
      if (batch.request < request || offset !== at || batch.state.phase === 'listing') return;
      const page = order.slice(0, limit()).flatMap((id) => rows.get(id) ?? []);
      if (page.length < limit()) {
        end(() => reject(fail('gone', 'The rows changed meanwhile.')));
        return;
      }
      found.push(...page);
      if (found.length > last - first) end(() => resolve(found));
      else stream.update({ offset: first + found.length, limit: limit(), request: ++request });
    };
    const { kind, filter, sort } = query;
    const stream = client.open(
      resources,
      'view',
      { kind, filter, sort, namespaces: [...query.namespaces], offset: first, limit: limit(), request },
      {
        onData,
        onEnd: (error) => end(() => reject(new AppFailure(error ?? { code: 'closed', message: 'Closed.' }))),
      },
    );
    signal.addEventListener('abort', onAbort);
  });
}
