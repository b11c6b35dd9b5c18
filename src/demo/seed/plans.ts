/** What the past is built from: who was created when, and when it got a new image. */
import type { Draft } from '../model';
import { cronJob, daemonSet, deployment, service, statefulSet, type AppOptions } from './builders';

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

export interface Plan {
  /** How long ago, in ms. */
  readonly age: number;
  readonly storage: string;
  readonly draft: Draft;
  /** A new image, that long ago: makes a second revision. */
  readonly updates?: readonly { readonly age: number; readonly image: string }[];
}

export interface Options extends AppOptions {
  readonly age: number;
  readonly servicePort?: number;
  readonly serviceExtra?: Record<string, unknown>;
  readonly updates?: Plan['updates'];
}

/** Ways to plan workloads, each with its Service where one is asked for. */
export function planner(plans: Plan[]) {
  const workload =
    (storage: string, make: (app: AppOptions) => Draft) =>
    (options: Options): void => {
      const { age, updates, servicePort, serviceExtra, ...app } = options;
      plans.push({ age, storage, draft: make(app), updates });
      if (servicePort)
        plans.push({ age, storage: 'services', draft: service(app, servicePort, serviceExtra) });
    };
  const web = workload('deployments.apps', (app) => deployment(app));
  const stateful = workload('statefulsets.apps', statefulSet);
  const daemon = workload('daemonsets.apps', daemonSet);
  const cron = (options: Options, schedule: string, extra = {}): void => {
    const { age, ...app } = options;
    plans.push({ age, storage: 'cronjobs.batch', draft: cronJob(app, schedule, extra) });
  };

  return { web, stateful, daemon, cron };
}

/** More of the same: `count` pods in Deployments of their own, spread over six namespaces. */
export function bulkPlans(count: number): Plan[] {
  const plans: Plan[] = [];
  for (let left = count, index = 0; left > 0; index++) {
    const replicas = Math.min(left, 20 + ((index * 37) % 80));
    left -= replicas;
    plans.push({
      age: (3 + ((index * 7) % 50)) * day,
      storage: 'deployments.apps',
      draft: deployment({
        namespace: `fleet-${'abcdef'[index % 6]}`,
        name: `worker-${String(index).padStart(3, '0')}`,
        image: `fleet/worker:1.${index % 9}.0`,
        replicas,
        port: 8080,
        cpu: '20m',
        memory: '32Mi',
      }),
    });
  }
  return plans;
}
