/**
 * One live table on screen: a window over rows that live in the cluster's host.
 * Guarantees: a row's listener is called only when the row at its place changed; rows
 * stay (marked by `lost`) when the stream ends or the host restarts, and are replaced
 * only by a newer answer; at most one window update is under way while scrolling.
 * Keeps rows near the window only; rows elsewhere are `undefined` until they arrive.
 */
import { useEffect, useState, useSyncExternalStore } from 'react';
import { resources, type TableState, type ViewBatch, type WireRow } from '#shared/contract/resources';
import type { ColumnMeta, KindId } from '#shared/kinds/define';
import type { OpenStream, RpcClient } from '#shared/rpc/client';
import type { UpdateOf } from '#shared/rpc/define';
import { Scope } from '#shared/rpc/scope';
import { fail, type AppError } from '#shared/util/app-error';
import { AtFrame } from './at-frame';
import { fetchRange } from './row-range';
import { RowCache } from './row-cache';
import { nextWindow, windowFor, type RowWindow, type VisibleRows } from './row-window';
import { isUnseen, subscribeSeen } from './unseen';

export interface ViewSort {
  readonly column: string;
  readonly desc: boolean;
}

export interface ViewQuery {
  readonly namespaces: readonly string[];
  readonly filter: string;
  readonly sort: ViewSort | null;
}

/** Everything about a view but its rows. Its identity changes only when something in it did. */
export interface ViewHead {
  readonly columns: readonly ColumnMeta[] | undefined;
  readonly state: TableState | undefined;
  /** The stream is gone: rows are the last known ones, since then. */
  readonly lost: { readonly since: number; readonly error: AppError | undefined } | undefined;
  readonly total: number;
  readonly matched: number;
  readonly filterError: ViewBatch['filterError'];
  /** A new filter, sort or namespace choice was sent and not yet answered. */
  readonly pending: boolean;
}

type ViewUpdate = UpdateOf<(typeof resources)['members']['view']>;

/** Past this an unanswered window update no longer holds back the next one (ms). */
const WINDOW_PATIENCE = 150;
/** Longest range that is fetched row by row. */
const MOST_RANGE = 5_000;
/** A row created longer ago came into view for another reason; clocks may differ this much, ms. */
const YOUNG_MS = 60_000;
const RETRY_FIRST = 1_000;
const RETRY_LAST = 30_000;

const emptyHead: ViewHead = {
  columns: undefined,
  state: undefined,
  lost: undefined,
  total: 0,
  matched: 0,
  filterError: undefined,
  pending: true,
};

export class LiveView {
  readonly kind: KindId;
  private readonly cache = new RowCache();
  private readonly listeners = new Set<() => void>();
  private readonly frames = new AtFrame();
  private query: ViewQuery;
  private current: ViewHead = emptyHead;
  private headKey = '';
  private client: RpcClient | undefined;
  private stream: OpenStream<ViewUpdate> | undefined;
  private scope: Scope | undefined;
  private hidden = false;
  private visible: VisibleRows = { first: -1, last: -1 };
  private window: RowWindow = windowFor({ first: 0, last: 40 });
  private sentWindow: RowWindow | undefined;
  private request = 0;
  private answered = 0;
  private queryRequest = 0;
  private cancelPatience: (() => void) | undefined;
  private retryDelay = RETRY_FIRST;
  /** Set after a reopen: old rows are shown until the new list has caught up with them. */
  private holding = false;

  constructor(kind: KindId, query: ViewQuery) {
    this.kind = kind;
    this.query = query;
  }

  /** Starts to follow `client`; undefined while the host is away. Ends with `detach`. */
  attach(client: RpcClient | undefined): void {
    this.scope ??= new Scope(`live-view ${this.kind}`);
    if (client === this.client && this.stream) return;
    this.dropStream();
    this.client = client;
    if (client) this.open();
    else if (this.current.columns) this.lose(undefined);
  }

  /** Closes the stream and every timer; rows stay for a later `attach`. */
  detach(): void {
    this.dropStream();
    this.client = undefined;
    this.scope?.dispose();
    this.scope = undefined;
  }

