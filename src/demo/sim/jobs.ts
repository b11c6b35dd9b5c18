/** Jobs run pods to an end, CronJobs make Jobs on time and keep a short history. */
import { clone, iso, type Condition, type Fields, type KObject, type Pod, type Workload } from '../model';
import { nextRun } from './cron';
import { emit } from './events';
import { setCondition } from './pod-status';
import { createPod, deletePod, freePodName, type Ownership } from './owned';
import type { Sim } from './sim';

export function jobController(sim: Sim, owned: Ownership): void {
  const storage = 'jobs.batch';
  const ask = (namespace: string | undefined, name: string): void =>
    sim.soon(`job/${namespace}/${name}`, () => reconcile(namespace, name));
  sim.store.subscribe(storage, ({ type, object }) => {
    if (type !== 'DELETED') ask(object.metadata.namespace, object.metadata.name);
  });
  sim.store.subscribe('pods', ({ object }) => {
    for (const owner of object.metadata.ownerReferences ?? [])
      if (owner.kind === 'Job') ask(object.metadata.namespace, owner.name);
  });

  function reconcile(namespace: string | undefined, name: string): void {
    const job = sim.store.get<Workload>(storage, namespace, name);
    if (!job || job.metadata.deletionTimestamp) return;
    const over = job.status?.conditions?.some(
      (c) => (c.type === 'Complete' || c.type === 'Failed') && c.status === 'True',
    );
    if (over) return;
    const pods = owned.of<Pod>(job, 'pods');
    const succeeded = pods.filter((pod) => pod.status.phase === 'Succeeded').length;
    const failed = pods.filter((pod) => pod.status.phase === 'Failed').length;
    let active = owned.activePods(job).length;
    const wanted = job.spec.completions ?? 1;
    const tooMany = failed > (job.spec.backoffLimit ?? 6);
    const running = job.spec.suspend ? 0 : Math.min(job.spec.parallelism ?? 1, wanted - succeeded);
    if (!tooMany)
      for (; active < running; active++) {
        const labels = {
          'batch.kubernetes.io/job-name': name,
          'job-name': name,
          'batch.kubernetes.io/controller-uid': job.metadata.uid,
        };
        const pod = createPod(sim, job, job.spec.template, freePodName(sim, namespace, name), labels);
        emit(sim, job, 'Normal', 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`, 'job-controller');
      }
    const conditions: Condition[] = clone(job.status?.conditions ?? []);
    const complete = succeeded >= wanted;
    const end = (type: string, reason: string, message: string): void =>
      setCondition(conditions, { type, status: 'True', reason, message, lastProbeTime: sim.now }, sim.now);
    if (complete) {
      end('Complete', 'CompletionsReached', 'Reached expected number of succeeded pods');
      emit(sim, job, 'Normal', 'Completed', 'Job completed', 'job-controller');
    } else if (tooMany) {
      end('Failed', 'BackoffLimitExceeded', 'Job has reached the specified backoff limit');
      emit(
        sim,
        job,
        'Warning',
        'BackoffLimitExceeded',
        'Job has reached the specified backoff limit',
        'job-controller',
      );
    } else if (job.spec.suspend) end('Suspended', 'JobSuspended', 'Job suspended');
    const status: Workload['status'] = {
      startTime: job.status?.['startTime'] ?? sim.now,
      ...(complete ? { completionTime: sim.now } : {}),
      ...(active && !complete ? { active } : {}),
      ...(succeeded ? { succeeded } : {}),
      ...(failed ? { failed } : {}),
      ready: owned.activePods(job).filter((pod) => pod.status.phase === 'Running').length,
      ...(conditions.length ? { conditions } : {}),
    };
    if (JSON.stringify(status) !== JSON.stringify(job.status))
      sim.change<Workload>(storage, namespace, name, (draft) => {
        draft.status = status;
      });
  }
}

interface CronJob extends KObject {
  spec: {
    schedule: string;
    suspend?: boolean;
    concurrencyPolicy?: string;
    successfulJobsHistoryLimit?: number;
    failedJobsHistoryLimit?: number;
    jobTemplate: { metadata?: Fields; spec: Fields };
  };
  status: { active?: Fields[]; lastScheduleTime?: string; lastSuccessfulTime?: string };
}

export function cronJobController(sim: Sim, owned: Ownership): void {
  const storage = 'cronjobs.batch';
  const planned = new Map<string, string>();
  const plan = (cron: CronJob): void => {
    const { uid, namespace, name } = cron.metadata;
    const at = cron.spec.suspend
      ? undefined
      : nextRun(cron.spec.schedule, Math.max(sim.time, (sim.past ?? 0) - 5_400_000));
    const key = `${cron.spec.schedule}/${at}`;
    if (at === undefined || planned.get(uid) === key) return void (at === undefined && planned.delete(uid));
    planned.set(uid, key);
    sim.after(at - sim.time, () => {
      const current = sim.store.get<CronJob>(storage, namespace, name);
      if (!current || current.metadata.uid !== uid || planned.get(uid) !== key) return;
      planned.delete(uid);
      fire(current, at);
      plan(current);
    });
  };
  sim.store.subscribe(storage, ({ type, object }) => {
    if (type === 'DELETED') planned.delete(object.metadata.uid);
    else plan(object as CronJob);
  });
  sim.store.subscribe('jobs.batch', ({ object }) => {
    const owner = object.metadata.ownerReferences?.find((entry) => entry.kind === 'CronJob');
    if (owner)
      sim.soon(`cron/${object.metadata.namespace}/${owner.name}`, () =>
        tidy(object.metadata.namespace, owner.name),
      );
  });

  function fire(cron: CronJob, at: number): void {
    const { namespace, name } = cron.metadata;
    if (cron.spec.concurrencyPolicy === 'Forbid' && cron.status.active?.length) {
      emit(
        sim,
        cron,
        'Normal',
        'JobAlreadyActive',
        'Not starting job because prior execution is running and concurrency policy is Forbid',
        'cronjob-controller',
      );
      return;
    }
    const job = sim.store.create('jobs.batch', {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        ...clone(cron.spec.jobTemplate.metadata ?? {}),
        name: `${name}-${Math.floor(at / 60_000)}`,
        namespace,
        annotations: { 'batch.kubernetes.io/cronjob-scheduled-timestamp': iso(at) },
        ownerReferences: [sim.ownerOf(cron)],
      },
      spec: {
        parallelism: 1,
        completions: 1,
        completionMode: 'NonIndexed',
        suspend: false,
        ...clone(cron.spec.jobTemplate.spec),
      },
      status: {},
    });
    emit(sim, cron, 'Normal', 'SuccessfulCreate', `Created job ${job.metadata.name}`, 'cronjob-controller');
    sim.change<CronJob>(storage, namespace, name, (draft) => {
      draft.status.lastScheduleTime = iso(at);
    });
  }

  function tidy(namespace: string | undefined, name: string): void {
    const cron = sim.store.get<CronJob>(storage, namespace, name);
    if (!cron) return;
    const jobs = owned
      .of<Workload>(cron, 'jobs.batch')
      .sort((a, b) => Date.parse(b.metadata.creationTimestamp) - Date.parse(a.metadata.creationTimestamp));
    const ended = (type: string) =>
      jobs.filter((job) => job.status?.conditions?.some((c) => c.type === type && c.status === 'True'));
    const done = ended('Complete');
    const failed = ended('Failed');
    for (const job of [
      ...done.slice(cron.spec.successfulJobsHistoryLimit ?? 3),
      ...failed.slice(cron.spec.failedJobsHistoryLimit ?? 1),
    ]) {
      sim.store.remove('jobs.batch', namespace, job.metadata.name);
      for (const pod of owned.of<Pod>(job, 'pods')) deletePod(sim, pod);
    }
    const active = jobs
      .filter((job) => !done.includes(job) && !failed.includes(job))
      .map((job) => ({
        apiVersion: 'batch/v1',
        kind: 'Job',
        namespace,
        name: job.metadata.name,
        uid: job.metadata.uid,
      }));
    const lastSuccessfulTime = done[0]?.status['completionTime'] as string | undefined;
    if (
      JSON.stringify(active) === JSON.stringify(cron.status.active ?? []) &&
      lastSuccessfulTime === cron.status.lastSuccessfulTime
    )
      return;
    sim.change<CronJob>(storage, namespace, name, (draft) => {
      if (active.length) draft.status.active = active;
      else delete draft.status.active;
      if (lastSuccessfulTime) draft.status.lastSuccessfulTime = lastSuccessfulTime;
    });
  }
}
