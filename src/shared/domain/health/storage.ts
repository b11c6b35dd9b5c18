/** Claims and volumes: D41-D47. Waiting for a first consumer is a state. */
import {
  at,
  event,
  finding,
  isCond,
  link,
  map,
  namespace,
  ofCondition,
  ofEvent,
  open,
  seeEvents,
  word,
} from './read';
import type { Finding, Subject } from './types';
import { podSteps } from './workloads';

export function claimFindings(subject: Subject): readonly Finding[] {
  const { object, around } = subject;
  const phase = word(at(object, 'status', 'phase'));
  if (at(object, 'metadata', 'deletionTimestamp') !== undefined) {
    const finalizers = at(object, 'metadata', 'finalizers');
    const held = Array.isArray(finalizers) && finalizers.includes('kubernetes.io/pvc-protection');
    const [pod] = around.pods ?? [];
    if (!held) return [];
    return [
      finding('D47', 'It is deleted when no pod uses it any more', {
        tone: 'warn',
        cause: pod
          ? `${(around.pods ?? []).length} pods still mount it, ${pod.name} among them.`
          : 'The finalizer kubernetes.io/pvc-protection holds it.',
        next: 'Delete the pods that use it.',
        steps: podSteps(pod),
        evidence: [{ path: 'metadata.finalizers', value: 'kubernetes.io/pvc-protection' }],
      }),
    ];
  }
  if (phase === 'Lost')
    return [
      finding('D45', 'Its volume is gone', {
        cause: `PersistentVolume ${word(at(object, 'spec', 'volumeName'))} was deleted.`,
        next: 'Restore the volume from a backup, and make a new claim.',
        evidence: [{ path: 'status.phase', value: 'Lost' }],
      }),
    ];
  if (phase === 'Bound') return resize(subject);
  return phase === 'Pending' ? pending(subject) : [];
}

function pending(subject: Subject): readonly Finding[] {
  const { object, around } = subject;
  const named = at(object, 'spec', 'storageClassName');
  const evidence = [
    { path: 'status.phase', value: 'Pending' },
    {
      path: 'spec.storageClassName',
      value: typeof named === 'string' ? (named === '' ? '"" (none)' : named) : 'not set',
    },
  ];
  const failed = event(subject, ['ProvisioningFailed']);
  const known = around.classes;
  const own = known?.find((one) => one.name === named);
  const others =
    (known ?? [])
      .filter((one) => one.exists)
      .map((one) => one.name)
      .join(', ') || 'none';
  if (typeof named === 'string' && named !== '' && known && !own?.exists)
    return [
      finding('D42', `Pending: there is no storage class ${named}`, {
        cause: failed?.message ?? `The cluster has these classes: ${others}.`,
        next: `The class of a claim cannot be changed: make a new claim with one of ${others}, or create the class.`,
        steps: [seeEvents],
        evidence: failed ? [...evidence, ofEvent(failed)] : evidence,
      }),
    ];
  const none = event(subject, ['FailedBinding']);
  if ((named === undefined || named === null) && known && !known.some((one) => one.isDefault))
    return [
      finding('D41', 'Pending: no storage class is named, and the cluster has no default one', {
        tone: 'warn',
        cause: none?.message ?? '',
        next: `Name one of ${others}, make one the default, or create a volume that fits.`,
        evidence: none ? [...evidence, ofEvent(none)] : evidence,
      }),
    ];
  if (failed)
    return [
      finding('D44', 'Its volume cannot be made', {
        cause: failed.message,
        next: 'Check the pods and logs of the provisioner.',
        steps: [seeEvents],
        evidence: [...evidence, ofEvent(failed)],
      }),
    ];
  if (own?.mode === 'WaitForFirstConsumer' && (around.pods ?? []).length === 0)
    return [
      finding('D43', 'It waits for its first pod', {
        tone: 'info',
        cause: `Class ${own.name} makes the volume where the first pod that uses it is scheduled.`,
        next: 'Nothing to do: start a pod that mounts it.',
        evidence: [
          ...evidence,
          {
            path: 'volumeBindingMode',
            value: own.mode,
            of: link('storageclasses.storage.k8s.io', '', own.name),
          },
        ],
      }),
    ];
  const waits = event(subject, ['ExternalProvisioning']);
  if (waits && waits.count > 3)
    return [
      finding('D44', 'Nobody makes its volume', {
        tone: 'warn',
        cause: waits.message,
        next: 'Check that the driver’s controller runs.',
        evidence: [...evidence, ofEvent(waits)],
      }),
    ];
  return none
    ? [
        finding('D41', 'Pending: no volume fits', {
          tone: 'warn',
          cause: none.message,
          next: 'Create a volume that fits its size, class and access modes.',
          evidence: [...evidence, ofEvent(none)],
        }),
      ]
    : [];
}

