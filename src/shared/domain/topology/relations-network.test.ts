/** T2-T16: each with what it finds and what it must not. */
import { expect, it } from 'vitest';
import { edges, graphOf, labels, notes, o, told } from './test-help';

const GW = 'gateway.networking.k8s.io';
const pod = (path: string, map: Record<string, string> = {}, uid = ''): unknown =>
  o('Pod', path, {}, { ...labels(map), uid });

it('T2 selects pods whose labels are all equal, in the own namespace', () => {
  const pods = [
    pod('a/p', { app: 'web', tier: 'x' }),
    pod('a/q', { app: 'web' }),
    pod('b/p', { app: 'web', tier: 'x' }),
  ];
  expect(
    edges('T2', o('Service', 'a/web', { spec: { selector: { app: 'web', tier: 'x' } } }), ...pods),
  ).toEqual(['Service/a/web selects Pod/a/p']);
  expect(edges('T2', o('Service', 'a/none', { spec: { selector: {} } }), ...pods)).toEqual([]);
  expect(edges('T2', o('Service', 'a/null', { spec: { selector: null } }), ...pods)).toEqual([]);
  expect(
    edges('T2', o('Service', 'a/ext', { spec: { type: 'ExternalName', selector: { app: 'web' } } }), ...pods),
  ).toEqual([]);
});

it('T2 takes labels named like methods for labels', () => {
  const hostile = JSON.parse('{"__proto__":"x"}') as Record<string, string>;
  expect(
    edges('T2', o('Service', 'a/s', { spec: { selector: hostile } }), pod('a/p', {}), pod('a/q', hostile)),
  ).toEqual(['Service/a/s selects Pod/a/q']);
  expect(
    edges('T2', o('Service', 'a/s', { spec: { selector: { constructor: 'x' } } }), pod('a/p', {})),
  ).toEqual([]);
});

it('T3 knows slices by label, not by name', () => {
  const slice = o(
    'EndpointSlice.discovery.k8s.io',
    'a/web-x',
    {},
    labels({ 'kubernetes.io/service-name': 'web' }),
  );
  const decoy = o('EndpointSlice.discovery.k8s.io', 'a/web');
  expect(edges('T3', slice, decoy, o('Service', 'a/web'), o('Service', 'b/web'))).toEqual([
    'EndpointSlice/a/web-x endpoints-of Service/a/web',
  ]);
});

it('T4 follows targetRef by uid, and nodeName', () => {
  const slice = (uid: string): unknown =>
    o('EndpointSlice.discovery.k8s.io', 'a/s', {
      endpoints: [
        {
          nodeName: 'n',
          conditions: { ready: false },
          targetRef: { kind: 'Pod', namespace: 'a', name: 'p', uid },
        },
      ],
    });
  expect(edges('T4', slice('u1'), pod('a/p', {}, 'u1'))).toEqual([
    'EndpointSlice/a/s endpoint Pod/a/p',
    'EndpointSlice/a/s endpoint-node Node//n (missing)',
  ]);
  expect(edges('T4', slice('u0'), pod('a/p', {}, 'u1'))[0]).toBe(
    'EndpointSlice/a/s endpoint Pod/a/p (missing)',
  );
  expect([...graphOf(slice('u1')).edges()].find((edge) => edge.relation === 'endpoint')?.note).toBe(
    'not ready',
  );
});

it('T5 links Endpoints by name and targetRef', () => {
  const endpoints = o('Endpoints', 'a/web', {
    subsets: [{ addresses: [{ ip: '1.2.3.4', targetRef: { kind: 'Pod', name: 'p' } }, { ip: '1.2.3.5' }] }],
  });
  expect(edges('T5', endpoints, pod('a/p'), pod('b/p'), o('Service', 'a/web'))).toEqual([
    'Endpoints/a/web endpoint Pod/a/p',
    'Endpoints/a/web endpoints-of Service/a/web',
  ]);
});

it('T6 leads outside; externalName counts for ExternalName only', () => {
  const s = o('Service', 'a/s', {
    spec: { type: 'ExternalName', externalName: 'db.example.com', externalIPs: ['9.9.9.9'] },
    status: { loadBalancer: { ingress: [{ hostname: 'lb.example.com' }] } },
  });
  expect(edges('T6', s)).toEqual([
    'Service/a/s outside Outside//9.9.9.9',
    'Service/a/s outside Outside//db.example.com',
    'Service/a/s outside Outside//lb.example.com',
  ]);
  expect(
    edges('T6', o('Service', 'a/s', { spec: { type: 'ClusterIP', externalName: 'db.example.com' } })),
  ).toEqual([]);
});

const ingress = (spec: unknown, meta = {}): unknown => o('Ingress.networking.k8s.io', 'a/i', { spec }, meta);

