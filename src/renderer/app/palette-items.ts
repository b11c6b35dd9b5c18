/** What the palette can offer for a text: pages, kinds, contexts, namespaces, objects, commands. */
import type { ContextSummary, Settings } from '#shared/contract/app';
import type { KindInfo } from '#shared/contract/cluster';
import { visible } from '#shared/util/text';
import { contextTitle } from '../data/context-title';
import type { Command, CommandContext, NavEntry } from '../data/feature';
import { commandState } from '../data/command-registry';
import type { TabSpec } from '../data/workbench';
import { namesOf, parseJump, type Jump } from './jump';
import { matchScore } from './match';
import { countText, sectionTitles } from './nav-model';
import type { Counts } from '../data/use-counts';

export type PaletteAction =
  | { readonly type: 'tab'; readonly tab: TabSpec }
  | { readonly type: 'kind'; readonly kind: KindInfo; readonly namespaces?: readonly string[] | undefined }
  | { readonly type: 'context'; readonly id: string }
  | { readonly type: 'namespaces'; readonly names: readonly string[] }
  | { readonly type: 'page'; readonly page: string }
  | { readonly type: 'object'; readonly kind: string; readonly namespace: string; readonly name: string }
  | { readonly type: 'command'; readonly command: Command };

export interface PaletteItem {
  readonly id: string;
  readonly group: 'Jump' | 'Pages' | 'Kinds' | 'Objects' | 'Clusters' | 'Namespaces' | 'Commands';
  readonly title: string;
  /** Muted, beside the title. */
  readonly detail?: string;
  /** Short mono tag of a kind. */
  readonly tag?: string;
  readonly keys?: string;
  /** Right-aligned, e.g. a number of objects. */
  readonly count?: string;
  readonly disabled?: string;
  readonly action: PaletteAction;
}

export interface PaletteSource {
  readonly kinds: readonly KindInfo[];
  readonly entries: readonly NavEntry[];
  readonly contexts: readonly ContextSummary[];
  readonly settings: Settings;
  readonly namespaces: readonly string[];
  readonly counts: Counts;
  readonly commands: readonly Command[];
  readonly context: CommandContext;
  readonly objects: readonly { kind: string; namespace: string; name: string; uid: string }[];
}

/** At most this many rows of a group, so that no group hides another. */
const MOST = 8;

interface Scored {
  readonly item: PaletteItem;
  readonly score: number;
}

export function paletteItems(text: string, source: PaletteSource): readonly PaletteItem[] {
  if (text.startsWith(':')) return jumpItems(text, source);
  const best = (list: readonly Scored[]): Scored[] =>
    list
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score)
      .slice(0, MOST);
  const groups = [
    best(source.entries.map((entry) => ({ item: entryItem(entry), score: matchScore(entry.title, text) }))),
    best(
      [...source.kinds]
        .sort(byNavigation)
        .map((kind) => ({ item: kindItem(kind), score: kindScore(kind, text) })),
    ),
    text.trim().length < 2
      ? []
      : best(source.objects.map((object) => ({ item: objectItem(object, source), score: 400 }))),
    best(source.contexts.map((context) => contextScored(context, source.settings, text))),
    text.trim() === ''
      ? []
      : best(
          source.namespaces.map((name) => ({
            item: namespaceItem(name),
            score: matchScore(name, text) * 0.9,
          })),
        ),
    best(commandItems(text, source)),
  ];
  return groups
    .filter((group) => group.length > 0)
    .sort((a, b) => (text.trim() === '' ? 0 : (b[0]?.score ?? 0) - (a[0]?.score ?? 0)))
    .flatMap((group) => group.map(({ item }) => withCount(item, source.counts)));
}

const sections = Object.keys(sectionTitles);

/** As the navigation has them, workloads first: what fits equally well stands in this order. */
function byNavigation(a: KindInfo, b: KindInfo): number {
  return sections.indexOf(a.section) - sections.indexOf(b.section) || a.order - b.order;
}

function withCount(item: PaletteItem, counts: Counts): PaletteItem {
  const count = item.action.type === 'kind' ? countText(counts[item.action.kind.id]) : '';
  return count === '' ? item : { ...item, count };
}

