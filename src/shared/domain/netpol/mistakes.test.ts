/** One case for each mistake, beside the same policy without it. */
import { describe, expect, it } from 'vitest';
import type { DnsServers } from './dns';
import { mistakesOf, type MistakeCode } from './mistakes';
import { NetpolModel } from './model';
import type { NetPod, PolicyObject } from './types';

const pods: readonly NetPod[] = [
  {
    namespace: 'shop',
    name: 'web',
    labels: { app: 'web' },
    ips: ['10.0.0.1'],
    ports: [{ name: 'http', port: 8080 }],
  },
  {
    namespace: 'shop',
    name: 'db',
    labels: { app: 'db', tier: 'data' },
    ips: ['10.0.0.2'],
    ports: [{ name: 'pg', port: 5432 }],
  },
  { namespace: 'ops', name: 'scrape', labels: { app: 'scrape' }, ips: ['10.0.0.3'] },
  { namespace: 'kube-system', name: 'dns', labels: { 'k8s-app': 'kube-dns' }, ips: ['10.0.0.53'] },
];
const dns: DnsServers = { pods: [{ key: 'kube-system/dns', port: 53 }] };

function np(spec: object, name = 'one', namespace = 'shop'): PolicyObject {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, namespace }, spec };
}

function cnp(spec: object, name = 'one'): PolicyObject {
  return {
    apiVersion: 'policy.networking.k8s.io/v1alpha2',
    kind: 'ClusterNetworkPolicy',
    metadata: { name },
    spec,
  };
}

function found(policies: readonly PolicyObject[]): { code: MistakeCode; at: string; text: string }[] {
  const model = new NetpolModel({
    namespaces: [{ name: 'shop' }, { name: 'ops', labels: { team: 'ops' } }, { name: 'kube-system' }],
    pods,
    policies,
  });
  return mistakesOf(model, model.policies[0]!, dns);
}

const web = { podSelector: { matchLabels: { app: 'web' } } };
const ingress = (rule: object): PolicyObject => np({ ...web, ingress: [rule] });
const everywhere = { namespaces: {} };
const toDns = {
  to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } } }],
  ports: [
    { protocol: 'UDP', port: 53 },
    { protocol: 'TCP', port: 53 },
  ],
};

