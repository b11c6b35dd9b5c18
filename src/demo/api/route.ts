/** A URL as what it asks for: resource, namespace, name, subresource and verb. */
import type { Verb } from './faults';

export interface ResourceRoute {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}

/** Undefined when the path names no resource (discovery, health). Throws on bad percent codes. */
export function parseResourcePath(pathname: string): ResourceRoute | undefined {
  const parts = pathname.split('/').filter(Boolean).map(decodeURIComponent);
  const core = parts[0] === 'api';
  if (!core && parts[0] !== 'apis') return undefined;
  const rest = parts.slice(core ? 2 : 3);
  const group = core ? '' : (parts[1] ?? '');
  const version = (core ? parts[1] : parts[2]) ?? '';
  if (rest.length === 0) return undefined;
  const ofNamespace = rest[0] === 'namespaces' && rest.length > 2 && !isNamespacePart(rest[2]);
  const namespace = ofNamespace ? rest[1] : undefined;
  const [resource = '', name, ...sub] = ofNamespace ? rest.slice(2) : rest;
  return {
    group,
    version,
    resource,
    namespace,
    name,
    subresource: sub.length > 0 ? sub.join('/') : undefined,
  };
}

const isNamespacePart = (part: string | undefined): boolean => part === 'status' || part === 'finalize';

export function verbOf(method: string, route: ResourceRoute | undefined, query: URLSearchParams): Verb {
  if (!route) return 'nonresource';
  const watch = query.get('watch');
  if (method === 'GET') {
    if (route.name !== undefined) return 'get';
    return watch !== null && watch !== 'false' && watch !== '0' ? 'watch' : 'list';
  }
  if (method === 'POST') return 'create';
  if (method === 'PUT') return 'update';
  if (method === 'PATCH') return 'patch';
  return route.name === undefined ? 'deletecollection' : 'delete';
}
