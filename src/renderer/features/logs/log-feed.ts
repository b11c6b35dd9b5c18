/**
 * One log view on this side: the rows near the screen and everything else the host says of it.
 * Guarantees: rows of an older filter are never mixed with those of a newer one; what was shown stays
 * while the host restarts, marked `lost`; the position survives a change of filter.
 */
import {
  logs,
  noFilter,
  type LogBatch,
  type LogFilter,
  type LogSource,
  type LogStreamInfo,
  type LogTerm,
} from '#shared/contract/logs';
import type { OpenStream, RpcClient } from '#shared/rpc/client';
import type { UpdateOf } from '#shared/rpc/define';
import type { AppError } from '#shared/util/app-error';
import { Scope } from '#shared/rpc/scope';

export interface FeedRow {
  readonly row: number;
  readonly seq: number;
  readonly time: number;
  readonly stream: number;
  readonly flags: number;
  readonly text: string;
  readonly bytes: number;
  readonly hits: readonly number[];
  /** Lines that go on from it, while groups are folded. */
  readonly more: number;
}

export interface FeedHead extends Omit<LogBatch, 'rows' | 'streams' | 'search' | 'histogram'> {
  readonly streams: readonly LogStreamInfo[];
  readonly search: LogBatch['search'];
  readonly histogram: LogBatch['histogram'];
  readonly lost: AppError | undefined;
  readonly connected: boolean;
}

export interface FeedOptions {
  readonly source: LogSource;
  readonly previous: boolean;
  readonly tail: number | null;
  readonly sinceSeconds: number | null;
  readonly withPrevious: boolean;
}

type Update = UpdateOf<(typeof logs)['members']['follow']>;

/** Rows kept around the screen. */
const MOST_ROWS = 1_200;
const MOST_WINDOW = 400;

const emptyHead: FeedHead = {
  session: 0,
  request: 0,
  first: 0,
  end: 0,
  lines: 0,
  dropped: 0,
  bytes: 0,
  disk: 0,
  perSecond: 0,
  from: null,
  to: null,
  filtered: 1,
  unopened: 0,
  streams: [],
  search: undefined,
  histogram: undefined,
  lost: undefined,
  connected: false,
};

export class LogFeed {
  private readonly listeners = new Set<() => void>();
  private current: FeedHead = emptyHead;
  private rows = new Map<number, FeedRow>();
  private client: RpcClient | undefined;
  private stream: OpenStream<Update> | undefined;
  private scope: Scope | undefined;
  private request = 0;
  /** Batches below this belong to an older filter. */
  private epoch = 0;
  private offset: number | undefined;
  private limit = 100;
  private filter: LogFilter = noFilter;
  private term: LogTerm | null = null;
  private bars = 0;
  private hidden = false;
  private unfolded: readonly number[] = [];
  private kept = { keep: 1_000_000, spill: false };

  constructor(private readonly options: FeedOptions) {}

  attach(client: RpcClient | undefined): void {
    this.scope ??= new Scope('log-feed');
    if (client === this.client && this.stream) return;
    this.stream?.close();
    this.stream = undefined;
    this.client = client;
    if (client) this.open();
    else if (this.current.connected)
      this.set({ connected: false, lost: { code: 'closed', message: 'The cluster’s process restarts.' } });
  }

  detach(): void {
    this.stream?.close();
    this.stream = undefined;
    this.client = undefined;
    this.scope?.dispose();
    this.scope = undefined;
  }

  readonly head = (): FeedHead => this.current;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly rowAt = (row: number): FeedRow | undefined => this.rows.get(row);

  /** The rows on screen; undefined offset follows the end. */
  show(offset: number | undefined, limit: number): void {
    const size = Math.min(MOST_WINDOW, limit);
    if (offset === this.offset && size === this.limit) return;
    this.offset = offset;
    this.limit = size;
    this.send({});
  }

  setFilter(filter: LogFilter): void {
    if (JSON.stringify(filter) === JSON.stringify(this.filter)) return;
    this.filter = filter;
    this.unfolded = [];
    this.epoch = this.request + 1;
    this.send({ filter });
  }

  setUnfolded(seqs: readonly number[]): void {
    this.unfolded = seqs;
    this.epoch = this.request + 1;
    this.send({ unfolded: [...seqs] });
  }

