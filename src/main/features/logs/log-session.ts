/**
 * One open log view: its pods, their streams, the merged lines and what the page sees of them.
 * Guarantees: at most `MOST_STREAMS` are open and the rest is counted; lines of a pod stay when it goes;
 * one slow or flooding stream holds up no other for more than the merge's patience.
 */
import { setMaxListeners } from 'node:events';
import { detectLevel, ERROR, NONE } from '#shared/domain/logs/level';
import { CONTINUES, LATE, LEVEL_BITS, MARKER, PIECE } from '#shared/domain/logs/flags';
import { Grouper } from '#shared/domain/logs/group';
import { Merger } from '#shared/domain/logs/merge';
import type { LogSource } from '#shared/contract/logs';
import type { Scope } from '#shared/rpc/scope';
import type { AppError } from '#shared/util/app-error';
import type { Api } from '../../k8s/api';
import { Gate } from '../../k8s/gate';
import { ByteStore } from './byte-store';
import { ContainerStream } from './container-stream';
import type { LogStream, StreamOptions, StreamOutput } from './stream-parts';
import { LineQueue } from './line-queue';
import type { PodInfo } from './pod-info';
import { NodeLogStream } from './node-stream';
import { followPods, type PodSourceDeps } from './pod-source';
import { SpillFile } from './spill-file';

/** Streams open at once; each holds a connection. */
const MOST_STREAMS = 400;
/** Streams that read their beginning at the same time. */
const OPENING = 12;
/** How long a line waits for earlier ones of other streams (ms). */
const HOLD = 350;
/** How long lines wait for streams that read their beginning, and how much may wait. */
const READING_PATIENCE = 15_000;
const JOIN_PATIENCE = 3_000;
const MOST_WAITING = 256 * 1024 * 1024;
const TICK = 50;

export interface SessionOptions extends PodSourceDeps {
  readonly api: Api;
  readonly now: () => number;
  readonly source: LogSource;
  readonly previous: boolean;
  readonly withPrevious?: boolean | undefined;
  readonly follow: boolean;
  readonly tail: number | null;
  readonly sinceSeconds: number | null;
  readonly keep: number;
  readonly spill?: boolean | undefined;
  readonly scope: Scope;
  /** Lines, streams or the problem changed. */
  readonly onChange: () => void;
}

interface Feed {
  readonly stream: LogStream;
  readonly queue: LineQueue;
  readonly grouper: Grouper;
  level: number;
}

export class LogSession {
  readonly store: ByteStore;
  readonly streams: LogStream[] = [];
  streamsVersion = 0;
  problem: AppError | undefined;
  /** Pods are known: an empty list is an answer. */
  known = false;
  private readonly feeds: Feed[] = [];
  private readonly byPod = new Map<string, LogStream[]>();
  /** Pods with containers that would be more than `MOST_STREAMS`: how many. */
  private readonly refused = new Map<string, { readonly pod: PodInfo; readonly count: number }>();
  private spillFile: SpillFile | undefined;
  private readonly merger: Merger<LineQueue>;
  private readonly gate = new Gate(OPENING);
  private readonly output: StreamOutput;
  private readonly joined = new Map<LogStream, number>();
  private ticking = false;
  private started = Date.now();

  constructor(private readonly options: SessionOptions) {
    this.store = new ByteStore(options.keep);
    // Every stream that waits for its turn listens for the end.
    setMaxListeners(0, options.scope.signal);
    this.merger = new Merger((queue, late) => this.keep(queue, late));
    this.output = {
      line: (stream, bytes, start, end, sec, nano, piece) =>
        this.line(stream.id, bytes, start, end, sec, nano, piece),
      marker: (stream, words, time) => this.marker(stream, words, time),
      changed: ({ phase }) => {
        this.streamsVersion += 1;
        if (phase === 'ended') this.openRefused();
        options.onChange();
      },
    };
    this.setSpill(options.spill === true);
    options.scope.add(() => this.spillFile?.close());
    const { source } = options;
    if (source.type === 'node') {
      this.known = true;
      this.add(new NodeLogStream(0, source, this.streamOptions()));
      return;
    }
    followPods(
      source,
      options,
      {
        pod: (uid, pod) => this.pod(uid, pod),
        problem: (error) => {
          if (this.problem === error) return;
          this.problem = error;
          options.onChange();
        },
        known: () => {
          this.known = true;
          options.onChange();
        },
        reachable: () => {
          for (const stream of this.streams) stream.nudge();
        },
      },
      options.scope,
    );
  }

  private pod(uid: string, pod: PodInfo | undefined): void {
    const own = this.byPod.get(uid) ?? [];
    for (const stream of own) stream.update(pod);
    this.refused.delete(uid);
    if (!pod) return;
    let refused = 0;
    for (const info of pod.containers) {
      if (own.some((stream) => stream.info.name === info.name)) continue;
      if (this.open >= MOST_STREAMS) {
        refused += 1;
        continue;
      }
      const stream = new ContainerStream(this.streams.length, pod, info, this.streamOptions());
      own.push(stream);
      this.add(stream);
    }
    if (refused > 0) this.refused.set(uid, { pod, count: refused });
    this.byPod.set(uid, own);
    this.streamsVersion += 1;
    this.options.onChange();
  }

