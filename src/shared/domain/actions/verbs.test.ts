/** Every verb: its exact patch, its preview, its undo, and when it refuses. */
import { describe, expect, test } from 'vitest';
import type { OptionsOf, VerbId } from './options';
import { optionSchemas } from './options';
import { applies, fingerprint, verbIds, verbs } from './table';
import type { Extras, Plan, Planner, Target, Thing } from './types';

const now = Date.parse('2026-03-01T12:00:00.250Z');

function target(kind: string, kindName: string, group = 'apps', version = 'v1'): Target {
  const resource = kind.split('.')[0] ?? kind;
  return { kind, group, version, resource, kindName, namespace: 'shop', name: 'web', uid: 'u1' };
}

const deploy = target('deployments.apps', 'Deployment');
const pod = target('pods', 'Pod', '');
const cron = target('cronjobs.batch', 'CronJob', 'batch');
const job = target('jobs.batch', 'Job', 'batch');
const node: Target = { ...target('nodes', 'Node', ''), namespace: '', name: 'node-1' };
const claim = target('persistentvolumeclaims', 'PersistentVolumeClaim', '');
const hpa = target('horizontalpodautoscalers.autoscaling', 'HorizontalPodAutoscaler', 'autoscaling', 'v2');
const csr = target(
  'certificatesigningrequests.certificates.k8s.io',
  'CertificateSigningRequest',
  'certificates.k8s.io',
);

function plan<K extends VerbId>(
  verb: K,
  object: Thing,
  options: OptionsOf[K],
  of: Target,
  extras?: Partial<Extras>,
): Plan {
  const { plan: make } = verbs[verb] as { plan: Planner<OptionsOf[K]> };
  return make(object, options, of, { now, suffix: 'abcde', ...extras });
}

const template = {
  metadata: { labels: { app: 'web' } },
  spec: {
    containers: [{ name: 'web', image: 'local/shop:1' }],
    initContainers: [{ name: 'wait', image: 'busybox:1.35' }],
  },
};
const web = {
  metadata: { name: 'web', uid: 'u1', labels: { app: 'web', tier: 'front' } },
  spec: { replicas: 3, template },
};
const owned = { ownerReferences: [{ kind: 'ReplicaSet', name: 'web-5d', uid: 'rs', controller: true }] };

