/**
 * What each view is about: the kinds it shows, the relations it draws, and in which column of
 * reading a kind stands. Data only; the choosing is in choose.ts.
 */
import type { GroupBy, MapView } from './types';

export interface ViewDef {
  /** `Kind.group`; undefined: every kind but the hidden ones. */
  readonly kinds?: ReadonlySet<string>;
  /** Relations drawn; undefined: all but the hidden ones. */
  readonly relations?: ReadonlySet<string>;
  readonly groupBy: GroupBy;
  readonly groups: readonly GroupBy[];
  /** Objects without an edge are left out. */
  readonly connected: boolean;
}

const set = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

const RBAC = 'rbac.authorization.k8s.io';
const GW = 'gateway.networking.k8s.io';
const SNAP = 'snapshot.storage.k8s.io';
const WORKLOADS =
  'Deployment.apps StatefulSet.apps DaemonSet.apps ReplicaSet.apps Job.batch CronJob.batch ReplicationController. Rollout.argoproj.io';

/** Never drawn as objects of their own unless asked for by name: they repeat what others say. */
export const HIDDEN_KINDS = set(
  'Event. Event.events.k8s.io Lease.coordination.k8s.io ControllerRevision.apps App.~ Manager.~ Scheduler.~ Inventory.~ Namespace. Resource.~ LoadBalancerClass.~ Holder.~ Endpoints. EndpointSlice.discovery.k8s.io PodMetrics.metrics.k8s.io NodeMetrics.metrics.k8s.io CSIStorageCapacity.storage.k8s.io ComponentStatus.',
);

/** Second readings of the same fact, and what no map of ordinary size can bear. */
export const HIDDEN_RELATIONS = set(
  'revision runs current-revision update-revision part-of-app part-of part-of-release applied-by tracked-by endpoint-node endpoints-of endpoint about related scheduled-by limited-by stores pool driver priority runtime allows usable-on describes',
);

export const VIEWS: Readonly<Record<MapView, ViewDef>> = {
  overview: { groupBy: 'namespace', groups: ['namespace'], connected: false },
  apps: { groupBy: 'app', groups: ['app', 'owner', 'namespace', 'node'], connected: false },
  object: { groupBy: 'namespace', groups: ['namespace', 'app', 'owner'], connected: true },
  dependants: { groupBy: 'namespace', groups: ['namespace', 'app', 'owner'], connected: true },
  traffic: {
    kinds: set(
      `Ingress.networking.k8s.io Gateway.${GW} HTTPRoute.${GW} GRPCRoute.${GW} TLSRoute.${GW} TCPRoute.${GW} UDPRoute.${GW} Service. Pod. NetworkPolicy.networking.k8s.io Outside.~ VirtualService.networking.istio.io`,
    ),
    relations: set(
      'owner routes-to default-backend attaches-to mirrors-to selects outside applies-to allows-from allows-to host uses-gateway',
    ),
    groupBy: 'namespace',
    groups: ['namespace', 'app'],
    connected: true,
  },
  placement: {
    kinds: set('Pod. Node.'),
    relations: set('nominated-to'),
    groupBy: 'node',
    groups: ['node', 'zone'],
    connected: false,
  },
  storage: {
    kinds: set(
      `${WORKLOADS} Pod. PersistentVolumeClaim. PersistentVolume. StorageClass.storage.k8s.io CSIDriver.storage.k8s.io VolumeAttachment.storage.k8s.io VolumeSnapshot.${SNAP} VolumeSnapshotContent.${SNAP} VolumeSnapshotClass.${SNAP} Node.`,
    ),
    relations: set(
      'owner mounts claims bound-to uses-class provisioned-by csi-driver attaches attached-to snapshot-of content data-source attributes-class',
    ),
    groupBy: 'namespace',
    groups: ['namespace', 'app', 'owner'],
    connected: true,
  },
  access: {
    kinds: set(
      `${WORKLOADS} Pod. ServiceAccount. User.~ Group.~ Role.${RBAC} ClusterRole.${RBAC} RoleBinding.${RBAC} ClusterRoleBinding.${RBAC}`,
    ),
    relations: set('owner runs-as subject grants-role aggregates'),
    groupBy: 'namespace',
    groups: ['namespace', 'app'],
    connected: true,
  },
};

/** Columns: what points stands left of what it points at. */
const RANKS: readonly (readonly [number, string])[] = [
  [0, `Outside.~ Gateway.${GW} Application.argoproj.io HelmRelease.~`],
  [
    1,
    `Ingress.networking.k8s.io HTTPRoute.${GW} GRPCRoute.${GW} TLSRoute.${GW} TCPRoute.${GW} UDPRoute.${GW}`,
  ],
  [
    2,
    'Service. HorizontalPodAutoscaler.autoscaling VerticalPodAutoscaler.autoscaling.k8s.io ScaledObject.keda.sh CronJob.batch',
  ],
  [3, `${WORKLOADS.replace('CronJob.batch', '')} PodDisruptionBudget.policy NetworkPolicy.networking.k8s.io`],
  [4, 'Pod.'],
  [
    5,
    'ConfigMap. Secret. ServiceAccount. PersistentVolumeClaim. ResourceClaim.resource.k8s.io ResourceQuota. LimitRange.',
  ],
  [6, 'PersistentVolume. Node.'],
  [7, 'StorageClass.storage.k8s.io IngressClass.networking.k8s.io'],
  [8, 'CSIDriver.storage.k8s.io Controller.~'],
];

const ACCESS_RANKS: readonly (readonly [number, string])[] = [
  [0, WORKLOADS],
  [1, 'Pod.'],
  [2, 'ServiceAccount. User.~ Group.~'],
  [3, `RoleBinding.${RBAC} ClusterRoleBinding.${RBAC}`],
  [4, `Role.${RBAC} ClusterRole.${RBAC}`],
];

const TRAFFIC_RANKS: readonly (readonly [number, string])[] = [
  [0, 'Outside.~'],
  [1, `Gateway.${GW} Ingress.networking.k8s.io`],
  [
    2,
    `HTTPRoute.${GW} GRPCRoute.${GW} TLSRoute.${GW} TCPRoute.${GW} UDPRoute.${GW} VirtualService.networking.istio.io`,
  ],
  [3, 'Service.'],
  [4, WORKLOADS],
  [5, 'Pod.'],
  [6, 'NetworkPolicy.networking.k8s.io'],
];

const ranks = (table: readonly (readonly [number, string])[]): ReadonlyMap<string, number> =>
  new Map(table.flatMap(([rank, kinds]) => [...set(kinds)].map((kind) => [kind, rank] as const)));
const common = ranks(RANKS);
const byView: Partial<Record<MapView, ReadonlyMap<string, number>>> = {
  access: ranks(ACCESS_RANKS),
  traffic: ranks(TRAFFIC_RANKS),
};

/** The column of a kind; kinds nobody placed stand with the configuration. */
export function rankOf(view: MapView, kind: string): number {
  return (byView[view] ?? common).get(kind) ?? common.get(kind) ?? 5;
}

/** Edges that are drawn from what is pointed at: an owner stands before what it owns. */
export const TURNED = set('owner');

/** Turned too where subjects stand left of what binds them. */
export const TURNED_IN: Partial<Record<MapView, ReadonlySet<string>>> = { access: set('owner subject') };

export const WORKLOAD_KINDS = set(WORKLOADS);
