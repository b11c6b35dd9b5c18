/**
 * The descriptor a kind is shown by: ours where a version both sides know is served,
 * otherwise one made from the columns of the server's Table answer (asked once, for one
 * object). Forgotten when the kind leaves discovery or is served in another version.
 */
import type { KindInfo, KindsState } from '#shared/contract/cluster';
import type { KindDescriptor } from '#shared/kinds/define';
import { genericKind } from '#shared/kinds/generic';
import { kindById } from '#shared/kinds/registry';
import type { TableColumnDefinition } from '#shared/kinds/table-row';
import { isCancelled, toAppError } from '#shared/util/app-error';
import type { Api } from '../../k8s/api';
import { resourcePath } from '../../k8s/path';

const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io, application/json;q=0.1';

export class Descriptors {
  private readonly api: Api;
  private readonly now: () => number;
  private readonly kinds: () => KindsState;
  private readonly generic = new Map<string, Promise<KindDescriptor>>();
  private madeFor: KindsState | undefined;

  constructor(api: Api, kinds: () => KindsState, now: () => number) {
    this.api = api;
    this.kinds = kinds;
    this.now = now;
  }

  async of(kind: KindInfo, namespace: string | undefined, signal: AbortSignal): Promise<KindDescriptor> {
    const own = kindById.get(kind.id);
    if (own && own.versions.includes(kind.version)) return own;
    const key = `${kind.id} ${kind.version}`;
    this.forgetOld();
    let made = this.generic.get(key);
    if (!made) {
      made = this.make(kind, namespace, signal);
      this.generic.set(key, made);
      made.catch(() => this.generic.delete(key));
    }
    return made;
  }

  /** Columns may have changed with the CRDs: ask again after discovery changed. */
  private forgetOld(): void {
    const state = this.kinds();
    if (state === this.madeFor) return;
    this.madeFor = state;
    this.generic.clear();
  }

  private async make(
    kind: KindInfo,
    namespace: string | undefined,
    signal: AbortSignal,
  ): Promise<KindDescriptor> {
    const columns = await this.columns(kind, namespace, signal);
    return genericKind({ ...kind, shortNames: kind.aliases }, columns, this.now);
  }

  /** Without the right to list there are no columns to learn of; the table itself will say why. */
  private async columns(
    kind: KindInfo,
    namespace: string | undefined,
    signal: AbortSignal,
  ): Promise<readonly TableColumnDefinition[]> {
    try {
      const answer = await this.api.json<{ kind?: string; columnDefinitions?: TableColumnDefinition[] }>(
        {
          path: resourcePath({
            ...kind,
            name: undefined,
            namespace: kind.namespaced ? namespace : undefined,
          }),
          query: { limit: 1, includeObject: 'None' },
          accept: TABLE,
        },
        signal,
      );
      return Array.isArray(answer.columnDefinitions) ? answer.columnDefinitions : [];
    } catch (thrown) {
      if (isCancelled(thrown)) throw thrown;
      const { code } = toAppError(thrown);
      if (code === 'forbidden' || code === 'not-found') return [];
      throw thrown;
    }
  }
}
