/** HorizontalPodAutoscalers: look at usage every 15 s, scale their target, say why. */
import { at, type Fields, type KObject, type Pod, type Workload } from '../model';
import { parseQuantity } from '../quantity';
import { matchesSelector } from '../store/selectors';
import { emit } from './events';
import { isReady } from './owned';
import type { Sim } from './sim';
import { containerUsage, loadOf } from './usage';
import { hash } from '../random';

const storage = 'horizontalpodautoscalers.autoscaling';
const storages: Readonly<Record<string, string>> = {
  Deployment: 'deployments.apps',
  StatefulSet: 'statefulsets.apps',
};

export function autoscaler(sim: Sim): void {
  sim.every(
    15_000,
    () => {
      for (const hpa of sim.store.list(storage)) scale(sim, hpa);
    },
    1000,
  );
}

function scale(sim: Sim, hpa: KObject): void {
  const { namespace, name } = hpa.metadata;
  const spec = hpa['spec'] as {
    scaleTargetRef: { kind: string; name: string };
    minReplicas?: number;
    maxReplicas: number;
    metrics?: Fields[];
  };
  const target = storages[spec.scaleTargetRef.kind] ?? '';
  const workload = sim.store.get<Workload>(target, namespace, spec.scaleTargetRef.name);
  if (!workload) return;
  const current = workload.spec.replicas ?? 1;
  const goal = Number(at(spec.metrics?.[0], 'resource', 'target', 'averageUtilization') ?? 70);
  const pods = sim.store
    .list<Pod>('pods', namespace)
    .filter((pod) => isReady(pod) && matchesSelector(workload.spec.selector, pod.metadata.labels));
  let [used, asked] = [0, 0];
  for (const pod of pods)
    for (const container of pod.spec.containers) {
      used += containerUsage(pod, container, sim.time).cpu;
      asked += parseQuantity(container.resources?.requests?.['cpu'] ?? '50m');
    }
  // Demand moves with the hour; more replicas share it.
  const demand = 0.75 + loadOf(hash(name), sim.time * 2) * 0.6;
  const percent =
    asked > 0 ? Math.round((used / asked) * 100 * demand * (4 / Math.max(1, current)) ** 0.5) : 0;
  const ratio = percent / goal;
  const wish = pods.length === 0 || Math.abs(ratio - 1) < 0.1 ? current : Math.ceil(current * ratio);
  const step = Math.max(current - 1, Math.min(current + 2, wish));
  const desired = Math.max(spec.minReplicas ?? 1, Math.min(spec.maxReplicas, step));
  const last = Date.parse(String(at(hpa, 'status', 'lastScaleTime') ?? '')) || 0;
  const moves = desired !== current && sim.time - last > 180_000;
  if (moves) {
    const why =
      desired > current
        ? 'cpu resource utilization (percentage of request) above target'
        : 'All metrics below target';
    emit(
      sim,
      hpa,
      'Normal',
      'SuccessfulRescale',
      `New size: ${desired}; reason: ${why}`,
      'horizontal-pod-autoscaler',
    );
    sim.change<Workload>(target, namespace, workload.metadata.name, (draft) => {
      draft.spec.replicas = desired;
      draft.metadata.generation = (draft.metadata.generation ?? 1) + 1;
    });
  }
  const capped = wish > spec.maxReplicas;
  const condition = (type: string, ok: boolean, reason: string, message: string): Fields => ({
    type,
    status: ok ? 'True' : 'False',
    reason,
    message,
    lastTransitionTime: hpa.metadata.creationTimestamp,
  });
  sim.change(storage, namespace, name, (draft) => {
    draft['status'] = {
      observedGeneration: 1,
      currentReplicas: pods.length,
      desiredReplicas: moves ? desired : current,
      ...(moves
        ? { lastScaleTime: sim.now }
        : last
          ? { lastScaleTime: at(hpa, 'status', 'lastScaleTime') }
          : {}),
      currentMetrics: [
        {
          type: 'Resource',
          resource: {
            name: 'cpu',
            current: {
              averageUtilization: percent,
              averageValue: `${Math.round((used / Math.max(1, pods.length)) * 1000)}m`,
            },
          },
        },
      ],
      conditions: [
        condition('AbleToScale', true, 'ReadyForNewScale', 'recommended size matches current size'),
        condition(
          'ScalingActive',
          true,
          'ValidMetricFound',
          'the HPA was able to successfully calculate a replica count from cpu resource utilization (percentage of request)',
        ),
        condition(
          'ScalingLimited',
          capped,
          capped ? 'TooManyReplicas' : 'DesiredWithinRange',
          capped
            ? 'the desired replica count is more than the maximum replica count'
            : 'the desired count is within the acceptable range',
        ),
      ],
    };
  });
}
