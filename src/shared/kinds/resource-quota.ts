import { namespacedColumns, status, terminating, type Status } from './columns';
import { defineKind } from './define';
import type { KubeObject } from '../k8s/meta';
import { entries, own, strings } from '../k8s/read';
import type { StringMap } from '../k8s/types';
import { formatResource, parseQuantity } from '../util/quantity';

interface ResourceQuota extends KubeObject {
  readonly spec?: { readonly scopes?: readonly string[]; readonly hard?: StringMap };
  readonly status?: { readonly hard?: StringMap; readonly used?: StringMap };
}

interface Use {
  readonly resource: string;
  /** 0..1 and above; null where one of the two is no amount (fault 22). */
  readonly share: number | null;
  readonly words: string;
}

function uses(o: ResourceQuota): readonly Use[] {
  return entries(o.status?.hard ?? o.spec?.hard)
    .slice(0, 64)
    .map(([resource, rawHard]) => {
      const rawUsed = own(o.status?.used, resource);
      const hard = parseQuantity(rawHard);
      const used = parseQuantity(rawUsed);
      const say = (raw: string, value: number | null) =>
        value === null ? raw || '?' : formatResource(resource, value);
      // A hard limit of 0 forbids; it is not a limit somebody ran into.
      const share = hard === null || used === null || hard === 0 ? null : used / hard;
      return { resource, share, words: `${resource} ${say(rawUsed, used)} of ${say(rawHard, hard)}` };
    });
}

/** D86. */
function quotaStatus(o: ResourceQuota): Status {
  const deleting = terminating(o);
  if (deleting) return deleting;
  if (o.status?.hard === undefined) return status('progress', 'Not counted yet');
  const all = uses(o);
  const full = all.filter((use) => use.share !== null && use.share >= 1);
  if (full.length > 0) return status('warn', `Used up: ${full.map((use) => use.resource).join(', ')}`);
  const near = all.filter((use) => use.share !== null && use.share >= 0.9);
  if (near.length > 0) return status('warn', `Nearly used up: ${near.map((use) => use.resource).join(', ')}`);
  return status('ok', 'Within limits');
}

export const resourceQuota = defineKind<ResourceQuota>({
  group: '',
  resource: 'resourcequotas',
  kind: 'ResourceQuota',
  versions: ['v1'],
  namespaced: true,
  title: 'Quotas',
  singular: 'Quota',
  tag: 'quota',
  aliases: ['quota'],
  section: 'config',
  order: 30,
  mask: { spec: { scopes: true, hard: true }, status: { hard: true, used: true } },
  columns: namespacedColumns<ResourceQuota>(
    { id: 'status', title: 'Status', type: 'status', width: 220, get: quotaStatus },
    {
      id: 'used',
      title: 'Used',
      type: 'text',
      width: 360,
      get: (o) =>
        uses(o)
          .map((use) => use.words)
          .join(', '),
    },
    {
      id: 'highest',
      title: 'Highest',
      type: 'percent',
      width: 80,
      hint: 'Largest share used of any resource',
      get: (o) =>
        uses(o).reduce<number | null>(
          (most, use) => (use.share !== null && use.share > (most ?? -1) ? use.share : most),
          null,
        ),
    },
    {
      id: 'scopes',
      title: 'Scopes',
      type: 'text',
      width: 140,
      optional: true,
      get: (o) => strings(o.spec?.scopes).join(', '),
    },
  ),
});
