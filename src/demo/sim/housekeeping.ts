/** Garbage collection, ending namespaces, heartbeats, quotas, and events growing old. */
import { at, iso, isoMicro, type Fields, type KObject, type Node, type Pod } from '../model';
import { expireEvents } from './events';
import { deletePod, type Ownership } from './owned';
import { requestsOf } from './scheduler';
import type { Sim } from './sim';

/** Dependants go when their owner is gone, unless it was deleted to orphan them. */
export function garbageCollector(sim: Sim, owned: Ownership): void {
  const { store } = sim;
  const drop = (storage: string, object: KObject): void => {
    if (storage === 'pods') return deletePod(sim, object as Pod);
    const { namespace, name, finalizers } = object.metadata;
    if (!finalizers?.length) return void store.remove(storage, namespace, name);
    if (!object.metadata.deletionTimestamp)
      sim.change(storage, namespace, name, (draft) => {
        draft.metadata.deletionTimestamp = sim.now;
      });
  };
  store.subscribe(undefined, ({ type, storage, object, previous }) => {
    const { uid, namespace, name, finalizers = [], deletionTimestamp } = object.metadata;
    if (type === 'DELETED')
      sim.soon(`gc/${uid}`, () =>
        owned.dependants(uid).forEach((entry) => drop(entry.storage, entry.object)),
      );
    else if (deletionTimestamp && !previous?.metadata.deletionTimestamp) {
      if (finalizers.includes('orphan')) sim.soon(`orphan/${uid}`, () => release(storage, object, 'orphan'));
      if (finalizers.includes('foregroundDeletion'))
        sim.soon(`foreground/${uid}`, () => foreground(storage, namespace, name, uid));
    }
  });

  function foreground(storage: string, namespace: string | undefined, name: string, uid: string): void {
    const dependants = owned.dependants(uid);
    for (const entry of dependants) drop(entry.storage, entry.object);
    const object = store.get(storage, namespace, name);
    if (!object || object.metadata.uid !== uid) return;
    if (owned.dependants(uid).length === 0) release(storage, object, 'foregroundDeletion');
    else sim.after(500, () => foreground(storage, namespace, name, uid));
  }

  function release(storage: string, object: KObject, finalizer: string): void {
    const { namespace, name, uid } = object.metadata;
    if (finalizer === 'orphan')
      for (const entry of owned.dependants(uid))
        sim.change(entry.storage, entry.object.metadata.namespace, entry.object.metadata.name, (draft) => {
          draft.metadata.ownerReferences = draft.metadata.ownerReferences?.filter(
            (owner) => owner.uid !== uid,
          );
        });
    const left = sim.change(storage, namespace, name, (draft) => {
      draft.metadata.finalizers = draft.metadata.finalizers?.filter((entry) => entry !== finalizer);
    });
    if (left && !left.metadata.finalizers?.length) store.remove(storage, namespace, name);
  }
}

