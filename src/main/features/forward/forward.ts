/**
 * One forward: a listener, the pod behind it now, and the truth about both.
 * Guarantees: a connection that comes while there is no pod waits up to 30 s for one; one that
 * cannot be opened because its pod just went is tried with the next pod; an error concerns that
 * connection only; stopping closes the listener and every connection.
 */
import type { Socket } from 'node:net';
import type { ForwardPhase, ForwardRow, ForwardTarget } from '#shared/contract/forward';
import type { Scope } from '#shared/rpc/scope';
import { AppFailure, fail, isCancelled, toAppError, type AppError } from '#shared/util/app-error';
import { sleep } from '../../k8s/backoff';
import type { Dialler } from '../../k8s/channel-socket';
import { openForward, type ForwardHandlers, type ForwardStream } from '../../k8s/forward-stream';
import { choose, schemeOf, type Chosen } from './choose';
import { listen } from './listener';
import { relay } from './relay';
import type { TargetWatch } from './target-watch';

export interface ForwardDeps {
  readonly api: Dialler;
  readonly watch: TargetWatch;
  readonly target: ForwardTarget;
  readonly scope: Scope;
  /** The row changed. */
  readonly onChange: () => void;
  /** How long a connection waits for a pod, ms. */
  readonly waitMs?: number;
}

const WAIT_MS = 30_000;
const MOST_TRIES = 5;
const AGAIN_MS = 250;
const MIN_TICK_MS = 900;

export class Forward {
  private chosen: Chosen | undefined;
  private before: string | undefined;
  private pod: string | undefined;
  private healed = 0;
  private localPort = 0;
  private address = '';
  private count = { open: 0, total: 0, failed: 0 };
  private bytes = { received: 0, sent: 0 };
  private rates = { received: 0, sent: 0, atReceived: 0, atSent: 0 };
  private tickedAt = 0;
  private lastFailure: { message: string; at: number } | undefined;
  /** The server refuses every connection (403, read-only): said until one goes through. */
  private refused: AppError | undefined;
  private readonly startedAt = Date.now();

  constructor(
    readonly id: string,
    readonly remote: string,
    private readonly deps: ForwardDeps,
  ) {
    deps.scope.add(deps.watch.onChange(() => this.look()));
    this.look();
  }

  /** Opens the listener; rejects when the port cannot be had. */
  async listen(address: '127.0.0.1' | '0.0.0.0', port: number): Promise<void> {
    this.address = address;
    this.localPort = await listen(address, port, this.deps.scope, (socket) => this.accept(socket));
  }

  /** Takes the bytes of the last second; called while somebody looks, by each who does. */
  tick(): void {
    const now = Date.now();
    if (now - this.tickedAt < MIN_TICK_MS) return;
    this.tickedAt = now;
    const { received, sent } = this.bytes;
    this.rates = {
      received: received - this.rates.atReceived,
      sent: sent - this.rates.atSent,
      atReceived: received,
      atSent: sent,
    };
  }

  get row(): ForwardRow {
    const { phase, error } = this.phase();
    const podPort = this.chosen && 'port' in this.chosen ? this.chosen.port : null;
    const scheme = schemeOf(/^\d+$/.test(this.remote) ? '' : this.remote, podPort ?? Number(this.remote));
    return {
      id: this.id,
      target: this.deps.target,
      remote: this.remote,
      podPort,
      pod: this.pod ?? null,
      address: this.address,
      localPort: this.localPort,
      phase,
      ...(error && { error }),
      ...this.count,
      ...(this.lastFailure && { lastFailure: this.lastFailure }),
      ...this.bytes,
      receivedRate: this.rates.received,
      sentRate: this.rates.sent,
      healed: this.healed,
      ...(scheme === undefined ? {} : { scheme }),
      startedAt: this.startedAt,
    };
  }

