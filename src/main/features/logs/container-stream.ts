/**
 * The log of one container, from before until its end, across restarts and broken connections.
 * Guarantees: a line is passed on once and in the container's order; what may be missing is said in a
 * marker; nothing is read faster than it is taken (the socket waits). Asks for stamps always.
 * Does not know other streams; merging and keeping are the session's.
 */
import { lineHash, Resume } from '#shared/domain/logs/resume';
import type { StreamPhase } from '#shared/contract/logs';
import type { Scope } from '#shared/rpc/scope';
import { fail, isCancelled, toAppError, type AppError } from '#shared/util/app-error';
import type { ApiRequest } from '../../k8s/api';
import { Backoff, sleep } from '../../k8s/backoff';
import { resourcePath } from '../../k8s/path';
import { LineReader } from './line-reader';
import type { ContainerInfo, ContainerType, PodInfo } from './pod-info';
import { afterExit, isKubeletComplaint, reachWords, waitWords } from './stream-words';
import { LIMITS, rfc3339, seconds, tooLate, type LogStream, type StreamOptions } from './stream-parts';
import { TokenBucket } from './token-bucket';
import { Waker } from './waker';

type LogQuery = NonNullable<ApiRequest['query']>;

export class ContainerStream implements LogStream {
  phase: StreamPhase = 'waiting';
  words = '';
  lines = 0;
  restarts = 0;
  throttled = false;
  readonly type: ContainerType;
  private resume = new Resume();
  private readonly backoff = new Backoff();
  private readonly bucket = new TokenBucket(LIMITS.rate, LIMITS.burst);
  private readonly waker: Waker;
  private gone = false;
  private first = true;
  private lastSec = 0;
  private lastNano = 0;
  private brokeAt: number | undefined;
  /** In a replay: nothing of it was known so far. */
  private strange = false;
  private behind = false;
  /** Times that the instance before could not be read. */
  private misses = 0;
  /** Where to begin while no line is known. */
  private goOn: LogQuery = {};

  constructor(
    readonly id: number,
    public pod: PodInfo,
    public info: ContainerInfo,
    private readonly options: StreamOptions,
  ) {
    this.type = info.type;
    this.waker = new Waker(options.scope);
    this.restarts = info.restarts;
  }

  /** The pod as it is now; undefined: it was deleted. */
  update(pod: PodInfo | undefined): void {
    if (pod) {
      this.pod = pod;
      this.info = pod.containers.find((one) => one.name === this.info.name) ?? this.info;
    } else this.gone = true;
    this.waker.wake();
  }

  nudge(): void {
    if (this.phase === 'reconnecting') this.waker.wake();
  }

  /** Runs until nothing more can come. Never rejects. */
  async run(): Promise<void> {
    const { signal } = this.options.scope;
    while (!signal.aborted) {
      try {
        if (!(await this.started())) return;
        await this.read();
        this.backoff.reset();
        if (!this.options.follow || this.options.previous) {
          this.set('ended', this.options.previous ? afterExit(this.info) : 'Read to its end.');
          return;
        }
        if (!(await this.afterEnd())) return;
      } catch (thrown) {
        if (signal.aborted || (isCancelled(thrown) && !this.behind)) return;
        // Its pauses end with the scope, by rejecting.
        if (!(await this.recover(toAppError(thrown)).catch(() => false))) return;
      }
    }
  }

  /** Waits for a container that has something to say; false when it never will. */
  private async started(): Promise<boolean> {
    if (this.options.previous) return true;
    for (;;) {
      if (this.gone) {
        this.set('ended', 'The pod was deleted.');
        return false;
      }
      const { state, restarts } = this.info;
      // A status we could not read is no reason not to ask.
      if (state !== 'waiting' && (state !== 'unknown' || this.pod.phase === '')) return true;
      if (restarts > 0 && this.first) return true;
      if (this.pod.phase === 'Failed' || this.pod.phase === 'Succeeded') {
        this.set('ended', waitWords(this.pod, this.info));
        return false;
      }
      this.set('waiting', waitWords(this.pod, this.info));
      await this.waker.wait(60_000);
    }
  }

