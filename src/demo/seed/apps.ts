/** The applications of the demo cluster: healthy ones, and one for each usual failure. */
import { teach } from '../sim/behaviour';
import type { Draft } from '../model';
import {
  container,
  cronJob,
  daemonSet,
  deployment,
  imageOf,
  service,
  statefulSet,
  type AppOptions,
} from './builders';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

export interface Plan {
  /** How long ago, in ms. */
  readonly age: number;
  readonly storage: string;
  readonly draft: Draft;
  /** A new image, that long ago: makes a second revision. */
  readonly updates?: readonly { readonly age: number; readonly image: string }[];
}

interface Options extends AppOptions {
  readonly age: number;
  readonly servicePort?: number;
  readonly serviceExtra?: Record<string, unknown>;
  readonly updates?: Plan['updates'];
}

function teachFailures(): void {
  teach(imageOf('shop/checkout:2.15.0'), {
    does: 'crash',
    after: 1100,
    exitCode: 3,
    lastWords: 'FATAL cannot read /etc/app/config.yaml: no such file',
  });
  teach(imageOf('ingest/import:0.9.4'), { does: 'run-out-of-memory', after: 48_000 });
  teach(imageOf('shop/reports:2025.11-rc1'), {
    does: 'miss-image',
    message: `rpc error: code = NotFound desc = failed to pull and unpack image "${imageOf('shop/reports:2025.11-rc1')}": not found`,
  });
  teach(imageOf('shop/search-index:1.22.0'), {
    does: 'fail-probe',
    message: 'HTTP probe failed with statuscode: 503',
  });
  teach(imageOf('payments/refunds:1.4.2'), {
    does: 'miss-config',
    message: 'secret "refunds-psp" not found',
  });
}