  private phase(): { readonly phase: ForwardPhase; readonly error?: AppError } {
    const { state } = this.deps.watch;
    if (this.refused) return { phase: 'failed', error: this.refused };
    if (state.phase === 'failed') return { phase: 'failed', ...(state.error && { error: state.error }) };
    if (this.chosen === undefined || state.phase === 'loading')
      return { phase: this.before === undefined ? 'starting' : 'reconnecting' };
    if ('pod' in this.chosen && state.phase === 'live') return { phase: 'listening' };
    if ('pod' in this.chosen) return { phase: 'reconnecting', ...(state.error && { error: state.error }) };
    const { why } = this.chosen;
    if (why.code === 'unsupported') return { phase: 'failed', error: why };
    return { phase: this.before === undefined ? 'waiting' : 'reconnecting', error: why };
  }

  /** The target or its pods changed. */
  private look(): void {
    const { state } = this.deps.watch;
    if (state.phase !== 'loading') {
      this.chosen = choose(state.candidates, this.remote, this.before);
      if ('pod' in this.chosen) {
        if (this.before !== undefined && this.before !== this.chosen.pod) this.healed += 1;
        this.pod = this.chosen.pod;
        this.before = this.chosen.pod;
      } else {
        this.pod = undefined;
      }
    }
    this.deps.onChange();
  }

  private accept(local: Socket): void {
    const scope = this.deps.scope.child('connection');
    this.count = { ...this.count, open: this.count.open + 1, total: this.count.total + 1 };
    this.deps.onChange();
    void relay({
      local,
      scope,
      open: (handlers, signal) => this.connect(handlers, signal),
      onBytes: (direction, bytes) => {
        this.bytes[direction] += bytes;
      },
      onDone: (error) => {
        this.count = {
          ...this.count,
          open: this.count.open - 1,
          failed: this.count.failed + (error ? 1 : 0),
        };
        if (error) this.lastFailure = { message: error.message, at: Date.now() };
        this.deps.onChange();
      },
    });
  }

  /** To the pod of now, or of soon. */
  private async connect(handlers: ForwardHandlers, signal: AbortSignal): Promise<ForwardStream> {
    const until = Date.now() + (this.deps.waitMs ?? WAIT_MS);
    for (let attempt = 1; ; attempt += 1) {
      const { pod, port } = await this.ready(until, signal);
      const { namespace } = this.deps.target;
      try {
        const stream = await openForward(this.deps.api, { namespace, pod, port }, handlers, signal);
        if (this.refused) {
          this.refused = undefined;
          this.deps.onChange();
        }
        return stream;
      } catch (thrown) {
        const error = toAppError(thrown);
        if (isCancelled(thrown)) throw thrown;
        if (error.code === 'forbidden' || error.code === 'read-only' || error.code === 'unauthorized') {
          this.refused = error;
          this.deps.onChange();
          throw thrown;
        }
        // Nothing was sent yet: the next pod, or the same one a moment later, may do.
        if (attempt >= MOST_TRIES || Date.now() + AGAIN_MS * attempt > until) throw thrown;
        await sleep(AGAIN_MS * attempt, signal);
      }
    }
  }

  private async ready(until: number, signal: AbortSignal): Promise<{ pod: string; port: number }> {
    for (;;) {
      if (this.chosen && 'pod' in this.chosen) return this.chosen;
      const why = this.phase();
      if (why.phase === 'failed' && why.error) throw new AppFailure(why.error);
      const left = until - Date.now();
      if (left <= 0)
        throw why.error ? new AppFailure(why.error) : fail('timeout', 'No pod was ready in time.');
      await this.changed(left, signal);
    }
  }

  private changed(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        stop();
        signal.removeEventListener('abort', onAbort);
      };
      const onAbort = (): void => {
        end();
        reject(fail('cancelled', 'Cancelled.'));
      };
      const go = (): void => {
        end();
        resolve();
      };
      const timer = setTimeout(go, ms);
      const stop = this.deps.watch.onChange(go);
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }
}