  setQuery(query: ViewQuery): void {
    const before = this.query;
    if (JSON.stringify(before) === JSON.stringify(query)) return;
    this.query = query;
    this.window = windowFor({ first: 0, last: this.window.visible - 1 });
    this.queryRequest = this.request + 1;
    this.holding = false;
    this.send({
      ...(query.filter === before.filter ? {} : { filter: query.filter }),
      ...(query.sort === before.sort ? {} : { sort: query.sort }),
      ...(sameNames(query.namespaces, before.namespaces) ? {} : { namespaces: [...query.namespaces] }),
      ...this.takeWindow(),
    });
    this.setHead({ pending: true });
  }

  setHidden(hidden: boolean): void {
    if (this.hidden === hidden) return;
    this.hidden = hidden;
    this.send({ hidden });
  }

  /** The rows on screen, both ends included; asks for more only when they come near an edge. */
  setVisible(first: number, last: number): void {
    if (this.visible.first === first && this.visible.last === last) return;
    this.visible = { first, last };
    // What has no rows yet does not move, and waits for nothing.
    if (this.cache.size > 0) this.frames.moved();
    const next = nextWindow(this.window, { first, last });
    if (next === this.window) return;
    this.window = next;
    this.sendWindow();
  }

  /** Tries a failed view again at once. */
  retry(): void {
    if (!this.client || !this.scope) return;
    this.dropStream();
    this.retryDelay = RETRY_FIRST;
    this.open();
  }

  readonly head = (): ViewHead => this.current;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly count = (): number => this.current.matched;

  readonly rowAt = (index: number): WireRow | undefined => this.cache.at(index);

  /** Place of a row, while it is near the window. */
  readonly indexOf = (id: string): number | undefined => this.cache.indexOf(id);

  /** The row was created a moment ago, while this table stood still. */
  readonly isFresh = (id: string): boolean => this.cache.isFresh(id);

  /** Of these rows, those that are no more. Empty while nobody can be asked. */
  readonly gone = async (ids: readonly string[]): Promise<readonly string[]> => {
    const { client, scope } = this;
    if (!client || !scope || this.current.state?.phase !== 'live') return [];
    const namespaces = [...this.query.namespaces];
    const asked = ids.slice(0, MOST_RANGE);
    return client.call(resources, 'gone', { kind: this.kind, namespaces, ids: asked }, scope.signal);
  };

  /** Called when another or a changed row stands at `index`. */
  readonly subscribeRow = (index: number, listener: () => void): (() => void) =>
    this.cache.subscribe(index, listener);

  /** Rows that are not at hand, by a view of their own that ends when it has them. */
  readonly range = async (first: number, last: number): Promise<readonly WireRow[]> => {
    const { client, scope } = this;
    if (!client || !scope || last - first >= MOST_RANGE) {
      throw fail(
        'too-large',
        `A range of more than ${MOST_RANGE} rows: select all and narrow by the filter.`,
      );
    }
    return fetchRange(client, { kind: this.kind, ...this.query }, first, last, scope.signal);
  };

  private open(): void {
    const { client, scope } = this;
    if (!client || !scope) return;
    this.holding = this.cache.size > 0;
    this.queryRequest = ++this.request;
    this.answered = this.request - 1;
    const stream = client.open(
      resources,
      'view',
      {
        kind: this.kind,
        namespaces: [...this.query.namespaces],
        filter: this.query.filter,
        sort: this.query.sort,
        ...this.takeWindow(),
        hidden: this.hidden,
        request: this.request,
      },
      {
        onData: (batch) => this.frames.push(() => this.receive(batch)),
        onEnd: (error) => {
          if (this.stream !== stream) return;
          this.frames.flush();
          this.stream = undefined;
          this.lose(error);
          this.retryLater(error);
        },
      },
    );
    this.stream = stream;
  }

  private retryLater(error: AppError | undefined): void {
    if (!this.scope || this.client?.closed !== false || error?.code === 'invalid-input') return;
    this.scope.timeout(() => {
      if (!this.stream) this.open();
    }, this.retryDelay);
    this.retryDelay = Math.min(this.retryDelay * 2, RETRY_LAST);
  }

