/** What a verb's plan needs beyond the object: revisions, autoscalers, storage class. */
import type { VerbId } from '#shared/domain/actions/options';
import { at, list, word } from '#shared/domain/actions/read';
import { verbs, type Verb } from '#shared/domain/actions/table';
import type { Extras, Target, Thing } from '#shared/domain/actions/types';
import { isCancelled, toAppError } from '#shared/util/app-error';
import type { Api } from '../../k8s/api';
import { resourcePath } from '../../k8s/path';
import type { Kinds } from './target';

export interface ExtrasDeps {
  readonly api: Api;
  readonly kinds: Kinds;
  readonly now: () => number;
}

const MOST = 500;
const letters = 'bcdfghjklmnpqrstvwxz2456789';

/** Five characters that make no words, for names of new objects. */
export function suffix(random: () => number = Math.random): string {
  return Array.from({ length: 5 }, () => letters[Math.floor(random() * letters.length)]).join('');
}

/** A part that cannot be read is left out and told in `notes`. */
export async function extrasOf(
  deps: ExtrasDeps,
  id: VerbId,
  target: Target,
  object: Thing,
  notes: string[],
  signal: AbortSignal,
): Promise<Extras> {
  const verb: Verb<never> = verbs[id];
  const base: Extras = { now: deps.now(), suffix: suffix() };
  try {
    switch (verb.needs) {
      case 'revisions':
        return { ...base, revisions: await revisions(deps, target, object, signal) };
      case 'autoscalers':
        return { ...base, autoscalers: await autoscalers(deps, target, signal) };
      case 'storage-class':
        return { ...base, ...(await storageClass(deps, object, signal)) };
      default:
        return base;
    }
  } catch (thrown) {
    if (signal.aborted || isCancelled(thrown)) throw thrown;
    notes.push(`Not all could be read for the preview: ${toAppError(thrown).message}`);
    return base;
  }
}

async function revisions(
  { api }: ExtrasDeps,
  target: Target,
  object: Thing,
  signal: AbortSignal,
): Promise<readonly Thing[]> {
  const resource = target.kind === 'deployments.apps' ? 'replicasets' : 'controllerrevisions';
  const answer = await api.json<{ items?: unknown }>(
    {
      path: resourcePath({ group: 'apps', version: 'v1', resource, namespace: target.namespace }),
      query: { labelSelector: selectorQuery(at(object, 'spec', 'selector')), limit: MOST },
    },
    signal,
  );
  return list(answer.items).map((one) => {
    const { managedFields: _fields, ...metadata } = (one.metadata ?? {}) as Record<string, unknown>;
    return { ...one, metadata, status: undefined };
  });
}

async function autoscalers(
  { api, kinds }: ExtrasDeps,
  target: Target,
  signal: AbortSignal,
): Promise<readonly Thing[]> {
  const kind = kinds.byId('horizontalpodautoscalers.autoscaling');
  if (!kind) return [];
  const { group, version, resource } = kind;
  const path = resourcePath({ group, version, resource, namespace: target.namespace });
  const answer = await api.json<{ items?: unknown }>({ path, query: { limit: MOST } }, signal);
  return list(answer.items).map(({ metadata, spec }) => ({ metadata: { name: at(metadata, 'name') }, spec }));
}

async function storageClass(
  { api, kinds }: ExtrasDeps,
  object: Thing,
  signal: AbortSignal,
): Promise<{ storageClass?: Thing }> {
  const name = word(at(object, 'spec', 'storageClassName'));
  const kind = kinds.byId('storageclasses.storage.k8s.io');
  if (name === '' || !kind) return {};
  const { group, version, resource } = kind;
  return {
    storageClass: await api.json<Thing>({ path: resourcePath({ group, version, resource, name }) }, signal),
  };
}

/** A label selector as a query text; undefined selects everything. */
export function selectorQuery(selector: unknown): string | undefined {
  const labels = at(selector, 'matchLabels');
  const parts =
    typeof labels === 'object' && labels !== null
      ? Object.entries(labels).map(([key, value]) => `${key}=${String(value)}`)
      : [];
  for (const one of list(at(selector, 'matchExpressions'))) {
    const key = word(one.key);
    const values = Array.isArray(one.values) ? (one.values as unknown[]).join(',') : '';
    if (one.operator === 'In') parts.push(`${key} in (${values})`);
    else if (one.operator === 'NotIn') parts.push(`${key} notin (${values})`);
    else if (one.operator === 'Exists') parts.push(key);
    else if (one.operator === 'DoesNotExist') parts.push(`!${key}`);
  }
  return parts.join(',') || undefined;
}
