/**
 * The smallest NetworkPolicies that allow chosen flows: one per workload and direction, its peers
 * merged where they have the same ports. Pods are named by as few labels as tell them from the other
 * pods of their namespace now. What cannot be named by labels is told, not guessed.
 */
import type { StringMap } from '../../k8s/types';
import { NAME_LABEL, type NetpolModel } from './model';
import { workloadParts } from './places';
import type { Protocol } from './ports';
import { workloadOf, type NetPod } from './types';

export interface WantedFlow {
  /** Workload id; 'internet', or a CIDR. */
  readonly from: string;
  readonly to: string;
  readonly protocol: Protocol;
  /** Null: every port. */
  readonly port: number | null;
}

export interface GenerateOptions {
  readonly ingress: boolean;
  readonly egress: boolean;
  /** Egress policies allow DNS to these, or to nobody. */
  readonly dns?: { readonly namespace: string; readonly labels: StringMap; readonly port: number };
}

export interface Generated {
  readonly policies: readonly object[];
  /** What could not be written, or is wider than asked. */
  readonly notes: readonly string[];
}

/** Labels that controllers change with each revision or pod. */
const FLEETING =
  /^(pod-template-hash|rollouts-pod-template-hash|controller-revision-hash|pod-template-generation|statefulset\.kubernetes\.io\/pod-name|apps\.kubernetes\.io\/pod-index|batch\.kubernetes\.io\/.*|job-name|controller-uid)$/;
const FIRST = [
  'app.kubernetes.io/name',
  'app',
  'k8s-app',
  'app.kubernetes.io/instance',
  'app.kubernetes.io/component',
];

export function generatePolicies(
  model: NetpolModel,
  flows: readonly WantedFlow[],
  options: GenerateOptions,
): Generated {
  const notes = new Set<string>();
  const index = podIndex(model);
  const policies: object[] = [];
  for (const direction of ['ingress', 'egress'] as const) {
    if (!options[direction]) continue;
    const byOwner = new Map<string, WantedFlow[]>();
    for (const flow of flows) {
      const owner = direction === 'ingress' ? flow.to : flow.from;
      if (!owner.includes('[')) continue;
      byOwner.set(owner, [...(byOwner.get(owner) ?? []), flow]);
    }
    for (const [owner, own] of [...byOwner].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const made = policyOf(index, owner, own, direction, options, notes);
      if (made) policies.push(made);
    }
  }
  return { policies, notes: [...notes] };
}

interface Index {
  readonly byWorkload: ReadonlyMap<string, readonly NetPod[]>;
  readonly byNamespace: ReadonlyMap<string, readonly NetPod[]>;
}

function podIndex(model: NetpolModel): Index {
  const byWorkload = new Map<string, NetPod[]>();
  const byNamespace = new Map<string, NetPod[]>();
  const add = (map: Map<string, NetPod[]>, key: string, pod: NetPod): void => {
    const list = map.get(key);
    if (list) list.push(pod);
    else map.set(key, [pod]);
  };
  for (const { pod } of model.pods.values()) {
    add(byWorkload, workloadOf(pod), pod);
    add(byNamespace, pod.namespace, pod);
  }
  return { byWorkload, byNamespace };
}

/** As few labels as tell the workload's pods from the others there; undefined: it has no common label. */
export function labelsFor(index: Index, id: string): { labels: StringMap; exact: boolean } | undefined {
  const pods = index.byWorkload.get(id) ?? [];
  const [first] = pods;
  if (!first) return undefined;
  const common = Object.entries(first.labels ?? {}).filter(
    ([key, value]) => !FLEETING.test(key) && pods.every((pod) => pod.labels?.[key] === value),
  );
  if (common.length === 0) return undefined;
  const rank = (key: string): number => (FIRST.includes(key) ? FIRST.indexOf(key) : FIRST.length);
  common.sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1));
  const others = (index.byNamespace.get(first.namespace) ?? []).filter((pod) => workloadOf(pod) !== id);
  const exact = (labels: readonly (readonly [string, string])[]): boolean =>
    !others.some((pod) => labels.every(([key, value]) => pod.labels?.[key] === value));
  for (const one of common) if (exact([one])) return { labels: Object.fromEntries([one]), exact: true };
  for (let i = 0; i < common.length; i += 1) {
    for (let j = i + 1; j < common.length; j += 1) {
      const pair = [common[i]!, common[j]!];
      if (exact(pair)) return { labels: Object.fromEntries(pair), exact: true };
    }
  }
  return { labels: Object.fromEntries(common), exact: exact(common) };
}

