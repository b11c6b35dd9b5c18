/** Columns and words that many kinds share. */
import type { AnyColumn, CellTypes, KubeObject, OwnerReference, Tone } from './define';
import { entries, items, keys, own, str } from '../k8s/read';
import { formatLabels } from '../k8s/selector';
import type { Container, PodTemplate, Reference } from '../k8s/types';
import { parseTime } from '../util/age';
import { formatResource, parseQuantity } from '../util/quantity';

export type Status = NonNullable<CellTypes['status']>;

export function status(tone: Tone, text: string, at?: number | null): Status {
  return at === undefined || at === null ? { tone, text } : { tone, text, at };
}

export function nameColumn<T extends KubeObject>(width = 240): AnyColumn<T> {
  return { id: 'name', title: 'Name', type: 'text', width, get: (o) => o.metadata.name };
}

export function namespaceColumn<T extends KubeObject>(): AnyColumn<T> {
  return {
    id: 'namespace',
    title: 'Namespace',
    type: 'text',
    width: 120,
    ref: 'namespaces',
    refNamespaced: false,
    get: (o) => o.metadata.namespace,
  };
}

export function ageColumn<T extends KubeObject>(): AnyColumn<T> {
  return {
    id: 'age',
    title: 'Age',
    type: 'time',
    width: 64,
    field: 'metadata.creationTimestamp',
    get: (o) => parseTime(o.metadata.creationTimestamp),
  };
}

/** Optional, on every kind: filters like `labels:app=web` need it. */
export function labelsColumn<T extends KubeObject>(): AnyColumn<T> {
  return {
    id: 'labels',
    title: 'Labels',
    type: 'text',
    optional: true,
    width: 240,
    field: 'metadata.labels',
    get: (o) => formatLabels(o.metadata.labels),
  };
}

/** Columns of a namespaced kind: name, namespace, its own, labels, age. */
export function namespacedColumns<T extends KubeObject>(...own: readonly AnyColumn<T>[]): AnyColumn<T>[] {
  return [nameColumn<T>(), namespaceColumn<T>(), ...own, labelsColumn<T>(), ageColumn<T>()];
}

/** Columns of a cluster-scoped kind: name, its own, labels, age. */
export function clusterColumns<T extends KubeObject>(...own: readonly AnyColumn<T>[]): AnyColumn<T>[] {
  return [nameColumn<T>(), ...own, labelsColumn<T>(), ageColumn<T>()];
}

/** The owner that controls the object, or undefined. */
export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return items(object.metadata.ownerReferences).find((owner) => owner.controller === true);
}

export function ownerColumn<T extends KubeObject>(optional = false): AnyColumn<T> {
  return {
    id: 'owner',
    title: 'Owner',
    type: 'text',
    optional,
    width: 180,
    hint: 'The object that controls this one',
    field: 'metadata.ownerReferences',
    get: (o) => {
      const owner = controllerOf(o);
      return owner && `${str(owner.kind)} ${str(owner.name)}`;
    },
  };
}

/** Words for an object that is being deleted, whatever its kind; undefined when it is not. */
export function terminating(object: KubeObject): Status | undefined {
  const raw = object.metadata.deletionTimestamp;
  if (raw === undefined || raw === null) return undefined;
  return status('progress', 'Terminating', parseTime(raw));
}

/** `ConfigMap shop/web`: where a reference points. */
export function referenceWords(reference: Reference | null | undefined): string {
  if (!reference) return '';
  const name = [str(reference.namespace), str(reference.name)].filter((part) => part !== '').join('/');
  return [str(reference.kind), name].filter((part) => part !== '').join(' ');
}

/** The part of an image people tell versions by is its end, so the column is left whole. */
export function imagesOf(containers: readonly Container[] | undefined): string {
  return items(containers)
    .map((container) => str(container.image))
    .filter((image) => image !== '')
    .join(', ');
}

export function containerNames(containers: readonly Container[] | undefined): string {
  return items(containers)
    .map((container) => str(container.name))
    .filter((name) => name !== '')
    .join(', ');
}

/** Mask that goes with `templateColumns`. */
export const templateMask = { spec: { containers: { name: true, image: true } } } as const;

/** Containers and images of a pod template, as `kubectl get -o wide` has them. */
export function templateColumns<T extends KubeObject>(
  template: (object: T) => PodTemplate | undefined,
): AnyColumn<T>[] {
  return [
    {
      id: 'containers',
      title: 'Containers',
      type: 'text',
      optional: true,
      width: 140,
      get: (o) => containerNames(template(o)?.spec?.containers),
    },
    {
      id: 'images',
      title: 'Images',
      type: 'mono',
      optional: true,
      width: 280,
      get: (o) => imagesOf(template(o)?.spec?.containers),
    },
  ];
}

/** Number of entries of maps masked with `keys`. */
export function keyCount(...maps: readonly (object | null | undefined)[]): number {
  return maps.reduce<number>((sum, map) => sum + keys(map).length, 0);
}

/** An annotation's value; the descriptor must mask `metadata.annotations` for it. */
export function annotation(object: KubeObject, name: string): string {
  return own(object.metadata.annotations, name);
}

/** `yes` where it is true, else an empty cell: a column of "no" is noise. */
export function yes(value: unknown): string | null {
  return value === true ? 'yes' : null;
}

/** A plain map's entries as `cpu 500m, memory 1 GiB` in the order of the map. */
export function resourceWords(map: object | null | undefined): string {
  return entries(map)
    .slice(0, 32)
    .map(([name, raw]) => {
      const value = parseQuantity(raw);
      return `${name} ${value === null ? raw : formatResource(name, value)}`;
    })
    .join(', ');
}
