/** Asks one Prometheus what it has: metrics, label names, scrape interval, clock. Whatever fails is left unknown. */
import { knownMetrics } from '#shared/domain/prom/charts';
import { selector } from '#shared/domain/prom/promql-text';
import { detectSchema, probeMetrics, type PromSchema } from '#shared/domain/prom/schema';
import type { PromClient } from './prom-client';

const CPU = 'container_cpu_usage_seconds_total';

const KUBELETS = 'up{job=~".*cadvisor.*|.*kubelet.*"}';
/** Time from the first scrape of 10 minutes to the last, by the scrapes between: right for a young Prometheus too. */
const INTERVAL = `max((timestamp(${KUBELETS}) - min_over_time(timestamp(${KUBELETS})[10m:5s])) / (count_over_time(${KUBELETS}[10m]) - 1 > 1))`;

export interface DetectedSource {
  readonly schema: PromSchema;
  /** Its clock minus ours, ms. */
  readonly clockSkew: number | undefined;
}

export async function detect(client: PromClient, signal: AbortSignal): Promise<DetectedSource> {
  const attempt = async <T>(asked: Promise<T>): Promise<T | undefined> => {
    try {
      return await asked;
    } catch {
      return undefined;
    }
  };
  const pattern: string = selector('', [['__name__', '=~', knownMetrics.join('|')]]);
  const before = Date.now();
  const clock = attempt(client.instant('time()', undefined, signal)).then((answer) => {
    const at = answer?.rows[0]?.at;
    return at === undefined ? undefined : at * 1000 - (before + Date.now()) / 2;
  });
  const [metrics, clusters, interval, clockSkew, ...labels] = await Promise.all([
    attempt(client.labelValues('__name__', pattern, signal)),
    attempt(client.labelValues('cluster', CPU, signal)),
    attempt(client.instant(INTERVAL, undefined, signal)),
    clock,
    ...probeMetrics.map((metric) => attempt(client.labelNames(metric, signal))),
  ]);
  const scrape = interval?.rows[0]?.value ?? NaN;
  const schema = detectSchema({
    labels: Object.fromEntries(
      probeMetrics.flatMap((metric, i) => {
        const found = labels[i];
        return found && found.length > 0 ? [[metric, found] as const] : [];
      }),
    ),
    metrics: metrics ?? null,
    scrape: scrape > 0 ? Math.max(1, Math.round(scrape)) : undefined,
    clusters,
  });
  return { schema, clockSkew };
}
