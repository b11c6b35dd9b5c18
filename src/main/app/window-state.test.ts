import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MIN_HEIGHT, MIN_WIDTH, restoreWindow } from './window-state';

const screen = { x: 0, y: 0, width: 1920, height: 1040 };
const second = { x: 1920, y: -200, width: 1280, height: 1000 };

describe('restoreWindow', () => {
  it('brings the window back where it was, also on the second screen', () => {
    const bounds = { x: 2000, y: -100, width: 1000, height: 700 };
    expect(restoreWindow({ bounds, maximized: true }, [screen, second])).toEqual({ bounds, maximized: true });
  });

  it.each([
    [{}],
    [{ bounds: { x: 9000, y: 0, width: 1000, height: 700 } }],
    [{ bounds: { x: 0, y: 0, width: 'wide', height: 700 } }],
    [{ bounds: { x: 0, y: 0, width: Infinity, height: 700 } }],
    [{ bounds: null, maximized: 'yes' }],
  ])('centres on the first screen when %j is of no use', (saved) => {
    expect(restoreWindow(saved, [screen])).toEqual({
      bounds: { x: 240, y: 70, width: 1440, height: 900 },
      maximized: false,
    });
  });

  it('never leaves the title bar out of reach, whatever was saved', () => {
    const rect = fc.record({
      x: fc.integer({ min: -5000, max: 5000 }),
      y: fc.integer({ min: -5000, max: 5000 }),
      width: fc.integer({ min: 0, max: 9000 }),
      height: fc.integer({ min: 0, max: 9000 }),
    });
    fc.assert(
      fc.property(rect, (bounds) => {
        const { bounds: placed } = restoreWindow({ bounds }, [screen, second]);
        expect(placed.width).toBeGreaterThanOrEqual(MIN_WIDTH);
        expect(placed.height).toBeGreaterThanOrEqual(MIN_HEIGHT);
        const reachable = [screen, second].some(
          (area) =>
            placed.x + placed.width > area.x &&
            placed.x < area.x + area.width &&
            placed.y >= area.y &&
            placed.y < area.y + area.height,
        );
        expect(reachable).toBe(true);
      }),
    );
  });
});
