/**
 * The table of one kind: filter, counts, state, columns, rows. Rows are the live view's;
 * this page holds the query and says what state it is in. A table that had rows never
 * goes blank: it is dimmed and says why.
 */
import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { resources } from '#shared/contract/resources';
import { registerChosen } from '../../data/chosen';
import { useClusterId, useCluster } from '../../data/connections';
import { CommandMenu } from '../../data/CommandMenu';
import { useKind, useThisCluster } from '../../data/cluster-data';
import { useCommandList } from '../../data/command-registry';
import type { PageProps, SelectedObject } from '../../data/feature';
import { useLiveView } from '../../data/live-view';
import { usePageActions } from '../../data/page-actions';
import { patchSettings, useSettings } from '../../data/app-data';
import { chooseNamespaces, openDrawer, useBench, useWorkbench } from '../../data/workbench';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { useClockText } from '../../ui/clock';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { copyText as cellText } from '../../ui/table/cells';
import { moveColumn, setWidth, shownColumns, type ColumnSetup } from '../../ui/table/columns';
import { DataTable } from '../../ui/table/DataTable';
import { TableNavigator } from '../../ui/table/navigator';
import { TableSelection } from '../../ui/table/selection';
import type { ShownColumn, TableRow, TableSort } from '../../ui/table/types';
import { registerTable } from './active-table';
import { ColumnsMenu } from './ColumnsMenu';
import { FilterBox } from './FilterBox';
import { firstColumns, offeredColumns, rememberColumns } from './offered';
import styles from './resources.module.css';
import { copyAndSay, NoticeLine, useNotice } from './notice';
import { countWord, rowsAsText } from './rows-text';
import { SelectionBar } from './SelectionBar';
import { useForgetGone } from './use-forget-gone';
import { blockingError, countWords, emptyWords, isStale, listingWords, tableBadge } from './table-words';

const MENU = [
  'object.open',
  'object.copy-name',
  'table.copy-cell',
  'table.copy-rows',
  'object.copy-kubectl',
  'table.select-all',
  '-',
  '*',
  '-',
  'action.delete',
];

/** The contract's cap on one selection by query. */
const MOST_CHOSEN = 100_000;

const noNamespaces: readonly string[] = [];

