/** The dialog's fields and the request they make. Pure. */
import type { DebuggablePod, DebugRequest } from '#shared/contract/debug';
import type { Profile } from '#shared/domain/debug/types';
import { copyName, nameProblem, readVariables, splitWords } from './command-line';

/** In a copy: a debug container beside the others. */
export const NEW_CONTAINER = '';

export interface DebugForm {
  readonly way: 'ephemeral' | 'copy' | 'node';
  readonly image: string;
  readonly pull: '' | 'Always' | 'IfNotPresent' | 'Never';
  readonly profile: Profile;
  readonly custom: string;
  /** Empty: made from the suffix. */
  readonly name: string;
  readonly target: string;
  /** `NAME=value` lines. */
  readonly env: string;
  readonly command: string;
  readonly argumentsOnly: boolean;
  readonly copyTo: string;
  /** Container of the copy that is changed, or NEW_CONTAINER. */
  readonly change: string;
  /** Image of the container that is changed; empty: its own. */
  readonly changeImage: string;
  /** New images of other containers. */
  readonly images: Readonly<Record<string, string>>;
  readonly sameNode: boolean;
  readonly share: boolean;
  readonly keep: Readonly<
    Record<'labels' | 'annotations' | 'liveness' | 'readiness' | 'startup' | 'initContainers', boolean>
  >;
  readonly replace: boolean;
  /** Of the node's pod. */
  readonly namespace: string;
}

export function firstForm(
  way: DebugForm['way'],
  image: string,
  namespace: string,
  object: string,
  suffix: string,
): DebugForm {
  return {
    way,
    image,
    pull: '',
    profile: 'general',
    custom: '',
    name: '',
    target: '',
    env: '',
    command: '',
    argumentsOnly: false,
    copyTo: copyName(object, suffix),
    change: NEW_CONTAINER,
    changeImage: '',
    images: {},
    sameNode: false,
    share: true,
    keep: {
      labels: false,
      annotations: false,
      liveness: false,
      readiness: false,
      startup: false,
      initContainers: true,
    },
    replace: false,
    namespace,
  };
}

/** What is known of the pod settles what the person has not chosen. */
export function withPod(form: DebugForm, pod: DebuggablePod): DebugForm {
  const { crashing } = pod;
  if (crashing || pod.mirror)
    return {
      ...form,
      way: 'copy',
      target: pod.main,
      ...(crashing ? { change: crashing.container, command: 'sh' } : {}),
    };
  return { ...form, target: pod.main };
}

/** Problem by field; none: a request can be made. */
export type Problems = Readonly<Partial<Record<keyof DebugForm, string>>>;

export function problemsOf(form: DebugForm): Problems {
  const problems: Partial<Record<keyof DebugForm, string>> = {};
  const needsImage = form.way !== 'copy' || form.change === NEW_CONTAINER;
  if (needsImage && form.image.trim() === '') problems.image = 'An image is needed.';
  if (/\s/.test(form.image.trim())) problems.image = 'An image has no spaces.';
  if (form.name !== '') {
    const problem = nameProblem(form.name, 63);
    if (problem !== undefined) problems.name = problem;
  }
  const words = splitWords(form.command);
  if (!words) problems.command = 'A quote is not closed.';
  const variables = readVariables(form.env);
  if (typeof variables === 'string') problems.env = `Not NAME=value: ${variables}`;
  if (form.way === 'copy') {
    const problem = nameProblem(form.copyTo, 253);
    if (problem !== undefined) problems.copyTo = problem;
    const changes = form.changeImage.trim() !== '' || (words?.length ?? 0) > 0;
    if (form.change !== NEW_CONTAINER && !changes && Object.keys(form.images).length === 0)
      problems.command = 'Say what is changed: a command, an image, or both.';
  }
  return problems;
}

/** Undefined while there are problems. */
export function requestOf(
  form: DebugForm,
  object: { readonly namespace: string; readonly name: string; readonly uid: string },
  suffix: string,
): DebugRequest | undefined {
  if (Object.keys(problemsOf(form)).length > 0) return undefined;
  const command = splitWords(form.command) ?? [];
  const variables = readVariables(form.env);
  const env = typeof variables === 'string' ? [] : [...variables];
  const image = form.image.trim();
  const shared = {
    profile: form.profile,
    suffix,
    ...(form.custom.trim() === '' ? {} : { custom: form.custom }),
    ...(form.pull === '' ? {} : { imagePullPolicy: form.pull }),
    ...(form.name === '' ? {} : { container: form.name }),
    ...(env.length === 0 ? {} : { env }),
    ...(command.length === 0 ? {} : { command: [...command] }),
    ...(form.argumentsOnly && command.length > 0 ? { argumentsOnly: true } : {}),
  };
  const { namespace, name: pod, uid } = object;
  if (form.way === 'node') return { way: 'node', ...shared, image, node: pod, namespace: form.namespace };
  if (form.way === 'ephemeral') {
    return {
      way: 'ephemeral',
      ...shared,
      image,
      namespace,
      pod,
      uid,
      ...(form.target === '' ? {} : { target: form.target }),
    };
  }
  const changed = form.change !== NEW_CONTAINER;
  const { container: _, ...rest } = shared;
  const setImages = Object.fromEntries(
    Object.entries(form.images).flatMap(([name, value]) =>
      value.trim() === '' ? [] : [[name, value.trim()]],
    ),
  );
  const changeImage = form.changeImage.trim();
  return {
    way: 'copy',
    ...rest,
    ...(changed ? { container: form.change } : form.name === '' ? {} : { container: form.name }),
    ...(changed ? (changeImage === '' ? {} : { image: changeImage }) : { image }),
    namespace,
    pod,
    uid,
    copyTo: form.copyTo,
    sameNode: form.sameNode,
    shareProcesses: form.share,
    ...(Object.keys(setImages).length === 0 ? {} : { setImages }),
    keep: form.keep,
    replace: form.replace,
  };
}

export const profileWords: readonly { readonly value: Profile; readonly words: string }[] = [
  { value: 'general', words: 'may trace processes (SYS_PTRACE)' },
  { value: 'baseline', words: 'nothing added; passes the baseline level' },
  { value: 'restricted', words: 'not root, no capabilities; passes the restricted level' },
  { value: 'netadmin', words: 'may change the network (NET_ADMIN, NET_RAW)' },
  { value: 'sysadmin', words: 'privileged' },
  { value: 'legacy', words: 'as kubectl did by default up to 1.35' },
];

const nodeWords: Readonly<Partial<Record<Profile, string>>> = {
  general: "the node's namespaces and files",
  baseline: 'nothing of the node',
  restricted: 'nothing of the node, not root',
  netadmin: "the node's namespaces, NET_ADMIN",
  sysadmin: "privileged, the node's files",
  legacy: "the node's namespaces and files",
};

export function wordsOfProfile(profile: Profile, way: DebugForm['way']): string {
  const own = way === 'node' ? nodeWords[profile] : undefined;
  return own ?? profileWords.find((one) => one.value === profile)?.words ?? '';
}

/** The node's root is mounted at /host. */
export function mountsHost(profile: Profile): boolean {
  return profile === 'general' || profile === 'sysadmin' || profile === 'legacy';
}
