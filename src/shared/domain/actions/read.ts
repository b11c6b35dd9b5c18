/** Reading objects nobody vouches for, and the small pieces that plans are made of. */
import type { Change, PlannedRequest, Target, Thing } from './types';

/** The value at a path of own keys; undefined where a step is missing or no map. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let here: unknown = value;
  for (const step of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return undefined;
    here = (here as Readonly<Record<string, unknown>>)[step];
  }
  return here;
}

export function list(value: unknown): readonly Thing[] {
  return Array.isArray(value)
    ? (value as readonly unknown[]).filter((one): one is Thing => typeof one === 'object' && one !== null)
    : [];
}

export function map(value: unknown): ReadonlyMap<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return new Map();
  return new Map(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

export function word(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function int(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) ? value : undefined;
}

/** A value as one line; null where there is none. */
export function line(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export function change(path: string, before: unknown, after: unknown): Change {
  return { path, before: line(before), after: line(after) };
}

/** A merge patch that only fits the object with this uid: a replacement of the same name is not touched. */
export function mergePatch(target: Target, body: Thing, subresource?: string): PlannedRequest {
  const metadata = { ...(body.metadata as Thing | undefined), uid: target.uid };
  const patch: PlannedRequest = { method: 'PATCH', patch: 'merge', body: { ...body, metadata } };
  return subresource === undefined ? patch : { ...patch, subresource };
}

export function strategicPatch(target: Target, body: Thing, subresource?: string): PlannedRequest {
  return { ...mergePatch(target, body, subresource), patch: 'strategic' };
}

/** `deployment/web`, as kubectl takes it. */
export function typeName(target: Target): string {
  return `${target.kind}/${target.name}`;
}

export function patchCommand(target: Target, type: string, body: unknown, subresource?: string): string[] {
  const words = ['patch', target.kind, target.name, `--type=${type}`];
  if (subresource !== undefined) words.push(`--subresource=${subresource}`);
  return [...words, '-p', JSON.stringify(body)];
}

/** `Deployment`s make pods through a template; pods are one themselves. Path of the pod spec. */
export function podSpecPath(kind: string): readonly string[] | undefined {
  switch (kind) {
    case 'pods':
      return ['spec'];
    case 'deployments.apps':
    case 'statefulsets.apps':
    case 'daemonsets.apps':
    case 'replicasets.apps':
    case 'replicationcontrollers':
      return ['spec', 'template', 'spec'];
    case 'cronjobs.batch':
      return ['spec', 'jobTemplate', 'spec', 'template', 'spec'];
    default:
      return undefined;
  }
}

/** `{a: {b: value}}` for the path `a, b`. */
export function nested(path: readonly string[], value: unknown): Thing {
  return path.reduceRight<unknown>((inner, step) => ({ [step]: inner }), value) as Thing;
}

/** The owner that controls the object, or undefined. */
export function controllerOf(object: Thing): { kind: string; name: string; apiVersion: string } | undefined {
  const owner = list(at(object, 'metadata', 'ownerReferences')).find((one) => one.controller === true);
  return owner && { kind: word(owner.kind), name: word(owner.name), apiVersion: word(owner.apiVersion) };
}
