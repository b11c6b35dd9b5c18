/** Everything that is not a workload: access, policies, configuration, network, storage, the cluster itself. */
import type { Draft, Fields } from '../model';
import type { Registry } from '../store/kinds';
import { object, selectorOf } from './builders';
import { cluster, storage } from './platform-cluster';

const rbac = 'rbac.authorization.k8s.io';
const account = (name: string, namespace: string): Fields => ({ kind: 'ServiceAccount', name, namespace });
const group = (name: string): Fields => ({ kind: 'Group', apiGroup: rbac, name });
const rule = (apiGroups: string[], resources: string[], verbs: string[]): Fields => ({
  apiGroups,
  resources,
  verbs,
});
const read = ['get', 'list', 'watch'];

function access(): Draft[] {
  const clusterRole = (name: string, rules: Fields[], labels?: Fields): Draft =>
    object(`${rbac}/v1`, 'ClusterRole', name, undefined, { rules, ...(labels ? { labels } : {}) });
  const bindAll = (name: string, role: string, ...subjects: Fields[]): Draft =>
    object(`${rbac}/v1`, 'ClusterRoleBinding', name, undefined, {
      subjects,
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: role },
    });
  const bind = (name: string, namespace: string, kind: string, role: string, ...subjects: Fields[]): Draft =>
    object(`${rbac}/v1`, 'RoleBinding', name, namespace, {
      subjects,
      roleRef: { apiGroup: rbac, kind, name: role },
    });
  return [
    clusterRole('cluster-admin', [rule(['*'], ['*'], ['*']), { nonResourceURLs: ['*'], verbs: ['*'] }], {
      'kubernetes.io/bootstrapping': 'rbac-defaults',
    }),
    clusterRole('view', [rule(['', 'apps', 'batch', 'networking.k8s.io'], ['*'], read)], {
      'kubernetes.io/bootstrapping': 'rbac-defaults',
    }),
    clusterRole('edit', [rule(['', 'apps', 'batch', 'networking.k8s.io'], ['*'], ['*'])], {
      'kubernetes.io/bootstrapping': 'rbac-defaults',
    }),
    clusterRole('prometheus', [
      rule([''], ['nodes', 'nodes/metrics', 'services', 'endpoints', 'pods'], read),
      { nonResourceURLs: ['/metrics'], verbs: ['get'] },
    ]),
    clusterRole('kube-state-metrics', [rule(['*'], ['*'], ['list', 'watch'])]),
    clusterRole('cluster-autoscaler', [
      rule([''], ['nodes', 'pods'], [...read, 'update']),
      rule([''], ['pods/eviction'], ['create']),
    ]),
    bindAll('cluster-admins', 'cluster-admin', group('platform-team')),
    bindAll('prometheus', 'prometheus', account('prometheus', 'monitoring')),
    bindAll('kube-state-metrics', 'kube-state-metrics', account('kube-state-metrics', 'monitoring')),
    bindAll('cluster-autoscaler', 'cluster-autoscaler', account('cluster-autoscaler', 'kube-system')),
    bindAll('argocd-application-controller', 'cluster-admin', account('default', 'argocd')),
    object(`${rbac}/v1`, 'Role', 'config-reader', 'shop', { rules: [rule([''], ['configmaps'], read)] }),
    object(`${rbac}/v1`, 'Role', 'secret-reader', 'payments', {
      rules: [{ ...rule([''], ['secrets'], ['get']), resourceNames: ['psp-credentials'] }],
    }),
    bind('config-reader', 'shop', 'Role', 'config-reader', account('shop', 'shop')),
    bind('developers-edit', 'shop', 'ClusterRole', 'edit', group('shop-developers')),
    bind('secret-reader', 'payments', 'Role', 'secret-reader', account('payments', 'payments')),
    bind('auditors-view', 'payments', 'ClusterRole', 'view', group('auditors')),
    ...[
      ['shop', 'shop'],
      ['payments', 'payments'],
      ['prometheus', 'monitoring'],
      ['kube-state-metrics', 'monitoring'],
      ['cluster-autoscaler', 'kube-system'],
    ].map(([name = '', namespace]) => object('v1', 'ServiceAccount', name, namespace, {})),
  ];
}

