/** Claims, volumes, classes, CSI, snapshots: T20, T21, T28-T35. */
import { own, str, strings } from '../../../k8s/read';
import { annotation, byName, byRef, dig, get, isFields, list, refTarget, row, rows } from './match';
import type { Matcher, Relation, Self, Sink, Target } from './types';

const PVC = 'PersistentVolumeClaim';
const PV = 'PersistentVolume';
const CLASS = 'StorageClass.storage.k8s.io';
const SNAP = 'snapshot.storage.k8s.io';
const BETA = 'volume.beta.kubernetes.io/storage-class';

/** T20: `<template>-<set>-<ordinal>`, the whole name. */
const templateClaims: Matcher = (value, sink) => {
  const name = str(dig(value, 'metadata', 'name'));
  if (name === '') return;
  sink.select({
    group: '',
    kind: PVC,
    namespaces: [sink.self.namespace],
    stem: `${name}-${sink.self.name}`,
    options: { field: `${sink.path()}.metadata.name`, value: name },
  });
};

/** T28: bound when the volume does not say it belongs to another claim. */
const boundVolume: Matcher = (value, sink) => {
  if (typeof value !== 'string' || value === '') return;
  const { self } = sink;
  const target: Target = { group: '', kind: PV, namespace: '', name: value };
  const claim = dig(sink.peek(target), 'spec', 'claimRef');
  const uid = str(get(claim, 'uid'));
  const other =
    isFields(claim) &&
    (get(claim, 'name') !== self.name ||
      get(claim, 'namespace') !== self.namespace ||
      (uid !== '' && uid !== self.uid));
  sink.link(target, other ? { invalid: 'The volume belongs to another claim' } : {});
};

/** T29: the legacy annotation goes first, null means the default class, '' none. */
const claimClass: Matcher = (value, sink, relation) => {
  const path = sink.path();
  const link = (name: string, field: string, note?: string): void =>
    sink.link({ ...relation.target, namespace: '', name }, { field, value: name, ...(note && { note }) });
  const legacy = annotation(sink.self.object, BETA);
  if (legacy) link(legacy, `metadata.annotations["${BETA}"]`);
  else {
    const named = get(value, 'storageClassName');
    if (typeof named === 'string') {
      if (named) link(named, `${path}.storageClassName`);
    } else if (named === undefined || named === null) {
      const fallback = sink.self.kind === PVC ? defaultClass(sink) : undefined;
      if (fallback) link(fallback.name, `${path}.storageClassName`, 'by default');
    }
  }
};

/** Of several default classes the server takes the youngest, then the first by name. */
function defaultClass(sink: Sink): Self | undefined {
  const created = (one: Self): string => str(dig(one.object, 'metadata', 'creationTimestamp'));
  return sink
    .all('storage.k8s.io', 'StorageClass')
    .filter((one) =>
      [
        'storageclass.kubernetes.io/is-default-class',
        'storageclass.beta.kubernetes.io/is-default-class',
      ].some((key) => annotation(one.object, key) === 'true'),
    )
    .reduce<Self | undefined>((best, one) => (!best || created(one) > created(best) ? one : best), undefined);
}

/** T30: in-tree provisioners are no CSI drivers; whether another one is a CSI driver is known when it is there. */
const provisioner: Matcher = (value, sink, relation) => {
  if (typeof value !== 'string' || value === '' || value.startsWith('kubernetes.io/')) return;
  sink.link({ ...relation.target, namespace: '', name: value }, { optional: true });
};

/** Secrets of a driver: their namespace stands beside the name; placeholders are filled in per volume. */
const parameterSecrets: Matcher = (value, sink) => {
  if (!isFields(value)) return;
  for (const key of Object.keys(value)) {
    if (!/^csi\.storage\.k8s\.io\/.*secret-name$/.test(key)) continue;
    const name = own(value, key);
    const namespace = own(value, key.replace(/name$/, 'namespace'));
    if (name === '' || `${name}${namespace}`.includes('${')) continue;
    sink.link(
      { group: '', kind: 'Secret', namespace, name },
      { field: `${sink.path()}["${key}"]`, value: name },
    );
  }
};

/** T35: nodes the affinity lets the volume be used on; fields within a term and, terms or. */
const nodeAffinity: Matcher = (value, sink) => {
  const terms = list(value).filter(isFields);
  if (terms.length === 0) return;
  const hosts = terms
    .flatMap((term) => list(term.matchExpressions))
    .filter((one) => get(one, 'key') === HOSTNAME);
  sink.select({
    group: '',
    kind: 'Node',
    namespaces: 'any',
    test: (node) => terms.some((term) => inTerm(term, node)),
    options: {
      value: hosts.flatMap((one) => strings(get(one, 'values') as string[])).join(','),
      weak: hosts.length === 0,
    },
  });
  // A local volume whose node is gone: nothing carries the host name any more.
  for (const host of hosts) {
    if (get(host, 'operator') !== 'In') continue;
    for (const name of strings(get(host, 'values') as string[])) {
      if (!sink.all('', 'Node').some((node) => own(node.labels, HOSTNAME) === name)) {
        sink.link({ group: '', kind: 'Node', namespace: '', name }, { value: name });
      }
    }
  }
};

const HOSTNAME = 'kubernetes.io/hostname';

