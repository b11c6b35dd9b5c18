import { namespacedColumns, resourceWords } from './columns';
import { defineKind, type AnyColumn } from './define';
import type { KubeObject } from '../k8s/meta';
import { items, str } from '../k8s/read';
import type { StringMap } from '../k8s/types';

interface Limit {
  readonly type?: string;
  readonly default?: StringMap;
  readonly defaultRequest?: StringMap;
  readonly min?: StringMap;
  readonly max?: StringMap;
}

interface LimitRange extends KubeObject {
  readonly spec?: { readonly limits?: readonly Limit[] };
}

function limits(
  id: string,
  title: string,
  map: (limit: Limit) => StringMap | undefined,
): AnyColumn<LimitRange> {
  return {
    id,
    title,
    type: 'text',
    width: 180,
    get: (o) =>
      items(o.spec?.limits)
        .map((limit) => [str(limit.type), resourceWords(map(limit))] as const)
        .filter(([, words]) => words !== '')
        .map(([type, words]) => `${type}: ${words}`)
        .join('; '),
  };
}

export const limitRange = defineKind<LimitRange>({
  group: '',
  resource: 'limitranges',
  kind: 'LimitRange',
  versions: ['v1'],
  namespaced: true,
  title: 'Limit ranges',
  singular: 'Limit range',
  tag: 'limits',
  aliases: ['limits'],
  section: 'config',
  order: 40,
  mask: {
    spec: { limits: { type: true, default: true, defaultRequest: true, min: true, max: true } },
  },
  columns: namespacedColumns<LimitRange>(
    limits('default-request', 'Default requests', (limit) => limit.defaultRequest),
    limits('default', 'Default limits', (limit) => limit.default),
    limits('min', 'Minimum', (limit) => limit.min),
    limits('max', 'Maximum', (limit) => limit.max),
  ),
});
