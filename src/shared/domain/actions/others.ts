/** Delete anything, expand a claim, bounds of an autoscaler, a signing request. */
import { parseQuantity } from '../../util/quantity';
import { finalizersOf } from './metadata';
import type { OptionsOf } from './options';
import { at, change, int, list, mergePatch, patchCommand, word } from './read';
import { refuse, type Planner, type Thing } from './types';

export const remove: Planner<OptionsOf['delete']> = (object, { propagation, grace }, target) => {
  const isPod = target.kind === 'pods';
  const owner = list(at(object, 'metadata', 'ownerReferences')).find((one) => one.controller === true);
  const finalizers = finalizersOf(object);
  const warnings: string[] = [];
  if (owner) warnings.push(`${word(owner.kind)} ${word(owner.name)} controls it and may make another one.`);
  else if (isPod) warnings.push('No controller makes another one: it is gone for good.');
  if (finalizers.length > 0)
    warnings.push(
      `It goes only after ${finalizers.join(', ')} ${finalizers.length === 1 ? 'is' : 'are'} taken away by ${finalizers.length === 1 ? 'its controller' : 'their controllers'}.`,
    );
  if (isPod && grace === 0)
    warnings.push('Grace period 0: the name is free at once, while its processes may still run on the node.');
  if (word(at(object, 'metadata', 'deletionTimestamp')) !== '') warnings.push('It is being deleted already.');
  warnings.push(...kindWarnings(object, target.kind));
  return {
    changes: [change(`${target.kind}/${target.name}`, 'there', null)],
    requests: [
      {
        method: 'DELETE',
        body: {
          apiVersion: 'v1',
          kind: 'DeleteOptions',
          propagationPolicy: propagation,
          preconditions: { uid: target.uid },
          ...(grace === null ? {} : { gracePeriodSeconds: grace }),
        },
      },
    ],
    warnings,
    kubectl: [
      'delete',
      target.kind,
      target.name,
      ...(propagation === 'Background' ? [] : [`--cascade=${propagation.toLowerCase()}`]),
      ...(grace === null ? [] : [`--grace-period=${grace}`]),
      ...(grace === 0 ? ['--force'] : []),
    ],
    done: finalizers.length > 0 ? 'Deletion begun; it waits for its finalizers' : 'Deleted',
    danger: true,
  };
};

function kindWarnings(object: Thing, kind: string): readonly string[] {
  switch (kind) {
    case 'namespaces':
      return ['Everything in the namespace is deleted with it.'];
    case 'customresourcedefinitions.apiextensions.k8s.io':
      return [
        `Every ${word(at(object, 'spec', 'names', 'kind')) || 'object'} in the cluster is deleted with it.`,
      ];
    case 'persistentvolumeclaims':
      return ['Its volume follows the reclaim policy: with Delete the data is gone.'];
    case 'nodes':
      return ['Its pods are deleted from the API without being ended on the node. Drain it first.'];
    case 'persistentvolumes':
      return word(at(object, 'status', 'phase')) === 'Bound'
        ? ['A claim is bound to it: the claim loses its volume.']
        : [];
    default:
      return [];
  }
}

export const expand: Planner<OptionsOf['expand']> = (object, { size }, target, { storageClass }) => {
  const before = word(at(object, 'spec', 'resources', 'requests', 'storage'));
  const wanted = parseQuantity(size);
  if (wanted === null) return refuse(`${size || 'Nothing'} is no amount of storage, such as 20Gi.`);
  const now = parseQuantity(before);
  if (now !== null && wanted <= now) return refuse(`A claim only grows: it asks for ${before} already.`);
  if (word(at(object, 'status', 'phase')) !== 'Bound') return refuse('Only a bound claim can grow.');
  if (storageClass && at(storageClass, 'allowVolumeExpansion') !== true)
    return refuse(
      `StorageClass ${word(at(storageClass, 'metadata', 'name'))} does not allow volumes to grow (allowVolumeExpansion).`,
    );
  const spec = { resources: { requests: { storage: size } } };
  return {
    changes: [change('spec.resources.requests.storage', before, size)],
    requests: [mergePatch(target, { spec })],
    warnings: ['A claim cannot shrink again. Some drivers grow the file system only when the pod restarts.'],
    kubectl: patchCommand(target, 'merge', { spec }),
    done: `Asked for ${size}`,
  };
};

export const bounds: Planner<OptionsOf['bounds']> = (object, { min, max }, target) => {
  const before = { min: int(at(object, 'spec', 'minReplicas')), max: int(at(object, 'spec', 'maxReplicas')) };
  const least = min ?? 1;
  if (max < 1) return refuse('The most must be 1 or more.');
  if (max < least) return refuse(`The most (${max}) is less than the least (${least}).`);
  const changes = [
    ...(least === (before.min ?? 1) ? [] : [change('spec.minReplicas', before.min, min)]),
    ...(max === before.max ? [] : [change('spec.maxReplicas', before.max, max)]),
  ];
  if (changes.length === 0) return refuse('These are its bounds already.');
  const spec = { minReplicas: min, maxReplicas: max };
  const current = int(at(object, 'status', 'currentReplicas'));
  return {
    changes,
    requests: [mergePatch(target, { spec })],
    warnings: [
      ...(min === 0 ? ['0 needs the feature HPAScaleToZero; other servers refuse it.'] : []),
      ...(current !== undefined && (current < least || current > max)
        ? [`It has ${current} now and goes to ${current < least ? least : max}.`]
        : []),
    ],
    kubectl: patchCommand(target, 'merge', { spec }),
    done: `Bounds set to ${least} to ${max}`,
    undo: { verb: 'bounds', options: { min: before.min ?? null, max: before.max ?? max } },
  };
};

function deciding(type: 'Approved' | 'Denied'): Planner<OptionsOf['approve']> {
  return (object, _options, target, { now }) => {
    const conditions = list(at(object, 'status', 'conditions'));
    const decided = conditions.find((one) => one.type === 'Approved' || one.type === 'Denied');
    if (decided) return refuse(`It is ${word(decided.type).toLowerCase()} already.`);
    const signer = word(at(object, 'spec', 'signerName'));
    const condition = {
      type,
      status: 'True',
      reason: type === 'Approved' ? 'ApprovedByUser' : 'DeniedByUser',
      message: `${type} by hand.`,
      lastUpdateTime: new Date(now).toISOString().replace(/\.\d+Z$/, 'Z'),
    };
    return {
      changes: [change('status.conditions', null, type)],
      requests: [
        {
          method: 'PUT',
          subresource: 'approval',
          body: {
            ...object,
            status: { ...(object.status as Thing | undefined), conditions: [...conditions, condition] },
          },
        },
      ],
      warnings: [
        ...(type === 'Approved'
          ? [
              `${word(at(object, 'spec', 'username')) || 'Somebody'} gets a certificate of ${signer || 'the signer'}. It cannot be taken back before it expires.`,
            ]
          : ['A denied request stays denied.']),
      ],
      kubectl: ['certificate', type === 'Approved' ? 'approve' : 'deny', target.name],
      done: type,
      danger: true,
    };
  };
}

export const approve = deciding('Approved');
export const deny = deciding('Denied');
