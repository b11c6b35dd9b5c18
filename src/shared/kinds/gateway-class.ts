import { clusterColumns, referenceWords, status, type Status } from './columns';
import { defineKind } from './define';
import type { KubeObject } from '../k8s/meta';
import { condition, str } from '../k8s/read';
import type { Condition, Reference } from '../k8s/types';

interface GatewayClass extends KubeObject {
  readonly spec?: {
    readonly controllerName?: string;
    readonly description?: string;
    readonly parametersRef?: Reference;
  };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

/** D59. */
function gatewayClassStatus(o: GatewayClass): Status {
  const accepted = condition(o.status?.conditions, 'Accepted');
  if (accepted?.status === 'True') return status('ok', 'Accepted');
  if (!accepted || accepted.status === 'Unknown') return status('warn', 'No controller answers');
  return status('bad', `Not accepted: ${str(accepted.reason)}`);
}

export const gatewayClass = defineKind<GatewayClass>({
  group: 'gateway.networking.k8s.io',
  resource: 'gatewayclasses',
  kind: 'GatewayClass',
  versions: ['v1', 'v1beta1'],
  namespaced: false,
  title: 'Gateway classes',
  singular: 'Gateway class',
  tag: 'gc',
  aliases: ['gc'],
  section: 'network',
  order: 91,
  mask: {
    spec: {
      controllerName: true,
      description: true,
      parametersRef: { kind: true, namespace: true, name: true },
    },
    status: { conditions: { type: true, status: true, reason: true } },
  },
  columns: clusterColumns<GatewayClass>(
    { id: 'status', title: 'Status', type: 'status', width: 180, get: gatewayClassStatus },
    { id: 'controller', title: 'Controller', type: 'text', width: 240, get: (o) => o.spec?.controllerName },
    {
      id: 'parameters',
      title: 'Parameters',
      type: 'text',
      width: 180,
      optional: true,
      get: (o) => referenceWords(o.spec?.parametersRef),
    },
    {
      id: 'description',
      title: 'Description',
      type: 'text',
      width: 240,
      optional: true,
      get: (o) => o.spec?.description,
    },
  ),
});
