/**
 * List and watch of one resource in one scope, for ever: the loop of rules/watch-and-streams.md 2.1.
 * Guarantees: rows stay while it is stale; a relist is a diff; no two tries without a pause; 403 is not
 * asked again for 5 minutes, 429 holds every list of the cluster; `bookmark` and events only move the
 * version. Reports states and never throws; ends with its scope.
 */
import type { TableState } from '#shared/contract/resources';
import type { Scope } from '#shared/rpc/scope';
import { toAppError, type AppError } from '#shared/util/app-error';
import { Backoff, BACKOFF_FIRST_MS } from '../k8s/backoff';
import { linked, sleep } from './clock';
import { VERSION } from './decode/raw-row';
import { isWayError, STAGGER_MS } from './gate';
import { readList } from './list';
import { Progress } from './progress';
import type { Initial, Reflector, ReflectorOptions } from './reflector-types';
import { BULK_FROM, isTooLargeVersion, PACE_MS, readWatch, watchQuery, type WatchOutcome } from './watch';

export const DENIED_RETRY_MS = 300_000;
const GONE_RETRY_MS = 60_000;
const POLL_MS = 30_000;
/** A watch that lasted this long is opened again without a pause. */
const STEADY_MS = 30_000;

export function startReflector(options: ReflectorOptions, parent: Scope): Reflector {
  const loop = new Loop(options, parent);
  void loop.run();
  return loop;
}

type Next = 'watch' | 'watch-list' | 'list' | 'poll';

class Loop implements Reflector {
  readonly scope: Scope;
  private readonly o: ReflectorOptions;
  private readonly backoff: Backoff;
  /** Of relists alone: how long the server was away says nothing about them. */
  private readonly relists: Backoff;
  private current: TableState = { phase: 'listing', loaded: 0, expected: null };
  private version = '';
  /** The table holds a whole list: failures make it stale, not failed. */
  private hasRows = false;
  /** Objects of the last whole list. */
  private count = 0;
  private round = new AbortController();
  private suspended = false;
  private resumed: (() => void) | undefined;
  private stagger = false;
  private polls = 0;
  private failedBursts = 0;

  constructor(options: ReflectorOptions, parent: Scope) {
    this.o = options;
    this.scope = parent.child(`reflector ${options.source.path}`);
    this.backoff = new Backoff(options.clock);
    this.relists = new Backoff(options.clock);
    this.scope.add(() => {
      this.round.abort();
      this.resumed?.();
      options.gate.leave(this);
    });
  }

  get state(): TableState {
    return this.current;
  }

  suspend(): void {
    this.suspended = true;
    this.round.abort();
  }

  resume(): void {
    this.suspended = false;
    this.stagger = true;
    this.retry();
    this.resumed?.();
  }

  retry(): void {
    if (this.suspended) return;
    this.backoff.reset();
    this.relists.reset();
    this.round.abort();
  }

  async run(): Promise<void> {
    let next: Next = 'list';
    while (!this.scope.disposed) {
      if (this.suspended) {
        this.o.gate.leave(this);
        await new Promise<void>((resolve) => (this.resumed = resolve));
        this.resumed = undefined;
        continue;
      }
      this.round = new AbortController();
      const { controller, done } = linked(this.scope.signal, this.round.signal);
      try {
        if (this.stagger) {
          this.stagger = false;
          await sleep(this.o.clock, this.o.clock.random() * STAGGER_MS, controller.signal);
        }
        next = await this.step(next, controller.signal);
      } catch (thrown) {
        // Cancelled: by the end of the scope, a suspend or a retry. All else is a defect.
        if (!controller.signal.aborted) {
          this.interrupted(toAppError(thrown));
          next = 'list';
          await this.pause(this.backoff.delay(), controller.signal).catch(() => undefined);
        } else if (next === 'poll') {
          next = 'list';
        }
      } finally {
        done();
      }
    }
  }

  private async step(next: Next, signal: AbortSignal): Promise<Next> {
    await this.o.gate.admit(this, signal);
    if (next === 'watch' && this.version !== '') return this.watch(signal);
    if (next === 'watch-list') return this.watchList(signal);
    if (next === 'poll') {
      await this.pause(POLL_MS, signal);
      await this.o.gate.admit(this, signal);
    }
    const error = await this.list(signal);
    if (error === 'large') return 'watch-list';
    if (error === undefined) {
      // A server may learn to watch, a role may gain the verb: asked again each tenth time.
      if (next === 'poll' && ++this.polls % 10 !== 0) return this.polling();
      return this.o.watchable ? 'watch' : this.polling();
    }
    return this.afterListError(error, signal);
  }