function policyOf(
  index: Index,
  owner: string,
  flows: readonly WantedFlow[],
  direction: 'ingress' | 'egress',
  options: GenerateOptions,
  notes: Set<string>,
): object | undefined {
  const { namespace, name } = workloadParts(owner);
  const own = labelsFor(index, owner);
  if (!own) {
    notes.add(`${owner} has no label that all its pods share: no policy can select it.`);
    return undefined;
  }
  if (!own.exact)
    notes.add(
      `The labels of ${owner} are those of other pods in ${namespace} too: they are selected as well.`,
    );
  const rules = new Map<string, { peers: Map<string, object>; ports: Map<string, object> }>();
  const byPeer = new Map<string, WantedFlow[]>();
  for (const flow of flows) {
    const other = direction === 'ingress' ? flow.from : flow.to;
    byPeer.set(other, [...(byPeer.get(other) ?? []), flow]);
  }
  for (const [other, list] of byPeer) {
    const peer = peerOf(index, other, namespace, notes);
    if (!peer) continue;
    const ports = new Map<string, object>();
    for (const { protocol, port } of list) {
      const item = port === null ? { protocol } : { protocol, port };
      ports.set(JSON.stringify(item), item);
    }
    for (const { protocol } of list.filter(({ port }) => port === null)) {
      for (const key of [...ports.keys()]) {
        if (key.includes(`"${protocol}"`) && key.includes('"port"')) ports.delete(key);
      }
    }
    const key = [...ports.keys()].sort().join();
    const rule = rules.get(key) ?? { peers: new Map<string, object>(), ports };
    rule.peers.set(JSON.stringify(peer), peer);
    rules.set(key, rule);
  }
  if (rules.size === 0) return undefined;
  const side = direction === 'ingress' ? 'from' : 'to';
  const list: object[] = [...rules.values()].map(({ peers, ports }) => ({
    [side]: [...peers.values()],
    ports: [...ports.values()],
  }));
  if (direction === 'egress' && options.dns) list.push(dnsRule(options.dns));
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: `${name}-${direction}`.slice(0, 253), namespace },
    spec: {
      podSelector: { matchLabels: own.labels },
      policyTypes: [direction === 'ingress' ? 'Ingress' : 'Egress'],
      [direction]: list,
    },
  };
}

export function dnsRule({ namespace, labels, port }: NonNullable<GenerateOptions['dns']>): object {
  return {
    to: [
      {
        namespaceSelector: { matchLabels: { [NAME_LABEL]: namespace } },
        podSelector: { matchLabels: labels },
      },
    ],
    ports: [
      { protocol: 'UDP', port },
      { protocol: 'TCP', port },
    ],
  };
}

function peerOf(index: Index, id: string, namespace: string, notes: Set<string>): object | undefined {
  if (id === 'internet') {
    return {
      ipBlock: {
        cidr: '0.0.0.0/0',
        except: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'],
      },
    };
  }
  if (!id.includes('[')) return { ipBlock: { cidr: id } };
  const found = labelsFor(index, id);
  const parts = workloadParts(id);
  if (!found) {
    notes.add(`${id} has no label that all its pods share: it cannot be named as a peer.`);
    return undefined;
  }
  if (!found.exact)
    notes.add(
      `The labels of ${id} are those of other pods in ${parts.namespace} too: they are let through as well.`,
    );
  const podSelector = { matchLabels: found.labels };
  return parts.namespace === namespace
    ? { podSelector }
    : { namespaceSelector: { matchLabels: { [NAME_LABEL]: parts.namespace } }, podSelector };
}
