/**
 * An object deleted and made anew because a field of it cannot be changed: what of the old one
 * must not go into the new one, and what is lost on the way. Pure; nothing here deletes.
 */
import { at, list, map, word } from './read';
import type { Thing } from './types';

export interface Recreation {
  /** What is sent to be created. */
  readonly object: Thing;
  /** Paths left out: the server or a controller sets them anew. */
  readonly left: readonly string[];
  /** What follows, as sentences; what loses data first. */
  readonly warnings: readonly string[];
  /** Something is lost that nothing brings back. */
  readonly loses: boolean;
}

const SERVER_META = [
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'selfLink',
  'managedFields',
];
const SERVER_FINALIZERS = [
  'foregroundDeletion',
  'orphan',
  'kubernetes.io/pvc-protection',
  'kubernetes.io/pv-protection',
];
const JOB_LABELS = [
  'controller-uid',
  'job-name',
  'batch.kubernetes.io/controller-uid',
  'batch.kubernetes.io/job-name',
];

/** `object` is the edited one, of a kind as in its `kind`. */
export function recreation(object: Thing): Recreation {
  const left: string[] = [];
  const drop = (from: Thing, path: string, names: readonly string[]): Thing => {
    const gone = names.filter((name) => Object.hasOwn(from, name));
    left.push(...gone.map((name) => `${path}${name}`));
    return gone.length === 0
      ? from
      : Object.fromEntries(Object.entries(from).filter(([name]) => !gone.includes(name)));
  };
  const { status: _status, ...rest } = object;
  let spec = thing(at(object, 'spec'));
  let annotations = thing(at(object, 'metadata', 'annotations'));
  const { metadata: _metadata, ...body } = rest;
  const meta = Object.fromEntries(
    Object.entries(thing(at(object, 'metadata'))).filter(([name]) => !SERVER_META.includes(name)),
  );
  const finalizers = at(object, 'metadata', 'finalizers');
  const kept = Array.isArray(finalizers)
    ? finalizers.filter((one) => !SERVER_FINALIZERS.includes(word(one)))
    : undefined;
  switch (word(object['kind'])) {
    case 'Job':
      if (at(spec, 'manualSelector') !== true) {
        spec = drop(spec, 'spec.', ['selector']);
        const template = thing(at(spec, 'template'));
        const templateMeta = thing(at(template, 'metadata'));
        const labels = drop(thing(at(templateMeta, 'labels')), 'spec.template.metadata.labels.', JOB_LABELS);
        spec = { ...spec, template: { ...template, metadata: { ...templateMeta, labels } } };
      }
      break;
    case 'Pod':
      spec = drop(spec, 'spec.', ['nodeName', 'ephemeralContainers']);
      break;
    case 'PersistentVolumeClaim':
      spec = drop(spec, 'spec.', ['volumeName']);
      annotations = drop(annotations, 'metadata.annotations.', [
        'pv.kubernetes.io/bind-completed',
        'pv.kubernetes.io/bound-by-controller',
        'volume.kubernetes.io/selected-node',
        'volume.beta.kubernetes.io/storage-provisioner',
        'volume.kubernetes.io/storage-provisioner',
      ]);
      break;
    case 'PersistentVolume': {
      const claim = drop(thing(at(spec, 'claimRef')), 'spec.claimRef.', ['uid', 'resourceVersion']);
      if (Object.hasOwn(spec, 'claimRef')) spec = { ...spec, claimRef: claim };
      break;
    }
    case 'Deployment':
      annotations = drop(annotations, 'metadata.annotations.', ['deployment.kubernetes.io/revision']);
      break;
  }
  const metadata = {
    ...meta,
    ...(Object.hasOwn(meta, 'annotations') ? { annotations } : {}),
    ...(kept ? { finalizers: kept } : {}),
  };
  const made = { ...body, metadata, ...(Object.hasOwn(object, 'spec') ? { spec } : {}) };
  return { object: made, left, ...consequences(object) };
}

function thing(value: unknown): Thing {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Thing) : {};
}

function consequences(object: Thing): Pick<Recreation, 'warnings' | 'loses'> {
  const say = (loses: boolean, ...warnings: string[]): Pick<Recreation, 'warnings' | 'loses'> => ({
    loses,
    warnings: [...warnings, ...waits(object)],
  });
  switch (word(object['kind'])) {
    case 'Deployment':
    case 'ReplicaSet':
    case 'ReplicationController':
    case 'DaemonSet':
      return say(
        false,
        'Its pods go with it and are made anew: nothing serves in between. Its revisions are lost.',
      );
    case 'StatefulSet': {
      const when = word(at(object, 'spec', 'persistentVolumeClaimRetentionPolicy', 'whenDeleted'));
      return when === 'Delete'
        ? say(
            true,
            'Its claims and their data are deleted with it: persistentVolumeClaimRetentionPolicy says so.',
          )
        : say(
            false,
            'Its pods go with it and are made anew: nothing serves in between. Its claims and their data stay.',
          );
    }
    case 'Job':
      return say(false, 'Its pods and their logs are deleted, and it runs again from the start.');
    case 'CronJob':
      return say(false, 'Its jobs, their pods and logs are deleted.');
    case 'Pod': {
      const owner = list(at(object, 'metadata', 'ownerReferences')).find((one) => one['controller'] === true);
      return owner
        ? say(
            true,
            `${word(owner['kind'])} ${word(owner['name'])} makes another pod at once; change its template instead.`,
          )
        : say(false, 'It stops, and its logs and the data in its emptyDir volumes are lost.');
    }
    case 'Service':
      return say(
        false,
        'Its address may change, connections through it break, and a load balancer gets a new address.',
      );
    case 'PersistentVolumeClaim':
      return say(
        true,
        'The data of its volume is deleted where the reclaim policy is Delete. The new claim starts empty.',
      );
    case 'PersistentVolume':
      return say(true, 'The data behind it may be deleted, by its reclaim policy.');
    case 'Namespace':
      return say(true, 'Everything in the namespace is deleted.');
    case 'CustomResourceDefinition':
      return say(true, 'Every object of this kind is deleted with it, in all namespaces.');
    case 'StorageClass':
    case 'RoleBinding':
    case 'ClusterRoleBinding':
      return say(false, 'Between the two it does not apply.');
    default:
      return say(false, 'What it owns is deleted with it.');
  }
}

function waits(object: Thing): string[] {
  const finalizers = at(object, 'metadata', 'finalizers');
  const names = Array.isArray(finalizers) ? finalizers.map(word).filter(Boolean) : [];
  const helm = map(at(object, 'metadata', 'annotations')).get('meta.helm.sh/release-name');
  return [
    ...(names.length > 0 ? [`It goes only after ${names.join(', ')}: the new one waits for that.`] : []),
    ...(helm === undefined
      ? []
      : [`The Helm release ${helm} does not know of it; its next upgrade may undo this.`]),
  ];
}
