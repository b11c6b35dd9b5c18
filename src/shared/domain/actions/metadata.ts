/** Labels, annotations and finalizers of any object. */
import { keyProblem, valueProblem } from './nodes';
import type { OptionsOf } from './options';
import { at, change, controllerOf, map, mergePatch, patchCommand, word } from './read';
import { refuse, type Planner, type Thing } from './types';

/** The server's cap on all annotations of an object together. */
const MOST_ANNOTATIONS = 256 * 1024;

function editing(field: 'labels' | 'annotations'): Planner<OptionsOf['label']> {
  return (object, { values }, target) => {
    const before = map(at(object, 'metadata', field));
    const changes = [];
    const undo: Record<string, string | null> = {};
    const set: Record<string, string | null> = {};
    for (const [key, value] of Object.entries(values)) {
      const had = before.get(key) ?? null;
      if (had === value) continue;
      // What is there may be removed, however it is spelled.
      const problem =
        value === null
          ? undefined
          : (keyProblem(key) ?? (field === 'labels' ? valueProblem(value) : undefined));
      if (problem) return refuse(`${key}: ${problem}`);
      changes.push(change(`metadata.${field}[${key}]`, had, value));
      undo[key] = had;
      set[key] = value;
    }
    if (changes.length === 0) return refuse('Nothing is changed.');
    if (field === 'annotations') {
      const next = new Map<string, string | null>([...before, ...Object.entries(set)]);
      let size = 0;
      for (const [key, value] of next) size += value === null ? 0 : key.length + value.length;
      if (size > MOST_ANNOTATIONS) return refuse('All annotations together may have 256 KiB at most.');
    }
    const owner = controllerOf(object);
    const verb = field === 'labels' ? 'label' : 'annotate';
    return {
      changes,
      requests: [mergePatch(target, { metadata: { [field]: set } })],
      warnings:
        field === 'labels' && owner
          ? [`${owner.kind} ${owner.name} may find it by its labels: without them it counts it as gone.`]
          : [],
      kubectl: [
        verb,
        target.kind,
        target.name,
        '--overwrite',
        ...Object.entries(set).map(([key, value]) => (value === null ? `${key}-` : `${key}=${value}`)),
      ],
      done: `${changes.length} ${field === 'labels' ? 'label' : 'annotation'}${changes.length === 1 ? '' : 's'} changed`,
      undo: { verb, options: { values: undo } },
    };
  };
}

export const label = editing('labels');
export const annotate = editing('annotations');

export function finalizersOf(object: unknown): readonly string[] {
  const list = at(object, 'metadata', 'finalizers');
  return Array.isArray(list) ? (list as readonly unknown[]).filter((one) => typeof one === 'string') : [];
}

/** Who set this finalizer and what it waits for: what is lost when it is taken away. */
export function finalizerOwner(finalizer: string): string {
  const known = new Map([
    [
      'kubernetes.io/pvc-protection',
      'The controller manager (PVC protection) keeps the claim while pods use it. Removed now, running pods may lose their volume.',
    ],
    [
      'kubernetes.io/pv-protection',
      'The controller manager (PV protection) keeps the volume while a claim is bound to it.',
    ],
    [
      'foregroundDeletion',
      'The garbage collector waits until everything the object owns is gone. Removed now, that is left for later.',
    ],
    [
      'orphan',
      'The garbage collector first takes the owner out of what the object owns. Removed now, that would be deleted too.',
    ],
    [
      'service.kubernetes.io/load-balancer-cleanup',
      'The cloud controller deletes the load balancer first. Removed now, the load balancer stays and is paid for.',
    ],
    [
      'batch.kubernetes.io/job-tracking',
      'The Job controller counts the pod first. Removed now, the Job may run it again.',
    ],
    [
      'kubernetes',
      'The namespace controller deletes everything in the namespace first. Removed now, that stays in the store without a namespace.',
    ],
  ]);
  const said = known.get(finalizer);
  if (said) return said;
  const [domain = finalizer, rest] = finalizer.split('/');
  const owner = rest === undefined ? `whatever knows the name ${finalizer}` : `the controller of ${domain}`;
  return `It belongs to ${owner}, which cleans up before the object may go. Removed now, that work never happens: what it made outside or elsewhere stays.`;
}

export const removeFinalizer: Planner<OptionsOf['remove-finalizer']> = (object, { finalizers }, target) => {
  const before = finalizersOf(object);
  if (before.length === 0) return refuse('It has no finalizers.');
  const gone = before.filter((one) => finalizers.includes(one));
  if (gone.length === 0) return refuse('Choose a finalizer.');
  const left = before.filter((one) => !finalizers.includes(one));
  const deleting = word(at(object, 'metadata', 'deletionTimestamp')) !== '';
  const metadata: Thing = {
    finalizers: left.length > 0 ? left : null,
    resourceVersion: at(object, 'metadata', 'resourceVersion'),
  };
  return {
    changes: gone.map((one) => change(`metadata.finalizers[${one}]`, one, null)),
    requests: [mergePatch(target, { metadata })],
    warnings: [
      ...gone.map((one) => `${one}: ${finalizerOwner(one)}`),
      ...(deleting && left.length === 0
        ? ['It is being deleted: without finalizers it is gone at once.']
        : []),
      ...(deleting ? [] : ['It is not being deleted: its controller may add the finalizer again.']),
    ],
    kubectl: patchCommand(target, 'merge', { metadata: { finalizers: left.length > 0 ? left : null } }),
    done: deleting && left.length === 0 ? 'Finalizers removed; the object goes' : 'Finalizer removed',
    danger: true,
  };
};
