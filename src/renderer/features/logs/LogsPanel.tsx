/**
 * Logs of one or many pods: toolbar, lines, status. The lines are the feed's; this holds what the person
 * chose (filter, search, look) and where the screen stands.
 */
import { useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { app } from '#shared/contract/app';
import { noFilter, type LogFilter } from '#shared/contract/logs';
import type { PageProps } from '../../data/feature';
import { useAppData } from '../../data/app-data';
import { copyText } from '../../data/clipboard';
import { useClusterId } from '../../data/connections';
import { openTab } from '../../data/workbench';
import { clockNow, useClockText } from '../../ui/clock';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { LogList, type LogListHandle } from '../../ui/log/LogList';
import { copySelection } from './copy-selection';
import { FieldHeads } from './FieldHeads';
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
import { firstLook, rememberLook, type PanelLook } from './panel-look';
import { useOpenAt } from './use-open-at';

const noMarks: readonly number[] = [];

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
    () => ({
      source: params.source,
      previous,
      tail,
      sinceSeconds: params.sinceSeconds,
      withPrevious: params.at !== undefined,
    }),
    [params, previous, tail],
  );
  const { feed, head } = useFeed(options, !visible);
  useEffect(() => {
    feed.setKept(look.keep, look.spill);
    rememberLook(look);
  }, [feed, look]);
  const [filter, setFilter] = useState<LogFilter>(() => parseFilter(params.filter));
  const [before, setBefore] = useState<LogFilter>();
  const [follow, setFollow] = useState(true);
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const [hit, setHit] = useState<{ row: number; index: number }>();
  const [unfolded, setUnfolded] = useState<ReadonlySet<number>>(new Set());
  const [link, setLink] = useState<string>();
  const [note, setNote] = useState<string>();
  const list = useRef<LogListHandle>(null);
  const searchBox = useRef<SearchBoxHandle>(null);
  const filterBox = useRef<HTMLInputElement>(null);

  useEffect(() => {
    const top = list.current?.topRow();
    const seq = top === undefined ? undefined : feed.rowAt(top)?.seq;
    feed.setFilter(filter);
    setUnfolded(new Set());
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
      toggle: (seq) => {
        // What is being read must not move away.
        setFollow(false);
        setOpen((old) => {
          const next = new Set(old);
          if (!next.delete(seq)) next.add(seq);
          return next;
        });
      },
      unfold: (seq) =>
        setUnfolded((old) => {
          const next = new Set(old);
          if (!next.delete(seq)) next.add(seq);
          feed.setUnfolded([...next]);
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
        unfolded={unfolded.has(one.seq)}
        actions={actions}
      />
    );
  };

  const opened = useOpenAt(params.at, feed, head, (row, seq) => {
    setFollow(false);
    if (seq !== undefined) setOpen(new Set([seq]));
    list.current?.reveal(row);
  });

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
          canPrevious={params.source.type !== 'node'}
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
        <FieldHeads
          look={rowLook}
          onRemove={(path) => setLook({ ...look, columns: look.columns.filter((other) => other !== path) })}
        />
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
          onCopy={(selection) => void copySelection(feed, selection).then(setNote)}
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
        note={note ?? opened}
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
