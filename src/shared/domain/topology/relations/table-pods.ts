/** Owners, pods and what they use: T1, T17-T19, T22-T27, T51, T52. */
import { str } from '../../../k8s/read';
import { groupOf } from './kinds';
import { annotation, dig, get, list, refTarget, row, rows, toVirtual } from './match';
import type { Matcher, Relation } from './types';

const CONTAINERS = ['containers', 'initContainers', 'ephemeralContainers'];

const owner: Matcher = (value, sink) => {
  const name = str(get(value, 'name'));
  const kind = str(get(value, 'kind'));
  const uid = str(get(value, 'uid'));
  if (name === '' || kind === '') return;
  const group = groupOf(get(value, 'apiVersion'));
  const { namespace } = sink.self;
  const note = get(value, 'controller') === true ? 'controller' : undefined;
  sink.link(
    { group, kind, namespace, name, uid },
    { field: sink.pathTo('.uid'), value: uid || `${kind}/${name}`, strictUid: true, note },
  );
};

/** Only when the owner is of this kind: `web-7d9f` is a revision because web owns it, not by its name. */
function ownedBy(kind: string, note: (holder: unknown) => string | undefined): Matcher {
  return (value, sink, relation) => {
    const words = note(sink.self.object);
    if (get(value, 'kind') !== kind || get(value, 'controller') === false || words === undefined) return;
    const target = refTarget(value, sink, relation, { namespace: 'own' });
    if (!target) return;
    sink.link(target, { value: target.name, strictUid: true, ...(words !== '' && { note: words }) });
  };
}

const revisionNote = (holder: unknown): string | undefined => {
  const revision = annotation(holder, 'deployment.kubernetes.io/revision');
  return revision ? `revision ${revision}` : undefined;
};

const ownRevision = (holder: unknown): string => {
  const revision = get(holder, 'revision');
  return typeof revision === 'number' || typeof revision === 'string' ? `revision ${revision}` : '';
};

const runNote = (holder: unknown): string =>
  annotation(holder, 'cronjob.kubernetes.io/instantiate') === 'manual' ? 'manual run' : '';

/** T22: pods run as `default` unless told; templates only where they say. */
const serviceAccount: Matcher = (value, sink) => {
  const named = str(get(value, 'serviceAccountName')) || str(get(value, 'serviceAccount'));
  const { kind, group, namespace } = sink.self;
  if (named === '' && (kind !== 'Pod' || group !== '')) return;
  const name = named || 'default';
  const note = named === '' ? 'by default' : undefined;
  const field = sink.pathTo('.serviceAccountName');
  sink.link({ group: '', kind: 'ServiceAccount', namespace, name }, { field, value: name, note });
};

/** T19: `<pod>-<volume>`, made for the pod and owned by it; another claim of that name is not used. */
const ephemeralClaim: Matcher = (value, sink) => {
  const { self } = sink;
  const volume = str(get(sink.parent, 'name'));
  if (self.kind !== 'Pod' || self.group !== '' || volume === '' || typeof value !== 'object') return;
  const target = {
    group: '',
    kind: 'PersistentVolumeClaim',
    namespace: self.namespace,
    name: `${self.name}-${volume}`,
  };
  const claim = sink.peek(target);
  const owned = list(dig(claim, 'metadata', 'ownerReferences')).some(
    (one) =>
      get(one, 'kind') === 'Pod' && get(one, 'name') === self.name && str(get(one, 'uid')) === self.uid,
  );
  const invalid = claim && !owned ? { invalid: 'The claim of this name is not owned by the pod' } : {};
  sink.link(target, { value: target.name, ...invalid });
};

const readsEnv: Matcher = (value, sink, relation) => {
  const name = str(get(value, 'name'));
  if (name === '') return;
  const { group, kind } = relation.target;
  const key = str(get(value, 'key'));
  const note = key === '' ? undefined : `key ${key}`;
  const optional = get(value, 'optional') === true;
  const field = sink.pathTo('.name');
  sink.link({ group, kind, namespace: sink.self.namespace, name }, { field, value: name, note, optional });
};

function envRows(rule: 'T17' | 'T18', to: string, key: string, from: string): Relation[] {
  return CONTAINERS.flatMap((containers) => [
    row(rule, 'env', '@pod', `$.${containers}[].env[].valueFrom.${key}`, to, readsEnv),
    row(rule, 'env-from', '@pod', `$.${containers}[].envFrom[].${from}`, to, readsEnv),
  ]);
}

const LEGACY = ['cephfs', 'rbd', 'flexVolume', 'iscsi', 'scaleIO', 'storageos'];

/** T23: the token's account, by name and, when told, uid. */
const tokenAccount: Matcher = (value, sink) => {
  if (typeof value !== 'string' || value === '') return;
  const { object, namespace } = sink.self;
  if (get(object, 'type') !== 'kubernetes.io/service-account-token') return;
  const uid = annotation(object, 'kubernetes.io/service-account.uid');
  sink.link({ group: '', kind: 'ServiceAccount', namespace, name: value, ...(uid && { uid }) });
};

const secretNames: Matcher = (value, sink) => {
  const name = str(get(value, 'name'));
  if (name)
    sink.link(
      { group: '', kind: 'Secret', namespace: sink.self.namespace, name },
      { field: sink.pathTo('.name'), value: name },
    );
};

/** T24: the file on the node that a mirror pod stands for. */
const staticPod: Matcher = (value, sink) => {
  const name = str(dig(sink.self.object, 'spec', 'nodeName'));
  if (typeof value === 'string' && name)
    sink.link({ group: '', kind: 'Node', namespace: '', name }, { note: 'static pod' });
};

