import { clusterColumns, resourceWords } from './columns';
import { defineKind } from './define';
import type { KubeObject } from '../k8s/meta';
import { formatLabels } from '../k8s/selector';
import type { StringMap } from '../k8s/types';

interface RuntimeClass extends KubeObject {
  readonly handler?: string;
  readonly overhead?: { readonly podFixed?: StringMap };
  readonly scheduling?: { readonly nodeSelector?: StringMap };
}

export const runtimeClass = defineKind<RuntimeClass>({
  group: 'node.k8s.io',
  resource: 'runtimeclasses',
  kind: 'RuntimeClass',
  versions: ['v1'],
  namespaced: false,
  title: 'Runtime classes',
  singular: 'Runtime class',
  tag: 'rtc',
  aliases: ['rtc'],
  section: 'cluster',
  order: 80,
  mask: { handler: true, overhead: { podFixed: true }, scheduling: { nodeSelector: true } },
  columns: clusterColumns<RuntimeClass>(
    { id: 'handler', title: 'Handler', type: 'text', width: 160, get: (o) => o.handler },
    {
      id: 'overhead',
      title: 'Overhead',
      type: 'text',
      width: 200,
      hint: 'Added to every pod that uses it',
      get: (o) => resourceWords(o.overhead?.podFixed),
    },
    {
      id: 'nodes',
      title: 'Nodes',
      type: 'text',
      width: 200,
      get: (o) => formatLabels(o.scheduling?.nodeSelector),
    },
  ),
});
