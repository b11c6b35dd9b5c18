/**
 * Which lists feed the table of a kind: the whole cluster in one, or one per namespace.
 * One list where the person looks at everything and may; one per chosen namespace where
 * only a few are looked at; one per permitted namespace where the right to list
 * everything is missing (fault 13: then nothing cluster-wide is asked again).
 */
import type { KindInfo, NamespacesState } from '#shared/contract/cluster';
import type { KindId } from '#shared/kinds/define';

/** More chosen namespaces than this are read through the one list of the whole cluster. */
const FEW = 8;
/** So many namespaces are tried where the whole cluster is denied. */
const MOST_TRIED = 200;

export interface ListAccess {
  /** May this user list the kind here? `undefined` namespace: everywhere. Unknown counts as yes. */
  mayList(kind: KindInfo, namespace: string | undefined, signal: AbortSignal): Promise<boolean>;
}

/** Asks before a list of the whole cluster only where no list of it has told the answer. */
export class ListRights implements ListAccess {
  /** Kinds the server let us list in the whole cluster, and how many objects it said there are. */
  private readonly listed = new Map<KindId, number | null>();

  /** `ask`: the server's review; one that cannot tell counts as yes. */
  constructor(private readonly ask: ListAccess['mayList']) {}

  mayList(kind: KindInfo, namespace: string | undefined, signal: AbortSignal): Promise<boolean> {
    if (namespace === undefined && this.listed.has(kind.id)) return Promise.resolve(true);
    return this.ask(kind, namespace, signal);
  }

  /** The server's answer to a list of the whole cluster; null: it let us, and did not say how many. */
  note(id: KindId, count: number | null | 'denied'): void {
    if (count === 'denied') this.listed.delete(id);
    else this.listed.set(id, count);
  }

  /** Objects in the whole cluster by the last answer, where there was one that said so. */
  counted(id: KindId): number | undefined {
    return this.listed.get(id) ?? undefined;
  }

  /** Credentials, roles or the server may be others now. */
  forget(): void {
    this.listed.clear();
  }
}

/** null: one list of the whole cluster. */
export async function namespaceScope(
  kind: KindInfo,
  chosen: readonly string[],
  access: ListAccess,
  known: () => NamespacesState,
  wholeIsLoaded: boolean,
  signal: AbortSignal,
): Promise<readonly string[] | null> {
  if (!kind.namespaced) return null;
  if (chosen.length > 0 && chosen.length <= FEW && !wholeIsLoaded) return chosen;
  if (wholeIsLoaded || (await access.mayList(kind, undefined, signal))) return null;
  const candidates = (chosen.length > 0 ? chosen : known().names).slice(0, MOST_TRIED);
  const allowed = await Promise.all(candidates.map((namespace) => access.mayList(kind, namespace, signal)));
  const permitted = candidates.filter((_, index) => allowed[index]);
  // Nothing is permitted: one question to the server gives the table its honest refusal.
  return permitted.length > 0 ? permitted : null;
}
