/** What stands in a dock tab's parameters, read back. Pure. */
import type { ShellTarget } from '../../data/open-terminals';

export const MOST_SHELLS = 8;

export function parseTargets(text: string | undefined): readonly ShellTarget[] {
  try {
    const found: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(found) ? found.filter(isTarget).slice(0, MOST_SHELLS) : [];
  } catch {
    return [];
  }
}

function isTarget(value: unknown): value is ShellTarget {
  if (typeof value !== 'object' || value === null) return false;
  const { namespace, pod, container } = value as Record<string, unknown>;
  const isOptional = container === undefined || typeof container === 'string';
  return typeof namespace === 'string' && typeof pod === 'string' && isOptional;
}
