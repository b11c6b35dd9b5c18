/** Palette and key overlay, loaded when first wanted (or when the window has nothing to do). */
import { useEffect, type ReactNode } from 'react';
import { lazy } from '../ui/lazy';
import { overlays } from './features';
import { useOverlays } from './overlay-state';

const loadPalette = () => import('./Palette');
const loadKeys = () => import('./KeysOverlay');
const Palette = lazy(async () => ({ default: (await loadPalette()).Palette }));
const KeysOverlay = lazy(async () => ({ default: (await loadKeys()).KeysOverlay }));

export function Overlays(): ReactNode {
  const { palette, entered, keys } = useOverlays();
  useEffect(() => {
    if (typeof requestIdleCallback !== 'function') return undefined;
    const handle = requestIdleCallback(
      () => {
        void loadPalette();
        void loadKeys();
      },
      { timeout: 1500 },
    );
    return () => cancelIdleCallback(handle);
  }, []);
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
