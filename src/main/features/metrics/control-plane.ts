/**
 * Reads `/metrics` of the API server every 15 s while somebody looks, line by line (it is megabytes), and
 * keeps the last 20 minutes of what the charts need. Nothing is asked when nobody looks; history is of this session.
 */
import { controlPlane, type ControlPlaneState } from '#shared/contract/control-plane';
import {
  controlCharts,
  newReading,
  pointsOf,
  takeLine,
  type ControlPoint,
  type ControlReading,
} from '#shared/domain/prom/control-plane';
import { fail, toAppError, type AppError } from '#shared/util/app-error';
import type { Scope } from '#shared/rpc/scope';
import { coalesce, implement, type Served } from '#shared/rpc/server';
import type { Api } from '../../k8s/api';
import { eachChunk } from '../../k8s/body';

const EVERY = 15_000;
/** Rates need two readings: the second one comes soon. */
const SECOND = 3_000;
const SELDOM = 60_000;
const MOST_POINTS = 80;
const MOST_BYTES = 128 * 1024 * 1024;

interface Moment {
  /** Epoch s, on the grid. */
  readonly at: number;
  readonly points: readonly ControlPoint[];
}

export function controlPlaneService(api: Api, scope: Scope): Served {
  const poll = new ControlPlane(api, scope);
  return implement(controlPlane, {
    watch: (_, sink) => {
      let sent: ControlPlaneState | undefined;
      const feed = coalesce(sink, () => {
        if (poll.state === sent) return undefined;
        sent = poll.state;
        return sent;
      });
      sink.scope.add(poll.follow(feed.mark));
      feed.mark();
    },
  });
}

class ControlPlane {
  state: ControlPlaneState = {
    phase: 'reading',
    start: 0,
    step: EVERY / 1000,
    points: 0,
    charts: [],
    objects: [],
    started: 0,
    changed: 0,
    bytes: 0,
  };
  private readonly listeners = new Set<() => void>();
  private moments: Moment[] = [];
  private last: ControlReading | undefined;
  private running: Scope | undefined;
  private changed = 0;

  constructor(
    private readonly api: Api,
    private readonly scope: Scope,
  ) {}

  follow(listener: () => void): () => void {
    this.listeners.add(listener);
    if (!this.running) {
      this.running = this.scope.child('control plane');
      void this.poll(this.running);
    }
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size > 0) return;
      this.running?.dispose();
      this.running = undefined;
    };
  }

  private async poll(scope: Scope): Promise<void> {
    let wait = EVERY;
    try {
      const { reading, bytes } = await readControlPlane(this.api, scope.signal);
      if (scope.disposed) return;
      const fresh = this.last && reading.at - this.last.at < 10 * EVERY;
      const before = fresh ? this.last : undefined;
      if (before && before.started !== reading.started) this.changed += 1;
      if (!before) wait = SECOND;
      this.last = reading;
      const at = Math.round(reading.at / EVERY) * (EVERY / 1000);
      const points = pointsOf(before, reading);
      // Two readings of one point: the later one knows rates.
      this.moments = [
        ...this.moments.filter((one) => one.at !== at && at - one.at < MOST_POINTS * 15),
        { at, points },
      ];
      this.set(reading, bytes);
    } catch (thrown) {
      if (scope.disposed) return;
      const error = toAppError(thrown);
      const phase = error.code === 'forbidden' || error.code === 'unauthorized' ? 'denied' : 'failed';
      if (phase === 'denied') wait = SELDOM;
      this.tell({ ...this.state, phase, error: phase === 'denied' ? deniedError(error) : error });
    }
    scope.timeout(() => void this.poll(scope), wait);
  }

  private set(reading: ControlReading, bytes: number): void {
    const step = EVERY / 1000;
    const start = this.moments[0]?.at ?? 0;
    const points = Math.round(((this.moments.at(-1)?.at ?? start) - start) / step) + 1;
    const charts = controlCharts.flatMap(({ id, title, unit }) => {
      const lines = new Map<string, Float64Array>();
      for (const moment of this.moments)
        for (const point of moment.points) {
          if (point.chart !== id) continue;
          const values = lines.get(point.line) ?? new Float64Array(points).fill(NaN);
          lines.set(point.line, values);
          values[Math.round((moment.at - start) / step)] = point.value;
        }
      const shown = [...lines].filter(
        ([, values]) => unit === 'bytes' || id === 'inflight' || values.some((value) => value > 0),
      );
      return [{ id, title, unit, lines: shown.map(([line, values]) => ({ title: line, values })) }];
    });
    const objects = [...reading.objects].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 200);
    const { started } = reading;
    const { changed } = this;
    this.tell({ phase: 'live', start, step, points, charts, objects, started, changed, bytes });
  }

  private tell(state: ControlPlaneState): void {
    this.state = state;
    for (const listener of [...this.listeners]) listener();
  }
}

function deniedError(error: AppError): AppError {
  return {
    ...error,
    message: 'You may not read the metrics of the API server.',
    hint: 'The right "get" on the non-resource URL /metrics is missing; a ClusterRole can grant it.',
  };
}

/** One reading; AppFailure `bad-answer` where the answer is no metrics. */
export async function readControlPlane(
  api: Api,
  signal: AbortSignal,
): Promise<{ readonly reading: ControlReading; readonly bytes: number }> {
  const response = await api.open({ path: '/metrics', accept: 'text/plain;version=0.0.4' }, signal);
  const reading = newReading(Date.now());
  const decoder = new TextDecoder();
  let bytes = 0;
  let rest = '';
  await eachChunk(response.body, (chunk) => {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw fail('too-large', 'The metrics of the API server are larger than 128 MiB.');
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) takeLine(reading, line);
  });
  takeLine(reading, rest);
  if (reading.sums.size === 0)
    throw fail('bad-answer', 'The API server answered something else than its metrics.', {
      hint: 'A proxy in front of it may keep /metrics to itself.',
    });
  return { reading, bytes };
}
