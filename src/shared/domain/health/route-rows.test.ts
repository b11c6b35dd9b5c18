import { describe, expect, it } from 'vitest';
import { listenerRows, routeRows, targetState, volumePlace } from './route-rows';
import type { ServiceBrief } from './types';

const ingress = {
  metadata: { name: 'shop', namespace: 'shop' },
  spec: {
    tls: [{ hosts: ['shop.example.com'], secretName: 'shop-tls' }, { hosts: ['*.example.org'] }],
    rules: [
      {
        host: 'shop.example.com',
        http: {
          paths: [
            {
              path: '/',
              pathType: 'Prefix',
              backend: { service: { name: 'frontend', port: { name: 'http' } } },
            },
            {
              path: '/cart',
              pathType: 'Exact',
              backend: { service: { name: 'cart', port: { number: 8080 } } },
            },
          ],
        },
      },
      {
        host: 'a.example.org',
        http: {
          paths: [
            { pathType: 'ImplementationSpecific', backend: { resource: { kind: 'Bucket', name: 'b' } } },
          ],
        },
      },
    ],
    defaultBackend: { service: { name: 'lost', port: { number: 80 } } },
  },
};

it('tells the rules of an ingress', () => {
  const rows = routeRows('ingresses.networking.k8s.io', ingress);
  expect(rows.map(({ hosts, match, targets, tls }) => [hosts, match, targets[0]?.text, tls])).toEqual([
    ['shop.example.com', 'all paths', 'frontend:http', 'shop-tls'],
    ['shop.example.com', 'exactly /cart', 'cart:8080', 'shop-tls'],
    ['a.example.org', '/, as the controller reads it', 'Bucket b', ''],
    ['*', 'everything else', 'lost:80', undefined],
  ]);
});

it('tells the rules of a route: matches, shares, filters', () => {
  const rows = routeRows('httproutes.gateway.networking.k8s.io', {
    metadata: { namespace: 'shop' },
    spec: {
      hostnames: ['shop.example.com'],
      rules: [
        {
          matches: [
            { path: { type: 'PathPrefix', value: '/v2' }, headers: [{ name: 'x-canary', value: 'on' }] },
            {
              method: 'GET',
              path: { type: 'Exact', value: '/v1' },
              queryParams: [{ name: 'q', value: '1' }],
            },
          ],
          filters: [{ type: 'URLRewrite', urlRewrite: { path: { replacePrefixMatch: '/' } } }],
          backendRefs: [
            { name: 'frontend', port: 80, weight: 90 },
            { name: 'canary', namespace: 'lab', port: 80, weight: 10 },
          ],
        },
        { filters: [{ type: 'RequestRedirect', requestRedirect: { scheme: 'https', statusCode: 301 } }] },
      ],
    },
  });
  expect(rows.map(({ match }) => match)).toEqual([
    '/v2 and below, header x-canary=on',
    'GET exactly /v1, query q=1',
    'all requests',
  ]);
  expect(rows[0]?.targets.map(({ text, share }) => [text, share])).toEqual([
    ['frontend:80', 90],
    ['lab/canary:80', 10],
  ]);
  expect(rows[0]?.notes).toEqual(['rewrites to /']);
  expect(rows[2]?.notes).toEqual(['redirects to https (301)']);
});

it('tells calls of a gRPC route', () => {
  const [row] = routeRows('grpcroutes.gateway.networking.k8s.io', {
    spec: { rules: [{ matches: [{ method: { service: 'shop.Cart', method: 'Add' } }] }] },
  });
  expect(row?.match).toBe('shop.Cart/Add');
});

describe('what a target is worth', () => {
  const service = (change: Partial<ServiceBrief>): readonly ServiceBrief[] => [
    {
      namespace: 'shop',
      name: 'cart',
      exists: true,
      type: 'ClusterIP',
      ports: [{ name: 'http', port: 80 }],
      ready: 2,
      ...change,
    },
  ];
  const target = { text: 'cart:80', service: 'cart', namespace: 'shop', port: 80 };
  it.each([
    [{}, target, 'ok', '2 ready'],
    [{ ready: 0 }, target, 'warn', 'none ready'],
    [{ exists: false }, target, 'bad', 'does not exist'],
    [{}, { ...target, port: 81 }, 'bad', 'has no port 81'],
    [{}, { ...target, port: 'http' }, 'ok', '2 ready'],
    [{ type: 'ExternalName' }, target, 'idle', 'a name outside the cluster'],
    [{}, { ...target, namespace: 'lab' }, 'idle', 'in another namespace, not looked at'],
  ])('%j %j', (change, one, tone, words) => {
    expect(targetState(one, service(change))).toEqual({ tone, words });
  });
  it('is silent about what was not read', () => {
    expect(targetState(target, undefined)).toBeUndefined();
    expect(targetState(target, service({ ready: null }))).toBeUndefined();
  });
});

it('tells listeners and what their controller says', () => {
  const gateway = {
    spec: {
      listeners: [
        { name: 'web', port: 80, protocol: 'HTTP' },
        {
          name: 'tls',
          port: 443,
          protocol: 'HTTPS',
          hostname: 'shop.example.com',
          tls: { certificateRefs: [{ name: 'shop-tls' }] },
        },
        { name: 'new', port: 1, protocol: 'TCP' },
      ],
    },
    status: {
      listeners: [
        {
          name: 'web',
          attachedRoutes: 2,
          conditions: [
            { type: 'Accepted', status: 'True' },
            { type: 'Conflicted', status: 'False' },
          ],
        },
        {
          name: 'tls',
          attachedRoutes: 0,
          conditions: [
            { type: 'ResolvedRefs', status: 'False', reason: 'InvalidCertificateRef', message: 'no secret' },
          ],
        },
      ],
    },
  };
  expect(
    listenerRows(gateway).map(({ where, host, routes, tone, words }) => [where, host, routes, tone, words]),
  ).toEqual([
    ['HTTP 80', '*', 2, 'ok', 'programmed'],
    ['HTTPS 443', 'shop.example.com', 0, 'warn', 'InvalidCertificateRef: no secret'],
    ['TCP 1', '*', undefined, 'idle', 'no controller has answered'],
  ]);
});

it('tells where the data of a volume is', () => {
  expect(
    volumePlace({
      spec: {
        csi: {
          driver: 'ebs.csi.aws.com',
          volumeHandle: 'vol-1',
          fsType: 'ext4',
          volumeAttributes: { tier: 'gp3' },
        },
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'In', values: ['a', 'b'] }] }],
          },
        },
      },
    }),
  ).toEqual([
    ['Driver', 'ebs.csi.aws.com'],
    ['Handle', 'vol-1'],
    ['File system', 'ext4'],
    ['tier', 'gp3'],
    ['Only on nodes', 'zone In a, b'],
  ]);
});

it.each([
  null,
  3,
  {},
  { spec: { rules: [null, { http: { paths: 'x' } }], tls: {}, listeners: 'x', csi: 4 } },
])('reads anything: %j', (object) => {
  expect(() => routeRows('ingresses.networking.k8s.io', object)).not.toThrow();
  expect(() => routeRows('httproutes.gateway.networking.k8s.io', object)).not.toThrow();
  expect(() => [listenerRows(object), volumePlace(object)]).not.toThrow();
});
