/** Short ways to write down objects: what is usual is filled in, what is special is said. */
import type { Container, Draft, Fields, PodSpec, PodTemplate } from '../model';

export const registryHost = 'registry.example.com';

export interface AppOptions {
  readonly namespace: string;
  readonly name: string;
  /** `shop/cart:3.8.1`, below the registry unless it names another host. */
  readonly image: string;
  readonly replicas?: number;
  readonly port?: number;
  readonly cpu?: string;
  readonly memory?: string;
  readonly memoryLimit?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly config?: string;
  readonly secret?: string;
  readonly sidecars?: readonly Container[];
  readonly init?: readonly Container[];
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly tolerations?: PodSpec['tolerations'];
  readonly component?: string;
  readonly partOf?: string;
  readonly account?: string;
  readonly storage?: string;
  readonly hostNetwork?: boolean;
  readonly priority?: string;
  readonly args?: readonly string[];
  readonly annotations?: Readonly<Record<string, string>>;
}

export const imageOf = (image: string): string =>
  /^[^/]+\.[^/]+\//.test(image) ? image : `${registryHost}/${image}`;

export function labelsOf(
  app: Pick<AppOptions, 'name' | 'component' | 'partOf' | 'namespace'>,
): Record<string, string> {
  return {
    'app.kubernetes.io/name': app.name,
    ...(app.component ? { 'app.kubernetes.io/component': app.component } : {}),
    'app.kubernetes.io/part-of': app.partOf ?? app.namespace,
  };
}

export const selectorOf = (app: Pick<AppOptions, 'name'>): Record<string, string> => ({
  'app.kubernetes.io/name': app.name,
});

export function container(name: string, image: string, extra: Fields = {}): Container {
  return {
    name,
    image: imageOf(image),
    imagePullPolicy: 'IfNotPresent',
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    ...extra,
  };
}

function mainContainer(app: AppOptions): Container {
  const probe = {
    httpGet: { path: '/healthz', port: 'http', scheme: 'HTTP' },
    periodSeconds: 10,
    timeoutSeconds: 1,
    successThreshold: 1,
    failureThreshold: 3,
  };
  const envFrom = [
    ...(app.config ? [{ configMapRef: { name: app.config } }] : []),
    ...(app.secret ? [{ secretRef: { name: app.secret } }] : []),
  ];
  return container('app', app.image, {
    ...(app.args ? { args: app.args } : {}),
    ...(app.port
      ? {
          ports: [{ name: 'http', containerPort: app.port, protocol: 'TCP' }],
          readinessProbe: probe,
          livenessProbe: { ...probe, initialDelaySeconds: 15 },
        }
      : {}),
    ...(envFrom.length ? { envFrom } : {}),
    env: [
      ...Object.entries(app.env ?? {}).map(([name, value]) => ({ name, value })),
      { name: 'POD_NAME', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } },
    ],
    resources: {
      requests: { cpu: app.cpu ?? '100m', memory: app.memory ?? '128Mi' },
      limits: { memory: app.memoryLimit ?? app.memory ?? '256Mi' },
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
    },
    ...(app.storage ? { volumeMounts: [{ name: 'data', mountPath: '/data' }] } : {}),
  });
}

export function podTemplate(app: AppOptions, extra: Partial<PodSpec> = {}): PodTemplate {
  return {
    metadata: { labels: labelsOf(app), ...(app.annotations ? { annotations: { ...app.annotations } } : {}) },
    spec: {
      ...(app.init?.length ? { initContainers: [...app.init] } : {}),
      containers: [mainContainer(app), ...(app.sidecars ?? [])],
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      serviceAccountName: app.account ?? 'default',
      serviceAccount: app.account ?? 'default',
      securityContext: app.hostNetwork
        ? {}
        : { runAsNonRoot: true, runAsUser: 10_001, seccompProfile: { type: 'RuntimeDefault' } },
      schedulerName: 'default-scheduler',
      enableServiceLinks: true,
      ...(app.hostNetwork ? { hostNetwork: true } : {}),
      ...(app.priority ? { priorityClassName: app.priority } : {}),
      ...(app.nodeSelector ? { nodeSelector: { ...app.nodeSelector } } : {}),
      tolerations: [
        ...(app.tolerations ?? []),
        {
          key: 'node.kubernetes.io/not-ready',
          operator: 'Exists',
          effect: 'NoExecute',
          tolerationSeconds: 300,
        } as never,
        {
          key: 'node.kubernetes.io/unreachable',
          operator: 'Exists',
          effect: 'NoExecute',
          tolerationSeconds: 300,
        } as never,
      ],
      ...extra,
    },
  };
}

const metadataOf = (app: AppOptions): Draft['metadata'] => ({
  name: app.name,
  namespace: app.namespace,
  labels: labelsOf(app),
});

export function deployment(app: AppOptions, spec: Fields = {}): Draft {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadataOf(app),
    spec: {
      replicas: app.replicas ?? 1,
      selector: { matchLabels: selectorOf(app) },
      template: podTemplate(app),
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } },
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      ...spec,
    },
    status: {},
  };
}

export function statefulSet(app: AppOptions): Draft {
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: metadataOf(app),
    spec: {
      replicas: app.replicas ?? 1,
      serviceName: `${app.name}-headless`,
      selector: { matchLabels: selectorOf(app) },
      template: podTemplate(app),
      podManagementPolicy: 'OrderedReady',
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
      revisionHistoryLimit: 10,
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
      ...(app.storage
        ? {
            volumeClaimTemplates: [
              {
                apiVersion: 'v1',
                kind: 'PersistentVolumeClaim',
                metadata: { name: 'data' },
                spec: {
                  accessModes: ['ReadWriteOnce'],
                  resources: { requests: { storage: app.storage } },
                  storageClassName: 'gp3',
                },
              },
            ],
          }
        : {}),
    },
    status: { replicas: 0 },
  };
}

export function daemonSet(app: AppOptions): Draft {
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: metadataOf(app),
    spec: {
      selector: { matchLabels: selectorOf(app) },
      template: podTemplate(app, { tolerations: [{ operator: 'Exists' }] }),
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
      revisionHistoryLimit: 10,
    },
    status: { currentNumberScheduled: 0, desiredNumberScheduled: 0, numberReady: 0, numberMisscheduled: 0 },
  };
}

export function service(app: AppOptions, port: number, extra: Fields = {}): Draft {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadataOf(app),
    spec: {
      type: 'ClusterIP',
      selector: selectorOf(app),
      ports: [{ name: 'http', port, targetPort: app.port ?? port, protocol: 'TCP' }],
      sessionAffinity: 'None',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      internalTrafficPolicy: 'Cluster',
      ...extra,
    },
    status: { loadBalancer: {} },
  };
}

export function cronJob(app: AppOptions, schedule: string, extra: Fields = {}): Draft {
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: metadataOf(app),
    spec: {
      schedule,
      concurrencyPolicy: 'Forbid',
      suspend: false,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
      jobTemplate: {
        metadata: { labels: labelsOf(app) },
        spec: { backoffLimit: 2, template: podTemplate(app, { restartPolicy: 'Never' }) },
      },
      ...extra,
    },
    status: {},
  };
}

/** Any object without a shape of its own here. */
export function object(
  apiVersion: string,
  kind: string,
  name: string,
  namespace: string | undefined,
  fields: Fields,
): Draft {
  const { labels, annotations, ...rest } = fields as Fields & {
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(labels ? { labels } : {}),
      ...(annotations ? { annotations } : {}),
    },
    ...rest,
  };
}
