/**
 * The variables of each container as the kubelet would set them now, with where each comes from.
 * Values of secrets never leave: only whether the key is there and how long its value is. Order and
 * precedence are the kubelet's: envFrom first, env after, the last of a name wins.
 */
import type { ContainerEnvironment, EnvSource, EnvVariable } from '#shared/contract/resources';
import { podSpecPath } from '#shared/domain/actions/read';
import { at, list, map, time, word } from '#shared/domain/health/read';
import { isCancelled, toAppError } from '#shared/util/app-error';
import type { Api } from '../../k8s/api';
import { resourcePath } from '../../k8s/path';
import type { WholeObject } from '../../k8s/watch-few';

type Held =
  { readonly state: 'there'; readonly object: WholeObject } | { readonly state: 'missing' | 'denied' };

/** Variable names that envFrom takes; others are skipped by the kubelet (before 1.34 with relaxed rules). */
const MOST_SOURCES = 64;

export async function environmentOf(
  api: Api,
  kind: string,
  object: WholeObject,
  signal: AbortSignal,
): Promise<readonly ContainerEnvironment[]> {
  const path = podSpecPath(kind);
  const spec = path ? at(object, ...path) : undefined;
  const namespace = object.metadata?.namespace ?? '';
  const containers = [...list(at(spec, 'initContainers')), ...list(at(spec, 'containers'))];
  const wanted = new Set<string>();
  for (const container of containers) for (const one of references(container)) wanted.add(one);
  const held = new Map<string, Held>();
  await Promise.all(
    [...wanted].slice(0, MOST_SOURCES).map(async (key) => {
      const [resource = '', name = ''] = key.split('/');
      held.set(key, await fetchOne(api, resource, namespace, name, signal));
    }),
  );
  return containers.map((container) => ({
    container: word(container['name']),
    variables: marked(variablesOf(container, held, startedAt(object, word(container['name'])))),
  }));
}

function references(container: unknown): string[] {
  return [
    ...list(at(container, 'envFrom')).map((one) => [one['configMapRef'], one['secretRef']] as const),
    ...list(at(container, 'env')).map(
      (one) => [at(one, 'valueFrom', 'configMapKeyRef'), at(one, 'valueFrom', 'secretKeyRef')] as const,
    ),
  ].flatMap(([config, secret]) => [
    ...(word(at(config, 'name')) === '' ? [] : [`configmaps/${word(at(config, 'name'))}`]),
    ...(word(at(secret, 'name')) === '' ? [] : [`secrets/${word(at(secret, 'name'))}`]),
  ]);
}

async function fetchOne(
  api: Api,
  resource: string,
  namespace: string,
  name: string,
  signal: AbortSignal,
): Promise<Held> {
  try {
    const path = resourcePath({ group: '', version: 'v1', resource, namespace, name });
    return { state: 'there', object: await api.json<WholeObject>({ path }, signal) };
  } catch (thrown) {
    if (signal.aborted || isCancelled(thrown)) throw thrown;
    return { state: toAppError(thrown).code === 'not-found' ? 'missing' : 'denied' };
  }
}

function startedAt(object: WholeObject, name: string): number | null {
  const all = [
    ...list(at(object, 'status', 'containerStatuses')),
    ...list(at(object, 'status', 'initContainerStatuses')),
  ];
  const one = all.find((status) => status['name'] === name);
  return time(at(one, 'state', 'running', 'startedAt'));
}

function variablesOf(
  container: unknown,
  held: ReadonlyMap<string, Held>,
  started: number | null,
): EnvVariable[] {
  const from = list(at(container, 'envFrom')).flatMap((one) => fromAll(one, held, started));
  const own = list(at(container, 'env')).map((one): EnvVariable => {
    const name = word(one['name']);
    const valueFrom = one['valueFrom'];
    if (valueFrom === undefined) return { name, value: word(one['value']) };
    const field = word(at(valueFrom, 'fieldRef', 'fieldPath'));
    if (field !== '')
      return { name, value: null, source: { type: 'field', name: field, key: '', state: 'there' } };
    const resource = at(valueFrom, 'resourceFieldRef');
    if (resource !== undefined)
      return {
        name,
        value: null,
        source: {
          type: 'resource',
          name: word(at(resource, 'containerName')),
          key: word(at(resource, 'resource')),
          state: 'there',
        },
      };
    const secret = at(valueFrom, 'secretKeyRef');
    const reference = secret ?? at(valueFrom, 'configMapKeyRef');
    return oneKey(name, secret === undefined ? 'configMap' : 'secret', reference, held, started);
  });
  return [...from, ...own];
}

function heldOf(type: 'configMap' | 'secret', name: string, held: ReadonlyMap<string, Held>): Held {
  return held.get(`${type === 'secret' ? 'secrets' : 'configmaps'}/${name}`) ?? { state: 'denied' };
}

function oneKey(
  name: string,
  type: 'configMap' | 'secret',
  reference: unknown,
  held: ReadonlyMap<string, Held>,
  started: number | null,
): EnvVariable {
  const from = word(at(reference, 'name'));
  const key = word(at(reference, 'key'));
  const found = heldOf(type, from, held);
  const value = found.state === 'there' ? at(found.object, 'data', key) : undefined;
  const isMissing = found.state === 'missing' || (found.state === 'there' && typeof value !== 'string');
  const optional = at(reference, 'optional') === true;
  const state: EnvSource['state'] = isMissing
    ? optional
      ? 'optional'
      : 'missing'
    : found.state === 'denied'
      ? 'denied'
      : 'there';
  return {
    name,
    ...shown(type, value),
    source: { type, name: from, key, state, ...size(type, value), ...newer(found, started) },
  };
}

function fromAll(one: unknown, held: ReadonlyMap<string, Held>, started: number | null): EnvVariable[] {
  const secret = at(one, 'secretRef');
  const type = secret === undefined ? 'configMap' : 'secret';
  const reference = secret ?? at(one, 'configMapRef');
  const name = word(at(reference, 'name'));
  const prefix = word(at(one, 'prefix'));
  const found = heldOf(type, name, held);
  if (found.state !== 'there') {
    const state = found.state === 'missing' && at(reference, 'optional') === true ? 'optional' : found.state;
    return [{ name: `${prefix}*`, value: null, source: { type, name, key: '', state } }];
  }
  return [...map(at(found.object, 'data'))].map(([key, value]) => ({
    name: `${prefix}${key}`,
    ...shown(type, value),
    source: { type, name, key, state: 'there' as const, ...size(type, value), ...newer(found, started) },
  }));
}

function shown(type: string, value: unknown): { value: string | null } {
  return { value: type === 'configMap' && typeof value === 'string' ? value.slice(0, 4096) : null };
}

function size(type: string, value: unknown): { bytes?: number } {
  if (typeof value !== 'string') return {};
  return { bytes: type === 'secret' ? Buffer.from(value, 'base64').length : Buffer.byteLength(value) };
}

/** Last written after the container started, as managedFields tell. */
function newer(found: Held, started: number | null): { newer?: boolean } {
  if (found.state !== 'there' || started === null) return {};
  const written = list(found.object.metadata?.['managedFields']).map((one) => time(one['time']) ?? 0);
  return Math.max(0, ...written) > started ? { newer: true } : {};
}

function marked(variables: readonly EnvVariable[]): EnvVariable[] {
  const last = new Map(variables.map((one, index) => [one.name, index]));
  return variables.map((one, index) => (last.get(one.name) === index ? one : { ...one, overridden: true }));
}
