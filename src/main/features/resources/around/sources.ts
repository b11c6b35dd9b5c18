/**
 * Which neighbours an object of each kind has, as queries of the API: by its own selector, field
 * or name, so that a big cluster is never listed for one drawer.
 */
import { backendsOf } from '#shared/domain/health/routes';
import { at, list, map, word } from '#shared/domain/health/read';
import type { Around } from '#shared/domain/health/types';
import { matchesSelector } from '#shared/k8s/selector';
import type { LabelSelector } from '#shared/k8s/types';
import type { WholeObject } from '../../../k8s/watch-few';
import { selectorText } from '../related';
import {
  endpointsOf,
  jobBrief,
  limitBrief,
  nameOf,
  named,
  podBrief,
  revisionBriefs,
  serviceBrief,
} from './briefs';

export interface Source {
  /** Kind id of what is listed. */
  readonly kind: string;
  /** Absent: all namespaces, or a cluster-scoped kind. */
  readonly namespace?: string;
  readonly labels?: string;
  readonly fields?: string;
  /** Only how many there are is asked, now and then; `part` is not called. */
  readonly count?: true;
  /** Part of the answer; several sources may add to `applies`. */
  readonly part: (items: readonly WholeObject[]) => Around;
}

export interface Owner {
  readonly kind: string;
  readonly namespace: string;
  readonly object: WholeObject;
}

/** Most objects a list is asked for; more are said to be cut. */
export const MOST = 500;

const ownedBy =
  (uid: string | undefined) =>
  (one: WholeObject): boolean =>
    list(one.metadata?.['ownerReferences']).some((owner) => owner['uid'] === uid);

const podsPart = (items: readonly WholeObject[], cut: boolean): Around => ({
  pods: items.map(podBrief),
  podsCut: cut,
});

function pods(
  owner: Owner,
  labels: string | undefined,
  keep: (one: WholeObject) => boolean = () => true,
): Source[] {
  if (labels === undefined) return [];
  return [
    {
      kind: 'pods',
      namespace: owner.namespace,
      labels,
      part: (items) => podsPart(items.filter(keep), items.length >= MOST),
    },
  ];
}

/** Autoscalers that scale it and budgets that protect its pods. */
function guards({ object, namespace, kind }: Owner): Source[] {
  const template = map(at(object, 'spec', 'template', 'metadata', 'labels'));
  const labels = Object.fromEntries(template);
  const scales = (one: WholeObject): boolean =>
    word(at(one, 'spec', 'scaleTargetRef', 'name')) === nameOf(object) &&
    kind.startsWith(word(at(one, 'spec', 'scaleTargetRef', 'kind')).toLowerCase());
  const protects = (one: WholeObject): boolean =>
    matchesSelector(at(one, 'spec', 'selector') as LabelSelector | undefined, labels);
  return [
    appliesFrom('horizontalpodautoscalers.autoscaling', namespace, scales),
    appliesFrom('poddisruptionbudgets.policy', namespace, protects),
  ];
}

function appliesFrom(
  kind: string,
  namespace: string | undefined,
  keep: (one: WholeObject) => boolean,
): Source {
  return {
    kind,
    namespace,
    part: (items) => ({ applies: items.filter(keep).map((one) => named(kind, one)) }),
  };
}

function workload(owner: Owner): Source[] {
  const { object, namespace, kind } = owner;
  const labels = selectorText(object);
  const target = { kind, namespace, name: nameOf(object), uid: object.metadata?.uid ?? '' };
  const kept = kind === 'deployments.apps' ? 'replicasets.apps' : 'controllerrevisions.apps';
  const hasRevisions = kind !== 'replicasets.apps' && kind !== 'replicationcontrollers';
  return [
    ...pods(owner, labels, kind === 'deployments.apps' ? undefined : ownedBy(object.metadata?.uid)),
    ...(hasRevisions
      ? [
          {
            kind: kept,
            namespace,
            labels,
            part: (items: readonly WholeObject[]) => ({ revisions: revisionBriefs(object, items, target) }),
          },
        ]
      : []),
    ...guards(owner),
  ];
}

