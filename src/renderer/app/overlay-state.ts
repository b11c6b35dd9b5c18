/** Which overlay is open. One at a time, each closes with Esc. */
import { create } from 'zustand';

export interface OverlayState {
  /** The palette's first text; null: closed. */
  readonly palette: string | null;
  /** Enter was pressed before the palette was there: it takes its first result at once. */
  readonly entered: boolean;
  readonly keys: boolean;
  readonly namespaces: boolean;
}

export const useOverlays = create<OverlayState>()(() => ({
  palette: null,
  entered: false,
  keys: false,
  namespaces: false,
}));

export function openPalette(text = ''): void {
  useOverlays.setState({ palette: text, entered: false, keys: false, namespaces: false });
}

export function openKeys(): void {
  useOverlays.setState({ palette: null, entered: false, keys: true, namespaces: false });
}

export function openNamespaces(): void {
  useOverlays.setState({ palette: null, entered: false, keys: false, namespaces: true });
}

export function closeOverlays(): void {
  useOverlays.setState({ palette: null, entered: false, keys: false, namespaces: false });
}

/**
 * A key pressed after an overlay was asked for and before it is on screen: what is typed becomes
 * the palette's first text, Escape takes it back. True when the key was taken.
 */
export function typeAhead(key: string): boolean {
  const { palette, keys, namespaces, entered } = useOverlays.getState();
  if (palette === null && !keys && !namespaces) return false;
  if (key === 'Escape') closeOverlays();
  else if (palette === null || entered) return false;
  else if (key === 'Enter') useOverlays.setState({ entered: true });
  else if (key === 'Backspace') useOverlays.setState({ palette: palette.slice(0, -1) });
  else if ([...key].length === 1) useOverlays.setState({ palette: palette + key });
  else return false;
  return true;
}
