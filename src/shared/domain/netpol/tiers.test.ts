/** The admin tiers, fact by fact, in both API versions. */
import { describe, expect, it } from 'vitest';
import { ask } from './ask';
import { sideSentence } from './words';
import { NetpolModel } from './model';
import type { NetPod, NetpolSnapshot, PolicyObject } from './types';

const PODS: NetPod[] = [
  {
    namespace: 'shop',
    name: 'web',
    labels: { app: 'web' },
    ips: ['10.1.0.1'],
    ports: [{ name: 'http', port: 8080 }],
  },
  { namespace: 'shop', name: 'cart', labels: { app: 'cart' }, ips: ['10.1.0.2'] },
  { namespace: 'ops', name: 'host', ips: ['192.168.0.1'], hostNetwork: true, nodeName: 'n1' },
];
const BASE: NetpolSnapshot = {
  namespaces: [],
  pods: PODS,
  policies: [],
  nodes: [{ name: 'n1', labels: { role: 'edge' }, ips: ['192.168.0.1'] }],
};
const ALL = { namespaces: {} };
const policy = (kind: string, version: string, name: string, spec: object): PolicyObject => ({
  apiVersion: `policy.networking.k8s.io/${version}`,
  kind,
  metadata: { name },
  spec: { subject: ALL, ...spec },
});
const cnp = (name: string, priority: number, spec: object): PolicyObject =>
  policy('ClusterNetworkPolicy', 'v1alpha2', name, { tier: 'Admin', priority, ...spec });
const base = (name: string, spec: object): PolicyObject => cnp(name, 1, { tier: 'Baseline', ...spec });
const anp = (name: string, priority: number, spec: object): PolicyObject =>
  policy('AdminNetworkPolicy', 'v1alpha1', name, { priority, ...spec });
const banp = (spec: object): PolicyObject =>
  policy('BaselineAdminNetworkPolicy', 'v1alpha1', 'default', spec);
const rule = (action: string, more: object = {}): object => ({ ingress: [{ action, from: [ALL], ...more }] });
const out = (action: string, peer: object, more: object = {}): object => ({
  egress: [{ action, to: [peer], ...more }],
});
const np = (spec: object): PolicyObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'np', namespace: 'shop' },
  spec: { podSelector: {}, ...spec },
});
const verdict = (
  policies: PolicyObject[],
  to = 'shop/web',
  port = 80,
  protocol = 'TCP',
  from = 'shop/cart',
) => ask(new NetpolModel({ ...BASE, policies }), { from, to, port, protocol });

