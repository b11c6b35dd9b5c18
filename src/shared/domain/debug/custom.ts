/**
 * Custom profiles: a part of a container laid over the one the profile made, as the server merges
 * containers: maps by key, `env`, `volumeMounts` and `ports` by their merge keys, other lists replaced.
 */
import type { Fields } from './types';

/** Fields that say what the container is; a profile must not. */
const REFUSED = ['name', 'command', 'image', 'lifecycle', 'volumeDevices'];

/** Why this is no custom profile; undefined when it is one. */
export function customProblem(custom: unknown): string | undefined {
  if (!isFields(custom))
    return 'A custom profile is a part of a container: an object with fields such as env or resources.';
  const refused = REFUSED.filter((key) => custom[key] !== undefined);
  return refused.length === 0 ? undefined : `A custom profile must not set ${refused.join(', ')}.`;
}

/** Merge keys of the lists of a container that have one. */
const KEYS: Readonly<Record<string, string>> = {
  env: 'name',
  volumeMounts: 'mountPath',
  ports: 'containerPort',
  resizePolicy: 'resourceName',
};

export function layOver(base: Fields, over: Fields): Fields {
  const result: Fields = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const had = result[key];
    const mergeKey = Object.prototype.hasOwnProperty.call(KEYS, key) ? KEYS[key] : undefined;
    if (value === null) delete result[key];
    else if (isFields(value) && isFields(had)) result[key] = layOver(had, value);
    else if (mergeKey !== undefined && Array.isArray(value) && Array.isArray(had)) {
      result[key] = mergeList(had, value, mergeKey);
    } else result[key] = value;
  }
  return result;
}

function mergeList(had: readonly unknown[], over: readonly unknown[], key: string): unknown[] {
  const rest = [...had];
  const merged = over.map((one) => {
    const at = rest.findIndex((other) => isFields(one) && isFields(other) && other[key] === one[key]);
    if (at < 0) return one;
    const [before] = rest.splice(at, 1);
    return layOver(before as Fields, one as Fields);
  });
  return [...merged, ...rest];
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
