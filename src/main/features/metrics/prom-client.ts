/**
 * The Prometheus HTTP API over one reach. Guarantees: at most 6 requests in flight, the others wait
 * and can be cancelled while they do; answers are capped; a refused query is data (`problem`), not an
 * exception; everything that comes back was read as hostile.
 */
import type { InstantAnswer, MetricMeta, RangeAnswer } from '#shared/contract/metrics';
import { decodeInstant, problemOf, readLabels, type Labels } from '#shared/domain/prom/answer';
import { readExemplars, type Exemplars } from '#shared/domain/prom/exemplars';
import { MOST_POINTS, pointsOf, type PromRange } from '#shared/domain/prom/range';
import { fail, toAppError, AppFailure } from '#shared/util/app-error';
import { Gate } from '../../k8s/gate';
import { decodeRangeBytes, parseJson, warningsOf } from './decode';
import type { Answer, Limits, Reach } from './reach';

export const IN_FLIGHT = 6;
/** Series of one answer that reach the screen. */
export const MOST_SERIES = 1000;
const MOST_ROWS = 5000;
const MOST_NAMES = 20_000;
const MOST_EXEMPLARS = 300;
const RANGE_BYTES = 64 * 1024 * 1024;
const WAIT_MS = 60_000;

type Query = Readonly<Record<string, string | number | undefined>>;

export class PromClient {
  private readonly gate = new Gate(IN_FLIGHT);
  /** Requests under way now, and the most there ever were. */
  readonly load = { now: 0, most: 0 };

  constructor(private readonly reach: Reach) {}

  async instant(expr: string, at: number | undefined, signal: AbortSignal): Promise<InstantAnswer> {
    const { body } = await this.get('/api/v1/query', { query: expr, time: at }, signal);
    const json = parseJson(body);
    const warnings = warningsOf(json);
    const problem = problemOf(json);
    if (problem) return { type: 'vector', rows: [], total: 0, histograms: 0, warnings, problem };
    const result = decodeInstant((json as { data?: unknown } | null)?.data, MOST_ROWS);
    if (!result) throw noAnswer();
    return { ...result, warnings };
  }

  async range(expr: string, range: PromRange, signal: AbortSignal): Promise<RangeAnswer> {
    const points = pointsOf(range);
    if (!(points >= 1) || points > MOST_POINTS)
      throw fail(
        'invalid-input',
        `A range holds 1 to ${MOST_POINTS} points for each series; this one ${points}.`,
        {
          hint: 'Choose a larger step or a shorter time.',
        },
      );
    const { start, end, step } = range;
    const query = { query: expr, start, end, step };
    const { body } = await this.get('/api/v1/query_range', query, signal, { maxBytes: RANGE_BYTES });
    const { result, problem, warnings } = decodeRangeBytes(body, range, MOST_SERIES);
    const empty = { series: [], total: 0, duplicates: 0, notNumbers: 0, histograms: 0 };
    return {
      start,
      end,
      step,
      ...(result ?? empty),
      bytes: body.length,
      warnings,
      ...(problem ? { problem } : {}),
    };
  }

  /** Of a server that knows no exemplars (404, 400 of a switched-off feature) there are none. */
  async exemplars(expr: string, start: number, end: number, signal: AbortSignal): Promise<Exemplars> {
    try {
      const data = await this.data('/api/v1/query_exemplars', { query: expr, start, end }, signal);
      return readExemplars(data, MOST_EXEMPLARS);
    } catch (thrown) {
      const { code } = toAppError(thrown);
      if (code === 'not-found' || code === 'invalid' || code === 'unsupported' || code === 'bad-answer')
        return { found: [], total: 0 };
      throw thrown;
    }
  }

  async labelNames(match: string | undefined, signal: AbortSignal): Promise<readonly string[]> {
    return names(await this.data('/api/v1/labels', { 'match[]': match }, signal));
  }

  async labelValues(
    label: string,
    match: string | undefined,
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(label))
      throw fail('invalid-input', 'A label is named with letters, digits and underscores.');
    return names(await this.data(`/api/v1/label/${label}/values`, { 'match[]': match }, signal));
  }

  async series(match: string, signal: AbortSignal): Promise<readonly Labels[]> {
    const found = await this.data('/api/v1/series', { 'match[]': match, limit: 1000 }, signal);
    return Array.isArray(found) ? found.slice(0, 1000).map(readLabels) : [];
  }

  async metadata(metric: string | undefined, signal: AbortSignal): Promise<readonly MetricMeta[]> {
    const found = await this.data('/api/v1/metadata', { metric, limit_per_metric: 1 }, signal);
    if (typeof found !== 'object' || found === null) return [];
    const out: MetricMeta[] = [];
    for (const [name, list] of Object.entries(found).slice(0, MOST_NAMES)) {
      const one = (Array.isArray(list) ? list[0] : undefined) as
        { type?: unknown; help?: unknown; unit?: unknown } | undefined;
      const text = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 500) : '');
      out.push({ metric: name, type: text(one?.type), help: text(one?.help), unit: text(one?.unit) });
    }
    return out;
  }

  /** `data` of an answer; the server's refusal is thrown. */
  async data(path: string, query: Query, signal: AbortSignal, limits?: Limits): Promise<unknown> {
    const { body, status } = await this.get(path, query, signal, limits);
    const json = parseJson(body);
    const problem = problemOf(json);
    if (problem)
      throw fail(status === 503 ? 'server' : 'invalid', problem.message, { status, reason: problem.type });
    if (typeof json !== 'object' || json === null || !('data' in json)) throw noAnswer();
    return (json as { data: unknown }).data;
  }

  private async get(path: string, query: Query, signal: AbortSignal, limits?: Limits): Promise<Answer> {
    const leave = await this.gate.enter(signal, WAIT_MS, () =>
      fail('timeout', 'Prometheus is busy with other queries of this window.'),
    );
    this.load.now += 1;
    this.load.most = Math.max(this.load.most, this.load.now);
    try {
      return await this.reach.get(path, query, signal, limits);
    } catch (thrown) {
      throw explained(thrown);
    } finally {
      this.load.now -= 1;
      leave();
    }
  }
}

function names(found: unknown): readonly string[] {
  if (!Array.isArray(found)) return [];
  return (found as readonly unknown[])
    .filter((one): one is string => typeof one === 'string' && one.length <= 1024)
    .slice(0, MOST_NAMES);
}

function noAnswer(): AppFailure {
  return fail('bad-answer', 'This is no answer of Prometheus.');
}

/** What the API server says of its proxy, in words of this page. */
function explained(thrown: unknown): unknown {
  const error = toAppError(thrown);
  if (error.code === 'forbidden' && error.denied?.resource.startsWith('services/proxy') === true) {
    const { namespace = '', name = '' } = error.denied;
    return new AppFailure({
      ...error,
      message: `You may not reach ${namespace}/${name} through the API server.`,
      hint: 'The right "get services/proxy" is missing there. A Prometheus with an address of its own can be named instead.',
      denied: { verb: 'get', resource: 'services/proxy', group: '', namespace, name },
    });
  }
  if (error.code === 'too-large')
    return new AppFailure({
      ...error,
      message: 'The answer is larger than 64 MiB and was not read to its end.',
      hint: 'Ask for fewer series or a larger step.',
    });
  if (error.code === 'server' && /no endpoints available/.test(error.message))
    return new AppFailure({
      ...error,
      message: 'No pod of this Service is ready.',
      hint: 'Look at the pods behind it.',
    });
  return thrown;
}
