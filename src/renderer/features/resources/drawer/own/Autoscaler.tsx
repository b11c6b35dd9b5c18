/** An autoscaler: each metric against its target, pods and bounds, pace, and why it stays where it is. */
import type { ReactNode } from 'react';
import { parseTime } from '#shared/util/age';
import { clip, visible } from '#shared/util/text';
import { Age } from '../../../../ui/Age';
import styles from '../drawer.module.css';
import { field } from '../facts';
import { Pair, Section, Words } from '../Parts';
import type { DetailProps } from '../tabs';
import { bounds, holdReasons, paceWords, podsWords, scalingRows } from './autoscaler-rows';
import own from './own.module.css';
import { Reference } from './Reference';

export function Autoscaler({ object, reference, clockOffset, onGo }: DetailProps): ReactNode {
  const rows = scalingRows(object);
  const { min, max } = bounds(object);
  const last = parseTime(field(object, 'status', 'lastScaleTime'));
  const target = field(object, 'spec', 'scaleTargetRef');
  const created = parseTime(field(object, 'metadata', 'creationTimestamp'));
  const reasons = holdReasons(object);
  return (
    <>
      <Section title="Scaling">
        <dl className={styles.facts}>
          <Pair label="Target" wide>
            <Reference
              of={{ ...(target as object | undefined), namespace: reference.namespace }}
              onGo={onGo}
            />
          </Pair>
          <Pair label="Pods">{podsWords(object)}</Pair>
          <Pair label="Bounds">
            {min} to {max ?? '?'}
          </Pair>
          <Pair label="Last scaled">
            {last === null ? 'never' : <Age at={last} offset={clockOffset} ago />}
          </Pair>
          <Pair label="Created">
            {created === null ? '–' : <Age at={created} offset={clockOffset} ago />}
          </Pair>
          {reasons.length > 0 && (
            <Pair label="Why so many" wide>
              {reasons.map((reason) => (
                <span key={reason} className={own.line}>
                  {visible(clip(reason, 400))}
                </span>
              ))}
            </Pair>
          )}
        </dl>
      </Section>
      <Section title={`Metrics ${rows.length}`}>
        {rows.length === 0 && <p className={styles.muted}>None: nothing tells it how many pods to run.</p>}
        <ul className={own.rules}>
          {rows.map((row, index) => (
            <li key={index}>
              <span className={own.hosts}>
                <span>{visible(clip(row.name, 200))}</span>
                <span className={styles.muted}>{visible(row.type)}</span>
              </span>
              <span>
                {visible(row.now)} <span className={styles.muted}>of {visible(row.target)}</span>
              </span>
              {row.tone === 'warn' ? (
                <Words tone="warn" words={row.words} />
              ) : (
                <span className={styles.muted}>{row.words}</span>
              )}
            </li>
          ))}
        </ul>
      </Section>
      <Section title="Pace">
        <dl className={styles.facts}>
          <Pair label="Up" wide>
            {paceWords(object, 'scaleUp')}
          </Pair>
          <Pair label="Down" wide>
            {paceWords(object, 'scaleDown')}
          </Pair>
        </dl>
      </Section>
    </>
  );
}
