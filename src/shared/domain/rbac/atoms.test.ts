import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atomsOf, coversAtom, missingAtoms, rowsOf, rulesOf } from './atoms';
import type { PolicyRule } from './types';

const rule = (verbs: string[], resources: string[], more: Partial<PolicyRule> = {}): PolicyRule => ({
  verbs,
  apiGroups: [''],
  resources,
  ...more,
});

describe('atoms', () => {
  const covers: [string, PolicyRule, PolicyRule, boolean][] = [
    ['the same', rule(['get'], ['pods']), rule(['get'], ['pods']), true],
    ['a star covers a verb', rule(['get'], ['pods']), rule(['*'], ['pods']), true],
    ['A25: a verb does not cover the star', rule(['*'], ['pods']), rule(['get', 'list'], ['pods']), false],
    [
      'A8: a resource does not cover its subresource',
      rule(['get'], ['pods/log']),
      rule(['get'], ['pods']),
      false,
    ],
    ['A8: */scale', rule(['get'], ['pods/scale']), rule(['get'], ['*/scale']), true],
    [
      'a name is less than all',
      rule(['get'], ['pods'], { resourceNames: ['a'] }),
      rule(['get'], ['pods']),
      true,
    ],
    [
      'all is more than a name',
      rule(['get'], ['pods']),
      rule(['get'], ['pods'], { resourceNames: ['a'] }),
      false,
    ],
    ['A7: another group', rule(['get'], ['pods']), rule(['get'], ['pods'], { apiGroups: ['apps'] }), false],
    [
      'A13: a prefix',
      { verbs: ['get'], nonResourceURLs: ['/a/b'] },
      { verbs: ['get'], nonResourceURLs: ['/a/*'] },
      true,
    ],
    [
      'A13: no URL by resources',
      { verbs: ['get'], nonResourceURLs: ['/a'] },
      rule(['*'], ['*'], { apiGroups: ['*'] }),
      false,
    ],
  ];
  it.each(covers)('%s', (_, wanted, held, expected) => {
    expect(missingAtoms([wanted], [held]).length === 0).toBe(expected);
  });

  it('puts rows together by target, names and verbs', () => {
    const rows = rowsOf(
      atomsOf([
        rule(['get', 'list'], ['pods']),
        rule(['watch'], ['pods']),
        rule(['get'], ['secrets'], { resourceNames: ['a', 'b'] }),
      ]),
    );
    expect(rows).toEqual([
      { group: '', resource: 'pods', names: [], urls: [], verbs: ['get', 'list', 'watch'] },
      { group: '', resource: 'secrets', names: ['a', 'b'], urls: [], verbs: ['get'] },
    ]);
  });

  const some = (...values: string[]) => fc.array(fc.constantFrom(...values), { minLength: 1, maxLength: 3 });
  const anyRule: fc.Arbitrary<PolicyRule> = fc.oneof(
    fc.record({
      verbs: some('get', 'list', '*'),
      apiGroups: some('', 'apps', '*'),
      resources: some('pods', 'pods/log', '*', '*/scale'),
      resourceNames: fc.oneof(fc.constant([]), some('a', 'b')),
    }),
    fc.record({ verbs: some('get', '*'), nonResourceURLs: some('/a', '/a/*', '*') }),
  );

  it('rows and back again mean the same', () => {
    fc.assert(
      fc.property(fc.array(anyRule, { maxLength: 4 }), (rules) => {
        const again = rulesOf(rowsOf(atomsOf(rules)));
        expect(missingAtoms(rules, again)).toEqual([]);
        expect(missingAtoms(again, rules)).toEqual([]);
      }),
    );
  });

  it('rules always cover themselves, and nothing covers what it lacks', () => {
    fc.assert(
      fc.property(fc.array(anyRule, { maxLength: 4 }), (rules) => {
        for (const atom of atomsOf(rules)) {
          expect(coversAtom(rules, atom)).toBe(true);
          expect(coversAtom([], atom)).toBe(false);
        }
      }),
    );
  });
});
