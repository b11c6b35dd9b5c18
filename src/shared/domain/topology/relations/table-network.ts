/** Services, endpoints, Ingress and Gateway API: T2-T16. */
import { str } from '../../../k8s/read';
import {
  annotation,
  byName,
  byRef,
  dig,
  get,
  list,
  optionsOf,
  refTarget,
  row,
  rows,
  selectLabels,
  toVirtual,
  virtual,
} from './match';
import type { Fields, LinkOptions, Matcher, Relation, Sink } from './types';

const GW = 'gateway.networking.k8s.io';
const ROUTES = ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute']
  .map((kind) => `${kind}.${GW}`)
  .join(' ');
const LISTENER_SETS = `ListenerSet.${GW} XListenerSet.gateway.networking.x-k8s.io`;
const INGRESS = 'Ingress.networking.k8s.io';

/** Outside addresses; a host name inside the cluster is a Service too. */
export function linkHost(sink: Sink, host: string, options: LinkOptions = {}): void {
  const inside = /^([a-z0-9-]+)\.([a-z0-9-]+)\.svc(?:\.[a-z0-9.-]+)?\.?$/.exec(host);
  if (inside) {
    sink.link({ group: '', kind: 'Service', namespace: inside[2] ?? '', name: inside[1] ?? '' }, options);
  } else sink.link(virtual('Outside', host), options);
}

const selectsPods: Matcher = (value, sink, relation) => {
  // The server ignores the selector of an ExternalName Service.
  if (get(sink.parent, 'type') === 'ExternalName') return;
  const notReady = get(sink.parent, 'publishNotReadyAddresses') === true;
  selectLabels(value, sink, relation, notReady ? { note: 'also pods that are not ready' } : undefined);
};

const externalName: Matcher = (value, sink) => {
  if (typeof value === 'string' && get(sink.parent, 'type') === 'ExternalName')
    linkHost(sink, value.replace(/\.$/, ''));
};

const addresses: Matcher = (value, sink) => {
  for (const key of ['ip', 'hostname']) {
    const address = str(get(value, key));
    if (address) sink.link(virtual('Outside', address), { field: `${sink.path()}.${key}`, value: address });
  }
};

/** Whether traffic goes there now; kept as a note. */
function readiness(endpoint: Fields): string | undefined {
  const conditions = get(endpoint, 'conditions');
  if (get(conditions, 'terminating') === true) return 'terminating';
  return get(conditions, 'ready') === false ? 'not ready' : undefined;
}

const endpointTarget: Matcher = (value, sink, relation) => {
  const target = refTarget(value, sink, relation, { guess: true });
  if (target) sink.link(target, { note: readiness(sink.parent), value: `${target.kind}/${target.name}` });
};

/** T5: nothing but the name says so; endpoints of no Service are lists that somebody else keeps. */
const sameNameService: Matcher = (value, sink) => {
  if (typeof value !== 'string') return;
  const target = { group: '', kind: 'Service', namespace: sink.self.namespace, name: value };
  if (sink.has(target)) sink.link(target);
};

const backendService: Matcher = (value, sink) => {
  const name = str(get(value, 'name'));
  if (name)
    sink.link(
      { group: '', kind: 'Service', namespace: sink.self.namespace, name },
      { ...optionsOf(value), field: `${sink.path()}.name`, value: name },
    );
};

/** T9: field, else annotation, else the class marked as default. */
const ingressClass: Matcher = (value, sink, relation) => {
  const named = str(get(value, 'ingressClassName'));
  const legacy = annotation(sink.self.object, 'kubernetes.io/ingress.class');
  const link = (name: string, field: string, note?: string): void =>
    sink.link({ ...relation.target, namespace: '', name }, { field, value: name, ...(note && { note }) });
  if (named) link(named, `${sink.path()}.ingressClassName`);
  else if (legacy) link(legacy, 'metadata.annotations["kubernetes.io/ingress.class"]');
  else {
    for (const one of sink.all(relation.target.group, relation.target.kind)) {
      if (annotation(one.object, 'ingressclass.kubernetes.io/is-default-class') === 'true') {
        link(one.name, `${sink.path()}.ingressClassName`, 'by default');
      }
    }
  }
};

