/** Policies of Cilium and Calico: their L3/L4 core, their order, and what of them is only told. */
import { describe, expect, it } from 'vitest';
import { ask } from './ask';
import { buildMatrix } from './matrix';
import { NetpolModel } from './model';
import { BASE, cart, from, np } from '../../../../test/fixtures/netpol/shop';
import type { EngineTier, PolicyObject } from './types';
import type { Verdict } from './verdict';

const cilium = (spec: object, kind = 'CiliumNetworkPolicy'): PolicyObject => ({
  apiVersion: 'cilium.io/v2',
  kind,
  metadata: { name: 'c', ...(kind === 'CiliumNetworkPolicy' ? { namespace: 'shop' } : {}) },
  spec: { endpointSelector: { matchLabels: { app: 'cart' } }, ...spec },
});
const calico = (name: string, spec: object, kind = 'NetworkPolicy'): PolicyObject => ({
  apiVersion: 'crd.projectcalico.org/v1',
  kind,
  metadata: { name, ...(kind === 'NetworkPolicy' ? { namespace: 'shop' } : {}) },
  spec: { selector: "app == 'cart'", types: ['Ingress'], ...spec },
});
const global = (name: string, spec: object): PolicyObject => calico(name, spec, 'GlobalNetworkPolicy');

function verdict(
  policies: readonly PolicyObject[],
  flow: string,
  tiers: readonly EngineTier[] = [],
): Verdict {
  const [source = '', rest = ''] = flow.split(' > ');
  const [target = '', asked = '80'] = rest.split(' ');
  const [port = '', protocol = 'TCP'] = asked.split('/');
  const model = new NetpolModel({ ...BASE, policies, tiers });
  return ask(model, { from: source, to: target, port: Number(port), protocol });
}
const web = 'shop/web > shop/cart';
const endpoints = (labels: object): object => ({ fromEndpoints: [{ matchLabels: labels }] });
const toPorts = (...ports: object[]): object => ({ toPorts: [{ ports }] });
const accept = (source: object = {}, more: object = {}): object => ({ action: 'Allow', source, ...more });

