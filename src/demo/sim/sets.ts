/** StatefulSets (ordinals, one at a time, claims) and DaemonSets (one pod a node). */
import { clone, type KObject, type Node, type Pod, type Workload } from '../model';
import { templateHash } from '../random';
import { emit } from './events';
import { createPod, deletePod, freePodName, isActive, isReady, type Ownership } from './owned';
import type { Sim } from './sim';

const revisionLabel = 'controller-revision-hash';

function subscribe(
  sim: Sim,
  storage: string,
  kind: string,
  reconcile: (set: Workload) => void,
): (set: KObject) => void {
  const ask = (namespace: string | undefined, name: string): void =>
    sim.soon(`${storage}/${namespace}/${name}`, () => {
      const set = sim.store.get<Workload>(storage, namespace, name);
      if (set && !set.metadata.deletionTimestamp) reconcile(set);
    });
  sim.store.subscribe(storage, ({ type, object }) => {
    if (type !== 'DELETED') ask(object.metadata.namespace, object.metadata.name);
  });
  sim.store.subscribe('pods', ({ object }) => {
    for (const owner of object.metadata.ownerReferences ?? [])
      if (owner.kind === kind) ask(object.metadata.namespace, owner.name);
  });
  return (set) => ask(set.metadata.namespace, set.metadata.name);
}

function report(sim: Sim, storage: string, set: Workload, status: Workload['status']): void {
  const { namespace, name } = set.metadata;
  if (JSON.stringify(sim.store.get<Workload>(storage, namespace, name)?.status) === JSON.stringify(status))
    return;
  sim.change<Workload>(storage, namespace, name, (draft) => {
    draft.status = status;
  });
}

/** Keeps the ControllerRevision of a template; returns the hash pods are labelled with. */
function revision(sim: Sim, set: Workload): string {
  const id = templateHash(set.spec.template);
  const { name, namespace } = set.metadata;
  const storage = 'controllerrevisions.apps';
  if (!sim.store.get(storage, namespace, `${name}-${id}`)) {
    const known = sim.store
      .list(storage, namespace)
      .filter((entry) => entry.metadata.ownerReferences?.[0]?.uid === set.metadata.uid);
    sim.store.create(storage, {
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      metadata: {
        name: `${name}-${id}`,
        namespace,
        labels: { ...set.spec.template.metadata.labels, [revisionLabel]: id },
        ownerReferences: [sim.ownerOf(set)],
      },
      data: { spec: { template: { ...clone(set.spec.template), $patch: 'replace' } } },
      revision: known.length + 1,
    });
  }
  return id;
}

export function statefulSetController(sim: Sim, owned: Ownership): void {
  subscribe(sim, 'statefulsets.apps', 'StatefulSet', (set) => {
    const { name, namespace } = set.metadata;
    const wanted = set.spec.replicas ?? 1;
    const update = `${name}-${revision(sim, set)}`; // the name of the ControllerRevision
    const byOrdinal = new Map<number, Pod>();
    for (const pod of owned.of<Pod>(set, 'pods'))
      byOrdinal.set(Number(pod.metadata.name.slice(name.length + 1)), pod);
    const ordered = set.spec['podManagementPolicy'] !== 'Parallel';
    let waiting = false;
    for (let ordinal = 0; ordinal < wanted && !(waiting && ordered); ordinal++) {
      const pod = byOrdinal.get(ordinal);
      if (pod && !isActive(pod) && !pod.metadata.deletionTimestamp) deletePod(sim, pod);
      if (pod) waiting ||= !isReady(pod);
      else {
        create(set, ordinal, update);
        waiting = true;
      }
    }
    const extra = [...byOrdinal].filter(([ordinal]) => ordinal >= wanted).sort((a, b) => b[0] - a[0]);
    const last = extra[0]?.[1];
    if (last && !last.metadata.deletionTimestamp) deletePod(sim, last);
    const outdated = [...byOrdinal]
      .filter(([ordinal, pod]) => ordinal < wanted && pod.metadata.labels?.[revisionLabel] !== update)
      .sort((a, b) => b[0] - a[0]);
    const next = outdated[0]?.[1];
    if (!waiting && next && extra.length === 0) deletePod(sim, next);
    const pods = owned.activePods(set);
    const ready = pods.filter(isReady).length;
    const updated = pods.filter((pod) => pod.metadata.labels?.[revisionLabel] === update).length;
    const current = pods.find((pod) => pod.metadata.labels?.[revisionLabel] !== update);
    report(sim, 'statefulsets.apps', set, {
      observedGeneration: set.metadata.generation,
      replicas: pods.length,
      ...(ready ? { readyReplicas: ready } : {}),
      availableReplicas: ready,
      ...(updated ? { updatedReplicas: updated, currentReplicas: updated } : {}),
      currentRevision: current?.metadata.labels?.[revisionLabel] ?? update,
      updateRevision: update,
      collisionCount: 0,
    });

    function create(owner: Workload, ordinal: number, hash: string): void {
      const podName = `${name}-${ordinal}`;
      const claims = owner.spec.volumeClaimTemplates ?? [];
      for (const claim of claims) claimFor(owner, claim, podName);
      createPod(
        sim,
        owner,
        owner.spec.template,
        podName,
        {
          'apps.kubernetes.io/pod-index': String(ordinal),
          'statefulset.kubernetes.io/pod-name': podName,
          [revisionLabel]: hash,
        },
        (pod) => {
          pod.spec['hostname'] = podName;
          pod.spec['subdomain'] = owner.spec.serviceName;
          for (const claim of claims)
            (pod.spec.volumes ??= []).unshift({
              name: claim.metadata.name,
              persistentVolumeClaim: { claimName: `${claim.metadata.name}-${podName}` },
            });
        },
      );
      emit(
        sim,
        owner,
        'Normal',
        'SuccessfulCreate',
        `create Pod ${podName} in StatefulSet ${name} successful`,
        'statefulset-controller',
      );
    }
    function claimFor(owner: Workload, claim: KObject, podName: string): void {
      const claimName = `${claim.metadata.name}-${podName}`;
      if (sim.store.get('persistentvolumeclaims', namespace, claimName)) return;
      sim.store.create('persistentvolumeclaims', {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: {
          name: claimName,
          namespace,
          labels: owner.spec.selector.matchLabels,
          finalizers: ['kubernetes.io/pvc-protection'],
        },
        spec: { ...clone(claim['spec'] as object), volumeMode: 'Filesystem' },
        status: { phase: 'Pending' },
      });
    }
  });
}

