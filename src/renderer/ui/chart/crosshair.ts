/** One moment under the pointer, shared by all charts of a group. Charts redraw a line, not themselves. */

const moments = new Map<string, number | null>();
const listeners = new Map<string, Set<() => void>>();

export function pointAt(group: string, at: number | null): void {
  if ((moments.get(group) ?? null) === at) return;
  if (at === null) moments.delete(group);
  else moments.set(group, at);
  for (const listener of listeners.get(group) ?? []) listener();
}

export function momentOf(group: string): number | null {
  return moments.get(group) ?? null;
}

export function followMoment(group: string, listener: () => void): () => void {
  const known = listeners.get(group) ?? new Set();
  known.add(listener);
  listeners.set(group, known);
  return () => {
    known.delete(listener);
    if (known.size === 0) listeners.delete(group);
  };
}