const secret = (name: string, namespace: string, keys: readonly string[], type = 'Opaque'): Draft =>
  object('v1', 'Secret', name, namespace, {
    type,
    data: Object.fromEntries(
      keys.map((key) => [key, Buffer.from(`demo value of ${key}`).toString('base64')]),
    ),
  });

function configuration(): Draft[] {
  const config = (name: string, namespace: string, data: Record<string, string>): Draft =>
    object('v1', 'ConfigMap', name, namespace, { data });
  return [
    config('coredns', 'kube-system', {
      Corefile:
        '.:53 {\n    errors\n    health\n    kubernetes cluster.local in-addr.arpa ip6.arpa\n    prometheus :9153\n    forward . /etc/resolv.conf\n    cache 30\n    loop\n    reload\n}\n',
    }),
    config('cart-config', 'shop', {
      'config.yaml': 'redis: redis:6379\nttl: 48h\nmaxItems: 200\n',
      LOG_LEVEL: 'info',
    }),
    config('checkout-config', 'shop', { 'config.yaml': 'provider: psp-eu\ntimeout: 8s\nretries: 2\n' }),
    config('feature-flags', 'shop', { 'flags.json': '{"newSearch":true,"expressCheckout":false}' }),
    config('grafana-ini', 'monitoring', {
      'grafana.ini': '[server]\nroot_url = https://grafana.example.com\n',
    }),
    config('prometheus-rules', 'monitoring', { 'rules.yaml': 'groups: []\n' }),
    config('parser-grammar', 'ingest', { 'events.peg': 'event = header body\n' }),
    secret('payment-key', 'shop', ['key.pem']),
    secret('postgres-credentials', 'shop', ['username', 'password']),
    secret('shop-tls', 'shop', ['tls.crt', 'tls.key'], 'kubernetes.io/tls'),
    secret('registry-pull', 'shop', ['.dockerconfigjson'], 'kubernetes.io/dockerconfigjson'),
    secret('psp-credentials', 'payments', ['client-id', 'client-secret']),
    secret('grafana-admin', 'monitoring', ['admin-user', 'admin-password']),
    secret('wildcard-tls', 'ingress-nginx', ['tls.crt', 'tls.key'], 'kubernetes.io/tls'),
    object('v1', 'ResourceQuota', 'team', 'shop', {
      spec: { hard: { 'requests.cpu': '24', 'requests.memory': '48Gi', pods: '80' } },
      status: {},
    }),
    object('v1', 'ResourceQuota', 'team', 'payments', {
      spec: { hard: { 'requests.cpu': '12', 'requests.memory': '24Gi', pods: '24' } },
      status: {},
    }),
    object('v1', 'LimitRange', 'defaults', 'shop', {
      spec: {
        limits: [
          {
            type: 'Container',
            default: { memory: '256Mi' },
            defaultRequest: { cpu: '100m', memory: '128Mi' },
            max: { memory: '8Gi' },
          },
        ],
      },
    }),
    object('v1', 'PodTemplate', 'batch-tools', 'shop', {
      template: {
        metadata: { labels: { role: 'tools' } },
        spec: { containers: [{ name: 'tools', image: 'registry.example.com/shop/tools:1.9.0' }] },
      },
    }),
    object('v1', 'ReplicationController', 'legacy-mailer', 'shop', {
      spec: {
        replicas: 1,
        selector: { app: 'legacy-mailer' },
        template: {
          metadata: { labels: { app: 'legacy-mailer' } },
          spec: {
            containers: [
              {
                name: 'mailer',
                image: 'registry.example.com/shop/mailer:0.8.2',
                resources: { requests: { cpu: '20m', memory: '32Mi' } },
              },
            ],
            restartPolicy: 'Always',
          },
        },
      },
      status: { replicas: 0 },
    }),
  ];
}

