/** A pause that somebody else may end: a stream waits for its pod to change, but not for ever. */
import type { Scope } from '#shared/rpc/scope';
import { fail } from '#shared/util/app-error';
import { sleep } from '../../k8s/backoff';

export class Waker {
  private end: (() => void) | undefined;

  constructor(private readonly scope: Scope) {}

  readonly wake = (): void => this.end?.();

  /** Until `wake`, at most `ms`. Rejects when the scope ends: loops around it must end too. */
  async wait(ms: number): Promise<void> {
    const own = this.scope.child('wait');
    await new Promise<void>((resolve) => {
      this.end = resolve;
      sleep(ms, own.signal).then(resolve, resolve);
    });
    this.end = undefined;
    own.dispose();
    if (this.scope.disposed) throw fail('cancelled', 'Cancelled.');
  }
}
