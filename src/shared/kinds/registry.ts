/** Every kind we have columns of our own for. A new kind is its file and a line here. */
import { adminNetworkPolicy } from './admin-network-policy';
import { apiService } from './api-service';
import { baselineAdminNetworkPolicy } from './baseline-admin-network-policy';
import { certificateSigningRequest } from './certificate-signing-request';
import { clusterNetworkPolicy } from './cluster-network-policy';
import { clusterRole } from './cluster-role';
import { clusterRoleBinding } from './cluster-role-binding';
import { configMap } from './config-map';
import { cronJob } from './cron-job';
import { csiDriver } from './csi-driver';
import { csiNode } from './csi-node';
import { customResourceDefinition } from './custom-resource-definition';
import { daemonSet } from './daemon-set';
import { kindId, type KindDescriptor, type KindId } from './define';
import { deployment } from './deployment';
import { endpointSlice } from './endpoint-slice';
import { endpoints } from './endpoints';
import { event } from './event';
import { flowSchema } from './flow-schema';
import { gateway } from './gateway';
import { gatewayClass } from './gateway-class';
import { grpcRoute } from './grpc-route';
import { horizontalPodAutoscaler } from './horizontal-pod-autoscaler';
import { httpRoute } from './http-route';
import { ingress } from './ingress';
import { ingressClass } from './ingress-class';
import { job } from './job';
import { lease } from './lease';
import { limitRange } from './limit-range';
import { mutatingAdmissionPolicy } from './mutating-admission-policy';
import { mutatingWebhookConfiguration } from './mutating-webhook-configuration';
import { namespace } from './namespace';
import { networkPolicy } from './network-policy';
import { node } from './node';
import { persistentVolume } from './persistent-volume';
import { persistentVolumeClaim } from './persistent-volume-claim';
import { pod } from './pod';
import { podDisruptionBudget } from './pod-disruption-budget';
import { priorityClass } from './priority-class';
import { priorityLevelConfiguration } from './priority-level-configuration';
import { referenceGrant } from './reference-grant';
import { replicaSet } from './replica-set';
import { replicationController } from './replication-controller';
import { resourceQuota } from './resource-quota';
import { role } from './role';
import { roleBinding } from './role-binding';
import { runtimeClass } from './runtime-class';
import { secret } from './secret';
import { service } from './service';
import { serviceAccount } from './service-account';
import { statefulSet } from './stateful-set';
import { storageClass } from './storage-class';
import { validatingAdmissionPolicy } from './validating-admission-policy';
import { validatingAdmissionPolicyBinding } from './validating-admission-policy-binding';
import { validatingWebhookConfiguration } from './validating-webhook-configuration';
import { verticalPodAutoscaler } from './vertical-pod-autoscaler';
import { volumeAttachment } from './volume-attachment';
import { volumeSnapshot } from './volume-snapshot';
import { volumeSnapshotClass } from './volume-snapshot-class';
import { volumeSnapshotContent } from './volume-snapshot-content';

export const knownKinds: readonly KindDescriptor[] = [
  pod,
  deployment,
  statefulSet,
  daemonSet,
  job,
  cronJob,
  replicaSet,
  replicationController,
  horizontalPodAutoscaler,
  verticalPodAutoscaler,
  podDisruptionBudget,
  service,
  ingress,
  gateway,
  httpRoute,
  grpcRoute,
  referenceGrant,
  networkPolicy,
  adminNetworkPolicy,
  baselineAdminNetworkPolicy,
  clusterNetworkPolicy,
  endpointSlice,
  endpoints,
  ingressClass,
  gatewayClass,
  configMap,
  secret,
  resourceQuota,
  limitRange,
  priorityClass,
  persistentVolumeClaim,
  persistentVolume,
  storageClass,
  volumeSnapshot,
  volumeSnapshotClass,
  volumeSnapshotContent,
  volumeAttachment,
  csiDriver,
  csiNode,
  serviceAccount,
  role,
  roleBinding,
  clusterRole,
  clusterRoleBinding,
  certificateSigningRequest,
  node,
  namespace,
  event,
  apiService,
  mutatingWebhookConfiguration,
  validatingWebhookConfiguration,
  validatingAdmissionPolicy,
  validatingAdmissionPolicyBinding,
  mutatingAdmissionPolicy,
  flowSchema,
  priorityLevelConfiguration,
  runtimeClass,
  lease,
  customResourceDefinition,
];

export const kindById: ReadonlyMap<KindId, KindDescriptor> = new Map(
  knownKinds.map((kind) => [kindId(kind.group, kind.resource), kind]),
);

/** Words that lead to a kind, lower case; where two kinds claim one, the earlier in `knownKinds` has it. */
const byAlias: ReadonlyMap<string, KindDescriptor> = aliasMap();

function aliasMap(): Map<string, KindDescriptor> {
  const map = new Map<string, KindDescriptor>();
  const claim = (word: string, kind: KindDescriptor): void => {
    if (!map.has(word)) map.set(word, kind);
  };
  // Exact names of all kinds go before anybody's nicknames.
  for (const kind of knownKinds) claim(kindId(kind.group, kind.resource), kind);
  for (const kind of knownKinds) claim(kind.resource, kind);
  for (const kind of knownKinds) claim(kind.kind.toLowerCase(), kind);
  for (const kind of knownKinds) for (const alias of [kind.tag, ...kind.aliases]) claim(alias, kind);
  return map;
}

/** The kind that `pods`, `po`, `Pod`, `deployments.apps` or `config maps` means. */
export function kindByAlias(word: string): KindDescriptor | undefined {
  const plain = word.trim().toLowerCase();
  return byAlias.get(plain) ?? byAlias.get(plain.replace(/\s+/g, ''));
}
