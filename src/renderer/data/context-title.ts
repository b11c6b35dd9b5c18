/**
 * What a context is called on screen. Cloud tools write long names; the last part is what
 * people say. The full name is always one hover away; an alias wins.
 */
import type { ContextSummary } from '#shared/contract/app';
import { visible } from '#shared/util/text';

export interface ContextTitle {
  readonly title: string;
  /** `EKS`, `GKE`, `demo`: what the name or server says, muted beside the title. */
  readonly provider: string | undefined;
}

export function contextTitle(context: ContextSummary, alias?: string): ContextTitle {
  const { name, server } = context;
  const eks = /^arn:aws[\w-]*:eks:[^:]*:\d*:cluster\/(.+)$/.exec(name);
  const gke = /^gke_[^_]+_[^_]+_(.+)$/.exec(name);
  const chosen = alias?.trim();
  const title = visible(chosen || eks?.[1] || gke?.[1] || name);
  const provider = context.demo ? 'demo' : providerOf(server, eks !== null, gke !== null);
  // "demo (demo)" says nothing twice.
  return { title, provider: provider?.toLowerCase() === title.toLowerCase() ? undefined : provider };
}

function providerOf(server: string, eks: boolean, gke: boolean): string | undefined {
  if (eks || /\.eks\.amazonaws\.com(\.cn)?(:|\/|$)/.test(server)) return 'EKS';
  if (gke) return 'GKE';
  if (/\.azmk8s\.io(:|\/|$)/.test(server)) return 'AKS';
  return undefined;
}

/** Two letters for a tile: of the first two words, else the first two of the one. */
export function initials(title: string): string {
  const words = title.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  const [first = '?', second] = words;
  const letters = second === undefined ? [...first].slice(0, 2) : [[...first][0], [...second][0]];
  return letters.join('').toUpperCase();
}
