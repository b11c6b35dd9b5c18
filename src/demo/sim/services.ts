/** Services, their Endpoints and EndpointSlices, disruption budgets, and volumes being bound. */
import { at, text, type Fields, type KObject, type LabelSelector, type Node, type Pod } from '../model';
import { hash } from '../random';
import { matchesSelector } from '../store/selectors';
import { emit } from './events';
import { isActive, isReady } from './owned';
import type { Sim } from './sim';

interface Service extends KObject {
  spec: {
    type?: string;
    clusterIP?: string;
    clusterIPs?: string[];
    selector?: Record<string, string>;
    ports?: {
      name?: string;
      port: number;
      targetPort?: number | string;
      nodePort?: number;
      protocol?: string;
    }[];
  };
}

export function serviceController(sim: Sim): void {
  const { store } = sim;
  let address = 10;
  const ask = (namespace: string | undefined, name: string): void =>
    sim.soon(`service/${namespace}/${name}`, () => reconcile(namespace, name));
  const askNamespace = (namespace: string | undefined): void => {
    for (const service of store.list('services', namespace)) ask(namespace, service.metadata.name);
    for (const budget of store.list('poddisruptionbudgets.policy', namespace))
      sim.soon(`pdb/${namespace}/${budget.metadata.name}`, () =>
        disruptions(namespace, budget.metadata.name),
      );
  };
  store.subscribe('services', ({ type, object }) => {
    const { namespace, name } = object.metadata;
    if (type !== 'DELETED') return ask(namespace, name);
    store.remove('endpoints', namespace, name);
    store.remove('endpointslices.discovery.k8s.io', namespace, sliceName(object));
    return undefined;
  });
  store.subscribe('poddisruptionbudgets.policy', ({ type, object }) => {
    if (type === 'ADDED') askNamespace(object.metadata.namespace);
  });
  store.subscribe('pods', ({ type, object, previous }) => {
    const same = previous && type === 'MODIFIED' && isReady(previous as Pod) === isReady(object as Pod);
    if (same && previous.metadata.deletionTimestamp === object.metadata.deletionTimestamp) return;
    const { namespace } = object.metadata;
    sim.soon(`services-of/${namespace}`, () => askNamespace(namespace));
  });

  function reconcile(namespace: string | undefined, name: string): void {
    const service = store.get<Service>('services', namespace, name);
    if (!service) return;
    if (!service.spec.clusterIP && service.spec.type !== 'ExternalName') return assign(service);
    const { selector } = service.spec;
    if (!selector) return;
    const pods = store
      .list<Pod>('pods', namespace)
      .filter(
        (pod) =>
          pod.status.podIP &&
          isActive(pod) &&
          matchesSelector({ matchLabels: selector }, pod.metadata.labels),
      );
    const ports = (service.spec.ports ?? []).map((port) => ({
      name: port.name ?? '',
      port: targetPort(port, pods[0]),
      protocol: port.protocol ?? 'TCP',
    }));
    const ref = (pod: Pod): Fields => ({
      kind: 'Pod',
      namespace,
      name: pod.metadata.name,
      uid: pod.metadata.uid,
    });
    const address = (pod: Pod): Fields => ({
      ip: pod.status.podIP,
      nodeName: pod.spec.nodeName,
      targetRef: ref(pod),
    });
    const ready = pods.filter(isReady).map(address);
    const notReady = pods.filter((pod) => !isReady(pod)).map(address);
    const labels = { ...service.metadata.labels, 'kubernetes.io/service-name': name };
    put('endpoints', 'v1', 'Endpoints', service, name, labels, {
      ...(pods.length
        ? {
            subsets: [
              {
                ...(ready.length ? { addresses: ready } : {}),
                ...(notReady.length ? { notReadyAddresses: notReady } : {}),
                ports,
              },
            ],
          }
        : {}),
    });
    put(
      'endpointslices.discovery.k8s.io',
      'discovery.k8s.io/v1',
      'EndpointSlice',
      service,
      sliceName(service),
      { ...labels, 'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io' },
      {
        addressType: 'IPv4',
        endpoints: pods.map((pod) => ({
          addresses: [pod.status.podIP],
          conditions: { ready: isReady(pod), serving: isReady(pod), terminating: false },
          nodeName: pod.spec.nodeName,
          targetRef: ref(pod),
          zone: store.get<Node>('nodes', undefined, pod.spec.nodeName ?? '')?.metadata.labels?.[
            'topology.kubernetes.io/zone'
          ],
        })),
        ports,
      },
    );
  }

  function put(
    storage: string,
    apiVersion: string,
    kind: string,
    service: Service,
    name: string,
    labels: Record<string, string>,
    fields: Fields,
  ): void {
    const { namespace } = service.metadata;
    const current = store.get(storage, namespace, name);
    if (!current) {
      const ownerReferences =
        kind === 'EndpointSlice'
          ? [sim.ownerOf({ ...service, apiVersion: 'v1', kind: 'Service' })]
          : undefined;
      store.create(storage, {
        apiVersion,
        kind,
        metadata: { name, namespace, labels, ...(ownerReferences ? { ownerReferences } : {}) },
        ...fields,
      });
    } else {
      const { apiVersion: _a, kind: _k, metadata, ...before } = current;
      void [_a, _k];
      if (JSON.stringify(before) === JSON.stringify(fields)) return;
      store.replace(storage, { apiVersion, kind, metadata: { ...metadata, labels }, ...fields });
    }
  }

  function assign(service: Service): void {
    const { namespace, name } = service.metadata;
    address++;
    const clusterIP = `10.100.${Math.floor(address / 250)}.${address % 250}`;
    sim.change<Service>('services', namespace, name, (draft) => {
      draft.spec.clusterIP = clusterIP;
      draft.spec.clusterIPs = [clusterIP];
      if (draft.spec.type === 'NodePort' || draft.spec.type === 'LoadBalancer')
        for (const port of draft.spec.ports ?? [])
          port.nodePort ??= 30_000 + (hash(`${name}${port.port}`) % 2767);
      if (draft.spec.type === 'LoadBalancer')
        draft['status'] = {
          loadBalancer: {
            ingress: [{ hostname: `${hash(name).toString(16)}.elb.eu-central-1.amazonaws.com` }],
          },
        };
    });
    if (service.spec.type === 'LoadBalancer')
      emit(sim, service, 'Normal', 'EnsuredLoadBalancer', 'Ensured load balancer', 'service-controller');
  }

  function disruptions(namespace: string | undefined, name: string): void {
    sim.change('poddisruptionbudgets.policy', namespace, name, (budget) => {
      const pods = store
        .list<Pod>('pods', namespace)
        .filter(
          (pod) =>
            isActive(pod) &&
            matchesSelector(at(budget, 'spec', 'selector') as LabelSelector, pod.metadata.labels),
        );
      const healthy = pods.filter(isReady).length;
      const amount = (value: unknown): number =>
        typeof value === 'string' ? Math.ceil((pods.length * parseInt(value, 10)) / 100) : Number(value);
      const spec = budget['spec'] as Fields;
      const desired =
        spec['minAvailable'] !== undefined
          ? amount(spec['minAvailable'])
          : pods.length - amount(spec['maxUnavailable'] ?? 0);
      const allowed = Math.max(0, healthy - desired);
      const status = {
        disruptionsAllowed: allowed,
        currentHealthy: healthy,
        desiredHealthy: desired,
        expectedPods: pods.length,
        observedGeneration: budget.metadata.generation,
        conditions: [
          {
            type: 'DisruptionAllowed',
            status: allowed > 0 ? 'True' : 'False',
            reason: allowed > 0 ? 'SufficientPods' : 'InsufficientPods',
            message: '',
            observedGeneration: budget.metadata.generation,
            lastTransitionTime: budget.metadata.creationTimestamp,
          },
        ],
      };
      if (JSON.stringify(status) === JSON.stringify(budget['status'])) return false;
      budget['status'] = status;
      return undefined;
    });
  }
}

