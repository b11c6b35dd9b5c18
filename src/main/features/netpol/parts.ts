/** The kinds the model is made of: which fields of them are read, and what is kept. */
import type { FieldMask, KubeObject } from '#shared/kinds/define';
import type { PolicyObject } from '#shared/domain/netpol/types';
import {
  compactDaemonSet,
  compactNamespace,
  compactNode,
  compactPod,
  compactService,
  compactSlice,
} from './compact';

export type PartId =
  | 'pods'
  | 'namespaces'
  | 'nodes'
  | 'services'
  | 'endpointslices.discovery.k8s.io'
  | 'networkpolicies.networking.k8s.io'
  | 'adminnetworkpolicies.policy.networking.k8s.io'
  | 'baselineadminnetworkpolicies.policy.networking.k8s.io'
  | 'clusternetworkpolicies.policy.networking.k8s.io'
  | 'daemonsets.apps';

export interface PartDef {
  readonly id: PartId;
  readonly title: string;
  readonly singular: string;
  readonly namespaced: boolean;
  readonly versions: readonly string[];
  readonly mask: FieldMask;
  readonly keep: (object: KubeObject, apiVersion: string, kind: string) => object;
}

function keepPolicy(object: KubeObject, apiVersion: string, kind: string): PolicyObject {
  const { name, namespace, deletionTimestamp } = object.metadata;
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
    },
    spec: (object as { spec?: unknown }).spec,
  };
}

const policyMask: FieldMask = { spec: true };

export const PARTS: readonly PartDef[] = [
  {
    id: 'networkpolicies.networking.k8s.io',
    title: 'Network policies',
    singular: 'NetworkPolicy',
    namespaced: true,
    versions: ['v1'],
    mask: policyMask,
    keep: keepPolicy,
  },
  {
    id: 'namespaces',
    title: 'Namespaces',
    singular: 'Namespace',
    namespaced: false,
    versions: ['v1'],
    mask: {},
    keep: compactNamespace,
  },
  {
    id: 'pods',
    title: 'Pods',
    singular: 'Pod',
    namespaced: true,
    versions: ['v1'],
    mask: {
      spec: {
        hostNetwork: true,
        nodeName: true,
        containers: { ports: true },
        initContainers: { ports: true },
      },
      status: { phase: true, podIP: true, podIPs: true },
    },
    keep: compactPod,
  },
  {
    id: 'nodes',
    title: 'Nodes',
    singular: 'Node',
    namespaced: false,
    versions: ['v1'],
    mask: { status: { addresses: true, nodeInfo: { kubeletVersion: true } } },
    keep: compactNode,
  },
  {
    id: 'services',
    title: 'Services',
    singular: 'Service',
    namespaced: true,
    versions: ['v1'],
    mask: {
      spec: {
        type: true,
        clusterIP: true,
        externalName: true,
        externalTrafficPolicy: true,
        selector: true,
        ports: true,
      },
    },
    keep: compactService,
  },
  {
    id: 'endpointslices.discovery.k8s.io',
    title: 'Endpoint slices',
    singular: 'EndpointSlice',
    namespaced: true,
    versions: ['v1'],
    mask: {
      addressType: true,
      ports: true,
      endpoints: { addresses: true, conditions: true, targetRef: { kind: true, name: true } },
    },
    keep: compactSlice,
  },
  ...(
    [
      ['adminnetworkpolicies', 'Admin network policies', 'AdminNetworkPolicy', 'v1alpha1'],
      [
        'baselineadminnetworkpolicies',
        'Baseline admin network policies',
        'BaselineAdminNetworkPolicy',
        'v1alpha1',
      ],
      ['clusternetworkpolicies', 'Cluster network policies', 'ClusterNetworkPolicy', 'v1alpha2'],
    ] as const
  ).map(([resource, title, singular, version]): PartDef => ({
    id: `${resource}.policy.networking.k8s.io`,
    title,
    singular,
    namespaced: false,
    versions: [version],
    mask: policyMask,
    keep: keepPolicy,
  })),
  {
    id: 'daemonsets.apps',
    title: 'Daemon sets',
    singular: 'DaemonSet',
    namespaced: true,
    versions: ['v1'],
    mask: {
      spec: { template: { spec: { containers: { name: true, image: true, args: true, command: true } } } },
    },
    keep: compactDaemonSet,
  },
];
