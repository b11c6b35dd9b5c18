/** Which overlay is open. One at a time, each closes with Esc. */
import { create } from 'zustand';

export interface OverlayState {
  /** The palette's first text; null: closed. */
  readonly palette: string | null;
  readonly keys: boolean;
  readonly namespaces: boolean;
}

export const useOverlays = create<OverlayState>()(() => ({ palette: null, keys: false, namespaces: false }));

export function openPalette(text = ''): void {
  useOverlays.setState({ palette: text, keys: false, namespaces: false });
}

export function openKeys(): void {
  useOverlays.setState({ palette: null, keys: true, namespaces: false });
}

export function openNamespaces(): void {
  useOverlays.setState({ palette: null, keys: false, namespaces: true });
}

export function closeOverlays(): void {
  useOverlays.setState({ palette: null, keys: false, namespaces: false });
}
