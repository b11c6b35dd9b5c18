/**
 * What the navigation lists: entries of features and the kinds of the server, by task.
 * Kinds without objects fold away unless everybody knows them; custom kinds go by group.
 */
import type { Count, KindInfo } from '#shared/contract/cluster';
import type { NavSection } from '#shared/kinds/define';
import type { NavEntry } from '../data/feature';
import type { Counts } from '../data/use-counts';

export const sectionTitles: Readonly<Record<NavSection, string>> = {
  workloads: 'Workloads',
  network: 'Network',
  config: 'Config',
  storage: 'Storage',
  access: 'Access',
  cluster: 'Cluster',
  custom: 'Custom resources',
};

const order: readonly NavSection[] = [
  'workloads',
  'network',
  'config',
  'storage',
  'access',
  'cluster',
  'custom',
];

/** Always listed, with or without objects: what people look for first. */
const important: ReadonlySet<string> = new Set([
  'pods',
  'deployments.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'jobs.batch',
  'cronjobs.batch',
  'services',
  'ingresses.networking.k8s.io',
  'networkpolicies.networking.k8s.io',
  'configmaps',
  'secrets',
  'persistentvolumeclaims',
  'persistentvolumes',
  'storageclasses.storage.k8s.io',
  'serviceaccounts',
  'roles.rbac.authorization.k8s.io',
  'rolebindings.rbac.authorization.k8s.io',
  'clusterroles.rbac.authorization.k8s.io',
  'clusterrolebindings.rbac.authorization.k8s.io',
  'nodes',
  'namespaces',
  'events',
  'customresourcedefinitions.apiextensions.k8s.io',
]);

export interface NavGroup {
  readonly id: string;
  readonly title: string;
  readonly entries: readonly NavEntry[];
  readonly shown: readonly KindInfo[];
  /** Kinds that are folded away. */
  readonly folded: readonly KindInfo[];
}

export interface NavModel {
  readonly top: readonly NavEntry[];
  readonly groups: readonly NavGroup[];
  /** Custom kinds, by API group. */
  readonly custom: readonly { readonly group: string; readonly kinds: readonly KindInfo[] }[];
}

export function navModel(
  kinds: readonly KindInfo[],
  entries: readonly NavEntry[],
  counts: Counts,
  /** Kinds that had objects when this context was last seen: they keep their place from the start. */
  seen: ReadonlySet<string>,
): NavModel {
  const bySection = new Map<NavSection, KindInfo[]>();
  const byGroup = new Map<string, KindInfo[]>();
  for (const kind of kinds) {
    if (!kind.verbs.includes('list')) continue;
    if (kind.section === 'custom') push(byGroup, kind.group, kind);
    else push(bySection, kind.section, kind);
  }
  const groups: NavGroup[] = [];
  for (const section of order) {
    if (section === 'custom') continue;
    const own = entries.filter((entry) => entry.section === section);
    const list = (bySection.get(section) ?? []).sort(byOrder);
    if (own.length === 0 && list.length === 0) continue;
    const isShown = (kind: KindInfo): boolean => important.has(kind.id) || hasObjects(kind.id, counts, seen);
    groups.push({
      id: section,
      title: sectionTitles[section],
      entries: own,
      shown: list.filter(isShown),
      folded: list.filter((kind) => !isShown(kind)),
    });
  }
  const custom = [...byGroup]
    .map(([group, list]) => ({ group, kinds: list.sort(byOrder) }))
    .sort((a, b) => a.group.localeCompare(b.group));
  return { top: entries.filter((entry) => entry.section === 'top'), groups, custom };
}

function hasObjects(id: string, counts: Counts, seen: ReadonlySet<string>): boolean {
  const count = counts[id];
  if (typeof count === 'number') return count > 0;
  return seen.has(id);
}

function byOrder(a: KindInfo, b: KindInfo): number {
  return a.order - b.order || a.title.localeCompare(b.title);
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** `10,412`; `–` without the right to list; nothing while unknown. */
export function countText(count: Count | undefined): string {
  if (count === undefined || count === null) return '';
  return count === 'denied' ? '–' : count.toLocaleString('en-US');
}
