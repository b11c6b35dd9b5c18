/**
 * Objects as the server sends them -> the little of them that the evaluator needs. Shapes are not
 * trusted. A pod's workload is its top owner as far as the pod itself tells: ReplicaSets named after
 * `pod-template-hash` are their Deployment's, Jobs named after a minute their CronJob's.
 */
import type { DaemonFacts } from '#shared/domain/netpol/engine';
import type { NetService, NetSlice } from '#shared/domain/netpol/services';
import type { NetNamespace, NetNode, NetPod, NetPort } from '#shared/domain/netpol/types';
import type { KubeObject, ObjectMeta } from '#shared/k8s/meta';
import { entries, items, num, own, str, strings } from '#shared/k8s/read';

type Loose = Readonly<Record<string, unknown>>;

const HASH = 'pod-template-hash';
const ROLLOUT_HASH = 'rollouts-pod-template-hash';

function object(value: unknown): Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Loose) : {};
}

function list(value: unknown): readonly Loose[] {
  return items(Array.isArray(value) ? (value as Loose[]) : []);
}

export function labelsOf(meta: ObjectMeta): Readonly<Record<string, string>> {
  return Object.fromEntries(entries(meta.labels));
}

/** `ns/name[Kind]`. */
export function workloadId(meta: ObjectMeta): string {
  const namespace = meta.namespace ?? '';
  const owners = items(meta.ownerReferences);
  const owner = owners.find((one) => one.controller === true) ?? owners[0];
  // A static pod belongs to its node, which is no workload.
  if (!owner || owner.kind === 'Node') return `${namespace}/${meta.name}[Pod]`;
  const { kind, name } = owner;
  if (kind === 'ReplicaSet') {
    for (const [label, top] of [
      [HASH, 'Deployment'],
      [ROLLOUT_HASH, 'Rollout'],
    ] as const) {
      const hash = own(meta.labels, label);
      if (hash !== '' && name.endsWith(`-${hash}`))
        return `${namespace}/${name.slice(0, -hash.length - 1)}[${top}]`;
    }
  }
  const cron = kind === 'Job' ? /^(.+)-\d{8,10}$/.exec(name)?.[1] : undefined;
  if (cron !== undefined) return `${namespace}/${cron}[CronJob]`;
  return `${namespace}/${name}[${kind}]`;
}

export function compactPod({ metadata, ...rest }: KubeObject): NetPod {
  const { spec: rawSpec, status: rawStatus } = rest as { spec?: unknown; status?: unknown };
  const spec = object(rawSpec);
  const status = object(rawStatus);
  const ips = [...list(status.podIPs).map((one) => str(one.ip)), str(status.podIP)].filter((ip) => ip !== '');
  const ports = (containers: unknown, init: boolean): NetPort[] =>
    list(containers).flatMap((container) =>
      list(container.ports).flatMap((port) => {
        const number = num(port.containerPort);
        if (number === undefined) return [];
        // Nameless ports are of no use to rules, but to questions.
        const one = { name: str(port.name), port: number, protocol: str(port.protocol) || 'TCP' };
        return [init ? { ...one, init } : one];
      }),
    );
  const phase = str(status.phase);
  const nodeName = str(spec.nodeName);
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    labels: labelsOf(metadata),
    ips: [...new Set(ips)],
    ports: [...ports(spec.containers, false), ...ports(spec.initContainers, true)],
    ...(spec.hostNetwork === true ? { hostNetwork: true } : {}),
    ...(phase === '' ? {} : { phase }),
    ...(nodeName === '' ? {} : { nodeName }),
    workload: workloadId(metadata),
  };
}

export function compactNamespace({ metadata }: KubeObject): NetNamespace {
  return { name: metadata.name, labels: labelsOf(metadata) };
}

export interface CompactNode extends NetNode {
  readonly kubelet: string;
}

export function compactNode({ metadata, ...rest }: KubeObject): CompactNode {
  const status = object((rest as { status?: unknown }).status);
  const addresses = list(status.addresses);
  return {
    name: metadata.name,
    labels: labelsOf(metadata),
    ips: addresses
      .filter(({ type }) => type === 'InternalIP' || type === 'ExternalIP')
      .map(({ address }) => str(address)),
    kubelet: str(object(status.nodeInfo).kubeletVersion),
  };
}

export function compactService({ metadata, ...rest }: KubeObject): NetService {
  const spec = object((rest as { spec?: unknown }).spec);
  const externalName = str(spec.externalName);
  const selector = Object.fromEntries(entries(object(spec.selector)));
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    type: str(spec.type) || 'ClusterIP',
    headless: spec.clusterIP === 'None',
    local: spec.externalTrafficPolicy === 'Local',
    ...(externalName === '' ? {} : { externalName }),
    ports: list(spec.ports).flatMap((one) => {
      const port = num(one.port);
      if (port === undefined) return [];
      const target = typeof one.targetPort === 'string' ? one.targetPort : (num(one.targetPort) ?? port);
      const nodePort = num(one.nodePort);
      const made = { name: str(one.name), port, target, protocol: str(one.protocol) || 'TCP' };
      return [nodePort === undefined ? made : { ...made, nodePort }];
    }),
    ...(Object.keys(selector).length > 0 ? { selector } : {}),
  };
}

export function compactSlice({ metadata, ...rest }: KubeObject): NetSlice {
  const { ports, endpoints } = rest as { ports?: unknown; endpoints?: unknown };
  return {
    namespace: metadata.namespace ?? '',
    service: own(metadata.labels, 'kubernetes.io/service-name'),
    ports: list(ports).map((one) => ({
      name: str(one.name),
      port: num(one.port) ?? null,
      protocol: str(one.protocol) || 'TCP',
    })),
    endpoints: list(endpoints).map((one) => {
      const target = object(one.targetRef);
      const conditions = object(one.conditions);
      return {
        addresses: strings(one.addresses as readonly string[]),
        ...(target.kind === 'Pod' ? { pod: str(target.name) } : {}),
        ready: conditions.ready !== false,
      };
    }),
  };
}

export function compactDaemonSet({ metadata, ...rest }: KubeObject): DaemonFacts {
  const template = object(object((rest as { spec?: unknown }).spec).template);
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    containers: list(object(template.spec).containers).map((one) => ({
      name: str(one.name),
      image: str(one.image),
      args: [
        ...strings(one.command as readonly string[] | undefined),
        ...strings(one.args as readonly string[] | undefined),
      ],
    })),
  };
}
