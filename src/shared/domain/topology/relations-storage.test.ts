/** T20, T21, T28-T35: each with what it finds and what it must not. */
import { expect, it } from 'vitest';
import { edges, labels, notes, o, ownedBy } from './test-help';

const PVC = 'PersistentVolumeClaim';
const PV = 'PersistentVolume';
const SC = 'StorageClass.storage.k8s.io';
const SNAP = 'snapshot.storage.k8s.io';

it('T20 matches the whole name of claims of a StatefulSet', () => {
  const set = o('StatefulSet.apps', 'a/web', {
    spec: { volumeClaimTemplates: [{ metadata: { name: 'data' } }] },
  });
  const claims = [
    'a/data-web-0',
    'a/data-web-12',
    'a/data-web-0-old',
    'a/xdata-web-0',
    'a/data-web-x',
    'a/data-web-01',
    'a/data-web',
    'b/data-web-0',
  ];
  expect(edges('T20', set, ...claims.map((path) => o(PVC, path)))).toEqual([
    'StatefulSet/a/web claims PersistentVolumeClaim/a/data-web-0',
    'StatefulSet/a/web claims PersistentVolumeClaim/a/data-web-12',
  ]);
});

it('T21 is governed by the Service it names', () => {
  expect(
    edges(
      'T21',
      o('StatefulSet.apps', 'a/web', { spec: { serviceName: 'peers' } }),
      o('Service', 'a/peers'),
      o('Service', 'a/web'),
    ),
  ).toEqual(['StatefulSet/a/web governed-by Service/a/peers']);
});

it('T28 binds claim and volume both ways; the uid of the claim must match', () => {
  const claim = (uid: string): unknown =>
    o(PVC, 'a/c', { spec: { volumeName: 'v', storageClassName: '' } }, { uid });
  const volume = o(PV, 'v', { spec: { claimRef: { namespace: 'a', name: 'c', uid: 'u1' } } });
  expect(edges('T28', claim('u1'), volume)).toEqual([
    'PersistentVolume//v bound-to PersistentVolumeClaim/a/c',
    'PersistentVolumeClaim/a/c bound-to PersistentVolume//v',
  ]);
  expect(edges('T28', claim('u2'), volume)).toEqual([
    'PersistentVolume//v bound-to PersistentVolumeClaim/a/c (missing)',
    'PersistentVolumeClaim/a/c bound-to PersistentVolume//v (invalid)',
  ]);
});

it('T29 knows default, empty, legacy and attribute classes', () => {
  const std = o(SC, 'std', {}, notes({ 'storageclass.kubernetes.io/is-default-class': 'true' }));
  const slow = o(SC, 'slow', {}, notes({ 'storageclass.kubernetes.io/is-default-class': 'false' }));
  const claim = (spec: unknown, meta = {}): unknown => o(PVC, 'a/c', { spec }, meta);
  expect(
    edges('T29', claim({ storageClassName: 'slow', volumeAttributesClassName: 'gold' }), std, slow),
  ).toEqual([
    'PersistentVolumeClaim/a/c attributes-class VolumeAttributesClass//gold (missing)',
    'PersistentVolumeClaim/a/c uses-class StorageClass//slow',
  ]);
  expect(edges('T29', claim({}), std, slow)).toEqual([
    'PersistentVolumeClaim/a/c uses-class StorageClass//std',
  ]);
  expect(edges('T29', claim({ storageClassName: null }), std, slow)).toEqual([
    'PersistentVolumeClaim/a/c uses-class StorageClass//std',
  ]);
  expect(edges('T29', claim({ storageClassName: '' }), std, slow)).toEqual([]);
  expect(edges('T29', claim({}), slow)).toEqual([]);
  expect(
    edges('T29', claim({}, notes({ 'volume.beta.kubernetes.io/storage-class': 'slow' })), std, slow),
  ).toEqual(['PersistentVolumeClaim/a/c uses-class StorageClass//slow']);
  expect(edges('T29', o(PV, 'v', { spec: {} }), std)).toEqual([]);
  expect(edges('T29', o(PV, 'v', { spec: { storageClassName: 'slow' } }), slow)).toEqual([
    'PersistentVolume//v uses-class StorageClass//slow',
  ]);
});

it('T30 links drivers and their secrets; in-tree provisioners are none', () => {
  const c = o(SC, 's', {
    provisioner: 'd.csi',
    parameters: {
      'csi.storage.k8s.io/node-stage-secret-name': 'key',
      'csi.storage.k8s.io/node-stage-secret-namespace': 'n',
      'csi.storage.k8s.io/provisioner-secret-name': '${pvc.name}',
      'csi.storage.k8s.io/provisioner-secret-namespace': 'n',
    },
  });
  const v = o(PV, 'v', {
    spec: { csi: { driver: 'd.csi', nodeStageSecretRef: { name: 'k', namespace: 'n' } } },
  });
  expect(edges('T30', c, v, o('CSIDriver.storage.k8s.io', 'd.csi'), o('Secret', 'n/k'))).toEqual([
    'PersistentVolume//v csi-driver CSIDriver//d.csi',
    'PersistentVolume//v driver-secret Secret/n/k',
    'StorageClass//s driver-secret Secret/n/key (missing)',
    'StorageClass//s provisioned-by CSIDriver//d.csi (optional)',
  ]);
  expect(edges('T30', o(SC, 's', { provisioner: 'kubernetes.io/no-provisioner' }))).toEqual([]);
});

