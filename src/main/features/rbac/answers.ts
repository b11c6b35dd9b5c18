/**
 * Questions to the index as the screens ask them: who can, can they, effective rules. Every answer
 * carries its paths and the assumptions it rests on (A19, A20, A29).
 */
import type {
  CanAnswer,
  EffectiveAnswer,
  EffectiveRow,
  Path,
  RbacQuestion,
  SubjectNames,
  SubjectPaths,
  Who,
  WhoCanAnswer,
} from '#shared/contract/rbac';
import { atomsOf, rowsOf } from '#shared/domain/rbac/atoms';
import { can } from '#shared/domain/rbac/can';
import { effectiveRules } from '#shared/domain/rbac/effective-rules';
import {
  impliedGroups,
  MASTERS,
  parseServiceAccount,
  serviceAccountUser,
} from '#shared/domain/rbac/identity';
import type { RbacIndex } from '#shared/domain/rbac/rbac-index';
import type { AccessRequest, Grant } from '#shared/domain/rbac/types';
import { mastersNote, whoCan, type Question, type SubjectAnswer } from '#shared/domain/rbac/who-can';
import type { WhoAmI } from '../../k8s/access';

const MOST_SUBJECTS = 1_000;
const MOST_PATHS = 20;
const MOST_NAMES = 5_000;
const MEMBERS_SHOWN = 20;

export interface Identity {
  readonly user: string;
  readonly groups: readonly string[];
  readonly notes: readonly string[];
}

/** Name and groups the server would see, and what had to be assumed (A16, A29). */
export function identityOf(who: Who, me: WhoAmI | undefined): Identity {
  switch (who.kind) {
    case 'me':
      return me
        ? { user: me.name, groups: me.groups, notes: [] }
        : {
            user: '',
            groups: ['system:authenticated'],
            notes: ['The server does not say who you are; only what every user may do is counted.'],
          };
    case 'ServiceAccount': {
      const user = serviceAccountUser(who.namespace, who.name);
      return { user, groups: impliedGroups(user), notes: [] };
    }
    case 'Group':
      return {
        user: '',
        groups: unique([who.name, ...impliedOfGroup(who.name)]),
        notes: [`Any member of ${who.name}, by this group alone; other groups of a member may add to it.`],
      };
    case 'User': {
      const implied = impliedGroups(who.name);
      const own = who.groups.filter((group) => !implied.includes(group));
      const isAccount =
        parseServiceAccount(who.name) !== undefined || who.name.startsWith('system:anonymous');
      const assumed =
        own.length > 0
          ? `Counted with the groups ${own.join(', ')} and ${implied.join(', ')}. The cluster keeps no list of a user's groups.`
          : `Counted with no group but ${implied.join(', ')}: the cluster keeps no list of a user's groups. Name them to count them.`;
      return { user: who.name, groups: [...implied, ...own], notes: isAccount ? [] : [assumed] };
    }
  }
}

function impliedOfGroup(name: string): string[] {
  if (name === 'system:unauthenticated') return [];
  const account = name === 'system:serviceaccounts' || name.startsWith('system:serviceaccounts:');
  return account ? ['system:authenticated', 'system:serviceaccounts'] : ['system:authenticated'];
}

export function toQuestion(asked: RbacQuestion): Question {
  if (asked.path !== '') return { verb: asked.verb, path: asked.path };
  return {
    verb: asked.verb,
    apiGroup: asked.group,
    resource: asked.resource,
    subresource: asked.subresource,
    ...(asked.name === '' ? {} : { name: asked.name }),
    ...(asked.namespace === '' ? {} : { namespace: asked.namespace }),
  };
}

export function pathOf({ binding, role, subject, rule, ruleIndex }: Grant): Path {
  return {
    binding: { kind: binding.kind, namespace: binding.namespace, name: binding.name },
    role: { kind: role.kind, namespace: role.namespace, name: role.name },
    subject,
    rule,
    ruleIndex,
  };
}

export function answerWhoCan(
  index: RbacIndex,
  asked: RbacQuestion,
  me: WhoAmI | undefined,
): Omit<WhoCanAnswer, 'lacks'> {
  const question = toQuestion(asked);
  const found = whoCan(index, question);
  const notes = [mastersNote, ...questionNotes(asked)];
  return {
    subjects: found.slice(0, MOST_SUBJECTS).map((one) => subjectPaths(index, one, me)),
    total: found.length,
    notes,
  };
}

function subjectPaths(index: RbacIndex, one: SubjectAnswer, me: WhoAmI | undefined): SubjectPaths {
  const { kind, namespace, name, grants } = one;
  const members = kind === 'Group' ? membersOf(index, name) : undefined;
  return {
    subject: { kind, namespace, name },
    paths: grants.slice(0, MOST_PATHS).map(pathOf),
    more: Math.max(0, grants.length - MOST_PATHS),
    you: me !== undefined && isMe(one, me),
    ...(members ? { members } : {}),
  };
}

function isMe({ kind, namespace, name }: SubjectAnswer, me: WhoAmI): boolean {
  if (kind === 'Group') return me.groups.includes(name);
  return me.name === (kind === 'User' ? name : serviceAccountUser(namespace, name));
}

const ACCOUNTS = 'system:serviceaccounts';

/** Only the groups of service accounts have members the cluster knows. */
function membersOf(index: RbacIndex, group: string): SubjectPaths['members'] {
  if (group !== ACCOUNTS && !group.startsWith(`${ACCOUNTS}:`)) return undefined;
  const namespace = group === ACCOUNTS ? undefined : group.slice(ACCOUNTS.length + 1);
  const all = index.snapshot.serviceAccounts.filter(
    (account) => namespace === undefined || account.namespace === namespace,
  );
  return {
    count: all.length,
    first: all.slice(0, MEMBERS_SHOWN).map((account) => `${account.namespace}/${account.name}`),
  };
}