const DEVICES = 'ResourceClaim.resource.k8s.io';
const DEVICE_FIELDS = [
  'devices.requests[].deviceClassName',
  'devices.requests[].exactly.deviceClassName',
  'devices.requests[].firstAvailable[].deviceClassName',
];

export const POD_RELATIONS: readonly Relation[] = [
  row('T1', 'owner', '*', 'metadata.ownerReferences[]', 'Owner', owner),

  row('T17', 'mounts', '@pod', '$.volumes[].configMap.name', 'ConfigMap'),
  row('T17', 'mounts', '@pod', '$.volumes[].projected.sources[].configMap.name', 'ConfigMap'),
  ...envRows('T17', 'ConfigMap', 'configMapKeyRef', 'configMapRef'),
  row('T18', 'mounts', '@pod', '$.volumes[].secret.secretName', 'Secret'),
  row('T18', 'mounts', '@pod', '$.volumes[].projected.sources[].secret.name', 'Secret'),
  ...envRows('T18', 'Secret', 'secretKeyRef', 'secretRef'),
  row('T18', 'pulls-with', '@pod', '$.imagePullSecrets[]', 'Secret', secretNames),
  row('T18', 'volume-secret', '@pod', '$.volumes[].csi.nodePublishSecretRef.name', 'Secret'),
  row('T18', 'volume-secret', '@pod', '$.volumes[].azureFile.secretName', 'Secret'),
  ...rows(
    'T18',
    'volume-secret',
    '@pod',
    LEGACY.map((type) => `$.volumes[].${type}.secretRef.name`),
    'Secret',
  ),
  row('T19', 'mounts', '@pod', '$.volumes[].persistentVolumeClaim.claimName', 'PersistentVolumeClaim'),
  row('T19', 'mounts', '@pod', '$.volumes[].ephemeral', 'PersistentVolumeClaim', ephemeralClaim),

  row('T22', 'runs-as', '@pod', '$', 'ServiceAccount', serviceAccount),
  row('T23', 'token', 'ServiceAccount', 'secrets[]', 'Secret', secretNames),
  row('T23', 'pulls-with', 'ServiceAccount', 'imagePullSecrets[]', 'Secret', secretNames),
  row(
    'T23',
    'token',
    'Secret',
    'metadata.annotations["kubernetes.io/service-account.name"]',
    'ServiceAccount',
    tokenAccount,
    { reverse: true },
  ),

  row('T24', 'runs-on', 'Pod', 'spec.nodeName', 'Node'),
  row('T24', 'nominated-to', 'Pod', 'status.nominatedNodeName', 'Node'),
  row('T24', 'mirrors', 'Pod', 'metadata.annotations["kubernetes.io/config.mirror"]', 'Node', staticPod),
  row('T25', 'priority', '@pod', '$.priorityClassName', 'PriorityClass.scheduling.k8s.io'),
  row('T25', 'runtime', '@pod', '$.runtimeClassName', 'RuntimeClass.node.k8s.io'),
  row('T25', 'scheduled-by', 'Pod', 'spec.schedulerName', 'Scheduler.~', toVirtual('Scheduler'), {
    weak: true,
  }),
  row('T26', 'claims', '@pod', '$.resourceClaims[].resourceClaimName', DEVICES),
  row(
    'T26',
    'claims-from',
    '@pod',
    '$.resourceClaims[].resourceClaimTemplateName',
    'ResourceClaimTemplate.resource.k8s.io',
  ),
  row('T26', 'claims', 'Pod', 'status.resourceClaimStatuses[].resourceClaimName', DEVICES),
  ...rows(
    'T26',
    'device-class',
    DEVICES,
    DEVICE_FIELDS.map((field) => `spec.${field}`),
    'DeviceClass.resource.k8s.io',
  ),
  ...rows(
    'T26',
    'device-class',
    'ResourceClaimTemplate.resource.k8s.io',
    DEVICE_FIELDS.map((field) => `spec.spec.${field}`),
    'DeviceClass.resource.k8s.io',
  ),
  row('T26', 'on-node', 'ResourceSlice.resource.k8s.io', 'spec.nodeName', 'Node'),
  row(
    'T26',
    'driver',
    'ResourceSlice.resource.k8s.io',
    'spec.driver',
    'DeviceDriver.~',
    toVirtual('DeviceDriver'),
  ),
  row(
    'T26',
    'pool',
    'ResourceSlice.resource.k8s.io',
    'spec.pool.name',
    'DevicePool.~',
    toVirtual('DevicePool'),
  ),
  row('T27', 'csi-driver', '@pod', '$.volumes[].csi.driver', 'CSIDriver.storage.k8s.io'),

  row(
    'T51',
    'runs',
    'Job.batch',
    'metadata.ownerReferences[]',
    'CronJob.batch',
    ownedBy('CronJob', runNote),
    { reverse: true },
  ),
  row(
    'T52',
    'revision',
    'ReplicaSet.apps',
    'metadata.ownerReferences[]',
    'Deployment.apps',
    ownedBy('Deployment', revisionNote),
    { reverse: true },
  ),
  row(
    'T52',
    'revision',
    'ControllerRevision.apps',
    'metadata.ownerReferences[]',
    'StatefulSet.apps',
    ownedBy('StatefulSet', ownRevision),
    { reverse: true },
  ),
  row(
    'T52',
    'revision',
    'ControllerRevision.apps',
    'metadata.ownerReferences[]',
    'DaemonSet.apps',
    ownedBy('DaemonSet', ownRevision),
    { reverse: true },
  ),
  row('T52', 'current-revision', 'StatefulSet.apps', 'status.currentRevision', 'ControllerRevision.apps'),
  row('T52', 'update-revision', 'StatefulSet.apps', 'status.updateRevision', 'ControllerRevision.apps'),
];
