import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Scope } from '#shared/rpc/scope';
import { fail } from '#shared/util/app-error';
import { ABSENT_MS, EVERY_MS, Observer, type AskMetrics, type RateAnswer } from './observed';

const row = {
  labels: {
    source_workload: 'web',
    source_workload_namespace: 'a',
    destination_workload: 'db',
    destination_workload_namespace: 'a',
  },
  value: 2,
};
const nothing: RateAnswer = { rows: [], total: 0 };
const istio: RateAnswer = { rows: [row], total: 1 };
/** Answers Istio's metric, and no other. */
const onlyIstio = (expr: string): RateAnswer => (expr.includes('istio_requests_total') ? istio : nothing);

let scope: Scope;
let asked: string[];
let told: number;
beforeEach(() => {
  vi.useFakeTimers();
  scope = new Scope('test');
  asked = [];
  told = 0;
});
afterEach(() => {
  scope.dispose();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

function observe(answer: (expr: string) => RateAnswer | Promise<RateAnswer>, namespaces = ['a']): Observer {
  const ask: AskMetrics = async (expr) => {
    asked.push(expr);
    return answer(expr);
  };
  return new Observer(ask, namespaces, scope, () => (told += 1));
}
const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);
const refuse = (code: 'not-found' | 'timeout'): never => {
  throw fail(code, `${code}.`);
};

describe('observed traffic', () => {
  it('asks for all metrics first, then only for those that are there', async () => {
    const observer = observe(onlyIstio);
    expect(observer.state.phase).toBe('asking');
    await settle();
    expect(asked).toHaveLength(5);
    expect(asked.every((expr) => expr.includes('=~"a"'))).toBe(true);
    expect(observer.state).toMatchObject({ phase: 'live', found: ['istio_requests_total'] });
    expect(observer.state.flows).toMatchObject([{ from: { name: 'web' }, to: { name: 'db' }, rate: 2 }]);
    await vi.advanceTimersByTimeAsync(EVERY_MS);
    expect(asked).toHaveLength(6);
    expect(told).toBe(2);
    // Another mesh may come: all are looked for again now and then.
    await vi.advanceTimersByTimeAsync(ABSENT_MS);
    expect(asked.length).toBeGreaterThanOrEqual(6 + 3 + 5);
  });

  it('says which metrics it looked for where there are none, and looks rarely', async () => {
    const observer = observe(() => nothing);
    await settle();
    expect(observer.state).toMatchObject({ phase: 'absent', found: [] });
    expect(observer.state.error).toBeUndefined();
    expect(observer.state.looked).toEqual([
      'istio_requests_total',
      'response_total',
      'request_total',
      'hubble_http_requests_total',
      'hubble_flows_processed_total',
    ]);
    await vi.advanceTimersByTimeAsync(ABSENT_MS - 1);
    expect(asked).toHaveLength(5);
    await vi.advanceTimersByTimeAsync(1);
    expect(asked).toHaveLength(10);
  });

  it('tells a cluster without Prometheus from one that does not answer', async () => {
    const none = observe(() => refuse('not-found'));
    await settle();
    expect(none.state).toMatchObject({ phase: 'absent', error: { code: 'not-found' } });
    const slow = observe(() => refuse('timeout'));
    await settle();
    expect(slow.state).toMatchObject({ phase: 'failed', error: { code: 'timeout' } });
  });

  it('keeps what was told last while a later question fails', async () => {
    let isDown = false;
    const observer = observe((expr) => (isDown ? refuse('timeout') : onlyIstio(expr)));
    await settle();
    isDown = true;
    await vi.advanceTimersByTimeAsync(EVERY_MS);
    expect(observer.state).toMatchObject({ phase: 'failed', error: { code: 'timeout' } });
    expect(observer.state.flows).toHaveLength(1);
    isDown = false;
    await vi.advanceTimersByTimeAsync(EVERY_MS);
    expect(observer.state.phase).toBe('live');
    expect(observer.state.error).toBeUndefined();
  });

  it('says that an answer was cut or a query refused', async () => {
    const cut = observe((expr) => (expr.includes('istio') ? { rows: [row], total: 9000 } : nothing));
    const refused = observe(() => ({
      ...nothing,
      problem: { type: 'execution', message: 'too many samples' },
    }));
    await settle();
    expect(cut.state).toMatchObject({
      phase: 'live',
      error: { message: 'Only 1 of 9000 series of istio_requests_total were read.' },
    });
    expect(refused.state).toMatchObject({ phase: 'failed', error: { message: 'too many samples' } });
  });

  it('asks nothing while suspended, and once when resumed', async () => {
    const observer = observe(onlyIstio);
    await settle();
    observer.suspend();
    await vi.advanceTimersByTimeAsync(10 * ABSENT_MS);
    expect(asked).toHaveLength(5);
    observer.resume();
    observer.resume();
    await settle();
    expect(asked).toHaveLength(10);
    await vi.advanceTimersByTimeAsync(EVERY_MS);
    expect(asked).toHaveLength(11);
  });

  it('takes no answer of a turn before the last one, and none after its end', async () => {
    const waiting: ((answer: RateAnswer) => void)[] = [];
    const observer = observe(() => new Promise((done) => waiting.push(done)));
    observer.suspend();
    observer.resume();
    expect(waiting).toHaveLength(10);
    waiting.slice(0, 5).forEach((done) => done(istio));
    await settle();
    expect(observer.state.phase).toBe('asking');
    scope.dispose();
    waiting.slice(5).forEach((done) => done(istio));
    await settle();
    expect([observer.state.phase, told]).toEqual(['asking', 0]);
  });
});