/** What is worth knowing about a question itself. */
export function questionNotes({ verb, resource, name, namespace, path, group }: RbacQuestion): string[] {
  if (path !== '') return ['URLs are granted only by a ClusterRole in a ClusterRoleBinding.'];
  const notes: string[] = [];
  if (name !== '' && (verb === 'list' || verb === 'watch'))
    notes.push(`With a name, ${verb} works only with the field selector metadata.name=${name}.`);
  if (name !== '' && verb === 'create')
    notes.push('create carries no name: rules with names never allow it.');
  if (namespace === '' && path === '' && resource !== 'namespaces')
    notes.push('Without a namespace: in all of them at once, or a resource of the cluster.');
  if (group === '' && resource === 'nodes')
    notes.push('The Node authorizer lets each kubelet reach its own node and its pods, outside RBAC.');
  return notes;
}

export function answerCan(
  index: RbacIndex,
  identity: Identity,
  asked: RbacQuestion,
): Omit<CanAnswer, 'lacks'> & { readonly request: AccessRequest } {
  const request: AccessRequest = {
    user: identity.user,
    groups: identity.groups,
    ...toQuestion(asked),
  };
  const { allowed, grants, masters } = can(index, request);
  const notes = [...identity.notes, ...questionNotes(asked)];
  if (masters)
    notes.push(`Group ${MASTERS} bypasses authorization: no object grants it, none takes it away.`);
  return {
    allowed,
    masters,
    paths: grants.slice(0, MOST_PATHS).map(pathOf),
    more: Math.max(0, grants.length - MOST_PATHS),
    user: identity.user,
    groups: identity.groups,
    notes,
    request,
  };
}

export function answerEffective(
  index: RbacIndex,
  identity: Identity,
  namespace: string,
): Omit<EffectiveAnswer, 'lacks'> {
  const rules = effectiveRules(index, identity, namespace);
  const bySource = new Map<string, number[]>();
  for (const [at, one] of rules.entries()) {
    const counted = {
      verbs: one.rule.verbs,
      apiGroups: one.rule.apiGroups,
      resources: one.resources ? one.rule.resources : [],
      resourceNames: one.rule.resourceNames,
      nonResourceURLs: one.urls ? one.rule.nonResourceURLs : [],
    };
    for (const atom of atomsOf([counted])) {
      const key = targetKey(atom.group, atom.resource, atom.name, atom.url);
      const list = bySource.get(key);
      if (!list) bySource.set(key, [at]);
      else if (!list.includes(at)) list.push(at);
    }
  }
  const all = rules.map(({ rule, resources, urls }) => ({
    ...rule,
    resources: resources ? rule.resources : [],
    nonResourceURLs: urls ? rule.nonResourceURLs : [],
  }));
  const rows = rowsOf(atomsOf(all)).map((row): EffectiveRow => {
    const keys =
      row.urls.length > 0
        ? row.urls.map((url) => targetKey('', '', '', url))
        : (row.names.length > 0 ? row.names : ['']).map((name) => targetKey(row.group, row.resource, name));
    return { ...row, from: unique(keys.flatMap((key) => bySource.get(key) ?? [])) };
  });
  const keys = [`u:${identity.user}`, ...identity.groups.map((group) => `g:${group}`)];
  const masters = identity.groups.includes(MASTERS);
  return {
    rows,
    sources: rules.map(pathOf),
    namespaces: unique(keys.flatMap((key) => index.namespacesOf(key))).sort(),
    user: identity.user,
    groups: identity.groups,
    notes: masters ? [...identity.notes, `Group ${MASTERS} may do everything besides.`] : identity.notes,
  };
}

function targetKey(group: string, resource: string, name: string, url = ''): string {
  return [group, resource, name, url].join('\n');
}

/** Everybody and everything that can be asked about, for pickers. */
export function namesOf(index: RbacIndex): SubjectNames {
  const users = new Set<string>();
  const groups = new Set<string>([
    'system:authenticated',
    'system:unauthenticated',
    'system:serviceaccounts',
    MASTERS,
  ]);
  const accounts = new Map<string, { namespace: string; name: string }>();
  for (const { namespace, name } of index.snapshot.serviceAccounts)
    accounts.set(`${namespace}/${name}`, { namespace, name });
  for (const { binding } of index.allBindings()) {
    for (const subject of binding.subjects) {
      if (subject.kind === 'User') users.add(subject.name);
      else if (subject.kind === 'Group') groups.add(subject.name);
      else if (subject.kind === 'ServiceAccount') {
        const namespace = subject.namespace || binding.namespace;
        accounts.set(`${namespace}/${subject.name}`, { namespace, name: subject.name });
      }
    }
  }
  return {
    users: [...users].sort().slice(0, MOST_NAMES),
    groups: [...groups].sort().slice(0, MOST_NAMES),
    accounts: [...accounts.values()]
      .sort((a, b) => (`${a.namespace}/${a.name}` < `${b.namespace}/${b.name}` ? -1 : 1))
      .slice(0, MOST_NAMES),
    roles: index.snapshot.roles
      .slice(0, MOST_NAMES)
      .map(({ kind, namespace, name }) => ({ kind, namespace, name })),
    bindings: index.snapshot.bindings
      .slice(0, MOST_NAMES)
      .map(({ kind, namespace, name }) => ({ kind, namespace, name })),
  };
}

function unique<T>(list: readonly T[]): T[] {
  return [...new Set(list)];
}
