import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  MAX_SCROLL,
  OVERSCAN_ROWS,
  phaseInOrder,
  placement,
  renderedRows,
  rowsInOrder,
  scrollHeight,
  scrollTopFor,
  scrollTopToShow,
  slotCount,
  slotOf,
  virtualTop,
  visibleRows,
} from './geometry';

const geometries = fc.record({
  count: fc.oneof(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 2_000_000 })),
  rowHeight: fc.constantFrom(24, 28, 34),
  viewport: fc.integer({ min: 100, max: 2200 }),
  overscan: fc.constantFrom(0, OVERSCAN_ROWS),
});

describe('table geometry', () => {
  it('reaches every row at any size, within what a browser can lay out', () => {
    fc.assert(
      fc.property(geometries, fc.double({ min: 0, max: 1, noNaN: true }), (geometry, share) => {
        const index = Math.floor(share * (geometry.count - 1));
        const top = scrollTopToShow(geometry, 0, index) ?? 0;
        const { first, last } = visibleRows(geometry, top);
        expect(scrollHeight(geometry)).toBeLessThanOrEqual(MAX_SCROLL);
        expect(index).toBeGreaterThanOrEqual(first);
        expect(index).toBeLessThanOrEqual(last);
        const rendered = renderedRows({ first, last }, geometry);
        expect(rendered.first).toBeLessThanOrEqual(first);
        expect(rendered.last).toBeGreaterThanOrEqual(last);
        expect(rendered.last - rendered.first + 1).toBe(Math.min(slotCount(geometry), geometry.count));
      }),
    );
  });

  it('scales there and back, and places rows where the screen is', () => {
    fc.assert(
      fc.property(geometries, fc.nat(MAX_SCROLL), (geometry, raw) => {
        const scrollTop = Math.min(raw, Math.max(0, scrollHeight(geometry) - geometry.viewport));
        const top = virtualTop(geometry, scrollTop);
        expect(scrollTopFor(geometry, top)).toBeCloseTo(scrollTop, 3);
        const { first } = visibleRows(geometry, scrollTop);
        const { base, shift } = placement(geometry, scrollTop, first);
        const onScreen = shift + (first - base) * geometry.rowHeight - scrollTop;
        expect(onScreen).toBeLessThanOrEqual(0.01);
        expect(onScreen).toBeGreaterThan(-geometry.rowHeight - 0.01);
      }),
    );
  });

  it('gives each rendered row an element of its own, whichever stands first', () => {
    const places = fc.tuple(fc.nat(2_000_000), fc.nat(100), fc.nat(100));
    fc.assert(
      fc.property(geometries, places, (geometry, [top, someHead, somePhase]) => {
        const slots = slotCount(geometry);
        const range = renderedRows(visibleRows(geometry, top), geometry);
        const arrangement = { slots, head: someHead % slots, phase: somePhase % slots };
        const rows = rowsInOrder(range, arrangement);
        const used = rows.map((index) => slotOf(index, arrangement));
        expect(new Set(used).size).toBe(range.last - range.first + 1);
        const inOrder = [...rows].sort((a, b) => a - b);
        expect(inOrder).toEqual(rows.map((_, at) => range.first + at));
        const steps = used.map((slot) => (slot - arrangement.head + slots) % slots);
        expect(steps).toEqual([...steps].sort((a, b) => a - b));
        // In the rows' order: by moving elements, or by giving them other rows.
        const first = slotOf(range.first, arrangement);
        expect(rowsInOrder(range, { ...arrangement, head: first })).toEqual(inOrder);
        const phase = phaseInOrder(range.first, arrangement);
        expect(rowsInOrder(range, { ...arrangement, phase })).toEqual(inOrder);
      }),
    );
  });

  it('shows the last of a million rows', () => {
    const geometry = { count: 1_000_000, rowHeight: 28, viewport: 800, overscan: OVERSCAN_ROWS };
    expect(visibleRows(geometry, MAX_SCROLL).last).toBe(999_999);
  });
});
