import { describe, expect, it } from 'vitest';
import { admissionMatch, type AdmissionRequest, type Constraints, type ResourceRule } from './match';

const rule = (more: Partial<ResourceRule> = {}): ResourceRule => ({
  operations: ['CREATE'],
  apiGroups: [''],
  apiVersions: ['v1'],
  resources: ['pods'],
  resourceNames: [],
  scope: '*',
  ...more,
});
const constraints = (one: Partial<ResourceRule> = {}, more: Partial<Constraints> = {}): Constraints => ({
  rules: [rule(one)],
  exclude: [],
  matchPolicy: 'Equivalent',
  conditions: [],
  ...more,
});
const request = (more: Partial<AdmissionRequest> = {}): AdmissionRequest => ({
  operation: 'CREATE',
  group: '',
  version: 'v1',
  resource: 'pods',
  subresource: '',
  namespace: 'shop',
  name: 'web',
  labels: { app: 'web' },
  namespaceLabels: { team: 'retail' },
  ...more,
});

describe('admissionMatch', () => {
  const cases: [string, boolean, Constraints, AdmissionRequest][] = [
    ['same', true, constraints(), request()],
    ['other operation', false, constraints(), request({ operation: 'UPDATE' })],
    ['any operation', true, constraints({ operations: ['*'] }), request({ operation: 'DELETE' })],
    ['other group', false, constraints({ apiGroups: ['apps'] }), request()],
    ['star is no subresource', false, constraints({ resources: ['*'] }), request({ subresource: 'exec' })],
    ['pods/* is pods too', true, constraints({ resources: ['pods/*'] }), request()],
    ['*/* is everything', true, constraints({ resources: ['*/*'] }), request({ subresource: 'exec' })],
    ['*/scale', true, constraints({ resources: ['*/scale'] }), request({ subresource: 'scale' })],
    ['only cluster', false, constraints({ scope: 'Cluster' }), request()],
    [
      'a namespace is of the cluster',
      true,
      constraints({ scope: 'Cluster', resources: ['namespaces'] }),
      request({ resource: 'namespaces', name: 'shop' }),
    ],
    ['equivalent version', true, constraints({ apiVersions: ['v2'] }), request()],
    ['exact version', false, constraints({ apiVersions: ['v2'] }, { matchPolicy: 'Exact' }), request()],
    ['one name', false, constraints({ resourceNames: ['other'] }), request()],
    [
      'namespace selector',
      false,
      constraints({}, { namespaceSelector: { matchLabels: { team: 'x' } } }),
      request(),
    ],
    [
      'namespace selector on an object of the cluster',
      true,
      constraints({ resources: ['nodes'] }, { namespaceSelector: { matchLabels: { team: 'x' } } }),
      request({ resource: 'nodes', namespace: '' }),
    ],
    [
      'namespace selector on a namespace is about its own labels',
      false,
      constraints({ resources: ['namespaces'] }, { namespaceSelector: { matchLabels: { team: 'retail' } } }),
      request({ resource: 'namespaces' }),
    ],
    ['empty selectors', true, constraints({}, { namespaceSelector: {}, objectSelector: {} }), request()],
    ['object selector', false, constraints({}, { objectSelector: { matchLabels: { app: 'x' } } }), request()],
    ['exclude', false, constraints({}, { exclude: [rule({ operations: ['*'] })] }), request()],
    [
      'admission itself',
      false,
      constraints({ apiGroups: ['*'], resources: ['*'] }),
      request({ group: 'admissionregistration.k8s.io', resource: 'validatingwebhookconfigurations' }),
    ],
  ];
  it.each(cases)('%s', (_, expected, one, asked) => {
    const { matches, why } = admissionMatch(one, asked);
    expect(matches).toBe(expected);
    expect(why).not.toBe('');
  });

  it('tells conditions it does not evaluate', () => {
    const one = constraints({}, { conditions: [{ name: 'not-system', expression: 'true' }] });
    expect(admissionMatch(one, request()).why).toContain('not-system');
  });
});
