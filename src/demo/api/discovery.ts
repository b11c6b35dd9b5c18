/** Discovery in both forms, with ETags: rebuilt only when the registry has changed. */
import { createHash } from 'node:crypto';
import type { Fields } from '../model';
import type { Kind, Registry } from '../store/kinds';
import type { Call } from './context';
import { noSuchPath } from './status';

/** Groups in the order a real server lists them; others follow by name. */
const order = [
  '',
  'apiregistration.k8s.io',
  'apps',
  'events.k8s.io',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'networking.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'storage.k8s.io',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'scheduling.k8s.io',
  'coordination.k8s.io',
  'node.k8s.io',
  'discovery.k8s.io',
  'flowcontrol.apiserver.k8s.io',
];

interface GroupVersions {
  readonly name: string;
  readonly versions: Map<string, Kind[]>;
}

/** Stable before beta before alpha, higher numbers first. */
function byPriority(a: string, b: string): number {
  const rank = (version: string): number => {
    const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
    if (!match) return -1;
    const stage = match[2] === undefined ? 2 : match[2] === 'beta' ? 1 : 0;
    return stage * 1e6 + Number(match[1]) * 1e3 + Number(match[3] ?? 0);
  };
  return rank(b) - rank(a) || (a < b ? -1 : 1);
}

function groups(registry: Registry): GroupVersions[] {
  const byName = new Map<string, GroupVersions>();
  for (const kind of registry.all()) {
    let group = byName.get(kind.group);
    if (!group) byName.set(kind.group, (group = { name: kind.group, versions: new Map() }));
    const kinds = group.versions.get(kind.version) ?? [];
    group.versions.set(kind.version, [...kinds, kind]);
  }
  const place = (name: string): number => (order.indexOf(name) + order.length + 1) % (order.length + 1);
  return [...byName.values()].sort((a, b) => {
    const [left, right] = [order.indexOf(a.name), order.indexOf(b.name)];
    if (left < 0 && right < 0) return a.name < b.name ? -1 : 1;
    return left < 0 ? 1 : right < 0 ? -1 : place(a.name) - place(b.name);
  });
}

const sortedVersions = (group: GroupVersions): [string, Kind[]][] =>
  [...group.versions.entries()].sort((a, b) => byPriority(a[0], b[0]));

const subresourceVerbs: Readonly<Record<string, readonly string[]>> = {
  log: ['get'],
  exec: ['create', 'get'],
  attach: ['create', 'get'],
  portforward: ['create', 'get'],
  eviction: ['create'],
  token: ['create'],
  finalize: ['update'],
};

