import { clusterColumns, yes } from './columns';
import { defineKind } from './define';
import type { KubeObject } from '../k8s/meta';
import { items, str, strings } from '../k8s/read';

interface CSIDriver extends KubeObject {
  readonly spec?: {
    readonly attachRequired?: boolean;
    readonly podInfoOnMount?: boolean;
    readonly storageCapacity?: boolean;
    readonly requiresRepublish?: boolean;
    readonly fsGroupPolicy?: string;
    readonly volumeLifecycleModes?: readonly string[];
    readonly tokenRequests?: readonly { readonly audience?: string }[];
  };
}

export const csiDriver = defineKind<CSIDriver>({
  group: 'storage.k8s.io',
  resource: 'csidrivers',
  kind: 'CSIDriver',
  versions: ['v1'],
  namespaced: false,
  title: 'CSI drivers',
  singular: 'CSI driver',
  tag: 'csidriver',
  aliases: [],
  section: 'storage',
  order: 70,
  mask: {
    spec: {
      attachRequired: true,
      podInfoOnMount: true,
      storageCapacity: true,
      requiresRepublish: true,
      fsGroupPolicy: true,
      volumeLifecycleModes: true,
      tokenRequests: { audience: true },
    },
  },
  columns: clusterColumns<CSIDriver>(
    {
      id: 'attach',
      title: 'Attaches',
      type: 'text',
      width: 80,
      hint: 'Volumes are attached to a node before they are mounted; the default',
      get: (o) => (o.spec?.attachRequired === false ? null : 'yes'),
    },
    {
      id: 'modes',
      title: 'Modes',
      type: 'text',
      width: 160,
      get: (o) => strings(o.spec?.volumeLifecycleModes).join(', '),
    },
    {
      id: 'capacity',
      title: 'Tracks capacity',
      type: 'text',
      width: 110,
      get: (o) => yes(o.spec?.storageCapacity),
    },
    {
      id: 'pod-info',
      title: 'Pod info',
      type: 'text',
      width: 80,
      optional: true,
      get: (o) => yes(o.spec?.podInfoOnMount),
    },
    {
      id: 'fs-group',
      title: 'fsGroup',
      type: 'text',
      width: 160,
      optional: true,
      get: (o) => o.spec?.fsGroupPolicy,
    },
    {
      id: 'republish',
      title: 'Republishes',
      type: 'text',
      width: 90,
      optional: true,
      get: (o) => yes(o.spec?.requiresRepublish),
    },
    {
      id: 'tokens',
      title: 'Token audiences',
      type: 'text',
      width: 160,
      optional: true,
      get: (o) =>
        items(o.spec?.tokenRequests)
          .map((request) => str(request.audience) || 'server')
          .join(', '),
    },
  ),
});