const CILIUM: readonly (readonly [string, readonly PolicyObject[], string, boolean])[] = [
  ['labels in the own namespace', [cilium({ ingress: [endpoints({ app: 'web' })] })], web, true],
  ['and not in another', [cilium({ ingress: [endpoints({ app: 'web' })] })], 'ops/web > shop/cart', false],
  ['prefixed keys', [cilium({ ingress: [endpoints({ 'k8s:app': 'web' })] })], web, true],
  [
    'another namespace by its key',
    [cilium({ ingress: [endpoints({ app: 'web', 'k8s:io.kubernetes.pod.namespace': 'ops' })] })],
    'ops/web > shop/cart',
    true,
  ],
  [
    'labels of namespaces',
    [cilium({ ingress: [endpoints({ 'k8s:io.cilium.k8s.namespace.labels.team': 'blue' })] })],
    'ops/web > shop/cart',
    true,
  ],
  ['an empty rule isolates and allows nothing', [cilium({ ingress: [{}] })], web, false],
  ['no rules at all isolate nothing', [cilium({ ingress: [] })], web, true],
  [
    'only ports: from anyone',
    [cilium({ ingress: [toPorts({ port: '80', protocol: 'TCP' })] })],
    '8.8.8.8 > shop/cart',
    true,
  ],
  [
    'and no other port',
    [cilium({ ingress: [toPorts({ port: '80', protocol: 'TCP' })] })],
    `${web} 81`,
    false,
  ],
  ['protocol ANY', [cilium({ ingress: [toPorts({ port: '80' })] })], `${web} 80/SCTP`, true],
  ['endPort', [cilium({ ingress: [toPorts({ port: '80', endPort: 90 })] })], `${web} 85`, true],
  [
    'port 0 is every port',
    [cilium({ ingress: [toPorts({ port: '0', protocol: 'TCP' })] })],
    `${web} 85`,
    true,
  ],
  ['a named port', [cilium({ ingress: [toPorts({ port: 'http', protocol: 'TCP' })] })], `${web} 9090`, true],
  ['CIDRs are not for pods', [cilium({ ingress: [{ fromCIDR: ['10.0.0.0/8'] }] })], web, false],
  [
    'CIDRs are for the outside',
    [cilium({ ingress: [{ fromCIDR: ['8.0.0.0/8'] }] })],
    '8.8.8.8 > shop/cart',
    true,
  ],
  [
    'except',
    [cilium({ ingress: [{ fromCIDRSet: [{ cidr: '8.0.0.0/8', except: ['8.8.0.0/16'] }] }] })],
    '8.8.8.8 > shop/cart',
    false,
  ],
  ['entity world', [cilium({ ingress: [{ fromEntities: ['world'] }] })], '8.8.8.8 > shop/cart', true],
  ['entity world is no pod', [cilium({ ingress: [{ fromEntities: ['world'] }] })], web, false],
  ['entity cluster', [cilium({ ingress: [{ fromEntities: ['cluster'] }] })], 'ops/web > shop/cart', true],
  ['entity all', [cilium({ ingress: [{ fromEntities: ['all'] }] })], 'ops/web > shop/cart', true],
  [
    'entity kube-apiserver is not known',
    [cilium({ ingress: [{ fromEntities: ['kube-apiserver'] }] })],
    '8.8.8.8 > shop/cart',
    false,
  ],
  [
    'deny goes before allow',
    [cilium({ ingress: [{ fromEntities: ['all'] }], ingressDeny: [endpoints({ app: 'web' })] })],
    web,
    false,
  ],
  [
    'and before a NetworkPolicy',
    [cilium({ ingressDeny: [endpoints({ app: 'web' })] }), np(from([]))],
    web,
    false,
  ],
  [
    'joins what NetworkPolicies allow',
    [cilium({ ingress: [{}] }), np(from([{ podSelector: {} }]))],
    web,
    true,
  ],
  ['egress', [cilium({ egress: [{ toCIDR: ['8.0.0.0/8'] }] })], 'shop/cart > 9.9.9.9', false],
  [
    'FQDN grants nothing here',
    [cilium({ egress: [{ toFQDNs: [{ matchName: 'x.io' }] }] })],
    'shop/cart > 9.9.9.9',
    false,
  ],
  [
    'without default deny it only adds',
    [cilium({ ingress: [endpoints({ app: 'none' })], enableDefaultDeny: { ingress: false } })],
    web,
    true,
  ],
  [
    'clusterwide',
    [cilium({ ingress: [endpoints({ app: 'web' })] }, 'CiliumClusterwideNetworkPolicy')],
    'ops/web > shop/cart',
    true,
  ],
  [
    'specs',
    [{ ...cilium({}), spec: undefined, specs: [{ endpointSelector: {}, ingress: [{}] }] }],
    web,
    false,
  ],
  [
    'a selector that is missing selects nothing',
    [cilium({ endpointSelector: undefined, ingress: [{}] })],
    web,
    true,
  ],
];

