import { namespacedColumns, status, terminating, type Status } from './columns';
import { defineKind } from './define';
import { addressWords, endpointPorts } from './endpoint-slice';
import type { KubeObject } from '../k8s/meta';
import { items, str } from '../k8s/read';
import type { ServicePort } from '../k8s/types';

interface EndpointAddress {
  readonly ip?: string;
}

interface Endpoints extends KubeObject {
  readonly subsets?: readonly {
    readonly addresses?: readonly EndpointAddress[];
    readonly notReadyAddresses?: readonly EndpointAddress[];
    readonly ports?: readonly ServicePort[];
  }[];
}

function endpointsStatus(o: Endpoints): Status {
  const deleting = terminating(o);
  if (deleting) return deleting;
  const subsets = items(o.subsets);
  const ready = subsets.reduce((sum, subset) => sum + items(subset.addresses).length, 0);
  const all = subsets.reduce((sum, subset) => sum + items(subset.notReadyAddresses).length, ready);
  if (all === 0) return status('idle', 'No endpoints');
  return ready === all ? status('ok', `${ready} ready`) : status('warn', `${ready} of ${all} ready`);
}

export const endpoints = defineKind<Endpoints>({
  group: '',
  resource: 'endpoints',
  kind: 'Endpoints',
  versions: ['v1'],
  namespaced: true,
  title: 'Endpoints',
  singular: 'Endpoints',
  tag: 'ep',
  aliases: ['ep'],
  section: 'network',
  order: 80,
  mask: {
    subsets: {
      addresses: { ip: true },
      notReadyAddresses: { ip: true },
      ports: { name: true, port: true, protocol: true },
    },
  },
  columns: namespacedColumns<Endpoints>(
    { id: 'status', title: 'Status', type: 'status', width: 130, get: endpointsStatus },
    {
      id: 'endpoints',
      title: 'Endpoints',
      type: 'mono',
      width: 260,
      hint: 'Ready addresses',
      get: (o) =>
        addressWords(
          items(o.subsets)
            .flatMap((subset) => items(subset.addresses).map((address) => str(address.ip)))
            .filter((ip) => ip !== ''),
        ),
    },
    {
      id: 'ports',
      title: 'Ports',
      type: 'mono',
      width: 140,
      get: (o) => [...new Set(items(o.subsets).map((subset) => endpointPorts(subset.ports)))].join(', '),
    },
  ),
});
