/** What the tests of verbs share: targets, objects, a row of the table. */
import type { OptionsOf, VerbId } from './options';
import { verbs } from './table';
import type { Extras, Plan, Planner, Target, Thing } from './types';

export const now = Date.parse('2026-03-01T12:00:00.250Z');

export function target(kind: string, kindName: string, group = 'apps', version = 'v1'): Target {
  const resource = kind.split('.')[0] ?? kind;
  return { kind, group, version, resource, kindName, namespace: 'shop', name: 'web', uid: 'u1' };
}

export const deploy = target('deployments.apps', 'Deployment');
export const pod = target('pods', 'Pod', '');
export const cron = target('cronjobs.batch', 'CronJob', 'batch');
export const job = target('jobs.batch', 'Job', 'batch');
export const node: Target = { ...target('nodes', 'Node', ''), namespace: '', name: 'node-1' };
export const claim = target('persistentvolumeclaims', 'PersistentVolumeClaim', '');
export const hpa = target(
  'horizontalpodautoscalers.autoscaling',
  'HorizontalPodAutoscaler',
  'autoscaling',
  'v2',
);
export const csr = target(
  'certificatesigningrequests.certificates.k8s.io',
  'CertificateSigningRequest',
  'certificates.k8s.io',
);

export function plan<K extends VerbId>(
  verb: K,
  object: Thing,
  options: OptionsOf[K],
  of: Target,
  extras?: Partial<Extras>,
): Plan {
  const { plan: make } = verbs[verb] as { plan: Planner<OptionsOf[K]> };
  return make(object, options, of, { now, suffix: 'abcde', ...extras });
}

export const template = {
  metadata: { labels: { app: 'web' } },
  spec: {
    containers: [{ name: 'web', image: 'local/shop:1' }],
    initContainers: [{ name: 'wait', image: 'busybox:1.35' }],
  },
};
export const web = {
  metadata: { name: 'web', uid: 'u1', labels: { app: 'web', tier: 'front' } },
  spec: { replicas: 3, template },
};
export const owned = {
  ownerReferences: [{ kind: 'ReplicaSet', name: 'web-5d', uid: 'rs', controller: true }],
};

export interface Row<K extends VerbId = VerbId> {
  readonly name: string;
  readonly verb: K;
  readonly object: Thing;
  readonly options: OptionsOf[K];
  readonly target: Target;
  readonly extras?: Partial<Extras>;
  readonly changes: readonly (readonly [path: string, before: string | null, after: string | null])[];
  readonly request: Partial<Plan['requests'][number]>;
  readonly kubectl: string;
  readonly undo?: unknown;
  readonly warns?: RegExp;
}

export const row = <K extends VerbId>(one: Row<K>): Row => one as unknown as Row;
export const uid = { metadata: { uid: 'u1' } };
