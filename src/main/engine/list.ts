/**
 * Reads one list. The first page (500) comes first, so that rows are on screen at once;
 * what follows depends on how much there is: nothing, further pages with one page of
 * look-ahead, or the whole list in one answer from the server's cache, which costs the server far
 * less than pages; of the first page then only the beginning is read. Answers `large` instead where
 * a WatchList is better still.
 * A server that ignores `limit` is read as one page; an expired token (410) leads to one
 * full list without paging. Never retries anything else.
 */
import { toAppError } from '#shared/util/app-error';
import type { KubeObject } from '#shared/kinds/define';
import type { Api, ApiRequest, ApiResponse } from '../k8s/api';
import { eachChunk } from '../k8s/body';
import { linked } from './clock';
import { LARGE_LIST, type Gate } from './gate';
import { asJson, asked, listDecoder, type Source } from './source';
import type { RawRow } from './decode/raw-row';
import type { ListMeta } from './decode/types';

export const PAGE_SIZE = 500;
/** Enough for a first screen: so many rows of the first page are shown where the whole list comes in one answer anyway. */
export const FIRST_ROWS = 100;
/** Items to come from which on a WatchList is asked for rather than a list. */
export const WATCH_LIST_FROM = 30_000;

export interface ListHandlers {
  onItem(object: KubeObject): void;
  /** In place of `onItem` where items come as bytes. */
  onRow?: ((row: RawRow) => void) | undefined;
  /** After the pieces that came at once; `expected` is null while the server does not say. */
  onProgress(expected: number | null): void;
  /** What came so far does not count (its rows stay until the end): a full list follows. */
  onRestart(): void;
}

/** `large`: only the first page was read, and a WatchList should bring everything. */
export interface ListResult {
  readonly resourceVersion: string;
  readonly count: number;
  readonly large: boolean;
}

export interface ListContext {
  readonly api: Api;
  readonly gate: Gate;
  readonly source: Source;
  readonly handlers: ListHandlers;
  /** The kind can be watched, so a WatchList is possible. */
  readonly watchList: boolean;
  /** Objects somebody counted not long ago; undefined: nobody did. */
  readonly expected?: number | undefined;
  readonly signal: AbortSignal;
}

interface Release {
  /** The place among all lists. */
  readonly list: () => void;
  /** Every place held. */
  slot: () => void;
}

export async function readList(context: ListContext): Promise<ListResult> {
  const { gate, handlers, signal } = context;
  const list = await gate.list(signal);
  const release: Release = { list, slot: list };
  // Each try has its own signal: a look-ahead left behind must free its socket.
  const attempt = async (source: Source, paged: boolean): Promise<ListResult> => {
    const { controller, done } = linked(signal);
    try {
      return await new Pages({ ...context, source, signal: controller.signal }, release, paged).read();
    } finally {
      done();
      controller.abort();
    }
  };
  const { source } = context;
  try {
    return await attempt(source, true);
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    const error = toAppError(thrown);
    if (error.code === 'gone') {
      handlers.onRestart();
      return await attempt(source, false);
    }
    // Asked as JSON the refusal comes with its reason; a page that could not be read gets a second way.
    if (source.proto && (error.code === 'bad-answer' || (error.status !== undefined && !error.reason))) {
      handlers.onRestart();
      return await attempt(asJson(source), true);
    }
    throw thrown;
  } finally {
    release.slot();
  }
}

class Pages {
  private readonly context: ListContext;
  private readonly release: Release;
  private readonly limit: number;
  /** Of the first page: no more than is shown of it where more will come another way. */
  private readonly firstLimit: number;
  private count = 0;
  private version = '';

  constructor(context: ListContext, release: Release, paged: boolean) {
    this.context = context;
    this.release = release;
    this.limit = paged ? PAGE_SIZE : 0;
    this.firstLimit = paged && (context.expected ?? 0) > LARGE_LIST ? FIRST_ROWS : this.limit;
  }

