/**
 * The tables on screen, by cluster and tab, so that commands reach the one that has the
 * keyboard. A page registers while it is visible.
 */
import type { KindId } from '#shared/kinds/define';
import type { CommandContext, SelectedObject } from '../../data/feature';
import type { Say } from './notice';
import type { TableNavigator } from '../../ui/table/navigator';

export interface ActiveTable {
  readonly kind: KindId;
  readonly nav: TableNavigator;
  focusFilter(): void;
  setFilter(text: string): void;
  openColumns(): void;
  /** Text of the cell the menu was opened on. */
  copyCell(): string | undefined;
  /** Copies the chosen rows, or the cursor's, and says so beside the table. */
  copyRows(): Promise<void>;
  readonly say: Say;
  /** Everything that is chosen; a selection by query is resolved by the host, capped at 100,000. */
  chosen(): Promise<readonly SelectedObject[]>;
}

const tables = new Map<string, ActiveTable>();
const key = (clusterId: string, tabId: string): string => `${clusterId}\n${tabId}`;

/** Returns how to take it away again. */
export function registerTable(clusterId: string, tabId: string, table: ActiveTable): () => void {
  const at = key(clusterId, tabId);
  tables.set(at, table);
  return () => {
    if (tables.get(at) === table) tables.delete(at);
  };
}

export function activeTable(context: CommandContext): ActiveTable | undefined {
  const { clusterId, tab } = context;
  return clusterId === null || tab === null ? undefined : tables.get(key(clusterId, tab.id));
}
