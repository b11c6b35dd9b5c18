import { annotation, namespacedColumns, status, terminating, type Status } from './columns';
import { defineKind } from './define';
import { accessModes } from './storage-words';
import type { KubeObject } from '../k8s/meta';
import { condition, entries, isTrue, own, str, strings } from '../k8s/read';
import type { Condition, StringMap } from '../k8s/types';
import { parseQuantity } from '../util/quantity';

interface PersistentVolumeClaim extends KubeObject {
  readonly spec?: {
    readonly storageClassName?: string;
    readonly volumeName?: string;
    readonly volumeMode?: string;
    readonly accessModes?: readonly string[];
    readonly resources?: { readonly requests?: StringMap };
  };
  readonly status?: {
    readonly phase?: string;
    readonly capacity?: StringMap;
    readonly allocatedResourceStatuses?: StringMap;
    readonly conditions?: readonly Condition[];
  };
}

const selectedNode = 'volume.kubernetes.io/selected-node';
const provisioner = 'volume.kubernetes.io/storage-provisioner';
const oldProvisioner = 'volume.beta.kubernetes.io/storage-provisioner';
const oldClass = 'volume.beta.kubernetes.io/storage-class';

/** null: none named and none given by default; '': explicitly none (T29). */
function className(o: PersistentVolumeClaim): string | null {
  return o.spec?.storageClassName ?? (annotation(o, oldClass) || null);
}

/** D41-D47. */
function claimStatus(o: PersistentVolumeClaim): Status {
  const deleting = terminating(o);
  if (deleting) {
    const used = strings(o.metadata.finalizers).includes('kubernetes.io/pvc-protection');
    return used ? status('progress', 'Terminating: pods still use it', deleting.at) : deleting;
  }
  const phase = str(o.status?.phase);
  if (phase === 'Lost') return status('bad', 'Lost: its volume is gone');
  if (phase === 'Bound') return boundWords(o);
  return pendingWords(o);
}

/** D46. */
function boundWords(o: PersistentVolumeClaim): Status {
  const conditions = o.status?.conditions;
  if (entries(o.status?.allocatedResourceStatuses).some(([, state]) => state.endsWith('Infeasible'))) {
    return status('warn', 'Bound, resize does not fit');
  }
  if (isTrue(conditions, 'FileSystemResizePending'))
    return status('progress', 'Bound, resize waits for a pod');
  const failed = ['ControllerResizeError', 'NodeResizeError'].find((type) => isTrue(conditions, type));
  if (failed !== undefined) return status('warn', 'Bound, resize fails');
  if (condition(conditions, 'Resizing')?.status === 'True') return status('progress', 'Bound, resizing');
  return status('ok', 'Bound');
}

/**
 * The claim names its provisioner as soon as somebody is asked to make a volume. Before that it
 * waits for its first consumer (D43, no fault), or its class is missing: the class tells which.
 */
function pendingWords(o: PersistentVolumeClaim): Status {
  const volume = str(o.spec?.volumeName);
  if (volume !== '') return status('progress', `Pending: binds to ${volume}`);
  const wanted = className(o);
  if (wanted === null) return status('warn', 'Pending: no storage class');
  if (wanted === '') return status('warn', 'Pending: no volume fits');
  if (annotation(o, provisioner) !== '' || annotation(o, oldProvisioner) !== '') {
    return status('progress', 'Pending: being provisioned');
  }
  if (annotation(o, selectedNode) !== '') return status('progress', 'Pending: node chosen');
  return status('progress', 'Pending: waits for first consumer or class');
}

export const persistentVolumeClaim = defineKind<PersistentVolumeClaim>({
  group: '',
  resource: 'persistentvolumeclaims',
  kind: 'PersistentVolumeClaim',
  versions: ['v1'],
  namespaced: true,
  title: 'Claims',
  singular: 'Claim',
  tag: 'pvc',
  aliases: ['pvc'],
  section: 'storage',
  order: 10,
  mask: {
    metadata: {
      finalizers: true,
      annotations: { [selectedNode]: true, [provisioner]: true, [oldProvisioner]: true, [oldClass]: true },
    },
    spec: {
      storageClassName: true,
      volumeName: true,
      volumeMode: true,
      accessModes: true,
      resources: { requests: { storage: true } },
    },
    status: {
      phase: true,
      capacity: { storage: true },
      allocatedResourceStatuses: true,
      conditions: { type: true, status: true },
    },
  },
  columns: namespacedColumns<PersistentVolumeClaim>(
    { id: 'status', title: 'Status', type: 'status', width: 230, get: claimStatus },
    {
      id: 'capacity',
      title: 'Capacity',
      type: 'bytes',
      width: 80,
      get: (o) => parseQuantity(own(o.status?.capacity, 'storage')),
    },
    {
      id: 'requested',
      title: 'Requested',
      type: 'bytes',
      width: 90,
      optional: true,
      get: (o) => parseQuantity(own(o.spec?.resources?.requests, 'storage')),
    },
    { id: 'access', title: 'Access', type: 'text', width: 80, get: (o) => accessModes(o.spec?.accessModes) },
    {
      id: 'volume',
      title: 'Volume',
      type: 'text',
      width: 160,
      ref: 'persistentvolumes',
      get: (o) => o.spec?.volumeName,
    },
    {
      id: 'class',
      title: 'Class',
      type: 'text',
      width: 110,
      ref: 'storageclasses.storage.k8s.io',
      get: className,
    },
    { id: 'mode', title: 'Mode', type: 'text', width: 90, optional: true, get: (o) => o.spec?.volumeMode },
  ),
});