interface Row<K extends VerbId = VerbId> {
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

const row = <K extends VerbId>(one: Row<K>): Row => one as unknown as Row;
const uid = { metadata: { uid: 'u1' } };

const rows: readonly Row[] = [
  row({
    name: 'scale',
    verb: 'scale',
    object: web,
    options: { replicas: 5 },
    target: deploy,
    changes: [['spec.replicas', '3', '5']],
    request: {
      method: 'PATCH',
      patch: 'merge',
      subresource: 'scale',
      body: { ...uid, spec: { replicas: 5 } },
    },
    kubectl: 'scale deployments.apps/web --current-replicas=3 --replicas=5',
    undo: { verb: 'scale', options: { replicas: 3 } },
  }),
  row({
    name: 'scale under an autoscaler',
    verb: 'scale',
    object: web,
    options: { replicas: 0 },
    target: deploy,
    extras: {
      autoscalers: [
        {
          metadata: { name: 'other' },
          spec: { scaleTargetRef: { kind: 'Deployment', name: 'api' }, maxReplicas: 2 },
        },
        {
          metadata: { name: 'web' },
          spec: { scaleTargetRef: { kind: 'Deployment', name: 'web' }, minReplicas: 2, maxReplicas: 9 },
        },
      ],
    },
    changes: [['spec.replicas', '3', '0']],
    request: { subresource: 'scale' },
    kubectl: 'scale deployments.apps/web --current-replicas=3 --replicas=0',
    undo: { verb: 'scale', options: { replicas: 3 } },
    warns: /^HorizontalPodAutoscaler web \(2 to 9\) stops acting.*\nAll its pods end\.$/,
  }),
  row({
    name: 'restart',
    verb: 'restart',
    object: web,
    options: {},
    target: deploy,
    changes: [
      [
        'spec.template.metadata.annotations[kubectl.kubernetes.io/restartedAt]',
        null,
        'the time of the restart',
      ],
    ],
    request: {
      patch: 'merge',
      body: {
        ...uid,
        spec: {
          template: {
            metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': '2026-03-01T12:00:00Z' } },
          },
        },
      },
    },
    kubectl: 'rollout restart deployments.apps/web',
  }),
  row({
    name: 'pause',
    verb: 'pause',
    object: web,
    options: {},
    target: deploy,
    changes: [['spec.paused', 'false', 'true']],
    request: { patch: 'merge', body: { ...uid, spec: { paused: true } } },
    kubectl: 'rollout pause deployments.apps/web',
    undo: { verb: 'resume', options: {} },
    warns: /wait until it is resumed/,
  }),
  row({
    name: 'resume',
    verb: 'resume',
    object: { spec: { paused: true } },
    options: {},
    target: deploy,
    changes: [['spec.paused', 'true', 'false']],
    request: { body: { ...uid, spec: { paused: null } } },
    kubectl: 'rollout resume deployments.apps/web',
    undo: { verb: 'pause', options: {} },
  }),
  row({
    name: 'set image of a container and an init container',
    verb: 'set-image',
    object: web,
    options: { images: { web: 'local/shop:2', wait: 'busybox:1.36' } },
    target: deploy,
    changes: [
      ['spec.template.spec.containers[web].image', 'local/shop:1', 'local/shop:2'],
      ['spec.template.spec.initContainers[wait].image', 'busybox:1.35', 'busybox:1.36'],
    ],
    request: {
      patch: 'strategic',
      body: {
        ...uid,
        spec: {
          template: {
            spec: {
              containers: [{ name: 'web', image: 'local/shop:2' }],
              initContainers: [{ name: 'wait', image: 'busybox:1.36' }],
            },
          },
        },
      },
    },
    kubectl: 'set image deployments.apps/web web=local/shop:2 wait=busybox:1.36',
    undo: { verb: 'set-image', options: { images: { web: 'local/shop:1', wait: 'busybox:1.35' } } },
  }),
  row({
    name: 'set image of a cron job',
    verb: 'set-image',
    object: { spec: { jobTemplate: { spec: { template } } } },
    options: { images: { web: 'local/shop:2' } },
    target: cron,
    changes: [['spec.jobTemplate.spec.template.spec.containers[web].image', 'local/shop:1', 'local/shop:2']],
    request: {
      patch: 'strategic',
      body: {
        ...uid,
        spec: {
          jobTemplate: {
            spec: { template: { spec: { containers: [{ name: 'web', image: 'local/shop:2' }] } } },
          },
        },
      },
    },
    kubectl: 'set image cronjobs.batch/web web=local/shop:2',
    undo: { verb: 'set-image', options: { images: { web: 'local/shop:1' } } },
  }),
  row({
    name: 'resize in place',
    verb: 'resize',
    object: {
      metadata: owned,
      spec: {
        containers: [
          {
            name: 'main',
            resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { memory: '128Mi' } },
            resizePolicy: [{ resourceName: 'memory', restartPolicy: 'RestartContainer' }],
          },
        ],
      },
    },
    options: {
      containers: { main: { requests: { cpu: '0.2', memory: '64Mi' }, limits: { memory: '256Mi' } } },
    },
    target: pod,
    changes: [
      ['spec.containers[main].resources.requests.cpu', '100m', '0.2'],
      ['spec.containers[main].resources.limits.memory', '128Mi', '256Mi'],
    ],
    request: {
      subresource: 'resize',
      patch: 'strategic',
      body: {
        ...uid,
        spec: {
          containers: [
            { name: 'main', resources: { requests: { cpu: '0.2' }, limits: { memory: '256Mi' } } },
          ],
        },
      },
    },
    kubectl:
      'patch pods web --type=strategic --subresource=resize -p {"spec":{"containers":[{"name":"main","resources":{"requests":{"cpu":"0.2"},"limits":{"memory":"256Mi"}}}]}}',
    undo: {
      verb: 'resize',
      options: { containers: { main: { requests: { cpu: '100m' }, limits: { memory: '128Mi' } } } },
    },
    warns: /^main restarts: .*memory\.\nOnly this pod/,
  }),
  row({
    name: 'trigger a cron job',
    verb: 'trigger',
    object: {
      spec: {
        concurrencyPolicy: 'Forbid',
        jobTemplate: { metadata: { labels: { a: 'b' } }, spec: { template } },
      },
    },
    options: {},
    target: cron,
    changes: [['jobs.batch/web-manual-…', null, 'created in shop']],
    request: {
      method: 'POST',
      collection: { group: 'batch', version: 'v1', resource: 'jobs' },
      body: {
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: {
          name: 'web-manual-abcde',
          namespace: 'shop',
          labels: { a: 'b' },
          annotations: { 'cronjob.kubernetes.io/instantiate': 'manual' },
          ownerReferences: [
            { apiVersion: 'batch/v1', kind: 'CronJob', name: 'web', uid: 'u1', controller: true },
          ],
        },
        spec: { template },
      },
    },
    kubectl: 'create job web-manual-abcde --from=cronjob/web',
    warns: /ignores concurrencyPolicy Forbid/,
  }),
  row({
    name: 'suspend a cron job',
    verb: 'suspend',
    object: { spec: {} },
    options: {},
    target: cron,
    changes: [['spec.suspend', 'false', 'true']],
    request: { body: { ...uid, spec: { suspend: true } } },
    kubectl: 'patch cronjobs.batch web -p {"spec":{"suspend":true}}',
    undo: { verb: 'unsuspend', options: {} },
    warns: /no new ones start/,
  }),
  row({
    name: 'resume a job',
    verb: 'unsuspend',
    object: { spec: { suspend: true } },
    options: {},
    target: job,
    changes: [['spec.suspend', 'true', 'false']],
    request: { body: { ...uid, spec: { suspend: false } } },
    kubectl: 'patch jobs.batch web -p {"spec":{"suspend":false}}',
    undo: { verb: 'suspend', options: {} },
  }),
  row({
    name: 'run a job again, without what its controller wrote',
    verb: 'rerun',
    object: {
      metadata: {
        ...owned,
        labels: { a: 'b', 'job-name': 'web' },
        annotations: { 'batch.kubernetes.io/job-tracking': '' },
      },
      spec: {
        selector: { matchLabels: { 'controller-uid': 'x' } },
        completions: 2,
        template: {
          metadata: { labels: { a: 'b', 'batch.kubernetes.io/controller-uid': 'x' } },
          spec: { restartPolicy: 'Never' },
        },
      },
      status: { active: 1 },
    },
    options: {},
    target: { ...job, name: 'web-rerun-zzzzz' },
    changes: [['jobs.batch/web-rerun-…', null, 'created in shop']],
    request: {
      body: {
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: { name: 'web-rerun-abcde', namespace: 'shop', labels: { a: 'b' }, annotations: {} },
        spec: {
          completions: 2,
          template: { metadata: { labels: { a: 'b' } }, spec: { restartPolicy: 'Never' } },
        },
      },
    },
    kubectl: 'create -f -',
    warns: /side by side.\nThe copy does not belong to ReplicaSet web-5d/,
  }),
  row({
    name: 'cordon',
    verb: 'cordon',
    object: { spec: {} },
    options: {},
    target: node,
    changes: [['spec.unschedulable', 'false', 'true']],
    request: { body: { ...uid, spec: { unschedulable: true } } },
    kubectl: 'cordon node-1',
    undo: { verb: 'uncordon', options: {} },
    warns: /new ones go elsewhere/,
  }),
  row({
    name: 'uncordon',
    verb: 'uncordon',
    object: { spec: { unschedulable: true } },
    options: {},
    target: node,
    changes: [['spec.unschedulable', 'true', 'false']],
    request: { body: { ...uid, spec: { unschedulable: null } } },
    kubectl: 'uncordon node-1',
    undo: { verb: 'cordon', options: {} },
  }),
  row({
    name: 'taints: one changed, one gone, one kept with its time',
    verb: 'taint',
    object: {
      metadata: { resourceVersion: '7' },
      spec: {
        taints: [
          { key: 'a', value: '1', effect: 'NoSchedule' },
          { key: 'b', effect: 'NoExecute', timeAdded: 't' },
          { key: 'c', effect: 'NoSchedule' },
        ],
      },
    },
    options: {
      taints: [
        { key: 'a', value: '2', effect: 'NoSchedule' },
        { key: 'b', effect: 'NoExecute' },
      ],
    },
    target: node,
    changes: [
      ['spec.taints[c:NoSchedule]', 'c:NoSchedule', null],
      ['spec.taints[a:NoSchedule]', 'a=1:NoSchedule', 'a=2:NoSchedule'],
    ],
    request: {
      body: {
        metadata: { uid: 'u1', resourceVersion: '7' },
        spec: {
          taints: [
            { key: 'a', value: '2', effect: 'NoSchedule' },
            { key: 'b', effect: 'NoExecute', timeAdded: 't' },
          ],
        },
      },
    },
    kubectl: 'taint nodes node-1 c:NoSchedule- a=2:NoSchedule --overwrite',
    undo: {
      verb: 'taint',
      options: {
        taints: [
          { key: 'a', value: '1', effect: 'NoSchedule' },
          { key: 'b', effect: 'NoExecute', timeAdded: 't' },
          { key: 'c', effect: 'NoSchedule' },
        ],
      },
    },
  }),
  row({
    name: 'labels: set, change, remove',
    verb: 'label',
    object: { metadata: { ...owned, labels: { app: 'web', tier: 'front' } } },
    options: { values: { app: 'shop', tier: null, 'team/owner': 'x', gone: null } },
    target: pod,
    changes: [
      ['metadata.labels[app]', 'web', 'shop'],
      ['metadata.labels[tier]', 'front', null],
      ['metadata.labels[team/owner]', null, 'x'],
    ],
    request: { body: { metadata: { uid: 'u1', labels: { app: 'shop', tier: null, 'team/owner': 'x' } } } },
    kubectl: 'label pods web --overwrite app=shop tier- team/owner=x',
    undo: { verb: 'label', options: { values: { app: 'web', tier: 'front', 'team/owner': null } } },
    warns: /ReplicaSet web-5d may find it by its labels/,
  }),
  row({
    name: 'annotations may hold any text',
    verb: 'annotate',
    object: {},
    options: { values: { note: 'two words, "quoted"' } },
    target: deploy,
    changes: [['metadata.annotations[note]', null, 'two words, "quoted"']],
    request: { body: { metadata: { uid: 'u1', annotations: { note: 'two words, "quoted"' } } } },
    kubectl: 'annotate deployments.apps web --overwrite note=two words, "quoted"',
    undo: { verb: 'annotate', options: { values: { note: null } } },
  }),
  row({
    name: 'remove the last finalizer of a deleted object',
    verb: 'remove-finalizer',
    object: {
      metadata: {
        finalizers: ['example.com/cleanup'],
        deletionTimestamp: '2026-03-01T11:00:00Z',
        resourceVersion: '9',
      },
    },
    options: { finalizers: ['example.com/cleanup'] },
    target: target('configmaps', 'ConfigMap', ''),
    changes: [['metadata.finalizers[example.com/cleanup]', 'example.com/cleanup', null]],
    request: { body: { metadata: { uid: 'u1', finalizers: null, resourceVersion: '9' } } },
    kubectl: 'patch configmaps web --type=merge -p {"metadata":{"finalizers":null}}',
    warns:
      /the controller of example\.com.*never happens.*\nIt is being deleted: without finalizers it is gone at once\./,
  }),
  row({
    name: 'evict',
    verb: 'evict',
    object: { metadata: owned },
    options: { grace: 10 },
    target: pod,
    changes: [['pods/web', 'there', null]],
    request: {
      method: 'POST',
      subresource: 'eviction',
      body: {
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: { name: 'web', namespace: 'shop' },
        deleteOptions: { preconditions: { uid: 'u1' }, gracePeriodSeconds: 10 },
      },
    },
    kubectl: 'create --raw /api/v1/namespaces/shop/pods/web/eviction -f -',
    warns: /ReplicaSet web-5d makes another one/,
  }),
  row({
    name: 'delete',
    verb: 'delete',
    object: { metadata: { finalizers: ['a/b'] } },
    options: { propagation: 'Orphan', grace: null },
    target: deploy,
    changes: [['deployments.apps/web', 'there', null]],
    request: {
      method: 'DELETE',
      body: {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        propagationPolicy: 'Orphan',
        preconditions: { uid: 'u1' },
      },
    },
    kubectl: 'delete deployments.apps web --cascade=orphan',
    warns: /only after a\/b is taken away/,
  }),
  row({
    name: 'delete a bare pod at once',
    verb: 'delete',
    object: {},
    options: { propagation: 'Background', grace: 0 },
    target: pod,
    changes: [['pods/web', 'there', null]],
    request: {
      body: {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        propagationPolicy: 'Background',
        preconditions: { uid: 'u1' },
        gracePeriodSeconds: 0,
      },
    },
    kubectl: 'delete pods web --grace-period=0 --force',
    warns: /gone for good.\nGrace period 0/,
  }),
  row({
    name: 'expand a claim',
    verb: 'expand',
    object: { spec: { resources: { requests: { storage: '1Gi' } } }, status: { phase: 'Bound' } },
    options: { size: '2Gi' },
    target: claim,
    extras: { storageClass: { metadata: { name: 'fast' }, allowVolumeExpansion: true } },
    changes: [['spec.resources.requests.storage', '1Gi', '2Gi']],
    request: { body: { ...uid, spec: { resources: { requests: { storage: '2Gi' } } } } },
    kubectl:
      'patch persistentvolumeclaims web --type=merge -p {"spec":{"resources":{"requests":{"storage":"2Gi"}}}}',
    warns: /cannot shrink/,
  }),
  row({
    name: 'bounds of an autoscaler',
    verb: 'bounds',
    object: { spec: { minReplicas: 2, maxReplicas: 5 }, status: { currentReplicas: 2 } },
    options: { min: 3, max: 8 },
    target: hpa,
    changes: [
      ['spec.minReplicas', '2', '3'],
      ['spec.maxReplicas', '5', '8'],
    ],
    request: { body: { ...uid, spec: { minReplicas: 3, maxReplicas: 8 } } },
    kubectl:
      'patch horizontalpodautoscalers.autoscaling web --type=merge -p {"spec":{"minReplicas":3,"maxReplicas":8}}',
    undo: { verb: 'bounds', options: { min: 2, max: 5 } },
    warns: /It has 2 now and goes to 3/,
  }),
  row({
    name: 'approve a signing request',
    verb: 'approve',
    object: { spec: { username: 'jane', signerName: 'kubernetes.io/kube-apiserver-client' } },
    options: {},
    target: csr,
    changes: [['status.conditions', null, 'Approved']],
    request: {
      method: 'PUT',
      subresource: 'approval',
      body: {
        spec: { username: 'jane', signerName: 'kubernetes.io/kube-apiserver-client' },
        status: {
          conditions: [
            {
              type: 'Approved',
              status: 'True',
              reason: 'ApprovedByUser',
              message: 'Approved by hand.',
              lastUpdateTime: '2026-03-01T12:00:00Z',
            },
          ],
        },
      },
    },
    kubectl: 'certificate approve web',
    warns: /jane gets a certificate of kubernetes\.io\/kube-apiserver-client/,
  }),
  row({
    name: 'deny a signing request',
    verb: 'deny',
    object: { spec: {} },
    options: {},
    target: csr,
    changes: [['status.conditions', null, 'Denied']],
    request: { method: 'PUT', subresource: 'approval' },
    kubectl: 'certificate deny web',
    warns: /stays denied/,
  }),
];

