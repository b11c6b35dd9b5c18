import { clusterColumns, status, type Status } from './columns';
import { defineKind } from './define';
import type { KubeObject } from '../k8s/meta';
import { items, num, str } from '../k8s/read';
import { plural } from '../util/text';

interface CSINode extends KubeObject {
  readonly spec?: {
    readonly drivers?: readonly {
      readonly name?: string;
      readonly allocatable?: { readonly count?: number };
    }[];
  };
}

/** A node without drivers may be meant so: no volume may need one (D40 compares). */
function csiNodeStatus(o: CSINode): Status {
  const drivers = items(o.spec?.drivers).length;
  return drivers === 0 ? status('idle', 'No drivers') : status('ok', plural(drivers, 'driver'));
}

export const csiNode = defineKind<CSINode>({
  group: 'storage.k8s.io',
  resource: 'csinodes',
  kind: 'CSINode',
  versions: ['v1'],
  namespaced: false,
  title: 'CSI nodes',
  singular: 'CSI node',
  tag: 'csinode',
  aliases: [],
  section: 'storage',
  order: 80,
  mask: { spec: { drivers: { name: true, allocatable: { count: true } } } },
  columns: clusterColumns<CSINode>(
    { id: 'status', title: 'Status', type: 'status', width: 120, get: csiNodeStatus },
    {
      id: 'drivers',
      title: 'Drivers',
      type: 'text',
      width: 320,
      hint: 'With the number of volumes the node can attach',
      get: (o) =>
        items(o.spec?.drivers)
          .map((driver) => {
            const most = num(driver.allocatable?.count);
            return most === undefined ? str(driver.name) : `${str(driver.name)} (up to ${most})`;
          })
          .join(', '),
    },
  ),
});
