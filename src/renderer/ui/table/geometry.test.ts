import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  MAX_SCROLL,
  placement,
  renderedRows,
  scrollHeight,
  scrollTopFor,
  scrollTopToShow,
  slotCount,
  virtualTop,
  visibleRows,
} from './geometry';

const geometries = fc.record({
  count: fc.oneof(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 2_000_000 })),
  rowHeight: fc.constantFrom(24, 28, 34),
  viewport: fc.integer({ min: 100, max: 2200 }),
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
        const rendered = renderedRows({ first, last }, geometry.count);
        expect(rendered.last - rendered.first + 1).toBeLessThanOrEqual(slotCount(geometry));
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

  it('shows the last of a million rows', () => {
    const geometry = { count: 1_000_000, rowHeight: 28, viewport: 800 };
    expect(visibleRows(geometry, MAX_SCROLL).last).toBe(999_999);
  });
});
