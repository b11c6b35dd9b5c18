/** Objects of the custom kinds. */
import type { Draft, Fields } from '../model';
import { object } from './builders';

const yes = (type: string, reason: string): Fields => ({
  type,
  status: 'True',
  reason,
  message: '',
  lastTransitionTime: '2026-01-01T00:00:00Z',
});

export function customObjects(now: string): Draft[] {
  const gw = (kind: string, name: string, namespace: string | undefined, fields: Fields): Draft =>
    object(
      `gateway.networking.k8s.io/${kind === 'ReferenceGrant' ? 'v1beta1' : 'v1'}`,
      kind,
      name,
      namespace,
      fields,
    );
  const parents = [
    {
      controllerName: 'demo.binnacle.dev/gateway',
      parentRef: { name: 'public', namespace: 'ingress-nginx' },
      conditions: [yes('Accepted', 'Accepted'), yes('ResolvedRefs', 'ResolvedRefs')],
    },
  ];
  const backend = (name: string): Fields => ({ backendRefs: [{ name, port: 80 }] });
  const vs = (kind: string, name: string, namespace: string | undefined, fields: Fields): Draft =>
    object('snapshot.storage.k8s.io/v1', kind, name, namespace, fields);
  const backup = (name: string, namespace: string, target: string, phase: string, size: string): Draft =>
    object('demo.binnacle.dev/v1', 'Backup', name, namespace, {
      spec: { schedule: '0 */6 * * *', target, keep: 14, replicas: 1 },
      status: { phase, size, lastRun: now, replicas: 1 },
    });
  const subject = (label: string): Fields => ({
    namespaces: { matchLabels: { 'kubernetes.io/metadata.name': label } },
  });
  return [
    gw('GatewayClass', 'edge', undefined, {
      spec: { controllerName: 'demo.binnacle.dev/gateway' },
      status: { conditions: [yes('Accepted', 'Accepted')] },
    }),
    gw('Gateway', 'public', 'ingress-nginx', {
      spec: {
        gatewayClassName: 'edge',
        listeners: [
          {
            name: 'https',
            protocol: 'HTTPS',
            port: 443,
            hostname: '*.example.com',
            allowedRoutes: { namespaces: { from: 'All' } },
            tls: { mode: 'Terminate', certificateRefs: [{ name: 'wildcard-tls' }] },
          },
        ],
      },
      status: {
        addresses: [{ type: 'Hostname', value: 'edge-1.elb.eu-central-1.amazonaws.com' }],
        conditions: [yes('Accepted', 'Accepted'), yes('Programmed', 'Programmed')],
        listeners: [
          {
            name: 'https',
            attachedRoutes: 2,
            conditions: [yes('Accepted', 'Accepted'), yes('Programmed', 'Programmed')],
          },
        ],
      },
    }),
    gw('HTTPRoute', 'shop', 'shop', {
      spec: {
        hostnames: ['shop.example.com'],
        parentRefs: [{ name: 'public', namespace: 'ingress-nginx' }],
        rules: [{ matches: [{ path: { type: 'PathPrefix', value: '/' } }], ...backend('frontend') }],
      },
      status: { parents },
    }),
    gw('HTTPRoute', 'catalog', 'shop', {
      spec: {
        hostnames: ['catalog.example.com'],
        parentRefs: [{ name: 'public', namespace: 'ingress-nginx' }],
        rules: [backend('catalogue')],
      },
      status: {
        parents: [
          {
            ...parents[0],
            conditions: [
              yes('Accepted', 'Accepted'),
              {
                ...yes('ResolvedRefs', 'BackendNotFound'),
                status: 'False',
                message: 'service "catalogue" not found',
              },
            ],
          },
        ],
      },
    }),
    gw('GRPCRoute', 'fraud', 'payments', {
      spec: {
        hostnames: ['fraud.internal.example.com'],
        parentRefs: [{ name: 'public', namespace: 'ingress-nginx' }],
        rules: [backend('fraud-scoring')],
      },
      status: { parents },
    }),
    gw('ReferenceGrant', 'routes-to-services', 'payments', {
      spec: {
        from: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'shop' }],
        to: [{ group: '', kind: 'Service' }],
      },
    }),
    vs('VolumeSnapshotClass', 'ebs', undefined, { driver: 'ebs.csi.aws.com', deletionPolicy: 'Delete' }),
    vs('VolumeSnapshot', 'postgres-nightly', 'shop', {
      spec: { volumeSnapshotClassName: 'ebs', source: { persistentVolumeClaimName: 'data-postgres-0' } },
      status: {
        readyToUse: true,
        restoreSize: '100Gi',
        boundVolumeSnapshotContentName: 'snapcontent-postgres-nightly',
      },
    }),
    vs('VolumeSnapshotContent', 'snapcontent-postgres-nightly', undefined, {
      spec: {
        deletionPolicy: 'Delete',
        driver: 'ebs.csi.aws.com',
        volumeSnapshotRef: { name: 'postgres-nightly', namespace: 'shop' },
      },
      status: { readyToUse: true, restoreSize: 107374182400 },
    }),
    object('policy.networking.k8s.io/v1alpha1', 'AdminNetworkPolicy', 'deny-to-payments', undefined, {
      spec: {
        priority: 20,
        subject: subject('payments'),
        ingress: [
          { name: 'shop-only', action: 'Allow', from: [subject('shop')] },
          { name: 'others', action: 'Deny', from: [{ namespaces: {} }] },
        ],
      },
    }),
    object('policy.networking.k8s.io/v1alpha1', 'BaselineAdminNetworkPolicy', 'default', undefined, {
      spec: {
        subject: { namespaces: {} },
        egress: [{ name: 'no-metadata', action: 'Deny', to: [{ networks: ['169.254.169.254/32'] }] }],
      },
    }),
    object('policy.networking.k8s.io/v1alpha2', 'ClusterNetworkPolicy', 'monitoring-may-scrape', undefined, {
      spec: {
        tier: 'Admin',
        priority: 10,
        subject: { namespaces: {} },
        ingress: [{ name: 'prometheus', action: 'Accept', from: [subject('monitoring')] }],
      },
    }),
    object('autoscaling.k8s.io/v1', 'VerticalPodAutoscaler', 'recommendations', 'shop', {
      spec: {
        targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'recommendations' },
        updatePolicy: { updateMode: 'Off' },
      },
      status: {
        conditions: [yes('RecommendationProvided', '')],
        recommendation: {
          containerRecommendations: [
            {
              containerName: 'app',
              target: { cpu: '410m', memory: '812Mi' },
              lowerBound: { cpu: '220m', memory: '640Mi' },
              upperBound: { cpu: '900m', memory: '1200Mi' },
            },
          ],
        },
      },
    }),
    backup('postgres', 'shop', 'postgres', 'Succeeded', '41Gi'),
    backup('ledger', 'payments', 'ledger', 'Running', '18Gi'),
    backup('kafka', 'ingest', 'kafka', 'Failed', '0'),
  ];
}
