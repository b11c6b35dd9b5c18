/** From a reference of the screen to what is asked of the server. */
import type { KindInfo } from '#shared/contract/cluster';
import type { PlannedRequest, Target, Thing } from '#shared/domain/actions/types';
import { fail } from '#shared/util/app-error';
import type { Api, ApiRequest } from '../../k8s/api';
import { resourcePath } from '../../k8s/path';

export interface Kinds {
  byId(id: string): KindInfo | undefined;
  byGroupKind(group: string, kind: string): KindInfo | undefined;
  all(): readonly KindInfo[];
  ready(signal: AbortSignal): Promise<unknown>;
}

export interface Ref {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

export async function kindOf(kinds: Kinds, id: string, signal: AbortSignal): Promise<KindInfo> {
  if (!kinds.byId(id)) await kinds.ready(signal);
  const kind = kinds.byId(id);
  if (!kind) throw fail('unsupported', `The server does not serve ${id}.`);
  return kind;
}

export function targetOf(kind: KindInfo, ref: Ref): Target {
  const { id, group, version, resource } = kind;
  const namespace = kind.namespaced ? ref.namespace : '';
  return { kind: id, group, version, resource, kindName: kind.kind, namespace, name: ref.name, uid: ref.uid };
}

export function pathOf({ group, version, resource, namespace, name }: Target, subresource?: string): string {
  return resourcePath({ group, version, resource, namespace, name, subresource });
}

const contentTypes = {
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  json: 'application/json-patch+json',
} as const;

/** The manager that fields changed by an action belong to. */
export const FIELD_MANAGER = 'binnacle';

export function apiRequest(target: Target, planned: PlannedRequest): ApiRequest {
  const { method, subresource, collection, patch, body } = planned;
  const path = collection
    ? resourcePath({ ...collection, namespace: target.namespace })
    : pathOf(target, subresource);
  return {
    method,
    path,
    // An eviction or a deletion changes no field.
    query: method === 'DELETE' || subresource === 'eviction' ? undefined : { fieldManager: FIELD_MANAGER },
    body: JSON.stringify(body),
    ...(patch ? { contentType: contentTypes[patch] } : {}),
  };
}

/** The newest object; one with another uid is a different object and counts as gone. */
export async function readObject(api: Api, target: Target, signal: AbortSignal): Promise<Thing> {
  const object = await api.json<Thing>({ path: pathOf(target) }, signal);
  const metadata = object.metadata as { uid?: unknown } | undefined;
  if (target.uid !== '' && metadata?.uid !== target.uid) {
    throw fail('conflict', `${target.name} is another object now: it was deleted and made anew.`, {
      hint: 'Look at the new one and choose again.',
    });
  }
  return object;
}

/** For the screen: no managedFields, no values of Secrets. */
export function forScreen(object: Thing, kind: string): Thing {
  const { managedFields: _fields, ...metadata } = (object.metadata ?? {}) as Record<string, unknown>;
  if (kind !== 'secrets') return { ...object, metadata };
  const { data: _data, stringData: _text, ...rest } = object;
  const annotations = { ...(metadata['annotations'] as Record<string, string> | undefined) };
  delete annotations['kubectl.kubernetes.io/last-applied-configuration'];
  return { ...rest, metadata: { ...metadata, annotations } };
}
