/** Which object this is. Objects nobody can name (no kind, no name) are none; nothing throws. */
import { str } from '../../k8s/read';
import type { StringMap } from '../../k8s/types';
import { nodeId } from './graph';
import { groupOf } from './relations/kinds';
import { annotation, get, isFields } from './relations/match';
import type { Fields, Target } from './relations/types';

export interface Identity extends Target {
  readonly id: string;
  readonly uid: string;
  /** The name events of static pods use in place of the uid: the hash of their manifest. */
  readonly alias: string;
  readonly labels: StringMap;
  readonly object: Fields;
}

/** `scope`: whether a kind is cluster-scoped, as far as known; namespaced objects default to `default`. */
export function identify(
  object: unknown,
  scope: (group: string, kind: string) => boolean | undefined,
): Identity | undefined {
  if (!isFields(object)) return undefined;
  const kind = str(get(object, 'kind'));
  const metadata = get(object, 'metadata');
  const name = str(get(metadata, 'name'));
  if (kind === '' || name === '') return undefined;
  const group = groupOf(get(object, 'apiVersion'));
  const cluster = scope(group, kind);
  const given = str(get(metadata, 'namespace'));
  const namespace = cluster === true ? '' : given || (cluster === false ? 'default' : '');
  const labels = get(metadata, 'labels');
  return {
    group,
    kind,
    namespace,
    name,
    id: nodeId(group, kind, namespace, name),
    uid: str(get(metadata, 'uid')),
    alias: kind === 'Pod' && group === '' ? annotation(object, 'kubernetes.io/config.mirror') : '',
    labels: isFields(labels) ? (labels as StringMap) : {},
    object,
  };
}
