/**
 * Manifests -> the snapshot of the network policy evaluator. Pods collapse to their top controller
 * among the manifests, or to the owner they name where that is not among them; a controller without
 * live pods stands for itself by one pod made from its template. Finished pods are dropped (S27).
 */
import type { NetNode, NetPod, NetPort, NetpolSnapshot, PolicyObject } from '#shared/domain/netpol/types';
import { groupOf, type Manifest } from './manifests';

type Loose = Readonly<Record<string, unknown>>;

/** Kinds with a pod template, by their group. */
const CONTROLLERS: Readonly<Record<string, string>> = {
  Deployment: 'apps',
  StatefulSet: 'apps',
  DaemonSet: 'apps',
  ReplicaSet: 'apps',
  Job: 'batch',
  CronJob: 'batch',
  ReplicationController: '',
  DeploymentConfig: 'apps.openshift.io',
  Rollout: 'argoproj.io',
};
/** Policies of network plugins are judged by those (S30). */
const POLICY_GROUPS: ReadonlySet<string> = new Set(['networking.k8s.io', 'policy.networking.k8s.io']);
const MAX_OWNERS = 8;

export function netpolSnapshot(manifests: readonly Manifest[]): NetpolSnapshot {
  const controllers = new Map<string, Manifest>();
  const pods = new Map<string, Manifest>();
  const namespaces = new Map<string, Readonly<Record<string, string>>>();
  const nodes: NetNode[] = [];
  const policies = new Map<string, PolicyObject>();
  for (const object of manifests) {
    const group = groupOf(object.apiVersion);
    const kind = String(object.kind);
    const key = `${namespaceOf(object)}/${nameOf(object)}`;
    if (isController(kind) && isGroup(kind, group)) controllers.set(`${kind} ${key}`, object);
    else if (kind === 'Pod' && group === '') pods.set(key, object);
    else if (kind === 'Namespace' && group === '') namespaces.set(nameOf(object), labelsOf(object.metadata));
    else if (kind === 'Node' && group === '') nodes.push(toNode(object));
    else if (POLICY_GROUPS.has(group) && kind.endsWith('NetworkPolicy')) {
      // Applied twice, the last one stays; cluster-scoped kinds have no namespace.
      const scope = kind === 'NetworkPolicy' ? key : nameOf(object);
      policies.set(`${group} ${kind} ${scope}`, object as PolicyObject);
    }
  }
  const list: NetPod[] = [];
  const seen = new Set<string>();
  const live = new Set<string>();
  for (const object of pods.values()) {
    const pod = toPod(object, topOwner(object, controllers));
    seen.add(pod.workload ?? '');
    if (pod.phase !== 'Succeeded' && pod.phase !== 'Failed') live.add(pod.workload ?? '');
    list.push(pod);
  }
  for (const object of controllers.values()) {
    const kind = String(object.kind);
    const owned = ownerOf(object);
    const workload = topOwner(object, controllers);
    const spec = objectOf(object.spec);
    const stands = topIsHere(object, controllers);
    // A finished Job starts no pod again; an owned ReplicaSet at 0 is an old revision.
    if (live.has(workload) || stands || (kind === 'Job' && seen.has(workload))) continue;
    if (owned && kind === 'ReplicaSet' && spec.replicas === 0) continue;
    const template = objectOf(
      kind === 'CronJob' ? objectOf(objectOf(spec.jobTemplate).spec).template : spec.template,
    );
    if (Object.keys(template).length === 0) continue;
    list.push(virtualPod(object, template, workload));
  }
  return {
    namespaces: [...namespaces].map(([name, labels]) => ({ name, labels })),
    pods: list,
    policies: [...policies.values()],
    nodes,
  };
}

/** A controller's own pod: named like nothing a real pod can be named. */
function virtualPod(object: Manifest, template: Loose, workload: string): NetPod {
  const own = objectOf(template.metadata);
  const job = nameOf(object);
  // The labels the Job controller gives its pods.
  const given = object.kind === 'Job' ? { 'job-name': job, 'batch.kubernetes.io/job-name': job } : {};
  const metadata = { ...own, labels: { ...objectOf(own.labels), ...given } };
  return {
    ...toPod({ ...template, metadata, kind: 'Pod' } as Manifest, workload),
    namespace: namespaceOf(object),
    name: `${nameOf(object)}[${object.kind}]`,
    phase: undefined,
  };
}

