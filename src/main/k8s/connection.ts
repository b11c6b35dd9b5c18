/**
 * Where the connection to one cluster stands, in one word and with its reason.
 * Fed by how every request ends and by a probe of its own (`/version`): one prober, with
 * growing pauses while the server is away, and every 10 s while somebody looks and nothing
 * else proves that the server answers. A 403 is an answer; only silence is "frozen".
 * Never says live what is not: since the last good answer the phase is stale, with the time.
 */
import type { ClusterStatus } from '#shared/contract/cluster';
import { isCancelled, toAppError, type AppError } from '#shared/util/app-error';
import type { Scope } from '#shared/rpc/scope';
import type { Access } from './access';
import type { ClusterApi } from './open-api';
import { Observed } from './observed';
import type { Outcome } from './transport';

export interface ConnectionTimes {
  readonly probeMs: number;
  /** Quiet time after which a watched connection is probed. */
  readonly idleMs: number;
  readonly firstRetryMs: number;
  readonly maxRetryMs: number;
  /** Pause between tries while credentials are refused; plugins are never run again by themselves. */
  readonly refusedRetryMs: number;
  /** How long "catching up" is shown after the server came back. */
  readonly catchUpMs: number;
}

const usual: ConnectionTimes = {
  probeMs: 5_000,
  idleMs: 10_000,
  firstRetryMs: 1_000,
  // With its jitter below 10 s: a server or network that is back is noticed in that time (fault 43).
  maxRetryMs: 7_000,
  refusedRetryMs: 60_000,
  catchUpMs: 1_500,
};

type Phase = ClusterStatus['phase'];

const lost = new Set(['dns', 'refused', 'timeout', 'tls', 'proxy', 'network']);

export class Connection {
  private readonly observed: Observed<ClusterStatus>;
  private lastGood = 0;
  private everLive = false;
  private pause = 0;
  private stopTimer: (() => void) | undefined;
  private probing: Promise<void> | undefined;
  private identity: ClusterStatus['user'];
  private server: ClusterStatus['server'];
  private latency: number | undefined;
  private askedWho = false;
  private asleep = false;
  private stopCatchUp: (() => void) | undefined;
  private onBack: (() => void) | undefined;

  constructor(
    private readonly api: ClusterApi,
    private readonly access: Access,
    private readonly scope: Scope,
    private readonly times: ConnectionTimes = usual,
  ) {
    this.observed = new Observed<ClusterStatus>(
      { phase: 'connecting', since: Date.now(), clockOffset: 0 },
      (watched) => {
        if (watched) this.schedule();
      },
    );
    scope.add(api.onOutcome((outcome) => this.note(outcome)));
  }

  get state(): ClusterStatus {
    return this.observed.state;
  }

  observe(listener: () => void, scope: Scope): void {
    this.observed.observe(listener, scope);
  }

  /** Called when the server answers again after it was away. */
  onRecovered(listener: () => void): void {
    this.onBack = listener;
  }

  /** First contact; resolves when it is clear how it went. Never rejects. */
  async start(): Promise<ClusterStatus> {
    await this.probe();
    return this.state;
  }

  /** Tries again now: no pause, fresh sockets, failed credentials asked for again. */
  async reconnect(): Promise<void> {
    const { phase } = this.state;
    this.asleep = false;
    this.pause = 0;
    if (phase !== 'live' && phase !== 'catching-up') this.api.dropConnections();
    if (phase === 'unauthorized') this.access.forget();
    this.api.credentials.retry();
    this.askedWho = false;
    if (phase !== 'live') this.set('connecting', Date.now(), this.state.error);
    await this.probe();
  }

  /** The machine goes to sleep: nothing is asked until `resume`. */
  suspend(): void {
    this.asleep = true;
    this.stopTimer?.();
  }

  /** The machine has no network: said at once, and nothing is tried until `resume` (fault 43). */
  offline(): void {
    const had = this.everLive && this.lastGood > 0;
    this.suspend();
    this.api.dropConnections();
    this.set(had ? 'stale' : 'unreachable', had ? this.lastGood : Date.now(), {
      code: 'network',
      message: 'This computer has no network.',
      hint: 'It is tried again as soon as there is one.',
    });
  }

  /** After sleep or a change of network: old sockets are half-open at best. */
  async resume(): Promise<void> {
    this.asleep = false;
    this.api.dropConnections();
    this.pause = 0;
    if (this.state.phase === 'live') this.set('catching-up', Date.now(), undefined);
    await this.probe();
  }

  private note(outcome: Outcome): void {
    if (outcome.path === '/version') return; // The probe judges for itself.
    if (outcome.status !== undefined && outcome.status !== 401) {
      // Any web server answers with some status; that it is Kubernetes the probe has to see first.
      if (this.everLive) this.good(outcome.latency);
      return;
    }
    // One failed request is a suspicion; the probe finds out.
    if (
      outcome.error &&
      (lost.has(outcome.error.code) || ['unauthorized', 'credentials'].includes(outcome.error.code))
    )
      if (this.state.phase === 'live' || this.state.phase === 'catching-up') void this.probe();
  }

  private good(latency: number): void {
    this.lastGood = Date.now();
    this.latency = this.latency === undefined ? latency : this.latency * 0.8 + latency * 0.2;
    if (this.state.phase === 'live' || this.state.phase === 'catching-up') return;
    this.came();
  }

