/** A cron job's next runs, on its own clocks and on ours, and what happens when one is still running. */
import type { ReactNode } from 'react';
import { nextRuns, zonedText, zoneOffset } from '#shared/domain/health/cron';
import { str } from '#shared/k8s/read';
import { visible } from '#shared/util/text';
import { Age } from '../../../../ui/Age';
import { useClockText } from '../../../../ui/clock';
import styles from '../drawer.module.css';
import { field } from '../facts';
import { Pair, Section } from '../Parts';
import type { DetailProps } from '../tabs';
import own from './own.module.css';

const SHOWN = 3;

const policies: Readonly<Record<string, string>> = {
  Forbid: 'skipped',
  Replace: 'started, the running one is ended',
  Allow: 'started beside it',
};

export function CronRuns({ object, clockOffset }: DetailProps): ReactNode {
  const schedule = str(field(object, 'spec', 'schedule'));
  const named = str(field(object, 'spec', 'timeZone')) || undefined;
  // Drawn again only when the next run has come.
  const minute = Number(useClockText((now) => String(Math.floor((now + clockOffset) / 60_000))));
  const found = nextRuns(schedule, named, minute * 60_000, SHOWN);
  const suspended = field(object, 'spec', 'suspend') === true;
  const policy = str(field(object, 'spec', 'concurrencyPolicy')) || 'Allow';
  const deadline = field(object, 'spec', 'startingDeadlineSeconds');
  return (
    <Section title={suspended ? 'Next runs, were it not suspended' : 'Next runs'}>
      {'problem' in found ? (
        <p className={styles.warnText}>{visible(found.problem)}</p>
      ) : (
        <ul className={styles.rows}>
          {found.runs.length === 0 && <li className={styles.muted}>None in the next five years.</li>}
          {found.runs.map((at) => (
            <li key={at}>
              <span>{zonedText(at, found.offset)}</span>
              <span className={styles.muted}>
                {visible(found.zone)}
                {ours(at, found.offset)}
              </span>
              <span>
                <Age at={at} offset={clockOffset} />
              </span>
            </li>
          ))}
        </ul>
      )}
      {!('problem' in found) && named === undefined && found.zone === 'UTC' && (
        <p className={styles.muted}>
          It names no time zone: the controller’s own decides, here taken to be UTC.
        </p>
      )}
      <dl className={`${styles.facts} ${own.apart}`}>
        <Pair label="While one runs" wide>
          the next is {policies[policy] ?? visible(policy)}
        </Pair>
        {typeof deadline === 'number' && (
          <Pair label="Starts late" wide>
            up to {deadline} s, then it is missed
          </Pair>
        )}
      </dl>
    </Section>
  );
}

/** The same on this machine's clocks, where they differ. */
function ours(at: number, offset: (at: number) => number): string {
  const here = zoneOffset(Intl.DateTimeFormat().resolvedOptions().timeZone);
  if (!here || here(at) === offset(at)) return '';
  return `, here ${zonedText(at, here).replace(/^(\w+) \S+ /, '$1 ')}`;
}