function toPod(object: Manifest, workload: string): NetPod {
  const spec = objectOf(object.spec);
  const status = objectOf(object.status);
  const ips = [...listOf(status.podIPs).map((entry) => objectOf(entry).ip), status.podIP];
  const containers = (list: unknown, init: boolean): NetPort[] =>
    listOf(list).flatMap((container) =>
      listOf(objectOf(container).ports).flatMap((entry) => {
        const { name, containerPort, protocol } = objectOf(entry);
        if (typeof name !== 'string' || typeof containerPort !== 'number') return [];
        const port = { name, port: containerPort, init };
        return [typeof protocol === 'string' ? { ...port, protocol } : port];
      }),
    );
  return {
    namespace: namespaceOf(object),
    name: nameOf(object),
    labels: labelsOf(object.metadata),
    ips: [...new Set(ips.filter((ip): ip is string => typeof ip === 'string' && ip !== ''))],
    ports: [...containers(spec.containers, false), ...containers(spec.initContainers, true)],
    hostNetwork: spec.hostNetwork === true,
    phase: typeof status.phase === 'string' ? status.phase : undefined,
    nodeName: typeof spec.nodeName === 'string' ? spec.nodeName : undefined,
    workload,
  };
}

function toNode(object: Manifest): NetNode {
  const addresses = listOf(objectOf(object.status).addresses).map(objectOf);
  return {
    name: nameOf(object),
    labels: labelsOf(object.metadata),
    ips: addresses
      .filter(({ type }) => type === 'InternalIP' || type === 'ExternalIP')
      .map(({ address }) => String(address)),
  };
}

interface Owner {
  readonly kind: string;
  readonly name: string;
}

function ownerOf(object: Manifest): Owner | undefined {
  const owners = listOf(object.metadata?.ownerReferences).map(objectOf);
  const owner = owners.find(({ controller }) => controller === true) ?? owners[0];
  // A static pod belongs to its node, which is no workload.
  if (!owner || owner.kind === 'Node') return undefined;
  return { kind: String(owner.kind), name: String(owner.name) };
}

/**
 * The highest owner that is among the manifests; where not even the first one is, its name stands.
 * Owners that were left out on the way are bridged where names tell (`kubectl get deploy,pods`).
 */
function topOwner(object: Manifest, controllers: ReadonlyMap<string, Manifest>): string {
  const namespace = namespaceOf(object);
  const text = ({ kind, name }: Owner): string => `${namespace}/${name}[${kind}]`;
  let top: Owner = { kind: String(object.kind), name: nameOf(object) };
  let at = object;
  for (let depth = 0; depth < MAX_OWNERS; depth += 1) {
    const owner = ownerOf(at);
    if (!owner) break;
    const bridged = bridge(owner, namespace, object, controllers);
    const next = controllers.get(`${bridged.kind} ${namespace}/${bridged.name}`);
    if (!next) return at.kind === 'Pod' ? text(owner) : text(top);
    top = bridged;
    at = next;
  }
  return text(top);
}

/** The owner, or the one it must itself belong to when only that one is among the manifests. */
function bridge(
  owner: Owner,
  namespace: string,
  object: Manifest,
  controllers: ReadonlyMap<string, Manifest>,
): Owner {
  if (controllers.has(`${owner.kind} ${namespace}/${owner.name}`)) return owner;
  const known = (kind: string, name: string): Owner | undefined =>
    controllers.has(`${kind} ${namespace}/${name}`) ? { kind, name } : undefined;
  if (owner.kind === 'Job') {
    const cron = /^(.+)-\d{8,10}$/.exec(owner.name)?.[1];
    return (cron === undefined ? undefined : known('CronJob', cron)) ?? owner;
  }
  if (owner.kind !== 'ReplicaSet') return owner;
  const labels = objectOf(object.metadata?.labels);
  const hash = labels['pod-template-hash'] ?? labels['rollouts-pod-template-hash'];
  if (typeof hash !== 'string' || hash === '' || !owner.name.endsWith(`-${hash}`)) return owner;
  const name = owner.name.slice(0, -hash.length - 1);
  return known('Deployment', name) ?? known('Rollout', name) ?? owner;
}

/** Whether another controller of the manifests stands for this one. */
function topIsHere(object: Manifest, controllers: ReadonlyMap<string, Manifest>): boolean {
  const owner = ownerOf(object);
  return owner !== undefined && controllers.has(`${owner.kind} ${namespaceOf(object)}/${owner.name}`);
}

function isController(kind: string): boolean {
  return Object.prototype.hasOwnProperty.call(CONTROLLERS, kind);
}

/** Old groups of the same kinds (`extensions/v1beta1`) still lie in repositories. */
function isGroup(kind: string, group: string): boolean {
  return group === CONTROLLERS[kind] || group === 'extensions';
}

function labelsOf(meta: Manifest['metadata']): Readonly<Record<string, string>> {
  const labels = Object.entries(objectOf(meta?.labels)).filter(
    ([, value]) => value !== null && typeof value !== 'object',
  );
  return Object.fromEntries(labels.map(([key, value]) => [key, String(value)]));
}

function nameOf(object: Manifest): string {
  const { name, generateName } = objectOf(object.metadata);
  return String(name ?? generateName ?? '');
}

/** kubectl puts manifests without a namespace into `default`. */
function namespaceOf(object: Manifest): string {
  return String(object.metadata?.namespace || 'default');
}

function objectOf(value: unknown): Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Loose) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}
