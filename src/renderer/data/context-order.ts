/**
 * In which order contexts stand, in the list of clusters and in the rail: by group, then by the
 * place the person gave them, then as their kubeconfigs have them. Pure; settings in, ids out.
 */
import type { ContextSummary, Settings } from '#shared/contract/app';

export interface ContextGroup {
  /** Empty: no group was given. */
  readonly name: string;
  readonly contexts: readonly ContextSummary[];
}

type Own = Settings['contexts'];

/** Up to this many contexts the rail shows all; beyond, those one works with. */
export const RAIL_SHOWS_ALL = 20;
const RAIL_RECENT = 8;
/** Even of those, no more tiles than one finds anything among. */
const RAIL_MOST = 40;

const byName = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Groups by name, contexts without a group last. Hidden ones are in it. */
export function groupContexts(contexts: readonly ContextSummary[], own: Own): readonly ContextGroup[] {
  const groups = new Map<string, ContextSummary[]>();
  for (const context of contexts) {
    const name = own[context.id]?.group?.trim() ?? '';
    const held = groups.get(name);
    if (held) held.push(context);
    else groups.set(name, [context]);
  }
  const order = (context: ContextSummary): number => own[context.id]?.order ?? Infinity;
  return [...groups]
    .map(([name, list]) => {
      const placed = list.map((context, at) => ({ context, at, order: order(context) }));
      // Infinity - Infinity is no number; equal places keep the order of the files.
      placed.sort((a, b) => (a.order === b.order ? a.at - b.at : a.order - b.order));
      return { name, contexts: placed.map((one) => one.context) };
    })
    .sort((a, b) => {
      if (a.name === '' || b.name === '') return a.name === '' ? 1 : -1;
      return byName.compare(a.name, b.name);
    });
}

export interface RailSource {
  readonly contexts: readonly ContextSummary[];
  readonly settings: Settings;
  /** Contexts whose process lives. */
  readonly opened: ReadonlySet<string>;
  /** The one on screen. */
  readonly active: string | null;
}

/**
 * What the rail shows: nothing hidden (but what is open), and of many contexts only favourites,
 * open ones and those shown last.
 */
export function railGroups({ contexts, settings, opened, active }: RailSource): readonly ContextGroup[] {
  const own = settings.contexts;
  const isOpen = (id: string): boolean => id === active || opened.has(id);
  const visible = contexts.filter(({ id }) => own[id]?.hidden !== true || isOpen(id));
  if (visible.length <= RAIL_SHOWS_ALL) return groupContexts(visible, own);
  const recent = new Set(settings.recent.slice(0, RAIL_RECENT));
  const rank = (id: string): number =>
    isOpen(id) ? 0 : own[id]?.favourite === true ? 1 : recent.has(id) ? 2 : 3;
  const wanted = new Set(
    visible
      .map(({ id }) => ({ id, rank: rank(id) }))
      .filter((one) => one.rank < 3)
      .sort((a, b) => a.rank - b.rank)
      .slice(0, RAIL_MOST)
      .map((one) => one.id),
  );
  return groupContexts(
    visible.filter(({ id }) => wanted.has(id)),
    own,
  );
}

/**
 * Settings patch that puts a context at place `to` of its group (as shown, hidden ones
 * included). Only those that need a number to stand where they stand get one.
 */
export function movePatch(
  group: readonly ContextSummary[],
  own: Own,
  id: string,
  to: number,
): Readonly<Record<string, { readonly order: number }>> {
  const from = group.findIndex((context) => context.id === id);
  const target = Math.max(0, Math.min(group.length - 1, to));
  if (from < 0 || from === target) return {};
  const next = group.filter((context) => context.id !== id);
  const moved = group[from];
  if (!moved) return {};
  next.splice(target, 0, moved);
  const placed = group.map((context) => own[context.id]?.order !== undefined);
  const last = Math.max(from, target, placed.lastIndexOf(true));
  const patch: Record<string, { order: number }> = {};
  next.slice(0, last + 1).forEach((context, at) => {
    if (own[context.id]?.order !== at) patch[context.id] = { order: at };
  });
  return patch;
}

/** The newest first, each once, at most 50. */
export function withRecent(recent: readonly string[], id: string): readonly string[] {
  return [id, ...recent.filter((other) => other !== id)].slice(0, 50);
}
