/** Whole objects made brief: what details and diagnosis need of a neighbour, and no more. */
import type {
  EndpointBrief,
  JobBrief,
  LimitBrief,
  NamedState,
  PodBrief,
  RevisionBrief,
  ServiceBrief,
} from '#shared/domain/health/types';
import { at, list, map, number, time, word } from '#shared/domain/health/read';
import { revisionsOf } from '#shared/domain/actions/revisions';
import type { Target, Thing } from '#shared/domain/actions/types';
import { kindById } from '#shared/kinds/registry';
import { podReady, podRestarts, podStatus } from '#shared/kinds/pod-status';
import { podRequest } from '#shared/kinds/pod-words';
import type { Pod } from '#shared/k8s/types';
import type { KubeObject } from '#shared/kinds/define';
import type { WholeObject } from '../../../k8s/watch-few';

export function nameOf(object: WholeObject): string {
  return object.metadata?.name ?? '';
}

export function spaceOf(object: WholeObject): string {
  return object.metadata?.namespace ?? '';
}

export function podBrief(object: WholeObject): PodBrief {
  const pod = object as unknown as Pod;
  const status = podStatus(pod);
  const [restarts, lastRestart] = podRestarts(pod);
  const labels = map(object.metadata?.['labels']);
  return {
    uid: object.metadata?.uid ?? '',
    namespace: spaceOf(object),
    name: nameOf(object),
    node: word(at(object, 'spec', 'nodeName')),
    ip: word(at(object, 'status', 'podIP')),
    tone: status.tone,
    words: status.text,
    ready: podReady(pod),
    restarts,
    lastRestart,
    created: time(object.metadata?.['creationTimestamp']),
    ports: [...list(at(object, 'spec', 'containers')), ...list(at(object, 'spec', 'initContainers'))].flatMap(
      (container) =>
        list(container['ports']).map((port) => `${word(port['name'])}:${number(port['containerPort'])}`),
    ),
    revision: labels.get('pod-template-hash') ?? labels.get('controller-revision-hash') ?? '',
    cpu: podRequest(pod, 'cpu'),
    memory: podRequest(pod, 'memory'),
  };
}

/** The status column of a kind, for whatever kind has one. */
export function statusOf(kind: string, object: WholeObject): Pick<NamedState, 'words' | 'tone'> {
  const column = kindById.get(kind)?.columns.find((one) => one.type === 'status');
  try {
    const status = column?.get(object as unknown as KubeObject);
    if (typeof status === 'object' && status !== null && 'tone' in status)
      return { words: status.text, tone: status.tone };
  } catch {
    // A column that throws on garbage says nothing.
  }
  return { words: '', tone: 'idle' };
}

export function named(kind: string, object: WholeObject): NamedState {
  return { kind, namespace: spaceOf(object), name: nameOf(object), ...statusOf(kind, object) };
}

export function jobBrief(object: WholeObject): JobBrief {
  const failed = list(at(object, 'status', 'conditions')).find((one) => one['type'] === 'Failed');
  return {
    uid: object.metadata?.uid ?? '',
    namespace: spaceOf(object),
    name: nameOf(object),
    ...statusOf('jobs.batch', object),
    started: time(at(object, 'status', 'startTime')) ?? time(object.metadata?.['creationTimestamp']),
    ended: time(at(object, 'status', 'completionTime')) ?? time(failed?.['lastTransitionTime']),
  };
}

export function limitBrief(object: WholeObject): LimitBrief {
  const rows = list(at(object, 'spec', 'limits')).flatMap((limit) => {
    const parts = ['defaultRequest', 'default', 'min', 'max', 'maxLimitRequestRatio'] as const;
    const [request, most, min, max, ratio] = parts.map((part) => map(limit[part]));
    const resources = new Set([request, most, min, max, ratio].flatMap((part) => [...(part?.keys() ?? [])]));
    return [...resources].slice(0, 32).map((resource) => {
      const say = (part: ReadonlyMap<string, string> | undefined, words: string): string[] => {
        const value = part?.get(resource);
        return value === undefined ? [] : [`${words} ${value}`];
      };
      const unset = [...say(request, 'request'), ...say(most, 'limit')].join(' and ');
      const bounds = [...say(min, 'at least'), ...say(max, 'at most')];
      const words = [
        ...(unset === '' ? [] : [`${unset} where none is set`]),
        ...bounds,
        ...say(ratio, 'limit by request at most'),
      ].join(', ');
      return { type: word(limit['type']), resource, words };
    });
  });
  return { name: nameOf(object), rows };
}

export function endpointsOf(slice: WholeObject): EndpointBrief[] {
  const ports = list(slice['ports']).map((port) => {
    const name = word(port['name']);
    return `${name === '' ? '' : `${name}:`}${number(port['port'])}`;
  });
  return list(slice['endpoints']).map((one) => {
    const addresses = one['addresses'];
    // Unknown (null) is to be read as ready, says the API.
    const ready = at(one, 'conditions', 'ready') !== false;
    const serving = at(one, 'conditions', 'serving');
    return {
      addresses: Array.isArray(addresses) ? addresses.map(word) : [],
      ready,
      serving: typeof serving === 'boolean' ? serving : ready,
      terminating: at(one, 'conditions', 'terminating') === true,
      node: word(one['nodeName']),
      pod: word(at(one, 'targetRef', 'kind')) === 'Pod' ? word(at(one, 'targetRef', 'name')) : '',
      ports,
    };
  });
}

export function serviceBrief(
  object: WholeObject | undefined,
  namespace: string,
  name: string,
  ready: number | null,
): ServiceBrief {
  return {
    namespace,
    name,
    exists: object !== undefined,
    type: word(at(object, 'spec', 'type')),
    ports: list(at(object, 'spec', 'ports')).map((port) => ({
      name: word(port['name']),
      port: number(port['port']),
    })),
    ready,
  };
}

export function revisionBriefs(
  owner: WholeObject,
  kept: readonly WholeObject[],
  target: Pick<Target, 'kind'>,
): RevisionBrief[] {
  const byName = new Map(kept.map((one) => [nameOf(one), one]));
  const isDeployment = target.kind === 'deployments.apps';
  const asTarget: Target = {
    group: '',
    version: '',
    resource: '',
    kindName: '',
    namespace: '',
    name: '',
    uid: '',
    ...target,
  };
  return revisionsOf(owner as Thing, kept as readonly Thing[], asTarget).map((one) => {
    const set = byName.get(one.name);
    return {
      number: one.number,
      kind: isDeployment ? 'replicasets.apps' : 'controllerrevisions.apps',
      name: one.name,
      images: one.images,
      created: time(one.created),
      cause: one.cause,
      current: one.current,
      replicas: isDeployment
        ? [number(at(set, 'status', 'readyReplicas')), number(at(set, 'spec', 'replicas'))]
        : null,
    };
  });
}
