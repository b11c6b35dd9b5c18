import { annotation, clusterColumns, yes } from './columns';
import { defineKind } from './define';
import type { KubeObject } from '../k8s/meta';
import { str } from '../k8s/read';

interface StorageClass extends KubeObject {
  readonly provisioner?: string;
  readonly reclaimPolicy?: string;
  readonly volumeBindingMode?: string;
  readonly allowVolumeExpansion?: boolean;
}

const isDefault = 'storageclass.kubernetes.io/is-default-class';
const wasDefault = 'storageclass.beta.kubernetes.io/is-default-class';

/** Its parameters may name secrets: they are not read. */
export const storageClass = defineKind<StorageClass>({
  group: 'storage.k8s.io',
  resource: 'storageclasses',
  kind: 'StorageClass',
  versions: ['v1'],
  namespaced: false,
  title: 'Storage classes',
  singular: 'Storage class',
  tag: 'sc',
  aliases: ['sc'],
  section: 'storage',
  order: 30,
  mask: {
    metadata: { annotations: { [isDefault]: true, [wasDefault]: true } },
    provisioner: true,
    reclaimPolicy: true,
    volumeBindingMode: true,
    allowVolumeExpansion: true,
  },
  columns: clusterColumns<StorageClass>(
    {
      id: 'default',
      title: 'Default',
      type: 'text',
      width: 70,
      get: (o) => yes(annotation(o, isDefault) === 'true' || annotation(o, wasDefault) === 'true'),
    },
    { id: 'provisioner', title: 'Provisioner', type: 'text', width: 200, get: (o) => o.provisioner },
    {
      id: 'reclaim',
      title: 'Reclaim',
      type: 'text',
      width: 80,
      get: (o) => str(o.reclaimPolicy) || 'Delete',
    },
    {
      id: 'binding',
      title: 'Binding',
      type: 'text',
      width: 170,
      get: (o) => str(o.volumeBindingMode) || 'Immediate',
    },
    {
      id: 'expansion',
      title: 'Expandable',
      type: 'text',
      width: 90,
      get: (o) => yes(o.allowVolumeExpansion),
    },
  ),
});
