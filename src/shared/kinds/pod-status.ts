/**
 * The status of a pod as words a person says, from its own fields alone: no events, no node,
 * no clock. Guards: Succeeded and completed containers are no faults, gates and pauses are
 * states, and a silent node is only told where the kubelet's own conditions prove it.
 */
import { status, terminating, type Status } from './columns';
import { terminatedWords, unschedulableWords, waitingWords } from './pod-words';
import { condition, count, isTrue, items, str } from '../k8s/read';
import type { Container, ContainerStatus, Pod } from '../k8s/types';
import { parseTime } from '../util/age';

export function podStatus(pod: Pod): Status {
  const phase = str(pod.status?.phase);
  const deleting = terminating(pod);
  if (deleting) return deletingWords(pod, deleting);
  if (phase === 'Unknown' || pod.status?.reason === 'NodeLost') return silent;
  if (phase === 'Failed') return failedWords(pod);
  if (phase === 'Succeeded') return status('done', 'Completed');
  if (str(pod.spec?.nodeName) === '') return unscheduledWords(pod);
  return initWords(pod) ?? containerWords(pod);
}

const silent = status('idle', 'Unknown: node is silent');

function deletingWords(pod: Pod, words: Status): Status {
  if (pod.status?.reason === 'NodeLost') return status('idle', 'Terminating: node is silent', words.at);
  return words;
}

/** Rejections by the kubelet (D13) and other ends of whole pods. */
const failures = new Map<string, string>([
  ['DeadlineExceeded', 'Failed: deadline exceeded'],
  ['OutOfcpu', 'Rejected: node out of CPU'],
  ['OutOfmemory', 'Rejected: node out of memory'],
  ['OutOfpods', 'Rejected: node full of pods'],
  ['OutOfephemeral-storage', 'Rejected: node out of disk'],
  ['NodeAffinity', 'Rejected: node does not match'],
  ['NodePorts', 'Rejected: host port taken'],
  ['UnexpectedAdmissionError', 'Rejected by node: admission error'],
  ['TopologyAffinityError', 'Rejected: no CPU alignment on node'],
  ['Shutdown', 'Stopped by node shutdown'],
  ['NodeShutdown', 'Stopped by node shutdown'],
  ['Terminated', 'Stopped by node shutdown'],
  ['Preempting', 'Preempted by a critical pod'],
]);

/** DisruptionTarget (D10, D12). */
const disruptions = new Map<string, string>([
  ['PreemptionByScheduler', 'Preempted by a higher priority'],
  ['DeletionByTaintManager', 'Removed: taint of node'],
  ['EvictionByEvictionAPI', 'Evicted on request'],
  ['DeletionByPodGC', 'Removed: node is gone'],
  ['TerminationByKubelet', 'Stopped by node'],
]);

function failedWords(pod: Pod): Status {
  const reason = str(pod.status?.reason);
  const message = str(pod.status?.message);
  if (reason === 'Evicted') {
    // "The node was low on resource: memory." or "Pod ephemeral local storage usage exceeds ..."
    const low = /low on resource: ([\w.-]*\w)/.exec(message)?.[1];
    if (low !== undefined) return status('bad', `Evicted: node low on ${low}`);
    const limit = /(ephemeral local storage|EmptyDir volume).*exceeds/i.test(message);
    return status('bad', limit ? 'Evicted: over its disk limit' : 'Evicted');
  }
  const known = failures.get(reason);
  if (known !== undefined) return status('bad', known);
  const failed = firstBad(pod, (cs, spec) => terminatedWords(cs.state?.terminated, spec));
  if (failed)
    return failed.text.startsWith('Error') ? status('bad', `Failed${failed.text.slice(5)}`) : failed;
  const disruption = condition(pod.status?.conditions, 'DisruptionTarget');
  const removed = disruption?.status === 'True' ? disruptions.get(str(disruption.reason)) : undefined;
  if (removed !== undefined) return status('bad', removed);
  return status('bad', reason === '' ? 'Failed' : `Failed: ${reason}`);
}

