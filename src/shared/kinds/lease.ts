import { namespacedColumns } from './columns';
import { defineKind } from './define';
import type { KubeObject } from '../k8s/meta';
import { num } from '../k8s/read';
import { parseTime } from '../util/age';

interface Lease extends KubeObject {
  readonly spec?: {
    readonly holderIdentity?: string;
    readonly leaseDurationSeconds?: number;
    readonly leaseTransitions?: number;
    readonly renewTime?: string;
  };
}

export const lease = defineKind<Lease>({
  group: 'coordination.k8s.io',
  resource: 'leases',
  kind: 'Lease',
  versions: ['v1'],
  namespaced: true,
  title: 'Leases',
  singular: 'Lease',
  tag: 'lease',
  aliases: [],
  section: 'cluster',
  order: 90,
  mask: {
    spec: { holderIdentity: true, leaseDurationSeconds: true, leaseTransitions: true, renewTime: true },
  },
  columns: namespacedColumns<Lease>(
    { id: 'holder', title: 'Holder', type: 'text', width: 280, get: (o) => o.spec?.holderIdentity },
    {
      id: 'renewed',
      title: 'Renewed',
      type: 'time',
      width: 80,
      get: (o) => parseTime(o.spec?.renewTime),
    },
    {
      id: 'duration',
      title: 'Valid for',
      type: 'duration',
      width: 80,
      get: (o) => {
        const seconds = num(o.spec?.leaseDurationSeconds);
        return seconds === undefined ? null : seconds * 1000;
      },
    },
    {
      id: 'transitions',
      title: 'Changes',
      type: 'number',
      width: 80,
      optional: true,
      hint: 'How often the holder changed',
      get: (o) => o.spec?.leaseTransitions,
    },
  ),
});
