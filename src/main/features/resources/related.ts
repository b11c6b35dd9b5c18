/**
 * Owners and children of one object. Owners come from its ownerReferences; children are
 * asked for by the owner's own selector (metadata only) and kept when their
 * ownerReferences name its uid, so a big namespace is never listed for one drawer.
 * Missing rights take away that part of the answer, never the whole.
 */
import type { KindInfo } from '#shared/contract/cluster';
import type { RelatedObject } from '#shared/contract/resources';
import type { OwnerReference } from '#shared/kinds/define';
import { isCancelled } from '#shared/util/app-error';
import type { Api } from '../../k8s/api';
import { resourcePath } from '../../k8s/path';
import type { WholeObject } from '../../k8s/watch-few';

export interface KindLookup {
  byId(id: string): KindInfo | undefined;
  byGroupKind(group: string, kind: string): KindInfo | undefined;
}

/** Kinds whose objects an owner of this kind makes. */
const childKinds: Readonly<Record<string, readonly string[]>> = {
  'deployments.apps': ['replicasets.apps'],
  'replicasets.apps': ['pods'],
  'statefulsets.apps': ['pods'],
  'daemonsets.apps': ['pods'],
  replicationcontrollers: ['pods'],
  'jobs.batch': ['pods'],
  'cronjobs.batch': ['jobs.batch'],
  services: ['endpointslices.discovery.k8s.io'],
};

const METADATA_ONLY =
  'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1, application/json;q=0.5';
const MAX_CHILDREN = 200;

export async function relatedObjects(
  api: Api,
  kinds: KindLookup,
  of: { kind: KindInfo; namespace: string; name: string; uid: string },
  signal: AbortSignal,
): Promise<RelatedObject[]> {
  const { kind, namespace, name, uid } = of;
  const path = resourcePath({ ...kind, namespace: kind.namespaced ? namespace : undefined, name });
  const object = await api.json<WholeObject>({ path }, signal);
  const owners = ownersOf(object, kinds, namespace);
  const parts = (childKinds[kind.id] ?? []).map((id) => kinds.byId(id));
  const children = await Promise.all(
    parts.map((child) =>
      child ? childrenOf(api, child, object, namespace, uid, signal) : Promise.resolve([]),
    ),
  );
  return [...owners, ...children.flat()];
}

function ownersOf(object: WholeObject, kinds: KindLookup, namespace: string): RelatedObject[] {
  const references = object.metadata?.ownerReferences as readonly OwnerReference[] | undefined;
  return (references ?? []).map((owner) => {
    const group = owner.apiVersion.includes('/') ? (owner.apiVersion.split('/')[0] ?? '') : '';
    const kind = kinds.byGroupKind(group, owner.kind);
    return {
      kind: kind?.id ?? '',
      kindTitle: owner.kind,
      namespace: kind && !kind.namespaced ? '' : namespace,
      name: owner.name,
      uid: owner.uid,
      relation: 'owner' as const,
    };
  });
}

async function childrenOf(
  api: Api,
  child: KindInfo,
  owner: WholeObject,
  namespace: string,
  uid: string,
  signal: AbortSignal,
): Promise<RelatedObject[]> {
  try {
    const answer = await api.json<{ items?: WholeObject[] | null }>(
      {
        path: resourcePath({ ...child, namespace }),
        query: { labelSelector: selectorText(owner), limit: 1000 },
        accept: METADATA_ONLY,
      },
      signal,
    );
    return (answer.items ?? [])
      .filter((item) => ownedBy(item, uid))
      .slice(0, MAX_CHILDREN)
      .map((item) => ({
        kind: child.id,
        kindTitle: child.kind,
        namespace: item.metadata?.namespace ?? '',
        name: item.metadata?.name ?? '',
        uid: item.metadata?.uid ?? '',
        relation: 'child' as const,
      }));
  } catch (thrown) {
    if (signal.aborted || isCancelled(thrown)) throw thrown;
    return [];
  }
}

function ownedBy(item: WholeObject, uid: string): boolean {
  const references = item.metadata?.ownerReferences as readonly OwnerReference[] | undefined;
  return references?.some((reference) => reference.uid === uid) ?? false;
}

/** `spec.selector` as a query text; undefined (everything of the namespace) where there is none. */
export function selectorText(object: WholeObject): string | undefined {
  const spec = object.spec as { selector?: unknown } | undefined;
  const selector = spec?.selector;
  if (object.kind === 'Service') return `kubernetes.io/service-name=${object.metadata?.name ?? ''}`;
  if (typeof selector !== 'object' || selector === null) return undefined;
  const { matchLabels, matchExpressions } = selector as {
    matchLabels?: Record<string, string>;
    matchExpressions?: readonly { key: string; operator: string; values?: readonly string[] }[];
  };
  if (!matchLabels && !matchExpressions)
    return pairs(selector as Record<string, unknown>).join(',') || undefined;
  const parts = pairs(matchLabels ?? {});
  for (const { key, operator, values } of matchExpressions ?? []) {
    if (operator === 'In') parts.push(`${key} in (${(values ?? []).join(',')})`);
    else if (operator === 'NotIn') parts.push(`${key} notin (${(values ?? []).join(',')})`);
    else if (operator === 'Exists') parts.push(key);
    else if (operator === 'DoesNotExist') parts.push(`!${key}`);
  }
  return parts.join(',') || undefined;
}

function pairs(labels: Record<string, unknown>): string[] {
  return Object.entries(labels)
    .filter(([, value]) => typeof value === 'string')
    .map(([key, value]) => `${key}=${String(value)}`);
}
