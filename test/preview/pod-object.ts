/** A pod with one crashing and one healthy container, for the preview's drawer. */
const iso = (ago: number): string => new Date(Date.now() - ago).toISOString();

export function podObject(name: string, namespace: string): Readonly<Record<string, unknown>> {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      uid: `uid-of-${name}`,
      resourceVersion: '4711',
      creationTimestamp: iso(2_460_000),
      labels: { app: 'checkout', 'pod-template-hash': '8b668b899' },
      annotations: { 'example.com/note': 'x'.repeat(400) },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          name: 'checkout-8b668b899',
          uid: 'rs',
          controller: true,
        },
      ],
    },
    spec: {
      nodeName: 'ip-10-2-31-7',
      serviceAccountName: 'shop',
      restartPolicy: 'Always',
      priority: 0,
      containers: [
        {
          name: 'app',
          image: 'registry.example.com/shop/checkout:2.15.0',
          resources: { requests: { cpu: '100m', memory: '32Mi' }, limits: { memory: '64Mi' } },
        },
        { name: 'proxy', image: 'registry.example.com/mesh/proxy:1.27.1' },
      ],
    },
    status: {
      phase: 'Running',
      podIP: '10.2.19.44',
      qosClass: 'Burstable',
      startTime: iso(2_460_000),
      conditions: [
        { type: 'Initialized', status: 'True', lastTransitionTime: iso(2_460_000) },
        {
          type: 'Ready',
          status: 'False',
          reason: 'ContainersNotReady',
          message: 'containers with unready status: [app]',
          lastTransitionTime: iso(1_200_000),
        },
        {
          type: 'ContainersReady',
          status: 'False',
          reason: 'ContainersNotReady',
          message: 'containers with unready status: [app]',
          lastTransitionTime: iso(1_200_000),
        },
        { type: 'PodScheduled', status: 'True', lastTransitionTime: iso(2_460_000) },
      ],
      containerStatuses: [
        {
          name: 'app',
          ready: false,
          restartCount: 12,
          image: '',
          imageID: '',
          state: {
            waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s restarting failed container=app' },
          },
          lastState: {
            terminated: { exitCode: 3, reason: 'Error', startedAt: iso(121_000), finishedAt: iso(120_000) },
          },
        },
        {
          name: 'proxy',
          ready: true,
          restartCount: 0,
          image: '',
          imageID: '',
          state: { running: { startedAt: iso(2_400_000) } },
        },
      ],
    },
  };
}
