/**
 * An object as YAML text: apiVersion, kind, metadata, spec, the rest, status last;
 * managedFields at the very end of metadata or left out; secret values shown as hidden.
 */
import { stringify } from 'yaml';
import type { WholeObject } from '../../k8s/watch-few';
import { stripSecrets } from './strip';

const FIRST = ['apiVersion', 'kind', 'metadata', 'spec', 'data'];
const LAST = ['status'];
const META_FIRST = ['name', 'namespace', 'labels', 'annotations'];
const META_LAST = ['managedFields'];

export function toYaml(object: WholeObject, managedFields: boolean): string {
  const { metadata, ...rest } = stripSecrets(object, '<hidden>');
  const meta = metadata ? ordered(metadata, META_FIRST, META_LAST) : undefined;
  if (meta && !managedFields) delete meta.managedFields;
  // lineWidth 0: long strings stay on one line, so that what is copied is what is stored.
  return stringify(ordered({ ...rest, metadata: meta }, FIRST, LAST), {
    lineWidth: 0,
    version: '1.1',
    aliasDuplicateObjects: false,
  });
}

function ordered(
  object: Record<string, unknown>,
  first: readonly string[],
  last: readonly string[],
): Record<string, unknown> {
  const ends = new Set([...first, ...last]);
  const middle = Object.keys(object).filter((key) => !ends.has(key));
  const result: Record<string, unknown> = {};
  for (const key of [...first, ...middle, ...last]) {
    if (object[key] !== undefined) result[key] = object[key];
  }
  return result;
}