describe('patch, preview, command, undo', () => {
  test.each(rows.map((one) => [one.name, one] as const))('%s', (_name, one) => {
    const made = plan(one.verb, one.object, one.options as never, one.target, one.extras);
    expect(made.refused).toBeUndefined();
    expect(made.changes.map(({ path, before, after }) => [path, before, after])).toEqual(one.changes);
    expect(made.requests).toHaveLength(1);
    expect(made.requests[0]).toMatchObject(one.request);
    expect(made.kubectl?.join(' ')).toBe(one.kubectl);
    expect(made.undo).toEqual(one.undo);
    if (one.warns) expect(made.warnings.join('\n')).toMatch(one.warns);
    // The options, and those of the undo, are what the host accepts.
    expect(optionSchemas[one.verb].safeParse(one.options).success).toBe(true);
    if (made.undo) expect(optionSchemas[made.undo.verb].safeParse(made.undo.options).success).toBe(true);
  });

  test('every verb but rollback (revisions.test.ts) has a row', () => {
    const seen = new Set<string>(rows.map((one) => one.verb));
    expect(verbIds.filter((id) => !seen.has(id))).toEqual(['rollback']);
  });

  test('a merge or strategic patch names the uid, so that a replacement is not touched', () => {
    for (const one of rows) {
      const [request] = plan(one.verb, one.object, one.options as never, one.target, one.extras).requests;
      if (request?.patch) expect(request.body).toHaveProperty('metadata.uid', 'u1');
    }
  });

  test('two restarts a second apart are the same preview', () => {
    const later = plan('restart', web, {}, deploy, { now: now + 1000 });
    expect(fingerprint(later.changes)).toBe(fingerprint(plan('restart', web, {}, deploy).changes));
  });
});

