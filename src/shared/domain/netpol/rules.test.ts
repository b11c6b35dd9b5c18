/** NetworkPolicy by rule id: each rule with a flow it allows and one it does not. */
import { describe, expect, it } from 'vitest';
import { ask } from './ask';
import { NetpolModel } from './model';
import { BASE, block, cart, from, labels, np, ports, to } from '../../../../test/fixtures/netpol/shop';
import type { PolicyObject } from './types';

/** `source > destination port[/protocol]` is allowed or not; the source defaults to shop/web. */
function can(specs: readonly object[], flow: string): boolean {
  const [source = '', rest = ''] = flow.split(' > ');
  const [target = '', asked = '80'] = rest.split(' ');
  const [port = '', protocol = 'TCP'] = asked.split('/');
  const policies = specs.map((spec, i) =>
    'kind' in spec ? (spec as PolicyObject) : np(spec, { name: `p${i}` }),
  );
  return ask(new NetpolModel({ ...BASE, policies }), {
    from: source,
    to: target,
    port: /^\d+$/.test(port) ? Number(port) : port,
    protocol,
  }).allowed;
}
const web = 'shop/web > shop/cart';

const TABLE: readonly (readonly [string, readonly object[], string, boolean])[] = [
  ['S1 no types: ingress is isolated', [{ ...cart, egress: [{}] }], web, false],
  [
    'S1 no types and an egress rule: egress is isolated',
    [{ ...cart, egress: [{ to: [block('10.1.0.1/32')] }] }],
    'shop/cart > 8.8.8.8',
    false,
  ],
  ['S1 no types, egress empty: egress stays open', [{ ...cart, egress: [] }], 'shop/cart > 8.8.8.8', true],
  [
    'S2 a section outside policyTypes does not grant',
    [{ ...cart, policyTypes: ['Egress'], ingress: [] }],
    web,
    true,
  ],
  [
    'S2 nor isolate',
    [{ ...cart, policyTypes: ['Ingress'], egress: [{ to: [block('1.1.1.1/32')] }] }],
    'shop/cart > 8.8.8.8',
    true,
  ],
  ['S3 no policy selects: open', [{ podSelector: labels({ app: 'other' }) }], web, true],
  ['S3 one direction isolated leaves the other open', [cart], 'shop/cart > shop/web', true],
  ['S3 the union of two', [cart, from([{ podSelector: {} }])], web, true],
  ['S3 no deny: the union only', [cart, from([{ podSelector: labels({ app: 'x' }) }])], web, false],
  [
    'S4 source egress is needed',
    [{ podSelector: labels({ app: 'web' }), policyTypes: ['Egress'] }, from([])],
    web,
    false,
  ],
  ['S4 destination ingress is needed', [cart], web, false],
  ['S4 both: allowed', [{ podSelector: labels({ app: 'web' }), egress: [{}] }, from([])], web, true],
  ['S5 {} selects every pod of the namespace', [{ podSelector: {} }], web, false],
  ['S5 missing selects as {}', [{}], web, false],
  ['S5 and none of another', [{}], 'shop/web > ops/web', true],
  ['S6 no rules deny', [{ ...cart, ingress: [] }], web, false],
  ['S6 one empty rule allows all', [{ ...cart, ingress: [{}] }], '8.8.8.8 > shop/cart 9/SCTP', true],
  ['S7 from [] is anyone, the outside too', [from([])], '8.8.8.8 > shop/cart', true],
  ['S7 ports [] is every protocol', [from([{ podSelector: {} }], [])], `${web} 9/UDP`, true],
  ['S7 a from that is no list is not anyone', [from({ podSelector: {} })], web, false],
  [
    'S8 podSelector alone: own namespace',
    [from([{ podSelector: labels({ app: 'web' }) }])],
    'ops/web > shop/cart',
    false,
  ],
  [
    'S8 namespaceSelector alone: all pods there',
    [from([{ namespaceSelector: labels({ team: 'blue' }) }])],
    'ops/web > shop/cart',
    true,
  ],
  [
    'S8 both in one item: AND',
    [from([{ namespaceSelector: labels({ team: 'blue' }), podSelector: labels({ app: 'x' }) }])],
    'ops/web > shop/cart',
    false,
  ],
  [
    'S8 two items: OR',
    [from([{ namespaceSelector: labels({ team: 'blue' }) }, { podSelector: labels({ app: 'x' }) }])],
    'ops/web > shop/cart',
    true,
  ],
  ['S9 podSelector {} is not other namespaces', [from([{ podSelector: {} }])], 'ops/web > shop/cart', false],
  ['S9 namespaceSelector {} is every pod', [from([{ namespaceSelector: {} }])], 'ops/web > shop/cart', true],
  ['S9 but never the outside', [from([{ namespaceSelector: {} }])], '8.8.8.8 > shop/cart', false],
  ['S9 nor nodes', [to([{ namespaceSelector: {} }])], 'shop/cart > 192.168.0.1', false],
  [
    'S10 NotIn matches without the key',
    [from([{ podSelector: { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] } }])],
    'shop/bare > shop/cart',
    true,
  ],
  [
    'S10 NotIn refuses the value',
    [from([{ podSelector: { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] } }])],
    web,
    false,
  ],
  [
    'S10 DoesNotExist',
    [from([{ podSelector: { matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] } }])],
    'shop/bare > shop/cart',
    true,
  ],
  [
    'S10 In needs the key',
    [from([{ podSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['', 'web'] }] } }])],
    'shop/bare > shop/cart',
    false,
  ],
  [
    'S10 labels AND expressions',
    [
      from([
        { podSelector: { ...labels({ app: 'web' }), matchExpressions: [{ key: 'x', operator: 'Exists' }] } },
      ]),
    ],
    web,
    false,
  ],
  [
    'S10 keys of every object are no labels',
    [from([{ podSelector: { matchExpressions: [{ key: 'constructor', operator: 'Exists' }] } }])],
    web,
    false,
  ],
  [
    'S11 by the name label',
    [from([{ namespaceSelector: labels({ 'kubernetes.io/metadata.name': 'ops' }) }])],
    'ops/web > shop/cart',
    true,
  ],
  [
    'S11 not by a label called name',
    [from([{ namespaceSelector: labels({ name: 'ops' }) }])],
    'ops/web > shop/cart',
    false,
  ],
  ['S12 protocol is TCP', [ports([{ port: 80 }])], web, true],
  ['S12 and not UDP', [ports([{ port: 80 }])], `${web} 80/UDP`, false],
  ['S12 no port: all of the protocol', [ports([{ protocol: 'UDP' }])], `${web} 9/UDP`, true],
  ['S12 items OR', [ports([{ port: 1 }, { port: 80 }])], web, true],
  ['S13 a name is the destination’s', [ports([{ port: 'http' }])], `${web} 9090`, true],
  ['S13 not the source’s', [ports([{ port: 'http' }])], `${web} 8080`, false],
  ['S13 for egress, too', [to([{ podSelector: {} }], [{ port: 'http' }])], 'shop/cart > shop/web 8080', true],
  [
    'S13 with the same protocol',
    [to([{ podSelector: {} }], [{ port: 'dns' }])],
    'shop/cart > shop/web 53/UDP',
    false,
  ],
  ['S13 a name no pod has grants nothing', [ports([{ port: 'nope' }])], `${web} 9090`, false],
  ['S13 names never match addresses', [to([], [{ port: 'http' }])], 'shop/cart > 8.8.8.8 8080', false],
  ['S13 init containers are not counted', [ports([{ port: 'side' }])], `${web} 7000`, false],
  ['S14 endPort is inclusive', [ports([{ port: 80, endPort: 90 }])], `${web} 90`, true],
  ['S14 and no further', [ports([{ port: 80, endPort: 90 }])], `${web} 91`, false],
  ['S14 endPort below port grants nothing', [ports([{ port: 90, endPort: 80 }])], `${web} 90`, false],
  [
    'S14 endPort with a name grants nothing',
    [ports([{ port: 'http', endPort: 9100 }])],
    `${web} 9090`,
    false,
  ],
  ['S15 allowing SCTP isolates TCP', [ports([{ protocol: 'SCTP', port: 80 }])], web, false],
  ['S15 and allows SCTP', [ports([{ protocol: 'SCTP', port: 80 }])], `${web} 80/SCTP`, true],
  ['S15 an unknown protocol is not TCP', [ports([{ protocol: 'DCCP', port: 80 }])], web, false],
  ['S16 host bits do not count', [from([block('8.8.8.9/24')])], '8.8.8.1 > shop/cart', true],
  ['S16 except is subtracted', [from([block('8.0.0.0/8', '8.8.0.0/16')])], '8.8.8.1 > shop/cart', false],
  [
    'S16 from its own item only',
    [from([block('8.0.0.0/8', '8.8.0.0/16'), block('8.8.8.0/24')])],
    '8.8.8.1 > shop/cart',
    true,
  ],
  [
    'S16 another policy allows it, too',
    [from([block('8.0.0.0/8', '8.8.0.0/16')]), from([block('8.8.8.0/24')])],
    '8.8.8.1 > shop/cart',
    true,
  ],
  [
    'S17 ipBlock beside a selector matches nothing',
    [from([{ ...block('10.0.0.0/8'), podSelector: {} }])],
    web,
    false,
  ],
  ['S17 except inside its cidr', [from([block('10.0.0.0/8', '10.2.0.0/16')])], web, true],
  ['S18 0.0.0.0/0 has no IPv6', [to([block('0.0.0.0/0')])], 'shop/cart > 2001:db8::1', false],
  ['S18 ::/0 has', [to([block('::/0')])], 'shop/cart > 2001:db8::1', true],
  [
    'S18 a second address counts in its own family',
    [{ podSelector: labels({ app: 'bare' }), ingress: [{ from: [block('fd00::/64')] }] }],
    'shop/web > shop/bare',
    true,
  ],
  ['S18 not in a family the other end lacks', [from([block('fd00::/64')])], web, false],
  ['S21 egress isolation takes DNS away', [to([{ podSelector: {} }])], 'shop/cart > ops/web 53/UDP', false],
  [
    'S21 unless it is allowed',
    [to([{ namespaceSelector: {} }], [{ port: 53, protocol: 'UDP' }])],
    'shop/cart > ops/web 53/UDP',
    true,
  ],
  [
    'S22 the API server is reached by address',
    [to([block('192.168.0.1/32')])],
    'shop/cart > ops/host 6443',
    true,
  ],
  [
    'S22 and not by selecting its pods',
    [to([{ namespaceSelector: {} }])],
    'shop/cart > ops/host 6443',
    false,
  ],
  [
    'S23 host-network pods are not selected',
    [np({ podSelector: {} }, { namespace: 'ops' })],
    'shop/web > ops/host',
    true,
  ],
  [
    'S23 nor peers by label',
    [{ podSelector: labels({ app: 'web' }), ingress: [{ from: [{ namespaceSelector: {} }] }] }],
    'ops/host > shop/web',
    false,
  ],
  [
    'S24 a pod reaches itself',
    [{ podSelector: {}, policyTypes: ['Ingress', 'Egress'] }],
    'shop/web > shop/web',
    true,
  ],
  ['S24 a node reaches its own pods', [cart], '192.168.0.1 > shop/cart', true],
  ['S24 and no others', [{ podSelector: {} }], '192.168.0.1 > shop/web', false],
  [
    'S25 replies need no rule of their own',
    [from([{ podSelector: {} }]), { podSelector: labels({ app: 'web' }) }],
    web,
    true,
  ],
  [
    'S28 a policy being deleted still applies',
    [np(cart, { deletionTimestamp: '2026-01-01T00:00:00Z' })],
    web,
    false,
  ],
  [
    'S30 policies of other engines are not read as ours',
    [
      {
        apiVersion: 'cilium.io/v2',
        kind: 'NetworkPolicy',
        metadata: { name: 'x', namespace: 'shop' },
        spec: {},
      },
    ],
    web,
    true,
  ],
];

