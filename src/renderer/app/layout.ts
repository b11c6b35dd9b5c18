/** Sizes of the frame's parts: what the settings remember, live while they are dragged. */
import { useEffect, useState } from 'react';
import { patchSettings, useSettings } from '../data/app-data';

/** A number of `settings.layout` with a default; `keep` writes it. */
export function useLayoutNumber(
  name: string,
  fallback: number,
): { value: number; set: (value: number) => void; keep: (value: number) => void } {
  const kept = useSettings().layout[name];
  const start = typeof kept === 'number' && Number.isFinite(kept) ? kept : fallback;
  const [value, set] = useState(start);
  useEffect(() => set(start), [start]);
  return { value, set, keep: (next) => patchSettings({ layout: { [name]: next } }) };
}

export function useLayoutFlag(name: string, fallback: boolean): boolean {
  const kept = useSettings().layout[name];
  return typeof kept === 'boolean' ? kept : fallback;
}

export function setLayoutFlag(name: string, value: boolean): void {
  patchSettings({ layout: { [name]: value } });
}