  private async list(signal: AbortSignal): Promise<AppError | 'large' | undefined> {
    const { sink, gate, api, source } = this.o;
    const replace = sink.beginReplace();
    const progress = this.progress();
    try {
      const { resourceVersion, count, large } = await readList({
        api,
        gate,
        watchList: this.o.watchable,
        expected: this.hasRows ? this.count : this.o.expected,
        source,
        signal,
        handlers: {
          onItem: (object) => {
            progress.loaded++;
            replace.add(object);
          },
          onRow: progress.counted(replace.addRow),
          onProgress: (expected) => progress.tell(expected),
          onRestart: () => {
            progress.loaded = 0;
            replace.restart();
          },
        },
      });
      if (large) {
        sink.flush();
        return 'large';
      }
      replace.commit();
      sink.flush();
      gate.report(this, undefined);
      this.version = resourceVersion;
      this.count = count;
      this.hasRows = true;
      return undefined;
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      sink.flush();
      const error = toAppError(thrown);
      gate.report(this, error);
      return error;
    }
  }

  private progress(): Progress {
    return new Progress(this.o.clock, this.o.sink, (loaded, expected) => {
      if (!this.hasRows) this.set({ phase: 'listing', loaded, expected });
    });
  }

  /**
   * All objects as ADDED events, then the watch goes on (WatchList). Until the bookmark that ends
   * the first part nothing is removed and the version does not move.
   */
  private async watchList(signal: AbortSignal): Promise<Next> {
    const { gate, sink } = this.o;
    const release = await gate.largeList(signal);
    const replace = sink.beginReplace();
    const progress = this.progress();
    try {
      return await this.watch(signal, {
        progress,
        add: (object) => replace.add(object),
        addRow: progress.counted(replace.addRow) ?? (() => undefined),
        end: (version) => {
          replace.commit();
          sink.flush();
          this.version = version;
          this.count = progress.loaded;
          this.hasRows = true;
          this.failedBursts = 0;
          release();
        },
      });
    } finally {
      release();
    }
  }

  private async afterListError(error: AppError, signal: AbortSignal): Promise<Next> {
    this.version = '';
    if (error.code === 'forbidden') {
      this.set({ phase: 'denied', error });
      await this.pause(DENIED_RETRY_MS, signal);
      return 'list';
    }
    if (error.code === 'not-found') {
      this.set({ phase: 'gone', error });
      await this.pause(GONE_RETRY_MS, signal);
      return 'list';
    }
    this.interrupted(error);
    // Signing in again is the person's business: no plugin is started every few seconds.
    if (error.code === 'unauthorized' || error.code === 'credentials') {
      await this.pause(DENIED_RETRY_MS, signal);
      return 'list';
    }
    await this.pauseAfter(error, signal);
    return 'list';
  }

  private async watch(signal: AbortSignal, initial?: Initial): Promise<Next> {
    const { clock, gate, api, source, sink } = this.o;
    let burst = initial;
    const outcome = await readWatch(
      api,
      clock,
      source,
      {
        query: watchQuery(initial ? undefined : this.version, clock),
        bulk: initial !== undefined || this.count >= BULK_FROM,
      },
      {
        onOpen: () => {
          gate.report(this, undefined);
          if (!burst) this.live();
        },
        onEvent: (event) => {
          if (event.type === 'SKIPPED') return sink.skipped(event.error);
          if (event.type === 'BOOKMARK') {
            if (!burst) this.version = event.resourceVersion;
            else if (event.initialEventsEnd) {
              burst.end(event.resourceVersion);
              burst = undefined;
              this.live();
            }
            return;
          }
          if (event.type === 'DELETED') sink.remove(event.object.metadata.uid);
          else if (burst) {
            burst.progress.loaded++;
            burst.add(event.object);
          } else sink.upsert(event.object);
          const { resourceVersion } = event.object.metadata;
          if (!burst && typeof resourceVersion === 'string') this.version = resourceVersion || this.version;
        },
        onRow:
          sink.upsertRow &&
          ((raw) => {
            if (burst) return burst.addRow(raw);
            sink.upsertRow!(raw);
            this.version = raw.text(VERSION) || this.version;
          }),
        pace: () => (burst ? 0 : PACE_MS),
        onTurn: () => {
          if (burst) burst.progress.tell(null);
          else sink.flush();
        },
        onSlow: () => this.hasRows && this.catchingUp('Reconnecting.'),
        onDead: (error) => this.interrupted(error),
        version: () => this.version,
      },
      signal,
    );
    if (!burst) return this.afterWatch(outcome, signal);
    // Whatever went wrong, a list is the way that always works; what passes gets a second chance.
    const isBehind = outcome.end === 'status' && isTooLargeVersion(outcome.error);
    if ((outcome.end !== 'cut' && !isBehind) || ++this.failedBursts > 1) gate.watchList = false;
    sink.flush();
    if (outcome.end === 'refused') gate.report(this, outcome.error);
    else await this.pause(this.backoff.delay(), signal);
    return 'list';
  }