describe('rules', () => {
  it.each(TABLE)('%s', (_, specs, flow, allowed) => expect(can(specs, flow)).toBe(allowed));

  it('S13 a name may be asked for', () => expect(can([ports([{ port: 'http' }])], `${web} http`)).toBe(true));

  it('S19 a flow is judged at the pod and its own port, not at a Service port', () => {
    expect(can([ports([{ port: 9090 }])], `${web} 9090`)).toBe(true);
    expect(can([ports([{ port: 9090 }])], `${web} 80`)).toBe(false);
  });

  it('S20 an outside flow is judged by the address that arrives, be it a node’s', () => {
    const policies = [
      np({ podSelector: labels({ app: 'web' }), ingress: [{ from: [block('8.8.8.0/24')] }] }),
    ];
    const model = new NetpolModel({ ...BASE, policies });
    expect(ask(model, { from: '8.8.8.8', to: 'shop/web', port: 80 }).allowed).toBe(true);
    const rewritten = ask(model, { from: '192.168.0.1', to: 'shop/web', port: 80 });
    expect(rewritten.allowed).toBe(false);
    expect(rewritten.caveats.map(({ code }) => code)).toContain('nodeAddress');
  });

  it('S26 ports of init containers never make a pod of their own', () => {
    expect(can([ports([{ port: 7000 }])], `${web} 7000`)).toBe(true);
    expect(can([ports([{ port: 7000 }])], `${web} 9090`)).toBe(false);
  });

  it('S27 finished pods are gone and their address is anybody’s', () => {
    const model = new NetpolModel(BASE);
    expect(() => ask(model, { from: 'ops/done', to: 'shop/web', port: 80 })).toThrow('ops/done');
    expect(ask(model, { from: '10.9.9.9', to: 'shop/web', port: 80 }).from.kind).toBe('external');
    expect(ask(model, { from: '10.1.0.2', to: 'shop/web', port: 80 }).from).toEqual({
      kind: 'pod',
      name: 'shop/cart',
    });
  });

  it('S29 other protocols are not called blocked', () => {
    expect(() => can([cart], `${web} 80/ICMP`)).toThrow('S29');
    expect(() => can([cart], `${web} 80/TCP`)).not.toThrow();
  });
});
