/**
 * What a context is called on screen. Cloud tools write long names; the last part is what
 * people say. The full name is always one hover away; an alias wins.
 */
import { baseContext, type ContextSummary, type Settings } from '#shared/contract/app';
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

/** As it is called here: by its alias in the settings; somebody else's view of it keeps its own name. */
export function ownTitle(context: ContextSummary, contexts: Settings['contexts']): ContextTitle {
  return contextTitle(context, context.viewAs ? undefined : contexts[baseContext(context.id)]?.alias);
}

function providerOf(server: string, eks: boolean, gke: boolean): string | undefined {
  if (eks || /\.eks\.amazonaws\.com(\.cn)?(:|\/|$)/.test(server)) return 'EKS';
  if (gke) return 'GKE';
  if (/\.azmk8s\.io(:|\/|$)/.test(server)) return 'AKS';
  return undefined;
}

/** Two letters for a tile: of the first two words, else the first two of the one. */
export function initials(title: string): string {
  return proposals(title).next().value ?? '?';
}

/** Letters for tiles side by side, by title: two titles share theirs only when every proposal is taken. */
export function tileLetters(titles: readonly string[]): ReadonlyMap<string, string> {
  const letters = new Map<string, string>();
  const taken = new Set<string>();
  // By name, not by place: moving a tile changes no letters.
  for (const title of [...new Set(titles)].sort()) {
    let own: string | undefined;
    for (const proposal of proposals(title)) {
      own ??= proposal;
      if (taken.has(proposal)) continue;
      own = proposal;
      break;
    }
    letters.set(title, own ?? '?');
    taken.add(own ?? '?');
  }
  return letters;
}

/** The initials first, then the first letter with each one that follows it. */
function* proposals(title: string): Generator<string, undefined> {
  const words = title.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  const [first, ...rest] = [...words.join('')];
  if (first === undefined) return undefined;
  const second = words.length > 1 ? [...(words[1] ?? '')][0] : rest[0];
  for (const next of [second, ...rest]) yield `${first}${next ?? ''}`.toUpperCase();
  return undefined;
}
