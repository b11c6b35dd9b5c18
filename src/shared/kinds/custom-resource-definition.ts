import { clusterColumns, status, terminating, type Status } from './columns';
import { defineKind } from './define';
import type { KubeObject } from '../k8s/meta';
import { condition, isTrue, items, str, strings } from '../k8s/read';
import type { Condition } from '../k8s/types';

interface CustomResourceDefinition extends KubeObject {
  readonly spec?: {
    readonly group?: string;
    readonly scope?: string;
    readonly names?: {
      readonly plural?: string;
      readonly kind?: string;
      readonly shortNames?: readonly string[];
      readonly categories?: readonly string[];
    };
    readonly versions?: readonly {
      readonly name?: string;
      readonly served?: boolean;
      readonly storage?: boolean;
      readonly deprecated?: boolean;
    }[];
    readonly conversion?: { readonly strategy?: string };
  };
  readonly status?: {
    readonly conditions?: readonly Condition[];
    readonly storedVersions?: readonly string[];
  };
}

/** D101, D113. */
function definitionStatus(o: CustomResourceDefinition): Status {
  const deleting = terminating(o);
  if (deleting) return deleting;
  const conditions = o.status?.conditions;
  const names = condition(conditions, 'NamesAccepted');
  if (names?.status === 'False') return status('bad', `Names refused: ${str(names.reason)}`);
  const established = condition(conditions, 'Established');
  if (established?.status !== 'True') {
    return established
      ? status('bad', `Not established: ${str(established.reason)}`)
      : status('progress', 'New');
  }
  if (isTrue(conditions, 'NonStructuralSchema')) return status('warn', 'Established, schema not structural');
  const served = new Set(
    items(o.spec?.versions)
      .filter((version) => version.served === true)
      .map((version) => str(version.name)),
  );
  const left = strings(o.status?.storedVersions).filter((version) => !served.has(version));
  if (left.length > 0) return status('warn', `Established, stored in unserved ${left.join(', ')}`);
  return status('ok', 'Established');
}

export const customResourceDefinition = defineKind<CustomResourceDefinition>({
  group: 'apiextensions.k8s.io',
  resource: 'customresourcedefinitions',
  kind: 'CustomResourceDefinition',
  versions: ['v1'],
  namespaced: false,
  title: 'Definitions',
  singular: 'Custom resource definition',
  tag: 'crd',
  aliases: ['crd', 'crds'],
  section: 'custom',
  order: 10,
  mask: {
    spec: {
      group: true,
      scope: true,
      names: { kind: true, shortNames: true, categories: true },
      versions: { name: true, served: true, storage: true, deprecated: true },
      conversion: { strategy: true },
    },
    status: { conditions: { type: true, status: true, reason: true }, storedVersions: true },
  },
  columns: clusterColumns<CustomResourceDefinition>(
    { id: 'status', title: 'Status', type: 'status', width: 200, get: definitionStatus },
    { id: 'kind', title: 'Kind', type: 'text', width: 160, get: (o) => o.spec?.names?.kind },
    { id: 'group', title: 'Group', type: 'text', width: 180, get: (o) => o.spec?.group },
    {
      id: 'versions',
      title: 'Versions',
      type: 'text',
      width: 140,
      hint: 'Served versions; * marks the one that is stored',
      get: (o) =>
        items(o.spec?.versions)
          .filter((version) => version.served === true)
          .map((version) => `${str(version.name)}${version.storage === true ? '*' : ''}`)
          .join(', '),
    },
    { id: 'scope', title: 'Scope', type: 'text', width: 90, get: (o) => o.spec?.scope },
    {
      id: 'short-names',
      title: 'Short names',
      type: 'text',
      width: 100,
      optional: true,
      get: (o) => strings(o.spec?.names?.shortNames).join(', '),
    },
    {
      id: 'conversion',
      title: 'Conversion',
      type: 'text',
      width: 90,
      optional: true,
      get: (o) => o.spec?.conversion?.strategy,
    },
  ),
});
