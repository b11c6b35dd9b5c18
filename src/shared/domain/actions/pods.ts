/** One pod: eviction and resources in place. */
import type { ContainerResources, OptionsOf } from './options';
import { parseQuantity } from '../../util/quantity';
import { at, change, list, map, strategicPatch, patchCommand, word } from './read';
import { refuse, type Change, type Planner, type Thing } from './types';

const RESIZABLE = ['cpu', 'memory'];

export const evict: Planner<OptionsOf['evict']> = (object, { grace }, target) => {
  const owner = list(at(object, 'metadata', 'ownerReferences')).find((one) => one.controller === true);
  const eviction = {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name: target.name, namespace: target.namespace },
    deleteOptions: {
      preconditions: { uid: target.uid },
      ...(grace === null ? {} : { gracePeriodSeconds: grace }),
    },
  };
  return {
    changes: [change(`pods/${target.name}`, 'there', null)],
    requests: [{ method: 'POST', subresource: 'eviction', body: eviction }],
    warnings: [
      owner
        ? `${word(owner.kind)} ${word(owner.name)} makes another one.`
        : 'No controller makes another one: it is gone for good.',
      'A PodDisruptionBudget may refuse it.',
    ],
    kubectl: [
      'create',
      '--raw',
      `/api/v1/namespaces/${target.namespace}/pods/${target.name}/eviction`,
      '-f',
      '-',
    ],
    input: eviction,
    done: 'Evicted',
    danger: !owner,
  };
};

export interface ContainerAmounts {
  readonly name: string;
  readonly requests: ReadonlyMap<string, string>;
  readonly limits: ReadonlyMap<string, string>;
  /** Resources whose change restarts the container. */
  readonly restarts: readonly string[];
}

export function containerAmounts(pod: unknown): readonly ContainerAmounts[] {
  return list(at(pod, 'spec', 'containers')).map((one) => ({
    name: word(one.name),
    requests: map(at(one, 'resources', 'requests')),
    limits: map(at(one, 'resources', 'limits')),
    restarts: list(one.resizePolicy)
      .filter((policy) => policy.restartPolicy === 'RestartContainer')
      .map((policy) => word(policy.resourceName)),
  }));
}

export const resize: Planner<OptionsOf['resize']> = (object, { containers }, target) => {
  const now = new Map(containerAmounts(object).map((one) => [one.name, one]));
  const changes: Change[] = [];
  const warnings: string[] = [];
  const parts: object[] = [];
  const undo: Record<string, ContainerResources> = {};
  for (const [name, wanted] of Object.entries(containers)) {
    const had = now.get(name);
    if (!had) return refuse(`It has no container ${name}.`);
    const part: Record<string, Record<string, string | null>> = {};
    const back: Record<string, Record<string, string | null>> = {};
    const after = { requests: new Map(had.requests), limits: new Map(had.limits) };
    for (const field of ['requests', 'limits'] as const) {
      for (const [resource, amount] of Object.entries(wanted[field] ?? {})) {
        const before = had[field].get(resource) ?? null;
        if (
          before === amount ||
          (before !== null && amount !== null && parseQuantity(before) === parseQuantity(amount))
        )
          continue;
        if (!RESIZABLE.includes(resource)) return refuse(`${resource} cannot be changed in place.`);
        if (amount === null)
          return refuse(
            `${name}: a ${field === 'limits' ? 'limit' : 'request'} cannot be taken away in place.`,
          );
        if (parseQuantity(amount) === null) return refuse(`${name}: ${amount} is no amount of ${resource}.`);
        changes.push(change(`spec.containers[${name}].resources.${field}.${resource}`, before, amount));
        (part[field] ??= {})[resource] = amount;
        (back[field] ??= {})[resource] = before;
        after[field].set(resource, amount);
        if (had.restarts.includes(resource))
          warnings.push(`${name} restarts: its resizePolicy says so for ${resource}.`);
        else if (field === 'limits' && resource === 'memory' && isLess(amount, before))
          warnings.push(`${name}: a lower memory limit waits until the container uses less than it.`);
      }
    }
    for (const resource of RESIZABLE) {
      const [request, limit] = [after.requests.get(resource), after.limits.get(resource)];
      if (request !== undefined && limit !== undefined && isLess(limit, request))
        return refuse(`${name}: the ${resource} limit ${limit} is less than the request ${request}.`);
    }
    if (Object.keys(part).length === 0) continue;
    parts.push({ name, resources: part });
    undo[name] = back;
  }
  if (changes.length === 0) return refuse('These are its resources already.');
  const undoable = changes.every((one) => one.before !== null);
  const body: Thing = { spec: { containers: parts } };
  return {
    changes,
    requests: [strategicPatch(target, body, 'resize')],
    warnings: [
      ...new Set(warnings),
      ...(at(object, 'metadata', 'ownerReferences') === undefined
        ? []
        : ['Only this pod: the template it came from stays as it is.']),
    ],
    kubectl: patchCommand(target, 'strategic', body, 'resize'),
    done: 'Resize asked for',
    ...(undoable ? { undo: { verb: 'resize' as const, options: { containers: undo } } } : {}),
  };
};

function isLess(a: string | null, b: string | null): boolean {
  const [left, right] = [parseQuantity(a), parseQuantity(b)];
  return left !== null && right !== null && left < right;
}
