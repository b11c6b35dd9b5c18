import { annotation, clusterColumns, referenceWords, yes } from './columns';
import { defineKind } from './define';
import type { KubeObject } from '../k8s/meta';
import type { Reference } from '../k8s/types';

interface IngressClass extends KubeObject {
  readonly spec?: { readonly controller?: string; readonly parameters?: Reference };
}

const isDefault = 'ingressclass.kubernetes.io/is-default-class';

export const ingressClass = defineKind<IngressClass>({
  group: 'networking.k8s.io',
  resource: 'ingressclasses',
  kind: 'IngressClass',
  versions: ['v1'],
  namespaced: false,
  title: 'Ingress classes',
  singular: 'Ingress class',
  tag: 'ingclass',
  aliases: [],
  section: 'network',
  order: 90,
  mask: {
    metadata: { annotations: { [isDefault]: true } },
    spec: { controller: true, parameters: { kind: true, namespace: true, name: true } },
  },
  columns: clusterColumns<IngressClass>(
    { id: 'controller', title: 'Controller', type: 'text', width: 220, get: (o) => o.spec?.controller },
    {
      id: 'default',
      title: 'Default',
      type: 'text',
      width: 70,
      get: (o) => yes(annotation(o, isDefault) === 'true'),
    },
    {
      id: 'parameters',
      title: 'Parameters',
      type: 'text',
      width: 200,
      get: (o) => referenceWords(o.spec?.parameters),
    },
  ),
});