  private async read(): Promise<void> {
    const { tail, sinceSeconds, follow, previous } = this.options;
    if (this.first) {
      this.set('opening', '');
      const begin: LogQuery = { tailLines: tail ?? undefined, sinceSeconds: sinceSeconds ?? undefined };
      const began = this.options.now();
      const leave = await this.options.gate.enter(this.options.scope.signal, LIMITS.openPatience, tooLate);
      try {
        this.set('reading', '');
        if (this.options.withPrevious && this.info.restarts > 0) await this.fetchBefore(begin);
        await this.fetch({ ...begin, previous: previous || undefined }, false);
      } finally {
        leave();
      }
      this.first = false;
      // Nothing so far, and nothing older is wanted.
      if (this.lines === 0 && (tail === 0 || sinceSeconds !== null))
        this.goOn = { sinceTime: rfc3339(began) };
      if (!follow || previous) return;
    }
    await this.fetch({ ...this.since(), follow: true }, true);
  }

  /** The instance before the last restart, where the server still has it. */
  private async fetchBefore(begin: LogQuery): Promise<void> {
    try {
      await this.fetch({ ...begin, previous: true }, false);
      this.marker(`${afterExit(this.info)} Restarted (${this.info.restarts}).`, this.info.exitedAt);
    } catch (thrown) {
      const { code } = toAppError(thrown);
      if (isCancelled(thrown) || code === 'forbidden') throw thrown;
    }
    this.resume = new Resume();
  }

  private since(): LogQuery {
    const { second } = this.resume;
    return second < 0 ? this.goOn : { sinceTime: rfc3339(second * 1000) };
  }

  /** One answer, read to its end. */
  private async fetch(query: LogQuery, live: boolean): Promise<void> {
    const { api, scope } = this.options;
    const path = resourcePath({
      group: '',
      version: 'v1',
      namespace: this.pod.namespace,
      resource: 'pods',
      name: this.pod.name,
      subresource: 'log',
    });
    const own = scope.child('log');
    try {
      const response = await api.open(
        {
          path,
          query: { container: this.info.name || undefined, timestamps: true, ...query },
          accept: '*/*',
          long: true,
        },
        own.signal,
      );
      this.resume.begin();
      this.strange = this.resume.second >= 0;
      const broke = this.brokeAt;
      if (live) {
        this.brokeAt = undefined;
        this.set('live', '');
        if (broke !== undefined)
          this.marker(`Connection lost for ${seconds(Date.now() - broke)}; read on from there.`);
      }
      const reader = new LineReader({
        line: (bytes, start, end, sec, nano, stamped, piece) => {
          this.take(bytes, start, end, sec, nano, stamped, piece);
        },
      });
      try {
        for await (const chunk of response.body) {
          reader.push(chunk);
          await this.brake(chunk.length, live, own);
        }
        reader.finish();
      } catch (thrown) {
        reader.drop();
        throw thrown;
      }
    } finally {
      own.dispose();
    }
  }

  private take(
    bytes: Uint8Array,
    start: number,
    end: number,
    sec: number,
    nano: number,
    stamped: boolean,
    piece: boolean,
  ): void {
    if (!stamped && !piece) {
      if (isKubeletComplaint(bytes, start, end)) {
        const words = Buffer.from(bytes.subarray(start, Math.min(end, start + 500))).toString('utf8');
        if (this.options.previous && this.lines === 0) throw fail('invalid', words);
        this.marker(words);
        return;
      }
      sec = this.lastSec;
      nano = this.lastNano;
    }
    if (stamped) {
      const hash = lineHash(bytes, start, end);
      if (this.resume.isRepeat(sec, nano, hash)) {
        this.strange = false;
        return;
      }
      // The last second is always repeated: when it is not, the log was rotated in between.
      if (this.strange) {
        this.strange = false;
        const gap = Math.max(1, sec - this.lastSec);
        if (this.lastSec > 0)
          this.marker(`${gap} seconds unknown: the log was rotated meanwhile.`, this.lastSec * 1000);
      }
      this.resume.seen(sec, nano, hash);
      this.lastSec = sec;
      this.lastNano = nano;
    }
    this.lines += 1;
    this.options.output.line(this, bytes, start, end, sec, nano, piece);
  }

  /** Waits as long as the stream is read too fast; leaves a flood behind that cannot be caught up with. */
  private async brake(bytes: number, live: boolean, own: Scope): Promise<void> {
    const wait = this.bucket.take(bytes);
    if (wait <= 5) {
      if (this.throttled && wait <= 0) this.setThrottled(false);
      return;
    }
    this.setThrottled(true);
    const late = this.options.now() - this.lastSec * 1000;
    if (live && late > LIMITS.mostBehind) {
      this.behind = true;
      own.dispose();
      return;
    }
    await sleep(Math.min(wait, 1_000), own.signal);
  }

