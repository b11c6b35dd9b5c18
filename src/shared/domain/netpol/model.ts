/**
 * Policies and pods, prepared for questions. Pods that no policy can tell apart share a group, so
 * cost grows with groups. Pods may be set and removed one by one; anything else that changes
 * (policies, namespaces, nodes) needs a new model. Holds no more of a pod than it needs.
 */
import { compileAll } from './compile';
import { rulesOf, type Policy, type Rule } from './compiled';
import { ConnTable, EVERYTHING } from './conn-table';
import { familyOf, ipSet, parseIp, type IpSet } from './ip';
import { ipSpace, type IpSpace } from './ip-space';
import type { Group, LivePolicy, LiveRule, PeerSet, PriorityClass, Side, View } from './runtime';
import { matches, type Selector } from './selector';
import { withStages } from './stages';
import {
  isLive,
  podKey,
  workloadOf,
  type Direction,
  type NetNode,
  type NetPod,
  type NetpolSnapshot,
} from './types';
import type { StringMap } from '../../k8s/types';

export const NAME_LABEL = 'kubernetes.io/metadata.name';
/** Address class in the key of a pod without an address. */
const UNPLACED = -1;
const NO_SIDE: Side = { admin: [], network: null, baseline: [], contested: false };

export interface PodEntry {
  readonly pod: NetPod;
  readonly group: Group;
}

/** Pods of one workload, counted by group, and by node for S24. */
export interface Counted {
  readonly groups: Map<Group, number>;
  readonly hostNodes: Map<string, number>;
  readonly podNodes: Map<string, number>;
}

export class NetpolModel {
  readonly conns = new ConnTable();
  readonly policies: readonly Policy[];
  readonly pods = new Map<string, PodEntry>();
  /** Also those that have lost all their pods: their pods often come back. */
  readonly groups = new Map<string, Group>();
  readonly workloads = new Map<string, Counted>();
  readonly views: View[] = [];
  readonly space: IpSpace;
  readonly snapshot: NetpolSnapshot;
  /** Pods by address; host-network pods are not in it, their address is the node's (S23). */
  readonly podByIp = new Map<bigint, string>();
  readonly nodeByIp = new Map<bigint, string>();
  readonly #namespaces = new Map<string, StringMap>();
  readonly #peers: PeerSet[] = [];
  readonly #byNamespace = new Map<string, LivePolicy[]>();
  /** Of any namespace: admin tiers, and policies of Cilium that are not bound to one. */
  readonly #admin: LivePolicy[] = [];
  readonly #engine: LivePolicy[] = [];
  readonly #keys = new Set<string>();
  readonly #portNames = new Set<string>();
  readonly #nodeIps = new Map<string, readonly string[]>();
  /** False puts every pod into a group of its own: the check that grouping changes nothing. */
  readonly #grouping: boolean;
  #nextGroup = 0;

  constructor(snapshot: NetpolSnapshot, options: { readonly grouping?: boolean } = {}) {
    this.snapshot = snapshot;
    this.#grouping = options.grouping ?? true;
    this.policies = snapshot.policies.flatMap(compileAll);
    for (const { name, labels } of snapshot.namespaces) this.#addNamespace(name, labels);
    for (const node of snapshot.nodes ?? []) this.#addNode(node);
    const sets: IpSet[] = [];
    this.#preparePolicies(sets);
    this.space = ipSpace(sets);
    this.space.classes.forEach((_, cls) => this.views.push({ group: null, family: 0, cls }));
    for (const peer of this.#peers) {
      if (peer.ipSet < 0) continue;
      this.space.classes.forEach((members, cls) => members.has(peer.ipSet) && peer.views.push(cls));
    }
    for (const pod of snapshot.pods) this.setPod(pod);
  }

  /** Labels of a namespace, listed or not; its name is always among them (S11). */
  namespaceLabels(name: string): StringMap {
    return this.#namespaces.get(name) ?? this.#addNamespace(name, undefined);
  }

