/**
 * A request of the dialog as the object `kubectl debug` would send, its YAML for the eye, and what
 * the person should know before. Sends nothing.
 */
import { parseDocument, stringify } from 'yaml';
import type { DebugRequest } from '#shared/contract/debug';
import { debugCopy, ephemeralContainer, nodePod } from '#shared/domain/debug/build';
import type { DebugOptions, Fields, Profile } from '#shared/domain/debug/types';
import { items, num, str } from '#shared/k8s/read';
import { fail } from '#shared/util/app-error';
import { kubeYaml, MAX_ALIASES } from '../../kubeconfig/yaml-schema';
import type { WholePod } from './pod-facts';

export interface Made {
  /** What is shown and, for a pod, sent. */
  readonly object: Fields;
  /** Pod as it would be then: what Pod Security looks at. */
  readonly pod: Fields;
  /** Container to attach to. */
  readonly container: string | undefined;
}

/** `pod`: the one that is debugged; none for a node. Throws AppFailure `invalid`. */
export function make(request: DebugRequest, pod: WholePod | undefined, profile = request.profile): Made {
  const options: DebugOptions = { ...common(request), profile };
  if (request.way === 'node') {
    const object = nodePod(request.node, { ...options, image: request.image, namespace: request.namespace });
    return { object, pod: object, container: options.container ?? 'debugger' };
  }
  const whole = pod as Fields | undefined;
  if (!whole) throw fail('not-found', `There is no pod ${request.pod} any more.`);
  if (request.way === 'ephemeral') {
    const object = ephemeralContainer(whole, {
      ...options,
      image: request.image,
      ...(request.target === undefined ? {} : { target: request.target }),
    });
    const spec = (whole['spec'] ?? {}) as Fields;
    const before = items<Fields>(spec['ephemeralContainers'] as readonly Fields[] | undefined);
    return {
      object,
      pod: { ...whole, spec: { ...spec, ephemeralContainers: [...before, object] } },
      container: str(object['name']),
    };
  }
  const { copyTo, sameNode, shareProcesses, setImages, keep } = request;
  const copy = debugCopy(whole, {
    ...options,
    copyTo,
    ...(sameNode === undefined ? {} : { sameNode }),
    ...(shareProcesses === undefined ? {} : { shareProcesses }),
    ...(setImages === undefined ? {} : { setImages }),
    ...(keep === undefined ? {} : { keep: known(keep) }),
  });
  return { object: copy.pod, pod: copy.pod, container: copy.container };
}

function common(request: DebugRequest): DebugOptions {
  const { profile, image, imagePullPolicy, container, env, command, argumentsOnly, suffix } = request;
  return {
    profile,
    suffix,
    stdin: true,
    tty: true,
    ...(image === undefined || image === '' ? {} : { image }),
    ...(imagePullPolicy === undefined ? {} : { imagePullPolicy }),
    ...(container === undefined || container === '' ? {} : { container }),
    ...(env === undefined ? {} : { env }),
    ...(command === undefined ? {} : { command }),
    ...(argumentsOnly === undefined ? {} : { argumentsOnly }),
    ...(request.custom === undefined || request.custom.trim() === ''
      ? {}
      : { custom: readCustom(request.custom) }),
  };
}

/** JSON is YAML too. AppFailure `invalid` with the place of the mistake. */
export function readCustom(text: string): Fields {
  const document = parseDocument(text, { ...kubeYaml, uniqueKeys: true });
  const [first] = document.errors;
  if (first)
    throw fail('invalid', `The custom profile cannot be read: ${first.message.split('\n')[0] ?? ''}`);
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch {
    throw fail('invalid', 'The custom profile has more aliases than are read.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw fail('invalid', 'A custom profile is a part of a container: fields such as env or resources.');
  return value as Fields;
}

export function yamlOf(object: Fields): string {
  return stringify(object, { lineWidth: 0, version: '1.1', aliasDuplicateObjects: false });
}

const powerful: ReadonlySet<Profile> = new Set(['general', 'netadmin', 'sysadmin']);

/** What the person should know, from the request and the pod it is about. */
export function warningsOf(request: DebugRequest, pod: WholePod | undefined, made: Made): readonly string[] {
  const warnings: string[] = [];
  const { way, profile } = request;
  const user = num(pod?.spec?.securityContext?.runAsUser);
  if (way !== 'node' && user !== undefined && user !== 0 && powerful.has(profile))
    warnings.push(
      `The pod runs everything as user ${user}: what the profile ${profile} adds has no effect for that user. A custom profile can set securityContext.runAsUser to 0.`,
    );
  if (profile === 'restricted' && user === undefined)
    warnings.push(
      'The profile restricted refuses to run as root: the image must name another user, or a custom profile must set securityContext.runAsUser.',
    );
  else if (
    profile !== 'restricted' &&
    pod?.spec?.securityContext?.runAsNonRoot === true &&
    user === undefined
  )
    warnings.push('The pod forbids to run as root: an image whose user is root will not start.');
  if (way === 'copy') {
    if (made.container === undefined)
      warnings.push(
        'Only images change, so labels and probes stay as they are: Services send the copy their traffic.',
      );
    else if (request.keep?.labels === true && profile !== 'legacy')
      warnings.push(
        'The copy keeps the labels: Services send it their traffic, and its controller may delete it.',
      );
    const claims = items(pod?.spec?.volumes).filter((one) => 'persistentVolumeClaim' in one).length;
    if (claims > 0 && request.sameNode !== true)
      warnings.push(
        'The pod has volumes of claims: one that only a single node may mount keeps a copy on another node waiting. "Same node" avoids that.',
      );
    if (request.replace === true)
      warnings.push(
        `Pod ${request.pod} is deleted at once, without its grace period, when the copy is there.`,
      );
  }
  if (way === 'node' && profile === 'netadmin')
    warnings.push("The container sees the node's processes and can change its network.");
  else if (way === 'node' && profile !== 'baseline' && profile !== 'restricted')
    warnings.push('The container sees and can change everything on the node.');
  return warnings;
}

type Keep = NonNullable<Extract<DebugRequest, { way: 'copy' }>['keep']>;

function known(keep: Keep): { [K in keyof Keep]?: boolean } {
  return Object.fromEntries(Object.entries(keep).filter(([, value]) => value !== undefined)) as {
    [K in keyof Keep]?: boolean;
  };
}
