/** Which of the charts that not every object has are there: their questions, asked once while seen. */
import { metrics } from '#shared/contract/metrics';
import type { ChartDef } from '#shared/domain/prom/charts';
import { useCluster } from '../../data/connections';
import { useAsked } from './use-asked';

/** The `onlyIf` queries that have a value; one that fails counts as none. */
export function useThere(
  charts: readonly ChartDef[] | undefined,
  shown: boolean,
): ReadonlySet<string> | undefined {
  const client = useCluster();
  const exprs = [...new Set((charts ?? []).flatMap(({ onlyIf }) => (onlyIf === undefined ? [] : [onlyIf])))];
  const ask = async (signal: AbortSignal): Promise<ReadonlySet<string>> => {
    const found = new Set<string>();
    await Promise.all(
      exprs.map(async (expr) => {
        const answer = await client?.call(metrics, 'query', { expr }, signal).catch(() => undefined);
        if (answer?.rows.some((row) => row.value > 0) === true) found.add(expr);
      }),
    );
    return found;
  };
  const { data } = useAsked(client && shown && exprs.length > 0 ? ask : undefined, exprs.join('\n'));
  return data;
}