const TIER_FIRST: EngineTier = { name: 'first', order: 1 };
const CALICO: readonly (readonly [
  string,
  readonly PolicyObject[],
  string,
  boolean,
  (readonly EngineTier[])?,
])[] = [
  ['allow by selector', [calico('a', { ingress: [accept({ selector: "app == 'web'" })] })], web, true],
  [
    'in the own namespace only',
    [calico('a', { ingress: [accept({ selector: "app == 'web'" })] })],
    'ops/web > shop/cart',
    false,
  ],
  [
    'with a namespaceSelector',
    [calico('a', { ingress: [accept({ selector: 'all()', namespaceSelector: "team == 'blue'" })] })],
    'ops/web > shop/cart',
    true,
  ],
  [
    'the name of a namespace',
    [calico('a', { ingress: [accept({ namespaceSelector: "projectcalico.org/name == 'ops'" })] })],
    'ops/web > shop/cart',
    true,
  ],
  ['no rule matches: the tier denies', [calico('a', { ingress: [] })], web, false],
  ['another direction stays open', [calico('a', { ingress: [] })], 'shop/cart > shop/web', true],
  ['types follow the rules', [calico('a', { types: undefined, egress: [accept()] })], web, true],
  [
    'order decides',
    [
      calico('a', { order: 2, ingress: [accept()] }),
      calico('b', { order: 1, ingress: [{ action: 'Deny' }] }),
    ],
    web,
    false,
  ],
  [
    'order decides, the other way',
    [
      calico('a', { order: 1, ingress: [accept()] }),
      calico('b', { order: 2, ingress: [{ action: 'Deny' }] }),
    ],
    web,
    true,
  ],
  [
    'without an order it is last',
    [calico('a', { ingress: [accept()] }), calico('b', { order: 5, ingress: [{ action: 'Deny' }] })],
    web,
    false,
  ],
  [
    'NetworkPolicies stand at order 1000',
    [calico('a', { order: 2000, ingress: [{ action: 'Deny' }] }), np(from([{ podSelector: {} }]))],
    web,
    true,
  ],
  [
    'and after what is before',
    [calico('a', { order: 900, ingress: [{ action: 'Deny' }] }), np(from([{ podSelector: {} }]))],
    web,
    false,
  ],
  [
    'their isolation is the end of the tier, not before',
    [calico('a', { order: 2000, ingress: [accept()] }), np(cart)],
    web,
    true,
  ],
  [
    'a tier before the default one',
    [
      global('first.x', { tier: 'first', ingress: [{ action: 'Deny' }] }),
      calico('a', { ingress: [accept()] }),
    ],
    web,
    false,
    [TIER_FIRST],
  ],
  [
    'Pass goes to the next tier',
    [
      global('first.x', { tier: 'first', ingress: [{ action: 'Pass' }] }),
      calico('a', { ingress: [accept()] }),
    ],
    web,
    true,
    [TIER_FIRST],
  ],
  [
    'Pass at the end of all is open',
    [global('first.x', { tier: 'first', ingress: [{ action: 'Pass' }] })],
    web,
    true,
    [TIER_FIRST],
  ],
  [
    'a tier that judges denies what it does not match',
    [
      global('first.x', { tier: 'first', ingress: [accept({}, { protocol: 'UDP' })] }),
      calico('a', { ingress: [accept()] }),
    ],
    web,
    false,
    [TIER_FIRST],
  ],
  [
    'unless its default action is Pass',
    [
      global('first.x', { tier: 'first', ingress: [accept({}, { protocol: 'UDP' })] }),
      calico('a', { ingress: [accept()] }),
    ],
    web,
    true,
    [{ ...TIER_FIRST, defaultAction: 'Pass' }],
  ],
  ['Log goes on', [calico('a', { ingress: [{ action: 'Log' }, accept()] })], web, true],
  ['nets mean pods, too', [calico('a', { ingress: [accept({ nets: ['10.1.0.1/32'] })] })], web, true],
  ['notNets', [calico('a', { ingress: [accept({ notNets: ['8.0.0.0/8'] })] })], '8.8.8.8 > shop/cart', false],
  [
    'notNets let the rest in',
    [calico('a', { ingress: [accept({ notNets: ['8.0.0.0/8'] })] })],
    '9.8.8.8 > shop/cart',
    true,
  ],
  [
    'ports',
    [calico('a', { ingress: [accept({}, { protocol: 'TCP', destination: { ports: [80, '90:95'] } })] })],
    `${web} 93`,
    true,
  ],
  [
    'ports of no other protocol',
    [calico('a', { ingress: [accept({}, { protocol: 'TCP', destination: { ports: [80] } })] })],
    `${web} 80/UDP`,
    false,
  ],
  ['protocol by number', [calico('a', { ingress: [accept({}, { protocol: 132 })] })], `${web} 80/SCTP`, true],
  [
    'notPorts',
    [calico('a', { ingress: [accept({}, { protocol: 'TCP', destination: { notPorts: [80] } })] })],
    web,
    false,
  ],
  [
    'named ports',
    [calico('a', { ingress: [accept({}, { protocol: 'TCP', destination: { ports: ['http'] } })] })],
    `${web} 9090`,
    true,
  ],
  [
    'the rule’s own selector narrows',
    [
      calico('a', {
        selector: 'all()',
        ingress: [accept({}, { destination: { selector: "app == 'web'" } })],
      }),
    ],
    web,
    false,
  ],
  [
    'and fits',
    [
      calico('a', {
        selector: 'all()',
        ingress: [accept({}, { destination: { selector: "app == 'cart'" } })],
      }),
    ],
    web,
    true,
  ],
  [
    'source ports grant nothing here',
    [calico('a', { ingress: [accept({ ports: [1] }, { protocol: 'TCP' })] })],
    web,
    false,
  ],
  [
    'service accounts grant nothing here',
    [calico('a', { ingress: [accept({ serviceAccounts: { names: ['x'] } })] })],
    web,
    false,
  ],
  [
    'global: selects in every namespace',
    [global('g', { selector: "app == 'web'", ingress: [{ action: 'Deny' }] })],
    'shop/cart > ops/web',
    false,
  ],
  [
    'global with a namespaceSelector',
    [global('g', { selector: 'all()', namespaceSelector: "team == 'red'", ingress: [{ action: 'Deny' }] })],
    'shop/cart > ops/web',
    true,
  ],
  [
    'host-network pods are not selected',
    [global('g', { selector: 'all()', ingress: [{ action: 'Deny' }] })],
    'shop/web > ops/host',
    true,
  ],
];

