/** Jobs and CronJobs: run now, run again, suspend, resume. A run by hand says so (T51). */
import type { OptionsOf } from './options';
import { at, change, controllerOf, mergePatch, word } from './read';
import { refuse, type Plan, type Planner, type Target, type Thing } from './types';

const INSTANTIATE = 'cronjob.kubernetes.io/instantiate';
const CONTROLLER_LABELS = [
  'controller-uid',
  'job-name',
  'batch.kubernetes.io/controller-uid',
  'batch.kubernetes.io/job-name',
];
/** Job names become label values and pod name prefixes. */
const MOST_NAME = 63;

const collection = { group: 'batch', version: 'v1', resource: 'jobs' };

export const trigger: Planner<OptionsOf['trigger']> = (object, _options, target, { suffix = 'x' }) => {
  const template = at(object, 'spec', 'jobTemplate');
  const spec = at(template, 'spec');
  if (typeof spec !== 'object' || spec === null) return refuse('Its jobTemplate is empty.');
  const name = fitted(target.name, `-manual-${suffix}`);
  const metadata = at(template, 'metadata') as Thing | undefined;
  const job = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name,
      namespace: target.namespace,
      labels: metadata?.labels,
      annotations: { ...(metadata?.annotations as object | undefined), [INSTANTIATE]: 'manual' },
      ownerReferences: [
        {
          apiVersion: `batch/${target.version}`,
          kind: 'CronJob',
          name: target.name,
          uid: target.uid,
          controller: true,
        },
      ],
    },
    spec,
  };
  const warnings =
    word(at(object, 'spec', 'concurrencyPolicy')) === 'Forbid'
      ? ['A run by hand ignores concurrencyPolicy Forbid: it may run beside a scheduled one.']
      : [];
  return {
    ...created(target, name, job),
    warnings,
    kubectl: ['create', 'job', name, `--from=cronjob/${target.name}`],
    done: `Job ${name} created`,
  };
};

export const rerun: Planner<OptionsOf['rerun']> = (object, _options, target, { suffix = 'x' }) => {
  const spec = at(object, 'spec') as Thing | undefined;
  if (!spec) return refuse('Its spec is empty.');
  const name = fitted(target.name.replace(/-rerun-[a-z0-9]{5}$/, ''), `-rerun-${suffix}`);
  const { selector: _selector, manualSelector: _manual, suspend: _suspend, ...kept } = spec;
  const template = kept['template'] as Thing | undefined;
  const job = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name,
      namespace: target.namespace,
      labels: withoutController(at(object, 'metadata', 'labels')),
      annotations: withoutNoise(at(object, 'metadata', 'annotations')),
    },
    spec: {
      ...kept,
      template: {
        ...template,
        metadata: {
          ...(template?.['metadata'] as Thing | undefined),
          labels: withoutController(at(template, 'metadata', 'labels')),
        },
      },
    },
  };
  const owner = controllerOf(object);
  const running = at(object, 'status', 'active');
  return {
    ...created(target, name, job),
    warnings: [
      ...(typeof running === 'number' && running > 0 ? ['The Job still runs: both run side by side.'] : []),
      ...(owner
        ? [`The copy does not belong to ${owner.kind} ${owner.name}: its history limits do not delete it.`]
        : []),
    ],
    kubectl: ['create', '-f', '-'],
    input: job,
    done: `Job ${name} created`,
  };
};

function created(target: Target, name: string, body: unknown): Pick<Plan, 'changes' | 'requests'> {
  return {
    // The suffix is drawn anew each time; the preview shows the name without it.
    changes: [
      change(`jobs.batch/${name.replace(/-[a-z0-9]+$/, '-…')}`, null, `created in ${target.namespace}`),
    ],
    requests: [{ method: 'POST', collection, body }],
  };
}

export function fitted(name: string, suffix: string): string {
  return `${name.slice(0, MOST_NAME - suffix.length).replace(/[-.]+$/, '')}${suffix}`;
}

function withoutController(labels: unknown): Thing {
  if (typeof labels !== 'object' || labels === null) return {};
  return Object.fromEntries(Object.entries(labels).filter(([key]) => !CONTROLLER_LABELS.includes(key)));
}

function withoutNoise(annotations: unknown): Thing {
  if (typeof annotations !== 'object' || annotations === null) return {};
  return Object.fromEntries(
    Object.entries(annotations).filter(
      ([key]) =>
        key !== 'kubectl.kubernetes.io/last-applied-configuration' &&
        key !== 'batch.kubernetes.io/job-tracking',
    ),
  );
}

function suspending(suspend: boolean): Planner<OptionsOf['suspend']> {
  return (object, _options, target) => {
    if ((at(object, 'spec', 'suspend') === true) === suspend)
      return refuse(suspend ? 'It is suspended already.' : 'It is not suspended.');
    const isJob = target.kind === 'jobs.batch';
    return {
      changes: [change('spec.suspend', !suspend, suspend)],
      requests: [mergePatch(target, { spec: { suspend } })],
      warnings: suspend
        ? [
            isJob
              ? 'Its running pods end; they start again when it is resumed.'
              : 'Jobs that run already go on; no new ones start.',
          ]
        : isJob
          ? []
          : ['A run that was missed meanwhile may start at once, within startingDeadlineSeconds.'],
      kubectl: ['patch', target.kind, target.name, '-p', JSON.stringify({ spec: { suspend } })],
      done: suspend ? 'Suspended' : 'Resumed',
      undo: { verb: suspend ? 'unsuspend' : 'suspend', options: {} },
    };
  };
}

export const suspend = suspending(true);
export const unsuspend = suspending(false);