  /** After a clean end: why it ended decides how it goes on. False: nothing more comes. */
  private async afterEnd(): Promise<boolean> {
    const until = Date.now() + LIMITS.statusPatience;
    while (!this.gone && this.info.restarts === this.restarts && this.info.state === 'running') {
      const left = until - Date.now();
      if (left <= 0) break;
      await this.waker.wait(left);
    }
    if (this.gone) {
      this.set('ended', 'The pod was deleted.');
      return false;
    }
    if (this.info.restarts > this.restarts) {
      this.restarted();
      return true;
    }
    if (this.info.state === 'terminated') {
      this.marker(afterExit(this.info), this.info.exitedAt);
      this.set('ended', afterExit(this.info));
      return this.untilRestart();
    }
    if (this.info.state === 'waiting') return this.untilRestart();
    // The server closed the stream (it restarts, or its time is up): nothing is wrong with the container.
    this.brokeAt = Date.now();
    this.set('reconnecting', 'The server closed the stream.');
    await this.waker.wait(this.backoff.delay());
    return true;
  }

  /** A terminated container may come again while its pod lives. */
  private async untilRestart(): Promise<boolean> {
    for (;;) {
      if (this.gone) {
        this.set('ended', 'The pod was deleted.');
        return false;
      }
      if (this.info.restarts > this.restarts) {
        this.restarted();
        return true;
      }
      if (this.pod.phase === 'Succeeded' || this.pod.phase === 'Failed') {
        this.set('ended', afterExit(this.info));
        return false;
      }
      if (this.info.state === 'waiting') this.set('waiting', waitWords(this.pod, this.info));
      await this.waker.wait(60_000);
    }
  }

  /** The container runs anew: its log begins again. */
  private restarted(): void {
    const missed = this.info.restarts - this.restarts - 1;
    const before = missed > 0 ? ` The lines of ${missed} instances between are unknown.` : '';
    this.marker(`${afterExit(this.info)} Restarted (${this.info.restarts}).${before}`, this.info.exitedAt);
    this.restarts = this.info.restarts;
    this.resume = new Resume();
    this.goOn = {};
  }

  /** False: nothing more comes. */
  private async recover(error: AppError): Promise<boolean> {
    if (this.behind) {
      this.behind = false;
      const from = this.lastSec * 1000;
      const gap = Math.round((this.options.now() - from) / 1000);
      this.resume = new Resume();
      this.goOn = { tailLines: 0 };
      this.marker(
        `skipped ${gap} seconds: this container writes faster than ${LIMITS.rate / 1024 / 1024} MB a second.`,
      );
      return true;
    }
    if (error.code === 'forbidden' || error.code === 'unauthorized') {
      this.set('denied', error.message);
      return false;
    }
    if (error.code === 'not-found') {
      this.set('ended', this.options.previous ? 'There is no previous instance.' : 'The pod is gone.');
      return false;
    }
    if (error.code === 'invalid') {
      // "container is waiting to start", "previous terminated container not found".
      if (this.options.previous && (this.info.restarts === 0 || ++this.misses > LIMITS.previousTries)) {
        this.set('ended', error.message);
        return false;
      }
      this.set('waiting', error.message);
      await this.waker.wait((this.options.previous ? 1_000 : 2_000) + this.backoff.delay());
      return true;
    }
    this.brokeAt ??= Date.now();
    this.set('reconnecting', reachWords(error, this.pod));
    await this.waker.wait(this.backoff.delay((error.retryAfter ?? 0) * 1000));
    if (this.gone) {
      this.set('ended', 'The pod was deleted while the connection was lost.');
      return false;
    }
    return this.catchUp();
  }

  /** A restart while we were away: the rest of the instance before is read first. */
  private async catchUp(): Promise<boolean> {
    if (this.first || this.info.restarts === this.restarts) return true;
    if (this.info.restarts === this.restarts + 1) {
      try {
        await this.fetch({ ...this.since(), previous: true }, false);
      } catch (thrown) {
        if (isCancelled(thrown)) return false;
        this.marker('The last lines before the restart are unknown.');
      }
    }
    this.restarted();
    return true;
  }

  private marker(words: string, time?: number): void {
    this.options.output.marker(this, words, time);
  }

  private set(phase: StreamPhase, words: string): void {
    if (this.phase === phase && this.words === words) return;
    this.phase = phase;
    this.words = words;
    this.options.output.changed(this);
  }

  private setThrottled(throttled: boolean): void {
    if (this.throttled === throttled) return;
    this.throttled = throttled;
    this.options.output.changed(this);
  }
}