function jumpItems(text: string, source: PaletteSource): readonly PaletteItem[] {
  const jump = parseJump(text, source.kinds);
  const [word = '', ...rest] = text.slice(1).split(/\s+/);
  if (jump.to === 'context') {
    return source.contexts
      .map((context) => contextScored(context, source.settings, jump.text))
      .filter(({ score }) => score > 0)
      .sort((a, b) => (jump.text === '' ? 0 : b.score - a.score))
      .slice(0, 50)
      .map(({ item }) => item);
  }
  const exact = exactItem(jump);
  if (rest.length > 0 || word === '') return exact ? [exact] : [];
  const others = source.kinds
    .map((kind) => ({ item: kindItem(kind), score: kindScore(kind, word) }))
    .filter(({ score, item }) => score > 0 && item.id !== exact?.id)
    .sort((a, b) => b.score - a.score)
    .slice(0, 12)
    .map(({ item }) => item);
  return (exact ? [exact, ...others] : others).map((item) => withCount(item, source.counts));
}

function exactItem(jump: Jump): PaletteItem | undefined {
  switch (jump.to) {
    case 'kind': {
      const where = jump.namespaces === undefined ? undefined : namespacesWords(jump.namespaces);
      const item = kindItem(jump.kind);
      const action: PaletteAction = { type: 'kind', kind: jump.kind, namespaces: jump.namespaces };
      return { ...item, group: 'Jump', detail: where ?? item.detail, action };
    }
    case 'namespaces':
      return {
        id: 'jump:ns',
        group: 'Jump',
        title: `Show ${namespacesWords(jump.names)}`,
        action: { type: 'namespaces', names: jump.names },
      };
    case 'page':
      return {
        id: `jump:${jump.page}`,
        group: 'Jump',
        title: `Go to ${jump.page}`,
        action: { type: 'page', page: jump.page },
      };
    default:
      return undefined;
  }
}

function namespacesWords(names: readonly string[]): string {
  return names.length === 0 ? 'all namespaces' : `in ${names.map(visible).join(', ')}`;
}

function kindScore(kind: KindInfo, text: string): number {
  const custom = kind.section === 'custom' ? 0.8 : 1;
  return Math.max(...[kind.title, ...namesOf(kind)].map((name) => matchScore(name, text))) * custom;
}

function kindItem(kind: KindInfo): PaletteItem {
  return {
    id: `kind:${kind.id}`,
    group: 'Kinds',
    title: visible(kind.title),
    tag: visible(kind.tag),
    ...(kind.section === 'custom' ? { detail: visible(kind.group) } : {}),
    action: { type: 'kind', kind },
  };
}

function entryItem(entry: NavEntry): PaletteItem {
  return {
    id: `page:${entry.id}`,
    group: 'Pages',
    title: entry.title,
    action: { type: 'tab', tab: entry.tab },
  };
}

function namespaceItem(name: string): PaletteItem {
  return {
    id: `ns:${name}`,
    group: 'Namespaces',
    title: visible(name),
    detail: 'show only this namespace',
    action: { type: 'namespaces', names: [name] },
  };
}

function objectItem(object: PaletteSource['objects'][number], source: PaletteSource): PaletteItem {
  const kind = source.kinds.find((other) => other.id === object.kind);
  return {
    id: `object:${object.uid}`,
    group: 'Objects',
    title: visible(object.name),
    tag: visible(kind?.tag ?? object.kind),
    ...(object.namespace === '' ? {} : { detail: visible(object.namespace) }),
    action: { type: 'object', kind: object.kind, namespace: object.namespace, name: object.name },
  };
}

function contextScored(context: ContextSummary, settings: Settings, text: string): Scored {
  const { title } = contextTitle(context, settings.contexts[context.id]?.alias);
  const score = Math.max(matchScore(title, text), matchScore(context.name, text) * 0.95);
  const item: PaletteItem = {
    id: `ctx:${context.id}`,
    group: 'Clusters',
    title,
    detail: visible(context.server),
    action: { type: 'context', id: context.id },
  };
  return { item, score };
}

function commandItems(text: string, source: PaletteSource): readonly Scored[] {
  return source.commands.flatMap((command) => {
    if (command.quiet) return [];
    const state = commandState(command, source.context);
    if (state === 'hidden') return [];
    const item: PaletteItem = {
      id: `command:${command.id}`,
      group: 'Commands',
      title: command.title,
      ...(command.keys?.[0] === undefined ? {} : { keys: command.keys[0] }),
      ...(state === undefined ? {} : { disabled: state }),
      action: { type: 'command', command },
    };
    return [{ item, score: matchScore(command.title, text) * 0.9 }];
  });
}
