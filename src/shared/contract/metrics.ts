/**
 * Metrics: which Prometheus a cluster has and how it was found, queries against it, alerts, rules
 * and targets. Samples come on a grid; secrets of a source go in and never come out.
 */
import { z } from 'zod';
import type { Alert, Rule, Target } from '../domain/prom/alerts';
import type { InstantRow, Labels, PromProblem } from '../domain/prom/answer';
import type { Exemplars } from '../domain/prom/exemplars';
import type { SecretName } from '../domain/prom/kept';
import type { Mark } from '../domain/prom/marks';
import type { Flavour } from '../domain/prom/places';
import type { PromSchema } from '../domain/prom/schema';
import { call, slice, stream } from '../rpc/define';
import type { AppError } from '../util/app-error';

/** One step of the search for a Prometheus, with its result. */
export interface DiscoveryStep {
  readonly id: string;
  /** What is looked at. */
  readonly title: string;
  readonly result: 'running' | 'found' | 'nothing' | 'denied' | 'failed' | 'skipped';
  /** What came of it, in a sentence. */
  readonly detail: string;
  readonly error?: AppError;
  /** ms. */
  readonly took?: number;
}

export interface MetricsSource {
  readonly id: string;
  readonly type: 'service' | 'url';
  /** `monitoring/prometheus-server:80` or the URL without credentials. */
  readonly title: string;
  readonly flavour: Flavour | 'unknown';
  readonly version: string;
  readonly why: string;
}

/** A URL that is kept for this context, without its secrets. */
export interface KeptUrlState {
  readonly id: string;
  readonly url: string;
  readonly username?: string;
  readonly tenant?: string;
  /** Of headers besides the tenant's. */
  readonly headerNames: readonly string[];
  readonly hasCa: boolean;
  readonly hasCertificate: boolean;
  /** Must be typed again before it can be asked. */
  readonly missing: readonly SecretName[];
  /** Why it does not answer. */
  readonly error?: AppError;
}

export interface SourceState {
  readonly phase: 'searching' | 'ready' | 'none';
  readonly steps: readonly DiscoveryStep[];
  /** All that answered. */
  readonly sources: readonly MetricsSource[];
  readonly chosen?: MetricsSource;
  /** Of the chosen one. */
  readonly schema?: PromSchema;
  /** Its clock minus this computer's, ms; beyond half a minute it is said. */
  readonly clockSkew?: number;
  /** ms of the search. */
  readonly took?: number;
  readonly kept?: readonly KeptUrlState[];
  /** Whether this computer has a key store for the secrets of kept URLs. */
  readonly keyStore?: boolean;
}

export interface InstantAnswer {
  readonly type: 'vector' | 'scalar' | 'string' | 'matrix';
  readonly rows: readonly InstantRow[];
  readonly total: number;
  readonly histograms: number;
  readonly warnings: readonly string[];
  readonly problem?: PromProblem;
}

export interface WireSeries {
  readonly labels: Labels;
  /** One per point; NaN is a gap. */
  readonly values: Float64Array;
}

export interface RangeAnswer {
  /** Epoch s; `step` in s. */
  readonly start: number;
  readonly end: number;
  readonly step: number;
  readonly series: readonly WireSeries[];
  /** Series in the answer; more than `series` where it was cut. */
  readonly total: number;
  readonly duplicates: number;
  readonly notNumbers: number;
  readonly histograms: number;
  /** Bytes of the answer. */
  readonly bytes: number;
  readonly warnings: readonly string[];
  /** The server's own refusal of the query. */
  readonly problem?: PromProblem;
}

export interface MetricMeta {
  readonly metric: string;
  readonly type: string;
  readonly help: string;
  readonly unit: string;
}

export interface RulesAnswer {
  readonly alerts: readonly Alert[];
  readonly rules: readonly Rule[];
  /** Where the source has no rules of its own (a querier without a ruler). */
  readonly error?: AppError;
}

export interface TargetsAnswer {
  readonly targets: readonly Target[];
  readonly dropped: number;
  readonly error?: AppError;
}

