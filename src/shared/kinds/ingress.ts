import { annotation, namespacedColumns, status, terminating, type Status } from './columns';
import { defineKind } from './define';
import { loadBalancerAddresses } from './service';
import type { KubeObject } from '../k8s/meta';
import { items, num, str } from '../k8s/read';
import type { LoadBalancerStatus, Reference } from '../k8s/types';

interface Backend {
  readonly service?: {
    readonly name?: string;
    readonly port?: { readonly name?: string; readonly number?: number };
  };
  readonly resource?: Reference;
}

interface Ingress extends KubeObject {
  readonly spec?: {
    readonly ingressClassName?: string;
    readonly defaultBackend?: Backend;
    readonly tls?: readonly { readonly hosts?: readonly string[]; readonly secretName?: string }[];
    readonly rules?: readonly {
      readonly host?: string;
      readonly http?: { readonly paths?: readonly { readonly path?: string; readonly backend?: Backend }[] };
    }[];
  };
  readonly status?: { readonly loadBalancer?: LoadBalancerStatus };
}

const classAnnotation = 'kubernetes.io/ingress.class';

/** D57. Whether its backends exist is not in the object. */
function ingressStatus(o: Ingress): Status {
  const deleting = terminating(o);
  if (deleting) return deleting;
  if (items(o.spec?.rules).length === 0 && !o.spec?.defaultBackend) return status('warn', 'No rules');
  if (loadBalancerAddresses(o.status?.loadBalancer).length === 0) return status('warn', 'No address yet');
  return status('ok', 'Has address');
}

function hosts(o: Ingress): string {
  const named = items(o.spec?.rules).map((rule) => str(rule.host) || '*');
  return [...new Set(named)].join(', ');
}

function backendWords(backend: Backend | undefined): string {
  const name = str(backend?.service?.name);
  if (name === '') return [str(backend?.resource?.kind), str(backend?.resource?.name)].join(' ').trim();
  const port = num(backend?.service?.port?.number) ?? str(backend?.service?.port?.name);
  return port === '' ? name : `${name}:${port}`;
}

function backends(o: Ingress): string {
  const all = items(o.spec?.rules).flatMap((rule) =>
    items(rule.http?.paths).map((path) => backendWords(path.backend)),
  );
  if (o.spec?.defaultBackend) all.push(backendWords(o.spec.defaultBackend));
  return [...new Set(all.filter((words) => words !== ''))].join(', ');
}

export const ingress = defineKind<Ingress>({
  group: 'networking.k8s.io',
  resource: 'ingresses',
  kind: 'Ingress',
  versions: ['v1'],
  namespaced: true,
  title: 'Ingresses',
  singular: 'Ingress',
  tag: 'ing',
  aliases: ['ing'],
  section: 'network',
  order: 20,
  mask: {
    metadata: { annotations: { [classAnnotation]: true } },
    spec: {
      ingressClassName: true,
      defaultBackend: true,
      tls: { secretName: true },
      rules: { host: true, http: { paths: { path: true, backend: true } } },
    },
    status: { loadBalancer: { ingress: { ip: true, hostname: true } } },
  },
  columns: namespacedColumns<Ingress>(
    { id: 'status', title: 'Status', type: 'status', width: 130, get: ingressStatus },
    {
      id: 'class',
      title: 'Class',
      type: 'text',
      width: 110,
      ref: 'ingressclasses.networking.k8s.io',
      get: (o) => str(o.spec?.ingressClassName) || annotation(o, classAnnotation),
    },
    { id: 'hosts', title: 'Hosts', type: 'text', width: 220, get: hosts },
    {
      id: 'address',
      title: 'Address',
      type: 'mono',
      width: 150,
      get: (o) => loadBalancerAddresses(o.status?.loadBalancer).join(', '),
    },
    {
      id: 'tls',
      title: 'TLS',
      type: 'text',
      width: 120,
      hint: 'Secrets with the certificates',
      get: (o) =>
        items(o.spec?.tls)
          .map((tls) => str(tls.secretName) || 'default')
          .join(', '),
    },
    { id: 'backends', title: 'Backends', type: 'text', width: 200, optional: true, get: backends },
  ),
});