describe('policies of Cilium', () => {
  it.each(CILIUM)('%s', (_, policies, flow, allowed) =>
    expect(verdict(policies, flow).allowed).toBe(allowed),
  );

  it('are told where they go beyond addresses and ports', () => {
    const rules = { http: [{ method: 'GET' }] };
    const policy = cilium({ ingress: [{ toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }], rules }] }] });
    const one = verdict([policy], web);
    expect(one.allowed).toBe(true);
    expect(one.caveats.map(({ code }) => code)).toContain('beyond');
  });
  it('name the deny that decided', () => {
    const [one] = verdict([cilium({ ingressDeny: [endpoints({ app: 'web' })] })], web).ingress.decidedBy;
    expect([one?.policy.kind, one?.action, one?.rule]).toEqual(['CiliumNetworkPolicy', 'Deny', 0]);
  });
});

describe('policies of Calico', () => {
  it.each(CALICO.map(([name, ...row]) => ({ name, row })))('$name', ({ row }) =>
    expect(verdict(row[0], row[1], row[3]).allowed).toBe(row[2]),
  );

  it('answer the same in the matrix as to a question', () => {
    for (const row of CALICO) {
      const [policies, tiers] = [row[1], row[4]];
      const model = new NetpolModel({ ...BASE, policies, tiers: tiers ?? [] });
      const { workloads, cells } = buildMatrix(model);
      const at = (id: string): number => workloads.findIndex((one) => one.id === id);
      const conn = model.conns.get(cells[at('shop/web[Pod]') * workloads.length + at('shop/cart[Pod]')]!);
      for (const port of [80, 81, 93, 9090]) {
        const open = conn.TCP.some((low, i) => i % 2 === 0 && low <= port && port <= conn.TCP[i + 1]!);
        expect(ask(model, { from: 'shop/web', to: 'shop/cart', port }).allowed).toBe(open);
      }
    }
  });
  it('name the tier’s policies where nothing matches', () => {
    const one = verdict([calico('a', { ingress: [accept({ selector: "app == 'x'" })] })], web);
    expect(one.ingress.isolatedBy.map(({ name }) => name)).toEqual(['a']);
  });
});
