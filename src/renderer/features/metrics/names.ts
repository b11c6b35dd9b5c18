/** Names for completion, asked from the host and kept for a minute. */
import { metrics } from '#shared/contract/metrics';
import type { RpcClient } from '#shared/rpc/client';
import type { PromqlNames } from '../../ui/chart/PromqlEditor';

const KEEP_MS = 60_000;

export function namesOf(client: RpcClient): PromqlNames {
  const kept = new Map<string, { at: number; answer: Promise<unknown> }>();
  const once = <T>(key: string, ask: () => Promise<readonly T[]>): Promise<readonly T[]> => {
    const known = kept.get(key);
    if (known && Date.now() - known.at < KEEP_MS) return known.answer as Promise<readonly T[]>;
    const answer = ask().catch((): readonly T[] => {
      kept.delete(key);
      return [];
    });
    kept.set(key, { at: Date.now(), answer });
    return answer;
  };
  const match = (metric: string | undefined): { match?: string } =>
    metric === undefined || metric === '' ? {} : { match: metric };
  return {
    metricNames: () => once('metrics', () => client.call(metrics, 'labelValues', { label: '__name__' })),
    labelNames: (metric) =>
      once(`labels ${metric ?? ''}`, () => client.call(metrics, 'labelNames', match(metric))),
    labelValues: (label, metric) =>
      once(`values ${label} ${metric ?? ''}`, () =>
        client.call(metrics, 'labelValues', { label, ...match(metric) }),
      ),
    metadata: () => once('metadata', () => client.call(metrics, 'metadata', {})),
  };
}
