/** Questions as people ask them: workloads, namespaces, Services, the internet. */
import { describe, expect, it } from 'vitest';
import { coverageOf } from './coverage';
import { diffConnections } from './diff';
import { generatePolicies } from './generate';
import { inquire, type World } from './inquiry';
import { NetpolModel } from './model';
import type { Place } from './places';
import { reachOf } from './reach';
import type { NetService, NetSlice } from './services';
import type { NetPod, PolicyObject } from './types';
import { changed } from './what-if';

const pod = (name: string, app: string, ip: string, extra: Partial<NetPod> = {}): NetPod => ({
  namespace: 'shop',
  name,
  labels: { app, 'pod-template-hash': 'abc' },
  ips: [ip],
  ports: [{ name: 'http', port: 8080 }],
  workload: `shop/${app}[Deployment]`,
  ...extra,
});
const pods: readonly NetPod[] = [
  pod('web-1', 'web', '10.0.0.1'),
  pod('web-2', 'web', '10.0.0.2'),
  pod('cart-1', 'cart', '10.0.0.3'),
  pod('db-0', 'db', '10.0.0.4', { workload: 'shop/db[StatefulSet]' }),
];
const np = (name: string, spec: object): PolicyObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, namespace: 'shop' },
  spec,
});
const deny = np('default-deny', { podSelector: {}, policyTypes: ['Ingress'] });
const policies: readonly PolicyObject[] = [
  deny,
  np('cart-from-web', {
    podSelector: { matchLabels: { app: 'cart' } },
    ingress: [{ from: [{ podSelector: { matchLabels: { app: 'web' } } }], ports: [{ port: 'http' }] }],
  }),
  np('web-from-anywhere', {
    podSelector: { matchLabels: { app: 'web' } },
    ingress: [{ from: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['8.8.8.0/24'] } }] }],
  }),
  np('db-closed', { podSelector: { matchLabels: { app: 'db' } }, policyTypes: ['Egress'] }),
];
const service: NetService = {
  namespace: 'shop',
  name: 'cart',
  type: 'ClusterIP',
  headless: false,
  local: false,
  ports: [{ name: 'web', port: 80, target: 'http', protocol: 'TCP' }],
  selector: { app: 'cart' },
};
const slice: NetSlice = {
  namespace: 'shop',
  service: 'cart',
  ports: [{ name: 'web', port: 8080, protocol: 'TCP' }],
  endpoints: [{ addresses: ['10.0.0.3'], pod: 'cart-1', ready: true }],
};
const snapshot = { namespaces: [{ name: 'shop' }], pods, policies };
const world = (slices: readonly NetSlice[] | undefined = [slice]): World => ({
  model: new NetpolModel(snapshot),
  services: new Map([['shop/cart', service]]),
  slices,
});
const work = (app: string, kind = 'Deployment'): Place => ({ type: 'workload', id: `shop/${app}[${kind}]` });
const cart: Place = { type: 'service', namespace: 'shop', name: 'cart' };

describe('inquiries', () => {
  it.each([
    ['S19', work('web'), cart, 80, 'allowed', 'cart-from-web'],
    ['S19', work('web'), cart, 'web', 'allowed', 'cart-from-web'],
    ['S13', work('web'), work('cart'), 'http', 'allowed', 'cart-from-web'],
    ['S3', work('cart'), work('web'), 8080, 'allowed', 'web-from-anywhere'],
    ['S6', work('db', 'StatefulSet'), work('web'), 8080, 'denied', 'db-closed'],
    ['S3', { type: 'namespace', name: 'shop' }, work('web'), 8080, 'partial', 'web-from-anywhere'],
    ['S16', { type: 'internet' }, work('web'), 443, 'partial', 'web-from-anywhere'],
    ['S16', { type: 'ip', address: '8.8.8.8' }, work('web'), 443, 'denied', 'web-from-anywhere'],
    ['S3', work('web'), { type: 'internet' }, 443, 'allowed', ''],
  ] as const)('%s: %j to %j on %s is %s', (_, from, to, port, outcome, by) => {
    const answer = inquire(world(), { from, to, port, protocol: 'TCP' });
    expect(answer.outcome).toBe(outcome);
    const lines = answer.shown.flatMap(({ egress, ingress }) => [...egress.lines, ...ingress.lines]);
    if (by !== '') expect(lines.map((line) => line.policy.name)).toContain(by);
  });

  it('S19: judges the target port, and resolves by selector where slices may not be read', () => {
    for (const slices of [[slice], undefined]) {
      const answer = inquire(world(slices), { from: work('web'), to: cart, port: 80, protocol: 'TCP' });
      expect(answer.shown[0]?.verdict.port).toBe(8080);
      expect(answer.notes[0]).toContain('port 80 leads to 1 endpoint on port 8080');
    }
  });

  it('says what a Service has when asked for a port it does not have', () => {
    expect(() => inquire(world(), { from: work('web'), to: cart, port: 81, protocol: 'TCP' })).toThrow(
      'has no port TCP 81: it has TCP 80 (web)',
    );
  });

  it('lists open ports when none was asked for, and what would allow what is denied', () => {
    const open = inquire(world(), { from: work('web'), to: work('cart'), port: null, protocol: 'TCP' });
    expect(open.open).toBe('TCP 8080');
    const denied = inquire(world(), {
      from: work('db', 'StatefulSet'),
      to: work('web'),
      port: 80,
      protocol: 'TCP',
    });
    expect(denied.shown[0]?.egress.fix).toContain('egress rule to shop/web-1, TCP 80');
  });
});

