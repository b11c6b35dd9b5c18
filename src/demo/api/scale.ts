/** The scale subresource of workloads and of custom resources that have one. */
import { at, clone, type Fields, type KObject } from '../model';
import { canonical } from '../sim/workloads';
import type { ResourceCall } from './context';
import { stored } from './read';
import { invalid } from './status';

export async function getScale(call: ResourceCall, object = stored(call)): Promise<void> {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const labels = (at(object, 'spec', 'selector', 'matchLabels') ??
    at(object, 'spec', 'selector') ??
    {}) as Fields;
  await call.output.json(200, {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: at(object, 'spec', 'replicas') ?? 0 },
    status: {
      replicas: at(object, 'status', 'replicas') ?? 0,
      selector: Object.entries(labels)
        .map(([key, value]) => `${key}=${String(value)}`)
        .join(','),
    },
  });
}

export function scaleToReplicas(call: ResourceCall, object: KObject, replicas: number): KObject {
  if (!Number.isInteger(replicas) || replicas < 0)
    throw invalid(
      call.kind,
      object.metadata.name,
      'spec.replicas',
      `Invalid value: ${canonical(replicas)}: must be greater than or equal to 0`,
    );
  const next = clone(object);
  (next['spec'] as Fields)['replicas'] = replicas;
  return next;
}
