/**
 * Builds the cluster by living its past: everything is created when it was created, in
 * order, and the simulation runs in between, so that ages, revisions and restarts fit.
 */
import { iso, type KObject, type Node, type Workload } from '../model';
import { setCondition } from '../sim/kubelet';
import type { Sim } from '../sim/sim';
import { applicationPlans, bulkPlans, type Plan } from './apps';
import { imageOf } from './builders';
import { nodePlans } from './nodes';

interface Moment {
  readonly at: number;
  readonly run: () => void;
}

const ownPods = 130;

export function buildCluster(sim: Sim, pods: number, now: number): void {
  const moments: Moment[] = [];
  const bulk = Math.max(0, pods - ownPods);
  const plans: Plan[] = [...applicationPlans(), ...bulkPlans(bulk)];
  const oldest = Math.max(...plans.map((plan) => plan.age));
  const start = now - oldest - 86_400_000;

  const namespaces = new Set([
    'default',
    'kube-public',
    'kube-node-lease',
    ...plans.map((p) => p.draft.metadata.namespace ?? 'default'),
  ]);
  for (const name of namespaces) {
    const first = Math.max(
      ...plans.filter((plan) => plan.draft.metadata.namespace === name).map((plan) => plan.age),
      61 * 86_400_000,
    );
    moments.push({ at: now - first - 60_000, run: () => createNamespace(sim, name) });
  }
  for (const plan of nodePlans(Math.max(12, Math.ceil((pods + 60) / 90) + 8), sim.random, now)) {
    moments.push({ at: now - plan.age, run: () => void sim.store.create('nodes', plan.draft) });
    if (plan.silentFor)
      moments.push({ at: now - plan.silentFor, run: () => silence(sim, plan.draft.metadata.name ?? '') });
  }
  for (const plan of plans) {
    moments.push({ at: now - plan.age, run: () => void sim.store.create(plan.storage, plan.draft) });
    for (const update of plan.updates ?? [])
      moments.push({ at: now - update.age, run: () => setImage(sim, plan, imageOf(update.image)) });
  }

  sim.time = start;
  sim.past = now;
  for (const moment of moments.sort((a, b) => a.at - b.at)) {
    sim.advance(moment.at);
    moment.run();
    sim.settle();
  }
  sim.advance(now);
  sim.past = undefined;
}

function createNamespace(sim: Sim, name: string): void {
  sim.store.create('namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  });
}

function setImage(sim: Sim, plan: Plan, image: string): void {
  const { namespace, name } = plan.draft.metadata;
  sim.change<Workload>(plan.storage, namespace, name ?? '', (draft) => {
    const [container] = draft.spec.template.spec.containers;
    if (container) container.image = image;
    draft.metadata.generation = (draft.metadata.generation ?? 1) + 1;
  });
}

/** From here on nobody hears from the node: not ready, its pods unknown. */
function silence(sim: Sim, name: string): void {
  sim.change<Node>('nodes', undefined, name, (node) => {
    node.metadata.annotations = { ...node.metadata.annotations, 'demo.binnacle.dev/silent': 'true' };
    for (const condition of node.status.conditions) {
      setCondition(
        node.status.conditions,
        {
          ...condition,
          status: 'Unknown',
          reason: 'NodeStatusUnknown',
          message: 'Kubelet stopped posting node status.',
        },
        sim.now,
      );
    }
    node.spec.taints = [
      ...(node.spec.taints ?? []),
      { key: 'node.kubernetes.io/unreachable', effect: 'NoSchedule' },
      { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' },
    ];
  });
  for (const pod of sim.store.list('pods')) {
    if ((pod as KObject & { spec: { nodeName?: string } }).spec.nodeName !== name) continue;
    sim.change('pods', pod.metadata.namespace, pod.metadata.name, (draft) => {
      const status = draft['status'] as { conditions?: Parameters<typeof setCondition>[0] };
      for (const type of ['Ready', 'ContainersReady'])
        setCondition(
          status.conditions ?? [],
          {
            type,
            status: 'False',
            reason: 'NodeNotReady',
            message: `Node is not ready since ${iso(sim.time)}`,
          },
          sim.now,
        );
    });
  }
}
