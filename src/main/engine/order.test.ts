import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mergeSort, repair } from './order';

it('is a stable sort, whatever the runs', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20), { maxLength: 200 }), (keys) => {
      const rows = Uint32Array.from(keys.keys());
      mergeSort(rows, (a, b) => keys[a]! - keys[b]!);
      const want = [...keys.keys()].sort((a, b) => keys[a]! - keys[b]! || a - b);
      expect([...rows]).toEqual(want);
    }),
  );
});

it('repairs an order as if all had been sorted anew', () => {
  const row = fc.record({ before: fc.nat(50), after: fc.nat(50), was: fc.boolean(), is: fc.boolean() });
  fc.assert(
    fc.property(fc.array(row, { maxLength: 200 }), (rows) => {
      const all = [...rows.keys()];
      const isTouched = (i: number): boolean =>
        rows[i]!.was !== rows[i]!.is || rows[i]!.before !== rows[i]!.after;
      const sorted = (list: number[], key: (i: number) => number): Uint32Array =>
        Uint32Array.from(list.sort((a, b) => key(a) - key(b) || a - b));
      const order = sorted(
        all.filter((i) => rows[i]!.was),
        (i) => rows[i]!.before,
      );
      const repaired = repair(
        order,
        Uint8Array.from(all, (i) => (isTouched(i) ? 1 : 0)),
        Uint32Array.from(all.filter((i) => isTouched(i) && rows[i]!.is)),
        (a, b) => rows[a]!.after - rows[b]!.after || a - b,
      );
      const want = sorted(
        all.filter((i) => rows[i]!.is),
        (i) => rows[i]!.after,
      );
      expect([...repaired]).toEqual([...want]);
    }),
  );
});

it('finds the place of rows that stand together with one comparison each', () => {
  let compared = 0;
  const compare = (a: number, b: number): number => {
    compared++;
    return a - b;
  };
  const touched = new Uint8Array(10_000);
  // As a list comes: in order, some thousand at a time; here into a gap of what there is.
  const order = Uint32Array.from({ length: 9_000 }, (_, i) => (i < 4_500 ? i : i + 1_000));
  const fresh = Uint32Array.from({ length: 1_000 }, (_, i) => 4_500 + i);
  touched.fill(1, 4_500, 5_500);
  const repaired = repair(order, touched, fresh, compare);
  expect([...repaired]).toEqual([...Array(10_000).keys()]);
  // Once to see that they are in order, once for their places, and one search.
  expect(compared).toBeLessThan(2_050);
});
