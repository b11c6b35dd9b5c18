/** Cordon, uncordon and taints of a node. Draining: `drain.ts`. */
import type { OptionsOf, Taint } from './options';
import { at, change, list, mergePatch, word } from './read';
import { refuse, type Planner, type Thing } from './types';

function cordoning(on: boolean): Planner<OptionsOf['cordon']> {
  return (object, _options, target) => {
    if ((at(object, 'spec', 'unschedulable') === true) === on)
      return refuse(on ? 'It is cordoned already.' : 'It is not cordoned.');
    return {
      changes: [change('spec.unschedulable', !on, on)],
      requests: [mergePatch(target, { spec: { unschedulable: on ? true : null } })],
      warnings: on ? ['Pods that run on it go on; new ones go elsewhere.'] : [],
      kubectl: [on ? 'cordon' : 'uncordon', target.name],
      done: on ? 'Cordoned' : 'Uncordoned',
      undo: { verb: on ? 'uncordon' : 'cordon', options: {} },
    };
  };
}

export const cordon = cordoning(true);
export const uncordon = cordoning(false);

export function taintsOf(node: unknown): readonly Taint[] {
  return list(at(node, 'spec', 'taints')).map((one) => ({
    key: word(one.key),
    ...(typeof one.value === 'string' && one.value !== '' ? { value: one.value } : {}),
    effect: one.effect as Taint['effect'],
    ...(typeof one.timeAdded === 'string' ? { timeAdded: one.timeAdded } : {}),
  }));
}

/** `dedicated=gpu:NoSchedule` */
export function taintWords({ key, value, effect }: Taint): string {
  return `${key}${value === undefined || value === '' ? '' : `=${value}`}:${effect}`;
}

export const taint: Planner<OptionsOf['taint']> = (object, { taints }, target) => {
  const before = taintsOf(object);
  const identity = (one: Taint): string => `${one.key}:${one.effect}`;
  const seen = new Set<string>();
  for (const one of taints) {
    const problem = keyProblem(one.key) ?? (one.value === undefined ? undefined : valueProblem(one.value));
    if (problem) return refuse(`${one.key}: ${problem}`);
    if (seen.has(identity(one))) return refuse(`${one.key} with ${one.effect} is there twice.`);
    seen.add(identity(one));
  }
  const old = new Map(before.map((one) => [identity(one), one]));
  const now = new Map(taints.map((one) => [identity(one), one]));
  const gone = before.filter((one) => !now.has(identity(one)));
  const set = taints.filter((one) => {
    const was = old.get(identity(one));
    return !was || (was.value ?? '') !== (one.value ?? '');
  });
  if (gone.length === 0 && set.length === 0) return refuse('These are its taints already.');
  // Kept ones keep their timeAdded: tolerationSeconds count from it.
  const next = taints.map((one) => {
    const was = old.get(identity(one));
    return was && (was.value ?? '') === (one.value ?? '') ? was : one;
  });
  const resourceVersion = at(object, 'metadata', 'resourceVersion');
  const evicts = set.some((one) => one.effect === 'NoExecute');
  return {
    changes: [
      ...gone.map((one) => change(`spec.taints[${identity(one)}]`, taintWords(one), null)),
      ...set.map((one) => {
        const was = old.get(identity(one));
        return change(`spec.taints[${identity(one)}]`, was ? taintWords(was) : null, taintWords(one));
      }),
    ],
    // The whole list is written, so it must not have changed meanwhile.
    requests: [
      mergePatch(target, {
        metadata: { resourceVersion } as Thing,
        spec: { taints: next.length > 0 ? next : null },
      }),
    ],
    warnings: evicts
      ? [
          'NoExecute ends the pods on this node that do not tolerate it; PodDisruptionBudgets do not hold it back.',
        ]
      : [],
    kubectl: [
      'taint',
      'nodes',
      target.name,
      ...gone.map((one) => `${one.key}:${one.effect}-`),
      ...set.map(taintWords),
      ...(set.some((one) => old.has(identity(one))) ? ['--overwrite'] : []),
    ],
    done: 'Taints set',
    undo: { verb: 'taint', options: { taints: [...before] } },
    danger: evicts,
  };
};

/** Why this is no label key (also taints'); undefined when it is one. */
export function keyProblem(key: string): string | undefined {
  const parts = key.split('/');
  if (parts.length > 2) return 'a key has at most one slash.';
  const [prefix, name = ''] = parts.length === 2 ? [parts[0], parts[1]] : [undefined, parts[0]];
  if (name === '') return 'a key needs a name.';
  if (name.length > 63) return 'the name of a key has at most 63 characters.';
  if (!/^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/.test(name))
    return 'a key is letters, digits, - _ . and begins and ends with a letter or digit.';
  if (
    prefix !== undefined &&
    (prefix.length > 253 || !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(prefix))
  )
    return 'what stands before the slash must be a DNS name.';
  return undefined;
}

/** Why this is no label value. */
export function valueProblem(value: string): string | undefined {
  if (value.length > 63) return 'a value has at most 63 characters.';
  if (value !== '' && !/^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/.test(value))
    return 'a value is letters, digits, - _ . and begins and ends with a letter or digit.';
  return undefined;
}
