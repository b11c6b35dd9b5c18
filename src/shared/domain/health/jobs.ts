/** Jobs and cron jobs: D69-D72. Completed and suspended are states. */
import { formatShort } from '../../util/age';
import {
  at,
  cond,
  event,
  finding,
  isCond,
  link,
  list,
  number,
  ofCondition,
  ofEvent,
  open,
  seeEvents,
  time,
  word,
} from './read';
import type { Finding, Step, Subject } from './types';
import { podEvidence, podSteps, worstPod } from './workloads';

const HOUR = 3_600_000;

const failures: Readonly<Record<string, string>> = {
  BackoffLimitExceeded: 'its pods failed more often than backoffLimit allows',
  DeadlineExceeded: 'it ran longer than activeDeadlineSeconds',
  PodFailurePolicy: 'its pod failure policy ended it',
  FailedIndexes: 'some of its indexes failed',
  MaxFailedIndexesExceeded: 'too many of its indexes failed',
};

export function jobFindings(subject: Subject): readonly Finding[] {
  const { object, around, now } = subject;
  if (isCond(object, 'Complete')) return [];
  const failed = cond(object, 'Failed');
  const worst = worstPod(around.pods);
  if (failed?.['status'] === 'True') {
    const reason = word(failed['reason']);
    const steps: Step[] = worst
      ? [{ do: 'logs', title: 'Log of a failed pod', previous: false, container: '' }]
      : [];
    return [
      finding('D69', `Failed: ${failures[reason] ?? reason}`, {
        cause: worst ? `Pod ${worst.name}: ${worst.words}.` : word(failed['message']),
        next: worst
          ? 'See the log of the last failed pod.'
          : 'Its pods are gone; run it again to see what happens.',
        steps: [...steps, ...podSteps(worst)],
        evidence: [ofCondition(object, 'Failed'), ...podEvidence(worst)],
      }),
    ];
  }
  const refused = event(subject, ['FailedCreate']);
  if (refused && number(at(object, 'status', 'active')) === 0)
    return [
      finding('D74', 'Cannot create pods', {
        cause: refused.message,
        next: 'Change what the message names.',
        steps: [seeEvents],
        evidence: [ofEvent(refused)],
      }),
    ];
  if (at(object, 'spec', 'suspend') === true) return [];
  const started = time(at(object, 'status', 'startTime'));
  const retries = number(at(object, 'status', 'failed'));
  if (retries > 0 || worst?.tone === 'bad')
    return [
      finding('D70', retries > 0 ? `${retries} of its pods failed; it tries again` : 'Its pod does not run', {
        tone: 'warn',
        cause: worst ? `Pod ${worst.name}: ${worst.words}.` : '',
        next: 'See the log of the failed pod.',
        steps: podSteps(worst),
        evidence: [
          {
            path: 'status.failed',
            value: `${retries}, backoffLimit ${number(at(object, 'spec', 'backoffLimit') ?? 6)}`,
          },
          ...podEvidence(worst),
        ],
      }),
    ];
  if (started === null || now - started < HOUR || number(at(object, 'status', 'active')) === 0) return [];
  return [
    finding('D70', `Running for ${formatShort(now - started)}`, {
      tone: 'info',
      cause: 'Nothing says how long it should take; activeDeadlineSeconds would.',
      next: 'See the logs of its pods when that is too long.',
      steps: [{ do: 'logs', title: 'Logs', previous: false, container: '' }],
      evidence: [{ path: 'status.startTime', value: word(at(object, 'status', 'startTime')) }],
    }),
  ];
}

export function cronJobFindings(subject: Subject): readonly Finding[] {
  const { object, around } = subject;
  const found: Finding[] = [];
  const suspended = at(object, 'spec', 'suspend') === true;
  if (suspended)
    found.push(
      finding('D71', 'Suspended: it starts no jobs', {
        tone: 'info',
        next: 'Resume it when it should run again.',
        steps: [{ do: 'command', title: 'Resume', id: 'action.unsuspend' }],
        evidence: [{ path: 'spec.suspend', value: 'true' }],
      }),
    );
  const missed = event(subject, [
    'MissSchedule',
    'TooManyMissedTimes',
    'UnparseableSchedule',
    'UnknownTimeZone',
    'InvalidSchedule',
  ]);
  if (missed && !suspended)
    found.push(
      finding(
        'D71',
        missed.reason === 'UnparseableSchedule' || missed.reason === 'InvalidSchedule'
          ? 'Its schedule cannot be read'
          : missed.reason === 'UnknownTimeZone'
            ? 'Its time zone is unknown'
            : 'It missed start times',
        {
          tone: 'warn',
          cause: missed.message,
          next: 'Check schedule, timeZone and startingDeadlineSeconds.',
          steps: [seeEvents],
          evidence: [ofEvent(missed), { path: 'spec.schedule', value: word(at(object, 'spec', 'schedule')) }],
        },
      ),
    );
  const active = list(at(object, 'status', 'active'));
  const skipped = event(subject, ['JobAlreadyActive']);
  if (word(at(object, 'spec', 'concurrencyPolicy')) === 'Forbid' && active.length > 0 && skipped) {
    const [one] = active;
    const job = link('jobs.batch', word(one?.['namespace']), word(one?.['name']));
    found.push(
      finding('D72', 'Runs are skipped: the one before has not ended', {
        tone: 'warn',
        cause: skipped.message,
        next: 'See why that job does not end.',
        steps: [open(`Open job ${job.name}`, job)],
        evidence: [{ path: 'spec.concurrencyPolicy', value: 'Forbid' }, ofEvent(skipped)],
      }),
    );
  }
  const last = [...(around.jobs ?? [])].sort((a, b) => (b.started ?? 0) - (a.started ?? 0))[0];
  if (last?.tone === 'bad')
    found.push(
      finding('D69', `Its last run failed: ${last.name}`, {
        tone: 'warn',
        cause: last.words,
        next: 'Open the job.',
        steps: [open(`Open job ${last.name}`, link('jobs.batch', last.namespace, last.name))],
        evidence: [{ path: 'status', value: last.words, of: link('jobs.batch', last.namespace, last.name) }],
      }),
    );
  return found;
}
