/** Kinds of the cluster by id and by group and kind, rebuilt only when discovery changed. */
import type { KindInfo, KindsState } from '#shared/contract/cluster';
import type { Scope } from '#shared/rpc/scope';
import type { SharedTable } from '../engine/caches';
import type { LiveTable } from '../engine/view';

export interface KindSource {
  readonly state: KindsState;
  assumed?(id: string): KindInfo | undefined;
  ready(signal: AbortSignal): Promise<unknown>;
  observe(listener: () => void, scope: Scope): void;
}

export class KindIndex {
  private readonly source: KindSource;
  private built: KindsState | undefined;
  private ids = new Map<string, KindInfo>();
  private groupKinds = new Map<string, KindInfo>();

  constructor(source: KindSource) {
    this.source = source;
  }

  ready(signal: AbortSignal): Promise<unknown> {
    return this.source.ready(signal);
  }

  assumed(id: string): KindInfo | undefined {
    return this.source.assumed?.(id);
  }

  observe(listener: () => void, scope: Scope): void {
    this.source.observe(listener, scope);
  }

  byId(id: string): KindInfo | undefined {
    this.refresh();
    return this.ids.get(id);
  }

  byGroupKind(group: string, kind: string): KindInfo | undefined {
    this.refresh();
    return this.groupKinds.get(`${group}/${kind}`);
  }

  /** Tables with their kinds; a table whose kind is no longer served is left out. */
  *withTables(tables: readonly SharedTable[]): Iterable<{ kind: KindInfo; live: LiveTable }> {
    for (const live of tables) {
      const kind = this.byId(live.id);
      if (kind) yield { kind, live };
    }
  }

  private refresh(): void {
    const { state } = this.source;
    if (state === this.built) return;
    this.built = state;
    this.ids = new Map(state.kinds.map((kind) => [kind.id, kind]));
    this.groupKinds = new Map(state.kinds.map((kind) => [`${kind.group}/${kind.kind}`, kind]));
  }
}
