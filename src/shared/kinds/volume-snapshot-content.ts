import { clusterColumns } from './columns';
import { defineKind } from './define';
import { snapshotStatus } from './volume-snapshot';
import type { KubeObject } from '../k8s/meta';
import { str } from '../k8s/read';
import type { Reference } from '../k8s/types';

interface VolumeSnapshotContent extends KubeObject {
  readonly spec?: {
    readonly driver?: string;
    readonly deletionPolicy?: string;
    readonly volumeSnapshotClassName?: string;
    readonly volumeSnapshotRef?: Reference;
  };
  readonly status?: {
    readonly readyToUse?: boolean;
    readonly restoreSize?: number;
    readonly error?: { readonly message?: string };
  };
}

export const volumeSnapshotContent = defineKind<VolumeSnapshotContent>({
  group: 'snapshot.storage.k8s.io',
  resource: 'volumesnapshotcontents',
  kind: 'VolumeSnapshotContent',
  versions: ['v1'],
  namespaced: false,
  title: 'Snapshot contents',
  singular: 'Snapshot content',
  tag: 'vsc',
  aliases: ['vsc'],
  section: 'storage',
  order: 55,
  mask: {
    spec: {
      driver: true,
      deletionPolicy: true,
      volumeSnapshotClassName: true,
      volumeSnapshotRef: { namespace: true, name: true },
    },
    status: { readyToUse: true, restoreSize: true, error: { message: true } },
  },
  columns: clusterColumns<VolumeSnapshotContent>(
    { id: 'status', title: 'Status', type: 'status', width: 130, get: snapshotStatus },
    {
      id: 'snapshot',
      title: 'Snapshot',
      type: 'text',
      width: 200,
      get: (o) =>
        [str(o.spec?.volumeSnapshotRef?.namespace), str(o.spec?.volumeSnapshotRef?.name)]
          .filter((part) => part !== '')
          .join('/'),
    },
    { id: 'size', title: 'Size', type: 'bytes', width: 80, get: (o) => o.status?.restoreSize },
    {
      id: 'driver',
      title: 'Driver',
      type: 'text',
      width: 160,
      ref: 'csidrivers.storage.k8s.io',
      get: (o) => o.spec?.driver,
    },
    {
      id: 'class',
      title: 'Class',
      type: 'text',
      width: 130,
      ref: 'volumesnapshotclasses.snapshot.storage.k8s.io',
      get: (o) => o.spec?.volumeSnapshotClassName,
    },
    { id: 'deletion', title: 'On deletion', type: 'text', width: 100, get: (o) => o.spec?.deletionPolicy },
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
