/**
 * What is isolated and what is not: per workload which policies judge it, what the internet may open
 * to it and it to the internet, whether it may ask DNS; per namespace how many pods stand open.
 */
import { EVERYTHING, NOTHING } from './conn-table';
import { rulesOf } from './compiled';
import { dnsVerdict, type DnsServers, type DnsVerdict } from './dns';
import { evaluateRow } from './evaluate';
import type { NetpolModel } from './model';
import { publicClasses, workloadParts } from './places';
import { formatConn } from './ports';
import type { Group } from './runtime';
import type { Direction } from './types';
import { runAtOnce, type Steps } from './steps';
import { workloadsOf } from './workloads';

export interface Reach {
  /** `All`, `TCP 80`; '' for nothing. */
  readonly open: string;
  /** Not the same for all public addresses, or not for all pods. */
  readonly uneven: boolean;
}

export interface WorkloadCoverage {
  readonly id: string;
  readonly pods: number;
  /** All pods use the host's network: policies do not select them (S23). */
  readonly host: boolean;
  /** Names of the policies that judge some pod of it; empty: open. */
  readonly ingress: readonly string[];
  readonly egress: readonly string[];
  readonly fromInternet: Reach;
  readonly toInternet: Reach;
  readonly dns: DnsVerdict;
}

export interface NamespaceCoverage {
  readonly name: string;
  readonly pods: number;
  /** Pods by what isolates them. */
  readonly none: number;
  readonly ingressOnly: number;
  readonly egressOnly: number;
  readonly both: number;
  readonly host: number;
  /** A NetworkPolicy that selects every pod and allows nothing. */
  readonly denyIngress: string | null;
  readonly denyEgress: string | null;
  /** Pods that cannot ask DNS. */
  readonly noDns: number;
}

export interface Coverage {
  readonly namespaces: readonly NamespaceCoverage[];
  readonly workloads: readonly WorkloadCoverage[];
}

/** `wanted`: namespaces to look at; empty: all. */
export function coverageOf(model: NetpolModel, dns: DnsServers, wanted: readonly string[]): Coverage {
  return runAtOnce(coverageSteps(model, dns, wanted));
}

/** The same workload by workload. */
export function* coverageSteps(
  model: NetpolModel,
  dns: DnsServers,
  wanted: readonly string[],
): Steps<Coverage> {
  const only = new Set(wanted);
  const shown = (name: string): boolean => only.size === 0 || only.has(name);
  const classes = publicClasses(model).map(({ cls }) => cls);
  const dnsOf = new Map<Group, DnsVerdict>();
  const askDns = (group: Group): DnsVerdict => {
    const known = dnsOf.get(group) ?? dnsVerdict(model, group, dns);
    dnsOf.set(group, known);
    return known;
  };
  const workloads: WorkloadCoverage[] = [];
  for (const { id, groups, pods } of workloadsOf(model)) {
    if (!shown(workloadParts(id).namespace)) continue;
    const policies = (direction: Direction): string[] => [
      ...new Set(groups.flatMap((group) => judges(group, direction))),
    ];
    workloads.push({
      id,
      pods,
      host: groups.every((group) => group.host),
      ingress: policies('ingress'),
      egress: policies('egress'),
      fromInternet: internet(model, groups, 'ingress', classes),
      toInternet: internet(model, groups, 'egress', classes),
      dns: worst(groups.map(askDns)),
    });
    yield;
  }
  return { namespaces: namespacesOf(model, shown, askDns), workloads };
}

function judges({ sides }: Group, direction: Direction): string[] {
  const { admin, network, baseline } = sides[direction];
  const tiers = [...admin, ...baseline].flatMap(({ policies }) => policies);
  return [...tiers, ...(network ?? [])]
    .filter(({ live }) => rulesOf(live.policy, direction) !== null)
    .map(({ live }) => live.policy.ref.name);
}

function internet(
  model: NetpolModel,
  groups: readonly Group[],
  direction: Direction,
  classes: readonly number[],
): Reach {
  let open = NOTHING;
  let first = -1;
  let uneven = false;
  for (const group of groups) {
    const row = group.host ? null : evaluateRow(model, group, direction);
    for (const cls of classes) {
      const conn = row === null ? EVERYTHING : row[cls]!;
      open = model.conns.union(open, conn);
      if (first < 0) first = conn;
      else if (conn !== first) uneven = true;
    }
  }
  return { open: formatConn(model.conns.get(open)), uneven };
}

function worst(list: readonly DnsVerdict[]): DnsVerdict {
  const order: readonly DnsVerdict[] = ['denied', 'udp only', 'unknown', 'allowed'];
  return order.find((one) => list.includes(one)) ?? 'unknown';
}

function namespacesOf(
  model: NetpolModel,
  shown: (name: string) => boolean,
  askDns: (group: Group) => DnsVerdict,
): NamespaceCoverage[] {
  const rows = new Map<string, { -readonly [K in keyof NamespaceCoverage]: NamespaceCoverage[K] }>();
  const row = (name: string): { -readonly [K in keyof NamespaceCoverage]: NamespaceCoverage[K] } => {
    const known = rows.get(name);
    if (known) return known;
    const zero = { pods: 0, none: 0, ingressOnly: 0, egressOnly: 0, both: 0, host: 0, noDns: 0 };
    const made = { name, ...zero, denyIngress: null, denyEgress: null };
    rows.set(name, made);
    return made;
  };
  for (const name of model.namespaceNames()) if (shown(name)) row(name);
  for (const group of model.groups.values()) {
    if (group.pods === 0 || !shown(group.namespace)) continue;
    const one = row(group.namespace);
    one.pods += group.pods;
    if (group.host) {
      one.host += group.pods;
      continue;
    }
    const into = judges(group, 'ingress').length > 0;
    const out = judges(group, 'egress').length > 0;
    one[into ? (out ? 'both' : 'ingressOnly') : out ? 'egressOnly' : 'none'] += group.pods;
    if (askDns(group) === 'denied') one.noDns += group.pods;
  }
  for (const { tier, subject, ref, ingress, egress } of model.policies) {
    const everyPod = !subject.pods || subject.pods.requirements.length === 0;
    if (tier !== 'networkPolicy' || ref.namespace === '' || !everyPod || !shown(ref.namespace)) continue;
    const one = row(ref.namespace);
    if (ingress?.length === 0) one.denyIngress ??= ref.name;
    if (egress?.length === 0) one.denyEgress ??= ref.name;
  }
  return [...rows.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