const tcp = (number: number): object => ({ protocols: [{ tcp: { destinationPort: { number } } }] });
const TABLE: [string, PolicyObject[], boolean, string?, number?, string?][] = [
  ['order: lower priority first', [cnp('b', 9, rule('Accept')), cnp('a', 5, rule('Deny'))], false],
  [
    'order: lower priority first, the other way',
    [cnp('b', 9, rule('Deny')), cnp('a', 5, rule('Accept'))],
    true,
  ],
  [
    'order: rules in order',
    [
      cnp('a', 5, {
        ingress: [
          { action: 'Accept', from: [ALL] },
          { action: 'Deny', from: [ALL] },
        ],
      }),
    ],
    true,
  ],
  ['order: Admin Accept goes before NetworkPolicy', [cnp('a', 5, rule('Accept')), np({})], true],
  ['order: Admin Deny goes before NetworkPolicy', [cnp('a', 5, rule('Deny')), np({ ingress: [{}] })], false],
  ['actions: Pass leaves the Admin tier', [cnp('a', 5, rule('Pass')), cnp('b', 6, rule('Deny'))], true],
  ['actions: Pass leads to NetworkPolicy', [cnp('a', 5, rule('Pass')), np({})], false],
  ['actions: an unknown action is Deny', [cnp('a', 5, rule('Maybe'))], false],
  ['order: NetworkPolicy is final before Baseline', [base('a', rule('Deny')), np({ ingress: [{}] })], true],
  ['order: Baseline where no NetworkPolicy selects', [base('a', rule('Deny'))], false],
  ['order: NetworkPolicy deny is not undone by Baseline', [base('a', rule('Accept')), np({})], false],
  [
    'order: else allow',
    [base('a', { subject: { namespaces: { matchLabels: { x: 'y' } } }, ...rule('Deny') })],
    true,
  ],
  ['per direction: egress Accept does not bypass ingress', [cnp('a', 5, out('Accept', ALL)), np({})], false],
  ['no rules in a direction: no effect', [cnp('a', 5, { ingress: [] })], true],
  [
    'subject: pods needs both',
    [
      cnp('a', 5, {
        subject: { pods: { namespaceSelector: {}, podSelector: { matchLabels: { app: 'x' } } } },
        ...rule('Deny'),
      }),
    ],
    true,
  ],
  [
    'subject: pods that match',
    [
      cnp('a', 5, {
        subject: { pods: { namespaceSelector: {}, podSelector: { matchLabels: { app: 'web' } } } },
        ...rule('Deny'),
      }),
    ],
    false,
  ],
  [
    'subject: two at once select nothing',
    [cnp('a', 5, { subject: { ...ALL, pods: { namespaceSelector: {}, podSelector: {} } }, ...rule('Deny') })],
    true,
  ],
  ['host-network pods are never subject', [cnp('a', 5, rule('Deny'))], true, 'ops/host'],
  ['host-network pods are never a namespaces peer', [cnp('a', 5, out('Deny', ALL))], true, 'ops/host'],
  ['protocols: tcp number', [cnp('a', 5, rule('Deny', tcp(80)))], false],
  ['protocols: another number', [cnp('a', 5, rule('Deny', tcp(81)))], true],
  [
    'protocols: range',
    [
      cnp(
        'a',
        5,
        rule('Deny', { protocols: [{ udp: { destinationPort: { range: { start: 79, end: 80 } } } }] }),
      ),
    ],
    false,
    'shop/web',
    80,
    'UDP',
  ],
  [
    'protocols: range ends',
    [
      cnp(
        'a',
        5,
        rule('Deny', { protocols: [{ udp: { destinationPort: { range: { start: 79, end: 80 } } } }] }),
      ),
    ],
    true,
    'shop/web',
    81,
    'UDP',
  ],
  [
    'protocols: one protocol whole',
    [cnp('a', 5, rule('Deny', { protocols: [{ sctp: {} }] }))],
    false,
    'shop/web',
    9,
    'SCTP',
  ],
  [
    'protocols: named port of the destination',
    [cnp('a', 5, rule('Deny', { protocols: [{ destinationNamedPort: 'http' }] }))],
    false,
    'shop/web',
    8080,
  ],
  [
    'protocols: named port and its protocol',
    [cnp('a', 5, rule('Deny', { protocols: [{ destinationNamedPort: 'http' }] }))],
    true,
    'shop/web',
    8080,
    'UDP',
  ],
  ['protocols: absent is everything', [cnp('a', 5, rule('Deny'))], false, 'shop/web', 9, 'SCTP'],
  ['networks: outside', [cnp('a', 5, out('Deny', { networks: ['8.0.0.0/8'] }))], false, '8.8.8.8'],
  ['networks: outside of it', [cnp('a', 5, out('Deny', { networks: ['8.0.0.0/8'] }))], true, '9.8.8.8'],
  ['networks: also pod addresses', [cnp('a', 5, out('Deny', { networks: ['10.0.0.0/8'] }))], false],
  ['networks: 0.0.0.0/0 covers pod traffic', [cnp('a', 5, out('Deny', { networks: ['0.0.0.0/0'] }))], false],
  [
    'nodes: by label',
    [cnp('a', 5, out('Deny', { nodes: { matchLabels: { role: 'edge' } } }))],
    false,
    '192.168.0.1',
  ],
  [
    'nodes: no other',
    [cnp('a', 5, out('Deny', { nodes: { matchLabels: { role: 'x' } } }))],
    true,
    '192.168.0.1',
  ],
  [
    'domainNames: Accept alone is no match',
    [
      cnp('a', 5, out('Accept', { domainNames: ['*.x.io'] })),
      cnp('b', 6, out('Deny', { networks: ['0.0.0.0/0'] })),
    ],
    false,
    '8.8.8.8',
  ],
  [
    'unknown peer: Accept matches nothing',
    [cnp('a', 5, out('Accept', { moons: {} })), base('b', out('Deny', ALL))],
    false,
  ],
  ['unknown peer: Deny denies all', [cnp('a', 5, out('Deny', { moons: {} }))], false],
  ['unknown peer: Pass denies all', [cnp('a', 5, out('Pass', { moons: {} }))], false],
  ['superseded: ANP Allow', [anp('a', 5, rule('Allow')), np({})], true],
  ['superseded: ANP Deny', [anp('a', 5, rule('Deny'))], false],
  ['superseded: BANP is last', [banp(rule('Deny'))], false],
  ['superseded: BANP after NetworkPolicy', [banp(rule('Deny')), np({ ingress: [{}] })], true],
  [
    'mapping: portNumber',
    [anp('a', 5, rule('Deny', { ports: [{ portNumber: { protocol: 'TCP', port: 80 } }] }))],
    false,
  ],
  [
    'mapping: portRange',
    [anp('a', 5, rule('Deny', { ports: [{ portRange: { protocol: 'TCP', start: 81, end: 90 } }] }))],
    true,
  ],
  [
    'mapping: namedPort',
    [anp('a', 5, rule('Deny', { ports: [{ namedPort: 'http' }] }))],
    false,
    'shop/web',
    8080,
  ],
  ['mapping: Accept is no action of v1alpha1', [anp('a', 5, rule('Accept'))], false],
  [
    'current kind: another version is not guessed at',
    [policy('ClusterNetworkPolicy', 'v1', 'a', { tier: 'Admin', priority: 1, ...rule('Deny') })],
    true,
  ],
];

