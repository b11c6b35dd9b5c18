/**
 * The objects a command is about: what is selected, or, when all rows are, every object the
 * table's query matches. Tables tell here how to get at theirs.
 */
import type { CommandContext, SelectedObject } from './feature';

export interface ChosenSource {
  /** All rows of the query are chosen (less some); `count` is how many that is now. */
  all(): { readonly kind: string; readonly count: number } | undefined;
  /** Everything that is chosen; a selection by query is resolved by the host, capped at 100,000. */
  objects(): Promise<readonly SelectedObject[]>;
}

const sources = new Map<string, ChosenSource>();
const key = (clusterId: string, tabId: string): string => `${clusterId}\n${tabId}`;

/** A page registers while it is visible; returns how to take it away again. */
export function registerChosen(clusterId: string, tabId: string, source: ChosenSource): () => void {
  const at = key(clusterId, tabId);
  sources.set(at, source);
  return () => {
    if (sources.get(at) === source) sources.delete(at);
  };
}

function sourceOf(context: CommandContext): ChosenSource | undefined {
  const { clusterId, tab } = context;
  return clusterId === null || tab === null ? undefined : sources.get(key(clusterId, tab.id));
}

/** What a command's `disabled` may know at once: kinds and number of the chosen objects. */
export function chosenNow(context: CommandContext): {
  readonly kinds: readonly string[];
  readonly count: number;
  /** The objects that are at hand: all of them, unless they are chosen by a query. */
  readonly objects: readonly SelectedObject[];
} {
  const { selection } = context;
  if (selection.length > 0) {
    const kinds = [...new Set(selection.map((object) => object.kind))];
    return { kinds, count: selection.length, objects: selection };
  }
  const all = sourceOf(context)?.all();
  return all && all.count > 0
    ? { kinds: [all.kind], count: all.count, objects: [] }
    : { kinds: [], count: 0, objects: [] };
}

/** Selection first, else all rows of the query when "all" is selected, else nothing. */
export async function chosenObjects(context: CommandContext): Promise<readonly SelectedObject[]> {
  if (context.selection.length > 0) return context.selection;
  const source = sourceOf(context);
  return source?.all() ? source.objects() : [];
}
