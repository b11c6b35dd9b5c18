/** What differs: a binding less, two subjects or roles side by side, many subjects in a matrix. */
import type {
  CompareAnswer,
  MatrixAnswer,
  MatrixCell,
  ObjectName,
  RemovalAnswer,
  Side,
} from '#shared/contract/rbac';
import { atomsOf, coversAtom, rowsOf, sortVerbs } from '#shared/domain/rbac/atoms';
import { can } from '#shared/domain/rbac/can';
import { effectiveRules } from '#shared/domain/rbac/effective-rules';
import { impliedGroups, serviceAccountUser, subjectKey } from '#shared/domain/rbac/identity';
import { groupMatches, resourceMatches } from '#shared/domain/rbac/match';
import type { RbacIndex } from '#shared/domain/rbac/rbac-index';
import type { Binding, PolicyRule, Subject } from '#shared/domain/rbac/types';
import { fail } from '#shared/util/app-error';
import type { WhoAmI } from '../../k8s/access';
import { identityOf } from './answers';

const MOST_SUBJECTS = 200;
export const MATRIX_VERBS = [
  'get',
  'list',
  'watch',
  'create',
  'update',
  'patch',
  'delete',
  'deletecollection',
];

interface Named {
  readonly user: string;
  readonly groups: readonly string[];
}

export function removalOf(index: RbacIndex, of: ObjectName): Omit<RemovalAnswer, 'lacks'> {
  const found = index
    .allBindings()
    .find(
      ({ binding }) =>
        binding.kind === of.kind && binding.namespace === of.namespace && binding.name === of.name,
    );
  if (!found) throw fail('not-found', `There is no ${of.kind} ${of.name} any more.`);
  const { binding, role } = found;
  const atoms = atomsOf(scoped(role?.rules ?? [], binding));
  const subjects = binding.subjects.slice(0, MOST_SUBJECTS).flatMap((subject) => {
    if (subjectKey(subject, binding.namespace) === undefined) return [];
    const others = effectiveRules(index, namedOf(subject, binding.namespace), binding.namespace)
      .filter((one) => one.binding !== binding)
      .map((one) => half(one.rule, one.resources, one.urls));
    return [
      {
        subject: objectOf(subject, binding.namespace),
        lost: rowsOf(atoms.filter((atom) => !coversAtom(others, atom))),
        kept: rowsOf(atoms.filter((atom) => coversAtom(others, atom))),
      },
    ];
  });
  const notes = [
    'What a subject keeps comes from its other bindings and from groups everybody is in; further groups of a user are not known to the cluster.',
  ];
  if (binding.kind === 'ClusterRoleBinding')
    notes.push(
      'Counted for the whole cluster: RoleBindings may still give parts of it in single namespaces.',
    );
  if (binding.subjects.some((subject) => subject.kind === 'Group'))
    notes.push('Every member of a group loses what the group loses.');
  return {
    binding: of,
    role: {
      kind: binding.roleRef.kind,
      name: binding.roleRef.name,
      namespace: binding.roleRef.kind === 'Role' ? binding.namespace : '',
    },
    missing: role === undefined,
    subjects,
    more: Math.max(0, binding.subjects.length - MOST_SUBJECTS),
    notes,
  };
}

export function compareSides(
  index: RbacIndex,
  a: Side,
  b: Side,
  namespace: string,
  me: WhoAmI | undefined,
): Omit<CompareAnswer, 'lacks'> {
  const left = rulesOfSide(index, a, namespace, me);
  const right = rulesOfSide(index, b, namespace, me);
  const ofA = atomsOf(left.rules);
  return {
    onlyA: rowsOf(ofA.filter((atom) => !coversAtom(right.rules, atom))),
    onlyB: rowsOf(atomsOf(right.rules).filter((atom) => !coversAtom(left.rules, atom))),
    both: rowsOf(ofA.filter((atom) => coversAtom(right.rules, atom))),
    notes: [...new Set([...left.notes, ...right.notes])],
  };
}

function rulesOfSide(
  index: RbacIndex,
  side: Side,
  namespace: string,
  me: WhoAmI | undefined,
): { readonly rules: readonly PolicyRule[]; readonly notes: readonly string[] } {
  if ('role' in side) {
    const { kind, name, namespace: own } = side.role;
    const role = index.role(kind, own, name);
    if (!role) throw fail('not-found', `There is no ${kind} ${own === '' ? '' : `${own}/`}${name}.`);
    return { rules: role.rules, notes: [] };
  }
  const identity = identityOf(side.who, me);
  const rules = effectiveRules(index, identity, namespace).map((one) =>
    half(one.rule, one.resources, one.urls),
  );
  return { rules, notes: identity.notes };
}

