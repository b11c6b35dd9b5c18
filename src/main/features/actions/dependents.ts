/**
 * What goes with an object by ownerReferences, however deep. Only metadata is read: of the kinds
 * that its kind is known to make, or, for others, of every listable kind of its namespace.
 * Counts are a lower bound where a list is cut or may not be read; then the answer says so.
 */
import type { Dependents, DependentsAnswer } from '#shared/contract/actions';
import type { KindInfo } from '#shared/contract/cluster';
import { at, list, word } from '#shared/domain/actions/read';
import type { Thing } from '#shared/domain/actions/types';
import { isCancelled } from '#shared/util/app-error';
import type { Api } from '../../k8s/api';
import { resourcePath } from '../../k8s/path';
import type { Kinds, Ref } from './target';

const METADATA_ONLY =
  'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1, application/json;q=0.5';
const PAGE = 500;
const PAGES = 10;
const PARALLEL = 6;
const NAMES = 5;

/** Kinds below a kind, all levels. Kinds that own nothing have an empty list. */
const below: ReadonlyMap<string, readonly string[]> = new Map([
  ['deployments.apps', ['replicasets.apps', 'pods']],
  ['replicasets.apps', ['pods']],
  ['statefulsets.apps', ['pods', 'controllerrevisions.apps', 'persistentvolumeclaims']],
  ['daemonsets.apps', ['pods', 'controllerrevisions.apps']],
  ['replicationcontrollers', ['pods']],
  ['jobs.batch', ['pods']],
  ['cronjobs.batch', ['jobs.batch', 'pods']],
  ['services', ['endpointslices.discovery.k8s.io']],
  ['pods', ['persistentvolumeclaims', 'resourceclaims.resource.k8s.io']],
  ['events', []],
]);

/** Never owned by anything one deletes by hand, and many. */
const skipped = new Set(['events', 'events.events.k8s.io', 'pods.metrics.k8s.io']);

interface Found {
  readonly kind: KindInfo;
  readonly name: string;
  readonly uid: string;
  readonly owners: readonly string[];
}

export async function dependentsOf(
  api: Api,
  kinds: Kinds,
  refs: readonly Ref[],
  signal: AbortSignal,
): Promise<DependentsAnswer> {
  let partial = false;
  const lists = new Map<string, { kind: KindInfo; namespace: string }>();
  for (const ref of refs) {
    const known = below.get(ref.kind)?.flatMap((id) => kinds.byId(id) ?? []);
    const wanted =
      known ??
      kinds.all().filter((kind) => kind.namespaced && kind.verbs.includes('list') && !skipped.has(kind.id));
    if (ref.namespace === '' && known === undefined) {
      // Owners in the cluster's scope may own anything anywhere: that is not searched.
      partial = true;
      continue;
    }
    for (const kind of wanted) lists.set(`${kind.id}\n${ref.namespace}`, { kind, namespace: ref.namespace });
  }
  const found: Found[] = [];
  const waiting = [...lists.values()];
  const work = async (): Promise<void> => {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const answer = await listOwned(api, next.kind, next.namespace, signal);
      if (answer.cut) partial = true;
      found.push(...answer.found);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  return { dependents: reach(found, new Set(refs.map((ref) => ref.uid))), partial };
}

/** Everything reachable from the roots, counted by kind. An object with another owner left stays. */
export function reach(found: readonly Found[], roots: ReadonlySet<string>): readonly Dependents[] {
  const gone = new Set(roots);
  for (let grown = true; grown;) {
    grown = false;
    for (const one of found) {
      if (gone.has(one.uid) || one.owners.length === 0 || !one.owners.every((uid) => gone.has(uid))) continue;
      gone.add(one.uid);
      grown = true;
    }
  }
  const byKind = new Map<string, { title: string; one: string; names: string[]; count: number }>();
  for (const one of found) {
    if (!gone.has(one.uid) || roots.has(one.uid)) continue;
    const entry = byKind.get(one.kind.id) ?? {
      title: one.kind.title,
      one: one.kind.singular,
      names: [],
      count: 0,
    };
    entry.count += 1;
    if (entry.names.length < NAMES) entry.names.push(one.name);
    byKind.set(one.kind.id, entry);
  }
  return [...byKind]
    .map(([kind, { title, one, names, count }]) => ({
      kind,
      title: count === 1 ? one : title,
      count,
      names: names.sort(),
    }))
    .sort((a, b) => a.title.localeCompare(b.title));
}

async function listOwned(
  api: Api,
  kind: KindInfo,
  namespace: string,
  signal: AbortSignal,
): Promise<{ found: Found[]; cut: boolean }> {
  const found: Found[] = [];
  let next: string | undefined;
  try {
    for (let page = 0; page < PAGES; page += 1) {
      const answer = await api.json<{ items?: unknown; metadata?: { continue?: string } }>(
        {
          path: resourcePath({
            group: kind.group,
            version: kind.version,
            resource: kind.resource,
            namespace,
          }),
          query: { limit: PAGE, continue: next },
          accept: METADATA_ONLY,
        },
        signal,
      );
      for (const item of list(answer.items)) {
        const owners = list(at(item, 'metadata', 'ownerReferences')).map((owner) => word(owner.uid));
        if (owners.length > 0)
          found.push({ kind, name: nameOf(item), uid: word(at(item, 'metadata', 'uid')), owners });
      }
      next = answer.metadata?.continue || undefined;
      if (next === undefined) return { found, cut: false };
    }
    return { found, cut: true };
  } catch (thrown) {
    if (signal.aborted || isCancelled(thrown)) throw thrown;
    return { found, cut: true };
  }
}

function nameOf(item: Thing): string {
  return word(at(item, 'metadata', 'name'));
}
