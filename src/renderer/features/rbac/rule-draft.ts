/** Rules as they are typed, and as a role has them. */
import type { PolicyRule } from '#shared/domain/rbac/types';
import { parseTarget } from './words';

export interface DraftRule {
  readonly verbs: string;
  /** `pods, deployments.apps/scale` or URLs. */
  readonly targets: string;
  readonly names: string;
}

export const emptyRule: DraftRule = { verbs: 'get, list, watch', targets: '', names: '' };

/** Resources of different groups become rules of their own: one rule would grant every pair (A9). Halves left empty are left out. */
export function rulesOfDraft(drafts: readonly DraftRule[]): PolicyRule[] {
  return drafts.flatMap((draft) => {
    const verbs = words(draft.verbs);
    const targets = words(draft.targets).map(parseTarget);
    if (verbs.length === 0 || targets.length === 0) return [];
    const names = words(draft.names);
    const byGroup = new Map<string, string[]>();
    for (const { group, resource, subresource, path } of targets) {
      if (path !== '') continue;
      const full = subresource === '' ? resource : `${resource}/${subresource}`;
      byGroup.set(group, [...(byGroup.get(group) ?? []), full]);
    }
    const urls = targets.map(({ path }) => path).filter((path) => path !== '');
    return [
      ...[...byGroup].map(([group, resources]) => ({
        apiGroups: [group],
        resources,
        ...(names.length > 0 ? { resourceNames: names } : {}),
        verbs,
      })),
      ...(urls.length > 0 ? [{ nonResourceURLs: urls, verbs }] : []),
    ];
  });
}

function words(text: string): string[] {
  return [...new Set(text.split(/[,\s]+/).filter((word) => word !== ''))];
}
