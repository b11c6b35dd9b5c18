/** Routes of the Gateway API: what hangs where, and why not (D62, D63). */
import { namespacedColumns, status, terminating, type Status } from './columns';
import type { AnyColumn, FieldMask } from './define';
import type { KubeObject } from '../k8s/meta';
import { condition, items, num, str, strings } from '../k8s/read';
import type { Condition, Reference } from '../k8s/types';

interface RouteParent {
  readonly parentRef?: Reference & { readonly sectionName?: string };
  readonly conditions?: readonly Condition[];
}

export interface Route extends KubeObject {
  readonly spec?: {
    readonly hostnames?: readonly string[];
    readonly parentRefs?: readonly (Reference & { readonly sectionName?: string })[];
    readonly rules?: readonly { readonly backendRefs?: readonly Reference[] }[];
  };
  readonly status?: { readonly parents?: readonly RouteParent[] };
}

const ref: FieldMask = { kind: true, namespace: true, name: true, sectionName: true, port: true };

export const routeMask: FieldMask = {
  spec: { hostnames: true, parentRefs: ref, rules: { backendRefs: ref } },
  status: { parents: { parentRef: ref, conditions: { type: true, status: true, reason: true } } },
};

const words = new Map([
  ['NoMatchingParent', 'no such listener'],
  ['NotAllowedByListeners', 'listener does not allow it'],
  ['NoMatchingListenerHostname', 'no listener with its host name'],
  ['BackendNotFound', 'backend is missing'],
  ['RefNotPermitted', 'no grant for its reference'],
  ['InvalidKind', 'backend of unknown kind'],
  ['UnsupportedProtocol', 'backend protocol not supported'],
  ['UnsupportedValue', 'unsupported value'],
]);

function reasonWords(one: Condition): string {
  const reason = str(one.reason);
  return words.get(reason) ?? reason;
}

export function routeStatus(o: Route): Status {
  const deleting = terminating(o);
  if (deleting) return deleting;
  const parents = items(o.status?.parents);
  if (items(o.spec?.parentRefs).length === 0) return status('idle', 'Names no gateway');
  if (parents.length === 0) return status('warn', 'No gateway has answered');
  let pending = 0;
  for (const parent of parents) {
    const accepted = condition(parent.conditions, 'Accepted');
    if (accepted?.status === 'False') return status('bad', `Not attached: ${reasonWords(accepted)}`);
    const resolved = condition(parent.conditions, 'ResolvedRefs');
    if (resolved?.status === 'False') return status('bad', `Broken: ${reasonWords(resolved)}`);
    if (accepted?.status !== 'True') pending++;
  }
  return pending > 0 ? status('progress', 'Waits for its controller') : status('ok', 'Accepted');
}

function parentWords(parent: Reference & { readonly sectionName?: string }): string {
  const name = [str(parent.namespace), str(parent.name)].filter((part) => part !== '').join('/');
  const section = str(parent.sectionName);
  return section === '' ? name : `${name} (${section})`;
}

function backendWords(backend: Reference): string {
  const name = [str(backend.namespace), str(backend.name)].filter((part) => part !== '').join('/');
  const port = num(backend.port);
  return port === undefined ? name : `${name}:${port}`;
}

function distinct(list: readonly string[]): string {
  return [...new Set(list.filter((one) => one !== ''))].slice(0, 50).join(', ');
}

export function routeColumns(): AnyColumn<Route>[] {
  return namespacedColumns<Route>(
    { id: 'status', title: 'Status', type: 'status', width: 220, get: routeStatus },
    {
      id: 'hosts',
      title: 'Host names',
      type: 'text',
      width: 220,
      get: (o) => strings(o.spec?.hostnames).join(', '),
    },
    {
      id: 'parents',
      title: 'Gateways',
      type: 'text',
      width: 180,
      get: (o) => distinct(items(o.spec?.parentRefs).map(parentWords)),
    },
    {
      id: 'backends',
      title: 'Backends',
      type: 'text',
      width: 200,
      get: (o) => distinct(items(o.spec?.rules).flatMap((rule) => items(rule.backendRefs).map(backendWords))),
    },
    {
      id: 'rules',
      title: 'Rules',
      type: 'number',
      width: 60,
      optional: true,
      get: (o) => items(o.spec?.rules).length,
    },
  );
}
