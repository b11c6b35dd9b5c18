/** Scale, restart, pause, resume and images of what makes pods. Rollback: `revisions.ts`. */
import type { OptionsOf } from './options';
import {
  at,
  change,
  controllerOf,
  int,
  list,
  mergePatch,
  nested,
  podSpecPath,
  strategicPatch,
  typeName,
  word,
} from './read';
import { refuse, type Change, type Planner } from './types';

export const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt';

export const scale: Planner<OptionsOf['scale']> = (object, { replicas }, target, extras) => {
  const before = int(at(object, 'spec', 'replicas')) ?? 1;
  if (before === replicas) return refuse(`It has ${count(replicas)} already.`);
  const warnings: string[] = [];
  const owner = controllerOf(object);
  if (owner) warnings.push(`${owner.kind} ${owner.name} controls it and sets the number again at once.`);
  for (const autoscaler of extras.autoscalers ?? []) {
    const ref = at(autoscaler, 'spec', 'scaleTargetRef');
    if (word(at(ref, 'kind')) !== target.kindName || word(at(ref, 'name')) !== target.name) continue;
    const min = int(at(autoscaler, 'spec', 'minReplicas')) ?? 1;
    const max = int(at(autoscaler, 'spec', 'maxReplicas'));
    const name = word(at(autoscaler, 'metadata', 'name'));
    warnings.push(
      replicas === 0
        ? `HorizontalPodAutoscaler ${name} (${min} to ${max ?? '?'}) stops acting while the number is 0.`
        : `HorizontalPodAutoscaler ${name} keeps it between ${min} and ${max ?? '?'} and may change it again.`,
    );
  }
  if (replicas === 0) warnings.push('All its pods end.');
  return {
    changes: [change('spec.replicas', before, replicas)],
    requests: [mergePatch(target, { spec: { replicas } }, 'scale')],
    warnings,
    kubectl: ['scale', typeName(target), `--current-replicas=${before}`, `--replicas=${replicas}`],
    done: `Scaled from ${before} to ${replicas}`,
    undo: { verb: 'scale', options: { replicas: before } },
  };
};

export const restart: Planner<OptionsOf['restart']> = (object, _options, target, { now }) => {
  if (at(object, 'spec', 'paused') === true) return refuse('It is paused: resume it first.');
  const annotations = { [RESTARTED_AT]: new Date(now).toISOString().replace(/\.\d+Z$/, 'Z') };
  const warnings: string[] = [];
  const strategy =
    word(at(object, 'spec', 'strategy', 'type')) || word(at(object, 'spec', 'updateStrategy', 'type'));
  if (strategy === 'Recreate') warnings.push('Its strategy is Recreate: all pods end before new ones start.');
  if (strategy === 'OnDelete')
    warnings.push('Its strategy is OnDelete: pods change only when they are deleted.');
  const pods = int(at(object, 'status', 'replicas')) ?? int(at(object, 'status', 'currentNumberScheduled'));
  if (pods !== undefined)
    warnings.push(`${count(pods, 'pod')} replaced, by its ${strategy || 'update'} strategy.`);
  return {
    // The time itself is no news: two previews a second apart say the same.
    changes: [change(`spec.template.metadata.annotations[${RESTARTED_AT}]`, null, 'the time of the restart')],
    requests: [mergePatch(target, { spec: { template: { metadata: { annotations } } } })],
    warnings,
    kubectl: ['rollout', 'restart', typeName(target)],
    done: 'Restart begun',
  };
};

function pausing(paused: boolean): Planner<OptionsOf['pause']> {
  return (object, _options, target) => {
    if ((at(object, 'spec', 'paused') === true) === paused)
      return refuse(paused ? 'It is paused already.' : 'It is not paused.');
    return {
      changes: [change('spec.paused', !paused, paused)],
      requests: [mergePatch(target, { spec: { paused: paused ? true : null } })],
      warnings: paused ? ['Changes of its template wait until it is resumed; scaling still works.'] : [],
      kubectl: ['rollout', paused ? 'pause' : 'resume', typeName(target)],
      done: paused ? 'Paused' : 'Resumed',
      undo: { verb: paused ? 'resume' : 'pause', options: {} },
    };
  };
}

