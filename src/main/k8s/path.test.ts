import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { queryString, resourcePath } from './path';

describe('resourcePath', () => {
  it.each([
    [{ group: '', version: 'v1', resource: 'pods' }, '/api/v1/pods'],
    [{ group: '', version: 'v1', resource: 'pods', namespace: '' }, '/api/v1/pods'],
    [
      { group: '', version: 'v1', resource: 'pods', namespace: 'shop', name: 'web-0', subresource: 'log' },
      '/api/v1/namespaces/shop/pods/web-0/log',
    ],
    [
      { group: 'apps', version: 'v1', resource: 'deployments', namespace: 'shop' },
      '/apis/apps/v1/namespaces/shop/deployments',
    ],
    [
      { group: 'rbac.authorization.k8s.io', version: 'v1', resource: 'clusterroles', name: 'system:Node ü' },
      '/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3ANode%20%C3%BC',
    ],
  ])('%j', (of, expected) => expect(resourcePath(of)).toBe(expected));

  it.each(['..', '.', '', 'a/b', '../x', '%2e%2e', 'a\\b', 'a\nb', 'a\0', '\ud800', 'x'.repeat(600)])(
    'fault 31: refuses the name %j',
    (name) => {
      expect(() =>
        resourcePath({ group: '', version: 'v1', resource: 'pods', namespace: 'n', name }),
      ).toThrow(/cannot be used/);
    },
  );

  it('never leaves its segment, whatever the name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        let path: string;
        try {
          path = resourcePath({ group: '', version: 'v1', resource: 'pods', namespace: 'n', name });
        } catch {
          return;
        }
        expect(new URL(path, 'https://h').pathname.split('/')).toHaveLength(7);
        expect(decodeURIComponent(path.split('/')[6] ?? '')).toBe(name);
      }),
    );
  });
});

describe('queryString', () => {
  it.each([
    [undefined, ''],
    [{}, ''],
    [{ a: undefined }, ''],
    [{ a: 1, b: true, c: 'x&y=z', d: ['p', 'q'] }, '?a=1&b=true&c=x%26y%3Dz&d=p&d=q'],
  ])('%j', (query, expected) => expect(queryString(query)).toBe(expected));
});