export function applicationPlans(): Plan[] {
  teachFailures();
  const plans: Plan[] = [];
  const workload =
    (storage: string, make: (app: AppOptions) => Draft) =>
    (options: Options): void => {
      const { age, updates, servicePort, serviceExtra, ...app } = options;
      plans.push({ age, storage, draft: make(app), updates });
      if (servicePort)
        plans.push({ age, storage: 'services', draft: service(app, servicePort, serviceExtra) });
    };
  const web = workload('deployments.apps', (app) => deployment(app));
  const stateful = workload('statefulsets.apps', statefulSet);
  const daemon = workload('daemonsets.apps', daemonSet);
  const cron = (options: Options, schedule: string, extra = {}): void => {
    const { age, ...app } = options;
    plans.push({ age, storage: 'cronjobs.batch', draft: cronJob(app, schedule, extra) });
  };

  const system = { namespace: 'kube-system', partOf: 'kube-system', priority: 'system-node-critical' };
  daemon({
    ...system,
    name: 'aws-node',
    image: 'eks.amazonaws.com/amazon-k8s-cni:v1.20.1',
    age: 61 * day,
    hostNetwork: true,
    cpu: '50m',
    memory: '64Mi',
  });
  daemon({
    ...system,
    name: 'kube-proxy',
    image: 'eks.amazonaws.com/kube-proxy:v1.34.0',
    age: 61 * day,
    hostNetwork: true,
    memory: '64Mi',
  });
  daemon({
    ...system,
    name: 'ebs-csi-node',
    image: 'eks.amazonaws.com/aws-ebs-csi-driver:v1.48.0',
    age: 61 * day,
    cpu: '10m',
    memory: '40Mi',
    sidecars: [container('node-driver-registrar', 'eks.amazonaws.com/csi-node-driver-registrar:v2.14.0')],
  });
  web({
    ...system,
    name: 'coredns',
    image: 'registry.k8s.io/coredns/coredns:v1.12.2',
    replicas: 2,
    age: 61 * day,
    port: 9153,
    servicePort: 53,
    memory: '70Mi',
    memoryLimit: '170Mi',
    config: 'coredns',
  });
  web({
    ...system,
    name: 'metrics-server',
    image: 'registry.k8s.io/metrics-server/metrics-server:v0.8.0',
    replicas: 2,
    age: 61 * day,
    port: 10251,
    servicePort: 443,
    memory: '200Mi',
  });
  web({
    ...system,
    name: 'cluster-autoscaler',
    image: 'registry.k8s.io/autoscaling/cluster-autoscaler:v1.34.0',
    age: 33 * day,
    memory: '300Mi',
    account: 'cluster-autoscaler',
  });
  web({
    ...system,
    name: 'ebs-csi-controller',
    image: 'eks.amazonaws.com/aws-ebs-csi-driver:v1.48.0',
    replicas: 2,
    age: 61 * day,
    sidecars: [
      container('csi-provisioner', 'eks.amazonaws.com/external-provisioner:v5.3.0'),
      container('csi-attacher', 'eks.amazonaws.com/external-attacher:v4.9.0'),
    ],
  });

  const mon = { namespace: 'monitoring' };
  daemon({
    ...mon,
    name: 'node-exporter',
    image: 'quay.io/prometheus/node-exporter:v1.9.1',
    age: 58 * day,
    hostNetwork: true,
    port: 9100,
    servicePort: 9100,
    cpu: '20m',
    memory: '32Mi',
    memoryLimit: '64Mi',
  });
  stateful({
    ...mon,
    name: 'prometheus',
    image: 'quay.io/prometheus/prometheus:v3.5.0',
    replicas: 2,
    age: 58 * day,
    port: 9090,
    servicePort: 9090,
    cpu: '1',
    memory: '4Gi',
    memoryLimit: '6Gi',
    storage: '200Gi',
    account: 'prometheus',
  });
  stateful({
    ...mon,
    name: 'alertmanager',
    image: 'quay.io/prometheus/alertmanager:v0.28.1',
    replicas: 3,
    age: 58 * day,
    port: 9093,
    servicePort: 9093,
    storage: '5Gi',
  });
  web({
    ...mon,
    name: 'grafana',
    image: 'docker.io/grafana/grafana:12.1.1',
    age: 21 * day,
    port: 3000,
    servicePort: 80,
    memory: '256Mi',
    memoryLimit: '512Mi',
    config: 'grafana-ini',
    secret: 'grafana-admin',
  });
  web({
    ...mon,
    name: 'kube-state-metrics',
    image: 'registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.16.0',
    age: 58 * day,
    port: 8080,
    servicePort: 8080,
    account: 'kube-state-metrics',
  });
  stateful({
    ...mon,
    name: 'loki',
    image: 'docker.io/grafana/loki:3.5.3',
    replicas: 2,
    age: 40 * day,
    port: 3100,
    servicePort: 3100,
    memory: '1Gi',
    memoryLimit: '2Gi',
    storage: '100Gi',
  });

  const shop = { namespace: 'shop', account: 'shop' };
  const proxy = container('proxy', 'mesh/proxy:1.27.1', {
    resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '128Mi' } },
  });
  web({
    ...shop,
    name: 'frontend',
    image: 'shop/frontend:5.2.0',
    replicas: 6,
    age: 61 * day,
    port: 8080,
    servicePort: 80,
    cpu: '250m',
    memory: '256Mi',
    sidecars: [proxy],
    component: 'web',
    updates: [
      { age: 9 * day, image: 'shop/frontend:5.3.1' },
      { age: 2 * day + 3 * hour, image: 'shop/frontend:5.4.0' },
    ],
  });
  web({
    ...shop,
    name: 'cart',
    image: 'shop/cart:3.8.0',
    replicas: 4,
    age: 61 * day,
    port: 8080,
    servicePort: 80,
    cpu: '200m',
    memory: '256Mi',
    sidecars: [proxy],
    component: 'api',
    init: [
      container('wait-for-redis', 'docker.io/library/busybox:1.36', {
        command: ['sh', '-c', 'until nc -z redis 6379; do sleep 1; done'],
      }),
    ],
    config: 'cart-config',
    updates: [{ age: 5 * day, image: 'shop/cart:3.8.1' }],
  });
  web({
    ...shop,
    name: 'checkout',
    image: 'shop/checkout:2.14.2',
    replicas: 3,
    age: 61 * day,
    port: 8080,
    servicePort: 80,
    memory: '64Mi',
    memoryLimit: '128Mi',
    sidecars: [proxy],
    component: 'api',
    secret: 'payment-key',
    updates: [{ age: 41 * minute, image: 'shop/checkout:2.15.0' }],
  });
  web({
    ...shop,
    name: 'catalog',
    image: 'shop/catalog:4.1.7',
    replicas: 3,
    age: 30 * day,
    port: 8080,
    servicePort: 80,
    memory: '384Mi',
    memoryLimit: '512Mi',
    component: 'api',
  });
  web({
    ...shop,
    name: 'search-index',
    image: 'shop/search-index:1.22.0',
    replicas: 2,
    age: 3 * day,
    port: 9200,
    servicePort: 9200,
    memory: '512Mi',
    memoryLimit: '1Gi',
    component: 'search',
    sidecars: [proxy],
  });
  web({
    ...shop,
    name: 'recommendations',
    image: 'shop/recommendations:0.31.0',
    replicas: 2,
    age: 12 * day,
    port: 8080,
    servicePort: 80,
    cpu: '500m',
    memory: '768Mi',
    memoryLimit: '1Gi',
    component: 'api',
  });
  web({
    ...shop,
    name: 'reports',
    image: 'shop/reports:2025.10',
    replicas: 1,
    age: 20 * day,
    component: 'batch',
    updates: [{ age: 6 * hour, image: 'shop/reports:2025.11-rc1' }],
  });
  stateful({
    ...shop,
    name: 'redis',
    image: 'docker.io/library/redis:7.4.5',
    replicas: 3,
    age: 61 * day,
    port: 6379,
    servicePort: 6379,
    storage: '10Gi',
    component: 'cache',
  });
  stateful({
    ...shop,
    name: 'postgres',
    image: 'docker.io/library/postgres:16.10',
    replicas: 2,
    age: 61 * day,
    port: 5432,
    servicePort: 5432,
    cpu: '1',
    memory: '2Gi',
    memoryLimit: '4Gi',
    storage: '100Gi',
    component: 'database',
    secret: 'postgres-credentials',
  });
  cron(
    { ...shop, name: 'session-cleanup', image: 'shop/tools:1.9.0', age: 30 * day, component: 'batch' },
    '*/5 * * * *',
  );
  cron(
    { ...shop, name: 'price-import', image: 'shop/tools:1.9.0', age: 30 * day, component: 'batch' },
    '*/15 * * * *',
  );
  cron(
    { ...shop, name: 'nightly-sitemap', image: 'shop/tools:1.9.0', age: 30 * day, component: 'batch' },
    '30 2 * * *',
    { timeZone: 'Europe/Berlin' },
  );

  const pay = { namespace: 'payments', account: 'payments' };
  web({
    ...pay,
    name: 'payment-api',
    image: 'payments/api:7.0.3',
    replicas: 4,
    age: 45 * day,
    port: 8443,
    servicePort: 443,
    cpu: '250m',
    memory: '512Mi',
    component: 'api',
    secret: 'psp-credentials',
    updates: [{ age: 27 * hour, image: 'payments/api:7.1.0' }],
  });
  web({
    ...pay,
    name: 'fraud-scoring',
    image: 'payments/fraud:2.3.0',
    replicas: 2,
    age: 15 * day,
    port: 8080,
    servicePort: 80,
    cpu: '1',
    memory: '1Gi',
    memoryLimit: '2Gi',
    component: 'ml',
  });
  web({
    ...pay,
    name: 'refunds',
    image: 'payments/refunds:1.4.2',
    replicas: 1,
    age: 3 * hour + 12 * minute,
    port: 8080,
    servicePort: 80,
    component: 'api',
  });
  stateful({
    ...pay,
    name: 'ledger',
    image: 'payments/ledger:5.5.1',
    replicas: 3,
    age: 45 * day,
    port: 5432,
    servicePort: 5432,
    cpu: '500m',
    memory: '2Gi',
    storage: '50Gi',
    component: 'database',
  });
  cron(
    { ...pay, name: 'settlement', image: 'payments/settlement:3.0.2', age: 45 * day, component: 'batch' },
    '0 * * * *',
  );
  cron(
    {
      ...pay,
      name: 'statement-export',
      image: 'payments/settlement:3.0.2',
      age: 45 * day,
      component: 'batch',
    },
    '15 6 * * 1',
    { suspend: true },
  );

  const ing = { namespace: 'ingest' };
  stateful({
    ...ing,
    name: 'kafka',
    image: 'quay.io/strimzi/kafka:0.47.0-kafka-4.0.0',
    replicas: 3,
    age: 50 * day,
    port: 9092,
    servicePort: 9092,
    cpu: '1',
    memory: '4Gi',
    storage: '500Gi',
  });
  web({
    ...ing,
    name: 'collector',
    image: 'ingest/collector:1.12.0',
    replicas: 3,
    age: 14 * day,
    port: 4318,
    servicePort: 4318,
  });
  web({
    ...ing,
    name: 'parser',
    image: 'ingest/parser:2.6.1',
    replicas: 4,
    age: 14 * day,
    cpu: '500m',
    memory: '512Mi',
  });
  web({
    ...ing,
    name: 'import',
    image: 'ingest/import:0.9.4',
    replicas: 1,
    age: 41 * minute,
    memory: '16Mi',
    memoryLimit: '24Mi',
  });
  web({
    ...ing,
    name: 'gpu-train',
    image: 'ingest/train:0.3.0',
    replicas: 1,
    age: 12 * minute,
    cpu: '64',
    memory: '24Gi',
    tolerations: [{ key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' }],
  });
  cron({ ...ing, name: 'compact-segments', image: 'ingest/tools:2.0.0', age: 14 * day }, '*/10 * * * *');

  web({
    namespace: 'ingress-nginx',
    name: 'ingress-nginx-controller',
    image: 'registry.k8s.io/ingress-nginx/controller:v1.13.2',
    replicas: 3,
    age: 61 * day,
    port: 443,
    servicePort: 443,
    serviceExtra: { type: 'LoadBalancer', externalTrafficPolicy: 'Local' },
    cpu: '200m',
    memory: '256Mi',
    memoryLimit: '512Mi',
  });
  web({
    namespace: 'cert-manager',
    name: 'cert-manager',
    image: 'quay.io/jetstack/cert-manager-controller:v1.18.2',
    age: 61 * day,
    servicePort: 9402,
    port: 9402,
  });
  web({
    namespace: 'cert-manager',
    name: 'cert-manager-webhook',
    image: 'quay.io/jetstack/cert-manager-webhook:v1.18.2',
    age: 61 * day,
    servicePort: 443,
    port: 10250,
  });
  web({
    namespace: 'argocd',
    name: 'argocd-server',
    image: 'quay.io/argoproj/argocd:v3.1.5',
    replicas: 2,
    age: 33 * day,
    port: 8080,
    servicePort: 80,
  });
  stateful({
    namespace: 'argocd',
    name: 'argocd-application-controller',
    image: 'quay.io/argoproj/argocd:v3.1.5',
    age: 33 * day,
    memory: '512Mi',
    memoryLimit: '1Gi',
  });
  return plans;
}

/** More of the same: `count` pods in Deployments of their own, spread over six namespaces. */
export function bulkPlans(count: number): Plan[] {
  const plans: Plan[] = [];
  for (let left = count, index = 0; left > 0; index++) {
    const replicas = Math.min(left, 20 + ((index * 37) % 80));
    left -= replicas;
    plans.push({
      age: (3 + ((index * 7) % 50)) * day,
      storage: 'deployments.apps',
      draft: deployment({
        namespace: `fleet-${'abcdef'[index % 6]}`,
        name: `worker-${String(index).padStart(3, '0')}`,
        image: `fleet/worker:1.${index % 9}.0`,
        replicas,
        port: 8080,
        cpu: '20m',
        memory: '32Mi',
      }),
    });
  }
  return plans;
}
