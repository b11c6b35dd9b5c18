/** Cluster-wide network policies of policy.networking.k8s.io share subject, rules and columns. */
import { clusterColumns } from './columns';
import type { AnyColumn, FieldMask } from './define';
import type { KubeObject } from '../k8s/meta';
import { items, num, str } from '../k8s/read';
import { formatSelector } from '../k8s/selector';
import type { Condition, LabelSelector } from '../k8s/types';

export interface ClusterPolicy extends KubeObject {
  readonly spec?: {
    readonly priority?: number;
    readonly tier?: string;
    readonly subject?: {
      readonly namespaces?: LabelSelector;
      readonly pods?: { readonly namespaceSelector?: LabelSelector; readonly podSelector?: LabelSelector };
    };
    readonly ingress?: readonly { readonly action?: string }[];
    readonly egress?: readonly { readonly action?: string }[];
  };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

export const clusterPolicyMask: FieldMask = {
  spec: {
    priority: true,
    tier: true,
    subject: true,
    ingress: { action: true },
    egress: { action: true },
  },
};

function subject(o: ClusterPolicy): string {
  const { namespaces, pods } = o.spec?.subject ?? {};
  if (pods) {
    return `pods ${formatSelector(pods.podSelector)} in namespaces ${formatSelector(pods.namespaceSelector)}`;
  }
  return namespaces ? `namespaces ${formatSelector(namespaces)}` : '';
}

/** `2 Allow, 1 Deny` in the order they first appear. */
function actions(rules: readonly { readonly action?: string }[] | undefined): string {
  const counts = new Map<string, number>();
  for (const rule of items(rules)) {
    const action = str(rule.action) || '?';
    counts.set(action, (counts.get(action) ?? 0) + 1);
  }
  return [...counts].map(([action, count]) => `${count} ${action}`).join(', ');
}

export function clusterPolicyColumns(
  ...own: readonly AnyColumn<ClusterPolicy>[]
): AnyColumn<ClusterPolicy>[] {
  return clusterColumns<ClusterPolicy>(
    ...own,
    { id: 'subject', title: 'Subject', type: 'text', width: 280, get: subject },
    { id: 'ingress', title: 'Ingress rules', type: 'text', width: 140, get: (o) => actions(o.spec?.ingress) },
    { id: 'egress', title: 'Egress rules', type: 'text', width: 140, get: (o) => actions(o.spec?.egress) },
  );
}

export const priorityColumn: AnyColumn<ClusterPolicy> = {
  id: 'priority',
  title: 'Priority',
  type: 'number',
  width: 80,
  hint: 'Lower numbers are read first',
  get: (o) => num(o.spec?.priority),
};
