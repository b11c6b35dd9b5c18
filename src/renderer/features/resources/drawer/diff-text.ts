/** Objects as text that differs only where they do: what every version has of its own is left out. */
import { parse, stringify } from 'yaml';
import type { PlainObject } from './facts';

const NOISE = new Set([
  'managedFields',
  'resourceVersion',
  'uid',
  'creationTimestamp',
  'generation',
  'selfLink',
]);
const FIRST = ['apiVersion', 'kind', 'metadata', 'spec', 'data'];

/** YAML of an object, or of YAML text (as the host sends it), without versions and managers. */
export function plainText(source: PlainObject | string): string {
  // Text comes from our own host, which made it without aliases.
  const object = typeof source === 'string' ? (parse(source, { maxAliasCount: 0 }) as PlainObject) : source;
  const metadata = object['metadata'];
  const kept =
    typeof metadata === 'object' && metadata !== null
      ? Object.fromEntries(Object.entries(metadata).filter(([key]) => !NOISE.has(key)))
      : metadata;
  const all: Record<string, unknown> = { ...object, metadata: kept };
  const keys = [
    ...FIRST,
    ...Object.keys(all)
      .filter((key) => !FIRST.includes(key))
      .sort(),
  ];
  const ordered = Object.fromEntries(
    keys.filter((key) => all[key] !== undefined).map((key) => [key, all[key]]),
  );
  return stringify(ordered, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** The pod template of a workload, or of a ReplicaSet or ControllerRevision that keeps one, as YAML. */
export function templateText(source: PlainObject | string): string {
  const object = typeof source === 'string' ? (parse(source, { maxAliasCount: 0 }) as PlainObject) : source;
  const spec = inner(object, 'spec') ?? inner(inner(object, 'data'), 'spec');
  const template = inner(spec, 'template');
  const meta = inner(template, 'metadata');
  // Of the revision itself, and how its patch is kept.
  const drop = (map: PlainObject | undefined, name: string): PlainObject =>
    Object.fromEntries(Object.entries(map ?? {}).filter(([key]) => key !== name));
  const { metadata: _metadata, ...rest } = drop(template, '$patch');
  const labels = drop(inner(meta, 'labels'), 'pod-template-hash');
  const kept = drop(meta, 'creationTimestamp');
  return stringify(
    { metadata: { ...kept, ...(meta?.['labels'] === undefined ? {} : { labels }) }, ...rest },
    { lineWidth: 0, aliasDuplicateObjects: false, sortMapEntries: true },
  );
}

function inner(object: PlainObject | undefined, name: string): PlainObject | undefined {
  const value = object && Object.hasOwn(object, name) ? object[name] : undefined;
  return isMap(value) ? value : undefined;
}

/** Paths of the fields in which two objects differ, short: `status.conditions`. */
export function changedPaths(before: unknown, after: unknown): readonly string[] {
  const found: string[] = [];
  walk(before, after, [], found);
  return found;
}

function walk(before: unknown, after: unknown, path: readonly string[], found: string[]): void {
  if (found.length >= 20 || Object.is(before, after)) return;
  if (isMap(before) && isMap(after) && path.length < 3) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)]))
      if (path[path.length - 1] !== 'metadata' || !NOISE.has(key))
        walk(before[key], after[key], [...path, key], found);
  } else if (JSON.stringify(before) !== JSON.stringify(after)) found.push(path.join('.'));
}

function isMap(value: unknown): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
