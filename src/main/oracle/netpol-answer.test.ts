/** Questions and warnings of the network policy oracles. */
import { describe, expect, it } from 'vitest';
import { NetpolModel } from '#shared/domain/netpol/model';
import type { Manifest } from './manifests';
import { answerQuestion } from './netpol-answer';
import { netpolSnapshot } from './netpol-manifests';
import { servicesOf, warnings } from './netpol-model';

const pod = (name: string, ip: string, port = 8080): Manifest => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop', labels: { app: name } },
  spec: { containers: [{ name: 'c', ports: [{ name: 'http', containerPort: port }] }] },
  status: { podIP: ip },
});
const policy = (name: string, spec: unknown): Manifest => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, namespace: 'shop' },
  spec,
});
const service: Manifest = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'front', namespace: 'shop' },
  spec: { selector: { app: 'cart' }, clusterIP: '10.96.0.7', ports: [{ port: 80, targetPort: 'http' }] },
};
const open8080 = policy('p', { podSelector: {}, ingress: [{ ports: [{ port: 8080 }] }] });

function world(...objects: Manifest[]): Parameters<typeof answerQuestion>[0] {
  return { model: new NetpolModel(netpolSnapshot(objects)), ...servicesOf(objects) };
}
const base = world(pod('web', '10.0.0.1'), pod('cart', '10.0.0.2'), service, open8080);
const allowed = (question: Record<string, unknown>): unknown => answerQuestion(base, question)['allowed'];

describe('questions of the oracle', () => {
  it('are of pods, addresses of pods, and places outside', () => {
    expect(allowed({ from: 'shop/web', to: 'shop/cart', port: 8080 })).toBe(true);
    expect(allowed({ from: '10.0.0.1', to: '10.0.0.2', port: 81, protocol: 'TCP' })).toBe(false);
    expect(allowed({ from: '1.2.3.4', to: 'shop/cart', port: 'http' })).toBe(true);
    expect(allowed({ from: 'shop/cart', to: '1.2.3.4', port: '443' })).toBe(true);
  });
  it('S19 to a Service or its address are judged at its pods and their port', () => {
    expect(allowed({ from: 'shop/web', to: '10.96.0.7', port: 80 })).toBe(true);
    expect(allowed({ from: 'shop/web', to: 'shop/front', port: 80 })).toBe(true);
    expect(() => allowed({ from: 'shop/web', to: 'shop/front', port: 8080 })).toThrow('no port TCP 8080');
    expect(JSON.stringify(answerQuestion(base, { from: 'shop/web', to: '10.96.0.7', port: 80 }))).toContain(
      'S19',
    );
  });
  it('that cannot be asked are told why', () => {
    expect(() => allowed({ from: 'shop/gone', to: 'shop/cart', port: 80 })).toThrow('shop/gone');
    expect(() => allowed({ from: 'shop/web', to: 'shop/cart', port: 0 })).toThrow('no port');
    expect(() => allowed({ from: 'shop/web', to: 'shop/cart' })).toThrow('port');
    expect(() => allowed({ from: 'shop/web', to: 'shop/cart', port: 1, protocol: 'ICMP' })).toThrow('S29');
  });
});

describe('warnings of the oracles', () => {
  const say = (...objects: Manifest[]): string =>
    warnings(objects, new NetpolModel(netpolSnapshot(objects))).join('\n');
  const tier = (name: string, priority: number): Manifest => ({
    apiVersion: 'policy.networking.k8s.io/v1alpha1',
    kind: 'AdminNetworkPolicy',
    metadata: { name },
    spec: {
      priority,
      subject: { namespaces: {} },
      ingress: [{ action: 'Deny', from: [{ namespaces: {} }] }],
    },
  });
  it('name the policy, the place and the rule', () => {
    expect(say(open8080)).toBe('');
    const bad = policy('bad', {
      podSelector: {},
      ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['11.0.0.0/8'] } }] }],
    });
    expect(say(bad)).toBe(
      'NetworkPolicy shop/bad ingress[0].from[0].ipBlock.except[0]: 11.0.0.0/8 is not inside 10.0.0.0/8 (S17)',
    );
    expect(say(open8080, open8080)).toContain('is there twice');
    expect(say()).toContain('No Kubernetes objects');
  });
  it('leave other engines and unknown versions to be judged elsewhere, by name', () => {
    const other = { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name: 'x' } };
    expect(say(other)).toContain('cilium.io/v2 CiliumNetworkPolicy x: judged by its own engine (S30)');
    const next = {
      apiVersion: 'policy.networking.k8s.io/v1',
      kind: 'ClusterNetworkPolicy',
      metadata: { name: 'y' },
    };
    expect(say(next)).toContain('ClusterNetworkPolicy y: neither');
  });
  it('say where equal priorities leave the result undefined, and only there', () => {
    expect(say(pod('web', '10.0.0.1'), tier('a', 5), tier('b', 5))).toContain('undefined');
    expect(say(pod('web', '10.0.0.1'), tier('a', 5), tier('b', 6))).toBe('');
    expect(say(tier('a', 5), tier('b', 5))).toBe('');
  });
});
