/** Starts everything that makes the cluster live, and what the API asks of it. */
import type { Workings } from '../api/workings';
import { Kubelet } from './kubelet';
import { Ownership } from './owned';
import { Scheduler } from './scheduler';
import { daemonSetController, statefulSetController } from './sets';
import type { Sim } from './sim';
import { deploymentController, replicaController } from './workloads';

export function startControllers(sim: Sim): Workings {
  const owned = new Ownership(sim);
  new Scheduler(sim);
  new Kubelet(sim);
  replicaController(sim, owned, 'replicasets.apps', 'ReplicaSet');
  deploymentController(sim, owned);
  statefulSetController(sim, owned);
  daemonSetController(sim, owned);
  return {
    logLines: () => [],
    logStart: () => undefined,
    onTick: (callback) => sim.onTick(callback),
    nodeUsage: () => undefined,
    podUsage: () => [],
    environment: () => ({}),
  };
}
