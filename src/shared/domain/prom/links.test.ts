/** Templates of links: which are refused, and that no value of a cluster changes where a link leads. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fillLink, linkForms, linkProblem, type LinkValues } from './links';

const values: LinkValues = {
  cluster: 'real',
  kind: 'pods',
  namespace: 'shop',
  name: 'web-1',
  pod: 'web-1',
  workload: 'web',
  from: 1000,
  to: 2000,
};

test.each([
  ['', 'https://a.example', 'needs a name'],
  ['G', 'http://a.example', 'begins with https'],
  ['G', 'javascript:alert(1)', 'begins with https'],
  ['G', 'https://', 'begins with https'],
  ['G', 'https://{{name}}.example/', 'host cannot hold'],
  ['G', 'https://user:pass@a.example/', 'host cannot hold'],
  ['G', 'https://a.example\\@b.example/', 'host cannot hold'],
  ['G', 'https://a.example/{{secret}}', 'no variable secret'],
  ['G', 'https://a.example/a b', 'no address'],
  ['G', `https://a.example/${'x'.repeat(2000)}`, 'too long'],
])('%j %j is refused: %s', (title, url, words) => {
  expect(linkProblem({ title, url })).toContain(words);
  expect(fillLink({ title, url }, values)).toBeUndefined();
});

describe('filled', () => {
  test('with the object and the time on screen', () => {
    expect(fillLink({ title: 'G', url: linkForms.Grafana }, values)).toBe(
      'https://grafana.example/d/DASHBOARD?var-namespace=shop&var-pod=web-1&from=1000&to=2000',
    );
    for (const url of Object.values(linkForms))
      expect(fillLink({ title: 'x', url }, values)).toMatch(/^https:/);
  });

  test('not where the object has no such thing', () => {
    const url = 'https://a.example/{{node}}';
    expect(fillLink({ title: 'G', url }, values)).toBeUndefined();
    expect(fillLink({ title: 'G', url }, { ...values, node: 'n1' })).toBe('https://a.example/n1');
  });

  test('whatever the names: host, path and parameters stay those of the template', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme-ascii' }), (name) => {
        const url = fillLink(
          { title: 'G', url: 'https://a.example/d/x?pod={{name}}&end=1' },
          { ...values, name },
        );
        const found = new URL(url ?? '');
        expect([found.host, found.pathname, found.hash]).toEqual(['a.example', '/d/x', '']);
        expect([...found.searchParams]).toEqual([
          ['pod', name],
          ['end', '1'],
        ]);
      }),
    );
  });
});
