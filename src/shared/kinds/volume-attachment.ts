import { clusterColumns, status, type Status } from './columns';
import { defineKind } from './define';
import type { KubeObject } from '../k8s/meta';
import { str } from '../k8s/read';
import { parseTime } from '../util/age';

interface VolumeAttachment extends KubeObject {
  readonly spec?: {
    readonly attacher?: string;
    readonly nodeName?: string;
    readonly source?: { readonly persistentVolumeName?: string };
  };
  readonly status?: {
    readonly attached?: boolean;
    readonly attachError?: { readonly message?: string };
    readonly detachError?: { readonly message?: string };
  };
}

/** D39. */
function attachmentStatus(o: VolumeAttachment): Status {
  if (o.metadata.deletionTimestamp) {
    const at = parseTime(o.metadata.deletionTimestamp);
    return o.status?.detachError ? status('bad', 'Detach fails', at) : status('progress', 'Detaching', at);
  }
  if (o.status?.attached === true) return status('ok', 'Attached');
  return o.status?.attachError ? status('bad', 'Attach fails') : status('progress', 'Attaching');
}

export const volumeAttachment = defineKind<VolumeAttachment>({
  group: 'storage.k8s.io',
  resource: 'volumeattachments',
  kind: 'VolumeAttachment',
  versions: ['v1'],
  namespaced: false,
  title: 'Volume attachments',
  singular: 'Volume attachment',
  tag: 'va',
  aliases: ['va'],
  section: 'storage',
  order: 60,
  mask: {
    spec: { attacher: true, nodeName: true, source: { persistentVolumeName: true } },
    status: { attached: true, attachError: { message: true }, detachError: { message: true } },
  },
  columns: clusterColumns<VolumeAttachment>(
    { id: 'status', title: 'Status', type: 'status', width: 120, get: attachmentStatus },
    {
      id: 'volume',
      title: 'Volume',
      type: 'text',
      width: 180,
      ref: 'persistentvolumes',
      get: (o) => o.spec?.source?.persistentVolumeName,
    },
    { id: 'node', title: 'Node', type: 'text', width: 150, ref: 'nodes', get: (o) => o.spec?.nodeName },
    {
      id: 'attacher',
      title: 'Driver',
      type: 'text',
      width: 160,
      ref: 'csidrivers.storage.k8s.io',
      get: (o) => o.spec?.attacher,
    },
    {
      id: 'error',
      title: 'Error',
      type: 'text',
      width: 260,
      get: (o) =>
        o.metadata.deletionTimestamp ? o.status?.detachError?.message : str(o.status?.attachError?.message),
    },
  ),
});
