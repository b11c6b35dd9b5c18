/** Binds pods to nodes: readiness, cordons, taints, selectors, CPU, memory and pod count. */
import { parseQuantity } from '../quantity';
import type { Node, Pod, PodSpec } from '../model';
import { emit } from './events';
import { setCondition } from './pod-status';
import type { Sim } from './sim';

interface Load {
  cpu: number;
  memory: number;
  pods: number;
}

export class Scheduler {
  private readonly sim: Sim;
  private readonly load = new Map<string, Load>();
  private readonly pending = new Map<string, Pod>();

  constructor(sim: Sim) {
    this.sim = sim;
    sim.store.subscribe('pods', ({ type, object, previous }) => {
      const pod = object as Pod;
      const before = previous as Pod | undefined;
      if (before && holds(before)) this.account(before, -1);
      if (type !== 'DELETED' && holds(pod)) this.account(pod, 1);
      if (type === 'DELETED' || pod.spec.nodeName) this.pending.delete(pod.metadata.uid);
      else if (!before) {
        this.pending.set(pod.metadata.uid, pod);
        sim.soon(`schedule/${pod.metadata.uid}`, () => this.schedule(pod));
      }
    });
    sim.store.subscribe('nodes', ({ type }) => {
      if (type !== 'MODIFIED') this.retry();
    });
    sim.every(60_000, () => this.retry());
  }

  private retry(): void {
    for (const pod of this.pending.values())
      this.sim.soon(`schedule/${pod.metadata.uid}`, () => this.schedule(pod));
  }

  private loadOf(node: string): Load {
    let load = this.load.get(node);
    if (!load) this.load.set(node, (load = { cpu: 0, memory: 0, pods: 0 }));
    return load;
  }

  private account(pod: Pod, sign: 1 | -1): void {
    const load = this.loadOf(pod.spec.nodeName as string);
    const { cpu, memory } = requestsOf(pod.spec);
    load.cpu += sign * cpu;
    load.memory += sign * memory;
    load.pods += sign;
  }

  private schedule(asked: Pod): void {
    const { sim } = this;
    const { namespace, name, uid } = asked.metadata;
    const pod = sim.store.get<Pod>('pods', namespace, name);
    if (!pod || pod.metadata.uid !== uid || pod.spec.nodeName || pod.metadata.deletionTimestamp) return;
    if (pod.spec.schedulingGates?.length)
      return this.reject(pod, 'SchedulingGated', 'Scheduling is blocked due to non-empty scheduling gates');
    const want = requestsOf(pod.spec);
    const reasons = new Map<string, number>();
    let best: Node | undefined;
    let bestScore = Infinity;
    const nodes = sim.store.list<Node>('nodes');
    for (const node of nodes) {
      const reason = this.obstacle(node, pod, want);
      if (reason !== undefined) {
        reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
        continue;
      }
      const load = this.loadOf(node.metadata.name);
      const score =
        (load.cpu + want.cpu) / parseQuantity(node.status.allocatable['cpu']) +
        load.pods / 110 +
        sim.random.next() * 0.15;
      if (score < bestScore) [best, bestScore] = [node, score];
    }
    if (!best) {
      const parts = [...reasons].map(([reason, count]) => `${count} ${reason}`).sort();
      return this.reject(
        pod,
        'Unschedulable',
        `0/${nodes.length} nodes are available: ${parts.join(', ')}. preemption: 0/${nodes.length} nodes are available: ${nodes.length} Preemption is not helpful for scheduling.`,
      );
    }
    const node = best.metadata.name;
    sim.change<Pod>('pods', namespace, name, (draft) => {
      draft.spec.nodeName = node;
      draft.status.conditions ??= [];
      setCondition(
        draft.status.conditions,
        { type: 'PodScheduled', status: 'True', lastProbeTime: null },
        sim.now,
      );
    });
    emit(
      sim,
      pod,
      'Normal',
      'Scheduled',
      `Successfully assigned ${namespace}/${name} to ${node}`,
      'default-scheduler',
    );
  }

  private obstacle(node: Node, pod: Pod, want: Load): string | undefined {
    const tolerates = (taint: { key: string; value?: string; effect: string }): boolean =>
      taint.effect === 'PreferNoSchedule' ||
      (pod.spec.tolerations ?? []).some(
        (toleration) =>
          (toleration.key === undefined || toleration.key === taint.key) &&
          (toleration.effect === undefined ||
            toleration.effect === '' ||
            toleration.effect === taint.effect) &&
          (toleration.operator === 'Exists' || (toleration.value ?? '') === (taint.value ?? '')),
      );
    const taint = (node.spec.taints ?? []).find((entry) => !tolerates(entry));
    if (taint) return `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`;
    if (node.spec.unschedulable) return 'node(s) were unschedulable';
    for (const [key, value] of Object.entries(pod.spec.nodeSelector ?? {}))
      if (node.metadata.labels?.[key] !== value) return "node(s) didn't match Pod's node affinity/selector";
    const load = this.loadOf(node.metadata.name);
    const { allocatable } = node.status;
    if (load.pods + 1 > parseQuantity(allocatable['pods'])) return 'Too many pods';
    if (load.cpu + want.cpu > parseQuantity(allocatable['cpu'])) return 'Insufficient cpu';
    if (load.memory + want.memory > parseQuantity(allocatable['memory'])) return 'Insufficient memory';
    return undefined;
  }

  private reject(pod: Pod, reason: string, message: string): void {
    const { sim } = this;
    if (reason === 'Unschedulable')
      emit(sim, pod, 'Warning', 'FailedScheduling', message, 'default-scheduler');
    sim.change<Pod>('pods', pod.metadata.namespace, pod.metadata.name, (draft) => {
      const known = draft.status.conditions?.find((entry) => entry.type === 'PodScheduled');
      if (known?.message === message) return false;
      draft.status.conditions ??= [];
      setCondition(
        draft.status.conditions,
        { type: 'PodScheduled', status: 'False', reason, message, lastProbeTime: null },
        sim.now,
      );
      return undefined;
    });
  }
}

const holds = (pod: Pod): boolean =>
  pod.spec.nodeName !== undefined && pod.status.phase !== 'Succeeded' && pod.status.phase !== 'Failed';

export function requestsOf(spec: PodSpec): Load {
  let cpu = 0;
  let memory = 0;
  for (const { resources } of spec.containers) {
    cpu += parseQuantity(resources?.requests?.['cpu'] ?? resources?.limits?.['cpu'] ?? '0');
    memory += parseQuantity(resources?.requests?.['memory'] ?? resources?.limits?.['memory'] ?? '0');
  }
  return { cpu, memory, pods: 1 };
}
