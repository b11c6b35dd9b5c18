/** A value with listeners. Equal values tell nobody; a listener that leaves is forgotten at once. */
import type { Scope } from '#shared/rpc/scope';

export class Observed<T> {
  private readonly listeners = new Set<() => void>();
  private readonly followers = new Set<() => void>();

  constructor(
    private value: T,
    /** Told when the first listener comes and the last one leaves. */
    private readonly onWatched?: (watched: boolean) => void,
  ) {}

  get state(): T {
    return this.value;
  }

  get watched(): boolean {
    return this.listeners.size > 0;
  }

  set(next: T): void {
    if (next === this.value || JSON.stringify(next) === JSON.stringify(this.value)) return;
    this.value = next;
    for (const listener of [...this.listeners, ...this.followers]) listener();
  }

  /** Hears of changes like `observe`, without being a reason to keep the value fresh. */
  follow(listener: () => void, scope: Scope): void {
    const own = (): void => listener();
    this.followers.add(own);
    scope.add(() => this.followers.delete(own));
  }

  /** Listens until the scope ends. The same function may listen twice. */
  observe(listener: () => void, scope: Scope): void {
    const own = (): void => listener();
    this.listeners.add(own);
    if (this.listeners.size === 1) this.onWatched?.(true);
    scope.add(() => {
      if (this.listeners.delete(own) && this.listeners.size === 0) this.onWatched?.(false);
    });
  }
}