function service(owner: Owner): Source[] {
  const { object, namespace } = owner;
  const selector = [...map(at(object, 'spec', 'selector'))]
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  return [
    ...pods(owner, selector === '' ? undefined : selector),
    {
      kind: 'endpointslices.discovery.k8s.io',
      namespace,
      labels: `kubernetes.io/service-name=${nameOf(object)}`,
      part: (items) => ({ endpoints: items.flatMap(endpointsOf) }),
    },
    appliesFrom('ingresses.networking.k8s.io', namespace, (one) =>
      backendsOf('ingresses.networking.k8s.io', one).some((backend) => backend.service === nameOf(object)),
    ),
  ];
}

/** Services behind an ingress or route: of its own namespace, by one list; backends elsewhere are not read. */
function backends(owner: Owner): Source[] {
  const { object, namespace, kind } = owner;
  const wanted = backendsOf(kind, object).filter((one) => one.namespace === namespace);
  const names = [...new Set(wanted.map((one) => one.service))];
  const sources: Source[] = [
    {
      kind: 'services',
      namespace,
      part: (items) => {
        const byName = new Map(items.map((one) => [nameOf(one), one]));
        return { services: names.map((name) => serviceBrief(byName.get(name), namespace, name, null)) };
      },
    },
    {
      kind: 'endpointslices.discovery.k8s.io',
      namespace,
      part: (items) => {
        const ready = new Map<string, number>();
        for (const slice of items) {
          const name = map(slice.metadata?.['labels']).get('kubernetes.io/service-name') ?? '';
          const count = endpointsOf(slice).filter((one) => one.ready).length;
          ready.set(name, (ready.get(name) ?? 0) + count);
        }
        return {
          applies: names.map((name) => ({
            kind: 'services',
            namespace,
            name,
            words: `${ready.get(name) ?? 0} ready`,
            tone: (ready.get(name) ?? 0) > 0 ? 'ok' : 'warn',
          })),
        };
      },
    },
  ];
  if (kind !== 'ingresses.networking.k8s.io') return sources;
  const secrets = list(at(object, 'spec', 'tls'))
    .map((one) => word(one['secretName']))
    .filter(Boolean);
  return [
    ...sources,
    {
      kind: 'ingressclasses.networking.k8s.io',
      part: (items) => ({
        classes: items.map((one) => classBrief(one, 'ingressclass.kubernetes.io/is-default-class')),
      }),
    },
    ...[...new Set(secrets)].slice(0, 8).map((name) => ({
      kind: 'secrets',
      namespace,
      fields: `metadata.name=${name}`,
      part: (items: readonly WholeObject[]) => ({
        secrets: [{ name, exists: items.length > 0, type: word(items[0]?.['type']) }],
      }),
    })),
  ];
}

function classBrief(one: WholeObject, defaultKey: string) {
  const annotations = map(one.metadata?.['annotations']);
  return {
    name: nameOf(one),
    exists: true,
    provisioner: word(one['provisioner']) || word(at(one, 'spec', 'controller')),
    mode: word(one['volumeBindingMode']),
    expansion: one['allowVolumeExpansion'] === true,
    isDefault: annotations.get(defaultKey) === 'true',
  };
}

function claim(owner: Owner): Source[] {
  const name = nameOf(owner.object);
  const mounts = (one: WholeObject): boolean =>
    list(at(one, 'spec', 'volumes')).some(
      (volume) =>
        word(at(volume, 'persistentVolumeClaim', 'claimName')) === name ||
        (word(volume['name']) === name.replace(`${nameOf(one)}-`, '') && volume['ephemeral'] !== undefined),
    );
  return [
    ...pods(owner, '', mounts),
    {
      kind: 'storageclasses.storage.k8s.io',
      part: (items) => ({
        classes: items.map((one) => classBrief(one, 'storageclass.kubernetes.io/is-default-class')),
      }),
    },
  ];
}