interface Foreign {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** Kinds of subresources that are not the kind itself. */
function subresourceKind(kind: Kind, name: string): Foreign {
  if (name === 'scale') return { group: 'autoscaling', version: 'v1', kind: 'Scale' };
  if (name === 'eviction') return { group: 'policy', version: 'v1', kind: 'Eviction' };
  if (name === 'token') return { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' };
  if (['exec', 'attach', 'portforward'].includes(name))
    return {
      group: '',
      version: 'v1',
      kind: `Pod${{ exec: 'Exec', attach: 'Attach' }[name] ?? 'PortForward'}Options`,
    };
  return kind;
}

const scope = (kind: Kind): string => (kind.namespaced ? 'Namespaced' : 'Cluster');

function aggregatedResource(kind: Kind): Fields {
  return {
    resource: kind.resource,
    responseKind: { group: kind.group, version: kind.version, kind: kind.kind },
    scope: scope(kind),
    singularResource: kind.singular,
    verbs: kind.verbs,
    ...(kind.shortNames.length ? { shortNames: kind.shortNames } : {}),
    ...(kind.categories.length ? { categories: kind.categories } : {}),
    ...(kind.subresources.length
      ? {
          subresources: kind.subresources.map((name) => {
            const { group, version, kind: kindName } = subresourceKind(kind, name);
            return {
              subresource: name,
              responseKind: { group, version, kind: kindName },
              verbs: subresourceVerbs[name] ?? ['get', 'patch', 'update'],
            };
          }),
        }
      : {}),
  };
}

function aggregated(all: readonly GroupVersions[], apiVersion: string): Fields {
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: `apidiscovery.k8s.io/${apiVersion}`,
    metadata: {},
    items: all.map((group) => ({
      metadata: { ...(group.name ? { name: group.name } : {}), creationTimestamp: null },
      versions: sortedVersions(group).map(([version, kinds]) => ({
        version,
        resources: kinds.map(aggregatedResource),
        freshness: 'Current',
      })),
    })),
  };
}

function apiGroup(group: GroupVersions): Fields {
  const versions = sortedVersions(group).map(([version]) => ({
    groupVersion: `${group.name}/${version}`,
    version,
  }));
  return { name: group.name, versions, preferredVersion: versions[0] };
}

function resourceList(groupVersion: string, kinds: readonly Kind[]): Fields {
  const resources = kinds.flatMap((kind) => [
    {
      name: kind.resource,
      singularName: kind.singular,
      namespaced: kind.namespaced,
      kind: kind.kind,
      verbs: kind.verbs,
      ...(kind.shortNames.length ? { shortNames: kind.shortNames } : {}),
      ...(kind.categories.length ? { categories: kind.categories } : {}),
    },
    ...kind.subresources.map((name) => {
      const foreign = subresourceKind(kind, name);
      return {
        name: `${kind.resource}/${name}`,
        singularName: '',
        namespaced: kind.namespaced,
        kind: foreign.kind,
        ...(foreign.group !== kind.group ? { group: foreign.group, version: foreign.version } : {}),
        verbs: subresourceVerbs[name] ?? ['get', 'patch', 'update'],
      };
    }),
  ]);
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources };
}

function document(registry: Registry, pathname: string, form: string | undefined): Fields {
  const all = groups(registry);
  const core = all.filter((group) => group.name === '');
  const named = all.filter((group) => group.name !== '');
  const parts = pathname.split('/').filter(Boolean);
  if (parts.length === 1) {
    if (form) return aggregated(parts[0] === 'api' ? core : named, form);
    if (parts[0] === 'api') return { kind: 'APIVersions', versions: ['v1'] };
    return { kind: 'APIGroupList', apiVersion: 'v1', groups: named.map(apiGroup) };
  }
  const group = (parts[0] === 'api' ? core : named).find(
    (entry) => entry.name === (parts[0] === 'api' ? '' : parts[1]),
  );
  if (!group) throw noSuchPath();
  if (parts[0] === 'apis' && parts.length === 2)
    return { kind: 'APIGroup', apiVersion: 'v1', ...apiGroup(group) };
  const version = (parts[0] === 'api' ? parts[1] : parts[2]) ?? '';
  const kinds = group.versions.get(version);
  if (!kinds) throw noSuchPath();
  return resourceList(group.name ? `${group.name}/${version}` : version, kinds);
}

/** `v2` or `v2beta1` when Accept asks for aggregated discovery before plain JSON. */
function aggregatedForm(accept: string | undefined): string | undefined {
  for (const option of (accept ?? '').split(',')) {
    const version = /g=apidiscovery\.k8s\.io;v=(v2|v2beta1);as=APIGroupDiscoveryList/.exec(option)?.[1];
    if (version) return version;
    if (option.trim() === 'application/json') return undefined;
  }
  return undefined;
}

/** Answers /api, /apis and what is under them as far as it names no resource. */
export async function discovery(call: Call): Promise<void> {
  const { pathname } = call.url;
  const form =
    pathname.split('/').filter(Boolean).length === 1
      ? aggregatedForm(call.request.headers.accept)
      : undefined;
  const body = document(call.context.registry, pathname, form);
  const etag = `"${createHash('sha512').update(JSON.stringify(body)).digest('hex').toUpperCase().slice(0, 128)}"`;
  if (call.request.headers['if-none-match'] === etag) {
    call.output.head(304, { etag });
    call.output.end();
    return;
  }
  await call.output.json(200, body, {
    'content-type': form
      ? `application/json;g=apidiscovery.k8s.io;v=${form};as=APIGroupDiscoveryList`
      : 'application/json',
    etag,
    vary: 'Accept',
  });
}