  namespaceNames(): readonly string[] {
    return [...this.#namespaces.keys()];
  }

  /** Adds or replaces a pod; a finished one is dropped (S27). */
  setPod(pod: NetPod): void {
    this.removePod(podKey(pod));
    if (!isLive(pod)) return;
    const group = this.#groupOf(pod);
    group.pods += 1;
    this.pods.set(podKey(pod), { pod, group });
    this.#count(pod, group, 1);
    if (pod.hostNetwork) return;
    for (const ip of pod.ips ?? []) {
      const place = parseIp(ip);
      if (place !== undefined) this.podByIp.set(place, podKey(pod));
    }
  }

  removePod(key: string): void {
    const entry = this.pods.get(key);
    if (!entry) return;
    const { pod, group } = entry;
    this.pods.delete(key);
    group.pods -= 1;
    this.#count(pod, group, -1);
    for (const ip of pod.ips ?? []) {
      const place = parseIp(ip);
      if (place !== undefined && this.podByIp.get(place) === key) this.podByIp.delete(place);
    }
  }

  /** Whether a compiled policy selects a pod group (S5); host-network pods never are (S23). */
  selects(policy: Policy, group: Group): boolean {
    if (group.host) return false;
    const { namespace, namespaces, pods } = policy.subject;
    if (namespace !== undefined && namespace !== group.namespace) return false;
    if (namespaces && !matches(namespaces, this.namespaceLabels(group.namespace))) return false;
    return !pods || matches(pods, group.labels);
  }

  /** The ports a rule opens towards a destination; null is the outside, which has no names (S13). */
  portsOf(rule: LiveRule, destination: Group | null): number {
    if (rule.named.length === 0 || destination === null || destination.ports.size === 0) return rule.base;
    const known = rule.resolved.get(destination.portsKey);
    if (known !== undefined) return known;
    let id = rule.base;
    for (const { name, protocol } of rule.named) {
      for (const port of destination.ports.get(name) ?? []) {
        if (protocol !== undefined && port.protocol !== protocol) continue;
        const set = { TCP: [], UDP: [], SCTP: [], [port.protocol]: [port.port, port.port] };
        id = this.conns.union(id, this.conns.id(set));
      }
    }
    rule.resolved.set(destination.portsKey, id);
    return id;
  }

  peerMatches(peer: PeerSet, view: number): boolean {
    const { views } = peer;
    let lo = 0;
    let hi = views.length - 1;
    while (lo <= hi) {
      const middle = (lo + hi) >> 1;
      const at = views[middle]!;
      if (at === view) return true;
      if (at < view) lo = middle + 1;
      else hi = middle - 1;
    }
    return false;
  }

  #count(pod: NetPod, group: Group, by: 1 | -1): void {
    const id = workloadOf(pod);
    const all = this.workloads.get(id) ?? { groups: new Map(), hostNodes: new Map(), podNodes: new Map() };
    add(all.groups, group, by);
    if (pod.nodeName) add(pod.hostNetwork ? all.hostNodes : all.podNodes, pod.nodeName, by);
    if (all.groups.size === 0) this.workloads.delete(id);
    else this.workloads.set(id, all);
  }