describe('views', () => {
  it('reach lists everybody with the ports that are open', () => {
    const rows = reachOf(world().model, work('cart'), 'ingress');
    expect(Object.fromEntries(rows.map(({ label, open }) => [label, open]))).toEqual({
      internet: '',
      'shop/web': 'TCP 8080',
      'shop/db': '',
    });
  });

  it('S24: what uses the host network of its node reaches the pods there', () => {
    const host: NetPod = {
      ...pod('agent', 'agent', '10.9.0.1'),
      hostNetwork: true,
      nodeName: 'n1',
      ips: ['10.9.0.1'],
    };
    const here = pods.map((one) => ({ ...one, nodeName: one.name === 'cart-1' ? 'n1' : 'n2' }));
    const model = new NetpolModel({ ...snapshot, pods: [...here, host] });
    const from = (app: string) =>
      reachOf(model, work(app, app === 'db' ? 'StatefulSet' : 'Deployment'), 'ingress').find(
        ({ label }) => label === 'shop/agent',
      );
    expect(from('cart')?.open).toBe('All');
    expect(from('db')?.open).toBe('');
  });

  it('S21: coverage counts isolation, default deny, internet and DNS', () => {
    const model = new NetpolModel({
      ...snapshot,
      pods: [
        ...pods,
        { namespace: 'kube-system', name: 'dns', labels: { 'k8s-app': 'kube-dns' }, ips: ['10.0.0.9'] },
      ],
    });
    const { namespaces, workloads } = coverageOf(model, { pods: [{ key: 'kube-system/dns', port: 53 }] }, [
      'shop',
    ]);
    expect(namespaces).toEqual([
      {
        name: 'shop',
        pods: 4,
        none: 0,
        ingressOnly: 3,
        egressOnly: 0,
        both: 1,
        host: 0,
        denyIngress: 'default-deny',
        denyEgress: null,
        noDns: 1,
      },
    ]);
    const db = workloads.find(({ id }) => id.startsWith('shop/db'));
    expect([db?.dns, db?.toInternet.open, db?.fromInternet.open]).toEqual(['denied', '', '']);
    const web = workloads.find(({ id }) => id.startsWith('shop/web'));
    expect([web?.fromInternet.open, web?.fromInternet.uneven]).toEqual(['All', true]);
  });
});

describe('what if', () => {
  it('removing the default deny opens what it alone isolated', () => {
    const next = changed(snapshot, [
      { type: 'remove', kind: 'NetworkPolicy', namespace: 'shop', name: 'default-deny' },
    ]);
    const { added, removed } = diffConnections(new NetpolModel(snapshot), new NetpolModel(next));
    expect(removed).toEqual([]);
    expect(added.map(({ src, dst }) => `${src} ${dst}`)).toContain(
      'shop/web[Deployment] shop/db[StatefulSet]',
    );
  });

  it('a changed label moves pods in and out of selectors', () => {
    const labels = { app: 'web' };
    const next = changed(snapshot, [
      { type: 'labels', target: 'workload', id: 'shop/cart[Deployment]', labels },
    ]);
    const model = new NetpolModel(next);
    const after = inquire(
      { ...world(), model },
      { from: work('web'), to: work('cart'), port: 9, protocol: 'TCP' },
    );
    expect(after.outcome).toBe('allowed');
  });

  it('generated policies allow the chosen flows and nothing else to those pods', () => {
    const model = new NetpolModel({ ...snapshot, policies: [deny] });
    const flow = {
      from: 'shop/web[Deployment]',
      to: 'shop/cart[Deployment]',
      protocol: 'TCP',
      port: 8080,
    } as const;
    const { policies: made, notes } = generatePolicies(model, [flow], { ingress: true, egress: false });
    expect(notes).toEqual([]);
    const after = new NetpolModel({ ...snapshot, policies: [deny, ...(made as PolicyObject[])] });
    const { added, removed, changed: other } = diffConnections(model, after);
    expect(added).toEqual([{ src: flow.from, dst: flow.to, conn: 'TCP 8080' }]);
    expect([removed, other]).toEqual([[], []]);
  });
});
