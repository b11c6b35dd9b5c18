/** Kinds that had objects when a context was last seen, so that the navigation does not jump at start. */

const KEY = 'binnacle.kinds.';
const MOST = 300;

export function seenKinds(contextId: string): ReadonlySet<string> {
  try {
    const parsed: unknown = JSON.parse(localStorage.getItem(KEY + contextId) ?? '[]');
    return new Set(Array.isArray(parsed) ? parsed.filter((id) => typeof id === 'string') : []);
  } catch {
    return new Set();
  }
}

export function rememberKinds(contextId: string, ids: readonly string[]): void {
  try {
    localStorage.setItem(KEY + contextId, JSON.stringify(ids.slice(0, MOST)));
  } catch {
    // Only a convenience.
  }
}
