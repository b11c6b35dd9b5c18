/** The rows of the list of clusters: headings and contexts, searched and in order. Pure. */
import type { ContextSummary, Settings } from '#shared/contract/app';
import { groupContexts } from '../../data/context-order';

export interface HeadingRow {
  readonly type: 'group';
  readonly name: string;
  readonly count: number;
}

export interface ContextRow {
  readonly type: 'context';
  readonly context: ContextSummary;
  /** Of the whole group, also what the search leaves out: moves count there. */
  readonly group: readonly ContextSummary[];
  readonly place: number;
}

export type ListRow = HeadingRow | ContextRow;

export interface ListModel {
  readonly rows: readonly ListRow[];
  /** Contexts shown. */
  readonly shown: number;
  /** Hidden ones that the search or the switch leaves out. */
  readonly hidden: number;
}

/** Every word must stand in the name, alias, group, server, user, file or provider. */
export function listRows(
  contexts: readonly ContextSummary[],
  own: Settings['contexts'],
  text: string,
  withHidden: boolean,
): ListModel {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const rows: ListRow[] = [];
  let shown = 0;
  let hidden = 0;
  const groups = groupContexts(contexts, own);
  const isTitled = groups.length > 1 || groups.some((group) => group.name !== '');
  for (const group of groups) {
    const found: ContextRow[] = [];
    group.contexts.forEach((context, place) => {
      if (words.length > 0 && !matches(context, own[context.id], words)) return;
      if (own[context.id]?.hidden === true && !withHidden) hidden += 1;
      else found.push({ type: 'context', context, group: group.contexts, place });
    });
    if (found.length === 0) continue;
    if (isTitled) rows.push({ type: 'group', name: group.name, count: found.length });
    rows.push(...found);
    shown += found.length;
  }
  return { rows, shown, hidden };
}

function matches(
  context: ContextSummary,
  own: Settings['contexts'][string] | undefined,
  words: readonly string[],
): boolean {
  const { provider } = context;
  const text = [
    ...[context.name, own?.alias, own?.group, context.server, context.user, context.cluster, context.file],
    ...[provider?.label, provider?.region, provider?.account, provider?.project],
    own?.protected ? 'protected' : '',
    own?.readOnly ? 'read-only' : '',
  ]
    .join('\n')
    .toLowerCase();
  return words.every((word) => text.includes(word));
}
