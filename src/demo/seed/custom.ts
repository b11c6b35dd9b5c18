/** Kinds that come as custom resource definitions, each with objects. */
import type { PrinterColumn } from '../store/kinds';
import type { Draft, Fields } from '../model';
import { object } from './builders';

const column = (name: string, jsonPath: string, type = 'string', priority = 0): PrinterColumn => ({
  name,
  jsonPath,
  type,
  ...(priority ? { priority } : {}),
});
const age = column('Age', '.metadata.creationTimestamp', 'date');
const readyIs = (name: string, type: string): PrinterColumn =>
  column(name, `.status.conditions[?(@.type=="${type}")].status`);

interface Definition {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly short?: readonly string[];
  readonly cluster?: boolean;
  readonly columns?: readonly PrinterColumn[];
  readonly status?: boolean;
  readonly scale?: boolean;
  readonly schema?: Fields;
}

const open = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

export function definition(of: Definition): Draft {
  return object(
    'apiextensions.k8s.io/v1',
    'CustomResourceDefinition',
    `${of.plural}.${of.group}`,
    undefined,
    {
      spec: {
        group: of.group,
        scope: of.cluster ? 'Cluster' : 'Namespaced',
        names: {
          plural: of.plural,
          singular: of.kind.toLowerCase(),
          kind: of.kind,
          listKind: `${of.kind}List`,
          ...(of.short ? { shortNames: of.short } : {}),
        },
        conversion: { strategy: 'None' },
        versions: [
          {
            name: of.version,
            served: true,
            storage: true,
            schema: {
              openAPIV3Schema: of.schema ?? {
                type: 'object',
                description: `${of.kind} of ${of.group}.`,
                properties: { spec: open, status: open },
              },
            },
            additionalPrinterColumns: of.columns ?? [age],
            subresources: {
              ...(of.status === false ? {} : { status: {} }),
              ...(of.scale
                ? { scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' } }
                : {}),
            },
          },
        ],
      },
    },
  );
}

const gateway = { group: 'gateway.networking.k8s.io' };
const snapshot = { group: 'snapshot.storage.k8s.io', version: 'v1' };
const policy = { group: 'policy.networking.k8s.io', cluster: true };

export const definitions: readonly Definition[] = [
  {
    ...gateway,
    version: 'v1',
    plural: 'gatewayclasses',
    kind: 'GatewayClass',
    short: ['gc'],
    cluster: true,
    columns: [column('Controller', '.spec.controllerName'), readyIs('Accepted', 'Accepted'), age],
  },
  {
    ...gateway,
    version: 'v1',
    plural: 'gateways',
    kind: 'Gateway',
    short: ['gtw'],
    columns: [
      column('Class', '.spec.gatewayClassName'),
      column('Address', '.status.addresses[*].value'),
      readyIs('Programmed', 'Programmed'),
      age,
    ],
  },
  {
    ...gateway,
    version: 'v1',
    plural: 'httproutes',
    kind: 'HTTPRoute',
    columns: [column('Hostnames', '.spec.hostnames'), age],
  },
  {
    ...gateway,
    version: 'v1',
    plural: 'grpcroutes',
    kind: 'GRPCRoute',
    columns: [column('Hostnames', '.spec.hostnames'), age],
  },
  {
    ...gateway,
    version: 'v1beta1',
    plural: 'referencegrants',
    kind: 'ReferenceGrant',
    short: ['refgrant'],
    status: false,
  },
  {
    ...snapshot,
    plural: 'volumesnapshots',
    kind: 'VolumeSnapshot',
    short: ['vs'],
    columns: [
      column('ReadyToUse', '.status.readyToUse', 'boolean'),
      column('SourcePVC', '.spec.source.persistentVolumeClaimName'),
      column('RestoreSize', '.status.restoreSize'),
      column('SnapshotClass', '.spec.volumeSnapshotClassName'),
      column('SnapshotContent', '.status.boundVolumeSnapshotContentName'),
      age,
    ],
  },
  {
    ...snapshot,
    plural: 'volumesnapshotclasses',
    kind: 'VolumeSnapshotClass',
    short: ['vsclass'],
    cluster: true,
    status: false,
    columns: [column('Driver', '.driver'), column('DeletionPolicy', '.deletionPolicy'), age],
  },
  {
    ...snapshot,
    plural: 'volumesnapshotcontents',
    kind: 'VolumeSnapshotContent',
    short: ['vsc'],
    cluster: true,
    columns: [
      column('ReadyToUse', '.status.readyToUse', 'boolean'),
      column('RestoreSize', '.status.restoreSize', 'integer'),
      column('DeletionPolicy', '.spec.deletionPolicy'),
      column('VolumeSnapshot', '.spec.volumeSnapshotRef.name'),
      age,
    ],
  },
  {
    ...policy,
    version: 'v1alpha1',
    plural: 'adminnetworkpolicies',
    kind: 'AdminNetworkPolicy',
    short: ['anp'],
    columns: [column('Priority', '.spec.priority', 'integer'), age],
  },
  {
    ...policy,
    version: 'v1alpha1',
    plural: 'baselineadminnetworkpolicies',
    kind: 'BaselineAdminNetworkPolicy',
    short: ['banp'],
  },
  {
    ...policy,
    version: 'v1alpha2',
    plural: 'clusternetworkpolicies',
    kind: 'ClusterNetworkPolicy',
    short: ['cnp'],
    columns: [column('Tier', '.spec.tier'), column('Priority', '.spec.priority', 'integer'), age],
  },
  {
    group: 'autoscaling.k8s.io',
    version: 'v1',
    plural: 'verticalpodautoscalers',
    kind: 'VerticalPodAutoscaler',
    short: ['vpa'],
    columns: [
      column('Mode', '.spec.updatePolicy.updateMode'),
      column('CPU', '.status.recommendation.containerRecommendations[0].target.cpu'),
      column('Mem', '.status.recommendation.containerRecommendations[0].target.memory'),
      readyIs('Provided', 'RecommendationProvided'),
      age,
    ],
  },
  {
    group: 'demo.binnacle.dev',
    version: 'v1',
    plural: 'backups',
    kind: 'Backup',
    short: ['bk'],
    scale: true,
    columns: [
      column('Schedule', '.spec.schedule'),
      column('Target', '.spec.target'),
      column('Phase', '.status.phase'),
      column('Size', '.status.size'),
      column('Last', '.status.lastRun', 'date'),
      column('Keep', '.spec.keep', 'integer', 1),
      age,
    ],
    schema: {
      type: 'object',
      description: 'A copy of a database that is made again and again.',
      properties: {
        spec: {
          type: 'object',
          required: ['schedule', 'target'],
          properties: {
            schedule: { type: 'string', description: 'When, as a cron expression.' },
            target: { type: 'string', description: 'The StatefulSet to copy.' },
            keep: { type: 'integer', minimum: 1, description: 'How many copies to keep.' },
            replicas: { type: 'integer' },
          },
        },
        status: {
          type: 'object',
          properties: {
            phase: { type: 'string', enum: ['Pending', 'Running', 'Succeeded', 'Failed'] },
            size: { type: 'string' },
            lastRun: { type: 'string', format: 'date-time' },
          },
        },
      },
    },
  },
];

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
