/** Order and titles of the navigation's sections, and where kinds without a descriptor go. */
import type { KindDescriptor, NavSection } from './define';

export interface SectionInfo {
  readonly id: NavSection;
  readonly title: string;
}

/** As the navigation shows them, top to bottom. */
export const sections: readonly SectionInfo[] = [
  { id: 'workloads', title: 'Workloads' },
  { id: 'network', title: 'Network' },
  { id: 'config', title: 'Config' },
  { id: 'storage', title: 'Storage' },
  { id: 'access', title: 'Access' },
  { id: 'cluster', title: 'Cluster' },
  { id: 'custom', title: 'Custom resources' },
];

/** Groups the server itself brings; a kind of theirs without a descriptor is no custom resource. */
const builtIn: ReadonlyMap<string, NavSection> = new Map<string, NavSection>([
  ['', 'cluster'],
  ['admissionregistration.k8s.io', 'cluster'],
  ['apiextensions.k8s.io', 'cluster'],
  ['apiregistration.k8s.io', 'cluster'],
  ['apps', 'workloads'],
  ['authentication.k8s.io', 'access'],
  ['authorization.k8s.io', 'access'],
  ['autoscaling', 'workloads'],
  ['batch', 'workloads'],
  ['certificates.k8s.io', 'access'],
  ['coordination.k8s.io', 'cluster'],
  ['discovery.k8s.io', 'network'],
  ['events.k8s.io', 'cluster'],
  ['extensions', 'cluster'],
  ['flowcontrol.apiserver.k8s.io', 'cluster'],
  ['gateway.networking.k8s.io', 'network'],
  ['internal.apiserver.k8s.io', 'cluster'],
  ['metrics.k8s.io', 'cluster'],
  ['networking.k8s.io', 'network'],
  ['node.k8s.io', 'cluster'],
  ['policy', 'config'],
  ['policy.networking.k8s.io', 'network'],
  ['rbac.authorization.k8s.io', 'access'],
  ['resource.k8s.io', 'cluster'],
  ['scheduling.k8s.io', 'config'],
  ['snapshot.storage.k8s.io', 'storage'],
  ['storage.k8s.io', 'storage'],
  ['storagemigration.k8s.io', 'cluster'],
]);

export function sectionOfGroup(group: string): NavSection {
  return builtIn.get(group) ?? 'custom';
}

/** Kinds without a place come after those with one, by title. */
export const lastOrder = 1000;

/** Order of kinds inside one section. */
export function compareKinds(
  a: Pick<KindDescriptor, 'order' | 'title'>,
  b: Pick<KindDescriptor, 'order' | 'title'>,
): number {
  const byOrder = (a.order ?? lastOrder) - (b.order ?? lastOrder);
  if (byOrder !== 0) return byOrder;
  return a.title < b.title ? -1 : a.title > b.title ? 1 : 0;
}
