/**
 * What network policies say about the way that is tested, beside what the test says: asked of the
 * evaluator in the cluster's process, live while it is on screen.
 */
import type { ReactNode } from 'react';
import { netpol } from '#shared/contract/netpol';
import type { RpcClient } from '#shared/rpc/client';
import type { Place } from '#shared/domain/netpol/places';
import type { InquiryAnswer } from '#shared/domain/netpol/inquiry';
import { visible } from '#shared/util/text';
import { useStream } from '../../data/connections';
import { StatusMark, type MarkTone } from '../../ui/StatusMark';
import styles from './probe.module.css';
import { compared, decidedBy } from './words';

export interface PolicyVerdictProps {
  readonly client: RpcClient | undefined;
  readonly from: Place;
  readonly to: Place;
  readonly port: number;
  readonly protocol?: 'TCP' | 'UDP';
  /** Whether the test came through; undefined before it was made. */
  readonly passed: boolean | undefined;
}

const tones: Readonly<Record<InquiryAnswer['outcome'], MarkTone>> = {
  allowed: 'ok',
  partial: 'warn',
  denied: 'bad',
  undefined: 'idle',
};

export function PolicyVerdict(props: PolicyVerdictProps): ReactNode {
  const { client, from, to, port, protocol = 'TCP', passed } = props;
  const { data, error } = useStream(client, netpol, 'ask', { from, to, port, protocol });
  const { data: state } = useStream(client, netpol, 'state', undefined);
  const { answer } = data ?? {};
  const problem = error?.message ?? data?.problem;
  const enforces = state?.engine.enforces;
  return (
    <section className={styles.verdict} aria-label="Network policies">
      <h3 className={styles.small}>Network policies</h3>
      {!answer && (
        <p className={styles.muted}>
          {problem === undefined ? 'Reading pods and policies…' : `No verdict: ${visible(problem)}.`}
        </p>
      )}
      {answer && (
        <>
          <p className={styles.line}>
            <StatusMark tone={tones[answer.outcome]} /> <span>{visible(answer.sentence)}</span>
          </p>
          {decidedBy(answer).map((line) => (
            <p key={line} className={styles.muted}>
              {visible(line)}
            </p>
          ))}
          {compared(answer.outcome, passed, enforces).map((line) => (
            <p key={line}>{line}</p>
          ))}
        </>
      )}
    </section>
  );
}