it('T31 takes data of other namespaces only with a grant', () => {
  const claim = o(PVC, 'a/c', {
    spec: {
      storageClassName: '',
      dataSource: { kind: PVC, name: 'old' },
      dataSourceRef: { apiGroup: SNAP, kind: 'VolumeSnapshot', name: 's', namespace: 'b' },
    },
  });
  const grant = o('ReferenceGrant.gateway.networking.k8s.io', 'b/g', {
    spec: { from: [{ group: '', kind: PVC, namespace: 'a' }], to: [{ group: SNAP, kind: 'VolumeSnapshot' }] },
  });
  const own = 'PersistentVolumeClaim/a/c data-source PersistentVolumeClaim/a/old';
  const all = [claim, o(PVC, 'a/old'), o(PVC, 'b/old'), o(`VolumeSnapshot.${SNAP}`, 'b/s')];
  expect(edges('T31', ...all)).toEqual([
    own,
    'PersistentVolumeClaim/a/c data-source VolumeSnapshot/b/s (invalid)',
  ]);
  expect(edges('T31', ...all, grant)).toEqual([
    own,
    'PersistentVolumeClaim/a/c data-source VolumeSnapshot/b/s',
  ]);
});

it('T32 follows snapshots to claim, content and class', () => {
  const s = o(
    `VolumeSnapshot.${SNAP}`,
    'a/s',
    {
      spec: { source: { persistentVolumeClaimName: 'c' }, volumeSnapshotClassName: 'k' },
      status: { boundVolumeSnapshotContentName: 'x' },
    },
    { uid: 's1' },
  );
  const content = (uid: string): unknown =>
    o(`VolumeSnapshotContent.${SNAP}`, 'x', {
      spec: { volumeSnapshotRef: { namespace: 'a', name: 's', uid } },
    });
  const rest = [
    'VolumeSnapshot/a/s content VolumeSnapshotContent//x',
    'VolumeSnapshot/a/s snapshot-of PersistentVolumeClaim/a/c (missing)',
    'VolumeSnapshot/a/s uses-class VolumeSnapshotClass//k (missing)',
  ];
  expect(edges('T32', s, content('s1'), o(PVC, 'b/c'))).toEqual([
    ...rest,
    'VolumeSnapshotContent//x bound-to VolumeSnapshot/a/s',
  ]);
  expect(edges('T32', s, content('s0'))).toEqual([
    ...rest,
    'VolumeSnapshotContent//x bound-to VolumeSnapshot/a/s (missing)',
  ]);
});

it('T33 attaches volumes to nodes', () => {
  const a = o('VolumeAttachment.storage.k8s.io', 'x', {
    spec: { attacher: 'd', nodeName: 'n', source: { persistentVolumeName: 'v' } },
  });
  expect(edges('T33', a, o(PV, 'v'), o('Node', 'n'), o(PV, 'x'))).toEqual([
    'VolumeAttachment//x attached-to Node//n',
    'VolumeAttachment//x attaches PersistentVolume//v',
    'VolumeAttachment//x csi-driver CSIDriver//d (missing)',
  ]);
});

it('T34 describes the node of its name', () => {
  const n = o('CSINode.storage.k8s.io', 'n', { spec: { drivers: [{ name: 'd', nodeID: 'other' }] } });
  const c = o('CSIStorageCapacity.storage.k8s.io', 'a/x', { storageClassName: 's' });
  expect(edges('T34', n, c, o('Node', 'n'), o('Node', 'other'), o(SC, 's'))).toEqual([
    'CSINode//n csi-driver CSIDriver//d (missing)',
    'CSINode//n describes Node//n',
    'CSIStorageCapacity/a/x capacity-of StorageClass//s',
  ]);
});

it('T35 finds the nodes a volume is usable on', () => {
  const affinity = (...matchExpressions: unknown[]): unknown =>
    o(PV, 'v', {
      spec: {
        local: { path: '/x' },
        nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions }] } },
      },
    });
  const host = (name: string): unknown =>
    o('Node', name, {}, labels({ 'kubernetes.io/hostname': name, zone: 'z' }));
  const named = { key: 'kubernetes.io/hostname', operator: 'In', values: ['n1'] };
  expect(edges('T35', affinity(named), host('n1'), host('n2'))).toEqual([
    'PersistentVolume//v usable-on Node//n1',
  ]);
  expect(
    edges('T35', affinity(named, { key: 'zone', operator: 'In', values: ['other'] }), host('n1')),
  ).toEqual([]);
  expect(edges('T35', affinity({ key: 'zone', operator: 'Exists' }), host('n1'), host('n2'))).toHaveLength(2);
  expect(edges('T35', affinity(named), host('n2'))).toEqual([
    'PersistentVolume//v usable-on Node//n1 (missing)',
  ]);
  expect(
    edges(
      'T35',
      o(PV, 'v', { spec: { nodeAffinity: { required: { nodeSelectorTerms: [{}] } } } }),
      host('n1'),
    ),
  ).toEqual([]);
});

it('T1 and T20 tell claims of a StatefulSet apart from claims it owns', () => {
  const claim = o(PVC, 'a/other', {}, ownedBy('StatefulSet.apps', 'web', 's1'));
  expect(
    edges(
      'T20',
      o(
        'StatefulSet.apps',
        'a/web',
        { spec: { volumeClaimTemplates: [{ metadata: { name: 'data' } }] } },
        { uid: 's1' },
      ),
      claim,
    ),
  ).toEqual([]);
});