  private dropStream(): void {
    this.stream?.close();
    this.stream = undefined;
    this.frames.drop();
    this.cancelPatience?.();
    this.cancelPatience = undefined;
  }

  private lose(error: AppError | undefined): void {
    if (this.current.lost && !error) return;
    this.setHead({ lost: { since: this.current.lost?.since ?? Date.now(), error } });
  }

  private send(update: Omit<ViewUpdate, 'request'>): void {
    this.request += 1;
    this.stream?.update({ ...update, request: this.request });
  }

  private takeWindow(): { offset: number; limit: number } {
    this.sentWindow = this.window;
    return { offset: this.window.offset, limit: this.window.limit };
  }

  private sendWindow(): void {
    if (!this.stream || this.sentWindow === this.window) return;
    if (this.answered < this.request && this.cancelPatience) return;
    this.send(this.takeWindow());
    this.cancelPatience?.();
    this.cancelPatience = this.scope?.timeout(() => {
      this.cancelPatience = undefined;
      this.sendWindow();
    }, WINDOW_PATIENCE);
  }

  private receive(batch: ViewBatch): void {
    this.retryDelay = RETRY_FIRST;
    this.answered = Math.max(this.answered, batch.request);
    const answersQuery = batch.request >= this.queryRequest;
    if (this.holding && (batch.state.phase !== 'listing' || batch.matched >= this.current.matched)) {
      this.holding = false;
      this.cache.forgetPlaces();
    } else if (!this.holding && answersQuery && this.current.pending) {
      this.cache.forgetPlaces();
    }
    const matched = this.holding ? this.current.matched : batch.matched;
    this.setHead({
      columns: batch.columns ?? this.current.columns,
      state: batch.state,
      lost: undefined,
      total: this.holding ? this.current.total : batch.total,
      matched,
      filterError: batch.filterError,
      pending: this.current.pending && !answersQuery,
    });
    this.cache.apply(batch.rows, batch.order, batch.offset, matched, this.holding, this.youth(batch));
    if (this.answered >= this.request) {
      this.cancelPatience?.();
      this.cancelPatience = undefined;
      this.sendWindow();
    }
  }

  /** Only of a live table: rows of a list that is still coming in are not news. */
  private youth(batch: ViewBatch): ((row: WireRow) => boolean) | undefined {
    if (batch.state.phase !== 'live') return undefined;
    const age = this.current.columns?.findIndex((column) => column.id === 'age') ?? -1;
    if (age < 0) return undefined;
    const since = Date.now() - YOUNG_MS;
    return (row) => {
      const created = row.cells[age];
      return typeof created === 'number' && created > since;
    };
  }

  private setHead(change: Partial<ViewHead>): void {
    const next = { ...this.current, ...change };
    const key = JSON.stringify({ ...next, columns: next.columns?.map((column) => column.id) });
    if (key === this.headKey) return;
    this.headKey = key;
    this.current = next;
    for (const listener of [...this.listeners]) listener();
  }
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, index) => name === b[index]);
}

/** A view that lives as long as the component and the kind; `query` changes go out as updates. */
export function useLiveView(
  client: RpcClient | undefined,
  kind: KindId,
  query: ViewQuery,
  hidden: boolean,
): { readonly view: LiveView; readonly head: ViewHead } {
  const [held, setHeld] = useState(() => new LiveView(kind, query));
  let view = held;
  if (held.kind !== kind) {
    view = new LiveView(kind, query);
    setHeld(view);
  }
  useEffect(() => view.setQuery(query), [view, query]);
  const unseen = useSyncExternalStore(subscribeSeen, isUnseen);
  useEffect(() => view.setHidden(hidden || unseen), [view, hidden, unseen]);
  useEffect(() => view.attach(client), [view, client]);
  useEffect(() => () => view.detach(), [view]);
  const head = useSyncExternalStore(view.subscribe, view.head);
  return { view, head };
}