const claimOf = (phase: string): Thing => ({
  spec: { resources: { requests: { storage: '2Gi' } } },
  status: { phase },
});

describe('refuses, and says why', () => {
  test.each<[string, VerbId, Thing, unknown, Target, RegExp, Partial<Extras>?]>([
    ['same scale', 'scale', web, { replicas: 3 }, deploy, /has 3 replicas already/],
    ['restart while paused', 'restart', { spec: { paused: true } }, {}, deploy, /resume it first/],
    ['pause twice', 'pause', { spec: { paused: true } }, {}, deploy, /paused already/],
    ['resume what runs', 'resume', web, {}, deploy, /not paused/],
    ['unknown container', 'set-image', web, { images: { nope: 'a' } }, deploy, /no container nope/],
    ['image with a space', 'set-image', web, { images: { web: 'a b' } }, deploy, /no spaces/],
    ['image in capitals', 'set-image', web, { images: { web: 'Local/shop/App:1' } }, deploy, /lower case/],
    ['image without tag after colon', 'set-image', web, { images: { web: 'shop:' } }, deploy, /tag after/],
    ['same image', 'set-image', web, { images: { web: 'local/shop:1' } }, deploy, /its images already/],
    [
      'limit below request',
      'resize',
      podWith('100m'),
      { containers: { main: { limits: { cpu: '50m' } } } },
      pod,
      /less than the request/,
    ],
    [
      'no amount',
      'resize',
      podWith('100m'),
      { containers: { main: { requests: { cpu: 'much' } } } },
      pod,
      /no amount/,
    ],
    [
      'same amount in other words',
      'resize',
      podWith('100m'),
      { containers: { main: { requests: { cpu: '0.1' } } } },
      pod,
      /resources already/,
    ],
    [
      'disk in place',
      'resize',
      podWith('100m'),
      { containers: { main: { requests: { 'ephemeral-storage': '1Gi' } } } },
      pod,
      /cannot be changed in place/,
    ],
    ['cordon twice', 'cordon', { spec: { unschedulable: true } }, {}, node, /cordoned already/],
    ['uncordon what is not', 'uncordon', {}, {}, node, /not cordoned/],
    [
      'taint twice',
      'taint',
      {},
      {
        taints: [
          { key: 'a', effect: 'NoSchedule' },
          { key: 'a', value: 'x', effect: 'NoSchedule' },
        ],
      },
      node,
      /there twice/,
    ],
    [
      'bad taint key',
      'taint',
      {},
      { taints: [{ key: '-a', effect: 'NoSchedule' }] },
      node,
      /begins and ends/,
    ],
    ['label value too long', 'label', web, { values: { a: 'x'.repeat(64) } }, deploy, /63 characters/],
    ['label key with two slashes', 'label', web, { values: { 'a/b/c': 'x' } }, deploy, /one slash/],
    ['same labels', 'label', web, { values: { app: 'web' } }, deploy, /Nothing is changed/],
    ['too many annotations', 'annotate', web, { values: { a: 'x'.repeat(262_144) } }, deploy, /256 KiB/],
    ['no finalizers', 'remove-finalizer', web, { finalizers: ['a'] }, deploy, /has no finalizers/],
    ['shrink a claim', 'expand', claimOf('Bound'), { size: '1Gi' }, claim, /only grows/],
    ['grow to the same', 'expand', claimOf('Bound'), { size: '2048Mi' }, claim, /only grows/],
    ['no size', 'expand', claimOf('Bound'), { size: 'big' }, claim, /no amount of storage/],
    ['a pending claim', 'expand', claimOf('Pending'), { size: '3Gi' }, claim, /Only a bound/],
    [
      'a class that forbids it',
      'expand',
      claimOf('Bound'),
      { size: '3Gi' },
      claim,
      /fast does not allow/,
      { storageClass: { metadata: { name: 'fast' } } },
    ],
    ['bounds upside down', 'bounds', {}, { min: 5, max: 3 }, hpa, /less than the least/],
    ['bounds of nothing', 'bounds', {}, { min: null, max: 0 }, hpa, /1 or more/],
    [
      'a decided request',
      'deny',
      { status: { conditions: [{ type: 'Approved' }] } },
      {},
      csr,
      /approved already/,
    ],
    [
      'rollback while paused',
      'rollback',
      { spec: { paused: true } },
      { revision: 1 },
      deploy,
      /resume it first/,
    ],
    ['a revision that is gone', 'rollback', web, { revision: 4 }, deploy, /no longer kept/],
    ['an empty cron job', 'trigger', {}, {}, cron, /jobTemplate is empty/],
  ])('%s', (_name, verb, object, options, of, words, extras) => {
    const made = plan(verb, object, options as never, of, extras);
    expect(made.refused).toMatch(words);
    expect(made.requests).toEqual([]);
  });
});

