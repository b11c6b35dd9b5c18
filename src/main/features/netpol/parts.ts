/** The kinds the model is made of: which fields of them are read, and what is kept. */
import type { FieldMask, KubeObject } from '#shared/kinds/define';
import type { EngineTier, PolicyObject } from '#shared/domain/netpol/types';
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
  | 'daemonsets.apps'
  | 'ciliumnetworkpolicies.cilium.io'
  | 'ciliumclusterwidenetworkpolicies.cilium.io'
  | 'networkpolicies.crd.projectcalico.org'
  | 'globalnetworkpolicies.crd.projectcalico.org'
  | 'tiers.crd.projectcalico.org'
  | 'networkpolicies.projectcalico.org'
  | 'globalnetworkpolicies.projectcalico.org'
  | 'tiers.projectcalico.org';

export interface PartDef {
  readonly id: PartId;
  readonly title: string;
  readonly singular: string;
  readonly namespaced: boolean;
  readonly versions: readonly string[];
  readonly mask: FieldMask;
  /** What it holds are policies. */
  readonly policies?: boolean;
  /** Judged by this engine only. */
  readonly engine?: 'Cilium' | 'Calico';
  /** The same objects under another group: not read where that one is served. */
  readonly insteadOf?: PartId;
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
    ...('specs' in object ? { specs: (object as { specs?: unknown }).specs } : {}),
  };
}

const policyMask: FieldMask = { spec: true };

function keepTier({ metadata, ...rest }: KubeObject): EngineTier {
  const spec = (rest as { spec?: unknown }).spec;
  const { order, defaultAction } = (typeof spec === 'object' && spec !== null ? spec : {}) as {
    order?: unknown;
    defaultAction?: unknown;
  };
  return {
    name: metadata.name,
    ...(typeof order === 'number' ? { order } : {}),
    ...(typeof defaultAction === 'string' ? { defaultAction } : {}),
  };
}

/** Of network plugins: id, title, kind, version, namespaced. */
const ENGINES = [
  ['ciliumnetworkpolicies.cilium.io', 'Cilium policies', 'CiliumNetworkPolicy', 'v2', true],
  [
    'ciliumclusterwidenetworkpolicies.cilium.io',
    'Clusterwide Cilium policies',
    'CiliumClusterwideNetworkPolicy',
    'v2',
    false,
  ],
  ['networkpolicies.crd.projectcalico.org', 'Calico policies', 'Calico NetworkPolicy', 'v1', true],
  [
    'globalnetworkpolicies.crd.projectcalico.org',
    'Global Calico policies',
    'GlobalNetworkPolicy',
    'v1',
    false,
  ],
  ['tiers.crd.projectcalico.org', 'Calico tiers', 'Tier', 'v1', false],
  ['networkpolicies.projectcalico.org', 'Calico policies', 'Calico NetworkPolicy', 'v3', true],
  ['globalnetworkpolicies.projectcalico.org', 'Global Calico policies', 'GlobalNetworkPolicy', 'v3', false],
  ['tiers.projectcalico.org', 'Calico tiers', 'Tier', 'v3', false],
] as const;

export const PARTS: readonly PartDef[] = [
  {
    id: 'networkpolicies.networking.k8s.io',
    title: 'Network policies',
    singular: 'NetworkPolicy',
    namespaced: true,
    versions: ['v1'],
    mask: policyMask,
    policies: true,
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
    policies: true,
    keep: keepPolicy,
  })),
  ...ENGINES.map(([id, title, singular, version, namespaced]): PartDef => {
    const tiers = id.startsWith('tiers.');
    const insteadOf = id.endsWith('.projectcalico.org') && !id.endsWith('.crd.projectcalico.org');
    return {
      id,
      title,
      singular,
      namespaced,
      versions: [version],
      mask: id.endsWith('.cilium.io') ? { spec: true, specs: true } : policyMask,
      engine: id.endsWith('.cilium.io') ? 'Cilium' : 'Calico',
      ...(insteadOf
        ? { insteadOf: id.replace('.projectcalico.org', '.crd.projectcalico.org') as PartId }
        : {}),
      ...(tiers ? { keep: keepTier } : { policies: true, keep: keepPolicy }),
    };
  }),
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