export function ResourcePage({ tab, visible }: PageProps): ReactNode {
  const kindId = tab.params.kind ?? '';
  const clusterId = useClusterId();
  const client = useCluster();
  const kind = useKind(kindId);
  const { status } = useThisCluster();
  const settings = useSettings();
  const bench = useBench(clusterId);
  const namespaces = kind?.namespaced === false ? noNamespaces : bench.namespaces;
  const setup = settings.tables[kindId] ?? noSetup;
  const sort = setup.sort ?? null;
  const [filter, setFilter] = useState(tab.params.filter ?? '');
  const sentFilter = useDeferredValue(filter);
  const query = useMemo(() => ({ namespaces, filter: sentFilter, sort }), [namespaces, sentFilter, sort]);
  const { view, head } = useLiveView(client, kindId, query, !visible);
  const [cancelled, setCancelled] = useState(false);

  const nav = useMemo(() => new TableNavigator(view, new TableSelection()), [view]);
  const columns = head.columns ?? firstColumns(kindId);
  useEffect(() => {
    if (head.columns) rememberColumns(kindId, head.columns);
  }, [kindId, head.columns]);
  const offered = useMemo(() => offeredColumns(columns, namespaces.length === 1), [columns, namespaces]);
  const shown = useMemo(() => shownColumns(offered, setup), [offered, setup]);

  const change = useCallback(
    (next: ColumnSetup & { sort?: TableSort }) => patchSettings({ tables: { [kindId]: next } }),
    [kindId],
  );
  const filterBox = useRef<HTMLInputElement>(null);
  const [columnsOpen, setColumnsOpen] = useState(false);
  const [yielded, setYielded] = useState<readonly ShownColumn[]>([]);
  const [menu, setMenu] = useState<
    { row: TableRow; column: ShownColumn | undefined; x: number; y: number } | undefined
  >(undefined);

  const [notice, say] = useNotice();
  const commands = useCommandList();
  const choose = commands.all.find((command) => command.id === 'namespaces');
  const show = useCallback(
    (row: TableRow) => openDrawer(clusterId, { kind: kindId, namespace: row.namespace, name: row.name }),
    [clusterId, kindId],
  );
  useEffect(() => {
    nav.events = {
      onOpen: show,
      onRangeFailed: (reason) => say({ tone: 'bad', text: `Not selected: ${reasonWords(reason)}` }),
      // The open drawer follows the cursor.
      onCursor: (row) => {
        const { drawer } = useWorkbench.getState().benches[clusterId] ?? {};
        if (drawer?.kind === kindId) show(row);
      },
    };
  }, [nav, show, clusterId, kindId, say]);
  useForgetGone(view, nav.selection, head.total, visible);
  // Reading starts at the top of another order; what was chosen by another question no longer is.
  useEffect(() => nav.screen?.scrollTo(0), [nav, query]);
  useEffect(() => void nav.selection.clear(), [nav, namespaces, sentFilter]);

  const objects = useCallback((): readonly SelectedObject[] => {
    const chosen = nav.selection.rows();
    const cursor = nav.cursorRow();
    const rows = chosen.length > 0 ? chosen : cursor && !nav.selection.all ? [cursor] : [];
    return rows.map((row) => ({ kind: kindId, namespace: row.namespace, name: row.name, uid: row.id }));
  }, [nav, kindId]);

  usePageActions(clusterId, tab.id, visible, {
    focusFilter: () => filterBox.current?.focus(),
    clearFilter: () => {
      if (filter === '') return false;
      setFilter('');
      nav.focus();
      return true;
    },
    clearSelection: () => nav.selection.clear(),
    selection: objects,
  });
  const copyRows = useCallback(
    () =>
      rowsAsText(nav, view, shown).then(
        ({ text, count }) => copyAndSay(text, countWord(count, 'row'), say),
        (reason: unknown) => say({ tone: 'bad', text: `Not copied: ${reasonWords(reason)}` }),
      ),
    [nav, view, shown, say],
  );
  const menuCell = useRef<typeof menu>(undefined);
  useEffect(() => {
    if (!visible) return undefined;
    const chosen = async (): Promise<readonly SelectedObject[]> => {
      const { all, exceptions } = nav.selection;
      if (!all || !client) return objects();
      const { keys } = await client.call(resources, 'select', {
        kind: kindId,
        namespaces: [...namespaces],
        filter: sentFilter,
        limit: MOST_CHOSEN,
      });
      const left = keys.filter((key) => !exceptions.has(key.id));
      return left.map(({ id, namespace, name }) => ({ kind: kindId, namespace, name, uid: id }));
    };
    const forget = registerChosen(clusterId, tab.id, {
      all: () => {
        const { all } = nav.selection;
        return all ? { kind: kindId, count: nav.selection.size(view.count()) } : undefined;
      },
      objects: chosen,
    });
    const leave = registerTable(clusterId, tab.id, {
      kind: kindId,
      nav,
      focusFilter: () => filterBox.current?.focus(),
      setFilter,
      openColumns: () => setColumnsOpen(true),
      copyCell: () => {
        const at = menuCell.current;
        return at?.column && cellText(at.column, at.row, Date.now());
      },
      copyRows,
      say,
      chosen,
    });
    return () => {
      forget();
      leave();
    };
  }, [clusterId, tab.id, visible, kindId, nav, copyRows, say, client, objects, namespaces, sentFilter, view]);

  const badgeText = useClockText((now) => tableBadge(head, now).text);
  const badge = tableBadge(head, Date.now());
  const title = kind?.title ?? tab.title;
  const blocked = blockingError(head);
  const empty = emptyWords(head, title, namespaces, sentFilter);
  const listing = head.state?.phase === 'listing' ? head.state : undefined;

  return (
    <div className={styles.page}>
      <div className={styles.tool}>
        <FilterBox
          ref={filterBox}
          value={filter}
          error={head.filterError}
          columns={offered}
          onChange={setFilter}
          onLeave={() => nav.focus()}
        />
        <span className={styles.count} aria-live="polite">
          {listing ? listingWords(listing.loaded, listing.expected) : blocked ? '' : countWords(head)}
        </span>
        {listing && !cancelled && (
          <Button
            look="quiet"
            onClick={() => {
              setCancelled(true);
              view.detach();
            }}
          >
            Cancel
          </Button>
        )}
        {cancelled && (
          <>
            <span className={styles.count}>Loading was cancelled.</span>
            <Button
              onClick={() => {
                setCancelled(false);
                view.attach(client);
              }}
            >
              Go on
            </Button>
          </>
        )}
        <NoticeLine notice={notice} />
        <span className={styles.space} />
        {yielded.length > 0 && (
          <span
            className={styles.yielded}
            data-tip={`No room for ${yielded.map((column) => column.title).join(', ')}. Widen the window, close the details or choose columns.`}
          >
            {countWord(yielded.length, 'column')} hidden
          </span>
        )}
        <Badge tone={badge.tone} tip={badge.reason} live={`State of ${title}`}>
          {badgeText}
        </Badge>
        <ColumnsMenu
          open={columnsOpen}
          onOpen={setColumnsOpen}
          offered={offered}
          setup={setup}
          onChange={change}
        />
      </div>
      <SelectionBar nav={nav} matched={head.matched} filter={sentFilter} title={title} />
      {blocked ? (
        <ErrorState
          title={`${title} ${blocked.title}`}
          error={blocked.error}
          onRetry={head.state?.phase === 'gone' ? undefined : () => view.retry()}
        >
          {blocked.error.code === 'forbidden' && namespaces.length === 0 && kind?.namespaced !== false && (
            <>
              {choose && (
                <Button onClick={() => void choose.run(commands.context())}>Choose namespaces</Button>
              )}
              <span className={styles.aside}>Single namespaces still work where you may list them.</span>
            </>
          )}
        </ErrorState>
      ) : (
        <>
          <DataTable
            label={title}
            nav={nav}
            columns={shown}
            sort={sort}
            density={settings.density}
            clockOffset={status?.clockOffset ?? 0}
            stale={isStale(head)}
            onSort={(next) => change({ ...setup, sort: next })}
            onWidth={(id, px) =>
              px === undefined
                ? patchSettings({ tables: { [kindId]: { widths: { [id]: null } } } })
                : change(setWidth(setup, id, px))
            }
            onMoveColumn={(id, before) => change(moveColumn(offered, setup, id, before))}
            onLink={(row, column) => {
              const meta = columns.find((other) => other.id === column.id);
              const name = meta && row.cells[columns.indexOf(meta)];
              if (!meta?.ref || typeof name !== 'string') return;
              const namespace = meta.refNamespaced === true ? row.namespace : '';
              openDrawer(clusterId, { kind: meta.ref, namespace, name });
            }}
            onMenu={(row, column, at) => {
              menuCell.current = { row, column, ...at };
              setMenu(menuCell.current);
            }}
            onCopy={() => void copyRows()}
            onYield={setYielded}
          />
          {empty !== undefined && (
            <div className={styles.empty}>
              <EmptyState
                action={
                  filter.trim() !== '' && head.total > 0 ? (
                    <Button onClick={() => setFilter('')}>Clear the filter</Button>
                  ) : namespaces.length > 0 ? (
                    <Button onClick={() => chooseNamespaces(clusterId, [])}>Show all namespaces</Button>
                  ) : undefined
                }
              >
                {empty}
              </EmptyState>
            </div>
          )}
        </>
      )}
      {menu && (
        <CommandMenu
          label={menu.row.name}
          ids={MENU}
          at={menu}
          context={{ selection: objects() }}
          onClose={() => setMenu(undefined)}
        />
      )}
    </div>
  );
}

const noSetup: ColumnSetup & { readonly sort?: TableSort } = {};

function reasonWords(reason: unknown): string {
  return reason instanceof Error && reason.message !== '' ? reason.message : 'the rows could not be read.';
}