it('T7 routes to Services of its namespace, with port', () => {
  const i = ingress({
    rules: [{ http: { paths: [{ backend: { service: { name: 'web', port: { number: 80 } } } }] } }],
    defaultBackend: { service: { name: 'rest', port: { name: 'http' } } },
  });
  const graph = graphOf(i, o('Service', 'a/web'), o('Service', 'b/rest'));
  const found = [...graph.edges()].filter((edge) => edge.rule === 'T7');
  expect(found.map(told).sort()).toEqual([
    'Ingress/a/i default-backend Service/a/rest (missing)',
    'Ingress/a/i routes-to Service/a/web',
  ]);
  expect(found.map((edge) => edge.port).sort()).toEqual(['80', 'http']);
});

it('T8 routes to resources and uses TLS Secrets', () => {
  const i = ingress({
    tls: [{ secretName: 'cert' }, { hosts: ['x'] }],
    defaultBackend: { resource: { apiGroup: 'k8s.example.com', kind: 'Bucket', name: 'static' } },
  });
  expect(
    edges('T8', i, o('Secret', 'a/cert'), o('Secret', 'b/cert'), o('Bucket.k8s.example.com', 'a/static')),
  ).toEqual(['Ingress/a/i routes-to Bucket/a/static', 'Ingress/a/i tls Secret/a/cert']);
});

it('T9 takes the class from the field, else the annotation, else the default', () => {
  const fallback = o(
    'IngressClass.networking.k8s.io',
    'std',
    {},
    notes({ 'ingressclass.kubernetes.io/is-default-class': 'true' }),
  );
  const other = o(
    'IngressClass.networking.k8s.io',
    'other',
    {},
    notes({ 'ingressclass.kubernetes.io/is-default-class': 'false' }),
  );
  const legacy = notes({ 'kubernetes.io/ingress.class': 'old' });
  expect(edges('T9', ingress({ ingressClassName: 'other' }, legacy), fallback, other)).toEqual([
    'Ingress/a/i uses-class IngressClass//other',
  ]);
  expect(edges('T9', ingress({}, legacy), fallback, other)).toEqual([
    'Ingress/a/i uses-class IngressClass//old (missing)',
  ]);
  expect(edges('T9', ingress({}), fallback, other)).toEqual(['Ingress/a/i uses-class IngressClass//std']);
  expect(edges('T9', ingress({}), other)).toEqual([]);
});

it('T10 finds class parameters by scope', () => {
  const parameters = (scope: object): unknown =>
    o('IngressClass.networking.k8s.io', 'c', {
      spec: { controller: 'x.io/c', parameters: { apiGroup: 'x.io', kind: 'Params', name: 'p', ...scope } },
    });
  expect(edges('T10', parameters({ scope: 'Namespace', namespace: 'n' }), o('Params.x.io', 'n/p'))).toEqual([
    'IngressClass//c controller Controller//x.io/c',
    'IngressClass//c parameters Params/n/p',
  ]);
  expect(edges('T10', parameters({ scope: 'Cluster', namespace: 'n' }), o('Params.x.io', 'n/p'))[1]).toBe(
    'IngressClass//c parameters Params//p (missing)',
  );
});

it('T11 links Gateway, class and parameters', () => {
  const c = o(`GatewayClass.${GW}`, 'gc', {
    spec: {
      controllerName: 'x.io/g',
      parametersRef: { group: '', kind: 'ConfigMap', name: 'cfg', namespace: 'n' },
    },
  });
  const g = o(`Gateway.${GW}`, 'a/g', { spec: { gatewayClassName: 'gc' } });
  expect(edges('T11', c, g, o('ConfigMap', 'a/cfg'))).toEqual([
    'Gateway/a/g uses-class GatewayClass//gc',
    'GatewayClass//gc controller Controller//x.io/g',
    'GatewayClass//gc parameters ConfigMap/n/cfg (missing)',
  ]);
});

const grant = (
  namespace: string,
  to: object,
  from = { group: GW, kind: 'HTTPRoute', namespace: 'a' },
): unknown => o(`ReferenceGrant.${GW}`, `${namespace}/grant`, { spec: { from: [from], to: [to] } });

it('T12 uses certificates, of other namespaces only with a grant', () => {
  const g = o(`Gateway.${GW}`, 'a/g', {
    spec: {
      listeners: [
        {
          tls: {
            certificateRefs: [{ name: 'own' }, { name: 'far', namespace: 'b' }],
            frontendValidation: { caCertificateRefs: [{ kind: 'ConfigMap', group: '', name: 'ca' }] },
          },
        },
      ],
      infrastructure: { parametersRef: { group: '', kind: 'ConfigMap', name: 'infra' } },
    },
  });
  const all = [
    g,
    ...['a/own', 'b/own', 'b/far'].map((path) => o('Secret', path)),
    o('ConfigMap', 'a/ca'),
    o('ConfigMap', 'a/infra'),
  ];
  const rest = ['Gateway/a/g parameters ConfigMap/a/infra', 'Gateway/a/g tls Secret/a/own'];
  expect(edges('T12', ...all)).toEqual([
    ...rest,
    'Gateway/a/g tls Secret/b/far (invalid)',
    'Gateway/a/g trusts ConfigMap/a/ca',
  ]);
  const allowed = grant(
    'b',
    { group: '', kind: 'Secret', name: 'far' },
    { group: GW, kind: 'Gateway', namespace: 'a' },
  );
  expect(edges('T12', ...all, allowed)).toEqual([
    ...rest,
    'Gateway/a/g tls Secret/b/far',
    'Gateway/a/g trusts ConfigMap/a/ca',
  ]);
});