  private came(): void {
    this.pause = 0;
    const { phase } = this.state;
    if (phase === 'live') {
      this.publish('live', this.state.since, undefined);
      return;
    }
    if (!this.everLive) {
      this.everLive = true;
      this.set('live', Date.now(), undefined);
      return;
    }
    if (phase !== 'catching-up') this.set('catching-up', Date.now(), undefined);
    this.onBack?.();
    this.stopCatchUp?.();
    this.stopCatchUp = this.scope.timeout(() => {
      if (this.state.phase === 'catching-up') this.set('live', Date.now(), undefined);
    }, this.times.catchUpMs);
  }

  private probe(): Promise<void> {
    if (this.asleep) return Promise.resolve();
    this.probing ??= this.probeNow().finally(() => {
      this.probing = undefined;
      this.schedule();
    });
    return this.probing;
  }

  private async probeNow(): Promise<void> {
    this.stopTimer?.();
    const { phase } = this.state;
    // A plugin may ask the person for something: say so while it runs.
    const stopHint = this.scope.timeout(() => {
      if (this.api.credentials.busy && this.state.phase !== 'live')
        this.set('signing-in', Date.now(), undefined);
    }, 300);
    const began = performance.now();
    try {
      const version = await this.api.json<{ gitVersion?: unknown; platform?: unknown }>(
        // Its own socket: the pool may be full of requests that hang.
        { path: '/version', timeoutMs: this.times.probeMs, long: true },
        this.scope.signal,
        64 * 1024,
      );
      this.server = { version: word(version.gitVersion), platform: word(version.platform) };
      this.latency = performance.now() - began;
      this.lastGood = Date.now();
      this.came();
      await this.askWho();
    } catch (thrown) {
      if (isCancelled(thrown)) return;
      const error = toAppError(thrown);
      if (
        error.status !== undefined &&
        error.status !== 401 &&
        error.code !== 'server' &&
        error.code !== 'bad-answer'
      ) {
        // It answered, only not this question (403 on /version, fault 66).
        this.lastGood = Date.now();
        this.came();
        await this.askWho();
        if (error.code === 'forbidden' && this.identity === undefined)
          this.set('forbidden', Date.now(), error);
        return;
      }
      this.failed(error, phase);
    } finally {
      stopHint();
    }
  }

  private failed(error: AppError, before: Phase): void {
    // What ends because we let go of it says nothing.
    if (this.asleep) return;
    const had = this.everLive && this.lastGood > 0;
    const since = had ? this.lastGood : before === this.state.phase ? this.state.since : Date.now();
    this.stopCatchUp?.();
    this.set(phaseOf(error, had), since, error);
  }

  private async askWho(): Promise<void> {
    if (this.askedWho) return;
    this.askedWho = true;
    try {
      this.identity = await this.access.whoAmI(this.scope.signal);
    } catch (thrown) {
      if (!isCancelled(thrown)) this.askedWho = false;
    }
    this.publish(this.state.phase, this.state.since, this.state.error);
  }

  private schedule(): void {
    this.stopTimer?.();
    if (this.scope.disposed || this.asleep) return;
    const { phase } = this.state;
    let wait: number;
    if (phase === 'live' || phase === 'catching-up' || phase === 'forbidden') {
      if (!this.observed.watched) return;
      wait = this.times.idleMs;
    } else if (phase === 'unauthorized') {
      // The same static credential is refused again; a plugin or person must act.
      wait = this.times.refusedRetryMs;
    } else {
      this.pause = Math.min(
        this.times.maxRetryMs,
        this.pause === 0 ? this.times.firstRetryMs : this.pause * 2,
      );
      wait = this.pause * (1 + Math.random() * 0.3);
    }
    this.stopTimer = this.scope.timeout(() => {
      const isQuiet = Date.now() - this.lastGood >= this.times.idleMs;
      if ((phase === 'live' || phase === 'forbidden') && !isQuiet) this.schedule();
      else void this.probe();
    }, wait);
  }

  private set(phase: Phase, since: number, error: AppError | undefined): void {
    this.publish(phase, phase === this.state.phase ? this.state.since : since, error);
  }

  /** What is shown moves with the latency's size only: its noise is no news, least of all to a hidden window. */
  private shownLatency(): number {
    const now = Math.round(this.latency ?? 0);
    const shown = this.state.latency;
    return shown !== undefined && Math.abs(now - shown) <= Math.max(10, shown / 4) ? shown : now;
  }

  private publish(phase: Phase, since: number, error: AppError | undefined): void {
    this.observed.set({
      phase,
      since,
      ...(error ? { error } : {}),
      ...(this.server ? { server: this.server } : {}),
      ...(this.identity ? { user: this.identity } : {}),
      clockOffset: this.api.clockOffset,
      ...(this.latency === undefined ? {} : { latency: this.shownLatency() }),
    });
  }
}

/** `had`: there is something on screen from before that is now old. */
function phaseOf(error: AppError, had: boolean): Phase {
  switch (error.code) {
    case 'unauthorized':
    case 'credentials':
      return 'unauthorized';
    case 'timeout':
      // Accepted and then silent: hanging, not away.
      return error.reason === 'NoAnswer' ? 'frozen' : had ? 'stale' : 'unreachable';
    default:
      return had ? 'stale' : 'unreachable';
  }
}

function word(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 100) : '';
}