/** T10, T11: `scope`, or a namespace, says where the parameters are. */
const parameters: Matcher = (value, sink, relation) => {
  const target = refTarget(value, sink, relation);
  if (!target || str(get(value, 'kind')) === '') return;
  const namespace = get(value, 'scope') === 'Cluster' ? '' : str(get(value, 'namespace'));
  sink.link({ ...target, namespace }, { value: `${target.kind}/${target.name}` });
};

/** T13: what the route asks for; what came of it stands in status.parents. */
const parentRef: Matcher = (value, sink, relation) => {
  const target = refTarget(value, sink, relation);
  if (!target) return;
  const section = str(get(value, 'sectionName'));
  const told = list(dig(sink.self.object, 'status', 'parents')).find((parent) => {
    const ref = get(parent, 'parentRef');
    const there = refTarget(ref, sink, relation);
    return (
      there?.kind === target.kind &&
      there.name === target.name &&
      there.namespace === target.namespace &&
      str(get(ref, 'sectionName')) === section
    );
  });
  const accepted = list(get(told, 'conditions')).find((one) => get(one, 'type') === 'Accepted');
  const refused = get(accepted, 'status') === 'False' ? `Not accepted: ${str(get(accepted, 'reason'))}` : '';
  sink.link(target, {
    ...optionsOf(value),
    value: section ? `${target.name}/${section}` : target.name,
    ...(refused && { note: refused }),
  });
};

const grantTo: Matcher = (value, sink) => {
  const name = str(get(value, 'name'));
  const kind = str(get(value, 'kind'));
  if (name && kind)
    sink.link(
      { group: str(get(value, 'group')), kind, namespace: sink.self.namespace, name },
      { value: `${kind}/${name}` },
    );
};

const grantFrom: Matcher = (value, sink) => {
  const name = str(get(value, 'namespace'));
  if (name)
    sink.link(
      { group: '', kind: 'Namespace', namespace: '', name },
      { field: `${sink.path()}.namespace`, value: `${str(get(value, 'kind'))} in ${name}` },
    );
};

const REFS = ['spec.listeners[].tls.certificateRefs[]'];
const CA_REFS = [
  'spec.listeners[].tls.frontendValidation.caCertificateRefs[]',
  'spec.tls.frontend.default.validation.caCertificateRefs[]',
  'spec.tls.frontend.perPort[].tls.validation.caCertificateRefs[]',
];
const FILTERS = ['spec.rules[].filters[]', 'spec.rules[].backendRefs[].filters[]'];

