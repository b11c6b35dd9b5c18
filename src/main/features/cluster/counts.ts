/**
 * Live counts for the navigation without watching anything: one list of one object per
 * kind and namespace, whose `remainingItemCount` tells the rest. Tables that are live
 * answer themselves, at no cost.
 * At most 4 questions in flight; asked again every 30 s (2 min while hidden), a kind whose count stood
 * still every minute; a denied kind only after 5 minutes; ends with its scope.
 */
import type { Count, KindInfo } from '#shared/contract/cluster';
import type { KindId } from '#shared/kinds/define';
import type { Scope } from '#shared/rpc/scope';
import { toAppError } from '#shared/util/app-error';
import type { Api } from '../../k8s/api';
import { resourcePath } from '../../k8s/path';

const EVERY_MS = 30_000;
const HIDDEN_MS = 120_000;
const DENIED_MS = 5 * 60_000;
/** While the server is away. */
const RETRY_MS = 5_000;
const PARALLEL = 4;
/** More chosen namespaces than this are not summed: the figure would cost too many questions. */
const MAX_NAMESPACES = 8;

const METADATA_ONLY =
  'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1, application/json;q=0.5';

export interface CountsInput {
  readonly kinds: readonly KindId[];
  readonly namespaces: readonly string[];
  readonly hidden: boolean;
}

export interface CountsSource {
  readonly api: Api;
  kind(id: KindId): KindInfo | undefined;
  /** Resolves once the server's kinds were read; rejects when they cannot be. */
  ready(signal: AbortSignal): Promise<unknown>;
  /** Rows of a live table, undefined when there is none. */
  liveCount(id: KindId, namespaces: readonly string[]): number | undefined;
  /** What the server said when asked for the whole cluster; null: it let us, and did not say how many. */
  onAnswer?(id: KindId, count: number | null | 'denied'): void;
}

export class Counter {
  readonly counts = new Map<KindId, Count>();
  private readonly source: CountsSource;
  private readonly scope: Scope;
  private readonly onChange: () => void;
  private input: CountsInput;
  private readonly deniedAt = new Map<KindId, number>();
  private cancelTimer: () => void = () => undefined;
  private round = 0;
  /** A round that has not come to its end. */
  private isAsking = false;
  /** Kinds whose last answer was as the one before. */
  private readonly still = new Set<KindId>();

  constructor(source: CountsSource, input: CountsInput, scope: Scope, onChange: () => void) {
    this.source = source;
    this.scope = scope;
    this.onChange = onChange;
    this.input = input;
    void this.ask();
  }

  update(input: Partial<CountsInput>): void {
    const before = this.input;
    this.input = { ...before, ...input };
    const sameKinds = before.kinds.join() === this.input.kinds.join();
    const sameNamespaces = before.namespaces.join() === this.input.namespaces.join();
    if (sameKinds && sameNamespaces && before.hidden === this.input.hidden) return;
    if (!sameNamespaces) {
      this.counts.clear();
      this.deniedAt.clear();
    }
    // Who went away has no question: what is open now is what the server has time for.
    if (sameKinds && sameNamespaces && this.input.hidden) {
      if (!this.isAsking) this.again(HIDDEN_MS);
      return;
    }
    // Somebody looks again, or at something else: nothing waits for its turn.
    this.still.clear();
    void this.ask();
  }

  private async ask(): Promise<void> {
    this.cancelTimer();
    const round = ++this.round;
    this.isAsking = true;
    if (!(await this.kindsKnown())) {
      if (!this.scope.disposed && round === this.round) this.again(RETRY_MS);
      return;
    }
    // Half of what stands still in each round, so that rounds stay even.
    const queue = this.input.kinds.filter((id, i) => (i + round) % 2 === 0 || !this.still.has(id));
    const worker = async (): Promise<void> => {
      for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
        if (this.scope.disposed || round !== this.round) return;
        await this.askOne(id);
      }
    };
    await Promise.all(Array.from({ length: PARALLEL }, worker));
    if (this.scope.disposed || round !== this.round) return;
    this.again(this.input.hidden ? HIDDEN_MS : EVERY_MS);
  }

  private again(ms: number): void {
    this.isAsking = false;
    this.cancelTimer();
    this.cancelTimer = this.scope.timeout(() => void this.ask(), ms);
  }

  private kindsKnown(): Promise<boolean> {
    return this.source.ready(this.scope.signal).then(
      () => true,
      () => false,
    );
  }

  private async askOne(id: KindId): Promise<void> {
    const { namespaces } = this.input;
    const info = this.source.kind(id);
    if (!info) return;
    const scoped = info.namespaced ? namespaces : [];
    const live = this.source.liveCount(id, scoped);
    if (live !== undefined) {
      this.set(id, live);
      return;
    }
    const denied = this.deniedAt.get(id);
    if (denied !== undefined && Date.now() - denied < DENIED_MS) return;
    if (scoped.length > MAX_NAMESPACES) {
      this.set(id, null);
      return;
    }
    try {
      let sum: number | null = 0;
      for (const namespace of scoped.length > 0 ? scoped : [undefined]) {
        const part: number | null = await this.count(info, namespace);
        if (namespace === undefined) this.source.onAnswer?.(id, part);
        sum = sum === null || part === null ? null : sum + part;
      }
      this.set(id, sum);
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.code === 'forbidden') {
        this.deniedAt.set(id, Date.now());
        if (scoped.length === 0) this.source.onAnswer?.(id, 'denied');
        this.set(id, 'denied');
      } else if (error.code === 'not-found') this.set(id, null);
      // Anything else: the last known count stays until the next round.
    }
  }

  private async count(info: KindInfo, namespace: string | undefined): Promise<number | null> {
    const { group, version, resource } = info;
    const answer = await this.source.api.json<{
      metadata?: { remainingItemCount?: number; continue?: string };
      items?: unknown[] | null;
    }>(
      {
        path: resourcePath({ group, version, resource, namespace }),
        query: { limit: 1 },
        accept: METADATA_ONLY,
      },
      this.scope.signal,
    );
    const seen = answer.items?.length ?? 0;
    if (!answer.metadata?.continue) return seen;
    const rest = answer.metadata.remainingItemCount;
    return typeof rest === 'number' ? seen + rest : null;
  }

  private set(id: KindId, count: Count): void {
    if (this.counts.get(id) === count) {
      this.still.add(id);
      return;
    }
    this.still.delete(id);
    this.counts.set(id, count);
    this.onChange();
  }
}
