import { namespacedColumns, status, terminating, type Status } from './columns';
import { defineKind } from './define';
import { entries, items, num, str, strings } from '../k8s/read';
import { formatLabels } from '../k8s/selector';
import type { LoadBalancerStatus, Service, ServicePort } from '../k8s/types';

/** D52, D53. Whether pods stand behind it is not in the object: endpoints tell. */
export function serviceStatus(o: Service): Status {
  const deleting = terminating(o);
  if (deleting) return deleting;
  const type = str(o.spec?.type);
  if (type === 'ExternalName') return status('ok', 'Alias');
  if (type === 'LoadBalancer' && loadBalancerAddresses(o.status?.loadBalancer).length === 0) {
    return status('warn', 'No address yet');
  }
  if (entries(o.spec?.selector).length === 0) return status('idle', 'No selector');
  if (o.spec?.clusterIP === 'None') return status('ok', 'Headless');
  return status('ok', 'Has address');
}

export function loadBalancerAddresses(balancer: LoadBalancerStatus | undefined): readonly string[] {
  return items(balancer?.ingress)
    .map((point) => str(point.ip) || str(point.hostname))
    .filter((address) => address !== '');
}

/** `80→8080`, `80:30080`, `53/UDP`: TCP goes without saying. */
export function portWords(port: ServicePort): string {
  const number = num(port.port);
  if (number === undefined) return '';
  const node = num(port.nodePort);
  const protocol = str(port.protocol);
  return `${number}${node ? `:${node}` : ''}${protocol === '' || protocol === 'TCP' ? '' : `/${protocol}`}`;
}

function external(o: Service): string {
  if (o.spec?.type === 'ExternalName') return str(o.spec.externalName);
  return [...loadBalancerAddresses(o.status?.loadBalancer), ...strings(o.spec?.externalIPs)].join(', ');
}

export const service = defineKind<Service>({
  group: '',
  resource: 'services',
  kind: 'Service',
  versions: ['v1'],
  namespaced: true,
  title: 'Services',
  singular: 'Service',
  tag: 'svc',
  aliases: ['svc'],
  section: 'network',
  order: 10,
  mask: {
    spec: {
      type: true,
      clusterIP: true,
      clusterIPs: true,
      externalIPs: true,
      externalName: true,
      externalTrafficPolicy: true,
      sessionAffinity: true,
      selector: true,
      ports: { name: true, port: true, targetPort: true, nodePort: true, protocol: true },
    },
    status: { loadBalancer: { ingress: { ip: true, hostname: true } } },
  },
  columns: namespacedColumns<Service>(
    { id: 'status', title: 'Status', type: 'status', width: 150, get: serviceStatus },
    { id: 'type', title: 'Type', type: 'text', width: 110, get: (o) => o.spec?.type },
    {
      id: 'cluster-ip',
      title: 'Cluster IP',
      type: 'mono',
      width: 120,
      get: (o) => strings(o.spec?.clusterIPs).join(', ') || o.spec?.clusterIP,
    },
    {
      id: 'external',
      title: 'External',
      type: 'mono',
      width: 150,
      hint: 'Addresses of the load balancer, external IPs, or the name it stands for',
      get: external,
    },
    {
      id: 'ports',
      title: 'Ports',
      type: 'mono',
      width: 130,
      hint: 'Port, node port after the colon',
      get: (o) =>
        items(o.spec?.ports)
          .map(portWords)
          .filter((words) => words !== '')
          .join(', '),
    },
    {
      id: 'target-ports',
      title: 'Target ports',
      type: 'mono',
      width: 110,
      optional: true,
      get: (o) =>
        items(o.spec?.ports)
          .map((port) => String(num(port.targetPort) ?? str(port.targetPort)))
          .filter((words) => words !== '')
          .join(', '),
    },
    {
      id: 'selector',
      title: 'Selector',
      type: 'text',
      width: 200,
      optional: true,
      get: (o) => formatLabels(o.spec?.selector),
    },
    {
      id: 'traffic-policy',
      title: 'External traffic',
      type: 'text',
      width: 110,
      optional: true,
      get: (o) => o.spec?.externalTrafficPolicy,
    },
    {
      id: 'affinity',
      title: 'Session affinity',
      type: 'text',
      width: 110,
      optional: true,
      get: (o) => o.spec?.sessionAffinity,
    },
  ),
});
