/** An event: what it says, of which object, how often, by whom. */
import type { ReactNode } from 'react';
import { str } from '#shared/k8s/read';
import type { CoreEvent } from '#shared/k8s/types';
import { eventCount, eventLast } from '#shared/kinds/event';
import { parseTime } from '#shared/util/age';
import { clip, visible } from '#shared/util/text';
import { Age } from '../../../../ui/Age';
import { StatusMark } from '../../../../ui/StatusMark';
import styles from '../drawer.module.css';
import { field } from '../facts';
import { Pair, Section } from '../Parts';
import type { DetailProps } from '../tabs';
import own from './own.module.css';
import { Reference } from './Reference';

export function EventAbout({ object, clockOffset, onGo }: DetailProps): ReactNode {
  const event = object as unknown as CoreEvent;
  const last = eventLast(event);
  const first = parseTime(field(object, 'firstTimestamp')) ?? parseTime(field(object, 'eventTime'));
  const count = eventCount(event);
  const by = str(field(object, 'source', 'component')) || str(field(object, 'reportingComponent'));
  const host = str(field(object, 'source', 'host')) || str(field(object, 'reportingInstance'));
  const part = str(field(object, 'involvedObject', 'fieldPath'));
  return (
    <Section title="What it says">
      <p className={styles.words}>
        <StatusMark tone={field(object, 'type') === 'Warning' ? 'warn' : 'idle'} />
        <b>{visible(str(field(object, 'reason')))}</b>
      </p>
      <p className={own.said}>{visible(clip(str(field(object, 'message')), 4000))}</p>
      <dl className={styles.facts}>
        <Pair label="About" wide>
          <Reference of={field(object, 'involvedObject')} onGo={onGo} />
          {part !== '' && <span className={styles.muted}> {visible(part)}</span>}
        </Pair>
        {field(object, 'related') !== undefined && field(object, 'related') !== null && (
          <Pair label="With" wide>
            <Reference of={field(object, 'related')} onGo={onGo} />
          </Pair>
        )}
        <Pair label="Said">
          {count === 1 ? 'once' : `${count} times`}
          {last !== null && (
            <>
              , <Age at={last} offset={clockOffset} ago />
            </>
          )}
        </Pair>
        <Pair label="First">{first === null ? '–' : <Age at={first} offset={clockOffset} ago />}</Pair>
        <Pair label="By" wide>
          {visible(by)}
          {host !== '' && host !== by && <span className={styles.muted}> on {visible(host)}</span>}
        </Pair>
      </dl>
    </Section>
  );
}