  async read(): Promise<ListResult> {
    const { expected = Infinity } = this.context;
    let limit = this.firstLimit;
    // What is large is asked for as soon as the first page says so, and dialling takes two round trips.
    const bulkNext = limit > 0 && expected > LARGE_LIST;
    let current = this.ask(limit > 0 ? { limit } : {}, { bulkNext });
    for (;;) {
      const ahead: { page: Promise<ApiResponse> | null; rest: Promise<ApiResponse> | null } = {
        page: null,
        rest: null,
      };
      const end: ListMeta = await this.page(
        await current,
        ({ continueToken, remaining }) => {
          if ((remaining ?? 0) <= LARGE_LIST) {
            ahead.page = this.ask({ limit: this.limit, continue: continueToken });
            return Infinity;
          }
          if (this.limit === 0) return Infinity;
          // The server gathers the rest while this page is being read.
          if (!this.isForWatchList(remaining ?? 0)) ahead.rest = this.askRest();
          return FIRST_ROWS;
        },
        limit,
      );
      limit = this.limit;
      if (end.continueToken === '') break;
      const remaining = end.remaining ?? 0;
      if (remaining > LARGE_LIST && this.limit > 0) return this.rest(remaining, ahead.rest);
      current = ahead.page ?? this.ask({ limit: this.limit, continue: end.continueToken });
    }
    return { resourceVersion: this.version, count: this.count, large: false };
  }

  private isForWatchList(remaining: number): boolean {
    const { gate, source, watchList } = this.context;
    return remaining >= WATCH_LIST_FROM && watchList && gate.watchList && !source.table;
  }

  /** Everything in one answer from the watch cache; at most two such lists at a time. */
  private async largeAnswer(): Promise<ApiResponse> {
    const { gate, signal } = this.context;
    const slot = await gate.largeList(signal);
    if (signal.aborted) slot();
    const { release } = this;
    const before = release.slot;
    release.slot = () => {
      before();
      slot();
    };
    // Not older than the page already shown: never a step back.
    return this.ask({ resourceVersion: this.version, resourceVersionMatch: 'NotOlderThan' }, { bulk: true });
  }

  private askRest(): Promise<ApiResponse> {
    const response = this.largeAnswer();
    // The first page may fail before anybody waits for this.
    response.catch(() => undefined);
    return response;
  }

  private async rest(remaining: number, asked: Promise<ApiResponse> | null): Promise<ListResult> {
    if (this.isForWatchList(remaining)) {
      return { resourceVersion: this.version, count: this.count, large: true };
    }
    const coming = asked ?? this.askRest();
    // A small list need not wait until this one has its turn; giving back twice does nothing.
    this.release.list();
    const response = await coming;
    this.version = '';
    const expected = this.firstLimit + remaining;
    this.count = 0;
    // What the first page showed may be gone by the time of the answer.
    this.context.handlers.onRestart();
    let end = await this.page(response, () => Infinity, PAGE_SIZE, expected);
    // A server that pages on its own account.
    while (end.continueToken !== '') {
      end = await this.page(
        await this.ask({ limit: PAGE_SIZE, continue: end.continueToken }),
        () => Infinity,
        PAGE_SIZE,
      );
    }
    this.context.handlers.onProgress(this.count);
    return { resourceVersion: this.version, count: this.count, large: false };
  }

  /**
   * `lookAhead` hears of what comes after this page, and answers how many rows of it are enough; `limit` is
   * how many were asked for.
   */
  private async page(
    response: ApiResponse,
    lookAhead: (meta: ListMeta) => number,
    limit: number,
    known: number | null = null,
  ): Promise<ListMeta> {
    const { source, handlers } = this.context;
    let expected = known;
    let seen: ListMeta | undefined;
    let enough = Infinity;
    const decoder = listDecoder(source, response, {
      onItem: (object) => {
        this.count++;
        handlers.onItem(object);
      },
      onRow:
        handlers.onRow &&
        ((row) => {
          this.count++;
          handlers.onRow!(row);
        }),
      onMeta: (meta) => {
        seen = meta;
        if (this.version === '') this.version = meta.resourceVersion;
        const { remaining } = meta;
        if (remaining !== null) expected = this.count + limit + remaining;
        if (meta.continueToken !== '') enough = lookAhead(meta);
      },
    });
    const onTurn = (): void => handlers.onProgress(expected);
    await eachChunk(
      response.body,
      (chunk) => {
        decoder.push(chunk);
        return this.count < enough;
      },
      { onTurn },
    );
    const end: ListMeta = this.count >= enough && seen ? seen : decoder.end();
    if (this.version === '') this.version = end.resourceVersion;
    handlers.onProgress(expected);
    return end;
  }

  private ask(
    query: NonNullable<ApiRequest['query']>,
    { bulk = false, bulkNext = false }: Pick<ApiRequest, 'bulk' | 'bulkNext'> = {},
  ): Promise<ApiResponse> {
    const { api, source, signal } = this.context;
    const { accept, query: own } = asked(source);
    const response = api.open(
      { path: source.path, accept, query: { ...own, ...query }, timeoutMs: 60_000, bulk, bulkNext },
      signal,
    );
    // A look-ahead that nobody comes to read must not count as an unhandled rejection.
    response.catch(() => undefined);
    return response;
  }
}