const cases: readonly (readonly [
  MistakeCode,
  at: string,
  wrong: readonly PolicyObject[],
  right: readonly PolicyObject[],
])[] = [
  [
    'selectsNothing',
    'podSelector',
    [np({ podSelector: { matchLabels: { app: 'wep' } } })],
    [np({ podSelector: { matchLabels: { app: 'web' } } })],
  ],
  [
    'peerMatchesNothing',
    'ingress[0].from[0]',
    [ingress({ from: [{ podSelector: { matchLabels: { app: 'scrape' } } }] })],
    [
      ingress({
        from: [
          {
            podSelector: { matchLabels: { app: 'scrape' } },
            namespaceSelector: { matchLabels: { team: 'ops' } },
          },
        ],
      }),
    ],
  ],
  [
    'noSuchNamespace',
    'ingress[0].from[0]',
    [ingress({ from: [{ namespaceSelector: { matchLabels: { name: 'ops' } } }] })],
    [ingress({ from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ops' } } }] })],
  ],
  [
    'noSuchPortName',
    'ingress[0].ports[0]',
    [ingress({ ports: [{ port: 'web' }] })],
    [ingress({ ports: [{ port: 'http' }] })],
  ],
  [
    'noSuchPortName',
    'egress[0].ports[0]',
    [
      np({
        ...web,
        egress: [{ to: [{ podSelector: { matchLabels: { app: 'db' } } }], ports: [{ port: 'http' }] }],
      }),
    ],
    [
      np({
        ...web,
        egress: [{ to: [{ podSelector: { matchLabels: { app: 'db' } } }], ports: [{ port: 'pg' }] }],
      }),
    ],
  ],
  [
    'noSuchPortName',
    'ingress[0].ports[0]',
    [ingress({ ports: [{ port: 'http', protocol: 'UDP' }] })],
    [ingress({ ports: [{ port: 'http', protocol: 'TCP' }] })],
  ],
  [
    'exceptOutside',
    'ingress[0].from[0].ipBlock.except[0]',
    [ingress({ from: [{ ipBlock: { cidr: '10.0.0.0/16', except: ['10.1.0.0/24'] } }] })],
    [ingress({ from: [{ ipBlock: { cidr: '10.0.0.0/16', except: ['10.0.1.0/24'] } }] })],
  ],
  [
    'sectionWithoutType',
    'egress',
    [np({ ...web, policyTypes: ['Ingress'], egress: [{}] })],
    [np({ ...web, policyTypes: ['Ingress', 'Egress'], egress: [{}] })],
  ],
  [
    'dnsForgotten',
    'egress',
    [np({ ...web, egress: [{ to: [{ podSelector: {} }] }] })],
    [np({ ...web, egress: [{ to: [{ podSelector: {} }] }, toDns] })],
  ],
  [
    'needless',
    '',
    [
      np({ ...web, policyTypes: ['Ingress'], ingress: [{ ports: [{ port: 80 }] }] }),
      np(
        { podSelector: {}, policyTypes: ['Ingress'], ingress: [{ ports: [{ port: 80 }, { port: 81 }] }] },
        'two',
      ),
    ],
    [
      np({ ...web, policyTypes: ['Ingress'], ingress: [{ ports: [{ port: 82 }] }] }),
      np(
        { podSelector: {}, policyTypes: ['Ingress'], ingress: [{ ports: [{ port: 80 }, { port: 81 }] }] },
        'two',
      ),
    ],
  ],
  [
    'equalPriority',
    'priority',
    [
      cnp({
        tier: 'Admin',
        priority: 5,
        subject: everywhere,
        ingress: [{ action: 'Deny', from: [everywhere] }],
      }),
      cnp(
        {
          tier: 'Admin',
          priority: 5,
          subject: everywhere,
          ingress: [{ action: 'Accept', from: [everywhere] }],
        },
        'two',
      ),
    ],
    [
      cnp({
        tier: 'Admin',
        priority: 5,
        subject: everywhere,
        ingress: [{ action: 'Deny', from: [everywhere] }],
      }),
      cnp(
        {
          tier: 'Admin',
          priority: 6,
          subject: everywhere,
          ingress: [{ action: 'Accept', from: [everywhere] }],
        },
        'two',
      ),
    ],
  ],
  [
    'noRules',
    '',
    [cnp({ tier: 'Admin', priority: 5, subject: everywhere })],
    [
      cnp({
        tier: 'Admin',
        priority: 5,
        subject: everywhere,
        ingress: [{ action: 'Deny', from: [everywhere] }],
      }),
    ],
  ],
];

describe('mistakes in policies', () => {
  it.each(cases)('%s at "%s" is found, and not where it is not', (code, at, wrong, right) => {
    expect(found(wrong).map((one) => `${one.code} ${one.at}`)).toContain(`${code} ${at}`);
    expect(found(right).map((one) => one.code)).not.toContain(code);
  });

  it('says where pods of the labels run, when a podSelector alone means the own namespace', () => {
    const [one] = found([ingress({ from: [{ podSelector: { matchLabels: { app: 'scrape' } } }] })]);
    expect(one?.text).toContain('run in ops');
  });

  it('names the label that no pod has, of a selector that selects nothing', () => {
    const [one] = found([np({ podSelector: { matchLabels: { app: 'wep' } } })]);
    expect(one?.text).toContain('values of app there: web, db');
  });

  it('does not call a default deny needless, nor a policy that alone isolates', () => {
    const deny = np({ podSelector: {}, policyTypes: ['Ingress'] });
    expect(found([deny])).toEqual([]);
    expect(found([deny, np({ podSelector: {}, policyTypes: ['Ingress'] }, 'two')])).toEqual([]);
  });
});