const kindOfTarget: Readonly<Record<string, string>> = {
  Deployment: 'deployments.apps',
  StatefulSet: 'statefulsets.apps',
  ReplicaSet: 'replicasets.apps',
  ReplicationController: 'replicationcontrollers',
};

function scaleTarget({ object, namespace }: Owner): Source[] {
  const kind = kindOfTarget[word(at(object, 'spec', 'scaleTargetRef', 'kind'))];
  const name = word(at(object, 'spec', 'scaleTargetRef', 'name'));
  if (kind === undefined || name === '') return [];
  return [
    {
      kind,
      namespace,
      fields: `metadata.name=${name}`,
      part: ([one]) => ({
        target: one
          ? { ...named(kind, one), exists: true }
          : { kind, namespace, name, words: 'missing', tone: 'bad', exists: false },
      }),
    },
  ];
}

/** What people put into a namespace; pods are counted with the others, also where they are too many to list. */
const counted = [
  'pods',
  'deployments.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'jobs.batch',
  'cronjobs.batch',
  'services',
  'ingresses.networking.k8s.io',
  'configmaps',
  'secrets',
  'persistentvolumeclaims',
  'serviceaccounts',
];

function space(owner: Owner): Source[] {
  const namespace = nameOf(owner.object);
  return [
    {
      kind: 'resourcequotas',
      namespace,
      part: (items) => ({
        quotas: items.map((one) => {
          const used = map(at(one, 'status', 'used'));
          const rows = [...map(at(one, 'status', 'hard'))].map(([resource, hard]) => ({
            resource,
            hard,
            used: used.get(resource) ?? '0',
          }));
          return { name: nameOf(one), rows };
        }),
      }),
    },
    { kind: 'limitranges', namespace, part: (items) => ({ limits: items.map(limitBrief) }) },
    { kind: 'pods', namespace, part: (items) => podsPart(items, items.length >= MOST) },
    ...counted.map((kind) => ({
      kind,
      namespace,
      count: true as const,
      part: () => ({}),
    })),
  ];
}

const table: Readonly<Record<string, (owner: Owner) => Source[]>> = {
  'deployments.apps': workload,
  'replicasets.apps': workload,
  'statefulsets.apps': workload,
  'daemonsets.apps': workload,
  replicationcontrollers: workload,
  'jobs.batch': (owner) => pods(owner, selectorText(owner.object), ownedBy(owner.object.metadata?.uid)),
  'cronjobs.batch': ({ object, namespace }) => [
    {
      kind: 'jobs.batch',
      namespace,
      part: (items) => ({ jobs: items.filter(ownedBy(object.metadata?.uid)).map(jobBrief) }),
    },
  ],
  services: service,
  'ingresses.networking.k8s.io': backends,
  'httproutes.gateway.networking.k8s.io': backends,
  'grpcroutes.gateway.networking.k8s.io': backends,
  persistentvolumeclaims: claim,
  persistentvolumes: ({ kind, object }) => {
    const namespace = word(at(object, 'spec', 'claimRef', 'namespace'));
    const name = word(at(object, 'spec', 'claimRef', 'name'));
    if (name === '') return [];
    return claim({ kind, namespace, object: { ...object, metadata: { name, namespace } } }).slice(0, 1);
  },
  nodes: ({ object }) => [
    {
      kind: 'pods',
      fields: `spec.nodeName=${nameOf(object)}`,
      part: (items) => podsPart(items, items.length >= MOST),
    },
  ],
  namespaces: space,
  'horizontalpodautoscalers.autoscaling': scaleTarget,
  'poddisruptionbudgets.policy': (owner) => pods(owner, selectorText(owner.object)),
  serviceaccounts: (owner) =>
    pods(
      owner,
      '',
      (one) => (word(at(one, 'spec', 'serviceAccountName')) || 'default') === nameOf(owner.object),
    ),
};

export function sourcesOf(owner: Owner): readonly Source[] {
  return Object.hasOwn(table, owner.kind) ? (table[owner.kind]?.(owner) ?? []) : [];
}