describe('admin tiers', () => {
  it.each(TABLE.map(([name, ...flow]) => ({ name, flow })))('$name', ({ flow }) => {
    const [policies, allowed, to, port, protocol] = flow;
    const one = verdict(policies, to, port, protocol);
    expect(one.allowed).toBe(allowed);
    expect(one.undefined).toBe(false);
  });

  it('equal priority: never picks, in either order, and says so', () => {
    const two = [cnp('a', 5, rule('Accept')), cnp('b', 5, rule('Deny'))];
    for (const policies of [two, [...two].reverse()]) {
      const one = verdict(policies);
      expect([one.allowed, one.undefined]).toEqual([false, true]);
      expect(one.caveats.map(({ code }) => code)).toContain('equalPriority');
    }
    const agree = verdict([cnp('a', 5, rule('Accept')), cnp('b', 5, rule('Accept'))]);
    expect([agree.allowed, agree.undefined]).toEqual([true, false]);
  });

  it('equal priority: Accept against Pass is undefined only where the next tier refuses', () => {
    const two = [cnp('a', 5, rule('Accept')), cnp('b', 5, rule('Pass'))];
    expect(verdict(two)).toMatchObject({ allowed: true, undefined: false });
    expect(verdict([...two, np({})])).toMatchObject({ allowed: false, undefined: true });
  });

  it('current kind: words show the group, because cnp names two kinds', () => {
    const { ingress } = verdict([cnp('a', 5, rule('Deny'))]);
    expect(sideSentence(ingress, 'ingress', 'shop/web')).toContain(
      'ClusterNetworkPolicy a (policy.networking.k8s.io)',
    );
  });

  it('both API versions at once are read and told', () => {
    const { caveats } = verdict([cnp('a', 5, rule('Pass')), anp('b', 6, rule('Pass'))]);
    expect(caveats.map(({ code }) => code)).toContain('mixedAdminApis');
    expect(verdict([cnp('a', 5, rule('Pass'))]).caveats).toEqual([]);
  });
});
