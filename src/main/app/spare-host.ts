/**
 * One host process kept ready, so that opening a cluster does not wait for its start. (Feeding it made-up
 * pods to have its code compiled was measured and made the real list dearer: 1080 ms of CPU against 790.)
 * Guarantees: at most one spare; it knows no context, no credential and no server until it is
 * taken; one that died is not replaced before the next is taken, so a host that cannot start is
 * not started in a loop; the spare is gone when the scope ends.
 */
import type { Scope } from '#shared/rpc/scope';
import type { HostProcess } from './supervisor';

/** After the start, and after one was taken: others have the processor first, ms. */
const QUIET_MS = 3_000;

export class SpareHost {
  private readonly fork: () => HostProcess;
  private readonly scope: Scope;
  private readonly quietMs: number;
  private spare: HostProcess | undefined;
  private cancel: (() => void) | undefined;

  constructor(fork: () => HostProcess, scope: Scope, quietMs = QUIET_MS) {
    this.fork = fork;
    this.scope = scope;
    this.quietMs = quietMs;
    scope.add(() => this.spare?.kill());
    this.plan();
  }

  /** The spare, or a fresh process where there is none. */
  take(): HostProcess {
    const { spare } = this;
    this.spare = undefined;
    this.plan();
    return spare ?? this.fork();
  }

  /** Settles when the spare is gone; none is made any more. */
  stop(): Promise<void> {
    this.cancel?.();
    const { spare } = this;
    this.spare = undefined;
    if (!spare) return Promise.resolve();
    return new Promise((done) => {
      spare.onExit(() => done());
      spare.kill();
    });
  }

  private plan(): void {
    this.cancel?.();
    this.cancel = this.scope.timeout(() => this.prepare(), this.quietMs);
  }

  private prepare(): void {
    if (this.spare) return;
    const child = this.fork();
    this.spare = child;
    child.onExit(() => {
      if (this.spare === child) this.spare = undefined;
    });
  }
}
