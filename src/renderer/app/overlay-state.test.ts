import { afterEach, describe, expect, it } from 'vitest';
import { closeOverlays, openKeys, openPalette, typeAhead, useOverlays } from './overlay-state';

afterEach(closeOverlays);
const type = (...keys: readonly string[]): boolean[] => keys.map(typeAhead);

describe('keys before the palette is on screen', () => {
  it('become its first text', () => {
    openPalette(':');
    expect(type('p', 'o', 'x', 'Backspace', 'd', 'Shift', 's')).toEqual([
      true,
      true,
      true,
      true,
      true,
      false,
      true,
    ]);
    expect(useOverlays.getState()).toMatchObject({ palette: ':pods', entered: false });
  });

  it('keep Enter for the moment it is there, and nothing typed after it', () => {
    openPalette();
    expect(type('n', 'Enter', 'x')).toEqual([true, true, false]);
    expect(useOverlays.getState()).toMatchObject({ palette: 'n', entered: true });
    openPalette();
    expect(useOverlays.getState().entered).toBe(false);
  });

  it('take it back with Escape, the key overlay too', () => {
    openPalette();
    typeAhead('Escape');
    expect(useOverlays.getState().palette).toBeNull();
    openKeys();
    typeAhead('Escape');
    expect(useOverlays.getState().keys).toBe(false);
  });

  it("are nobody's while no overlay is open", () => {
    expect(type('a', 'Escape', 'Enter')).toEqual([false, false, false]);
  });
});
