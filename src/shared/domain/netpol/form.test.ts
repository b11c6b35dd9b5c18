import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { compilePolicy } from './compile';
import { emptyForm, formPolicy, type PolicyForm } from './form';
import type { PolicyObject } from './types';

const object = (change: Partial<PolicyForm>): PolicyObject => {
  const made = formPolicy({ ...emptyForm, name: 'p', namespace: 'shop', ...change });
  if ('problem' in made) throw new Error(made.problem);
  return parse(made.text) as PolicyObject;
};

describe('a policy by a form', () => {
  it('denies all, by an object without mistakes', () => {
    expect(object({}).spec).toEqual({ podSelector: {}, policyTypes: ['Ingress'] });
    expect(object({ egress: 'deny' }).spec).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
    expect(compilePolicy(object({}))?.problems).toEqual([]);
  });
  it('has rules of every kind of peer and port', () => {
    const rules = [
      { peer: 'anyone' as const, text: '', ports: '' },
      { peer: 'pods' as const, text: 'app=web, v=1', ports: '80, UDP 53, 8000-8100, http' },
      { peer: 'namespace' as const, text: 'ops', ports: 'SCTP 9' },
      { peer: 'namespace' as const, text: '', ports: '' },
      { peer: 'cidr' as const, text: '10.0.0.0/8', ports: '' },
    ];
    const made = object({ selects: 'app=cart', ingress: 'open', egress: 'rules', egressRules: rules });
    expect(made.spec).toEqual({
      podSelector: { matchLabels: { app: 'cart' } },
      policyTypes: ['Egress'],
      egress: [
        {},
        {
          to: [{ podSelector: { matchLabels: { app: 'web', v: '1' } } }],
          ports: [
            { protocol: 'TCP', port: 80 },
            { protocol: 'UDP', port: 53 },
            { protocol: 'TCP', port: 8000, endPort: 8100 },
            { protocol: 'TCP', port: 'http' },
          ],
        },
        {
          to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ops' } } }],
          ports: [{ protocol: 'SCTP', port: 9 }],
        },
        { to: [{ namespaceSelector: {} }] },
        { to: [{ ipBlock: { cidr: '10.0.0.0/8' } }] },
      ],
    });
    expect(compilePolicy(made)?.problems).toEqual([]);
  });
  it.each([
    [{ name: 'Bad Name' }, 'name'],
    [{ ingress: 'open' as const }, 'direction'],
    [{ ingress: 'rules' as const }, 'Add a rule'],
    [{ selects: 'app' }, 'key=value'],
    [
      { ingress: 'rules' as const, ingressRules: [{ peer: 'cidr' as const, text: '10.0.0.0', ports: '' }] },
      'CIDR',
    ],
    [
      { ingress: 'rules' as const, ingressRules: [{ peer: 'anyone' as const, text: '', ports: '70000' }] },
      '65535',
    ],
  ])('%o says what is wrong', (change, words) => {
    expect(() => object(change)).toThrow(words);
  });
});
