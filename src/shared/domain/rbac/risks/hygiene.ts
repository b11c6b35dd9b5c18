/**
 * What is wrong or loose about bindings and service accounts themselves: bindings that grant
 * nothing, grants to everybody, rights of default accounts, and which pods carry which rights.
 */
import { parseServiceAccount, serviceAccountUser, subjectKey } from '../identity';
import type { RbacIndex } from '../rbac-index';
import type { Binding, Subject } from '../types';
import { isEverybody, severityRank, type RiskFinding } from './findings';
import type { Severity } from './define';

export interface PodFacts {
  readonly namespace: string;
  readonly name: string;
  readonly serviceAccount: string;
  /** A token is mounted: by pod, account or default. */
  readonly token: boolean;
  /** Words why it reaches the node: `privileged`, `hostPath /`, `hostPID`; empty when it does not. */
  readonly escape: readonly string[];
  readonly node: string;
}

export interface AccountFacts {
  readonly namespace: string;
  readonly name: string;
  /** Annotations that give it a cloud identity, as `key=value`. */
  readonly cloud: readonly string[];
}

export interface HygieneFinding {
  readonly id: string;
  readonly kind:
    | 'missing-role'
    | 'missing-subject'
    | 'no-subjects'
    | 'everybody'
    | 'default-account'
    | 'unused-account'
    | 'cloud-identity'
    | 'pod-token'
    | 'node-escape';
  readonly severity: Severity;
  readonly title: string;
  readonly why: string;
  readonly binding?: Binding;
  readonly subject?: Subject;
  readonly pods?: readonly PodFacts[];
  /** Dangerous permissions that come with it. */
  readonly permissions?: readonly string[];
}

/** Roles every cluster binds to everybody. */
const PUBLIC_ROLES = new Set([
  'system:basic-user',
  'system:discovery',
  'system:public-info-viewer',
  'system:service-account-issuer-discovery',
  'kubeadm:bootstrap-signer-clusterinfo',
]);

export interface Surroundings {
  readonly accounts: readonly AccountFacts[];
  readonly pods: readonly PodFacts[];
}

export function hygieneFindings(
  index: RbacIndex,
  risks: readonly RiskFinding[],
  { accounts, pods }: Surroundings,
): HygieneFinding[] {
  const found: HygieneFinding[] = [];
  const known = new Set(accounts.map((one) => serviceAccountUser(one.namespace, one.name)));
  for (const { binding, role } of index.allBindings())
    bindingFindings(found, binding, role !== undefined, known);
  accountFindings(found, index, risks, accounts, pods);
  return found.sort(
    (a, b) => severityRank(b.severity) - severityRank(a.severity) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  );
}

function where({ namespace }: Binding): string {
  return namespace === '' ? 'in the whole cluster' : `in ${namespace}`;
}

function bindingFindings(
  found: HygieneFinding[],
  binding: Binding,
  granted: boolean,
  accounts: ReadonlySet<string>,
): void {
  const { kind, namespace, name, roleRef, subjects } = binding;
  const at = `${kind} ${namespace ? `${namespace}/` : ''}${name}`;
  if (!granted) {
    found.push({
      id: `missing-role ${at}`,
      kind: 'missing-role',
      severity: 'low',
      title: `${at} points at a role that does not exist`,
      why: `${roleRef.kind} ${roleRef.name} is missing: the binding grants nothing now, and whoever creates that role decides what it grants.`,
      binding,
    });
  }
  if (subjects.length === 0) {
    found.push({
      id: `no-subjects ${at}`,
      kind: 'no-subjects',
      severity: 'low',
      title: `${at} has no subjects`,
      why: 'It grants nothing to nobody.',
      binding,
    });
  }
  for (const subject of subjects) {
    if (isEverybody(subject) && granted && !PUBLIC_ROLES.has(roleRef.name)) {
      const open = subject.name === 'system:anonymous' || subject.name === 'system:unauthenticated';
      found.push({
        id: `everybody ${at} ${subject.name}`,
        kind: 'everybody',
        severity: open ? 'critical' : 'high',
        title: `${roleRef.name} is granted to ${subject.name} ${where(binding)}`,
        why: open
          ? 'Everybody who reaches the API server holds it, without signing in.'
          : subject.name === 'system:serviceaccounts'
            ? 'Every pod with a token holds it.'
            : 'Every user and every pod with a token holds it.',
        binding,
        subject,
      });
    }
    const account = subject.kind === 'ServiceAccount' ? subjectKey(subject, namespace)?.slice(2) : undefined;
    // Without the list of accounts nothing is known to be missing.
    if (account !== undefined && accounts.size > 0 && !accounts.has(account)) {
      const parts = parseServiceAccount(account);
      found.push({
        id: `missing-subject ${at} ${account}`,
        kind: 'missing-subject',
        severity: 'medium',
        title: `${at} grants to a service account that does not exist`,
        why: `${parts ? `${parts.namespace}/${parts.name}` : account} is missing: whoever creates it gets the rights.`,
        binding,
        subject,
      });
    }
  }
}

