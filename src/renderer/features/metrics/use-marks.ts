/** What happened to the target in the time on screen, asked each minute while it is seen. */
import { useEffect, useState } from 'react';
import { metrics, type MarksAnswer } from '#shared/contract/metrics';
import type { MetricsTarget } from '#shared/domain/prom/charts';
import { useCluster } from '../../data/connections';
import type { TimeChoice } from './time';

const EVERY = 60_000;
const none: MarksAnswer = { marks: [], notes: [] };

/** `skew`: Prometheus' clock minus ours, ms. */
export function useMarks(target: MetricsTarget, time: TimeChoice, skew: number, shown: boolean): MarksAnswer {
  const client = useCluster();
  const [answer, setAnswer] = useState(none);
  const key = JSON.stringify(target);
  useEffect(() => {
    if (!client || !shown) return undefined;
    const ended = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const one = JSON.parse(key) as MetricsTarget;
    // Nothing is deployed or restarted there.
    if (one.kind === 'claim' || one.kind === 'ingress') return undefined;
    const ask = (): void => {
      const now = (Date.now() + skew) / 1000;
      const input = {
        target: {
          kind: one.kind === 'container' ? ('pod' as const) : one.kind,
          namespace: 'namespace' in one ? one.namespace : '',
          name: 'name' in one ? one.name : '',
          ...(one.kind === 'workload' ? { controller: one.controller } : {}),
        },
        from: time.zoom?.from ?? now - time.span,
        to: time.zoom?.to ?? now,
      };
      client.call(metrics, 'marks', input, ended.signal).then(
        (found) => {
          if (ended.signal.aborted) return;
          setAnswer(found);
          timer = setTimeout(ask, EVERY);
        },
        // Charts are right without marks; the next minute tries again.
        () => {
          if (!ended.signal.aborted) timer = setTimeout(ask, EVERY);
        },
      );
    };
    ask();
    return () => {
      ended.abort();
      clearTimeout(timer);
    };
  }, [client, key, time.span, time.zoom, time.asked, skew, shown]);
  return answer;
}
