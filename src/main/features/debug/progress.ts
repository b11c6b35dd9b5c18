/**
 * Where a debug container is on its way to a process one can attach to, in words. Pure: from the pod
 * as the server last showed it. What will not mend itself is called `stuck`.
 */
import type { DebugState } from '#shared/contract/debug';
import { items, num, str } from '#shared/k8s/read';
import type { Condition, ContainerStatus } from '#shared/k8s/types';
import { isSidecar } from '#shared/kinds/pod-status';
import type { Container } from '#shared/k8s/types';
import { statuses, type WholePod } from './pod-facts';

const pullReasons = new Set(['ErrImagePull', 'ImagePullBackOff', 'RegistryUnavailable']);
const stuckReasons = new Set([
  'InvalidImageName',
  'ErrImageNeverPull',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'PreCreateHookError',
  'PostStartHookError',
]);

export function debugState(pod: WholePod, container: string): DebugState {
  const found = statuses(pod).get(container);
  const { waiting, running, terminated } = found?.state ?? {};
  if (running) return { phase: 'running', words: 'Running.' };
  if (terminated) {
    const exitCode = num(terminated.exitCode);
    return {
      phase: 'ended',
      words: endWords(found),
      ...(exitCode === undefined ? {} : { exitCode }),
    };
  }
  const reason = str(waiting?.reason);
  const message = str(waiting?.message);
  const with_ = (words: string): string => (message === '' ? `${words}.` : `${words}: ${message}`);
  if (pullReasons.has(reason))
    return { phase: 'waiting', stuck: true, words: with_('The image cannot be pulled') };
  if (reason === 'InvalidImageName')
    return { phase: 'waiting', stuck: true, words: with_('This is no name of an image') };
  if (reason === 'ErrImageNeverPull')
    return {
      phase: 'waiting',
      stuck: true,
      words: with_('The image is not on the node and must not be pulled (pull policy Never)'),
    };
  if (reason === 'CrashLoopBackOff')
    return {
      phase: 'waiting',
      stuck: true,
      words: `${endWords({ state: found?.lastState ?? {} })} It is started again and again.`,
    };
  if (stuckReasons.has(reason))
    return { phase: 'waiting', stuck: true, words: with_(`The container cannot be started (${reason})`) };
  const phase = str(pod.status?.phase);
  if (phase === 'Failed' || phase === 'Succeeded') {
    const why = str(pod.status?.message) || str(pod.status?.reason);
    return { phase: 'ended', words: `The pod is over (${phase})${why === '' ? '' : `: ${why}`}.` };
  }
  const unscheduled = scheduling(pod);
  if (unscheduled !== undefined) return unscheduled;
  const init = runningInit(pod);
  if (init !== undefined) return { phase: 'waiting', words: `Init container ${init} has to end first.` };
  if (reason !== '' && reason !== 'ContainerCreating' && reason !== 'PodInitializing')
    return { phase: 'waiting', words: with_(reason) };
  return {
    phase: 'waiting',
    words: found
      ? 'The node pulls the image and creates the container.'
      : 'Waiting for the node to start it.',
  };
}

function endWords(status: ContainerStatus | undefined): string {
  const ended = status?.state?.terminated;
  const code = num(ended?.exitCode);
  const reason = str(ended?.reason);
  const message = str(ended?.message);
  const why = reason === '' || reason === 'Completed' || reason === 'Error' ? '' : ` (${reason})`;
  const words =
    code === undefined ? `The container ended${why}` : `The container ended with exit code ${code}${why}`;
  return message === '' ? `${words}.` : `${words}: ${message}`;
}

/** Why the pod has no node yet. */
function scheduling(pod: WholePod): DebugState | undefined {
  if (str(pod.spec?.nodeName) !== '') return undefined;
  const told = items<Condition>(pod.status?.conditions).find((one) => one.type === 'PodScheduled');
  if (told?.status !== 'False') return { phase: 'waiting', words: 'Waiting for a node.' };
  return {
    phase: 'waiting',
    stuck: true,
    words: `No node takes the pod: ${str(told.message) || str(told.reason)}`,
  };
}

function runningInit(pod: WholePod): string | undefined {
  const byName = statuses(pod);
  for (const one of items<Container>(pod.spec?.initContainers)) {
    const name = str(one.name);
    const found = byName.get(name);
    if (isSidecar(one) ? found?.started === true : num(found?.state?.terminated?.exitCode) === 0) continue;
    return name;
  }
  return undefined;
}
