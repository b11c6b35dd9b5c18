/** How questions, subjects and rules are written and read on screen. */
import type { ObjectName, RbacQuestion, Who } from '#shared/contract/rbac';
import type { AtomRow } from '#shared/domain/rbac/atoms';
import type { PolicyRule } from '#shared/domain/rbac/types';
import type { TypedQuestion } from './access-store';

/** `pods/log`, `deployments.apps/scale`, `/healthz`: taken apart; the group is what follows the first dot. */
export function parseTarget(
  target: string,
): Pick<RbacQuestion, 'group' | 'resource' | 'subresource' | 'path'> {
  const text = target.trim();
  if (text.startsWith('/')) return { group: '', resource: '', subresource: '', path: text };
  const slash = text.indexOf('/');
  const full = slash < 0 ? text : text.slice(0, slash);
  const subresource = slash < 0 ? '' : text.slice(slash + 1);
  const dot = full.indexOf('.');
  return {
    group: dot < 0 ? '' : full.slice(dot + 1),
    resource: dot < 0 ? full : full.slice(0, dot),
    subresource,
    path: '',
  };
}

/** Undefined while something is missing. */
export function toQuestion(typed: TypedQuestion): RbacQuestion | undefined {
  const target = parseTarget(typed.target);
  const verb = typed.verb.trim();
  if (verb === '' || (target.resource === '' && target.path === '')) return undefined;
  const url = target.path !== '';
  return {
    verb,
    ...target,
    name: url ? '' : typed.name.trim(),
    namespace: url ? '' : typed.namespace,
  };
}

export function targetText(group: string, resource: string, subresource = ''): string {
  const base = group === '' ? resource : `${resource}.${group}`;
  return subresource === '' ? base : `${base}/${subresource}`;
}

/** `deployments.apps/scale` of a rule's group and resource; a star stays a star. */
export function ruleTarget(group: string, resource: string): string {
  const slash = resource.indexOf('/');
  if (slash < 0) return group === '' ? resource : `${resource}.${group}`;
  return targetText(group, resource.slice(0, slash), resource.slice(slash + 1));
}

/** `get, list secrets (payment-key)`. */
export function ruleText(rule: PolicyRule): string {
  const verbs = (rule.verbs ?? []).join(', ');
  const targets = (rule.apiGroups ?? []).flatMap((group) =>
    (rule.resources ?? []).map((resource) => ruleTarget(group, resource)),
  );
  const names = rule.resourceNames?.length ? ` named ${rule.resourceNames.join(', ')}` : '';
  const urls = (rule.nonResourceURLs ?? []).join(', ');
  return [verbs, `${targets.join(', ')}${names}`, urls].filter((part) => part !== '').join(' ');
}

export function rowTarget(row: AtomRow): string {
  return row.urls.length > 0 ? row.urls.join(', ') : ruleTarget(row.group, row.resource);
}

export function questionText(question: RbacQuestion): string {
  const { verb, group, resource, subresource, name, namespace, path } = question;
  if (path !== '') return `${verb} ${path}`;
  const what = `${verb} ${targetText(group, resource, subresource)}${name === '' ? '' : ` ${name}`}`;
  return `${what} ${namespace === '' ? 'in the whole cluster' : `in ${namespace}`}`;
}

export function whoText(who: Who): string {
  if (who.kind === 'me') return 'you';
  return who.kind === 'ServiceAccount'
    ? `service account ${who.namespace}/${who.name}`
    : `${who.kind.toLowerCase()} ${who.name}`;
}

export function isComplete(who: Who): boolean {
  if (who.kind === 'me') return true;
  return who.name !== '' && (who.kind !== 'ServiceAccount' || who.namespace !== '');
}

/** `jane-one-secret` or `shop/jane-one-secret`. */
export function objectText({ namespace, name }: ObjectName): string {
  return namespace === '' ? name : `${namespace}/${name}`;
}

const kindIds: Readonly<Record<string, string>> = {
  Role: 'roles.rbac.authorization.k8s.io',
  ClusterRole: 'clusterroles.rbac.authorization.k8s.io',
  RoleBinding: 'rolebindings.rbac.authorization.k8s.io',
  ClusterRoleBinding: 'clusterrolebindings.rbac.authorization.k8s.io',
  ServiceAccount: 'serviceaccounts',
  Pod: 'pods',
  Namespace: 'namespaces',
  Service: 'services',
  Secret: 'secrets',
  ConfigMap: 'configmaps',
  MutatingWebhookConfiguration: 'mutatingwebhookconfigurations.admissionregistration.k8s.io',
  ValidatingWebhookConfiguration: 'validatingwebhookconfigurations.admissionregistration.k8s.io',
  ValidatingAdmissionPolicy: 'validatingadmissionpolicies.admissionregistration.k8s.io',
  ValidatingAdmissionPolicyBinding: 'validatingadmissionpolicybindings.admissionregistration.k8s.io',
  MutatingAdmissionPolicy: 'mutatingadmissionpolicies.admissionregistration.k8s.io',
  MutatingAdmissionPolicyBinding: 'mutatingadmissionpolicybindings.admissionregistration.k8s.io',
  CertificateSigningRequest: 'certificatesigningrequests.certificates.k8s.io',
};

/** Kind id of what this feature links to. */
export function kindIdOf(kind: string): string | undefined {
  return kindIds[kind];
}
