import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  focusPane,
  focusTab,
  moveTab,
  moveTabToNewPane,
  normal,
  paneIdOf,
  resizePanes,
  splitTab,
  tabsOfPane,
  withoutTab,
  withTab,
  MAX_PANES,
} from './panes';
import { emptyBench, type ClusterBench, type TabSpec } from './workbench';

const tab = (id: string): TabSpec => ({ id, page: 'resources', title: id, params: {} });
const open = (...ids: string[]): ClusterBench =>
  ids.reduce((bench, id) => withTab(bench, tab(id), 'focus'), emptyBench);

test('a tab that is open already is focused where it is', () => {
  const split = splitTab(open('a', 'b'), 'b', 'row');
  const again = withTab(split, tab('a'), 'focus');
  expect(again.tabs).toHaveLength(3);
  expect(again.activeTab).toBe('a');
  expect(again.focusedPane).toBe(paneIdOf(again, 'a'));
});

test('closing the active tab shows its neighbour; closing the last of a pane takes the pane', () => {
  const bench = withoutTab(focusTab(open('a', 'b', 'c'), 'b'), 'b');
  expect(bench.activeTab).toBe('c');
  const split = splitTab(open('a'), 'a', 'row');
  expect(split.panes).toHaveLength(2);
  const closed = withoutTab(split, 'a~2');
  expect(closed.panes).toHaveLength(1);
  expect(closed.activeTab).toBe('a');
});

test('a moved tab keeps its identity and lands before the one it was dropped on', () => {
  const split = moveTabToNewPane(open('a', 'b', 'c'), 'c', 'column');
  expect(split.direction).toBe('column');
  const second = paneIdOf(split, 'c');
  const moved = moveTab(split, 'a', second, 'c');
  expect(tabsOfPane(moved, second).map((each) => each.id)).toEqual(['a', 'c']);
});

test('shares of panes stay within their neighbours', () => {
  const split = splitTab(open('a'), 'a', 'row');
  const sum = split.panes.reduce((all, pane) => all + pane.size, 0);
  const resized = resizePanes(split, 0, 5);
  expect(resized.panes.reduce((all, pane) => all + pane.size, 0)).toBeCloseTo(sum);
  expect(resized.panes[1]?.size).toBeGreaterThan(0);
});

const ids = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const direction = fc.constantFrom('row' as const, 'column' as const);
const step = fc.oneof(
  ids.map((id) => (b: ClusterBench) => withTab(b, tab(id), 'focus')),
  ids.map((id) => (b: ClusterBench) => withTab(b, tab(id), 'replace')),
  ids.map((id) => (b: ClusterBench) => withoutTab(b, id)),
  fc.tuple(ids, direction).map(
    ([id, d]) =>
      (b: ClusterBench) =>
        splitTab(b, id, d),
  ),
  fc.tuple(ids, direction).map(
    ([id, d]) =>
      (b: ClusterBench) =>
        moveTabToNewPane(b, id, d),
  ),
  fc.tuple(ids, fc.nat(3), fc.option(ids)).map(
    ([id, at, before]) =>
      (b: ClusterBench) =>
        moveTab(b, id, b.panes[at]?.id ?? 'none', before),
  ),
  fc.nat(3).map((at) => (b: ClusterBench) => focusPane(b, b.panes[at]?.id ?? 'none')),
  fc.constant((b: ClusterBench) => normal(b)),
);

test('whatever is done, every tab has a place and the focus is on an active tab', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const bench = steps.reduce((before, next) => next(before), emptyBench);
      const unique = new Set(bench.tabs.map((each) => each.id));
      expect(unique.size).toBe(bench.tabs.length);
      expect(bench.panes.length).toBeGreaterThan(0);
      expect(bench.panes.length).toBeLessThanOrEqual(MAX_PANES);
      const placed = bench.panes.flatMap((pane) => tabsOfPane(bench, pane.id));
      expect(placed).toHaveLength(bench.tabs.length);
      for (const pane of bench.panes) {
        const own = tabsOfPane(bench, pane.id).map((each) => each.id);
        if (bench.panes.length > 1) expect(own.length).toBeGreaterThan(0);
        if (own.length > 0) expect(own).toContain(pane.active);
        else expect(pane.active).toBeNull();
      }
      const focused = bench.panes.find((pane) => pane.id === bench.focusedPane);
      expect(focused).toBeDefined();
      expect(bench.activeTab).toBe(focused?.active);
    }),
  );
});