  #addNamespace(name: string, labels: StringMap | undefined): StringMap {
    const all = { ...labels, [NAME_LABEL]: name };
    this.#namespaces.set(name, all);
    return all;
  }

  #addNode(node: NetNode): void {
    this.#nodeIps.set(node.name, node.ips ?? []);
    for (const ip of node.ips ?? []) {
      const place = parseIp(ip);
      if (place !== undefined) this.nodeByIp.set(place, node.name);
    }
  }

  #preparePolicies(sets: IpSet[]): void {
    const peers = new Map<string, PeerSet>();
    const setIds = new Map<string, number>();
    const note = (selector: Selector | undefined): void => {
      selector?.requirements.forEach(({ key }) => this.#keys.add(key));
      selector?.keys?.forEach((key) => this.#keys.add(key));
    };
    const setId = (set: IpSet): number => {
      const key = set.join();
      const id = setIds.get(key) ?? sets.push(set) - 1;
      setIds.set(key, id);
      return id;
    };
    const peerOf = (peer: NonNullable<Rule['peers']>[number]): PeerSet | undefined => {
      if (peer.kind === 'none') return undefined;
      let key: string;
      let id = -1;
      if (peer.kind === 'pods') {
        note(peer.pods);
        key = JSON.stringify([peer.namespace ?? null, peer.namespaces?.key ?? null, peer.pods?.key ?? '']);
      } else {
        id = setId(peer.kind === 'ips' ? peer.set : this.#addressesOf(peer.selector));
        const kind =
          peer.kind !== 'ips' ? 'ips' : peer.everyPod ? 'networks' : peer.outsideOnly ? 'outside' : 'ips';
        key = `${kind} ${id}`;
      }
      const known = peers.get(key);
      if (known) return known;
      const made: PeerSet = { id: this.#peers.length, peer, ipSet: id, views: [] };
      peers.set(key, made);
      this.#peers.push(made);
      return made;
    };
    for (const policy of this.policies) {
      note(policy.subject.pods);
      const live = (direction: Direction): readonly LiveRule[] | null =>
        rulesOf(policy, direction)?.map((rule) => {
          note(rule.own);
          for (const { name } of rule.ports?.named ?? []) this.#portNames.add(name);
          return {
            policy,
            rule,
            peers: rule.peers && rule.peers.flatMap((peer) => peerOf(peer) ?? []),
            source: (rule.peers ?? []).filter((peer) => peer.kind !== 'none'),
            base: rule.ports ? this.conns.id(rule.ports.base) : EVERYTHING,
            named: rule.ports?.named ?? [],
            resolved: new Map(),
          };
        }) ?? null;
      const made: LivePolicy = { policy, ingress: live('ingress'), egress: live('egress') };
      if (policy.tier === 'engine') this.#engine.push(made);
      else if (policy.tier !== 'networkPolicy' || policy.subject.namespace === undefined)
        this.#admin.push(made);
      else {
        const namespace = policy.subject.namespace ?? '';
        this.namespaceLabels(namespace);
        const list = this.#byNamespace.get(namespace);
        if (list) list.push(made);
        else this.#byNamespace.set(namespace, [made]);
      }
    }
  }

  #addressesOf(nodes: Selector): IpSet {
    const picked = (this.snapshot.nodes ?? []).filter((node) => matches(nodes, node.labels));
    const places = picked.flatMap((node) => (node.ips ?? []).flatMap((ip) => parseIp(ip) ?? []));
    return ipSet(places.map((place) => ({ first: place, last: place })));
  }

  #groupOf(pod: NetPod): Group {
    const host = pod.hostNetwork === true;
    this.namespaceLabels(pod.namespace);
    const faces = this.#facesOf(pod);
    const ports = host ? new Map<string, { protocol: string; port: number }[]>() : this.#portsOf(pod);
    const portsKey = JSON.stringify([...ports].sort(([a], [b]) => (a < b ? -1 : 1)));
    const labels = host ? [] : this.#labelsOf(pod);
    const own = this.#grouping ? '' : pod.name;
    const key = JSON.stringify([pod.namespace, host, labels, faces, portsKey, own]);
    const known = this.groups.get(key);
    if (known) return known;
    const views: number[] = [];
    const group: Group = {
      id: this.#nextGroup++,
      key,
      namespace: pod.namespace,
      labels: Object.fromEntries(labels),
      host,
      unplaced: faces[0]?.[1] === UNPLACED,
      portsKey,
      ports,
      views,
      sides: { ingress: NO_SIDE, egress: NO_SIDE },
      pods: 0,
    };
    for (const [family, cls] of faces) {
      views.push(this.views.push({ group, family, cls: Math.max(0, cls) }) - 1);
    }
    const made: Group = host
      ? group
      : { ...group, sides: { ingress: this.#side(group, 'ingress'), egress: this.#side(group, 'egress') } };
    for (const view of views) this.views[view] = { ...this.views[view]!, group: made };
    for (const peer of this.#peers) this.#joinPeer(peer, made);
    this.groups.set(key, made);
    return made;
  }

  #joinPeer(peer: PeerSet, group: Group): void {
    if (peer.ipSet >= 0) {
      if (peer.peer.kind === 'ips' && peer.peer.outsideOnly) return;
      // 0.0.0.0/0 in an admin tier covers pod traffic, whatever address a pod will get.
      const everyPod = group.unplaced && peer.peer.kind === 'ips' && peer.peer.everyPod;
      for (const view of group.views) {
        if (everyPod || this.space.classes[this.views[view]!.cls]!.has(peer.ipSet)) peer.views.push(view);
      }
      return;
    }
    // S23: selectors never mean host-network pods.
    if (group.host || peer.peer.kind !== 'pods') return;
    const { namespace, namespaces, pods } = peer.peer;
    if (namespace !== undefined && namespace !== group.namespace) return;
    if (pods && !matches(pods, group.labels)) return;
    if (namespaces && !matches(namespaces, this.namespaceLabels(group.namespace))) return;
    peer.views.push(...group.views);
  }

  /** The families of a pod's addresses, each with its address class; one face where they are alike. */
  #facesOf(pod: NetPod): readonly (readonly [0 | 4 | 6, number])[] {
    const faces = new Map<4 | 6, number>();
    const own = pod.ips ?? [];
    // A host-network pod without an address yet has its node's.
    const ips = own.length > 0 || !pod.hostNetwork ? own : (this.#nodeIps.get(pod.nodeName ?? '') ?? []);
    for (const ip of ips) {
      const place = parseIp(ip);
      if (place === undefined) continue;
      const family = familyOf(place);
      if (!faces.has(family)) faces.set(family, this.space.classOf(place));
    }
    const list = [...faces].sort(([a], [b]) => a - b);
    if (list.length === 0) return [[0, UNPLACED]];
    return list.length === 2 && list[0]![1] === list[1]![1] ? [[0, list[0]![1]]] : list;
  }

  /** S13: only containers count for sure; protocol is TCP when missing. */
  #portsOf(pod: NetPod): Map<string, { protocol: string; port: number }[]> {
    const ports = new Map<string, { protocol: string; port: number }[]>();
    for (const { name, port, protocol, init } of pod.ports ?? []) {
      if (init || !this.#portNames.has(name)) continue;
      const list = ports.get(name) ?? [];
      list.push({ protocol: protocol ?? 'TCP', port });
      list.sort((a, b) => a.port - b.port || (a.protocol < b.protocol ? -1 : 1));
      ports.set(name, list);
    }
    return ports;
  }

  #labelsOf(pod: NetPod): [string, string][] {
    const labels: [string, string][] = [];
    for (const [key, value] of Object.entries(pod.labels ?? {})) {
      if (this.#keys.has(key)) labels.push([key, String(value)]);
    }
    for (const key of NAMESPACE_KEYS) if (this.#keys.has(key)) labels.push([key, pod.namespace]);
    return labels.sort(([a], [b]) => (a < b ? -1 : 1));
  }

  #side(group: Group, direction: Direction): Side {
    const chosen = (list: readonly LivePolicy[]): { live: LivePolicy; rules: readonly LiveRule[] }[] =>
      list.flatMap((live) => {
        const rules = live[direction];
        if (!rules || !this.selects(live.policy, group)) return [];
        const own = rules.some(({ rule }) => rule.own)
          ? rules.filter(({ rule }) => !rule.own || matches(rule.own, group.labels))
          : rules;
        return [{ live, rules: own }];
      });
    const admin = chosen(this.#admin);
    const everywhere = admin.filter(({ live }) => live.policy.tier === 'networkPolicy');
    const network = [...chosen(this.#byNamespace.get(group.namespace) ?? []), ...everywhere];
    const isolates = network.some(({ live }) => live.policy.passive?.[direction] !== true);
    const tier = (name: 'admin' | 'baseline'): PriorityClass[] => {
      const classes = new Map<number, PriorityClass['policies'][number][]>();
      for (const one of admin) {
        if (one.live.policy.tier !== name) continue;
        const { priority } = one.live.policy;
        classes.set(priority, [...(classes.get(priority) ?? []), one]);
      }
      return [...classes].sort(([a], [b]) => a - b).map(([priority, policies]) => ({ priority, policies }));
    };
    const side = {
      admin: tier('admin'),
      network: isolates ? network : null,
      baseline: tier('baseline'),
    };
    const contested = [...side.admin, ...side.baseline].some(({ policies }) => policies.length > 1);
    if (this.#engine.length === 0) return { ...side, contested };
    return withStages({ ...side, contested }, chosen(this.#engine), this.snapshot.tiers ?? []);
  }
}

/** Names of what is not a label in the object but one to an engine's selectors. */
const NAMESPACE_KEYS = ['projectcalico.org/namespace', 'io.kubernetes.pod.namespace'] as const;

function add<K>(counts: Map<K, number>, key: K, by: number): void {
  const now = (counts.get(key) ?? 0) + by;
  if (now > 0) counts.set(key, now);
  else counts.delete(key);
}
