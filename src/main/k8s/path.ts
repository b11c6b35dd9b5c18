/**
 * URL paths of the API from names that nobody vouches for.
 * Guarantees: every segment is percent-encoded on its own; a name that could leave its
 * segment (`..`, `.`, slashes, empty) never becomes a path (fault 31). RBAC names may hold
 * colons and capitals: they pass.
 */
import { fail } from '#shared/util/app-error';

export interface ResourcePath {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  /** Leave out for cluster-scoped kinds and for all namespaces. */
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
}

/** `/api/v1/namespaces/shop/pods/web-0/log`; AppFailure `invalid-input` for an unsafe segment. */
export function resourcePath(of: ResourcePath): string {
  const parts = of.group === '' ? ['', 'api'] : ['', 'apis', segment(of.group, 'group')];
  parts.push(segment(of.version, 'version'));
  if (of.namespace !== undefined && of.namespace !== '')
    parts.push('namespaces', segment(of.namespace, 'namespace'));
  parts.push(segment(of.resource, 'resource'));
  if (of.name !== undefined) parts.push(segment(of.name, 'name'));
  if (of.subresource !== undefined) {
    if (of.name === undefined) throw fail('invalid-input', 'A subresource needs the name of an object.');
    for (const part of of.subresource.split('/')) parts.push(segment(part, 'subresource'));
  }
  return parts.join('/');
}

/** One path segment, encoded; `what` names it in the error. */
export function segment(text: string, what: string): string {
  if (text === '' || text === '.' || text === '..' || text.length > 512 || hasUnsafe(text))
    throw fail(
      'invalid-input',
      `This ${what} cannot be used in a request: ${JSON.stringify(text.slice(0, 80))}.`,
    );
  return encodeURIComponent(text);
}

/** The rule of Kubernetes for names in paths (no slash, no percent), and no control characters. */
function hasUnsafe(text: string): boolean {
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (char === '/' || char === '\\' || char === '%' || code < 0x20 || code === 0x7f) return true;
    if (code >= 0xd800 && code <= 0xdfff) return true;
  }
  return false;
}

/** `?a=b&c=d`, or empty. Lists repeat their key; undefined is left out. */
export function queryString(
  query: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>> | undefined,
): string {
  if (!query) return '';
  const pairs: string[] = [];
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? (value as readonly string[]) : [String(value)])
      pairs.push(`${encodeURIComponent(key)}=${encodeURIComponent(one)}`);
  }
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}
