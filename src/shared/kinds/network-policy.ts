import { namespacedColumns } from './columns';
import { defineKind } from './define';
import type { KubeObject } from '../k8s/meta';
import { items, strings } from '../k8s/read';
import { formatSelector } from '../k8s/selector';
import type { LabelSelector } from '../k8s/types';
import { plural } from '../util/text';

interface Rule {
  readonly from?: readonly object[];
  readonly to?: readonly object[];
  readonly ports?: readonly object[];
}

interface NetworkPolicy extends KubeObject {
  readonly spec?: {
    readonly podSelector?: LabelSelector;
    readonly policyTypes?: readonly string[];
    readonly ingress?: readonly Rule[];
    readonly egress?: readonly Rule[];
  };
}

/** Without policyTypes: always ingress, and egress where there are rules for it. */
function isolates(o: NetworkPolicy, type: 'Ingress' | 'Egress'): boolean {
  const types = strings(o.spec?.policyTypes);
  if (types.length > 0) return types.includes(type);
  return type === 'Ingress' || items(o.spec?.egress).length > 0;
}

/** What this policy alone lets through: `nothing`, `everything`, `2 rules`; '' where it does not apply. */
function allowed(o: NetworkPolicy, type: 'Ingress' | 'Egress'): string {
  if (!isolates(o, type)) return '';
  const rules = items(type === 'Ingress' ? o.spec?.ingress : o.spec?.egress);
  if (rules.length === 0) return 'nothing';
  const open = rules.some((rule) => {
    const peers = type === 'Ingress' ? rule.from : rule.to;
    return items(peers).length === 0 && items(rule.ports).length === 0;
  });
  return open ? 'everything' : plural(rules.length, 'rule');
}

export const networkPolicy = defineKind<NetworkPolicy>({
  group: 'networking.k8s.io',
  resource: 'networkpolicies',
  kind: 'NetworkPolicy',
  versions: ['v1'],
  namespaced: true,
  title: 'Network policies',
  singular: 'Network policy',
  tag: 'netpol',
  aliases: ['netpol', 'np'],
  section: 'network',
  order: 30,
  mask: { spec: { podSelector: true, policyTypes: true, ingress: true, egress: true } },
  columns: namespacedColumns<NetworkPolicy>(
    {
      id: 'pods',
      title: 'Pods',
      type: 'text',
      width: 220,
      hint: 'Selector of the pods it isolates',
      get: (o) => formatSelector(o.spec?.podSelector),
    },
    {
      id: 'ingress',
      title: 'Ingress allows',
      type: 'text',
      width: 110,
      get: (o) => allowed(o, 'Ingress'),
    },
    { id: 'egress', title: 'Egress allows', type: 'text', width: 110, get: (o) => allowed(o, 'Egress') },
  ),
});
