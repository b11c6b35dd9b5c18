/** Access: role bindings, subjects, rules, requesters, flow control: T41-T44, T54, T55. */
import { str, strings } from '../../../k8s/read';
import type { LabelSelector } from '../../../k8s/types';
import { kindOfResource } from './kinds';
import { dig, get, isFields, row, texts, toVirtual, virtual } from './match';
import type { LinkOptions, Matcher, Relation, Sink } from './types';

const RBAC = 'rbac.authorization.k8s.io';
const BINDINGS = `RoleBinding.${RBAC} ClusterRoleBinding.${RBAC}`;
const ROLES = `Role.${RBAC} ClusterRole.${RBAC}`;

/** T41: a RoleBinding may name a Role of its namespace or a ClusterRole, a ClusterRoleBinding only the latter. */
const roleRef: Matcher = (value, sink) => {
  const kind = get(value, 'kind');
  const name = str(get(value, 'name'));
  if (name === '' || (kind !== 'ClusterRole' && kind !== 'Role')) return;
  if (kind === 'Role' && sink.self.namespace === '') return;
  sink.link(
    { group: RBAC, kind, namespace: kind === 'Role' ? sink.self.namespace : '', name },
    { value: `${kind}/${name}` },
  );
};

const SA_USER = /^system:serviceaccount:([^:]+):([^:]+)$/;

function linkUser(sink: Sink, name: string, options: LinkOptions): void {
  const account = SA_USER.exec(name);
  if (account)
    sink.link(
      { group: '', kind: 'ServiceAccount', namespace: account[1] ?? '', name: account[2] ?? '' },
      options,
    );
  else sink.link(virtual('User', name), options);
}

function linkGroup(sink: Sink, name: string, options: LinkOptions): void {
  sink.link(virtual('Group', name), options);
  const accounts = /^system:serviceaccounts(?::([^:]+))?$/.exec(name);
  if (!accounts) return;
  sink.select({
    group: '',
    kind: 'ServiceAccount',
    namespaces: accounts[1] ? [accounts[1]] : 'any',
    options,
  });
}

/** T42: an account without namespace is the binding's own; a ClusterRoleBinding has none. */
const subject: Matcher = (value, sink) => {
  const name = str(get(value, 'name'));
  if (name === '') return;
  const options = { value: name };
  if (get(value, 'kind') === 'User') linkUser(sink, name, options);
  else if (get(value, 'kind') === 'Group') linkGroup(sink, name, options);
  else if (get(value, 'kind') === 'ServiceAccount') {
    const namespace = str(get(value, 'namespace')) || sink.self.namespace;
    sink.link({ group: '', kind: 'ServiceAccount', namespace, name }, options);
  }
};

const flowSubject: Matcher = (value, sink) => {
  const user = str(dig(value, 'user', 'name'));
  const group = str(dig(value, 'group', 'name'));
  const account = get(value, 'serviceAccount');
  if (get(value, 'kind') === 'User' && user) linkUser(sink, user, { value: user });
  else if (get(value, 'kind') === 'Group' && group) linkGroup(sink, group, { value: group });
  else if (get(value, 'kind') === 'ServiceAccount') {
    const [namespace, name] = [str(get(account, 'namespace')), str(get(account, 'name'))];
    if (name === '*')
      sink.select({
        group: '',
        kind: 'ServiceAccount',
        namespaces: [namespace],
        options: { value: `${namespace}/*` },
      });
    else sink.link({ group: '', kind: 'ServiceAccount', namespace, name }, { value: `${namespace}/${name}` });
  }
};

/** T43: roles folded into this one; itself never. */
const aggregated: Matcher = (value, sink, relation) => {
  const { self } = sink;
  if (isFields(value))
    sink.select({
      ...relation.target,
      namespaces: 'any',
      selector: value as LabelSelector,
      test: (one) => one.name !== self.name,
    });
};

/** T44: named objects where the rule names them, else the resource as a whole. */
const ruleResources: Matcher = (value, sink) => {
  const names = texts(get(value, 'resourceNames'));
  const { namespace } = sink.self;
  for (const group of strings(get(value, 'apiGroups') as string[])) {
    for (const resource of texts(get(value, 'resources'))) {
      const shown = group === '' ? resource : `${resource}.${group}`;
      const options = { value: `${strings(get(value, 'verbs') as string[]).join(',')} ${shown}`, weak: true };
      if (names.length === 0) sink.link(virtual('Resource', shown, namespace), options);
      const base = resource.split('/')[0] ?? '';
      const kind = kindOfResource(group, base);
      for (const name of names) {
        if (kind === undefined) sink.link(virtual('Resource', `${shown}/${name}`, namespace), options);
        else if (namespace !== '' || sink.clusterScoped(group, kind)) {
          if (namespace === '' || !sink.clusterScoped(group, kind))
            sink.link({ group, kind, namespace, name }, { ...options, weak: false });
        } else sink.select({ group, kind, namespaces: 'any', name, options: { ...options, weak: false } });
      }
    }
  }
};

const requester: Matcher = (value, sink) => {
  if (typeof value === 'string' && value) linkUser(sink, value, {});
};

export const ACCESS_RELATIONS: readonly Relation[] = [
  row('T41', 'grants-role', BINDINGS, 'roleRef', `ClusterRole.${RBAC}`, roleRef),
  row('T42', 'subject', BINDINGS, 'subjects[]', 'User.~', subject),
  row(
    'T43',
    'aggregates',
    `ClusterRole.${RBAC}`,
    'aggregationRule.clusterRoleSelectors[]',
    `ClusterRole.${RBAC}`,
    aggregated,
  ),
  row('T44', 'allows', ROLES, 'rules[]', 'Resource.~', ruleResources),
  row(
    'T54',
    'requested-by',
    'CertificateSigningRequest.certificates.k8s.io',
    'spec.username',
    'User.~',
    requester,
  ),
  row(
    'T54',
    'requested-by',
    'CertificateSigningRequest.certificates.k8s.io',
    'spec.groups[]',
    'Group.~',
    toVirtual('Group'),
  ),
  row(
    'T54',
    'signer',
    'CertificateSigningRequest.certificates.k8s.io',
    'spec.signerName',
    'Signer.~',
    toVirtual('Signer'),
  ),
  row(
    'T55',
    'priority-level',
    'FlowSchema.flowcontrol.apiserver.k8s.io',
    'spec.priorityLevelConfiguration.name',
    'PriorityLevelConfiguration.flowcontrol.apiserver.k8s.io',
  ),
  row(
    'T55',
    'subject',
    'FlowSchema.flowcontrol.apiserver.k8s.io',
    'spec.rules[].subjects[]',
    'User.~',
    flowSubject,
  ),
];
