/** metrics.k8s.io: usage of nodes and pods, computed when asked. */
import { iso, type KObject, type Pod } from '../model';
import type { ResourceCall } from './context';
import { selection } from './read';

/** NodeMetrics or PodMetrics of the route's scope. */
export function metricsList(call: ResourceCall): KObject[] {
  const { context, kind, route } = call;
  const now = context.now();
  const matches = selection(call);
  const nodes = kind.resource === 'nodes';
  const shown: KObject[] = [];
  for (const object of context.store.list(nodes ? 'nodes' : 'pods', route.namespace)) {
    const { name, namespace, labels } = object.metadata;
    const usage = nodes ? context.workings.nodeUsage(name) : undefined;
    const containers = nodes ? [] : context.workings.podUsage(object as Pod);
    if (nodes ? usage === undefined : containers.length === 0) continue;
    const item = {
      kind: kind.kind,
      apiVersion: 'metrics.k8s.io/v1beta1',
      metadata: {
        name,
        ...(namespace === undefined ? {} : { namespace }),
        ...(labels ? { labels } : {}),
        creationTimestamp: iso(now),
      },
      timestamp: iso(now - 8000),
      window: nodes ? '20.021s' : '14.832s',
      ...(nodes ? { usage } : { containers }),
    } as unknown as KObject;
    if (matches(item)) shown.push(item);
  }
  return shown;
}
