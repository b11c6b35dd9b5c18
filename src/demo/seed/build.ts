/**
 * Builds the cluster by living its past: everything is created when it was created, in
 * order, and the simulation runs in between, so that ages, revisions and restarts fit.
 */
import { iso, type Draft, type KObject, type Node, type Workload } from '../model';
import { setCondition } from '../sim/pod-status';
import { startClocks } from '../sim/controllers';
import type { Sim } from '../sim/sim';
import { story } from '../sim/story';
import { applicationPlans } from './apps';
import { platformPlans } from './apps-platform';
import { imageOf } from './builders';
import { customObjects } from './custom';
import { definition, definitions } from './definitions';
import { nodePlans } from './nodes';
import { bulkPlans, type Plan } from './plans';
import { platformObjects } from './platform';

interface Moment {
  readonly at: number;
  readonly run: () => void;
}

const ownPods = 130;
const day = 86_400_000;

export function buildCluster(sim: Sim, pods: number, now: number): void {
  const plans: Plan[] = [
    ...platformPlans(),
    ...applicationPlans(),
    ...bulkPlans(Math.max(0, pods - ownPods)),
  ];
  const oldest = 62 * day;
  const nodes = nodePlans(Math.max(12, Math.ceil((pods + 60) / 90) + 8), sim.random, now);
  const moments: Moment[] = [];
  const plan = (age: number, run: () => void): void => void moments.push({ at: now - age, run });
  const put = (draft: Draft): void => {
    const kind = sim.registry.ofObject(draft.apiVersion, draft.kind);
    if (!kind) throw new Error(`nobody serves ${draft.apiVersion} ${draft.kind}`);
    sim.store.create(kind.storage, draft);
  };

  sim.time = now - oldest;
  sim.past = now;
  const namespaces = new Set([
    'default',
    'kube-public',
    'kube-node-lease',
    ...plans.map((p) => p.draft.metadata.namespace ?? 'default'),
  ]);
  for (const name of namespaces) createNamespace(sim, name);
  for (const each of definitions) put(definition(each));
  const nodeNames = nodes.map((node) => node.draft.metadata.name ?? '');
  for (const [index, draft] of [
    ...platformObjects(sim.registry, nodeNames),
    ...customObjects(iso(now - 5_000_000)),
  ].entries()) {
    // Classes and volumes are there before the workloads that need them; the rest comes over the weeks.
    const early = /Class$|^ServiceAccount$|^ConfigMap$|^Secret$/.test(draft.kind);
    plan(early ? oldest - 1000 : oldest - 60_000 - (index % 17) * 2.9 * day, () => put(draft));
  }
  for (const node of nodes) {
    plan(node.age, () => put(node.draft));
    if (node.silentFor) plan(node.silentFor, () => silence(sim, node.draft.metadata.name ?? ''));
  }
  for (const each of plans) {
    plan(each.age, () => put(each.draft));
    for (const update of each.updates ?? [])
      plan(update.age, () => setImage(sim, each, imageOf(update.image)));
  }
  // Clocks start in the last hour: what they did before is forgotten anyway.
  plan(3_500_000, () => startClocks(sim));

  for (const moment of moments.sort((a, b) => a.at - b.at)) {
    sim.advance(moment.at);
    moment.run();
    sim.settle();
  }
  sim.advance(now);
  sim.past = undefined;
  story(sim);
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
