/** Kinds that come as custom resource definitions. */
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
