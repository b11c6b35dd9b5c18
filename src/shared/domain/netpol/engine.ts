/**
 * Which network plugin runs here and whether it enforces policies (S30), told from DaemonSets, API
 * groups and node versions. Never guesses silently: each answer carries what it was seen by, and
 * without the right to look the answer is "not known", not "nothing".
 */

export interface DaemonFacts {
  readonly namespace: string;
  readonly name: string;
  readonly containers: readonly {
    readonly name: string;
    readonly image: string;
    readonly args?: readonly string[];
  }[];
}

export interface EngineInput {
  /** DaemonSets of all namespaces; undefined when they may not be listed. */
  readonly daemonSets: readonly DaemonFacts[] | undefined;
  /** API groups the server has. */
  readonly groups: readonly string[];
  /** `status.nodeInfo.kubeletVersion` of the nodes. */
  readonly kubeletVersions: readonly string[];
}

export interface Engine {
  /** `Calico`; undefined when none was recognised. */
  readonly name: string | undefined;
  /** Undefined: not known. */
  readonly enforces: boolean | undefined;
  /** What it was told by, and what follows, in one sentence each. */
  readonly evidence: string;
  readonly consequence: string;
  /** Policies of other engines that this cluster holds (S30), by kind. */
  readonly others: readonly string[];
}

interface Rule {
  readonly name: string;
  /** DaemonSet by name, or an image that one of its containers has. */
  readonly daemon?: RegExp;
  readonly image?: RegExp;
  readonly enforces: boolean | ((daemon: DaemonFacts) => { enforces: boolean; why: string });
}

const arg = (daemon: DaemonFacts, wanted: RegExp): boolean =>
  daemon.containers.some((one) => (one.args ?? []).some((text) => wanted.test(text)));

const container = (daemon: DaemonFacts, name: RegExp): boolean =>
  daemon.containers.some((one) => name.test(one.name));

/** The first that fits decides: what enforces stands before what only connects. */
const RULES: readonly Rule[] = [
  { name: 'Cilium (GKE Dataplane V2)', daemon: /^anetd$/, enforces: true },
  { name: 'Cilium', daemon: /^cilium$/, image: /(^|\/)cilium\/cilium(:|@|$)/, enforces: true },
  { name: 'Canal (Flannel with Calico policies)', daemon: /^canal$/, enforces: true },
  { name: 'Calico', daemon: /^calico-node$/, image: /(^|\/)calico\/node(:|@|$)/, enforces: true },
  { name: 'Antrea', daemon: /^antrea-agent$/, enforces: true },
  { name: 'OVN-Kubernetes', daemon: /^ovnkube-node/, enforces: true },
  { name: 'Kube-OVN', daemon: /^(kube-ovn-cni|ovs-ovn)$/, enforces: true },
  { name: 'OpenShift SDN', daemon: /^sdn$/, image: /openshift.*sdn/, enforces: true },
  {
    name: 'kube-router',
    daemon: /^kube-router$/,
    enforces: (daemon) =>
      arg(daemon, /^--run-firewall=false$/)
        ? { enforces: false, why: 'It runs with --run-firewall=false.' }
        : { enforces: true, why: 'Its firewall is on.' },
  },
  {
    name: 'Weave Net',
    daemon: /^weave-net$/,
    enforces: (daemon) =>
      container(daemon, /^weave-npc$/)
        ? { enforces: true, why: 'Its policy controller weave-npc runs.' }
        : { enforces: false, why: 'Its policy controller weave-npc does not run.' },
  },
  { name: 'Azure Network Policy Manager', daemon: /^azure-npm$/, enforces: true },
  {
    name: 'kube-network-policies',
    daemon: /^kube-network-policies$/,
    image: /kube-network-policies/,
    enforces: true,
  },
  {
    name: 'Amazon VPC CNI',
    daemon: /^aws-node$/,
    enforces: (daemon) =>
      arg(daemon, /^--enable-network-policy=true$/)
        ? { enforces: true, why: 'Its node agent runs with --enable-network-policy=true.' }
        : { enforces: false, why: 'Its node agent does not run with --enable-network-policy=true.' },
  },
  {
    name: 'kindnet',
    daemon: /^kindnet$/,
    enforces: (daemon) => {
      const date = daemon.containers.map((one) => /:v(\d{8})/.exec(one.image)?.[1]).find(Boolean);
      return date !== undefined && date < '20240813'
        ? { enforces: false, why: `Its version of ${date} is from before it enforced policies.` }
        : { enforces: true, why: 'It enforces policies since kind 0.24.' };
    },
  },
  { name: 'Flannel', daemon: /^kube-flannel/, image: /flannel\/flannel(:|@|$)/, enforces: false },
  { name: 'Azure CNI', daemon: /^azure-cns$/, enforces: false },
];

const OTHERS: readonly (readonly [group: string, kinds: readonly string[]])[] = [
  ['cilium.io', ['CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy']],
  ['crd.projectcalico.org', ['Calico NetworkPolicy', 'GlobalNetworkPolicy']],
  ['projectcalico.org', ['Calico NetworkPolicy', 'GlobalNetworkPolicy']],
  ['crd.antrea.io', ['Antrea NetworkPolicy', 'Antrea ClusterNetworkPolicy']],
];

const NOT_ENFORCED = 'Policies are stored and enforced by nothing: every connection below is open in fact.';
const ENFORCED = 'What the policies say is what happens.';
const UNKNOWN = 'The answers below hold if a plugin enforces policies.';

export function detectEngine({ daemonSets, groups, kubeletVersions }: EngineInput): Engine {
  const others = [...new Set(OTHERS.flatMap(([group, kinds]) => (groups.includes(group) ? kinds : [])))];
  for (const rule of RULES) {
    const daemon = daemonSets?.find((one) => fits(rule, one));
    if (!daemon) continue;
    const judged =
      typeof rule.enforces === 'boolean' ? { enforces: rule.enforces, why: '' } : rule.enforces(daemon);
    return {
      name: rule.name,
      enforces: judged.enforces,
      evidence: `DaemonSet ${daemon.namespace}/${daemon.name}.${judged.why && ` ${judged.why}`}`,
      consequence: judged.enforces ? ENFORCED : NOT_ENFORCED,
      others,
    };
  }
  const k3s = kubeletVersions.find((version) => /\+(k3s|rke2)/.test(version));
  if (k3s?.includes('+k3s')) {
    return {
      name: 'K3s network policy controller',
      enforces: true,
      evidence: `Nodes run ${k3s}; K3s enforces policies unless it was started with --disable-network-policy.`,
      consequence: ENFORCED,
      others,
    };
  }
  if (daemonSets === undefined) {
    return {
      name: undefined,
      enforces: undefined,
      evidence: 'The network plugin is not known: it takes the right to list daemonsets in all namespaces.',
      consequence: UNKNOWN,
      others,
    };
  }
  return {
    name: undefined,
    enforces: false,
    evidence: 'No network plugin that enforces policies was found among the DaemonSets of this cluster.',
    consequence: NOT_ENFORCED,
    others,
  };
}

function fits({ daemon, image }: Rule, facts: DaemonFacts): boolean {
  if (daemon?.test(facts.name)) return true;
  return image !== undefined && facts.containers.some((one) => image.test(one.image));
}
