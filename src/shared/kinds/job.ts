import {
  namespacedColumns,
  ownerColumn,
  status,
  templateColumns,
  templateMask,
  terminating,
  type Status,
} from './columns';
import { defineKind } from './define';
import { condition, count, isTrue, num, str } from '../k8s/read';
import { formatSelector } from '../k8s/selector';
import type { Job } from '../k8s/types';
import { parseTime } from '../util/age';
import { plural } from '../util/text';

/** D69, D70. */
export function jobStatus(o: Job): Status {
  const deleting = terminating(o);
  if (deleting) return deleting;
  const conditions = o.status?.conditions;
  if (isTrue(conditions, 'Complete')) return status('done', 'Completed');
  const failed = condition(conditions, 'Failed') ?? condition(conditions, 'FailureTarget');
  if (failed?.status === 'True') {
    const reason = str(failed.reason);
    return status('bad', reason === '' ? 'Failed' : `Failed: ${reason}`);
  }
  if (isTrue(conditions, 'SuccessCriteriaMet')) return status('progress', 'Completing');
  if (o.spec?.suspend === true) return status('idle', 'Suspended');
  const active = count(o.status?.active);
  const failures = count(o.status?.failed);
  const wanted = num(o.spec?.completions);
  const done = count(o.status?.succeeded);
  if (active === 0) {
    if (wanted === 0) return status('done', 'Completed');
    return failures > 0
      ? status('warn', `Waits to retry after ${plural(failures, 'failure')}`)
      : status('progress', 'Starting');
  }
  const progress = wanted !== undefined && wanted > 1 ? `: ${done} of ${wanted} done` : '';
  if (failures > 0) return status('warn', `Running${progress}, ${failures} failed`);
  // `ready` exists since 1.24; without it nothing is claimed about it.
  if (o.status?.ready === 0) return status('progress', `Starting${progress}`);
  return status('progress', `Running${progress}`);
}

function duration(o: Job): number | null {
  const start = parseTime(o.status?.startTime);
  const failed = condition(o.status?.conditions, 'Failed');
  const end =
    parseTime(o.status?.completionTime) ??
    (failed?.status === 'True' ? parseTime(failed.lastTransitionTime) : null);
  return start === null || end === null ? null : Math.max(0, end - start);
}

export const job = defineKind<Job>({
  group: 'batch',
  resource: 'jobs',
  kind: 'Job',
  versions: ['v1'],
  namespaced: true,
  title: 'Jobs',
  singular: 'Job',
  tag: 'job',
  aliases: [],
  section: 'workloads',
  order: 50,
  mask: {
    spec: {
      completions: true,
      parallelism: true,
      suspend: true,
      completionMode: true,
      selector: true,
      template: templateMask,
    },
    status: {
      active: true,
      ready: true,
      succeeded: true,
      failed: true,
      startTime: true,
      completionTime: true,
      conditions: { type: true, status: true, reason: true, lastTransitionTime: true },
    },
  },
  columns: namespacedColumns<Job>(
    { id: 'status', title: 'Status', type: 'status', width: 200, get: jobStatus },
    {
      id: 'completions',
      title: 'Completions',
      type: 'ratio',
      width: 90,
      hint: 'Succeeded pods of those wanted; a work queue wants one',
      get: (o) => [count(o.status?.succeeded), num(o.spec?.completions) ?? 1],
    },
    {
      id: 'active',
      title: 'Active',
      type: 'number',
      width: 70,
      optional: true,
      get: (o) => count(o.status?.active),
    },
    { id: 'failed', title: 'Failed', type: 'number', width: 70, get: (o) => count(o.status?.failed) },
    {
      id: 'duration',
      title: 'Duration',
      type: 'duration',
      width: 80,
      hint: 'From start to end; empty while it runs',
      get: duration,
    },
    {
      id: 'started',
      title: 'Started',
      type: 'time',
      width: 70,
      optional: true,
      get: (o) => parseTime(o.status?.startTime),
    },
    {
      id: 'parallelism',
      title: 'Parallelism',
      type: 'number',
      width: 90,
      optional: true,
      get: (o) => o.spec?.parallelism,
    },
    {
      id: 'mode',
      title: 'Mode',
      type: 'text',
      width: 90,
      optional: true,
      get: (o) => o.spec?.completionMode,
    },
    ownerColumn<Job>(),
    ...templateColumns<Job>((o) => o.spec?.template),
    {
      id: 'selector',
      title: 'Selector',
      type: 'text',
      width: 200,
      optional: true,
      get: (o) => formatSelector(o.spec?.selector),
    },
  ),
});
