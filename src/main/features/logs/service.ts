/**
 * Serves the `logs` slice: each `follow` is a session of its own, which the calls name by number.
 * Guarantees: only the rows on screen travel, at most every 50 ms (1 s while hidden); work over many
 * lines is cut into slices of a few ms; a session ends with its stream.
 */
import {
  logs,
  type LogBatch,
  type LogFilter,
  type LogSearchState,
  type LogStreamInfo,
} from '#shared/contract/logs';
import type { KindInfo } from '#shared/contract/cluster';
import { coalesce, implement, type Served } from '#shared/rpc/server';
import { fail } from '#shared/util/app-error';
import type { Api } from '../../k8s/api';
import { LogSession } from './log-session';
import { LogView } from './log-view';
import { nodeLogFiles, nodeNames } from './node-files';
import { podsOf, type PodSourceDeps } from './pod-source';
import { copyRows, readRows } from './rows';

export interface LogsDeps {
  readonly api: Api;
  /** Kind by id, once discovery has answered. */
  kind(id: string): KindInfo | undefined;
  ready(signal: AbortSignal): Promise<unknown>;
  /** Epoch ms on the server's clock. */
  now(): number;
}

interface Open {
  readonly session: LogSession;
  readonly view: LogView;
}

const EVERY = 50;
const HIDDEN_EVERY = 1_000;
const SLICE = 12;
const HISTOGRAM_EVERY = 1_000;
const SEARCH_EVERY = 250;

export function logsService(deps: LogsDeps): Served {
  const sessions = new Map<number, Open>();
  let nextSession = 1;
  const of = (id: number): Open => {
    const open = sessions.get(id);
    if (!open) throw fail('gone', 'This log view is closed.');
    return open;
  };

  const podDeps: PodSourceDeps = {
    api: deps.api,
    kind: async (kind, signal) => {
      if (!deps.kind(kind)) await deps.ready(signal);
      return deps.kind(kind);
    },
  };

  return implement(logs, {
    follow: (input, sink) => {
      const { scope } = sink;
      const id = nextSession++;
      let offset: number | undefined;
      let { limit, request } = input;
      let bars = 0;
      let hidden = false;
      let sentStreams = -1;
      let sentRows = '';
      let version = 0;
      let sentSearch = '';
      let histogramAt = 0;
      let searched: LogSearchState | undefined;
      let searchAt = 0;
      let searchVersion = -1;
      let rate = { at: Date.now(), end: 0, perSecond: 0 };
      let waiting: (() => void) | undefined;

      const session = new LogSession({
        ...input,
        ...podDeps,
        now: () => deps.now(),
        scope: scope.child('session'),
        onChange: () => work(),
      });
      const view = new LogView(session.store, (stream, names) => session.isHidden(stream, names));
      view.setFilter(input.filter);
      sessions.set(id, { session, view });
      scope.add(() => sessions.delete(id));

      const take = (): LogBatch => {
        const { store } = session;
        const now = Date.now();
        if (now - rate.at >= 1_000) {
          const perSecond = Math.round(((store.end - rate.end) * 1000) / (now - rate.at));
          rate = { at: now, end: store.end, perSecond };
        }
        const last = view.end;
        const from = Math.max(
          view.first,
          offset === undefined ? last - limit : Math.min(offset, Math.max(view.first, last - 1)),
        );
        const to = Math.min(last, from + limit);
        const key = `${version} ${from} ${to}`;
        const isNew = key !== sentRows;
        sentRows = key;
        const withStreams = sentStreams !== session.streamsVersion || now - streamsAt > 1_000;
        if (withStreams) streamsAt = now;
        sentStreams = session.streamsVersion;
        // Where the hits are is counted anew each time: seldom while lines pour in.
        const due = view.busy || searchVersion !== version || now - searchAt >= SEARCH_EVERY;
        if (due) {
          searchAt = now;
          searchVersion = version;
          searched = view.searchState();
        }
        const search = searched;
        const searchKey = JSON.stringify(search ?? null);
        const withSearch = searchKey !== sentSearch;
        sentSearch = searchKey;
        const withHistogram = bars > 0 && now - histogramAt >= HISTOGRAM_EVERY;
        if (withHistogram) histogramAt = now;
        const { filterError } = view;
        return {
          session: id,
          request,
          first: view.first,
          end: last,
          lines: store.count,
          dropped: store.first,
          bytes: store.bytes,
          disk: store.disk,
          ...(session.diskError === undefined ? {} : { diskError: session.diskError }),
          perSecond: rate.perSecond,
          from: store.count > 0 ? store.time(store.first) : null,
          to: store.count > 0 ? store.time(store.end - 1) : null,
          filtered: view.filtered,
          unopened: session.unopened,
          ...(filterError === undefined ? {} : { filterError }),
          ...(withStreams ? { streams: session.streams.map(streamInfo) } : {}),
          ...(session.problem && { problem: session.problem }),
          ...(isNew ? { rows: readRows(session, view, from, to) } : {}),
          ...(withSearch && search ? { search } : {}),
          ...(withHistogram ? { histogram: view.histogram(bars) } : {}),
        };
      };
      let streamsAt = 0;
      const out = coalesce(sink, take, EVERY);

      // Filter and search go on in slices; each slice lets everything else run.
      const work = (): void => {
        if (scope.disposed || waiting) return;
        waiting = scope.timeout(
          () => {
            waiting = undefined;
            view.advance(SLICE);
            out.mark();
            if (view.busy) work();
          },
          hidden ? HIDDEN_EVERY : 0,
        );
      };
      // Rates and ages of a quiet view.
      const tick = (): void => {
        scope.timeout(() => {
          if (!hidden) out.mark();
          tick();
        }, 1_000);
      };
      tick();
      work();

      return (update) => {
        request = update.request;
        offset = update.offset;
        limit = update.limit ?? limit;
        if (update.filter !== undefined) view.setFilter(update.filter);
        if (update.unfolded !== undefined) view.setUnfolded(new Set(update.unfolded));
        if (update.search !== undefined) view.setSearch(update.search);
        if (update.filter !== undefined || update.unfolded !== undefined || update.search !== undefined) {
          version += 1;
          view.advance(SLICE * 2);
        }
        if (update.keep !== undefined) session.store.setLimit(update.keep);
        if (update.spill !== undefined) session.setSpill(update.spill);
        if (update.histogram !== undefined) {
          bars = update.histogram;
          histogramAt = 0;
        }
        if (update.hidden !== undefined) hidden = update.hidden;
        out.mark();
        work();
      };
    },
    find: async ({ session, from, direction }) => of(session).view.hit(from, direction),
    rowAt: async ({ session, time }) => ({ row: of(session).view.rowAt(time) }),
    rowOf: async ({ session, seq }) => ({ row: of(session).view.rowOf(seq) }),
    pods: (input, signal) => podsOf(input.source, podDeps, signal),
    nodes: (_, signal) => nodeNames(deps.api, signal),
    nodeFiles: ({ node, folder }, signal) => nodeLogFiles(deps.api, node, folder, signal),
    line: async ({ session, seq }) => ({ text: of(session).session.store.text(seq)?.toString('utf8') ?? '' }),
    text: (input, signal) => {
      const { session, view } = of(input.session);
      return copyRows(session, view, input, signal);
    },
  });
}

function streamInfo({
  id,
  pod,
  info,
  type,
  phase,
  words,
  lines,
  restarts,
  throttled,
}: LogSession['streams'][number]): LogStreamInfo {
  const { namespace, name } = pod;
  return { id, namespace, pod: name, container: info.name, type, phase, words, lines, restarts, throttled };
}

export type { LogFilter };
