/** What keeps a verdict from being the whole truth, said once each, with the rule it comes from. */
import type { Endpoint } from './ask';
import type { NetpolModel } from './model';
import type { Protocol } from './ports';
import { policiesOf } from './trace';
import type { Caveat, CaveatCode, SideVerdict } from './verdict';

export interface Judged {
  readonly egress: SideVerdict;
  readonly ingress: SideVerdict;
  readonly protocol: Protocol;
  readonly port: number | null;
  readonly asked: number | string;
}

export function caveatsOf(model: NetpolModel, from: Endpoint, to: Endpoint, judged: Judged): Caveat[] {
  const list: Caveat[] = [];
  const say = (code: CaveatCode, rule: string, text: string): void => {
    if (!list.some((one) => one.code === code)) list.push({ code, rule, text });
  };
  const { engine } = model.snapshot;
  if (engine?.enforces === false) {
    say(
      'notEnforced',
      'S30',
      `${engine.name ?? 'This cluster'} enforces no network policies: every flow passes`,
    );
  } else if (engine && engine.enforces === undefined) {
    say('enforcementUnknown', 'S30', 'Nothing tells whether this cluster enforces network policies');
  }
  if (engine?.others && engine.others.length > 0) {
    say('otherEngines', 'S30', `${engine.others.join(', ')} are judged by their own engine, not here`);
  }
  for (const [end, direction] of [
    [from, 'egress'],
    [to, 'ingress'],
  ] as const) {
    if (end.node !== null) {
      say(
        'nodeAddress',
        'S23',
        `${end.name} is an address of node ${end.node}; host-network pods there share it`,
      );
    }
    if (!end.entry) continue;
    const { pod, group } = end.entry;
    if (group.host) {
      say(
        'hostNetwork',
        'S23',
        `${end.name} uses the host's network: policies usually do not select it, and it counts as its node`,
      );
    }
    const policies = policiesOf(group, direction);
    const other = (direction === 'egress' ? to : from).entry;
    const rules = policies.flatMap((policy) => policy[direction] ?? []);
    if (
      other?.group.unplaced &&
      rules.some(({ peers }) => peers?.some(({ kind }) => kind === 'ips' || kind === 'nodes'))
    ) {
      say(
        'noPodIp',
        'S27',
        `${(direction === 'egress' ? to : from).name} has no address yet: address rules are not counted`,
      );
    }
    if (policies.some(({ terminating }) => terminating)) {
      say('terminating', 'S28', 'A policy that is being deleted still applies until it is gone');
    }
    if (rules.some(({ peers }) => peers?.some((peer) => peer.kind === 'none' && peer.domainNames))) {
      say(
        'domainNames',
        'tiers',
        'Rules by domain name are not counted: addresses behind names are not known here',
      );
    }
    const versions = new Set(
      policies.filter(({ ref }) => ref.group === 'policy.networking.k8s.io').map((one) => one.apiVersion),
    );
    if (versions.size > 1) {
      say(
        'mixedAdminApis',
        'tiers',
        'Admin policies of v1alpha1 and v1alpha2 select this pod: how they mix is undefined',
      );
    }
    if (policies.some((one) => one.problems.some(({ code }) => code === 'beyond'))) {
      say(
        'beyond',
        'S30',
        'A policy that selects this pod says more than addresses and ports (see its page): only those are judged here',
      );
    }
    const { contested, admin, baseline } = group.sides[direction];
    if (contested && judged[direction].decidedBy.length > 0 && judged[direction].tier !== 'networkPolicy') {
      const twice = [...admin, ...baseline].find((one) => one.policies.length > 1);
      const names = twice?.policies.map(({ live }) => live.policy.ref.name).join(' and ') ?? '';
      say('equalPriority', 'tiers', `${names} have the same priority: which of them wins is undefined`);
    }
    if (usesEndPort(policies, judged, direction)) {
      say('endPort', 'S14', 'Allowed by a port range: a plugin without endPort enforces only its first port');
    }
    if (direction === 'ingress') namedPorts(say, pod.ports ?? [], end, judged, rules);
  }
  return list;
}

function usesEndPort(
  policies: ReturnType<typeof policiesOf>,
  judged: Judged,
  direction: 'ingress' | 'egress',
): boolean {
  const { port, protocol } = judged;
  return judged[direction].decidedBy.some((decision) => {
    const policy = policies.find(
      ({ ref }) =>
        ref.kind === decision.policy.kind &&
        ref.name === decision.policy.name &&
        ref.namespace === decision.policy.namespace,
    );
    const rule = policy?.[direction]?.find(({ index }) => index === decision.rule);
    const item = decision.port === null ? undefined : rule?.ports?.items[decision.port];
    return item?.ranged !== undefined && item.ranged.protocol === protocol && item.ranged.port !== port;
  });
}

type Say = (code: CaveatCode, rule: string, text: string) => void;
type Ports = NonNullable<NonNullable<Endpoint['entry']>['pod']['ports']>;
type Rules = readonly { readonly ports: { readonly named: readonly { readonly name: string }[] } | null }[];

function namedPorts(say: Say, ports: Ports, end: Endpoint, judged: Judged, rules: Rules): void {
  if (judged.port === null) {
    say(
      'noSuchPort',
      'S13',
      `${end.name} has no ${judged.protocol} container port named ${String(judged.asked)}`,
    );
  }
  const names = new Set(rules.flatMap(({ ports: spec }) => spec?.named.map(({ name }) => name) ?? []));
  if (ports.some(({ init, name, port }) => init && names.has(name) && port === judged.port)) {
    say(
      'initContainerPort',
      'S13',
      'The port is named by an init container: whether that counts depends on the plugin',
    );
  }
}