const route = (spec: unknown, status = {}): unknown => o(`HTTPRoute.${GW}`, 'a/r', { spec, status });

it('T13 attaches routes; kind and namespace have defaults, status tells what came of it', () => {
  const r = route(
    {
      parentRefs: [
        { name: 'g', namespace: 'infra', sectionName: 'https' },
        { group: '', kind: 'Service', name: 'svc' },
      ],
    },
    {
      parents: [
        {
          parentRef: { name: 'g', namespace: 'infra', sectionName: 'https' },
          conditions: [{ type: 'Accepted', status: 'False', reason: 'NotAllowedByListeners' }],
        },
      ],
    },
  );
  const graph = graphOf(r, o(`Gateway.${GW}`, 'infra/g'), o(`Gateway.${GW}`, 'a/g'), o('Service', 'a/svc'));
  const found = [...graph.edges()].filter((edge) => edge.rule === 'T13');
  expect(found.map(told).sort()).toEqual([
    'HTTPRoute/a/r attaches-to Gateway/infra/g',
    'HTTPRoute/a/r attaches-to Service/a/svc',
  ]);
  expect(found.find((edge) => edge.to.name === 'g')?.note).toBe('Not accepted: NotAllowedByListeners');
});

it('T14 routes to Services, of other namespaces only with a grant', () => {
  const r = route({
    rules: [
      {
        backendRefs: [
          { name: 'web', port: 80 },
          { name: 'far', namespace: 'b', port: 80 },
        ],
        filters: [
          { requestMirror: { backendRef: { name: 'copy' } } },
          { extensionRef: { group: 'x.io', kind: 'Filter', name: 'f' } },
        ],
      },
    ],
  });
  const rest = [
    'HTTPRoute/a/r filter Filter/a/f (missing)',
    'HTTPRoute/a/r mirrors-to Service/a/copy (missing)',
    'HTTPRoute/a/r routes-to Service/a/web',
  ];
  const services = ['a/web', 'b/web', 'b/far'].map((path) => o('Service', path));
  expect(edges('T14', r, ...services)).toEqual([...rest, 'HTTPRoute/a/r routes-to Service/b/far (invalid)']);
  expect(edges('T14', r, ...services, grant('b', { group: '', kind: 'Service' }))).toEqual([
    ...rest,
    'HTTPRoute/a/r routes-to Service/b/far',
  ]);
  expect(edges('T14', r, ...services, grant('c', { group: '', kind: 'Service' }))).toContain(
    'HTTPRoute/a/r routes-to Service/b/far (invalid)',
  );
  expect(edges('T14', r, ...services, grant('b', { group: '', kind: 'Service', name: 'other' }))).toContain(
    'HTTPRoute/a/r routes-to Service/b/far (invalid)',
  );
});

it('T15 links ListenerSets and backend TLS', () => {
  const set = o(`ListenerSet.${GW}`, 'a/l', { spec: { parentRef: { name: 'g' } } });
  const tls = o(`BackendTLSPolicy.${GW}`, 'a/t', {
    spec: {
      targetRefs: [{ group: '', kind: 'Service', name: 'web' }],
      validation: { caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: 'ca' }] },
    },
  });
  expect(
    edges(
      'T15',
      set,
      tls,
      o('Service', 'a/web'),
      o('ConfigMap', 'b/ca'),
      o('Gateway.networking.istio.io', 'a/g'),
    ),
  ).toEqual([
    'BackendTLSPolicy/a/t backend-tls Service/a/web',
    'BackendTLSPolicy/a/t trusts ConfigMap/a/ca (missing)',
    'ListenerSet/a/l attaches-to Gateway/a/g (missing)',
  ]);
});

it('T16 shows what a grant names, and only that', () => {
  expect(
    edges(
      'T16',
      grant('b', { group: '', kind: 'Service', name: 'far' }),
      o('Service', 'b/far'),
      o('Namespace', 'a'),
    ),
  ).toEqual([
    'ReferenceGrant/b/grant grants Service/b/far',
    'ReferenceGrant/b/grant grants-from Namespace//a',
  ]);
  expect(
    edges('T16', grant('b', { group: '', kind: 'Service' }), o('Service', 'b/far'), o('Namespace', 'a')),
  ).toEqual(['ReferenceGrant/b/grant grants-from Namespace//a']);
});
