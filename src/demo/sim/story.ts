/** What people do to the cluster: a new version of something every few minutes, a pod restarted by hand. */
import type { Pod, Workload } from '../model';
import { deletePod, isReady } from './owned';
import type { Sim } from './sim';

const rolled = [
  'shop/catalog',
  'shop/recommendations',
  'ingest/collector',
  'ingest/parser',
  'payments/fraud-scoring',
  'shop/frontend',
];

export function story(sim: Sim): void {
  const next = (): void => {
    sim.after(sim.random.int(100_000, 260_000), () => {
      release();
      next();
    });
  };
  sim.after(25_000, release);
  next();
  sim.every(75_000, () => {
    const pods = sim.store
      .list<Pod>('pods', 'ingest')
      .filter((pod) => isReady(pod) && pod.metadata.name.startsWith('parser'));
    if (pods.length > 0) deletePod(sim, sim.random.pick(pods));
  });

  function release(): void {
    const [namespace, name = ''] = sim.random.pick(rolled).split('/');
    sim.change<Workload>('deployments.apps', namespace, name, (draft) => {
      const [container] = draft.spec.template.spec.containers;
      if (!container) return false;
      container.image = container.image.replace(/(\d+)$/, (patch) => String(Number(patch) + 1));
      draft.metadata.generation = (draft.metadata.generation ?? 1) + 1;
      return undefined;
    });
  }
}
