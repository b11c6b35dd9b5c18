/** Rows of the table of verbs; `verbs.test.ts` runs them. */
import { cron, deploy, job, owned, pod, row, template, uid, web, type Row } from './verb-test-help';

export const workloadRows: readonly Row[] = [
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
];