function unscheduledWords(pod: Pod): Status {
  const gates = items(pod.spec?.schedulingGates);
  const scheduled = condition(pod.status?.conditions, 'PodScheduled');
  if (gates.length > 0 || scheduled?.reason === 'SchedulingGated') {
    const name = str(gates[0]?.name);
    return status('idle', name === '' ? 'Gated' : `Gated by ${name}`);
  }
  const nominated = str(pod.status?.nominatedNodeName);
  if (nominated !== '') return status('progress', `Pending: makes room on ${nominated}`);
  if (scheduled?.status === 'False') {
    const why = scheduled.reason === 'Unschedulable' ? unschedulableWords(pod, str(scheduled.message)) : '';
    if (why !== '') return status('warn', `Pending: ${why}`);
    return status('warn', scheduled.reason === 'Unschedulable' ? 'Pending: no node fits' : 'Pending');
  }
  return status('progress', 'Pending: not scheduled yet');
}

/** Init steps in their order (D25, D26); undefined once all are behind. */
function initWords(pod: Pod): Status | undefined {
  const specs = items(pod.spec?.initContainers);
  if (specs.length === 0 || isTrue(pod.status?.conditions, 'Initialized')) return undefined;
  const byName = statusByName(pod.status?.initContainerStatuses);
  for (const [index, spec] of specs.entries()) {
    const cs = byName.get(str(spec.name));
    if (cs && initDone(cs, spec)) continue;
    const bad = cs && (waitingWords(cs, spec) ?? terminatedWords(cs.state?.terminated, spec));
    if (bad?.tone === 'bad') {
      return status('bad', isSidecar(spec) ? bad.text : `Init ${index + 1} of ${specs.length}: ${bad.text}`);
    }
    return status('progress', `Starting: init ${index + 1} of ${specs.length}`);
  }
  return undefined;
}

function initDone(cs: ContainerStatus, spec: Container): boolean {
  if (isSidecar(spec)) return cs.started === true;
  const ended = cs.state?.terminated;
  return ended !== undefined && ended !== null && count(ended.exitCode) === 0 && count(ended.signal) === 0;
}

function containerWords(pod: Pod): Status {
  const bad = firstBad(
    pod,
    (cs, spec) => onlyBad(waitingWords(cs, spec)) ?? terminatedWords(cs.state?.terminated, spec),
  );
  if (bad) return bad;
  let waiting: Status | undefined;
  const starting: string[] = [];
  const unready: string[] = [];
  const done: string[] = [];
  const specOf = specByName(pod.spec?.containers);
  const statuses = items(pod.status?.containerStatuses);
  for (const cs of statuses) {
    const name = str(cs.name);
    if (cs.state?.waiting) waiting ??= waitingWords(cs, specOf(name));
    else if (cs.state?.terminated) done.push(name);
    else if (cs.ready !== true) (cs.started === false ? starting : unready).push(name);
  }
  if (waiting) return waiting;
  if (statuses.length === 0) return status('progress', 'Starting');
  if (starting.length > 0) return status('progress', `Starting: startup probe of ${starting[0]}`);
  if (unready.length > 0) return unreadyWords(unready, specOf, statuses.length);
  if (done.length > 0)
    return status('progress', done.length === statuses.length ? 'Ending' : `Running, ${done[0]} completed`);
  return readyWords(pod);
}

function unreadyWords(names: readonly string[], specOf: SpecOf, all: number): Status {
  const first = names[0] ?? '';
  const probed = names.every((name) => specOf(name)?.readinessProbe);
  if (names.length > 1) return status('warn', `Not ready: ${names.length} containers`);
  if (all === 1) return status('warn', probed ? 'Not ready: probe not passed' : 'Not ready');
  return status('warn', probed ? `Not ready: probe of ${first}` : `Not ready: ${first}`);
}