  setSearch(term: LogTerm | null): void {
    if (JSON.stringify(term) === JSON.stringify(this.term)) return;
    this.term = term;
    if (!term) this.set({ search: undefined });
    this.send({ search: term });
  }

  setHistogram(bars: number): void {
    if (bars === this.bars) return;
    this.bars = bars;
    this.send({ histogram: bars });
  }

  /** Most lines kept, and whether older ones go to disk. */
  setKept(keep: number, spill: boolean): void {
    if (keep === this.kept.keep && spill === this.kept.spill) return;
    this.kept = { keep, spill };
    this.send(this.kept);
  }

  setHidden(hidden: boolean): void {
    if (hidden === this.hidden) return;
    this.hidden = hidden;
    this.send({ hidden });
  }

  async find(from: number, direction: 'next' | 'previous'): Promise<{ row: number; index: number } | null> {
    return (
      (await this.client?.call(logs, 'find', { session: this.current.session, from, direction })) ?? null
    );
  }

  async rowAtTime(time: number): Promise<number> {
    return (await this.client?.call(logs, 'rowAt', { session: this.current.session, time }))?.row ?? 0;
  }

  async rowOf(seq: number): Promise<number> {
    return (await this.client?.call(logs, 'rowOf', { session: this.current.session, seq }))?.row ?? 0;
  }

  async wholeLine(seq: number): Promise<string> {
    return (await this.client?.call(logs, 'line', { session: this.current.session, seq }))?.text ?? '';
  }

  async text(
    from: number,
    to: number,
    how: { format: 'text' | 'ndjson'; times: boolean; names: boolean },
  ): Promise<{ text: string; truncated: boolean }> {
    const { session } = this.current;
    const answer = await this.client?.call(logs, 'text', { session, from, to, ...how });
    return answer ?? { text: '', truncated: false };
  }

  private open(): void {
    const { client } = this;
    if (!client) return;
    this.rows.clear();
    this.epoch = ++this.request;
    const stream = client.open(
      logs,
      'follow',
      {
        ...this.options,
        ...this.kept,
        follow: true,
        limit: this.limit,
        filter: this.filter,
        request: this.request,
      },
      {
        onData: (batch) => this.receive(batch),
        onEnd: (error) => {
          if (this.stream !== stream) return;
          this.stream = undefined;
          this.set({ connected: false, lost: error ?? { code: 'closed', message: 'The log view ended.' } });
        },
      },
    );
    this.stream = stream;
    // A host that was restarted knows nothing of these.
    this.send({ search: this.term, histogram: this.bars, hidden: this.hidden });
  }

  private send(update: Omit<Update, 'request' | 'offset' | 'limit'>): void {
    this.request += 1;
    const place = this.offset === undefined ? {} : { offset: Math.max(0, Math.floor(this.offset)) };
    this.stream?.update({ ...update, ...place, limit: this.limit, request: this.request });
  }

  private receive(batch: LogBatch): void {
    if (batch.request < this.epoch) return;
    const { rows, streams, search, histogram, ...head } = batch;
    if (batch.request >= this.epoch && this.seenEpoch !== this.epoch) {
      this.seenEpoch = this.epoch;
      this.rows = new Map();
    }
    if (rows) {
      // A search changes the rows it hits: newer rows replace older ones.
      const kept = this.rows.size > MOST_ROWS ? new Map<number, FeedRow>() : this.rows;
      for (let i = 0; i < rows.seq.length; i += 1) {
        const row = rows.offset + i;
        kept.set(row, {
          row,
          seq: rows.seq[i] ?? -1,
          time: rows.time[i] ?? 0,
          stream: rows.stream[i] ?? 0,
          flags: rows.flags[i] ?? 0,
          text: rows.text[i] ?? '',
          bytes: rows.bytes[i] ?? 0,
          hits: rows.hits[i] ?? [],
          more: rows.more?.[i] ?? 0,
        });
      }
      this.rows = kept;
    }
    this.set({
      ...head,
      problem: head.problem,
      filterError: head.filterError,
      diskError: head.diskError,
      streams: streams ?? this.current.streams,
      search: this.term ? (search ?? this.current.search) : undefined,
      histogram: histogram ?? this.current.histogram,
      lost: undefined,
      connected: true,
    });
  }

  private seenEpoch = -1;

  private set(change: Partial<FeedHead>): void {
    this.current = { ...this.current, ...change };
    for (const listener of [...this.listeners]) listener();
  }
}
