/** Starts everything that makes the cluster live, and what the API asks of it. */
import type { Workings } from '../api/workings';
import type { Node, Pod } from '../model';
import { kibibytes, millicores, parseQuantity } from '../quantity';
import { hash } from '../random';
import { serveDefinitions } from '../store/definitions';
import { autoscaler } from './autoscaler';
import { garbageCollector, heartbeats, namespaceController } from './housekeeping';
import { cronJobController, jobController } from './jobs';
import { Kubelet } from './kubelet';
import { logLines, logStart } from './logs';
import { Ownership } from './owned';
import { Scheduler } from './scheduler';
import { serviceController, volumeController } from './services';
import { daemonSetController, statefulSetController } from './sets';
import type { Sim } from './sim';
import { containerUsage, loadOf, podUsage } from './usage';
import { deploymentController, replicaController } from './workloads';

export function startControllers(sim: Sim): Workings {
  const owned = new Ownership(sim);
  serveDefinitions(sim);
  new Scheduler(sim);
  new Kubelet(sim);
  replicaController(sim, owned, 'replicasets.apps', 'ReplicaSet');
  replicaController(sim, owned, 'replicationcontrollers', 'ReplicationController');
  deploymentController(sim, owned);
  statefulSetController(sim, owned);
  daemonSetController(sim, owned);
  jobController(sim, owned);
  cronJobController(sim, owned);
  serviceController(sim);
  volumeController(sim);
  garbageCollector(sim, owned);
  namespaceController(sim);
  return {
    logLines,
    logStart,
    onTick: (callback) => sim.onTick(callback),
    nodeUsage: (name) => nodeUsage(sim, name),
    podUsage: (pod) => podUsage(pod, sim.time),
  };
}

/** What runs by the clock alone; started once the past is built. */
export function startClocks(sim: Sim): void {
  heartbeats(sim);
  autoscaler(sim);
}

function nodeUsage(sim: Sim, name: string): { cpu: string; memory: string } | undefined {
  const node = sim.store.get<Node>('nodes', undefined, name);
  if (!node || node.metadata.annotations?.['demo.binnacle.dev/silent']) return undefined;
  let cpu = 0.15 + loadOf(hash(name), sim.time) * 0.2;
  let memory = 0.9 * 1024 ** 3 + (hash(name) % 400) * 1024 ** 2;
  for (const pod of sim.store.list<Pod>('pods')) {
    if (pod.spec.nodeName !== name || pod.status.phase !== 'Running') continue;
    for (const container of pod.spec.containers) {
      const used = containerUsage(pod, container, sim.time);
      cpu += used.cpu;
      memory += used.memory;
    }
  }
  const limit = parseQuantity(node.status.capacity['memory']);
  return { cpu: millicores(cpu), memory: kibibytes(Math.min(memory, limit * 0.97)) };
}
