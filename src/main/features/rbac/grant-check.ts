/**
 * Before the server says no: may you make this role and this binding? What you hold comes from RBAC,
 * what you may create, `escalate` and `bind` from the server's own word (A24).
 */
import type { GrantAsked, GrantCheck } from '#shared/contract/rbac';
import { effectiveRules } from '#shared/domain/rbac/effective-rules';
import { escalationOf } from '#shared/domain/rbac/grant';
import { MASTERS } from '#shared/domain/rbac/identity';
import type { RbacIndex } from '#shared/domain/rbac/rbac-index';
import type { PolicyRule } from '#shared/domain/rbac/types';
import { fail } from '#shared/util/app-error';
import type { WhoAmI } from '../../k8s/access';
import type { Api } from '../../k8s/api';
import { askReview } from './review';

const API = 'rbac.authorization.k8s.io';

export async function checkGrant(
  index: RbacIndex,
  me: WhoAmI | undefined,
  { namespace, role }: GrantAsked,
  api: Api,
  signal: AbortSignal,
): Promise<Omit<GrantCheck, 'lacks'>> {
  const wide = namespace === '';
  const isNew = 'rules' in role;
  const kind = isNew ? (wide ? 'ClusterRole' : 'Role') : role.kind;
  const roles = kind === 'ClusterRole' ? 'clusterroles' : 'roles';
  const may = async (verb: string, resource: string, name?: string): Promise<boolean> => {
    const request = {
      user: me?.name ?? '',
      groups: me?.groups ?? [],
      verb,
      apiGroup: API,
      resource,
      ...(name === undefined ? {} : { name }),
      ...(wide ? {} : { namespace }),
    };
    return (await askReview(api, request, true, signal)).allowed;
  };
  const [createRole, createBinding, escalate, bind] = await Promise.all([
    isNew ? may('create', roles) : true,
    may('create', wide ? 'clusterrolebindings' : 'rolebindings'),
    isNew ? may('escalate', roles, role.name) : false,
    may('bind', roles, role.name),
  ]);
  const wanted = isNew ? role.rules : rulesOf(index, kind, namespace, role.name);
  const held = me ? effectiveRules(index, { user: me.name, groups: me.groups }, namespace) : [];
  const masters = me?.groups.includes(MASTERS) === true;
  const { missing } = masters ? { missing: [] } : escalationOf(wanted, held.map(counted));
  const refusals: string[] = [];
  if (!createRole)
    refusals.push(`You may not create ${roles} ${wide ? 'in the cluster' : `in ${namespace}`}.`);
  if (!createBinding)
    refusals.push(
      `You may not create ${wide ? 'clusterrolebindings' : 'rolebindings'} ${wide ? 'in the cluster' : `in ${namespace}`}.`,
    );
  if (missing.length > 0 && isNew && !escalate)
    refusals.push(`The role goes beyond your own rights, and you may not escalate ${roles}.`);
  if (missing.length > 0 && !bind)
    refusals.push(`The binding gives more than you hold, and you may not bind ${kind} ${role.name}.`);
  return { missing, refusals, beyond: missing.length > 0 && refusals.length === 0 };
}

function rulesOf(index: RbacIndex, kind: string, namespace: string, name: string): readonly PolicyRule[] {
  const role = index.role(kind, namespace, name);
  if (!role) throw fail('not-found', `There is no ${kind} ${name}, or you may not read it.`);
  return role.rules;
}

/** URL rules of RoleBindings grant nothing (A13). */
function counted({ rule, urls, resources }: ReturnType<typeof effectiveRules>[number]): PolicyRule {
  return {
    ...rule,
    resources: resources ? (rule.resources ?? []) : [],
    nonResourceURLs: urls ? (rule.nonResourceURLs ?? []) : [],
  };
}
