/**
 * The objects `kubectl debug` makes, made here: an ephemeral container, a copy of a pod, a pod on a
 * node. Pure: nothing of the input is changed, names come from `suffix`. The parity test holds every
 * profile and way against kubectl's own requests.
 */
import { AppFailure } from '../../util/app-error';
import { customProblem, layOver } from './custom';
import { applyToCopy, applyToEphemeral, applyToNode } from './profiles';
import type { CopyOptions, DebugOptions, EphemeralOptions, Fields, NodeOptions } from './types';

/** The new element for `spec.ephemeralContainers`. Throws `invalid` for a name that is taken. */
export function ephemeralContainer(pod: Fields, options: EphemeralOptions): Fields {
  const name = options.container || `debugger-${options.suffix}`;
  if (containerNames(pod).has(name)) {
    throw invalid(`Container ${name} exists in this pod: choose another name.`);
  }
  let container: Fields = {
    name,
    ...(options.env && options.env.length > 0 && { env: options.env }),
    image: options.image,
    ...(options.imagePullPolicy && { imagePullPolicy: options.imagePullPolicy }),
    ...streams(options),
    terminationMessagePolicy: 'File',
    ...(options.target && { targetContainerName: options.target }),
    ...commandOf(options),
  };
  applyToEphemeral(options.profile, container);
  container = withCustom(container, options);
  return container;
}

export interface DebugCopy {
  readonly pod: Fields;
  /** Container to attach to; undefined when only images were changed. */
  readonly container: string | undefined;
}

/** A copy of a pod to look at in its place. Throws `invalid` when nothing says what to change. */
export function debugCopy(pod: Fields, options: CopyOptions): DebugCopy {
  const source = clone(pod);
  const from = record(source['metadata']);
  const metadata: Fields = {
    name: options.copyTo,
    namespace: from['namespace'],
    ...(from['annotations'] !== undefined && { annotations: from['annotations'] }),
    ...(from['labels'] !== undefined && { labels: from['labels'] }),
  };
  const spec = record(source['spec']);
  delete spec['ephemeralContainers'];
  if (options.shareProcesses !== undefined) spec['shareProcessNamespace'] = options.shareProcesses;
  if (!options.sameNode) delete spec['nodeName'];
  const containers = records(spec['containers']);
  const images = options.setImages ?? {};
  for (const each of containers) {
    const image = own(images, String(each['name'])) ?? own(images, '*');
    if (image) each['image'] = image;
  }
  const copy = { apiVersion: 'v1', kind: 'Pod', metadata, spec };
  spec['containers'] = containers;

  let container = options.container ? named(spec, options.container) : undefined;
  if (!container) {
    if (!options.image) {
      if (Object.keys(images).length > 0) return { pod: copy, container: undefined };
      throw invalid(
        'A copy needs an image for a debug container, images to change, or a command for one of its containers.',
      );
    }
    container = {
      name: options.container || `debugger-${options.suffix}`,
      terminationMessagePolicy: 'File',
    };
    containers.push(container);
  }
  if (options.command && options.command.length > 0) {
    if (!options.argumentsOnly) delete container['args'];
    Object.assign(container, commandOf(options));
  }
  if (options.env && options.env.length > 0) container['env'] = options.env;
  if (options.image) container['image'] = options.image;
  if (options.imagePullPolicy) container['imagePullPolicy'] = options.imagePullPolicy;
  delete container['stdin'];
  delete container['tty'];
  Object.assign(container, streams(options));
  applyToCopy(options.profile, copy, container, options.keep);
  const name = String(container['name']);
  if (options.custom) {
    const merged = withCustom(container, options);
    for (const key of ['containers', 'initContainers']) {
      if (Array.isArray(spec[key])) {
        spec[key] = records(spec[key]).map((each) => (each['name'] === name ? merged : each));
      }
    }
  }
  return { pod: copy, container: name };
}

/** Kubernetes' limit for the name of a pod. */
const MAX_NAME = 253;

export const MANAGED_BY = { 'app.kubernetes.io/managed-by': 'kubectl-debug' } as const;

/** A pod on a node, in the node's namespaces as the profile says. */
export function nodePod(node: string, options: NodeOptions): Fields {
  const stem = `node-debugger-${node}`.slice(0, MAX_NAME - options.suffix.length - 1);
  const container: Fields = {
    name: options.container || 'debugger',
    ...(options.env && options.env.length > 0 && { env: options.env }),
    image: options.image,
    ...(options.imagePullPolicy && { imagePullPolicy: options.imagePullPolicy }),
    ...streams(options),
    terminationMessagePolicy: 'File',
    ...commandOf(options),
  };
  const spec: Fields = {
    nodeName: node,
    restartPolicy: 'Never',
    tolerations: [{ operator: 'Exists' }],
  };
  applyToNode(options.profile, spec, container);
  spec['containers'] = [withCustom(container, options)];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `${stem}-${options.suffix}`, namespace: options.namespace, labels: { ...MANAGED_BY } },
    spec,
  };
}

function withCustom(container: Fields, { custom }: DebugOptions): Fields {
  if (!custom) return container;
  const problem = customProblem(custom);
  if (problem) throw invalid(problem);
  return layOver(container, custom);
}

function streams({ stdin, tty }: DebugOptions): Fields {
  return { ...(stdin && { stdin }), ...(tty && { tty }) };
}

function commandOf({ command, argumentsOnly }: DebugOptions): Fields {
  if (!command || command.length === 0) return {};
  return argumentsOnly ? { args: command } : { command };
}

function containerNames(pod: Fields): Set<string> {
  const spec = record(pod['spec']);
  const all = ['containers', 'initContainers', 'ephemeralContainers'].flatMap((key) => records(spec[key]));
  return new Set(all.map((one) => String(one['name'])));
}

function named(spec: Fields, name: string): Fields | undefined {
  for (const key of ['containers', 'initContainers']) {
    const list = records(spec[key]);
    if (list.length > 0) spec[key] = list;
    const found = list.find((one) => one['name'] === name);
    if (found) return found;
  }
  return undefined;
}

function invalid(message: string): AppFailure {
  return new AppFailure({ code: 'invalid', message });
}

function own(map: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.prototype.hasOwnProperty.call(map, key) ? map[key] : undefined;
}

function record(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function records(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map(record) : [];
}

function clone(object: Fields): Fields {
  return JSON.parse(JSON.stringify(object)) as Fields;
}
