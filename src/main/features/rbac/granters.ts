/**
 * Who could grant a right: whoever may create the role and the binding, and holds the right already
 * or may go beyond it with `escalate` and `bind` (A24). Subjects as bindings name them: members of
 * groups are not told apart.
 */
import type { Granter, RbacQuestion } from '#shared/contract/rbac';
import type { RbacIndex } from '#shared/domain/rbac/rbac-index';
import { whoCan, type Question, type SubjectAnswer } from '#shared/domain/rbac/who-can';
import { toQuestion } from './answers';

const API = 'rbac.authorization.k8s.io';
const MOST = 100;

export function grantersOf(index: RbacIndex, asked: RbacQuestion): Granter[] {
  const { namespace } = asked;
  const wide = namespace === '';
  const scope: Pick<Question, 'namespace'> = wide ? {} : { namespace };
  const may = (verb: string, resource: string): Map<string, SubjectAnswer> =>
    byKey(whoCan(index, { verb, apiGroup: API, resource, subresource: '', ...scope }));
  const roles = wide ? 'clusterroles' : 'roles';
  const bindings = may('create', wide ? 'clusterrolebindings' : 'rolebindings');
  const makers = may('create', roles);
  const escalate = may('escalate', roles);
  const bind = may('bind', roles);
  const holders = byKey(whoCan(index, toQuestion(asked)));
  const found: Granter[] = [];
  for (const [key, { kind, namespace: own, name }] of bindings) {
    const subject = { kind, namespace: own, name };
    if (holders.has(key) && makers.has(key)) {
      found.push({ subject, why: 'holds the right, and may create the role and the binding' });
    } else if (escalate.has(key) && bind.has(key) && makers.has(key)) {
      found.push({ subject, why: 'may go beyond its own rights (escalate and bind)' });
    } else if (bind.has(key) || holders.has(key)) {
      found.push({ subject, why: 'may create the binding, once somebody else made the role' });
    }
    if (found.length >= MOST) break;
  }
  return found;
}

function byKey(list: readonly SubjectAnswer[]): Map<string, SubjectAnswer> {
  return new Map(list.map((one) => [`${one.kind}/${one.namespace}/${one.name}`, one]));
}
