/** Forwards kept for a context, beside those that run. */
import type { ForwardRow, SavedForward } from '#shared/contract/forward';
import { patchContextSettings, useAppData } from '../../data/app-data';

const MOST_SAVED = 200;
const none: readonly SavedForward[] = [];

export function useSaved(contextId: string): readonly SavedForward[] {
  return useAppData((state) => state.settings?.contexts[contextId]?.forwards ?? none);
}

function savedNow(contextId: string): readonly SavedForward[] {
  return useAppData.getState().settings?.contexts[contextId]?.forwards ?? none;
}

export function keyOf(one: SavedForward): string {
  return [one.kind, one.namespace, one.name, one.remote, one.local, one.address].join('\n');
}

export function savedOf(row: ForwardRow): SavedForward {
  const { target, remote, localPort, address } = row;
  const { kind, namespace, name } = target;
  const open = address === '0.0.0.0' ? '0.0.0.0' : '127.0.0.1';
  return { kind, namespace, name, remote, local: localPort, address: open };
}

/** Adds forwards that are not kept yet; the oldest go beyond 200. */
export function keep(contextId: string, more: readonly SavedForward[]): void {
  const before = savedNow(contextId);
  const known = new Set(before.map(keyOf));
  const fresh = more.filter((one) => !known.has(keyOf(one)));
  if (fresh.length > 0)
    patchContextSettings(contextId, { forwards: [...before, ...fresh].slice(-MOST_SAVED) });
}

export function forget(contextId: string, one: SavedForward): void {
  const key = keyOf(one);
  const left = savedNow(contextId).filter((other) => keyOf(other) !== key);
  patchContextSettings(contextId, { forwards: left });
}
