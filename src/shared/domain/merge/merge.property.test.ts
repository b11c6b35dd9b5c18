/**
 * No lost change in 10,000 random triples. The judge knows nothing of the merge: it writes
 * every object as flat facts (path of names and element keys -> value) and compares those.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtInRules, firstOf } from './list-rules';
import { merge3, type Choices } from './merge';

const RUNS = 10_000;
const rules = firstOf(builtInRules('Pod'));

// Few names and values, so that the three versions touch the same places.
const word = fc.constantFrom('a', 'b', 'c');
const env = fc.uniqueArray(
  fc.record({ name: word, value: fc.constantFrom('1', '2', '3') }, { requiredKeys: ['name'] }),
  { selector: (one) => one.name, maxLength: 3 },
);
const ports = fc.uniqueArray(
  fc.record(
    {
      containerPort: fc.constantFrom(80, 443),
      protocol: fc.constantFrom('TCP', 'UDP'),
      name: word,
    },
    { requiredKeys: ['containerPort', 'protocol'] },
  ),
  { selector: (one) => `${one.containerPort}/${one.protocol}`, maxLength: 3 },
);
const container = fc.record(
  {
    name: word,
    image: fc.constantFrom('x:1', 'x:2', 'x:3'),
    env,
    ports,
    args: fc.array(word, { maxLength: 2 }),
  },
  { requiredKeys: ['name'] },
);
const containers = fc.uniqueArray(container, { selector: (one) => one.name, maxLength: 3 });
const object = fc.record(
  {
    metadata: fc.record(
      {
        labels: fc.dictionary(fc.constantFrom('app', 'a.b/c', '__proto__', 'tier'), word, { maxKeys: 3 }),
        finalizers: fc.uniqueArray(word, { maxLength: 3 }),
      },
      { requiredKeys: [] },
    ),
    spec: fc.record(
      {
        replicas: fc.nat(3),
        containers,
        initContainers: containers,
        odd: fc.oneof(fc.nat(2), word, fc.constant(null), fc.record({ x: fc.nat(2) }, { requiredKeys: [] })),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);
type Thing = Readonly<Record<string, unknown>>;

/** A version of `base` with some places taken from `donor`, as a person edits here and there. */
function edited(base: unknown, donor: unknown, dice: () => number): unknown {
  const thrown = dice();
  const deep = typeof base === 'object' && base !== null && typeof donor === 'object' && donor !== null;
  if (!deep) return thrown < 6 ? base : donor;
  if (thrown === 9) return donor;
  if (Array.isArray(base) !== Array.isArray(donor)) return donor;
  if (Array.isArray(base) && Array.isArray(donor)) {
    const id = (one: unknown): string => JSON.stringify((one as Thing)?.['name'] ?? one);
    const given = new Map((donor as unknown[]).map((one) => [id(one), one]));
    return (base as unknown[]).map((one) =>
      given.has(id(one)) ? edited(one, given.get(id(one)), dice) : one,
    );
  }
  const keys = new Set([...Object.keys(base), ...Object.keys(donor)]);
  const own = (map: object, key: string): unknown =>
    Object.prototype.hasOwnProperty.call(map, key) ? (map as Thing)[key] : undefined;
  return Object.fromEntries(
    [...keys]
      .map((key) => [key, edited(own(base, key), own(donor, key), dice)] as const)
      .filter(([, value]) => value !== undefined),
  );
}

const rolling = (throws: readonly number[]): (() => number) => {
  let at = 0;
  return () => throws[at++ % throws.length] ?? 0;
};
const dice = fc.array(fc.nat(9), { minLength: 5, maxLength: 40 });
const edits = fc
  .tuple(object, object, object, dice, dice)
  .map(([base, one, two, a, b]) => [base, edited(base, one, rolling(a)), edited(base, two, rolling(b))]);
/** Half of them unrelated objects (conflicts), half small edits of one (merges). */
const triples = fc.oneof(fc.tuple(object, object, object), edits) as fc.Arbitrary<[Thing, Thing, Thing]>;

const listKeys: Readonly<Record<string, readonly string[]>> = {
  containers: ['name'],
  initContainers: ['name'],
  env: ['name'],
  ports: ['containerPort', 'protocol'],
};

/** Every leaf with its place; an empty map or list is a leaf too. */
function facts(value: unknown, place = '', name = '', into = new Map<string, string>()): Map<string, string> {
  const keys = listKeys[name];
  if (Array.isArray(value) && keys) {
    into.set(`${place}/`, 'list');
    for (const element of value as Record<string, unknown>[]) {
      facts(element, `${place}/${keys.map((one) => String(element[one])).join('|')}`, '', into);
    }
  } else if (Array.isArray(value) && name === 'finalizers') {
    into.set(`${place}/`, 'list');
    for (const one of value) into.set(`${place}/${String(one)}`, 'in');
  } else if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    into.set(`${place}/`, 'map');
    for (const [key, inner] of Object.entries(value)) facts(inner, `${place}/${escape(key)}`, key, into);
  } else into.set(place, JSON.stringify(value));
  return into;
}

