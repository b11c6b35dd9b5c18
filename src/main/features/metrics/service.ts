/** Serves the `metrics` slice and its neighbours. Nothing is asked before somebody looks. */
import {
  metrics,
  type RulesAnswer,
  type SourceState,
  type TargetsAnswer,
  type UsageOfState,
} from '#shared/contract/metrics';
import { readAlerts, readRules, readTargets } from '#shared/domain/prom/alerts';
import { toAppError } from '#shared/util/app-error';
import { coalesce, implement, type Served } from '#shared/rpc/server';
import { alertmanagerService } from './alertmanager';
import { controlPlaneService } from './control-plane';
import { gatherMarks } from './marks';
import { sizingService } from './sizing-service';
import type { SourceDeps, Sources } from './source';
import type { Gate } from '../../engine/gate';
import type { UsagePolls } from './usage';

export interface MetricsDeps extends Pick<SourceDeps, 'api' | 'scope'> {
  readonly gate: Gate;
  readonly namespaces: () => readonly string[];
  readonly usage: UsagePolls;
}

/** `sources`: shared with whoever else asks the cluster's Prometheus. */
export function metricsServices(sources: Sources, deps: MetricsDeps): readonly Served[] {
  return [
    metricsService(sources, deps),
    sizingService(sources, deps),
    alertmanagerService(deps.api),
    controlPlaneService(deps.api, deps.scope),
  ];
}

function metricsService(sources: Sources, deps: MetricsDeps): Served {
  return implement(metrics, {
    source: (_, sink) => {
      let sent: SourceState | undefined;
      const feed = coalesce(sink, () => {
        if (sources.state === sent) return undefined;
        sent = sources.state;
        return sent;
      });
      sink.scope.add(sources.follow(feed.mark));
      sources.ready(deps.namespaces()).catch((thrown: unknown) => sink.end(toAppError(thrown)));
      feed.mark();
    },
    usage: (_, sink) => {
      const feed = coalesce(sink, () => deps.usage.state);
      sink.scope.add(deps.usage.follow(feed.mark));
      feed.mark();
    },
    usageOf: ({ kind, namespace, name }, sink) => {
      let newest: UsageOfState | undefined;
      const feed = coalesce(sink, () => newest, 50);
      deps.usage.watchOne(kind, namespace, name, sink.scope, (state) => {
        newest = state;
        feed.mark();
      });
    },
    search: async (input) => {
      await sources.again(input.namespaces.length > 0 ? input.namespaces : deps.namespaces());
      return null;
    },
    choose: async (input) => {
      await sources.choose(input.id);
      return null;
    },
    connect: (input, signal) => sources.connect(input, signal),
    forget: async (input) => {
      await sources.forget(input.id);
      return null;
    },
    query: async (input, signal) => (await sources.client()).instant(input.expr, input.at, signal),
    range: async ({ expr, start, end, step }, signal) =>
      (await sources.client()).range(expr, { start, end, step }, signal),
    exemplars: async ({ expr, start, end }, signal) =>
      (await sources.client()).exemplars(expr, start, end, signal),
    labelNames: async (input, signal) => (await sources.client()).labelNames(input.match, signal),
    labelValues: async (input, signal) =>
      (await sources.client()).labelValues(input.label, input.match, signal),
    series: async (input, signal) => (await sources.client()).series(input.match, signal),
    metadata: async (input, signal) => (await sources.client()).metadata(input.metric, signal),
    marks: (input, signal) => gatherMarks(deps.api, sources, input, signal),
    rules: async (_, signal): Promise<RulesAnswer> => {
      const client = await sources.client();
      const ask = (path: string): Promise<unknown> => client.data(path, {}, signal);
      const [alerts, rules] = await Promise.allSettled([ask('/api/v1/alerts'), ask('/api/v1/rules')]);
      const failed = [alerts, rules].find((one) => one.status === 'rejected');
      return {
        alerts: alerts.status === 'fulfilled' ? readAlerts(alerts.value) : [],
        rules: rules.status === 'fulfilled' ? readRules(rules.value) : [],
        ...(failed?.status === 'rejected' ? { error: toAppError(failed.reason) } : {}),
      };
    },
    targets: async (_, signal): Promise<TargetsAnswer> => {
      const client = await sources.client();
      const data = await client.data('/api/v1/targets', { state: 'active' }, signal);
      const targets = readTargets(data);
      const all = (data as { activeTargets?: unknown } | null)?.activeTargets;
      return { targets, dropped: Array.isArray(all) ? all.length - targets.length : 0 };
    },
  });
}
