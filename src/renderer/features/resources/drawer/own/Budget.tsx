/** A disruption budget: how many pods may be evicted now, which ones, and what holds the others. */
import type { ReactNode } from 'react';
import { parseTime } from '#shared/util/age';
import { clip, plural, visible } from '#shared/util/text';
import { formatSelector } from '#shared/k8s/selector';
import type { LabelSelector } from '#shared/k8s/types';
import { Age } from '../../../../ui/Age';
import { StatusMark } from '../../../../ui/StatusMark';
import styles from '../drawer.module.css';
import { field } from '../facts';
import { Go, Pair, Section, Words } from '../Parts';
import type { DetailProps } from '../tabs';
import { blockers, budgetNow, budgetPods, ruleWords, unhealthyWords } from './budget-rows';
import own from './own.module.css';

const MOST = 50;

export function Budget({ object, around, clockOffset, onGo }: DetailProps): ReactNode {
  const { allowed, healthy, desired, expected } = budgetNow(object);
  const reasons = blockers(object);
  const created = parseTime(field(object, 'metadata', 'creationTimestamp'));
  const selector = field(object, 'spec', 'selector') as LabelSelector | undefined;
  const pods = around.pods && budgetPods(object, around.pods);
  return (
    <>
      <Section title="Evictions">
        <dl className={styles.facts}>
          <Pair label="Allowed now">{allowed === undefined ? 'not known yet' : plural(allowed, 'pod')}</Pair>
          <Pair label="Healthy">
            {healthy} of {expected}, {desired} must be
          </Pair>
          <Pair label="Rule" wide>
            {visible(clip(ruleWords(object), 200))}
          </Pair>
          {reasons.length > 0 && (
            <Pair label="Held by" wide>
              {reasons.map((reason) => (
                <span key={reason} className={own.line}>
                  {visible(clip(reason, 600))}
                </span>
              ))}
            </Pair>
          )}
          <Pair label="Unhealthy pods" wide>
            {unhealthyWords(object)}
          </Pair>
          <Pair label="Selector" wide>
            <span className="mono">{visible(clip(formatSelector(selector), 500))}</span>
          </Pair>
          <Pair label="Created">
            {created === null ? '–' : <Age at={created} offset={clockOffset} ago />}
          </Pair>
        </dl>
      </Section>
      {pods && (
        <Section title={`Pods ${pods.length}${around.podsCut ? ' or more' : ''}`}>
          {pods.length === 0 && <p className={styles.muted}>None: it protects nothing.</p>}
          <ul className={own.rules}>
            {pods.slice(0, MOST).map(({ pod, may, words }) => (
              <li key={pod.uid}>
                <Go
                  link={{ kind: 'pods', namespace: pod.namespace, name: pod.name }}
                  onGo={onGo}
                  text={pod.name}
                />
                <Words tone={pod.tone} words={pod.words} />
                <span className={styles.words}>
                  <StatusMark tone={may ? 'ok' : 'warn'} />
                  {words}
                </span>
              </li>
            ))}
          </ul>
          {pods.length > MOST && <p className={styles.muted}>and {pods.length - MOST} more</p>}
        </Section>
      )}
    </>
  );
}
