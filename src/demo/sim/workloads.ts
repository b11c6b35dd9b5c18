/** Deployments and ReplicaSets: rolling updates, revisions, progress deadlines, status. */
import { templateHash } from '../random';
import { clone, type Condition, type KObject, type Pod, type Workload } from '../model';
import { emit } from './events';
import { setCondition } from './pod-status';
import { createPod, deletePod, freePodName, isReady, type Ownership } from './owned';
import type { Sim } from './sim';

const revisionKey = 'deployment.kubernetes.io/revision';
const revisionOf = (object: KObject): number => Number(object.metadata.annotations?.[revisionKey] ?? 0);

const share = (value: number | string | undefined, total: number, up: boolean): number => {
  if (typeof value === 'number') return value;
  const exact = (total * parseInt(value ?? '25%', 10)) / 100;
  return up ? Math.ceil(exact) : Math.floor(exact);
};

export function deploymentController(sim: Sim, owned: Ownership): void {
  const { store } = sim;
  const ask = (namespace: string | undefined, name: string): void =>
    sim.soon(`deployment/${namespace}/${name}`, () => reconcile(namespace, name));
  store.subscribe('deployments.apps', ({ type, object }) => {
    if (type !== 'DELETED') ask(object.metadata.namespace, object.metadata.name);
  });
  store.subscribe('replicasets.apps', ({ object }) => {
    for (const owner of object.metadata.ownerReferences ?? [])
      if (owner.kind === 'Deployment') ask(object.metadata.namespace, owner.name);
  });

  function reconcile(namespace: string | undefined, name: string): void {
    const deployment = store.get<Workload>('deployments.apps', namespace, name);
    if (!deployment || deployment.metadata.deletionTimestamp) return;
    const sets = owned.of<Workload>(deployment, 'replicasets.apps');
    const wanted = deployment.spec.replicas ?? 1;
    let current = sets.find((set) => sameTemplate(set, deployment));
    if (!current && !deployment.spec.paused) current = createSet(deployment, sets);
    else if (
      current &&
      !deployment.spec.paused &&
      sets.some((set) => revisionOf(set) > revisionOf(current as KObject))
    )
      current = setRevision(current, Math.max(...sets.map(revisionOf)) + 1);
    if (current && !deployment.spec.paused)
      roll(
        deployment,
        current,
        sets.filter((set) => set.metadata.uid !== current?.metadata.uid),
        wanted,
      );
    report(deployment, wanted);
  }

  function createSet(deployment: Workload, sets: readonly Workload[]): Workload {
    const { name, namespace, labels } = deployment.metadata;
    const id = templateHash(deployment.spec.template);
    const template = clone(deployment.spec.template);
    template.metadata.labels = { ...template.metadata.labels, 'pod-template-hash': id };
    return store.create<Workload>('replicasets.apps', {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: `${name}-${id}`,
        namespace,
        labels: { ...labels, ...template.metadata.labels },
        annotations: {
          'deployment.kubernetes.io/desired-replicas': String(deployment.spec.replicas ?? 1),
          [revisionKey]: String(Math.max(revisionOf(deployment), ...sets.map(revisionOf)) + 1),
        },
        ownerReferences: [sim.ownerOf(deployment)],
      },
      spec: {
        replicas: 0,
        selector: { matchLabels: { ...deployment.spec.selector.matchLabels, 'pod-template-hash': id } },
        template,
      },
      status: { replicas: 0 },
    });
  }

  const setRevision = (set: Workload, revision: number): Workload | undefined =>
    sim.change<Workload>('replicasets.apps', set.metadata.namespace, set.metadata.name, (draft) => {
      draft.metadata.annotations = { ...draft.metadata.annotations, [revisionKey]: String(revision) };
    });

  function scale(deployment: Workload, set: Workload, to: number): void {
    const from = set.spec.replicas ?? 0;
    if (from === to) return;
    const { namespace, name } = set.metadata;
    sim.change<Workload>('replicasets.apps', namespace, name, (draft) => {
      draft.spec.replicas = to;
      draft.metadata.generation = (draft.metadata.generation ?? 1) + 1;
    });
    const words = `Scaled ${to > from ? 'up' : 'down'} replica set ${name} from ${from} to ${to}`;
    emit(sim, deployment, 'Normal', 'ScalingReplicaSet', words, 'deployment-controller');
  }

  function roll(deployment: Workload, current: Workload, others: readonly Workload[], wanted: number): void {
    const old = others.filter((set) => (set.spec.replicas ?? 0) > 0);
    if (old.length === 0) return scale(deployment, current, wanted);
    if (deployment.spec.strategy?.type === 'Recreate') {
      for (const set of old) scale(deployment, set, 0);
      if (old.every((set) => owned.of(set, 'pods').length === 0)) scale(deployment, current, wanted);
      return;
    }
    const rolling = deployment.spec.strategy?.rollingUpdate;
    const surge = share(rolling?.maxSurge, wanted, true);
    const gap = share(rolling?.maxUnavailable, wanted, false);
    const total = [current, ...old].reduce((sum, set) => sum + (set.spec.replicas ?? 0), 0);
    const room = Math.max(0, wanted + surge - total);
    scale(deployment, current, Math.min(wanted, (current.spec.replicas ?? 0) + room));
    const ready = (set: Workload): number => owned.activePods(set).filter(isReady).length;
    let spare =
      ready(current) +
      old.reduce((sum, set) => sum + ready(set), 0) -
      (wanted - Math.max(gap, surge === 0 ? 1 : 0));
    for (const set of old) {
      const size = set.spec.replicas ?? 0;
      const broken = Math.max(0, size - ready(set));
      const drop = Math.min(size, broken + Math.max(0, Math.min(spare, size - broken)));
      spare -= drop - Math.min(broken, drop);
      scale(deployment, set, size - drop);
    }
  }

  function report(deployment: Workload, wanted: number): void {
    const { namespace, name } = deployment.metadata;
    const sets = owned.of<Workload>(deployment, 'replicasets.apps');
    const current = sets.find((set) => sameTemplate(set, deployment));
    const count = (set: Workload): Pod[] => owned.activePods(set);
    const pods = sets.flatMap(count);
    const ready = pods.filter(isReady).length;
    const updated = current ? count(current) : [];
    const rolling = deployment.spec.strategy?.rollingUpdate;
    const available = ready >= wanted - share(rolling?.maxUnavailable, wanted, false);
    const complete = updated.filter(isReady).length >= wanted && pods.length === updated.length;
    const status: Workload['status'] = {
      observedGeneration: deployment.metadata.generation,
      ...(pods.length ? { replicas: pods.length } : {}),
      ...(updated.length ? { updatedReplicas: updated.length } : {}),
      ...(ready ? { readyReplicas: ready, availableReplicas: ready } : {}),
      ...(wanted > ready ? { unavailableReplicas: wanted - ready } : {}),
      conditions: clone(deployment.status?.conditions ?? []),
    };
    const conditions = status.conditions as Condition[];
    setCondition(
      conditions,
      available
        ? {
            type: 'Available',
            status: 'True',
            reason: 'MinimumReplicasAvailable',
            message: 'Deployment has minimum availability.',
          }
        : {
            type: 'Available',
            status: 'False',
            reason: 'MinimumReplicasUnavailable',
            message: 'Deployment does not have minimum availability.',
          },
      sim.now,
    );
    const set = current?.metadata.name ?? '';
    const late =
      conditions.find((entry) => entry.type === 'Progressing')?.reason === 'ProgressDeadlineExceeded';
    const setId = `ReplicaSet "${set}"`;
    if (complete)
      progress(conditions, 'True', 'NewReplicaSetAvailable', `${setId} has successfully progressed.`);
    else if (!late || deployment.status?.['observedGeneration'] !== deployment.metadata.generation) {
      progress(conditions, 'True', 'ReplicaSetUpdated', `${setId} is progressing.`);
      if (current) deadline(deployment, current);
    }
    const revision = String(current ? revisionOf(current) : revisionOf(deployment));
    if (
      JSON.stringify(status) === JSON.stringify(deployment.status) &&
      deployment.metadata.annotations?.[revisionKey] === revision
    )
      return;
    sim.change<Workload>('deployments.apps', namespace, name, (draft) => {
      draft.status = status;
      draft.metadata.annotations = { ...draft.metadata.annotations, [revisionKey]: revision };
    });
  }

  function progress(conditions: Condition[], status: string, reason: string, message: string): void {
    const known = conditions.find((entry) => entry.type === 'Progressing');
    const lastUpdateTime = known?.reason === reason ? known.lastUpdateTime : sim.now;
    setCondition(conditions, { type: 'Progressing', status, reason, message, lastUpdateTime }, sim.now);
  }

  /** A roll-out that has not finished in time is marked, as the real controller does. */
  function deadline(deployment: Workload, set: Workload): void {
    const { namespace, name, uid } = deployment.metadata;
    const seconds = deployment.spec.progressDeadlineSeconds ?? 600;
    const key = `${uid}/${set.metadata.uid}/${deployment.metadata.generation}`;
    if (watched.has(key)) return;
    watched.add(key);
    sim.after(seconds * 1000, () => {
      watched.delete(key);
      const current = store.get<Workload>('deployments.apps', namespace, name);
      if (!current || current.metadata.uid !== uid || !sameTemplate(set, current)) return;
      const state = current.status.conditions?.find((entry) => entry.type === 'Progressing');
      if (state?.reason !== 'ReplicaSetUpdated') return;
      sim.change<Workload>('deployments.apps', namespace, name, (draft) => {
        progress(
          draft.status.conditions ?? [],
          'False',
          'ProgressDeadlineExceeded',
          `ReplicaSet "${set.metadata.name}" has timed out progressing.`,
        );
      });
    });
  }
  const watched = new Set<string>();
}

