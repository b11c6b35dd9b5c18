/** Conditions, and what follows for a pod from the states of its containers. */
import type { Condition, Pod } from '../model';

export function setCondition(conditions: Condition[], next: Condition, now: string): void {
  const index = conditions.findIndex((entry) => entry.type === next.type);
  const known = conditions[index];
  const since = known?.status === next.status ? known.lastTransitionTime : now;
  const entry = { ...next, lastTransitionTime: since };
  if (index < 0) conditions.push(entry);
  else conditions[index] = { ...(known?.lastProbeTime === null ? { lastProbeTime: null } : {}), ...entry };
}

/** Phase and conditions follow from the containers. */
export function recompute(pod: Pod, now: string): void {
  const { status, spec } = pod;
  const all = status.containerStatuses ?? [];
  const inits = status.initContainerStatuses ?? [];
  const done = all.length > 0 && all.every((entry) => entry.state.terminated);
  const failed = all.some((entry) => (entry.state.terminated?.exitCode ?? 0) !== 0);
  const final = spec.restartPolicy === 'Never' || (spec.restartPolicy === 'OnFailure' && !failed);
  if (done && final) status.phase = failed ? 'Failed' : 'Succeeded';
  else if (all.some((entry) => entry.state.running ?? entry.lastState.terminated ?? entry.state.terminated))
    status.phase = 'Running';
  else status.phase = 'Pending';
  const initialized = inits.every((entry) => entry.ready);
  const ready = !done && all.length > 0 && all.every((entry) => entry.ready);
  const lazy = all.filter((entry) => !entry.ready).map((entry) => entry.name);
  status.conditions ??= [];
  const set = (type: string, ok: boolean, reason?: string, message?: string): void =>
    setCondition(
      status.conditions as Condition[],
      { type, status: ok ? 'True' : 'False', lastProbeTime: null, ...(ok ? {} : { reason, message }) },
      now,
    );
  const over = status.phase === 'Succeeded' ? 'PodCompleted' : undefined;
  const unready = `containers with unready status: [${lazy.join(' ')}]`;
  if (spec.nodeName) set('PodReadyToStartContainers', status.podIP !== undefined && !done);
  set('Initialized', initialized, 'ContainersNotInitialized', 'containers with incomplete status');
  set('Ready', ready, over ?? 'ContainersNotReady', over ? undefined : unready);
  set('ContainersReady', ready, over ?? 'ContainersNotReady', over ? undefined : unready);
  if (spec.nodeName) set('PodScheduled', true);
}
