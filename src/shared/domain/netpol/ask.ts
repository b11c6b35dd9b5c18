/**
 * Can A reach B on this port, and why. Both ends by name or address; a workload stands for its
 * pods, and is allowed when some pod of it may reach some pod of the other. Throws an Error with
 * words for a person when an end is not known or the protocol is none that policies specify (S29).
 */
import { caveatsOf } from './caveats';
import { formatIp, parseIp } from './ip';
import type { NetpolModel, PodEntry } from './model';
import { PROTOCOLS, type Protocol } from './ports';
import { exempt, traceSide } from './trace';
import { podKey, workloadOf } from './types';
import type { EndpointRef, SideVerdict, Verdict } from './verdict';

export interface Question {
  /** `ns/pod`, `ns/workload`, `ns/workload[Kind]` or an address. */
  readonly from: string;
  readonly to: string;
  /** Number, or the name of a container port of the destination (S13). */
  readonly port: number | string;
  /** TCP when missing. */
  readonly protocol?: string;
}

export interface Endpoint extends EndpointRef {
  /** Null outside of pods. */
  readonly entry: PodEntry | null;
  /** Faces towards the other end. */
  readonly views: readonly number[];
  readonly node: string | null;
}

export function ask(model: NetpolModel, question: Question): Verdict {
  const protocol = PROTOCOLS.find((one) => one === (question.protocol ?? 'TCP').toUpperCase());
  if (!protocol) {
    throw new Error(`Network policies do not specify ${question.protocol}: TCP, UDP or SCTP (S29)`);
  }
  const { port } = question;
  if (typeof port === 'number' && !(Number.isInteger(port) && port >= 1 && port <= 65535)) {
    throw new Error(`${port} is no port: 1 to 65535`);
  }
  const sources = endpointsOf(model, question.from);
  const destinations = endpointsOf(model, question.to);
  let best: Verdict | undefined;
  let uneven = false;
  for (const from of sources) {
    for (const to of destinations) {
      for (const number of portsAsked(to, port, protocol)) {
        const verdict = judge(model, from, to, protocol, number, question);
        if (best && best.allowed !== verdict.allowed) uneven = true;
        if (!best || (verdict.allowed && !best.allowed)) best = verdict;
      }
    }
  }
  if (!best) throw new Error('Nothing to ask about');
  if (!uneven) return best;
  const text =
    'Not all pods of these workloads are allowed the same: this is the answer of the first allowed pair';
  return { ...best, caveats: [...best.caveats, { code: 'uneven', rule: 'S3', text }] };
}

/** Both sides of one flow between two ends; `port` null: the name asked for is no port there (S13). */
export function judge(
  model: NetpolModel,
  from: Endpoint,
  to: Endpoint,
  protocol: Protocol,
  port: number | null,
  question: Pick<Question, 'port'>,
): Verdict {
  let sides: { egress: SideVerdict; ingress: SideVerdict } | undefined;
  for (const [source, destination] of viewPairs(model, from, to)) {
    const one = {
      egress: sideOf(model, from, to, 'egress', destination, protocol, port),
      ingress: sideOf(model, to, from, 'ingress', source, protocol, port),
    };
    const passes = one.egress.allowed && one.ingress.allowed;
    if (!sides || passes) sides = one;
    if (passes) break;
  }
  const { egress, ingress } = sides ?? { egress: exempt(''), ingress: exempt('') };
  const ref = ({ kind, name }: Endpoint): EndpointRef => ({ kind, name });
  return {
    allowed: egress.allowed && ingress.allowed,
    undefined: (egress.undefined || ingress.undefined) && canBe(egress) && canBe(ingress),
    from: ref(from),
    to: ref(to),
    protocol,
    port,
    egress,
    ingress,
    caveats: caveatsOf(model, from, to, { egress, ingress, protocol, port, asked: question.port }),
  };
}

function canBe(side: SideVerdict): boolean {
  return side.allowed || side.undefined;
}

function sideOf(
  model: NetpolModel,
  own: Endpoint,
  other: Endpoint,
  direction: 'ingress' | 'egress',
  view: number,
  protocol: Protocol,
  port: number | null,
): SideVerdict {
  if (!own.entry) return exempt('outside');
  const { pod, group } = own.entry;
  // S24: a pod to itself, and its node to it. A template stands for several pods, so it is no "itself".
  if (own.entry === other.entry && !pod.name.includes('[')) return exempt('S24');
  if (direction === 'ingress' && onNode(own, other)) return exempt('S24');
  if (port === null) return { ...exempt('S13'), allowed: false };
  return traceSide(model, { group, direction, view, protocol, port });
}

function onNode(pod: Endpoint, other: Endpoint): boolean {
  if (other.entry) {
    return other.entry.group.host && !pod.entry?.group.host && sharesNodeOf(other.entry, pod.entry);
  }
  return other.node !== null && pod.entry?.pod.nodeName === other.node;
}

function sharesNodeOf(host: PodEntry, pod: PodEntry | null): boolean {
  return Boolean(host.pod.nodeName) && host.pod.nodeName === pod?.pod.nodeName;
}

/** Each family both have (S18); all when there is none in common. */
function viewPairs(model: NetpolModel, from: Endpoint, to: Endpoint): [number, number][] {
  const pairs = from.views.flatMap((a) => to.views.map((b): [number, number] => [a, b]));
  const alike = pairs.filter(([a, b]) => {
    const [left, right] = [model.views[a]!.family, model.views[b]!.family];
    return left === 0 || right === 0 || left === right;
  });
  return alike.length > 0 ? alike : pairs;
}

/** A name asks for the destination's container ports of that name and protocol; none: null. */
export function portsAsked(
  { entry }: Pick<Endpoint, 'entry'>,
  port: number | string,
  protocol: Protocol,
): (number | null)[] {
  if (typeof port === 'number') return [port];
  const found = (entry?.pod.ports ?? []).filter(
    (one) => one.name === port && (one.protocol ?? 'TCP') === protocol,
  );
  return found.length > 0 ? [...new Set(found.map((one) => one.port))] : [null];
}

/** The pod, node or place outside that has an address; undefined when the text is none. */
export function addressEndpoint(model: NetpolModel, text: string): Endpoint | undefined {
  const ip = parseIp(text);
  if (ip === undefined) return undefined;
  const key = model.podByIp.get(ip);
  const entry = key === undefined ? undefined : model.pods.get(key);
  if (entry) return podEndpoint(entry);
  const node = model.nodeByIp.get(ip) ?? null;
  const views = [model.space.classOf(ip)];
  return { kind: node === null ? 'external' : 'node', name: formatIp(ip), entry: null, views, node };
}

function endpointsOf(model: NetpolModel, text: string): Endpoint[] {
  const address = addressEndpoint(model, text);
  if (address) return [address];
  const pod = model.pods.get(text);
  if (pod) return [podEndpoint(pod)];
  // One pod of each group speaks for all of it.
  const byGroup = new Map<string, PodEntry>();
  for (const entry of model.pods.values()) {
    const id = workloadOf(entry.pod);
    if (id !== text && !(id.startsWith(text) && id[text.length] === '[')) continue;
    if (!byGroup.has(entry.group.key)) byGroup.set(entry.group.key, entry);
  }
  if (byGroup.size === 0) throw new Error(`${text} is no running pod, workload or address known here`);
  return [...byGroup.values()].map(podEndpoint);
}

export function podEndpoint(entry: PodEntry): Endpoint {
  const { pod, group } = entry;
  return { kind: 'pod', name: podKey(pod), entry, views: group.views, node: null };
}
