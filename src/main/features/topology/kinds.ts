/** Which kinds of a cluster a view must read. Custom ones are read too, as many as is reasonable. */
import type { KindInfo } from '#shared/contract/cluster';
import type { MapView } from '#shared/domain/topology/map/types';

const ids = (text: string): readonly string[] => text.trim().split(/\s+/);

const WORKLOADS = ids(
  'pods deployments.apps replicasets.apps statefulsets.apps daemonsets.apps jobs.batch cronjobs.batch replicationcontrollers',
);
const NETWORK = ids(
  'services ingresses.networking.k8s.io networkpolicies.networking.k8s.io gateways.gateway.networking.k8s.io httproutes.gateway.networking.k8s.io grpcroutes.gateway.networking.k8s.io tlsroutes.gateway.networking.k8s.io tcproutes.gateway.networking.k8s.io udproutes.gateway.networking.k8s.io referencegrants.gateway.networking.k8s.io',
);
const STORAGE = ids(
  'persistentvolumeclaims persistentvolumes storageclasses.storage.k8s.io csidrivers.storage.k8s.io',
);
const MORE_STORAGE = ids(
  'volumeattachments.storage.k8s.io volumesnapshots.snapshot.storage.k8s.io volumesnapshotcontents.snapshot.storage.k8s.io volumesnapshotclasses.snapshot.storage.k8s.io',
);
const CONFIG = ids('configmaps secrets serviceaccounts');
const ACCESS = ids(
  'roles.rbac.authorization.k8s.io rolebindings.rbac.authorization.k8s.io clusterroles.rbac.authorization.k8s.io clusterrolebindings.rbac.authorization.k8s.io',
);
const SCALING = ids('horizontalpodautoscalers.autoscaling poddisruptionbudgets.policy');
const APPS = [
  ...WORKLOADS,
  ...NETWORK,
  ...STORAGE,
  ...CONFIG,
  ...SCALING,
  'nodes',
  'ingressclasses.networking.k8s.io',
];
const DEPENDING = ids(
  'validatingwebhookconfigurations.admissionregistration.k8s.io mutatingwebhookconfigurations.admissionregistration.k8s.io apiservices.apiregistration.k8s.io customresourcedefinitions.apiextensions.k8s.io resourcequotas limitranges',
);
const EVERYTHING = [...APPS, ...ACCESS, ...MORE_STORAGE, ...DEPENDING, 'priorityclasses.scheduling.k8s.io'];

const NEEDED: Readonly<Record<MapView, readonly string[]>> = {
  overview: [...APPS, 'namespaces'],
  apps: APPS,
  traffic: [...WORKLOADS, ...NETWORK],
  placement: [...WORKLOADS, 'nodes'],
  storage: [...WORKLOADS, ...STORAGE, ...MORE_STORAGE, 'nodes'],
  access: [...WORKLOADS, ...ACCESS, 'serviceaccounts'],
  object: EVERYTHING,
  dependants: EVERYTHING,
};

const CUSTOM_IN = new Set<MapView>(['overview', 'apps', 'object', 'dependants']);
/** Custom kinds read at once: each is a list and a watch. */
export const MOST_CUSTOM = 40;

/** `extra`: the kind of the object a view is about. */
export function kindsFor(view: MapView, served: readonly KindInfo[], extra: string | undefined): KindInfo[] {
  const wanted = new Set(NEEDED[view]);
  if (extra !== undefined) wanted.add(extra);
  let custom = 0;
  return served.filter((kind) => {
    if (!kind.verbs.includes('list')) return false;
    if (wanted.has(kind.id)) return true;
    if (kind.section !== 'custom' || !CUSTOM_IN.has(view) || !kind.verbs.includes('watch')) return false;
    return ++custom <= MOST_CUSTOM;
  });
}