  private async afterWatch(outcome: WatchOutcome, signal: AbortSignal): Promise<Next> {
    switch (outcome.end) {
      case 'clean':
      case 'cut':
        // After the server's own timeout, or a proxy's for idle streams: nobody need know (faults 3, 48).
        if (outcome.lasted >= STEADY_MS) return 'watch';
        this.catchingUp(outcome.end === 'clean' ? 'The server closes the watch early.' : 'Reconnecting.');
        await this.pause(this.backoff.delay(), signal);
        return 'watch';
      case 'status':
        return this.afterStatus(outcome.error, signal);
      case 'refused': {
        const { error } = outcome;
        this.o.gate.report(this, error);
        if (error.code === 'forbidden' || error.status === 405 || error.code === 'unsupported') {
          return this.polling();
        }
        if (error.code === 'gone' || isTooLargeVersion(error)) return this.relist(error, signal);
        this.interrupted(error);
        if (error.code === 'unauthorized' || error.code === 'credentials') {
          await this.pause(DENIED_RETRY_MS, signal);
          return 'watch';
        }
        await this.pauseAfter(error, signal);
        // Nothing speaks against our version: no relist for a server that was away.
        return (isWayError(error) && error.status === undefined) ||
          error.code === 'throttled' ||
          error.status === 503
          ? 'watch'
          : 'list';
      }
    }
  }

  private async afterStatus(error: AppError, signal: AbortSignal): Promise<Next> {
    if (error.code === 'gone' || isTooLargeVersion(error)) return this.relist(error, signal);
    if (error.code === 'throttled') {
      this.catchingUp('The server asks us to slow down.');
      await this.pauseAfter(error, signal);
      return 'watch';
    }
    this.catchingUp(error.message);
    await this.pause(this.backoff.delay(), signal);
    return 'list';
  }

  /** The first relist is at once; a server that expires everything meets the back-off. */
  private async relist(error: AppError, signal: AbortSignal): Promise<Next> {
    this.version = '';
    this.catchingUp(
      isTooLargeVersion(error)
        ? 'The server went back in time; everything is read again.'
        : 'Too many changes were missed; everything is read again.',
    );
    const pause = this.relists.delay();
    if (pause >= 2 * BACKOFF_FIRST_MS) await this.pause(pause, signal);
    return 'list';
  }

  private polling(): Next {
    this.set({ phase: 'polling', since: this.o.clock.now(), every: POLL_MS });
    return 'poll';
  }

  private live(): void {
    if (this.current.phase !== 'live') this.set({ phase: 'live', since: this.o.clock.now() });
  }

  private catchingUp(reason: string): void {
    if (this.current.phase === 'stale') return;
    const since = this.current.phase === 'catching-up' ? this.current.since : this.o.clock.now();
    this.set({ phase: 'catching-up', since, reason });
  }

  /** Nothing comes any more: what is shown is old from now on (or there never was anything). */
  private interrupted(error: AppError): void {
    if (!this.hasRows) this.set({ phase: 'failed', error });
    else if (this.current.phase === 'stale') this.set({ ...this.current, error });
    else this.set({ phase: 'stale', since: this.o.clock.now(), error });
  }

  private set(state: TableState): void {
    if (this.scope.disposed) return;
    this.current = state;
    this.o.sink.state(state);
  }

  /** At least Retry-After, for all lists of the cluster; never less than our own back-off. */
  private async pauseAfter(error: AppError, signal: AbortSignal): Promise<void> {
    const own = this.backoff.delay();
    const asked = (error.retryAfter ?? 0) * 1000;
    if (error.code === 'throttled' || asked > 0) this.o.gate.brake(Math.max(asked, 1000));
    await this.pause(Math.max(own, asked * (1 + this.o.clock.random() * 0.25)), signal);
  }

  private pause(ms: number, signal: AbortSignal): Promise<void> {
    return sleep(this.o.clock, ms, signal);
  }
}