const escape = (text: string): string => text.replaceAll('/', '~');

/** The place of a conflict's path, in the words of `facts`. */
function placeOf(path: readonly object[]): string {
  return path
    .map((step) => {
      if ('key' in step) return `/${escape(String(step.key))}`;
      if ('keys' in step)
        return `/${Object.values(step.keys as object)
          .map(String)
          .join('|')}`;
      return `/${String((step as { value: unknown }).value)}`;
    })
    .join('');
}

const within = (place: string, root: string): boolean => place === root || place.startsWith(`${root}/`);

describe('merge3 of random versions', () => {
  it(`loses no change in ${RUNS} triples`, () => {
    const seen = { merged: 0, conflicts: 0 };
    fc.assert(
      fc.property(triples, ([base, mine, theirs]) => {
        const { value, conflicts } = merge3(base, mine, theirs, rules);
        const both = ![mine, theirs].map((one) => JSON.stringify(one)).includes(JSON.stringify(base));
        if (conflicts.length > 0) seen.conflicts += 1;
        else if (both && JSON.stringify(mine) !== JSON.stringify(theirs)) seen.merged += 1;
        const [was, own, other, is] = [base, mine, theirs, value].map((one) => facts(one)) as [
          Map<string, string>,
          Map<string, string>,
          Map<string, string>,
          Map<string, string>,
        ];
        const told = conflicts.map((one) => placeOf(one.path));
        for (const place of new Set([...was.keys(), ...own.keys(), ...other.keys(), ...is.keys()])) {
          if (told.some((root) => within(place, root))) continue;
          const [b, m, t, r] = [was.get(place), own.get(place), other.get(place), is.get(place)];
          // What neither side touched stays; what one side changed is there; both alike is there.
          const wanted = m === b ? t : m;
          // A map that one side emptied and the other filled is there, filled.
          const filled = r === 'map' || r === 'list';
          if (r !== wanted && !(filled && wanted === undefined && hasMore(is, place, was))) {
            throw new Error(`${place}: base ${b}, mine ${m}, theirs ${t}, merged ${r}`);
          }
          if (m !== b && t !== b && m !== t) throw new Error(`${place}: both changed it and nobody says so`);
        }
      }),
      { numRuns: RUNS },
    );
    // The triples try both: real merges and real conflicts.
    expect(Math.min(seen.merged, seen.conflicts)).toBeGreaterThan(RUNS / 20);
  });

  it('is the same whoever is called mine, but for the order of keys', () => {
    fc.assert(
      fc.property(triples, ([base, mine, theirs]) => {
        const one = merge3(base, mine, theirs, rules);
        const two = merge3(base, theirs, mine, rules);
        expect(two.conflicts.map((c) => c.id).sort()).toEqual(one.conflicts.map((c) => c.id).sort());
        if (one.conflicts.length === 0) {
          expect(new Map([...facts(two.value)].sort())).toEqual(new Map([...facts(one.value)].sort()));
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('changes nothing where only one side changed, and needs no choice after all are made', () => {
    fc.assert(
      fc.property(triples, ([base, mine, theirs]) => {
        expect(merge3(base, mine, base, rules).value).toEqual(mine);
        expect(merge3(base, base, theirs, rules).value).toEqual(theirs);
        expect(merge3(base, mine, mine, rules)).toMatchObject({ value: mine, conflicts: [] });
        const { conflicts } = merge3(base, mine, theirs, rules);
        const choices: Choices = Object.fromEntries(conflicts.map((one) => [one.id, 'mine' as const]));
        const chosen = merge3(base, mine, theirs, rules, choices);
        expect(chosen.conflicts).toEqual([]);
        const is = facts(chosen.value);
        const [was, own] = [facts(base), facts(mine)];
        for (const [place, value] of own) if (was.get(place) !== value) expect(is.get(place)).toBe(value);
      }),
      { numRuns: 2_000 },
    );
  });
});

/** The place holds something that was not there before: then its container must be there too. */
function hasMore(
  is: ReadonlyMap<string, string>,
  container: string,
  was: ReadonlyMap<string, string>,
): boolean {
  for (const place of is.keys()) {
    if (place !== container && place.startsWith(container) && is.get(place) !== was.get(place)) return true;
  }
  return false;
}
