/** Who owns what, kept up to date from the store: controllers never scan. */
import type { KObject, Pod, PodTemplate } from '../model';
import { clone } from '../model';
import { keyOf } from '../store/store';
import type { Sim } from './sim';

export interface Owned {
  readonly storage: string;
  readonly key: string;
}

export class Ownership {
  private readonly byOwner = new Map<string, Map<string, Owned>>();
  private readonly sim: Sim;

  constructor(sim: Sim) {
    this.sim = sim;
    sim.store.subscribe(undefined, ({ type, storage, object, previous }) => {
      if (type === 'MODIFIED' && previous?.metadata.ownerReferences === object.metadata.ownerReferences)
        return;
      const key = keyOf(object.metadata.namespace, object.metadata.name);
      const id = `${storage} ${key}`;
      for (const owner of previous?.metadata.ownerReferences ?? []) this.byOwner.get(owner.uid)?.delete(id);
      if (type === 'DELETED') return;
      for (const owner of object.metadata.ownerReferences ?? []) {
        let owned = this.byOwner.get(owner.uid);
        if (!owned) this.byOwner.set(owner.uid, (owned = new Map()));
        owned.set(id, { storage, key });
      }
    });
  }

  /** What names this object as an owner. */
  dependants(uid: string): { storage: string; object: KObject }[] {
    const found: { storage: string; object: KObject }[] = [];
    for (const { storage, key } of this.byOwner.get(uid)?.values() ?? []) {
      const slash = key.indexOf('/');
      const namespace = key.slice(0, slash) || undefined;
      const object = this.sim.store.get(storage, namespace, key.slice(slash + 1));
      if (object) found.push({ storage, object });
    }
    return found;
  }

  of<T extends KObject>(owner: KObject, storage: string): T[] {
    return this.dependants(owner.metadata.uid)
      .filter((entry) => entry.storage === storage)
      .map((entry) => entry.object as T);
  }

  /** Pods of an owner that count: neither finished nor going away. */
  activePods(owner: KObject): Pod[] {
    return this.of<Pod>(owner, 'pods').filter(isActive);
  }
}

export const isActive = (pod: Pod): boolean =>
  !pod.metadata.deletionTimestamp && pod.status.phase !== 'Succeeded' && pod.status.phase !== 'Failed';

export const isReady = (pod: Pod): boolean =>
  pod.status.conditions?.some((entry) => entry.type === 'Ready' && entry.status === 'True') ?? false;

/** Takes a pod away the way controllers do: gracefully when it runs somewhere. */
export function deletePod(sim: Sim, pod: Pod): void {
  const { namespace, name } = pod.metadata;
  const ended = pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed';
  if ((!pod.spec.nodeName || ended) && !pod.metadata.finalizers?.length) {
    sim.store.remove('pods', namespace, name);
    return;
  }
  const grace = pod.spec.terminationGracePeriodSeconds ?? 30;
  sim.change<Pod>('pods', namespace, name, (draft) => {
    if (draft.metadata.deletionTimestamp) return false;
    draft.metadata.deletionTimestamp = new Date(sim.time + grace * 1000).toISOString().replace(/\.\d+/, '');
    draft.metadata.deletionGracePeriodSeconds = grace;
    return undefined;
  });
}

/** `prefix-xxxxx` that no pod of the namespace has: among thousands of siblings five letters do meet. */
export function freePodName(sim: Sim, namespace: string | undefined, prefix: string): string {
  for (;;) {
    const name = `${prefix}-${sim.random.suffix(5)}`;
    if (sim.store.get('pods', namespace, name) === undefined) return name;
  }
}

/** A pod of a template, owned by its controller. */
export function createPod(
  sim: Sim,
  owner: KObject,
  template: PodTemplate,
  name: string,
  labels: Record<string, string> = {},
  edit?: (pod: Pod) => void,
): Pod {
  const { metadata, spec } = clone(template);
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      generateName: name.slice(0, name.lastIndexOf('-') + 1),
      namespace: owner.metadata.namespace,
      labels: { ...metadata.labels, ...labels },
      ...(metadata.annotations ? { annotations: metadata.annotations } : {}),
      ownerReferences: [sim.ownerOf(owner)],
    },
    spec,
    status: { phase: 'Pending', qosClass: qosClass(spec.containers) },
  };
  addTokenVolume(spec, sim.random.suffix(5));
  edit?.(pod as unknown as Pod);
  return sim.store.create<Pod>('pods', pod);
}

export function qosClass(
  containers: readonly { resources?: { requests?: object; limits?: object } }[],
): string {
  const any = containers.some(({ resources }) => resources?.requests ?? resources?.limits);
  const same = containers.every(
    ({ resources }) =>
      resources?.limits &&
      JSON.stringify(resources.requests ?? resources.limits) === JSON.stringify(resources.limits),
  );
  return !any ? 'BestEffort' : same ? 'Guaranteed' : 'Burstable';
}

/** The projected service account token every real pod carries. */
export function addTokenVolume(spec: Pod['spec'], suffix: string): void {
  const name = `kube-api-access-${suffix}`;
  spec.volumes = [
    ...(spec.volumes ?? []),
    {
      name,
      projected: {
        defaultMode: 420,
        sources: [
          { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
          { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
          {
            downwardAPI: {
              items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
            },
          },
        ],
      },
    },
  ];
  const mount = { name, readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' };
  for (const container of [...spec.containers, ...(spec.initContainers ?? [])])
    container['volumeMounts'] = [...((container['volumeMounts'] as unknown[] | undefined) ?? []), mount];
}
