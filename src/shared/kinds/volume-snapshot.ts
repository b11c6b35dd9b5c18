import { namespacedColumns, status, terminating, type Status } from './columns';
import { defineKind } from './define';
import type { KubeObject } from '../k8s/meta';
import { str } from '../k8s/read';
import { parseTime } from '../util/age';
import { parseQuantity } from '../util/quantity';

interface SnapshotStatus {
  readonly readyToUse?: boolean;
  readonly error?: { readonly message?: string };
}

interface VolumeSnapshot extends KubeObject {
  readonly spec?: {
    readonly volumeSnapshotClassName?: string;
    readonly source?: {
      readonly persistentVolumeClaimName?: string;
      readonly volumeSnapshotContentName?: string;
    };
  };
  readonly status?: SnapshotStatus & {
    readonly boundVolumeSnapshotContentName?: string;
    readonly restoreSize?: string;
    readonly creationTime?: string;
  };
}

/** Also of VolumeSnapshotContents. */
export function snapshotStatus(o: KubeObject & { readonly status?: SnapshotStatus }): Status {
  const deleting = terminating(o);
  if (deleting) return deleting;
  if (o.status?.readyToUse === true) return status('ok', 'Ready');
  return o.status?.error ? status('bad', 'Snapshot fails') : status('progress', 'Being taken');
}

export const volumeSnapshot = defineKind<VolumeSnapshot>({
  group: 'snapshot.storage.k8s.io',
  resource: 'volumesnapshots',
  kind: 'VolumeSnapshot',
  versions: ['v1'],
  namespaced: true,
  title: 'Snapshots',
  singular: 'Snapshot',
  tag: 'vs',
  aliases: ['vs'],
  section: 'storage',
  order: 40,
  mask: {
    spec: {
      volumeSnapshotClassName: true,
      source: { persistentVolumeClaimName: true, volumeSnapshotContentName: true },
    },
    status: {
      readyToUse: true,
      error: { message: true },
      boundVolumeSnapshotContentName: true,
      restoreSize: true,
      creationTime: true,
    },
  },
  columns: namespacedColumns<VolumeSnapshot>(
    { id: 'status', title: 'Status', type: 'status', width: 130, get: snapshotStatus },
    {
      id: 'claim',
      title: 'Claim',
      type: 'text',
      width: 160,
      ref: 'persistentvolumeclaims',
      refNamespaced: true,
      get: (o) => o.spec?.source?.persistentVolumeClaimName,
    },
    {
      id: 'size',
      title: 'Size',
      type: 'bytes',
      width: 80,
      hint: 'What a volume restored from it needs at least',
      get: (o) => parseQuantity(o.status?.restoreSize),
    },
    {
      id: 'class',
      title: 'Class',
      type: 'text',
      width: 130,
      ref: 'volumesnapshotclasses.snapshot.storage.k8s.io',
      get: (o) => o.spec?.volumeSnapshotClassName,
    },
    {
      id: 'content',
      title: 'Content',
      type: 'text',
      width: 200,
      optional: true,
      ref: 'volumesnapshotcontents.snapshot.storage.k8s.io',
      get: (o) => str(o.status?.boundVolumeSnapshotContentName) || o.spec?.source?.volumeSnapshotContentName,
    },
    { id: 'taken', title: 'Taken', type: 'time', width: 70, get: (o) => parseTime(o.status?.creationTime) },
    {
      id: 'error',
      title: 'Error',
      type: 'text',
      width: 260,
      optional: true,
      get: (o) => o.status?.error?.message,
    },
  ),
});
