import { namespacedColumns, status, terminating, type Status } from './columns';
import { defineKind } from './define';
import type { KubeObject } from '../k8s/meta';
import { condition, count, items, num, str } from '../k8s/read';
import type { Condition } from '../k8s/types';

interface Gateway extends KubeObject {
  readonly spec?: {
    readonly gatewayClassName?: string;
    readonly listeners?: readonly {
      readonly name?: string;
      readonly hostname?: string;
      readonly port?: number;
      readonly protocol?: string;
    }[];
  };
  readonly status?: {
    readonly addresses?: readonly { readonly value?: string }[];
    readonly conditions?: readonly Condition[];
    readonly listeners?: readonly {
      readonly name?: string;
      readonly attachedRoutes?: number;
      readonly conditions?: readonly Condition[];
    }[];
  };
}

/** Waiting reasons are what a fresh object carries before its controller has looked at it. */
function isWaiting(one: Condition): boolean {
  return one.status === 'Unknown' || one.reason === 'Pending';
}

/** D60, D61: the gateway first, then the first listener that fails. */
function gatewayStatus(o: Gateway): Status {
  const deleting = terminating(o);
  if (deleting) return deleting;
  const conditions = o.status?.conditions;
  const accepted = condition(conditions, 'Accepted');
  const programmed = condition(conditions, 'Programmed');
  if (!accepted || isWaiting(accepted)) return status('progress', 'Waits for its controller');
  if (accepted.status !== 'True') return status('bad', `Not accepted: ${str(accepted.reason)}`);
  for (const listener of items(o.status?.listeners)) {
    const fault = listenerFault(listener.conditions);
    if (fault !== '') return status('bad', `Listener ${str(listener.name)}: ${fault}`);
  }
  if (!programmed || isWaiting(programmed)) return status('progress', 'Being programmed');
  if (programmed.status !== 'True') {
    return programmed.reason === 'AddressNotAssigned'
      ? status('warn', 'No address yet')
      : status('bad', `Not programmed: ${str(programmed.reason)}`);
  }
  return status('ok', 'Programmed');
}

function listenerFault(conditions: readonly Condition[] | undefined): string {
  const conflicted = condition(conditions, 'Conflicted');
  if (conflicted?.status === 'True') return str(conflicted.reason);
  for (const type of ['Accepted', 'ResolvedRefs']) {
    const one = condition(conditions, type);
    if (one?.status === 'False' && !isWaiting(one)) return str(one.reason);
  }
  return '';
}

export const gateway = defineKind<Gateway>({
  group: 'gateway.networking.k8s.io',
  resource: 'gateways',
  kind: 'Gateway',
  versions: ['v1', 'v1beta1'],
  namespaced: true,
  title: 'Gateways',
  singular: 'Gateway',
  tag: 'gtw',
  aliases: ['gtw', 'gw'],
  section: 'network',
  order: 22,
  mask: {
    spec: {
      gatewayClassName: true,
      listeners: { name: true, hostname: true, port: true, protocol: true },
    },
    status: {
      addresses: { value: true },
      conditions: { type: true, status: true, reason: true },
      listeners: {
        name: true,
        attachedRoutes: true,
        conditions: { type: true, status: true, reason: true },
      },
    },
  },
  columns: namespacedColumns<Gateway>(
    { id: 'status', title: 'Status', type: 'status', width: 200, get: gatewayStatus },
    {
      id: 'class',
      title: 'Class',
      type: 'text',
      width: 110,
      ref: 'gatewayclasses.gateway.networking.k8s.io',
      get: (o) => o.spec?.gatewayClassName,
    },
    {
      id: 'address',
      title: 'Address',
      type: 'mono',
      width: 150,
      get: (o) =>
        items(o.status?.addresses)
          .map((address) => str(address.value))
          .filter((address) => address !== '')
          .join(', '),
    },
    {
      id: 'listeners',
      title: 'Listeners',
      type: 'text',
      width: 200,
      get: (o) =>
        items(o.spec?.listeners)
          .map((listener) => {
            const host = str(listener.hostname);
            return `${str(listener.protocol)} ${num(listener.port) ?? '?'}${host === '' ? '' : ` ${host}`}`;
          })
          .join(', '),
    },
    {
      id: 'routes',
      title: 'Routes',
      type: 'number',
      width: 70,
      hint: 'Routes attached, by listener, together',
      get: (o) =>
        items(o.status?.listeners).reduce((sum, listener) => sum + count(listener.attachedRoutes), 0),
    },
  ),
});
