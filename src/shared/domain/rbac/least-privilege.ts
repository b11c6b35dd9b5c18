/**
 * The smallest role that would have allowed what a server refused, as objects and as YAML. Grants
 * the refused request and nothing else; `live` adds what a table needs to stay current.
 */
import { parseServiceAccount } from './identity';
import { sortVerbs } from './atoms';
import type { Subject } from './types';

export interface Refused {
  readonly verb: string;
  readonly group: string;
  /** May carry a subresource: `pods/log`. */
  readonly resource: string;
  /** Empty: the whole cluster, or a resource without namespaces. */
  readonly namespace?: string;
  readonly name?: string;
}

export interface LeastPrivilege {
  readonly role: Manifest;
  readonly binding: Manifest;
  readonly yaml: string;
}

type Manifest = Readonly<Record<string, unknown>>;

const API = 'rbac.authorization.k8s.io';

export function leastPrivilege(refused: Refused, user: string, live = false): LeastPrivilege {
  const { verb, group, resource, namespace = '', name = '' } = refused;
  const reads = ['get', 'list', 'watch'].includes(verb);
  const verbs = live && reads ? ['get', 'list', 'watch'] : sortVerbs([verb]);
  // A name would forbid what carries none (A10); with list and watch the whole list is wanted.
  const named = name !== '' && verb !== 'create' && verb !== 'deletecollection' && !(live && reads);
  const url = resource.startsWith('/');
  const wide = namespace === '' || url;
  const roleName = dns(['allow', verb, resource, named ? name : ''].join('-'));
  const meta = (own: string): Manifest => (wide ? { name: own } : { name: own, namespace });
  const role: Manifest = {
    apiVersion: `${API}/v1`,
    kind: wide ? 'ClusterRole' : 'Role',
    metadata: meta(roleName),
    rules: url
      ? [{ nonResourceURLs: [resource], verbs: [verb] }]
      : [{ apiGroups: [group], resources: [resource], ...(named ? { resourceNames: [name] } : {}), verbs }],
  };
  const binding: Manifest = {
    apiVersion: `${API}/v1`,
    kind: wide ? 'ClusterRoleBinding' : 'RoleBinding',
    metadata: meta(dns(`${roleName}-${user.split(':').pop() ?? user}`)),
    roleRef: { apiGroup: API, kind: wide ? 'ClusterRole' : 'Role', name: roleName },
    subjects: [subjectOf(user)],
  };
  return { role, binding, yaml: `${yamlOf(role)}---\n${yamlOf(binding)}` };
}

/** How a binding names this user (A14, A15). */
export function subjectOf(user: string): Subject {
  const account = parseServiceAccount(user);
  return account
    ? { kind: 'ServiceAccount', name: account.name, namespace: account.namespace }
    : { apiGroup: API, kind: 'User', name: user };
}

/** A name Kubernetes takes, from whatever was asked. */
function dns(text: string): string {
  const clean = text
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, '-')
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '');
  return clean.slice(0, 200).replace(/[^a-z0-9]+$/, '');
}

/** YAML of plain manifests: maps, lists, strings. Short lists stay on one line. */
export function yamlOf(value: Manifest): string {
  return lines(value, '').join('\n') + '\n';
}

function lines(map: Manifest, indent: string): string[] {
  return Object.entries(map).flatMap(([key, value]) => {
    const head = `${indent}${key}:`;
    if (Array.isArray(value)) {
      const list = value as readonly unknown[];
      if (list.every((item) => typeof item !== 'object')) return [`${head} [${list.map(scalar).join(', ')}]`];
      return [
        head,
        ...list.flatMap((item) =>
          lines(item as Manifest, `${indent}  `).map((line, index) =>
            index === 0 ? `${indent}- ${line.trimStart()}` : line,
          ),
        ),
      ];
    }
    if (typeof value === 'object' && value !== null)
      return [head, ...lines(value as Manifest, `${indent}  `)];
    return [`${head} ${scalar(value)}`];
  });
}

const PLAIN = /^[A-Za-z][A-Za-z0-9._/-]*$/;
const WORDS = /^(?:true|false|yes|no|on|off|null|y|n)$/i;

function scalar(value: unknown): string {
  const text = String(value);
  return PLAIN.test(text) && !WORDS.test(text) ? text : JSON.stringify(text);
}
