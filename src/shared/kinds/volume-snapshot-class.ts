import { annotation, clusterColumns, yes } from './columns';
import { defineKind } from './define';
import type { KubeObject } from '../k8s/meta';

interface VolumeSnapshotClass extends KubeObject {
  readonly driver?: string;
  readonly deletionPolicy?: string;
}

const isDefault = 'snapshot.storage.kubernetes.io/is-default-class';

export const volumeSnapshotClass = defineKind<VolumeSnapshotClass>({
  group: 'snapshot.storage.k8s.io',
  resource: 'volumesnapshotclasses',
  kind: 'VolumeSnapshotClass',
  versions: ['v1'],
  namespaced: false,
  title: 'Snapshot classes',
  singular: 'Snapshot class',
  tag: 'vsclass',
  aliases: ['vsclass'],
  section: 'storage',
  order: 50,
  mask: { metadata: { annotations: { [isDefault]: true } }, driver: true, deletionPolicy: true },
  columns: clusterColumns<VolumeSnapshotClass>(
    {
      id: 'default',
      title: 'Default',
      type: 'text',
      width: 70,
      get: (o) => yes(annotation(o, isDefault) === 'true'),
    },
    {
      id: 'driver',
      title: 'Driver',
      type: 'text',
      width: 200,
      ref: 'csidrivers.storage.k8s.io',
      get: (o) => o.driver,
    },
    { id: 'deletion', title: 'On deletion', type: 'text', width: 100, get: (o) => o.deletionPolicy },
  ),
});