/** All containers are ready: gates (D33), a silent node (D92), or well. */
function readyWords(pod: Pod): Status {
  const conditions = pod.status?.conditions;
  const ready = condition(conditions, 'Ready');
  if (ready && ready.status !== 'True') {
    const gate = items(pod.spec?.readinessGates).find((one) => !isTrue(conditions, str(one.conditionType)));
    if (gate) return status('warn', `Not ready: gate ${str(gate.conditionType)}`);
    // The kubelet derives Ready from these two; only the node controller sets it apart from them.
    if (isTrue(conditions, 'ContainersReady')) return silent;
    const sidecar = items(pod.status?.initContainerStatuses).find(
      (cs) => cs.started === true && cs.ready === false,
    );
    return status('warn', sidecar ? `Not ready: sidecar ${str(sidecar.name)}` : 'Not ready');
  }
  const resize = condition(conditions, 'PodResizePending');
  if (resize?.status === 'True') {
    return resize.reason === 'Infeasible'
      ? status('warn', 'Running, resize does not fit')
      : status('ok', 'Running, resize waits');
  }
  return status('ok', 'Running');
}

/** Containers first, then sidecars: the fault of the app is the news. */
function firstBad(
  pod: Pod,
  words: (cs: ContainerStatus, spec: Container | undefined) => Status | undefined,
): Status | undefined {
  const parts = [
    [pod.status?.containerStatuses, pod.spec?.containers],
    [pod.status?.initContainerStatuses, pod.spec?.initContainers],
  ] as const;
  for (const [statuses, specs] of parts) {
    const specOf = specByName(specs);
    for (const cs of items(statuses)) {
      // One that runs is not bad, whatever its spec.
      if (!cs.state?.waiting && !cs.state?.terminated) continue;
      const found = words(cs, specOf(str(cs.name)));
      if (found) return found;
    }
  }
  return undefined;
}

function onlyBad(words: Status | undefined): Status | undefined {
  return words?.tone === 'bad' ? words : undefined;
}

export function isSidecar(spec: Container): boolean {
  return spec.restartPolicy === 'Always';
}

type SpecOf = (name: string) => Container | undefined;

/** Finds a container's spec; of most pods, whose containers run, nobody asks. */
function specByName(list: readonly Container[] | undefined): SpecOf {
  let specs: Map<string, Container> | undefined;
  return (name) => (specs ??= new Map(items(list).map((spec) => [str(spec.name), spec]))).get(name);
}

function statusByName(list: readonly ContainerStatus[] | undefined): Map<string, ContainerStatus> {
  return new Map(items(list).map((cs) => [str(cs.name), cs]));
}

/** Ready of all, sidecars counted among both, as kubectl does. */
export function podReady(pod: Pod): readonly [number, number] {
  let have = items(pod.status?.containerStatuses).filter((cs) => cs.ready === true).length;
  let want = items(pod.spec?.containers).length;
  const sidecars = sidecarNames(pod);
  want += sidecars.size;
  for (const cs of items(pod.status?.initContainerStatuses)) {
    if (sidecars.has(str(cs.name)) && cs.ready === true) have++;
  }
  return [have, want];
}

/** Restarts of what counts now: init steps while they run, containers and sidecars after; and the last end. */
export function podRestarts(pod: Pod): readonly [number, number | null] {
  const initialized = isTrue(pod.status?.conditions, 'Initialized');
  const sidecars = sidecarNames(pod);
  const counted = [
    ...items(pod.status?.containerStatuses),
    ...items(pod.status?.initContainerStatuses).filter((cs) => !initialized || sidecars.has(str(cs.name))),
  ];
  let total = 0;
  let last: number | null = null;
  for (const cs of counted) {
    total += count(cs.restartCount);
    const ended = parseTime(cs.lastState?.terminated?.finishedAt);
    if (ended !== null && (last === null || ended > last)) last = ended;
  }
  return [total, total > 0 ? last : null];
}

function sidecarNames(pod: Pod): ReadonlySet<string> {
  return new Set(
    items(pod.spec?.initContainers)
      .filter(isSidecar)
      .map((spec) => str(spec.name)),
  );
}