/** D46 */
function resize(subject: Subject): readonly Finding[] {
  const { object, around } = subject;
  const stuck = [...map(at(object, 'status', 'allocatedResourceStatuses')).values()].find((one) =>
    one.endsWith('Infeasible'),
  );
  const failed = event(subject, ['VolumeResizeFailed', 'FileSystemResizeFailed']);
  const waits = isCond(object, 'FileSystemResizePending');
  const own = around.classes?.find((one) => one.name === at(object, 'spec', 'storageClassName'));
  if (!stuck && !failed && !waits) return [];
  return [
    finding(
      'D46',
      waits && !stuck && !failed
        ? 'The new size waits for a pod to mount it'
        : 'The volume cannot be resized',
      {
        tone: waits && !stuck ? 'info' : 'warn',
        cause:
          failed?.message ?? (own && !own.expansion ? `Class ${own.name} does not allow expansion.` : ''),
        next: waits
          ? 'Restart the pod that uses it.'
          : 'Check the class (allowVolumeExpansion) and the driver.',
        evidence: [
          ...(waits ? [ofCondition(object, 'FileSystemResizePending')] : []),
          ...(stuck ? [{ path: 'status.allocatedResourceStatuses', value: stuck }] : []),
          ...(failed ? [ofEvent(failed)] : []),
        ],
      },
    ),
  ];
}

/** D45 */
export function volumeFindings({ object }: Subject): readonly Finding[] {
  const phase = word(at(object, 'status', 'phase'));
  const claim = word(at(object, 'spec', 'claimRef', 'name'));
  const space = word(at(object, 'spec', 'claimRef', 'namespace'));
  if (phase !== 'Failed' && phase !== 'Released') return [];
  return [
    finding(
      'D45',
      phase === 'Failed'
        ? 'It could not be reclaimed'
        : `Released: its claim ${claim} is gone, its data is kept`,
      {
        tone: phase === 'Failed' ? 'bad' : 'info',
        cause:
          word(at(object, 'status', 'message')) ||
          `Reclaim policy ${word(at(object, 'spec', 'persistentVolumeReclaimPolicy'))}.`,
        next: 'Remove spec.claimRef to use it again, or delete it.',
        steps: claim === '' ? [] : [open('Open namespace', link('namespaces', '', space))],
        evidence: [
          { path: 'status.phase', value: phase },
          { path: 'spec.claimRef', value: `${space}/${claim}` },
        ],
      },
    ),
  ];
}

/** D86: what is used up, and what soon will be. */
export function quotaFindings({ object }: Subject): readonly Finding[] {
  const used = map(at(object, 'status', 'used'));
  const full = [...map(at(object, 'status', 'hard'))].filter(
    ([key, hard]) => used.get(key) === hard && hard !== '0',
  );
  if (full.length === 0) return [];
  return [
    finding('D86', `Used up: ${full.map(([key]) => key).join(', ')}`, {
      tone: 'warn',
      cause: `New pods that need it are refused in ${namespace(object)}.`,
      next: 'Free some of it or raise the quota.',
      evidence: full.map(([key, hard]) => ({ path: `status.used[${key}]`, value: `${hard} of ${hard}` })),
    }),
  ];
}