export const NETWORK_RELATIONS: readonly Relation[] = [
  row('T2', 'selects', 'Service', 'spec.selector', 'Pod', selectsPods),
  row(
    'T3',
    'endpoints-of',
    'EndpointSlice.discovery.k8s.io',
    'metadata.labels["kubernetes.io/service-name"]',
    'Service',
  ),
  row('T4', 'endpoint', 'EndpointSlice.discovery.k8s.io', 'endpoints[].targetRef', 'Pod', endpointTarget),
  row('T4', 'endpoint-node', 'EndpointSlice.discovery.k8s.io', 'endpoints[].nodeName', 'Node', byName, {
    weak: true,
  }),
  row('T5', 'endpoints-of', 'Endpoints', 'metadata.name', 'Service', sameNameService),
  row('T5', 'endpoint', 'Endpoints', 'subsets[].addresses[].targetRef', 'Pod', byRef({ guess: true })),
  row(
    'T5',
    'endpoint',
    'Endpoints',
    'subsets[].notReadyAddresses[].targetRef',
    'Pod',
    (value, sink, relation) => {
      const target = refTarget(value, sink, relation, { guess: true });
      if (target) sink.link(target, { note: 'not ready', value: `${target.kind}/${target.name}` });
    },
  ),
  row('T6', 'outside', 'Service', 'spec.externalName', 'Outside.~', externalName),
  row('T6', 'outside', 'Service', 'spec.externalIPs[]', 'Outside.~', toVirtual('Outside')),
  row('T6', 'outside', 'Service', 'status.loadBalancer.ingress[]', 'Outside.~', addresses),
  row(
    'T6',
    'load-balancer-class',
    'Service',
    'spec.loadBalancerClass',
    'LoadBalancerClass.~',
    toVirtual('LoadBalancerClass'),
  ),

  row('T7', 'routes-to', INGRESS, 'spec.rules[].http.paths[].backend.service', 'Service', backendService),
  row('T7', 'default-backend', INGRESS, 'spec.defaultBackend.service', 'Service', backendService),
  ...rows(
    'T8',
    'routes-to',
    INGRESS,
    ['spec.rules[].http.paths[].backend.resource', 'spec.defaultBackend.resource'],
    'Resource',
    byRef({ namespace: 'own' }),
  ),
  row('T8', 'tls', INGRESS, 'spec.tls[].secretName', 'Secret'),
  row('T9', 'uses-class', INGRESS, 'spec', 'IngressClass.networking.k8s.io', ingressClass),
  row('T10', 'parameters', 'IngressClass.networking.k8s.io', 'spec.parameters', 'Parameters', parameters),
  row(
    'T10',
    'controller',
    'IngressClass.networking.k8s.io',
    'spec.controller',
    'Controller.~',
    toVirtual('Controller'),
  ),
  row('T11', 'uses-class', `Gateway.${GW}`, 'spec.gatewayClassName', `GatewayClass.${GW}`),
  row('T11', 'parameters', `GatewayClass.${GW}`, 'spec.parametersRef', 'Parameters', parameters),
  row(
    'T11',
    'controller',
    `GatewayClass.${GW}`,
    'spec.controllerName',
    'Controller.~',
    toVirtual('Controller'),
  ),
  ...rows('T12', 'tls', `Gateway.${GW} ${LISTENER_SETS}`, REFS, 'Secret', byRef({ grant: true })),
  ...rows('T12', 'trusts', `Gateway.${GW} ${LISTENER_SETS}`, CA_REFS, 'ConfigMap', byRef({ grant: true })),
  row(
    'T12',
    'parameters',
    `Gateway.${GW}`,
    'spec.infrastructure.parametersRef',
    'ConfigMap',
    byRef({ namespace: 'own' }),
  ),
  row('T13', 'attaches-to', ROUTES, 'spec.parentRefs[]', `Gateway.${GW}`, parentRef),
  row('T14', 'routes-to', ROUTES, 'spec.rules[].backendRefs[]', 'Service', byRef({ grant: true })),
  ...rows(
    'T14',
    'mirrors-to',
    ROUTES,
    FILTERS.map((path) => `${path}.requestMirror.backendRef`),
    'Service',
    byRef({ grant: true }),
  ),
  ...rows(
    'T14',
    'filter',
    ROUTES,
    FILTERS.map((path) => `${path}.extensionRef`),
    'Filter',
    byRef({ namespace: 'own' }),
  ),
  row('T15', 'attaches-to', LISTENER_SETS, 'spec.parentRef', `Gateway.${GW}`, parentRef),
  row(
    'T15',
    'backend-tls',
    `BackendTLSPolicy.${GW}`,
    'spec.targetRefs[]',
    'Service',
    byRef({ namespace: 'own' }),
  ),
  row(
    'T15',
    'trusts',
    `BackendTLSPolicy.${GW}`,
    'spec.validation.caCertificateRefs[]',
    'ConfigMap',
    byRef({ namespace: 'own' }),
  ),
  row('T16', 'grants', `ReferenceGrant.${GW}`, 'spec.to[]', 'Service', grantTo),
  row('T16', 'grants-from', `ReferenceGrant.${GW}`, 'spec.from[]', 'Namespace', grantFrom),
];