/** Empties a namespace that is being deleted, then lets it go. */
export function namespaceController(sim: Sim): void {
  const { store } = sim;
  store.subscribe('namespaces', ({ type, object, previous }) => {
    const { name, uid } = object.metadata;
    if (type === 'MODIFIED' && object.metadata.deletionTimestamp && !previous?.metadata.deletionTimestamp)
      sim.after(300, () => empty(name, uid));
    if (type === 'ADDED') {
      for (const [storage, kind, item] of [
        ['serviceaccounts', 'ServiceAccount', 'default'],
        ['configmaps', 'ConfigMap', 'kube-root-ca.crt'],
      ] as const)
        if (!store.get(storage, name, item))
          store.create(storage, {
            apiVersion: 'v1',
            kind,
            metadata: { name: item, namespace: name },
            ...(kind === 'ConfigMap'
              ? { data: { 'ca.crt': '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n' } }
              : {}),
          });
    }
  });

  function empty(name: string, uid: string): void {
    const namespace = store.get('namespaces', undefined, name);
    if (namespace?.metadata.uid !== uid) return;
    const held: string[] = [];
    for (const storage of store.storages()) {
      for (const object of [...store.list(storage, name)]) {
        if (storage === 'pods') deletePod(sim, object as Pod);
        else if (!object.metadata.finalizers?.length || storage === 'persistentvolumeclaims')
          store.remove(storage, name, object.metadata.name);
        else if (!object.metadata.deletionTimestamp)
          sim.change(storage, name, object.metadata.name, (draft) => {
            draft.metadata.deletionTimestamp = sim.now;
          });
        if (store.get(storage, name, object.metadata.name)) held.push(storage);
      }
    }
    if (held.length === 0) store.remove('namespaces', undefined, name);
    else {
      sim.change('namespaces', undefined, name, (draft) => {
        const message = `Some resources are remaining: ${[...new Set(held)].join(', ')}`;
        const conditions = [
          {
            type: 'NamespaceContentRemaining',
            status: 'True',
            reason: 'SomeResourcesRemain',
            message,
            lastTransitionTime: sim.now,
          },
        ];
        draft['status'] = { ...(draft['status'] as Fields), phase: 'Terminating', conditions };
      });
      sim.after(2000, () => empty(name, uid));
    }
  }
}

/** Leases every 10 s, node status every 5 min, as kubelets do; quotas and old events each minute. */
export function heartbeats(sim: Sim): void {
  const { store } = sim;
  const renew = (namespace: string, name: string, holder: string): void => {
    const renewed = sim.change('leases.coordination.k8s.io', namespace, name, (lease) => {
      (lease['spec'] as Fields)['renewTime'] = isoMicro(sim.time);
    });
    if (!renewed)
      store.create('leases.coordination.k8s.io', {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { name, namespace },
        spec: { holderIdentity: holder, leaseDurationSeconds: 40, renewTime: isoMicro(sim.time) },
      });
  };
  const silent = (node: Node): boolean => node.metadata.annotations?.['demo.binnacle.dev/silent'] === 'true';
  sim.every(
    10_000,
    () => {
      for (const node of store.list<Node>('nodes'))
        if (!silent(node)) renew('kube-node-lease', node.metadata.name, node.metadata.name);
      for (const part of ['kube-scheduler', 'kube-controller-manager'])
        renew('kube-system', part, `ip-10-0-3-12.eu-central-1.compute.internal_${part}`);
    },
    1000,
  );
  sim.every(
    300_000,
    () => {
      for (const node of store.list<Node>('nodes'))
        if (!silent(node))
          sim.change<Node>('nodes', undefined, node.metadata.name, (draft) => {
            for (const condition of draft.status.conditions) condition.lastHeartbeatTime = iso(sim.time);
          });
    },
    1000,
  );
  sim.every(
    60_000,
    () => {
      expireEvents(sim);
      for (const quota of store.list('resourcequotas')) measure(quota);
    },
    1000,
  );

  function measure(quota: KObject): void {
    const { namespace, name } = quota.metadata;
    const pods = store
      .list<Pod>('pods', namespace)
      .filter((pod) => pod.status.phase !== 'Succeeded' && pod.status.phase !== 'Failed');
    let [cpu, memory] = [0, 0];
    for (const pod of pods) {
      const want = requestsOf(pod.spec);
      cpu += want.cpu;
      memory += want.memory;
    }
    const used: Record<string, string> = {};
    for (const key of Object.keys((at(quota, 'spec', 'hard') ?? {}) as Fields)) {
      if (key === 'pods') used[key] = String(pods.length);
      else if (key.endsWith('cpu')) used[key] = `${Math.round(cpu * 1000)}m`;
      else if (key.endsWith('memory')) used[key] = `${Math.round(memory / 1024 ** 2)}Mi`;
      else used[key] = String(store.list(key, namespace).length);
    }
    if (JSON.stringify(used) === JSON.stringify(at(quota, 'status', 'used'))) return;
    sim.change('resourcequotas', namespace, name, (draft) => {
      draft['status'] = { hard: at(draft, 'spec', 'hard'), used };
    });
  }
}
