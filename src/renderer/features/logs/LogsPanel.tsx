/**
 * Logs of one or many pods: toolbar, lines, status. The lines are the feed's; this holds what the person
 * chose (filter, search, look) and where the screen stands.
 */
import { useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { app } from '#shared/contract/app';
import { noFilter, type LogFilter } from '#shared/contract/logs';
import { stripAnsi } from '#shared/domain/logs/ansi';
import type { PageProps } from '../../data/feature';
import { useAppData } from '../../data/app-data';
import { copyText } from '../../data/clipboard';
import { useClusterId } from '../../data/connections';
import { openTab } from '../../data/workbench';
import { clockNow, useClockText } from '../../ui/clock';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { LogList, type LogListHandle } from '../../ui/log/LogList';
import type { LogSelection } from '../../ui/log/selection';
import { FilterBar } from './FilterBar';
import { isEmpty, parseFilter } from './filter-text';
import { Histogram } from './Histogram';
import { LinkDialog } from './LinkDialog';
import type { DetailActions } from './LogDetail';
import { LogRow, streamName, type RowLook } from './LogRow';
import styles from './logs-panel.module.css';
import { readParams } from './params';
import { SearchBox, type SearchBoxHandle } from './SearchBox';
import { StatusLine } from './StatusLine';
import { emptyWords } from './status-words';
import { Toolbar } from './Toolbar';
import { useFeed } from './use-feed';
import { firstLook, type PanelLook } from './panel-look';

const noMarks: readonly number[] = [];
const COPY_ROWS = 200_000;

export function LogsPanel({ tab, visible }: PageProps): ReactNode {
  const params = useMemo(() => readParams(tab.params), [tab.params]);
  if (!params) return <EmptyState>This log view cannot be read; open it again.</EmptyState>;
  return <Panel key={tab.id} tab={tab} visible={visible} params={params} />;
}

type PanelProps = PageProps & { readonly params: NonNullable<ReturnType<typeof readParams>> };

function Panel({ tab, visible, params }: PanelProps): ReactNode {
  const clusterId = useClusterId();
  const [look, setLook] = useState<PanelLook>(firstLook);
  const [tail, setTail] = useState<number | null>(params.tail);
  const [previous, setPrevious] = useState(params.previous);
  const options = useMemo(
    () => ({ source: params.source, previous, tail, sinceSeconds: params.sinceSeconds, keep: look.keep }),
    [params, previous, tail, look.keep],
  );
  const { feed, head } = useFeed(options, !visible);
  const [filter, setFilter] = useState<LogFilter>(() => parseFilter(params.filter));
  const [before, setBefore] = useState<LogFilter>();
  const [follow, setFollow] = useState(true);
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const [hit, setHit] = useState<{ row: number; index: number }>();
  const [link, setLink] = useState<string>();
  const [note, setNote] = useState<string>();
  const list = useRef<LogListHandle>(null);
  const searchBox = useRef<SearchBoxHandle>(null);
  const filterBox = useRef<HTMLInputElement>(null);

  useEffect(() => {
    const top = list.current?.topRow();
    const seq = top === undefined ? undefined : feed.rowAt(top)?.seq;
    feed.setFilter(filter);
    // The line at the top stays there, if it still is there.
    if (!follow && seq !== undefined) void feed.rowOf(seq).then((row) => list.current?.reveal(row));
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only another filter moves the screen
  }, [feed, filter]);

  const change = useCallback((next: LogFilter) => {
    setBefore(undefined);
    setHit(undefined);
    setFilter(next);
  }, []);

  const streamById = useMemo(() => new Map(head.streams.map((one) => [one.id, one])), [head.streams]);
  const manyContainers = useMemo(() => {
    const first = new Map<string, string>();
    return head.streams.some(({ namespace, pod, container }) => {
      const key = `${namespace}/${pod}`;
      const known = first.get(key);
      if (known === undefined) first.set(key, container);
      return known !== undefined && known !== container;
    });
  }, [head.streams]);
  const oneStream = head.streams.length < 2;
  const rowLook: RowLook = {
    times: look.times,
    names: oneStream ? 'off' : look.names,
    wrap: look.wrap,
    columns: look.columns,
    manyContainers,
  };
  const nameWidth = Math.min(
    28,
    Math.max(5, ...head.streams.map((one) => streamName(one, manyContainers).length)),
  );
  useClockText((now) => (look.times === 'relative' ? String(Math.floor(now / 1000)) : ''));
  const now = look.times === 'relative' ? clockNow() : 0;

  const latest = useRef({ filter, before });
  latest.current = { filter, before };
  const actions = useMemo<DetailActions>(
    () => ({
      toggle: (seq) =>
        setOpen((old) => {
          const next = new Set(old);
          if (!next.delete(seq)) next.add(seq);
          return next;
        }),
      filterField: (path, value, not) => {
        const term = { type: 'field', field: path, op: not ? '!=' : '=', text: value } as const;
        const { filter: old } = latest.current;
        if (value !== '') change({ ...old, include: [...old.include, term] });
      },
      addColumn: (path) =>
        setLook((old) => (old.columns.includes(path) ? old : { ...old, columns: [...old.columns, path] })),
      showAround: (seq) => {
        setBefore(latest.current.before ?? latest.current.filter);
        setFilter({ ...noFilter, hidden: latest.current.filter.hidden });
        setFollow(false);
        setOpen(new Set([seq]));
        // The whole log numbers its rows by line.
        setTimeout(() => void feed.rowOf(seq).then((row) => list.current?.reveal(row)), 60);
      },
      copy: (text) => void copyText(text),
      openLink: setLink,
      wholeLine: (seq) => feed.wholeLine(seq),
    }),
    [feed, change],
  );

  const find = useCallback(
    async (direction: 'next' | 'previous'): Promise<void> => {
      const from = hit?.row ?? (list.current?.topRow() ?? 0) - 1;
      const found = await feed.find(from, direction);
      if (!found) return;
      setHit(found);
      setFollow(false);
      list.current?.reveal(found.row);
    },
    [feed, hit],
  );

  const onCopy = async (selection: LogSelection): Promise<void> => {
    const range = selection.range();
    if (!range) return;
    const { from, to } = range;
    const first = feed.rowAt(from.row);
    if (from.row === to.row && first) {
      await copyText(stripAnsi(first.text).slice(from.column, to.column));
      return;
    }
    const { text, truncated } = await feed.text(from.row, Math.min(to.row, from.row + COPY_ROWS), {
      format: 'text',
      times: false,
      names: false,
    });
    const lines = text.replace(/\n$/, '').split('\n');
    const last = lines.length - 1;
    lines[last] = (lines[last] ?? '').slice(0, to.column);
    lines[0] = (lines[0] ?? '').slice(from.column);
    await copyText(lines.join('\n'));
    setNote(
      truncated || to.row - from.row > COPY_ROWS
        ? 'Copied the first part: the rest is too much for the clipboard.'
        : `Copied ${lines.length.toLocaleString('en')} lines.`,
    );
  };

  const onKey = (event: KeyboardEvent): boolean => {
    const mod = event.ctrlKey || event.metaKey;
    if (mod && event.key.toLowerCase() === 'f') searchBox.current?.focus();
    else if (mod || event.altKey) return false;
    else if (event.key === '/') filterBox.current?.focus();
    else if (event.key === 'n') void find('next');
    else if (event.key === 'N') void find('previous');
    else if (event.key === 'f') setFollow(!follow);
    else if (event.key === 'w') setLook({ ...look, wrap: !look.wrap });
    else return false;
    event.stopPropagation();
    return true;
  };

  const onShow = useCallback((offset: number | undefined, limit: number) => feed.show(offset, limit), [feed]);
  const draw = (row: number): ReactNode => {
    const one = feed.rowAt(row);
    if (!one) return undefined;
    return (
      <LogRow
        row={one}
        stream={streamById.get(one.stream)}
        look={rowLook}
        now={now}
        open={open.has(one.seq)}
        actions={actions}
      />
    );
  };

  useEffect(() => feed.setHistogram(look.histogram ? 120 : 0), [feed, look.histogram]);
  const filtered = !isEmpty(filter);
  const empty = emptyWords(head, filtered, previous);

  return (
    <div
      className={styles.panel}
      style={{ ['--name-width' as string]: `${nameWidth}ch` }}
      onKeyDown={(event) => {
        // Keys of tables and pages behind must not fire from here.
        if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'f') {
          event.preventDefault();
          event.stopPropagation();
          searchBox.current?.focus();
        }
      }}
    >
      <div className={styles.tools}>
        <FilterBar
          ref={filterBox}
          filter={filter}
          error={head.filterError}
          onChange={change}
          onLeave={() => list.current?.focus()}
        />
        <SearchBox
          ref={searchBox}
          search={head.search}
          index={hit?.index}
          onSearch={(term) => {
            setHit(undefined);
            feed.setSearch(term);
          }}
          onFind={(direction) => void find(direction)}
          onLeave={() => list.current?.focus()}
        />
        <Toolbar
          feed={feed}
          head={head}
          look={look}
          filter={filter}
          title={tab.title}
          previous={previous}
          tail={tail}
          canPrevious={params.source.type === 'pods'}
          onLook={setLook}
          onFilter={change}
          onPrevious={setPrevious}
          onTail={setTail}
          onNote={setNote}
          onJump={(row) => {
            setFollow(false);
            list.current?.reveal(row);
          }}
          onTab={tab.page === tab.id ? undefined : () => openTab(clusterId, tab)}
        />
      </div>
      {before && (
        <div className={styles.strip}>
          All lines around the one you chose.
          <button
            type="button"
            className={styles.textButton}
            onClick={() => {
              setFilter(before);
              setBefore(undefined);
            }}
          >
            Back to the filter
          </button>
        </div>
      )}
      {look.histogram && (
        <Histogram
          data={head.histogram}
          range={
            filter.from === null && filter.to === null ? undefined : { from: filter.from, to: filter.to }
          }
          times={look.times}
          onRange={(range) => change({ ...filter, from: range?.from ?? null, to: range?.to ?? null })}
        />
      )}
      {look.columns.length > 0 && (
        <div className={styles.heads} aria-label="Field columns">
          {look.columns.map((path) => (
            <button
              key={path}
              type="button"
              className={styles.textButton}
              data-tip="Take this column away"
              onClick={() => setLook({ ...look, columns: look.columns.filter((other) => other !== path) })}
            >
              {path} ×
            </button>
          ))}
        </div>
      )}
      <div className={styles.body}>
        <LogList
          ref={list}
          label={`Logs of ${tab.title}`}
          first={head.first}
          end={head.end}
          follow={follow}
          wrap={look.wrap}
          draw={draw}
          hitsOf={(row) => feed.rowAt(row)?.hits ?? []}
          currentHit={hit?.row}
          version={head}
          marks={head.search?.marks ?? noMarks}
          onFollow={setFollow}
          onShow={onShow}
          onCopy={(selection) => void onCopy(selection)}
          onKey={onKey}
        />
        {empty !== undefined && (
          <div className={styles.empty}>
            <EmptyState>{empty}</EmptyState>
          </div>
        )}
        {head.problem && head.streams.length === 0 && (
          <div className={styles.empty}>
            <ErrorState title="The pods of these logs cannot be found" error={head.problem} />
          </div>
        )}
        {!follow && head.end > head.first && (
          <button type="button" className={styles.more} onClick={() => setFollow(true)}>
            Follow ↓
          </button>
        )}
      </div>
      <StatusLine
        head={head}
        filtered={filtered}
        follow={follow}
        note={note}
        onFollow={() => setFollow(!follow)}
      />
      {link !== undefined && (
        <LinkDialog
          url={link}
          onClose={() => setLink(undefined)}
          onOpen={() => {
            void useAppData.getState().client?.call(app, 'openExternal', { url: link });
            setLink(undefined);
          }}
        />
      )}
    </div>
  );
}
