/**
 * Kinds the rules name: their groups, whether they live in namespaces, the resource names of RBAC
 * rules. Only for references that leave these out and for manifests without namespace; what the
 * API server's discovery says goes first (see RelationGraph options).
 */
import type { KindId } from './types';

/** `Kind.group` as in the table. */
export function parseKind(text: string): KindId {
  const dot = text.indexOf('.');
  return dot < 0 ? { kind: text, group: '' } : { kind: text.slice(0, dot), group: text.slice(dot + 1) };
}

/** Group of an apiVersion: '' for the core group. */
export function groupOf(apiVersion: unknown): string {
  if (typeof apiVersion !== 'string') return '';
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** Nodes that are no objects: users, groups, outside addresses, Helm releases. */
export const VIRTUAL = '~';

export function isVirtual(group: string): boolean {
  return group === VIRTUAL;
}

const NAMESPACED = new Map<string, string>([
  [
    '',
    'Pod Service ConfigMap Secret ServiceAccount Endpoints Event PersistentVolumeClaim ReplicationController ResourceQuota LimitRange PodTemplate',
  ],
  ['apps', 'Deployment ReplicaSet StatefulSet DaemonSet ControllerRevision'],
  ['batch', 'Job CronJob'],
  ['autoscaling', 'HorizontalPodAutoscaler'],
  ['autoscaling.k8s.io', 'VerticalPodAutoscaler'],
  ['policy', 'PodDisruptionBudget'],
  ['networking.k8s.io', 'Ingress NetworkPolicy'],
  ['discovery.k8s.io', 'EndpointSlice'],
  ['coordination.k8s.io', 'Lease'],
  ['rbac.authorization.k8s.io', 'Role RoleBinding'],
  [
    'gateway.networking.k8s.io',
    'Gateway HTTPRoute GRPCRoute TLSRoute TCPRoute UDPRoute ReferenceGrant ListenerSet BackendTLSPolicy',
  ],
  ['resource.k8s.io', 'ResourceClaim ResourceClaimTemplate'],
  ['snapshot.storage.k8s.io', 'VolumeSnapshot'],
  ['storage.k8s.io', 'CSIStorageCapacity'],
  ['keda.sh', 'ScaledObject ScaledJob TriggerAuthentication'],
  ['cert-manager.io', 'Certificate Issuer CertificateRequest'],
  ['external-secrets.io', 'ExternalSecret SecretStore'],
  ['bitnami.com', 'SealedSecret'],
  ['argoproj.io', 'Application ApplicationSet AppProject Rollout AnalysisTemplate'],
  ['kustomize.toolkit.fluxcd.io', 'Kustomization'],
  ['helm.toolkit.fluxcd.io', 'HelmRelease'],
  ['source.toolkit.fluxcd.io', 'GitRepository OCIRepository HelmRepository HelmChart Bucket'],
  ['operators.coreos.com', 'ClusterServiceVersion Subscription OperatorGroup InstallPlan'],
  ['monitoring.coreos.com', 'ServiceMonitor PodMonitor Prometheus PrometheusRule Alertmanager'],
]);

const CLUSTER = new Map<string, string>([
  ['', 'Node Namespace PersistentVolume ComponentStatus'],
  ['rbac.authorization.k8s.io', 'ClusterRole ClusterRoleBinding'],
  ['networking.k8s.io', 'IngressClass IPAddress ServiceCIDR'],
  ['storage.k8s.io', 'StorageClass CSIDriver CSINode VolumeAttachment VolumeAttributesClass'],
  ['scheduling.k8s.io', 'PriorityClass'],
  ['node.k8s.io', 'RuntimeClass'],
  [
    'admissionregistration.k8s.io',
    'ValidatingWebhookConfiguration MutatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding MutatingAdmissionPolicy MutatingAdmissionPolicyBinding',
  ],
  ['apiregistration.k8s.io', 'APIService'],
  ['apiextensions.k8s.io', 'CustomResourceDefinition'],
  ['certificates.k8s.io', 'CertificateSigningRequest ClusterTrustBundle'],
  ['flowcontrol.apiserver.k8s.io', 'FlowSchema PriorityLevelConfiguration'],
  ['resource.k8s.io', 'DeviceClass ResourceSlice'],
  ['gateway.networking.k8s.io', 'GatewayClass'],
  ['policy.networking.k8s.io', 'AdminNetworkPolicy BaselineAdminNetworkPolicy ClusterNetworkPolicy'],
  ['snapshot.storage.k8s.io', 'VolumeSnapshotClass VolumeSnapshotContent'],
  ['keda.sh', 'ClusterTriggerAuthentication'],
  ['cert-manager.io', 'ClusterIssuer'],
  ['external-secrets.io', 'ClusterSecretStore ClusterExternalSecret'],
  ['operators.coreos.com', 'Operator'],
  ['metrics.k8s.io', 'NodeMetrics'],
  ['karpenter.sh', 'NodePool NodeClaim'],
  ['cilium.io', 'CiliumNode CiliumIdentity CiliumClusterwideNetworkPolicy'],
  ['crd.projectcalico.org', 'GlobalNetworkPolicy GlobalNetworkSet IPPool'],
  ['projectcalico.org', 'GlobalNetworkPolicy GlobalNetworkSet IPPool'],
  ['kyverno.io', 'ClusterPolicy'],
]);

function spread(table: ReadonlyMap<string, string>): Map<string, string> {
  const kinds = new Map<string, string>();
  for (const [group, names] of table)
    for (const kind of names.split(' ')) kinds.set(`${kind}.${group}`, group);
  return kinds;
}

const namespaced = spread(NAMESPACED);
const cluster = spread(CLUSTER);

const groupsByKind = new Map<string, string>();
for (const kinds of [cluster, namespaced]) {
  for (const [key, group] of kinds) {
    const kind = key.slice(0, key.length - group.length - 1);
    // The first wins, and core before all others: `Event`, `Ingress`.
    if (!groupsByKind.has(kind) || group === '') groupsByKind.set(kind, group);
  }
}

/** true: cluster-scoped; false: lives in a namespace; undefined: a kind the rules do not know. */
export function knownScope(group: string, kind: string): boolean | undefined {
  const key = `${kind}.${group}`;
  if (cluster.has(key)) return true;
  return namespaced.has(key) ? false : undefined;
}

/** The group of a kind named without one. */
export function knownGroup(kind: string): string | undefined {
  return groupsByKind.get(kind);
}

const byLowerCase = new Map<string, string>();
for (const kind of groupsByKind.keys()) byLowerCase.set(kind.toLowerCase(), kind);

/** The kind that is called so but for its capitals. */
export function knownKind(lowerCase: string): string | undefined {
  return byLowerCase.get(lowerCase);
}

const IRREGULAR = new Map([
  ['Endpoints', 'endpoints'],
  ['Gateway', 'gateways'],
]);

const resources = new Map<string, string>();
for (const [kind, group] of groupsByKind) resources.set(`${resourceOf(kind)}.${group}`, kind);

/** Kind of an RBAC resource name (`deployments` of `apps`), when the rules know it. */
export function kindOfResource(group: string, resource: string): string | undefined {
  return resources.get(`${resource}.${group}`);
}

function resourceOf(kind: string): string {
  const lower = kind.toLowerCase();
  const irregular = IRREGULAR.get(kind);
  if (irregular) return irregular;
  if (/[^aeiou]y$/.test(lower)) return `${lower.slice(0, -1)}ies`;
  return /(s|x|ch)$/.test(lower) ? `${lower}es` : `${lower}s`;
}

/** Where the pod spec of a kind is; undefined for kinds that make no pods. */
export function podSpecPath(group: string, kind: string): string | undefined {
  return podSpecs.get(`${kind}.${group}`);
}

const podSpecs = new Map([
  ['Pod.', 'spec'],
  ['PodTemplate.', 'template.spec'],
  ['ReplicationController.', 'spec.template.spec'],
  ['Deployment.apps', 'spec.template.spec'],
  ['ReplicaSet.apps', 'spec.template.spec'],
  ['StatefulSet.apps', 'spec.template.spec'],
  ['DaemonSet.apps', 'spec.template.spec'],
  ['Job.batch', 'spec.template.spec'],
  ['CronJob.batch', 'spec.jobTemplate.spec.template.spec'],
  ['Rollout.argoproj.io', 'spec.template.spec'],
  ['Service.serving.knative.dev', 'spec.template.spec'],
  ['Configuration.serving.knative.dev', 'spec.template.spec'],
  ['Revision.serving.knative.dev', 'spec'],
]);
