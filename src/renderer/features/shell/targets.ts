/** What stands in a dock tab's parameters, read back. Pure. */
import type { ShellTarget } from '../../data/open-terminals';

export const MOST_SHELLS = 8;

/** `keep` names the terminal in its host, so that a page that was loaded anew goes on with it. */
export interface KeptTarget {
  readonly target: ShellTarget;
  readonly keep?: string;
}

export function parseTargets(text: string | undefined): readonly KeptTarget[] {
  try {
    const found: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(found) ? found.flatMap(keptTarget).slice(0, MOST_SHELLS) : [];
  } catch {
    return [];
  }
}

export function targetsText(all: readonly KeptTarget[]): string {
  return JSON.stringify(
    all.map(({ target, keep }) => ({ ...target, ...(keep === undefined ? {} : { keep }) })),
  );
}

function keptTarget(value: unknown): KeptTarget[] {
  if (typeof value !== 'object' || value === null) return [];
  const { namespace, pod, container, keep } = value as Record<string, unknown>;
  if (typeof namespace !== 'string' || typeof pod !== 'string') return [];
  if (container !== undefined && typeof container !== 'string') return [];
  const target = { namespace, pod, ...(container === undefined ? {} : { container }) };
  return [{ target, ...(typeof keep === 'string' && keep.length >= 16 ? { keep } : {}) }];
}