export interface MatrixAsked {
  readonly namespace: string;
  readonly filter: string;
  readonly builtIn: boolean;
  readonly resources: readonly {
    readonly group: string;
    readonly resource: string;
    readonly subresource: string;
  }[];
  readonly offset: number;
  readonly limit: number;
}

export function matrixOf(index: RbacIndex, asked: MatrixAsked): Omit<MatrixAnswer, 'lacks'> {
  const wanted = asked.filter.trim().toLowerCase();
  const all = subjectsOf(index).filter(
    ({ kind, namespace, name }) =>
      (asked.builtIn ||
        !(name.startsWith('system:') || (kind === 'ServiceAccount' && namespace === 'kube-system'))) &&
      (wanted === '' || `${namespace}/${name}`.toLowerCase().includes(wanted)),
  );
  const rows = all.slice(asked.offset, asked.offset + asked.limit).map((subject) => {
    const who = namedOf(subject, subject.namespace);
    const rules = effectiveRules(index, who, asked.namespace).map(({ rule }) => rule);
    return {
      subject,
      cells: asked.resources.map((target) => cellOf(index, who, rules, target, asked.namespace)),
    };
  });
  return { total: all.length, offset: asked.offset, rows };
}

function cellOf(
  index: RbacIndex,
  who: Named,
  rules: readonly PolicyRule[],
  { group, resource, subresource }: MatrixAsked['resources'][number],
  namespace: string,
): MatrixCell {
  const about = rules.filter(
    (rule) => groupMatches(rule, group) && resourceMatches(rule, resource, subresource),
  );
  if (about.length === 0) return [[], []];
  const everyName: string[] = [];
  const someNames: string[] = [];
  for (const verb of MATRIX_VERBS) {
    const request = {
      ...who,
      verb,
      apiGroup: group,
      resource,
      subresource,
      ...(namespace === '' ? {} : { namespace }),
    };
    if (can(index, request, false).allowed) everyName.push(verb);
    else if (
      verb !== 'deletecollection' &&
      !(verb === 'create' && subresource === '') &&
      about.some(
        (rule) => rule.resourceNames?.length && (rule.verbs?.includes(verb) || rule.verbs?.includes('*')),
      )
    )
      someNames.push(verb);
  }
  return [sortVerbs(everyName), sortVerbs(someNames)];
}

/** Every subject a binding names, each once, in order. */
function subjectsOf(index: RbacIndex): ObjectName[] {
  const found = new Map<string, ObjectName>();
  for (const { binding } of index.allBindings()) {
    for (const subject of binding.subjects) {
      const key = subjectKey(subject, binding.namespace);
      if (key !== undefined && !found.has(key)) found.set(key, objectOf(subject, binding.namespace));
    }
  }
  const text = ({ kind, namespace, name }: ObjectName): string => `${kind}/${namespace}/${name}`;
  return [...found.values()].sort((a, b) => (text(a) < text(b) ? -1 : 1));
}

function objectOf(subject: Subject, namespace: string): ObjectName {
  const own = subject.kind === 'ServiceAccount' ? subject.namespace || namespace : '';
  return { kind: subject.kind, namespace: own, name: subject.name };
}

function namedOf(subject: Pick<Subject, 'kind' | 'name' | 'namespace'>, namespace: string): Named {
  if (subject.kind === 'Group') return { user: '', groups: [subject.name] };
  const user =
    subject.kind === 'ServiceAccount'
      ? serviceAccountUser(subject.namespace || namespace, subject.name)
      : subject.name;
  return { user, groups: impliedGroups(user) };
}

/** A binding in a namespace grants no URLs (A13). */
function scoped(rules: readonly PolicyRule[], binding: Binding): readonly PolicyRule[] {
  return binding.kind === 'ClusterRoleBinding' ? rules : rules.map((rule) => half(rule, true, false));
}

function half(rule: PolicyRule, resources: boolean, urls: boolean): PolicyRule {
  return {
    ...rule,
    resources: resources ? (rule.resources ?? []) : [],
    nonResourceURLs: urls ? (rule.nonResourceURLs ?? []) : [],
  };
}