export function daemonSetController(sim: Sim, owned: Ownership): void {
  const ask = subscribe(sim, 'daemonsets.apps', 'DaemonSet', (set) => {
    const { name } = set.metadata;
    const hash = revision(sim, set);
    const selector = Object.entries(set.spec.template.spec.nodeSelector ?? {});
    const nodes = sim.store
      .list<Node>('nodes')
      .filter((node) => selector.every(([key, value]) => node.metadata.labels?.[key] === value));
    const byNode = new Map<string, Pod>();
    for (const pod of owned.of<Pod>(set, 'pods')) {
      const node = pod.spec.nodeName ?? '';
      if (byNode.has(node) && !pod.metadata.deletionTimestamp) deletePod(sim, pod);
      else byNode.set(node, pod);
    }
    for (const node of nodes) {
      if (byNode.has(node.metadata.name)) continue;
      const pod = createPod(
        sim,
        set,
        set.spec.template,
        freePodName(sim, set.metadata.namespace, name),
        { [revisionLabel]: hash },
        (draft) => {
          draft.spec.nodeName = node.metadata.name;
          draft.spec.tolerations = [...(draft.spec.tolerations ?? []), { operator: 'Exists' }];
        },
      );
      emit(
        sim,
        set,
        'Normal',
        'SuccessfulCreate',
        `Created pod: ${pod.metadata.name}`,
        'daemonset-controller',
      );
    }
    const live = new Set(nodes.map((node) => node.metadata.name));
    for (const [node, pod] of byNode) if (!live.has(node)) deletePod(sim, pod);
    const outdated = [...byNode.values()].filter(
      (pod) => pod.metadata.labels?.[revisionLabel] !== hash && isActive(pod),
    );
    const moving = [...byNode.values()].some(
      (pod) => !isReady(pod) && pod.metadata.labels?.[revisionLabel] === hash,
    );
    if (outdated[0] && !moving) deletePod(sim, outdated[0]);
    const pods = owned.activePods(set);
    const ready = pods.filter(isReady).length;
    report(sim, 'daemonsets.apps', set, {
      currentNumberScheduled: pods.length,
      numberMisscheduled: 0,
      desiredNumberScheduled: nodes.length,
      numberReady: ready,
      observedGeneration: set.metadata.generation,
      updatedNumberScheduled: pods.length - outdated.length,
      ...(ready ? { numberAvailable: ready } : {}),
      ...(nodes.length > ready ? { numberUnavailable: nodes.length - ready } : {}),
    });
  });
  sim.store.subscribe('nodes', ({ type }) => {
    if (type !== 'MODIFIED') for (const set of sim.store.list('daemonsets.apps')) ask(set);
  });
}
