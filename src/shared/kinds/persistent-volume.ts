import { clusterColumns, status, terminating, type Status } from './columns';
import { defineKind, type FieldMask } from './define';
import { accessModes } from './storage-words';
import type { KubeObject } from '../k8s/meta';
import { keys, own, str } from '../k8s/read';
import type { Reference, StringMap } from '../k8s/types';
import { parseQuantity } from '../util/quantity';

interface PersistentVolume extends KubeObject {
  readonly spec?: {
    readonly capacity?: StringMap;
    readonly accessModes?: readonly string[];
    readonly persistentVolumeReclaimPolicy?: string;
    readonly storageClassName?: string;
    readonly volumeMode?: string;
    readonly claimRef?: Reference;
    readonly csi?: { readonly driver?: string };
  };
  readonly status?: { readonly phase?: string; readonly reason?: string };
}

/** D45. */
function volumeStatus(o: PersistentVolume): Status {
  const deleting = terminating(o);
  if (deleting) return deleting;
  const phase = str(o.status?.phase);
  switch (phase) {
    case 'Bound':
      return status('ok', 'Bound');
    case 'Available':
      return status('idle', 'Available');
    case 'Released':
      return status('warn', 'Released: its claim is gone');
    case 'Failed': {
      const reason = str(o.status?.reason);
      return status('bad', reason === '' ? 'Failed to reclaim' : `Failed: ${reason}`);
    }
    default:
      return status('progress', phase || 'Pending');
  }
}

/** In-tree volume sources people still meet; csi has its driver's name instead. */
const sources = [
  'hostPath',
  'local',
  'nfs',
  'awsElasticBlockStore',
  'gcePersistentDisk',
  'azureDisk',
  'azureFile',
  'cephfs',
  'rbd',
  'iscsi',
  'fc',
  'vsphereVolume',
  'cinder',
  'portworxVolume',
  'glusterfs',
  'flexVolume',
] as const;

/** Only whether the source is there: its fields are not read. */
const sourceMask: FieldMask = Object.fromEntries(sources.map((source) => [source, 'keys' as const]));

function backend(o: PersistentVolume): string {
  const driver = str(o.spec?.csi?.driver);
  if (driver !== '') return driver;
  const present = new Set(keys(o.spec));
  return sources.find((source) => present.has(source)) ?? '';
}

export const persistentVolume = defineKind<PersistentVolume>({
  group: '',
  resource: 'persistentvolumes',
  kind: 'PersistentVolume',
  versions: ['v1'],
  namespaced: false,
  title: 'Volumes',
  singular: 'Volume',
  tag: 'pv',
  aliases: ['pv'],
  section: 'storage',
  order: 20,
  mask: {
    spec: {
      ...sourceMask,
      capacity: { storage: true },
      accessModes: true,
      persistentVolumeReclaimPolicy: true,
      storageClassName: true,
      volumeMode: true,
      claimRef: { namespace: true, name: true },
      csi: { driver: true },
    },
    status: { phase: true, reason: true },
  },
  columns: clusterColumns<PersistentVolume>(
    { id: 'status', title: 'Status', type: 'status', width: 180, get: volumeStatus },
    {
      id: 'capacity',
      title: 'Capacity',
      type: 'bytes',
      width: 80,
      get: (o) => parseQuantity(own(o.spec?.capacity, 'storage')),
    },
    { id: 'access', title: 'Access', type: 'text', width: 80, get: (o) => accessModes(o.spec?.accessModes) },
    {
      id: 'reclaim',
      title: 'Reclaim',
      type: 'text',
      width: 80,
      get: (o) => o.spec?.persistentVolumeReclaimPolicy,
    },
    {
      id: 'claim',
      title: 'Claim',
      type: 'text',
      width: 220,
      get: (o) =>
        [str(o.spec?.claimRef?.namespace), str(o.spec?.claimRef?.name)]
          .filter((part) => part !== '')
          .join('/'),
    },
    {
      id: 'class',
      title: 'Class',
      type: 'text',
      width: 110,
      ref: 'storageclasses.storage.k8s.io',
      get: (o) => o.spec?.storageClassName,
    },
    { id: 'source', title: 'Source', type: 'text', width: 150, optional: true, get: backend },
    { id: 'mode', title: 'Mode', type: 'text', width: 90, optional: true, get: (o) => o.spec?.volumeMode },
  ),
});
