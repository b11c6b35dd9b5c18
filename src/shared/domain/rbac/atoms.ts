/**
 * Rules taken apart into single permissions and put together again: what two roles have in common,
 * what a removed binding takes away, what a new role needs. A star is a permission of its own:
 * only a rule that says `*` covers it (A25), as the server's own escalation check has it (A24).
 */
import { ruleCovers } from './match';
import type { PolicyRule } from './types';

/** One permission. `name` '' is every name; `url` is set instead of group and resource for URLs. */
export interface Atom {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly name: string;
  readonly url?: string;
}

/** Atoms of one resource put together: a line on screen. */
export interface AtomRow {
  readonly group: string;
  /** With subresource; empty for URLs. */
  readonly resource: string;
  /** Empty: every name. */
  readonly names: readonly string[];
  readonly urls: readonly string[];
  readonly verbs: readonly string[];
}

/** Largest number of atoms one rule is taken apart into; what comes after is left out. */
const MOST = 20_000;

export function atomsOf(rules: readonly PolicyRule[]): Atom[] {
  const seen = new Set<string>();
  const atoms: Atom[] = [];
  const add = (atom: Atom): void => {
    const key = [atom.verb, atom.group, atom.resource, atom.name, atom.url ?? ''].join('\n');
    if (seen.has(key) || atoms.length >= MOST) return;
    seen.add(key);
    atoms.push(atom);
  };
  for (const rule of rules) {
    const names = rule.resourceNames?.length ? rule.resourceNames : [''];
    for (const verb of rule.verbs ?? []) {
      for (const resource of rule.resources ?? [])
        for (const group of rule.apiGroups ?? [])
          for (const name of names) add({ verb, group, resource, name });
      for (const url of rule.nonResourceURLs ?? []) add({ verb, group: '', resource: '', name: '', url });
    }
  }
  return atoms;
}

/** Whether one of the rules gives the whole atom. */
export function coversAtom(rules: readonly PolicyRule[], atom: Atom): boolean {
  const slash = atom.resource.indexOf('/');
  const request = {
    user: '',
    groups: [],
    verb: atom.verb,
    apiGroup: atom.group,
    resource: slash < 0 ? atom.resource : atom.resource.slice(0, slash),
    subresource: slash < 0 ? '' : atom.resource.slice(slash + 1),
    name: atom.name,
    ...(atom.url === undefined ? {} : { path: atom.url, resource: '' }),
  };
  return rules.some((rule) => ruleCovers(rule, request));
}

/** Atoms that `held` does not give. */
export function missingAtoms(wanted: readonly PolicyRule[], held: readonly PolicyRule[]): Atom[] {
  return atomsOf(wanted).filter((atom) => !coversAtom(held, atom));
}

/** The same permissions in as few lines as their resources and names allow; sorted. */
export function rowsOf(atoms: readonly Atom[]): AtomRow[] {
  const byTarget = new Map<string, { group: string; resource: string; names: Map<string, Set<string>> }>();
  const byUrl = new Map<string, Set<string>>();
  for (const { verb, group, resource, name, url } of atoms) {
    if (url !== undefined) {
      put(byUrl, url, verb);
      continue;
    }
    const key = `${group}\n${resource}`;
    let target = byTarget.get(key);
    if (!target) byTarget.set(key, (target = { group, resource, names: new Map() }));
    put(target.names, name, verb);
  }
  const rows: AtomRow[] = [];
  for (const { group, resource, names } of byTarget.values()) {
    for (const { keys, verbs } of joinedByVerbs(names))
      rows.push({ group, resource, names: keys.filter((key) => key !== ''), urls: [], verbs });
  }
  for (const { keys, verbs } of joinedByVerbs(byUrl))
    rows.push({ group: '', resource: '', names: [], urls: keys, verbs });
  return rows.sort(byRow);
}

/** Back to rules, one for each row, as a manifest wants them. */
export function rulesOf(rows: readonly AtomRow[]): PolicyRule[] {
  return rows.map(({ group, resource, names, urls, verbs }) =>
    urls.length > 0
      ? { nonResourceURLs: urls, verbs }
      : {
          apiGroups: [group],
          resources: [resource],
          ...(names.length > 0 ? { resourceNames: names } : {}),
          verbs,
        },
  );
}

const VERBS = ['*', 'get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'];

/** In the order people say them. */
export function sortVerbs(verbs: Iterable<string>): string[] {
  const place = (verb: string): number => (VERBS.includes(verb) ? VERBS.indexOf(verb) : VERBS.length);
  return [...verbs].sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
}

/** Keys with the same verbs, together; every name ('') stays alone. */
function joinedByVerbs(map: ReadonlyMap<string, ReadonlySet<string>>): { keys: string[]; verbs: string[] }[] {
  const joined = new Map<string, { keys: string[]; verbs: string[] }>();
  for (const [key, set] of map) {
    const verbs = sortVerbs(set);
    const id = `${key === '' ? 'all' : 'some'} ${verbs.join(' ')}`;
    const one = joined.get(id);
    if (one) one.keys.push(key);
    else joined.set(id, { keys: [key], verbs });
  }
  for (const one of joined.values()) one.keys.sort();
  return [...joined.values()];
}

function put(map: Map<string, Set<string>>, key: string, verb: string): void {
  const set = map.get(key);
  if (set) set.add(verb);
  else map.set(key, new Set([verb]));
}

function byRow(a: AtomRow, b: AtomRow): number {
  return (
    Number(a.urls.length > 0) - Number(b.urls.length > 0) ||
    compare(a.group, b.group) ||
    compare(a.resource, b.resource) ||
    compare(a.names.join(), b.names.join()) ||
    compare(a.urls.join(), b.urls.join())
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