function inTerm(term: unknown, node: Self): boolean {
  const expressions = list(get(term, 'matchExpressions'));
  const fields = list(get(term, 'matchFields'));
  if (expressions.length + fields.length === 0) return false;
  return (
    expressions.every((one) =>
      passes(
        one,
        Object.keys(node.labels).includes(str(get(one, 'key'))),
        own(node.labels, str(get(one, 'key'))),
      ),
    ) && fields.every((one) => get(one, 'key') === 'metadata.name' && passes(one, true, node.name))
  );
}

function passes(requirement: unknown, there: boolean, value: string): boolean {
  const values = strings(get(requirement, 'values') as string[]);
  switch (get(requirement, 'operator')) {
    case 'In':
      return there && values.includes(value);
    case 'NotIn':
      return !there || !values.includes(value);
    case 'Exists':
      return there;
    case 'DoesNotExist':
      return !there;
    case 'Gt':
      return there && Number(value) > Number(values[0]);
    case 'Lt':
      return there && Number(value) < Number(values[0]);
    default:
      return false;
  }
}

/** T31: another namespace only with a grant. */
const dataSource = byRef({ grant: true });
const localSource = byRef({ namespace: 'own' });

const csiNode: Matcher = (value, sink) => {
  if (typeof value === 'string') sink.link({ group: '', kind: 'Node', namespace: '', name: value });
};

const contentSnapshot: Matcher = (value, sink, relation) => {
  const target = refTarget(value, sink, relation);
  if (target) sink.link(target, { value: target.name, strictUid: true });
};

const CSI_SECRETS = ['controllerPublish', 'nodeStage', 'nodePublish', 'controllerExpand', 'nodeExpand'];

export const STORAGE_RELATIONS: readonly Relation[] = [
  row('T20', 'claims', 'StatefulSet.apps', 'spec.volumeClaimTemplates[]', PVC, templateClaims),
  row('T21', 'governed-by', 'StatefulSet.apps', 'spec.serviceName', 'Service'),
  row('T28', 'bound-to', PVC, 'spec.volumeName', PV, boundVolume),
  row('T28', 'bound-to', PV, 'spec.claimRef', PVC, byRef({ strictUid: true })),
  row('T29', 'uses-class', `${PVC} ${PV}`, 'spec', CLASS, claimClass),
  row(
    'T29',
    'attributes-class',
    `${PVC} ${PV}`,
    'spec.volumeAttributesClassName',
    'VolumeAttributesClass.storage.k8s.io',
  ),
  row('T30', 'provisioned-by', CLASS, 'provisioner', 'CSIDriver.storage.k8s.io', provisioner),
  row('T30', 'driver-secret', CLASS, 'parameters', 'Secret', parameterSecrets),
  row('T30', 'csi-driver', PV, 'spec.csi.driver', 'CSIDriver.storage.k8s.io'),
  ...rows(
    'T30',
    'driver-secret',
    PV,
    CSI_SECRETS.map((name) => `spec.csi.${name}SecretRef`),
    'Secret',
    byRef(),
  ),
  row('T31', 'data-source', PVC, 'spec.dataSource', PVC, localSource),
  row('T31', 'data-source', PVC, 'spec.dataSourceRef', PVC, dataSource),
  row('T32', 'snapshot-of', `VolumeSnapshot.${SNAP}`, 'spec.source.persistentVolumeClaimName', PVC),
  row(
    'T32',
    'content',
    `VolumeSnapshot.${SNAP}`,
    'spec.source.volumeSnapshotContentName',
    `VolumeSnapshotContent.${SNAP}`,
  ),
  row(
    'T32',
    'content',
    `VolumeSnapshot.${SNAP}`,
    'status.boundVolumeSnapshotContentName',
    `VolumeSnapshotContent.${SNAP}`,
  ),
  row(
    'T32',
    'uses-class',
    `VolumeSnapshot.${SNAP} VolumeSnapshotContent.${SNAP}`,
    'spec.volumeSnapshotClassName',
    `VolumeSnapshotClass.${SNAP}`,
  ),
  row(
    'T32',
    'bound-to',
    `VolumeSnapshotContent.${SNAP}`,
    'spec.volumeSnapshotRef',
    `VolumeSnapshot.${SNAP}`,
    contentSnapshot,
  ),
  row('T33', 'attaches', 'VolumeAttachment.storage.k8s.io', 'spec.source.persistentVolumeName', PV),
  row('T33', 'attached-to', 'VolumeAttachment.storage.k8s.io', 'spec.nodeName', 'Node'),
  row('T33', 'csi-driver', 'VolumeAttachment.storage.k8s.io', 'spec.attacher', 'CSIDriver.storage.k8s.io'),
  row('T34', 'describes', 'CSINode.storage.k8s.io', 'metadata.name', 'Node', csiNode),
  row('T34', 'csi-driver', 'CSINode.storage.k8s.io', 'spec.drivers[].name', 'CSIDriver.storage.k8s.io'),
  row('T34', 'capacity-of', 'CSIStorageCapacity.storage.k8s.io', 'storageClassName', CLASS, byName),
  row('T35', 'usable-on', PV, 'spec.nodeAffinity.required.nodeSelectorTerms', 'Node', nodeAffinity),
];