/** State of metrics-server, for the words beside empty columns. */
export interface UsageState {
  readonly phase: 'unknown' | 'live' | 'absent' | 'denied' | 'failed';
  readonly error?: AppError;
}

export interface MarksAnswer {
  /** Oldest first. */
  readonly marks: readonly Mark[];
  /** What could not be read. */
  readonly notes: readonly string[];
}

export interface UsageSample {
  /** Epoch ms. */
  readonly at: number;
  /** Cores, bytes. */
  readonly cpu: number;
  readonly memory: number;
}

/** What metrics-server said of one pod or node lately, oldest first. */
export interface UsageOfState {
  readonly samples: readonly UsageSample[];
  readonly error?: AppError;
}

/** Longest query that fits a GET through proxies. */
export const MOST_QUERY = 7000;

const expr = z.string().min(1).max(MOST_QUERY);
const word = z.string().max(512);
const at = z.number().finite();
const secret = z.string().max(16_384);

export const urlSource = z.object({
  url: z.string().min(1).max(2048),
  bearer: secret.optional(),
  username: z.string().max(512).optional(),
  password: secret.optional(),
  /** Sent with every request, e.g. `X-Scope-OrgID`. */
  headers: z.record(z.string().max(128), z.string().max(4096)).optional(),
  /** PEM. */
  ca: z.string().max(262_144).optional(),
  certificate: z.string().max(262_144).optional(),
  key: secret.optional(),
});
export type UrlSource = z.infer<typeof urlSource>;

const marksInput = z.object({
  target: z.object({
    kind: z.enum(['pod', 'workload', 'namespace', 'node', 'cluster']),
    controller: z
      .enum([
        'Deployment',
        'ReplicaSet',
        'StatefulSet',
        'DaemonSet',
        'Job',
        'CronJob',
        'ReplicationController',
      ])
      .optional(),
    namespace: z.string().max(253),
    name: z.string().max(253),
  }),
  /** Epoch s. */
  from: at,
  to: at,
});
export type MarksInput = z.infer<typeof marksInput>;

export const metrics = slice('metrics', {
  /** Searches when first looked at. */
  source: stream(z.void(), z.never()).of<SourceState>(),
  search: call(z.object({ namespaces: z.array(z.string().max(253)).max(100) })).returns<null>(),
  choose: call(z.object({ id: z.string().max(4096) })).returns<null>(),
  /**
   * Tries the URL and chooses it when it answers; kept for the context, its secrets in the key store of
   * the system. `again`: fields that are left out are those kept for the very same URL.
   */
  connect: call(urlSource.extend({ again: z.boolean().optional() })).returns<MetricsSource>(),
  /** No longer kept, nor its secrets. */
  forget: call(z.object({ id: z.string().max(4096) })).returns<null>(),
  /** Of metrics-server, as the tables of pods and nodes last met it. */
  usage: stream(z.void(), z.never()).of<UsageState>(),
  /** Asked each 15 s while the stream is open. */
  usageOf: stream(
    z.object({
      kind: z.enum(['pods', 'nodes']),
      namespace: z.string().max(253),
      name: z.string().min(1).max(253),
    }),
    z.never(),
  ).of<UsageOfState>(),
  query: call(z.object({ expr, at: at.optional() })).returns<InstantAnswer>(),
  range: call(z.object({ expr, start: at, end: at, step: z.number().positive() })).returns<RangeAnswer>(),
  /** Observations with their trace beside the series of a query; none where the server keeps none. */
  exemplars: call(z.object({ expr, start: at, end: at })).returns<Exemplars>(),
  labelNames: call(z.object({ match: word.optional() })).returns<readonly string[]>(),
  labelValues: call(z.object({ label: word, match: expr.optional() })).returns<readonly string[]>(),
  series: call(z.object({ match: expr })).returns<readonly Labels[]>(),
  metadata: call(z.object({ metric: word.optional() })).returns<readonly MetricMeta[]>(),
  /** What happened to an object in a time: deploys, scaling, restarts, alerts. */
  marks: call(marksInput).returns<MarksAnswer>(),
  rules: call(z.void()).returns<RulesAnswer>(),
  targets: call(z.void()).returns<TargetsAnswer>(),
});
