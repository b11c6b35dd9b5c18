import { expect, it } from 'vitest';
import { warmUp } from './warm-up';

it('goes the whole way of a list: every made-up pod becomes a row without a failed cell', async () => {
  const seen: (readonly number[])[] = [];
  await warmUp(new AbortController().signal, (table) =>
    seen.push([table.size, table.failedCells, table.skipped]),
  );
  expect(seen.length).toBeGreaterThan(3);
  for (const one of seen) expect(one).toEqual([300, 0, 0]);
});

it('stops when a cluster is opened meanwhile', async () => {
  const stop = new AbortController();
  let rounds = 0;
  await warmUp(stop.signal, () => {
    rounds += 1;
    stop.abort();
  });
  expect(rounds).toBe(1);
});
