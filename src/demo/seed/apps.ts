/** The applications of the demo cluster: healthy ones, and one for each usual failure. */
import { teach } from '../sim/behaviour';
import { container, imageOf } from './builders';
import { day, hour, minute, planner, type Plan } from './plans';

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
  const { web, stateful, cron } = planner(plans);
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

  return plans;
}