export const pause = pausing(true);
export const resume = pausing(false);

export interface ContainerImage {
  readonly name: string;
  readonly image: string;
  readonly init: boolean;
}

/** Containers of the pod or template, init containers first. */
export function containerImages(object: unknown, kind: string): readonly ContainerImage[] {
  const path = podSpecPath(kind);
  if (!path) return [];
  const spec = at(object, ...path);
  const read = (field: string): readonly ContainerImage[] =>
    list(at(spec, field)).map((one) => ({
      name: word(one.name),
      image: word(one.image),
      init: field === 'initContainers',
    }));
  return [...read('initContainers'), ...read('containers')];
}

export const setImage: Planner<OptionsOf['set-image']> = (object, { images }, target) => {
  const path = podSpecPath(target.kind);
  if (!path) return refuse(`${target.kindName} has no images.`);
  const found = new Map(containerImages(object, target.kind).map((one) => [one.name, one]));
  const changes: Change[] = [];
  const parts = { containers: [] as object[], initContainers: [] as object[] };
  const before: Record<string, string> = {};
  for (const [name, image] of Object.entries(images)) {
    const now = found.get(name);
    if (!now) return refuse(`It has no container ${name}.`);
    const problem = imageProblem(image);
    if (problem) return refuse(`${name}: ${problem}`);
    if (now.image === image) continue;
    const field = now.init ? 'initContainers' : 'containers';
    changes.push(change(`${path.join('.')}.${field}[${name}].image`, now.image, image));
    parts[field].push({ name, image });
    before[name] = now.image;
  }
  if (changes.length === 0) return refuse('These are its images already.');
  const body = Object.fromEntries(Object.entries(parts).filter(([, value]) => value.length > 0));
  const owner = controllerOf(object);
  return {
    changes,
    requests: [strategicPatch(target, nested(path, body))],
    warnings: [
      ...(at(object, 'spec', 'paused') === true ? ['It is paused: new pods come after it is resumed.'] : []),
      ...(target.kind === 'replicasets.apps' ? ['Only pods it makes from now on get the new image.'] : []),
      ...(target.kind === 'pods' ? ['The container restarts in place.'] : []),
      ...(owner ? [`${owner.kind} ${owner.name} controls it and keeps its own template.`] : []),
    ],
    kubectl: [
      'set',
      'image',
      typeName(target),
      ...changes.map((one) => `${nameIn(one.path)}=${one.after ?? ''}`),
    ],
    done: changes.length === 1 ? `Image set to ${changes[0]?.after ?? ''}` : `${changes.length} images set`,
    undo: { verb: 'set-image', options: { images: before } },
  };
};

function nameIn(path: string): string {
  return /\[(.*)\]\.image$/.exec(path)?.[1] ?? '';
}

/** What the server would say of an image later, on the node: said now. */
export function imageProblem(image: string): string | undefined {
  if (image.trim() === '') return 'an image is needed.';
  if (/\s/.test(image)) return 'an image has no spaces.';
  const [name = ''] = image.split('@');
  const last = name.slice(name.lastIndexOf('/') + 1);
  const repository = last.includes(':') ? name.slice(0, name.lastIndexOf(':')) : name;
  const path = repository.includes('/') ? repository.slice(repository.indexOf('/') + 1) : repository;
  if (/[A-Z]/.test(path)) return 'the repository of an image is lower case.';
  if (last.endsWith(':')) return 'the tag after : is missing.';
  if (image.includes('@') && !/@[a-z0-9]+(?:[+._-][a-z0-9]+)*:[0-9a-fA-F]{32,}$/.test(image))
    return 'the digest after @ is no digest.';
  return undefined;
}

export function count(n: number, one = 'replica'): string {
  return `${n} ${one}${n === 1 ? '' : 's'}`;
}
