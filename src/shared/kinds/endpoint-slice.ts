import { namespacedColumns, status, terminating, type Status } from './columns';
import { defineKind } from './define';
import type { KubeObject } from '../k8s/meta';
import { items, num, own, str, strings } from '../k8s/read';
import type { ServicePort } from '../k8s/types';

interface Endpoint {
  readonly addresses?: readonly string[];
  readonly conditions?: {
    readonly ready?: boolean;
    readonly serving?: boolean;
    readonly terminating?: boolean;
  };
}

interface EndpointSlice extends KubeObject {
  readonly addressType?: string;
  readonly endpoints?: readonly Endpoint[];
  readonly ports?: readonly ServicePort[];
}

/** An unset condition counts as ready: that is what the API says of it. */
function isReady(endpoint: Endpoint): boolean {
  return endpoint.conditions?.ready !== false;
}

/** D50. Endpoints of pods that are ending are no fault and not counted. */
function sliceStatus(o: EndpointSlice): Status {
  const deleting = terminating(o);
  if (deleting) return deleting;
  const all = items(o.endpoints);
  const staying = all.filter((endpoint) => endpoint.conditions?.terminating !== true);
  const ready = staying.filter(isReady).length;
  if (all.length === 0) return status('idle', 'No endpoints');
  if (staying.length === 0) return status('warn', 'Only terminating endpoints');
  if (ready === staying.length) return status('ok', `${ready} ready`);
  return status('warn', `${ready} of ${staying.length} ready`);
}

export function addressWords(addresses: readonly string[]): string {
  const shown = addresses.slice(0, 3).join(', ');
  return addresses.length > 3 ? `${shown} and ${addresses.length - 3} more` : shown;
}

/** `http 8080, 53/UDP`: the name where there is one. */
export function endpointPorts(ports: readonly ServicePort[] | undefined): string {
  return items(ports)
    .map((port) => {
      const number = num(port.port);
      const protocol = str(port.protocol);
      const words = `${number ?? 'all'}${protocol === '' || protocol === 'TCP' ? '' : `/${protocol}`}`;
      return str(port.name) === '' ? words : `${str(port.name)} ${words}`;
    })
    .join(', ');
}

export const endpointSlice = defineKind<EndpointSlice>({
  group: 'discovery.k8s.io',
  resource: 'endpointslices',
  kind: 'EndpointSlice',
  versions: ['v1'],
  namespaced: true,
  title: 'Endpoint slices',
  singular: 'Endpoint slice',
  tag: 'eps',
  aliases: ['eps'],
  section: 'network',
  order: 70,
  mask: {
    addressType: true,
    endpoints: { addresses: true, conditions: { ready: true, terminating: true } },
    ports: { name: true, port: true, protocol: true },
  },
  columns: namespacedColumns<EndpointSlice>(
    { id: 'status', title: 'Status', type: 'status', width: 130, get: sliceStatus },
    {
      id: 'service',
      title: 'Service',
      type: 'text',
      width: 150,
      ref: 'services',
      refNamespaced: true,
      get: (o) => own(o.metadata.labels, 'kubernetes.io/service-name'),
    },
    {
      id: 'endpoints',
      title: 'Endpoints',
      type: 'mono',
      width: 260,
      get: (o) => addressWords(items(o.endpoints).flatMap((endpoint) => strings(endpoint.addresses))),
    },
    { id: 'ports', title: 'Ports', type: 'mono', width: 140, get: (o) => endpointPorts(o.ports) },
    { id: 'address-type', title: 'Type', type: 'text', width: 70, get: (o) => o.addressType },
  ),
});
