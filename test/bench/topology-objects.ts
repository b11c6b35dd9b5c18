/** A deterministic cluster of about `count` objects with everything an ordinary application has. */

export type Sample = Record<string, unknown>;

const PODS_PER_APP = 14;
/** Objects of one application beside its pods. */
const OTHERS = 11;
const APPS_PER_NAMESPACE = 8;

export function clusterObjects(count: number): Sample[] {
  const objects: Sample[] = [];
  const nodes = Math.max(3, Math.round(count / 250));
  for (let n = 0; n < nodes; n += 1) {
    objects.push(object('v1', 'Node', '', `node-${n}`, { 'topology.kubernetes.io/zone': `zone-${n % 3}` }));
  }
  objects.push(object('storage.k8s.io/v1', 'StorageClass', '', 'standard', {}, { provisioner: 'disk.csi' }));
  const apps = Math.max(1, Math.floor((count - objects.length) / (PODS_PER_APP + OTHERS)));
  for (let a = 0; a < apps; a += 1) {
    const namespace = `team-${Math.floor(a / APPS_PER_NAMESPACE)}`;
    if (a % APPS_PER_NAMESPACE === 0) objects.push(object('v1', 'Namespace', '', namespace, {}));
    objects.push(...application(namespace, `app-${a}`, nodes));
  }
  return objects;
}

export function pod(namespace: string, app: string, n: number, nodes: number): Sample {
  const labels = { app, 'app.kubernetes.io/name': app, 'pod-template-hash': '69c5' };
  return object(
    'v1',
    'Pod',
    namespace,
    `${app}-69c5-${n}`,
    labels,
    { spec: { ...podSpec(app), nodeName: `node-${n % nodes}` }, status: { phase: 'Running' } },
    {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      name: `${app}-69c5`,
      uid: uid('ReplicaSet', namespace, `${app}-69c5`),
    },
  );
}

function application(namespace: string, app: string, nodes: number): Sample[] {
  const labels = { app, 'app.kubernetes.io/name': app };
  const selector = { matchLabels: { app } };
  const template = { metadata: { labels }, spec: podSpec(app) };
  const one = (apiVersion: string, kind: string, name: string, rest: Sample, owner?: Sample): Sample =>
    object(apiVersion, kind, namespace, name, labels, rest, owner);
  const pods = Array.from({ length: PODS_PER_APP }, (_, n) => pod(namespace, app, n, nodes));
  const targets = pods.map((each) => ({
    targetRef: {
      kind: 'Pod',
      namespace,
      name: (each['metadata'] as Sample)['name'],
      uid: (each['metadata'] as Sample)['uid'],
    },
    nodeName: 'node-0',
  }));
  return [
    one('v1', 'ServiceAccount', app, {}),
    one('v1', 'ConfigMap', `${app}-config`, {}),
    one('v1', 'Secret', `${app}-secret`, {}),
    one('v1', 'PersistentVolumeClaim', `${app}-data`, { spec: { storageClassName: 'standard' } }),
    one('v1', 'Service', app, { spec: { selector: { app }, ports: [{ port: 80, targetPort: 8080 }] } }),
    one(
      'discovery.k8s.io/v1',
      'EndpointSlice',
      `${app}-x`,
      { endpoints: targets },
      {
        apiVersion: 'v1',
        kind: 'Service',
        name: app,
        uid: uid('Service', namespace, app),
      },
    ),
    one('networking.k8s.io/v1', 'Ingress', app, {
      spec: { rules: [{ http: { paths: [{ backend: { service: { name: app, port: { number: 80 } } } }] } }] },
    }),
    one('networking.k8s.io/v1', 'NetworkPolicy', app, {
      spec: {
        podSelector: selector,
        ingress: [{ from: [{ podSelector: { matchLabels: { tier: 'web' } } }] }],
      },
    }),
    one('autoscaling/v2', 'HorizontalPodAutoscaler', app, {
      spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: app } },
    }),
    one('apps/v1', 'Deployment', app, { spec: { selector, template } }),
    one(
      'apps/v1',
      'ReplicaSet',
      `${app}-69c5`,
      { spec: { selector, template } },
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        name: app,
        uid: uid('Deployment', namespace, app),
      },
    ),
    ...pods,
  ];
}

function podSpec(app: string): Sample {
  return {
    serviceAccountName: app,
    volumes: [
      { name: 'config', configMap: { name: `${app}-config` } },
      { name: 'data', persistentVolumeClaim: { claimName: `${app}-data` } },
    ],
    containers: [
      {
        name: 'main',
        env: [{ name: 'KEY', valueFrom: { secretKeyRef: { name: `${app}-secret`, key: 'key' } } }],
      },
    ],
  };
}

function uid(kind: string, namespace: string, name: string): string {
  return `${kind}.${namespace}.${name}`;
}

function object(
  apiVersion: string,
  kind: string,
  namespace: string,
  name: string,
  labels: Sample,
  rest: Sample = {},
  owner?: Sample,
): Sample {
  const metadata: Sample = { name, labels, uid: uid(kind, namespace, name) };
  if (namespace !== '') metadata['namespace'] = namespace;
  if (owner) metadata['ownerReferences'] = [{ ...owner, controller: true }];
  return { apiVersion, kind, metadata, ...rest };
}
