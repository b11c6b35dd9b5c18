import { clusterColumns, status, type Status } from './columns';
import { defineKind } from './define';
import { condition, own, str } from '../k8s/read';
import type { Namespace } from '../k8s/types';

/** D102: what holds a namespace back, the cause before its consequences. */
const holds: readonly (readonly [string, string])[] = [
  ['NamespaceDeletionDiscoveryFailure', 'an API does not answer'],
  ['NamespaceDeletionGroupVersionParsingFailure', 'an API cannot be read'],
  ['NamespaceDeletionContentFailure', 'objects cannot be deleted'],
  ['NamespaceFinalizersRemaining', 'finalizers remain'],
  ['NamespaceContentRemaining', 'objects remain'],
];

export function namespaceStatus(o: Namespace): Status {
  const phase = str(o.status?.phase);
  if (phase === 'Terminating' || o.metadata.deletionTimestamp) {
    for (const [type, words] of holds) {
      if (condition(o.status?.conditions, type)?.status === 'True') {
        return status('warn', `Terminating: ${words}`);
      }
    }
    return status('progress', 'Terminating');
  }
  return phase === '' || phase === 'Active' ? status('ok', 'Active') : status('idle', phase);
}

export const namespace = defineKind<Namespace>({
  group: '',
  resource: 'namespaces',
  kind: 'Namespace',
  versions: ['v1'],
  namespaced: false,
  title: 'Namespaces',
  singular: 'Namespace',
  tag: 'ns',
  aliases: ['ns'],
  section: 'cluster',
  order: 20,
  mask: { status: { phase: true, conditions: { type: true, status: true } } },
  columns: clusterColumns<Namespace>(
    { id: 'status', title: 'Status', type: 'status', width: 240, get: namespaceStatus },
    {
      id: 'pod-security',
      title: 'Pod security',
      type: 'text',
      width: 120,
      hint: 'Enforced Pod Security level',
      get: (o) => own(o.metadata.labels, 'pod-security.kubernetes.io/enforce'),
    },
  ),
});
