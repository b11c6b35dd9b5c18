import {
  namespacedColumns,
  status,
  templateColumns,
  templateMask,
  terminating,
  type Status,
} from './columns';
import { defineKind } from './define';
import { items } from '../k8s/read';
import type { CronJob } from '../k8s/types';
import { parseTime } from '../util/age';

/** D71, D72 as far as the object itself tells; the next run is computed where `now` is known. */
export function cronJobStatus(o: CronJob): Status {
  const deleting = terminating(o);
  if (deleting) return deleting;
  const active = items(o.status?.active).length;
  if (o.spec?.suspend === true) {
    return status('idle', active > 0 ? `Suspended, ${active} running` : 'Suspended');
  }
  if (active > 0) return status('progress', active === 1 ? 'Running' : `Running: ${active} jobs`);
  const last = parseTime(o.status?.lastScheduleTime);
  if (last === null) return status('idle', 'Not run yet');
  const success = parseTime(o.status?.lastSuccessfulTime);
  if (success !== null && success < last) return status('warn', 'Last run did not succeed');
  return success === null ? status('idle', 'No run has succeeded') : status('ok', 'Last run succeeded');
}

export const cronJob = defineKind<CronJob>({
  group: 'batch',
  resource: 'cronjobs',
  kind: 'CronJob',
  versions: ['v1', 'v1beta1'],
  namespaced: true,
  title: 'Cron jobs',
  singular: 'Cron job',
  tag: 'cj',
  aliases: ['cj', 'cron'],
  section: 'workloads',
  order: 60,
  mask: {
    spec: {
      schedule: true,
      timeZone: true,
      suspend: true,
      concurrencyPolicy: true,
      jobTemplate: { spec: { template: templateMask } },
    },
    status: { active: { name: true }, lastScheduleTime: true, lastSuccessfulTime: true },
  },
  columns: namespacedColumns<CronJob>(
    { id: 'status', title: 'Status', type: 'status', width: 180, get: cronJobStatus },
    { id: 'schedule', title: 'Schedule', type: 'mono', width: 130, get: (o) => o.spec?.schedule },
    {
      id: 'time-zone',
      title: 'Time zone',
      type: 'text',
      width: 110,
      optional: true,
      get: (o) => o.spec?.timeZone,
    },
    {
      id: 'active',
      title: 'Active',
      type: 'number',
      width: 70,
      get: (o) => items(o.status?.active).length,
    },
    {
      id: 'last-schedule',
      title: 'Last run',
      type: 'time',
      width: 80,
      get: (o) => parseTime(o.status?.lastScheduleTime),
    },
    {
      id: 'last-success',
      title: 'Last success',
      type: 'time',
      width: 90,
      get: (o) => parseTime(o.status?.lastSuccessfulTime),
    },
    {
      id: 'concurrency',
      title: 'Concurrency',
      type: 'text',
      width: 100,
      optional: true,
      get: (o) => o.spec?.concurrencyPolicy,
    },
    ...templateColumns<CronJob>((o) => o.spec?.jobTemplate?.spec?.template),
  ),
});