function sameTemplate(set: Workload, deployment: Workload): boolean {
  const { labels, ...meta } = set.spec.template.metadata;
  const { 'pod-template-hash': _hash, ...own } = labels ?? {};
  void _hash;
  const bare = { metadata: { labels: own, ...meta }, spec: set.spec.template.spec };
  const { labels: wanted, ...rest } = deployment.spec.template.metadata;
  return (
    canonical(bare) ===
    canonical({ metadata: { labels: wanted ?? {}, ...rest }, spec: deployment.spec.template.spec })
  );
}

/** JSON with sorted keys and without empty extras: order never makes a new revision. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (key, field: unknown) => {
    if (key === 'creationTimestamp' && field === null) return undefined;
    if (field === null || typeof field !== 'object' || Array.isArray(field)) return field;
    return Object.fromEntries(Object.entries(field).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** ReplicaSets and ReplicationControllers: as many pods as asked for. */
export function replicaController(sim: Sim, owned: Ownership, storage: string, kind: string): void {
  const { store } = sim;
  const ask = (namespace: string | undefined, name: string): void =>
    sim.soon(`${storage}/${namespace}/${name}`, () => reconcile(namespace, name));
  store.subscribe(storage, ({ type, object }) => {
    if (type !== 'DELETED') ask(object.metadata.namespace, object.metadata.name);
  });
  store.subscribe('pods', ({ object }) => {
    for (const owner of object.metadata.ownerReferences ?? [])
      if (owner.kind === kind) ask(object.metadata.namespace, owner.name);
  });

  function reconcile(namespace: string | undefined, name: string): void {
    const set = store.get<Workload>(storage, namespace, name);
    if (!set || set.metadata.deletionTimestamp) return;
    const pods = owned.activePods(set);
    const wanted = set.spec.replicas ?? 1;
    const component = `${kind.toLowerCase()}-controller`;
    for (let missing = wanted - pods.length; missing > 0; missing--) {
      const pod = createPod(sim, set, set.spec.template, freePodName(sim, namespace, name));
      emit(sim, set, 'Normal', 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`, component);
    }
    const worstFirst = [...pods].sort((a, b) => Number(isReady(a)) - Number(isReady(b)));
    for (const pod of worstFirst.slice(0, Math.max(0, pods.length - wanted))) {
      deletePod(sim, pod);
      emit(sim, set, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`, component);
    }
    const now = owned.activePods(set);
    const ready = now.filter(isReady).length;
    const status = {
      replicas: now.length,
      ...(now.length ? { fullyLabeledReplicas: now.length } : {}),
      ...(ready ? { readyReplicas: ready, availableReplicas: ready } : {}),
      observedGeneration: set.metadata.generation,
    };
    const latest = store.get<Workload>(storage, namespace, name);
    if (latest && JSON.stringify(latest.status) !== JSON.stringify(status))
      sim.change<Workload>(storage, namespace, name, (draft) => void (draft.status = status));
  }
}