function podWith(cpu: string): Thing {
  return { spec: { containers: [{ name: 'main', resources: { requests: { cpu } } }] } };
}

describe('which verbs a kind has', () => {
  const all = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'];
  test.each([
    ['pods', ['set-image', 'resize', 'evict', 'label', 'annotate', 'remove-finalizer', 'delete']],
    [
      'deployments.apps',
      [
        'scale',
        'restart',
        'rollback',
        'pause',
        'resume',
        'set-image',
        'label',
        'annotate',
        'remove-finalizer',
        'delete',
      ],
    ],
    ['nodes', ['cordon', 'uncordon', 'taint', 'label', 'annotate', 'remove-finalizer', 'delete']],
    ['events', ['delete']],
    ['widgets.example.com', ['label', 'annotate', 'remove-finalizer', 'delete']],
  ])('%s', (id, wanted) => {
    expect(verbIds.filter((verb) => applies(verb, { id, verbs: all }))).toEqual(wanted);
  });

  test('what the API does not serve is not offered', () => {
    expect(
      verbIds.filter((verb) => applies(verb, { id: 'nodes.metrics.k8s.io', verbs: ['get', 'list'] })),
    ).toEqual([]);
  });
});

test('hostile objects give a plan or a reason, never an exception', () => {
  const nasty: readonly Thing[] = [
    {},
    { metadata: null, spec: null, status: null },
    { metadata: 'x', spec: [], status: 3 },
    {
      metadata: { labels: ['a'], finalizers: 'x', ownerReferences: {} },
      spec: { template: [], taints: 'no', containers: {} },
    },
    JSON.parse(
      '{"metadata":{"__proto__":{"uid":"x"},"labels":{"__proto__":"y"}},"spec":{"containers":[null,1]}}',
    ) as Thing,
  ];
  for (const one of rows)
    for (const object of nasty)
      expect(() => plan(one.verb, object, one.options as never, one.target)).not.toThrow();
});