  private add(stream: LogStream): void {
    const { id } = stream;
    this.streams.push(stream);
    this.feeds.push({ stream, queue: new LineQueue(id), grouper: new Grouper(), level: NONE });
    this.joined.set(stream, Date.now());
    void stream.run();
  }

  private streamOptions(): StreamOptions {
    const { api, scope, previous, withPrevious, follow, tail, sinceSeconds, now } = this.options;
    const { gate, output } = this;
    return { api, gate, scope, output, now, previous, withPrevious, follow, tail, sinceSeconds };
  }

  /** Containers that are not followed because too many are. */
  get unopened(): number {
    let sum = 0;
    for (const { count } of this.refused.values()) sum += count;
    return sum;
  }

  /** One ended: there is room for another. */
  private openRefused(): void {
    const [first] = this.refused;
    if (first && this.open < MOST_STREAMS) this.pod(first[0], first[1].pod);
  }

  /** Whether older lines go to disk. What is there already stays readable. */
  setSpill(on: boolean): void {
    if (on) this.spillFile ??= new SpillFile();
    this.store.spillTo(on ? this.spillFile : undefined);
  }

  get diskError(): string | undefined {
    return this.spillFile?.problem;
  }

  private get open(): number {
    return this.streams.reduce((sum, { phase }) => sum + (phase === 'ended' ? 0 : 1), 0);
  }

  private line(
    id: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    sec: number,
    nano: number,
    piece: boolean,
  ): void {
    const feed = this.feeds[id];
    if (!feed) return;
    let flags: number;
    if (feed.grouper.next(bytes, start, end)) flags = feed.level | CONTINUES;
    else {
      flags = detectLevel(bytes, start, end);
      feed.level = flags;
    }
    if (piece) flags |= PIECE;
    if (this.feeds.length === 1 && !this.merger.waiting) {
      this.store.append(bytes, start, end, sec * 1000 + Math.floor(nano / 1e6), id, flags);
      this.tickLater();
      return;
    }
    const { queue } = feed;
    const wasEmpty = queue.length === 0;
    queue.push(bytes, start, end, sec, nano, Date.now(), flags);
    if (wasEmpty) this.merger.filled(queue);
    this.tickLater();
  }

  /** Our own words, at their time or behind the stream's last line. */
  private marker(stream: LogStream, words: string, time?: number): void {
    const feed = this.feeds[stream.id];
    if (!feed) return;
    const bytes = Buffer.from(words.slice(0, 1000).replaceAll('\n', ' '));
    const at = time ?? this.options.now();
    feed.level = NONE;
    const flags = MARKER | (/unknown|skipped|exited with code [^0]/i.test(words) ? ERROR : NONE);
    const wasEmpty = feed.queue.length === 0;
    feed.queue.push(bytes, 0, bytes.length, Math.floor(at / 1000), (at % 1000) * 1e6, Date.now(), flags);
    if (wasEmpty) this.merger.filled(feed.queue);
    this.tickLater();
  }

  private keep(queue: LineQueue, late: boolean): void {
    const { bytes, start, end, time, flags } = queue.shift();
    this.store.append(bytes, start, end, time, queue.order, late ? flags | LATE : flags);
  }

  /** Streams that read what was written before hold the others back, for a while. */
  private get hold(): number {
    const now = Date.now();
    const patience = now - this.started < READING_PATIENCE ? READING_PATIENCE : JOIN_PATIENCE;
    let reading = false;
    for (const [stream, since] of this.joined) {
      const begins = stream.phase === 'opening' || stream.phase === 'reading';
      const early = stream.phase === 'waiting' && stream.info.state === 'running' && stream.lines === 0;
      if ((begins || early) && now - since < patience) reading = true;
      else this.joined.delete(stream);
    }
    if (!reading) return HOLD;
    const waiting = this.feeds.reduce((sum, { queue }) => sum + queue.bytes, 0);
    return waiting > MOST_WAITING ? 0 : Infinity;
  }

  private tickLater(): void {
    if (this.ticking) return;
    this.ticking = true;
    this.options.scope.timeout(() => {
      this.ticking = false;
      const hold = this.hold;
      if (hold !== Infinity) this.merger.release(Date.now(), this.feeds.length === 1 ? 0 : hold);
      if (this.merger.waiting) this.tickLater();
      this.options.onChange();
    }, TICK);
  }

  /** Name of a stream in filters. */
  isHidden(id: number, hidden: readonly string[]): boolean {
    const stream = this.streams[id];
    if (!stream) return false;
    const { namespace, name } = stream.pod;
    const keys = [
      `${namespace}/${name}/${stream.info.name}`,
      `${namespace}/${name}/`,
      `//${stream.info.name}`,
    ];
    return hidden.some((key) => keys.includes(key));
  }

  /** What a level is without its other flags. */
  static levelOf(flags: number): number {
    return flags & LEVEL_BITS;
  }
}
