/** Palette and key overlay, loaded when first wanted (or when the window has nothing to do). */
import type { ReactNode } from 'react';
import { lazy, usePreload } from '../ui/lazy';
import { overlays } from './features';
import { useOverlays } from './overlay-state';

const Palette = lazy(async () => ({ default: (await import('./Palette')).Palette }));
const KeysOverlay = lazy(async () => ({ default: (await import('./KeysOverlay')).KeysOverlay }));
const soon = [Palette, KeysOverlay];

export function Overlays(): ReactNode {
  const { palette, entered, keys } = useOverlays();
  usePreload(soon);
  return (
    <>
      {palette !== null && <Palette text={palette} entered={entered} />}
      {keys && <KeysOverlay />}
      {overlays.map((Overlay, index) => (
        <Overlay key={index} />
      ))}
    </>
  );
}
