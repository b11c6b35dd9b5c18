/**
 * Observed traffic of some namespaces, asked of the context's Prometheus each half minute while somebody
 * looks. Guarantees: what was told last stays while a later question fails; metrics that are not there are
 * asked for only every two minutes; nothing is asked after the scope ended or while suspended.
 */
import type { ObservedState } from '#shared/contract/topology';
import type { PromProblem } from '#shared/domain/prom/answer';
import { FLOW_METRICS, flowQuery, type FlowMetric } from '#shared/domain/topology/observed/queries';
import { joinFlows, readFlows, type RateRow } from '#shared/domain/topology/observed/read';
import type { Flow } from '#shared/domain/topology/observed/types';
import type { Scope } from '#shared/rpc/scope';
import { isCancelled, toAppError, type AppError } from '#shared/util/app-error';

export interface RateAnswer {
  readonly rows: readonly RateRow[];
  /** Rows of the whole answer; more than `rows` where it was cut. */
  readonly total: number;
  readonly problem?: PromProblem;
}

/** Asks the context's Prometheus now; AppFailure `not-found` where there is none. */
export type AskMetrics = (expr: string, signal: AbortSignal) => Promise<RateAnswer>;

export const EVERY_MS = 30_000;
export const ABSENT_MS = 120_000;

/** Of a map; how much of it is drawn the map says. */
export type Observed = Omit<ObservedState, 'drawn' | 'offMap'> & { readonly flows: readonly Flow[] };

const LOOKED = FLOW_METRICS.map(({ metric }) => metric);

export class Observer {
  state: Observed;
  private isSuspended = false;
  private timer: (() => void) | undefined;
  private fullyAsked = -Infinity;
  /** Of the newest turn: an older one that answers late changes nothing. */
  private turns = 0;

  constructor(
    private readonly ask: AskMetrics,
    private readonly namespaces: readonly string[],
    private readonly scope: Scope,
    private readonly onChange: () => void,
    /** What was told of the same namespaces before. */
    before?: Observed,
  ) {
    this.state = before ?? { phase: 'asking', looked: LOOKED, found: [], flows: [] };
    void this.turn();
  }

  suspend(): void {
    this.isSuspended = true;
    this.timer?.();
    this.timer = undefined;
  }

  resume(): void {
    if (!this.isSuspended) return;
    this.isSuspended = false;
    void this.turn();
  }

  private async turn(): Promise<void> {
    const { signal } = this.scope;
    const mine = ++this.turns;
    const all = this.state.found.length === 0 || Date.now() - this.fullyAsked >= ABSENT_MS;
    const metrics = all
      ? FLOW_METRICS
      : FLOW_METRICS.filter(({ metric }) => this.state.found.includes(metric));
    if (all) this.fullyAsked = Date.now();
    const answers = await Promise.allSettled(metrics.map((metric) => this.one(metric, signal)));
    if (signal.aborted || this.isSuspended || mine !== this.turns) return;
    this.state = next(this.state, metrics, answers);
    this.onChange();
    const wait = this.state.phase === 'absent' ? ABSENT_MS : EVERY_MS;
    this.timer = this.scope.timeout(() => void this.turn(), wait);
  }

  private async one(metric: FlowMetric, signal: AbortSignal): Promise<Told> {
    const { rows, total, problem } = await this.ask(flowQuery(metric, this.namespaces), signal);
    const cut: AppError | undefined =
      total > rows.length
        ? {
            code: 'too-large',
            message: `Only ${rows.length} of ${total} series of ${metric.metric} were read.`,
          }
        : undefined;
    const refused: AppError | undefined = problem && { code: 'invalid', message: problem.message };
    const error = refused ?? cut;
    return { flows: readFlows(metric, rows), isRefused: refused !== undefined, ...(error ? { error } : {}) };
  }
}

interface Told {
  readonly flows: readonly Flow[];
  readonly isRefused: boolean;
  readonly error?: AppError;
}

function next(
  before: Observed,
  metrics: readonly FlowMetric[],
  answers: readonly PromiseSettledResult<Told>[],
): Observed {
  const found: string[] = [];
  const lists: (readonly Flow[])[] = [];
  let error: AppError | undefined;
  let failed = 0;
  answers.forEach((answer, i) => {
    if (answer.status === 'rejected') {
      failed++;
      if (!isCancelled(answer.reason)) error ??= toAppError(answer.reason);
      return;
    }
    const { flows, isRefused } = answer.value;
    error ??= answer.value.error;
    if (isRefused) failed++;
    if (flows.length === 0) return;
    found.push(metrics[i]!.metric);
    lists.push(flows);
  });
  const told = error ? { error } : {};
  if (found.length > 0) return { phase: 'live', looked: LOOKED, found, flows: joinFlows(lists), ...told };
  // No Prometheus is an answer; one that does not answer is none, and what it said last stays.
  if (failed === 0 || error?.code === 'not-found')
    return { phase: 'absent', looked: LOOKED, found, flows: [], ...told };
  return { ...before, phase: 'failed', ...told };
}
