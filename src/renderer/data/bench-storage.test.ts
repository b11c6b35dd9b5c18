import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseBench } from './bench-storage';
import { splitTab, withTab } from './panes';
import { emptyBench } from './workbench';

const tab = (id: string) => ({ id, page: 'p', title: id, params: { kind: id } });

test('what was open comes back as it was', () => {
  const bench = splitTab(withTab(withTab(emptyBench, tab('a'), 'focus'), tab('b'), 'focus'), 'b', 'row');
  expect(parseBench(JSON.parse(JSON.stringify(bench)))).toEqual(bench);
});

test('anything else is dropped or mended, never thrown', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (tabs, panes) => {
      const bench = parseBench({
        tabs: [tab('a'), tabs],
        panes: [{ id: 'p1', active: 'gone', size: 1 }, panes],
      });
      expect(bench?.activeTab === null || bench?.tabs.some((each) => each.id === bench.activeTab)).toBe(true);
      expect(parseBench(tabs) === undefined || typeof tabs === 'object').toBe(true);
    }),
  );
});