function network(): Draft[] {
  const net = 'networking.k8s.io/v1';
  const ingress = (name: string, namespace: string, host: string, service: string, tls?: string): Draft =>
    object(net, 'Ingress', name, namespace, {
      annotations: { 'cert-manager.io/cluster-issuer': 'letsencrypt' },
      spec: {
        ingressClassName: 'nginx',
        ...(tls ? { tls: [{ hosts: [host], secretName: tls }] } : {}),
        rules: [
          {
            host,
            http: {
              paths: [
                {
                  path: '/',
                  pathType: 'Prefix',
                  backend: { service: { name: service, port: { number: 80 } } },
                },
              ],
            },
          },
        ],
      },
      status: { loadBalancer: { ingress: [{ hostname: 'edge-0.elb.eu-central-1.amazonaws.com' }] } },
    });
  const policy = (name: string, namespace: string, spec: Fields): Draft =>
    object(net, 'NetworkPolicy', name, namespace, { spec });
  const pods = (name: string): Fields => ({ podSelector: { matchLabels: selectorOf({ name }) } });
  return [
    object(net, 'IngressClass', 'nginx', undefined, {
      annotations: { 'ingressclass.kubernetes.io/is-default-class': 'true' },
      spec: { controller: 'k8s.io/ingress-nginx' },
    }),
    ingress('shop', 'shop', 'shop.example.com', 'frontend', 'shop-tls'),
    ingress('grafana', 'monitoring', 'grafana.example.com', 'grafana'),
    ingress('argocd', 'argocd', 'argocd.example.com', 'argocd-server'),
    policy('default-deny', 'payments', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] }),
    policy('allow-shop', 'payments', {
      ...pods('payment-api'),
      policyTypes: ['Ingress'],
      ingress: [
        {
          from: [
            {
              namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } },
              ...pods('checkout'),
            },
          ],
          ports: [{ port: 8443, protocol: 'TCP' }],
        },
      ],
    }),
    policy('allow-dns', 'payments', {
      podSelector: {},
      policyTypes: ['Egress'],
      egress: [
        {
          to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } } }],
          ports: [
            { port: 53, protocol: 'UDP' },
            { port: 53, protocol: 'TCP' },
          ],
        },
      ],
    }),
    policy('redis-from-cart', 'shop', {
      ...pods('redis'),
      policyTypes: ['Ingress'],
      ingress: [{ from: [pods('cart')], ports: [{ port: 6379, protocol: 'TCP' }] }],
    }),
    object(net, 'ServiceCIDR', 'kubernetes', undefined, {
      spec: { cidrs: ['10.100.0.0/16'] },
      status: {
        conditions: [
          { type: 'Ready', status: 'True', reason: '', message: 'Kubernetes Service CIDR is ready' },
        ],
      },
    }),
    object(net, 'IPAddress', '10.100.0.1', undefined, {
      labels: { 'ipaddress.kubernetes.io/ip-family': 'IPv4' },
      spec: { parentRef: { resource: 'services', namespace: 'default', name: 'kubernetes' } },
    }),
    object('v1', 'Service', 'kubernetes', 'default', {
      labels: { component: 'apiserver', provider: 'kubernetes' },
      spec: {
        type: 'ClusterIP',
        clusterIP: '10.100.0.1',
        clusterIPs: ['10.100.0.1'],
        ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 443 }],
      },
      status: { loadBalancer: {} },
    }),
  ];
}

function budgetsAndScalers(): Draft[] {
  const hpa = (name: string, namespace: string, min: number, max: number): Draft =>
    object('autoscaling/v2', 'HorizontalPodAutoscaler', name, namespace, {
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
        minReplicas: min,
        maxReplicas: max,
        metrics: [
          {
            type: 'Resource',
            resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 65 } },
          },
        ],
      },
      status: { currentReplicas: min, desiredReplicas: min },
    });
  const pdb = (name: string, namespace: string, spec: Fields): Draft =>
    object('policy/v1', 'PodDisruptionBudget', name, namespace, {
      spec: { ...spec, selector: { matchLabels: selectorOf({ name }) } },
      status: {},
    });
  return [
    hpa('frontend', 'shop', 4, 10),
    hpa('cart', 'shop', 3, 8),
    hpa('payment-api', 'payments', 3, 6),
    pdb('frontend', 'shop', { minAvailable: '50%' }),
    pdb('checkout', 'shop', { minAvailable: 2 }),
    pdb('payment-api', 'payments', { maxUnavailable: 1 }),
    pdb('ledger', 'payments', { minAvailable: 3 }),
    pdb('kafka', 'ingest', { maxUnavailable: 1 }),
  ];
}

export function platformObjects(registry: Registry, nodes: readonly string[]): Draft[] {
  return [
    ...access(),
    ...configuration(),
    ...network(),
    ...budgetsAndScalers(),
    ...storage(nodes),
    ...cluster(registry),
  ];
}
