/**
 * The verbs as one table: what each applies to, which right it needs, how it is planned.
 * Menu, palette, keys, dialogs and the host read it; a new verb is one entry here, one in
 * `options.ts` and a planner.
 */
import { rerun, suspend, trigger, unsuspend } from './jobs';
import { annotate, label, removeFinalizer } from './metadata';
import { cordon, taint, uncordon } from './nodes';
import type { OptionsOf, VerbId } from './options';
import { approve, bounds, deny, expand, remove } from './others';
import { evict, resize } from './pods';
import { rollback } from './revisions';
import type { Change, Planner } from './types';
import { pause, restart, resume, scale, setImage } from './workloads';

/** The right a verb needs; `group` and `resource` where it acts on another kind. */
export interface Right {
  readonly verb: string;
  readonly subresource?: string;
  readonly group?: string;
  readonly resource?: string;
}

export interface Verb<O> {
  readonly title: string;
  /** Past and present for results: `Deleted 3 pods`. */
  readonly running: string;
  /** Kind ids; absent: every kind that can be changed so. */
  readonly kinds?: readonly string[];
  readonly rights: readonly Right[];
  readonly plan: Planner<O>;
  /** Runs without a question where the context is not protected: it is small and can be undone. */
  readonly instant?: boolean;
  /** One object at a time. */
  readonly single?: boolean;
  /** What else the host must read for the plan. */
  readonly needs?: 'revisions' | 'autoscalers' | 'storage-class';
  /** Same plan whatever the object looks like: many are not read one by one before. */
  readonly blind?: boolean;
}

const templates = ['deployments.apps', 'statefulsets.apps', 'daemonsets.apps'];
const patch: readonly Right[] = [{ verb: 'patch' }];
const createJobs: readonly Right[] = [{ verb: 'create', group: 'batch', resource: 'jobs' }];

export const verbs: { readonly [K in VerbId]: Verb<OptionsOf[K]> } = {
  scale: {
    title: 'Scale',
    running: 'Scaling',
    kinds: ['deployments.apps', 'statefulsets.apps', 'replicasets.apps', 'replicationcontrollers'],
    rights: [{ verb: 'patch', subresource: 'scale' }],
    needs: 'autoscalers',
    plan: scale,
  },
  restart: { title: 'Restart', running: 'Restarting', kinds: templates, rights: patch, plan: restart },
  rollback: {
    title: 'Roll back',
    running: 'Rolling back',
    kinds: templates,
    rights: patch,
    single: true,
    needs: 'revisions',
    plan: rollback,
  },
  pause: {
    title: 'Pause rollout',
    running: 'Pausing',
    kinds: ['deployments.apps'],
    rights: patch,
    instant: true,
    plan: pause,
  },
  resume: {
    title: 'Resume rollout',
    running: 'Resuming',
    kinds: ['deployments.apps'],
    rights: patch,
    instant: true,
    plan: resume,
  },
  'set-image': {
    title: 'Set image',
    running: 'Setting images',
    kinds: [...templates, 'replicasets.apps', 'replicationcontrollers', 'cronjobs.batch', 'pods'],
    rights: patch,
    single: true,
    plan: setImage,
  },
  resize: {
    title: 'Resize in place',
    running: 'Resizing',
    kinds: ['pods'],
    rights: [{ verb: 'patch', subresource: 'resize' }],
    single: true,
    plan: resize,
  },
  trigger: {
    title: 'Run now',
    running: 'Starting',
    kinds: ['cronjobs.batch'],
    rights: createJobs,
    plan: trigger,
  },
  suspend: {
    title: 'Suspend',
    running: 'Suspending',
    kinds: ['cronjobs.batch', 'jobs.batch'],
    rights: patch,
    instant: true,
    plan: suspend,
  },
  unsuspend: {
    title: 'Resume',
    running: 'Resuming',
    kinds: ['cronjobs.batch', 'jobs.batch'],
    rights: patch,
    instant: true,
    plan: unsuspend,
  },
  rerun: {
    title: 'Run again',
    running: 'Starting again',
    kinds: ['jobs.batch'],
    rights: createJobs,
    plan: rerun,
  },
  cordon: {
    title: 'Cordon',
    running: 'Cordoning',
    kinds: ['nodes'],
    rights: patch,
    instant: true,
    plan: cordon,
  },
  uncordon: {
    title: 'Uncordon',
    running: 'Uncordoning',
    kinds: ['nodes'],
    rights: patch,
    instant: true,
    plan: uncordon,
  },
  taint: {
    title: 'Edit taints',
    running: 'Tainting',
    kinds: ['nodes'],
    rights: patch,
    single: true,
    plan: taint,
  },
  approve: {
    title: 'Approve',
    running: 'Approving',
    kinds: ['certificatesigningrequests.certificates.k8s.io'],
    rights: [{ verb: 'update', subresource: 'approval' }],
    plan: approve,
  },
  deny: {
    title: 'Deny',
    running: 'Denying',
    kinds: ['certificatesigningrequests.certificates.k8s.io'],
    rights: [{ verb: 'update', subresource: 'approval' }],
    plan: deny,
  },
  expand: {
    title: 'Expand',
    running: 'Expanding',
    kinds: ['persistentvolumeclaims'],
    rights: patch,
    needs: 'storage-class',
    plan: expand,
  },
  bounds: {
    title: 'Edit bounds',
    running: 'Setting bounds',
    kinds: ['horizontalpodautoscalers.autoscaling'],
    rights: patch,
    plan: bounds,
  },
  evict: {
    title: 'Evict',
    running: 'Evicting',
    kinds: ['pods'],
    rights: [{ verb: 'create', subresource: 'eviction' }],
    blind: true,
    plan: evict,
  },
  label: { title: 'Edit labels', running: 'Labelling', rights: patch, plan: label },
  annotate: { title: 'Edit annotations', running: 'Annotating', rights: patch, plan: annotate },
  'remove-finalizer': {
    title: 'Remove finalizer',
    running: 'Removing finalizers',
    rights: patch,
    single: true,
    plan: removeFinalizer,
  },
  delete: { title: 'Delete', running: 'Deleting', rights: [{ verb: 'delete' }], blind: true, plan: remove },
};

export const verbIds = Object.keys(verbs) as readonly VerbId[];

/** Whether the verb means something for the kind; `served` are the kind's own API verbs. */
export function applies(
  id: VerbId,
  kind: { readonly id: string; readonly verbs: readonly string[] },
): boolean {
  const verb: Verb<never> = verbs[id];
  if (verb.kinds) return verb.kinds.includes(kind.id);
  if (kind.id === 'events' || kind.id === 'events.events.k8s.io')
    return id === 'delete' && kind.verbs.includes('delete');
  return kind.verbs.includes(id === 'delete' ? 'delete' : 'patch');
}

/** What the preview and the run must agree on. */
export function fingerprint(changes: readonly Change[]): string {
  return JSON.stringify(changes.map(({ path, before, after }) => [path, before, after]));
}