const sliceName = (service: KObject): string =>
  `${service.metadata.name}-${(hash(service.metadata.uid) % 100_000).toString(36).padStart(5, 'x')}`;

function targetPort(port: { port: number; targetPort?: number | string }, pod: Pod | undefined): number {
  if (typeof port.targetPort === 'number') return port.targetPort;
  if (port.targetPort === undefined) return port.port;
  const named = pod?.spec.containers
    .flatMap((entry) => entry.ports ?? [])
    .find((entry) => entry.name === port.targetPort);
  return named?.containerPort ?? port.port;
}

/** Binds claims of known classes to fresh volumes; others stay Pending with an event. */
export function volumeController(sim: Sim): void {
  sim.store.subscribe('persistentvolumeclaims', ({ type, object }) => {
    if (type !== 'ADDED') return;
    sim.after(sim.longAgo ? 0 : 1500, () => bind(object.metadata.namespace, object.metadata.name));
  });

  function bind(namespace: string | undefined, name: string): void {
    const claim = sim.store.get('persistentvolumeclaims', namespace, name);
    if (!claim || at(claim, 'spec', 'volumeName')) return;
    const wanted = text(at(claim, 'spec', 'storageClassName')) || 'gp3';
    const storageClass = sim.store.get('storageclasses.storage.k8s.io', undefined, wanted);
    if (!storageClass) {
      emit(
        sim,
        claim,
        'Warning',
        'ProvisioningFailed',
        `storageclass.storage.k8s.io "${wanted}" not found`,
        'persistentvolume-controller',
      );
      return;
    }
    const volume = `pvc-${claim.metadata.uid}`;
    const capacity = { storage: text(at(claim, 'spec', 'resources', 'requests', 'storage')) };
    const accessModes = at(claim, 'spec', 'accessModes');
    sim.store.create('persistentvolumes', {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: {
        name: volume,
        annotations: { 'pv.kubernetes.io/provisioned-by': 'ebs.csi.aws.com' },
        finalizers: ['kubernetes.io/pv-protection'],
      },
      spec: {
        capacity,
        accessModes,
        persistentVolumeReclaimPolicy: 'Delete',
        storageClassName: wanted,
        volumeMode: 'Filesystem',
        claimRef: {
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          namespace,
          name,
          uid: claim.metadata.uid,
        },
        csi: { driver: 'ebs.csi.aws.com', fsType: 'ext4', volumeHandle: `vol-0${sim.random.hex(16)}` },
      },
      status: { phase: 'Bound' },
    });
    sim.change('persistentvolumeclaims', namespace, name, (draft) => {
      (draft['spec'] as Fields)['volumeName'] = volume;
      draft['status'] = { phase: 'Bound', accessModes, capacity };
    });
  }
}