function accountFindings(
  found: HygieneFinding[],
  index: RbacIndex,
  risks: readonly RiskFinding[],
  accounts: readonly AccountFacts[],
  pods: readonly PodFacts[],
): void {
  const byAccount = new Map<string, PodFacts[]>();
  for (const pod of pods) {
    const key = serviceAccountUser(pod.namespace, pod.serviceAccount);
    const list = byAccount.get(key);
    if (list) list.push(pod);
    else byAccount.set(key, [pod]);
  }
  const byUser = new Map<string, RiskFinding[]>();
  for (const risk of risks) {
    const key = subjectKey(risk.subject, risk.namespace);
    if (key === undefined) continue;
    const list = byUser.get(key);
    if (list) list.push(risk);
    else byUser.set(key, [risk]);
  }
  for (const account of accounts) {
    const { namespace, name } = account;
    const user = serviceAccountUser(namespace, name);
    const subject: Subject = { kind: 'ServiceAccount', namespace, name };
    const mine = byAccount.get(user) ?? [];
    const dangers = byUser.get(`u:${user}`) ?? [];
    const bound = dangers.length > 0 || isBound(index, user);
    const permissions = [...new Set(dangers.map((risk) => risk.permission.title))];
    const worst = dangers.reduce((rank, risk) => Math.max(rank, severityRank(risk.severity)), -1);
    if (name === 'default' && bound) {
      found.push({
        id: `default-account ${user}`,
        kind: 'default-account',
        severity: worst >= severityRank('high') ? 'high' : 'medium',
        title: `The default service account of ${namespace} has rights of its own`,
        why: 'Every pod of the namespace that names no account holds them.',
        subject,
        pods: mine,
        permissions,
      });
    }
    if (name !== 'default' && bound && pods.length > 0 && mine.length === 0 && namespace !== 'kube-system') {
      found.push({
        id: `unused-account ${user}`,
        kind: 'unused-account',
        severity: 'low',
        title: `No pod uses service account ${namespace}/${name}`,
        why: 'It holds rights that nothing uses now; tokens may still be outside the cluster.',
        subject,
        permissions,
      });
    }
    if (account.cloud.length > 0) {
      found.push({
        id: `cloud-identity ${user}`,
        kind: 'cloud-identity',
        severity: 'low',
        title: `${namespace}/${name} carries a cloud identity`,
        why: `${account.cloud.join(', ')}: whoever runs a pod as it has that identity’s rights in the cloud.`,
        subject,
        pods: mine,
      });
    }
    const holders = mine.filter((pod) => pod.token);
    if (dangers.length === 0 || holders.length === 0 || namespace === 'kube-system') continue;
    found.push({
      id: `pod-token ${user}`,
      kind: 'pod-token',
      severity: worst >= severityRank('critical') ? 'high' : worst >= severityRank('high') ? 'medium' : 'low',
      title: `${holders.length === 1 ? 'A pod carries' : `${holders.length} pods carry`} the rights of ${namespace}/${name}`,
      why: `Whoever gets into one of them may: ${permissions.slice(0, 5).join(', ')}.`,
      subject,
      pods: holders,
      permissions,
    });
  }
  const strong = new Set<string>();
  for (const [key, list] of byUser) {
    if (list.some((risk) => severityRank(risk.severity) >= severityRank('high'))) strong.add(key);
  }
  const strongOn = new Map<string, PodFacts[]>();
  for (const pod of pods) {
    if (pod.node === '' || !pod.token) continue;
    if (!strong.has(`u:${serviceAccountUser(pod.namespace, pod.serviceAccount)}`)) continue;
    const list = strongOn.get(pod.node);
    if (list) list.push(pod);
    else strongOn.set(pod.node, [pod]);
  }
  for (const pod of pods) {
    if (pod.escape.length === 0 || pod.namespace === 'kube-system') continue;
    const neighbours = strongOn.get(pod.node) ?? [];
    if (neighbours.length === 0) continue;
    found.push({
      id: `node-escape ${pod.namespace}/${pod.name}`,
      kind: 'node-escape',
      severity: 'high',
      title: `${pod.namespace}/${pod.name} reaches its node, and strong tokens with it`,
      why: `${pod.escape.join(', ')}: from node ${pod.node} it reads the tokens of ${neighbours.length === 1 ? '1 pod' : `${neighbours.length} pods`} with strong rights.`,
      subject: { kind: 'ServiceAccount', namespace: pod.namespace, name: pod.serviceAccount },
      pods: [pod, ...neighbours],
    });
  }
}

function isBound(index: RbacIndex, user: string): boolean {
  return index.bindingsFor(`u:${user}`, '').length > 0 || index.namespacesOf(`u:${user}`).length > 0;
}
