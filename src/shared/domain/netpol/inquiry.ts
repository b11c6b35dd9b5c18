/**
 * Can A reach B, for anything one may point at: pods, workloads, namespaces, Services, addresses,
 * the internet. Joins the verdicts of all pairs of pods behind both ends and shows one that is
 * allowed and one that is not, each with the traces of both sides. Nothing here contacts anybody.
 */
import { judge, portsAsked, type Endpoint } from './ask';
import { EVERYTHING, NOTHING } from './conn-table';
import { overFamilies, evaluateOne } from './evaluate';
import type { NetpolModel } from './model';
import { placeText, seatsOf, type Place, type Seat } from './places';
import { formatConn, PROTOCOLS, type Protocol } from './ports';
import { resolveService, type NetService, type NetSlice, type Resolved } from './services';
import { sideTrace, type SideTrace } from './side-trace';
import type { Caveat, Verdict } from './verdict';

export interface World {
  readonly model: NetpolModel;
  readonly services: ReadonlyMap<string, NetService>;
  /** Undefined: they may not be read. */
  readonly slices: readonly NetSlice[] | undefined;
}

export interface Inquiry {
  readonly from: Place;
  readonly to: Place;
  /** Null: which ports, if any. */
  readonly port: number | string | null;
  readonly protocol: Protocol;
}

export interface Shown {
  readonly verdict: Verdict;
  readonly egress: SideTrace;
  readonly ingress: SideTrace;
}

export interface InquiryAnswer {
  readonly outcome: 'allowed' | 'denied' | 'partial' | 'undefined';
  readonly sentence: string;
  /** Pairs of pods, by verdict. */
  readonly pairs: { readonly allowed: number; readonly denied: number; readonly undefined: number };
  /** What is open on any port between some pair: `All`, `TCP 80`; '' for nothing. */
  readonly open: string;
  readonly shown: readonly Shown[];
  /** How a Service was resolved, which port stands for all. */
  readonly notes: readonly string[];
  readonly caveats: readonly { readonly rule: string; readonly text: string }[];
}

const MOST_PAIRS = 40_000;

interface Target extends Seat {
  /** After NAT; null: as asked. */
  readonly port: number | null;
}

/** Throws an Error with words for a person. */
export function inquire(world: World, inquiry: Inquiry): InquiryAnswer {
  const { model } = world;
  checkPort(inquiry.port);
  const notes: string[] = [];
  const extra: { rule: string; text: string }[] = [];
  let { protocol } = inquiry;
  if (inquiry.from.type === 'service') throw new Error('A Service opens no connections: choose its workload');
  const sources = seatsOf(model, inquiry.from);
  let targets: readonly Target[];
  if (inquiry.to.type === 'service') {
    const resolved = service(world, inquiry.to, inquiry.port, protocol);
    notes.push(resolved.note);
    if (inquiry.from.type === 'internet' || inquiry.from.type === 'ip') extra.push(...resolved.caveats);
    protocol = resolved.protocol;
    targets = backendSeats(model, resolved);
  } else targets = seatsOf(model, inquiry.to).map((seat) => ({ ...seat, port: null }));
  if (sources.length * targets.length > MOST_PAIRS) {
    throw new Error('Too many different pods on both ends: choose a workload or pod on one of them');
  }
  const open = openBetween(model, sources, targets);
  const asked = inquiry.to.type === 'service' ? null : inquiry.port;
  const stands = asked ?? standsFor(targets, open, protocol);
  if (inquiry.port === null && inquiry.to.type !== 'service') {
    notes.push(`No port was asked for: the traces below are of ${protocol} ${stands}.`);
  }
  const pairs = { allowed: 0, denied: 0, undefined: 0 };
  let yes: Verdict | undefined;
  let no: Verdict | undefined;
  for (const source of sources) {
    for (const target of targets) {
      for (const [from, to, count] of flows(source, target)) {
        for (const port of target.port === null ? portsAsked(to, stands, protocol) : [target.port]) {
          const verdict = judge(model, from, to, protocol, port, { port: target.port ?? stands });
          pairs[verdict.allowed ? 'allowed' : verdict.undefined ? 'undefined' : 'denied'] += count;
          if (verdict.allowed) yes ??= verdict;
          // A pair that policies stop tells more than a port that is not there.
          else if (!no || (no.port === null && verdict.port !== null)) no = verdict;
        }
      }
    }
  }
  const outcome =
    pairs.denied === 0 && pairs.undefined === 0
      ? 'allowed'
      : pairs.allowed > 0
        ? 'partial'
        : pairs.denied === 0
          ? 'undefined'
          : 'denied';
  const shown = [no, yes].flatMap((verdict) => (verdict ? [show(model, verdict)] : []));
  const caveats: { rule: string; text: string }[] = [...extra];
  for (const { verdict } of shown) {
    for (const one of verdict.caveats as readonly Caveat[]) {
      if (
        one.code !== 'notEnforced' &&
        one.code !== 'enforcementUnknown' &&
        !caveats.some((c) => c.text === one.text)
      )
        caveats.push({ rule: one.rule, text: one.text });
    }
  }
  const what = inquiry.to.type === 'service' ? inquiry.port : asked;
  return {
    outcome,
    sentence: sentence(inquiry, outcome, what === null ? null : `${protocol} ${what}`, open, pairs),
    pairs,
    open,
    shown,
    notes,
    caveats,
  };
}

function checkPort(port: number | string | null): void {
  if (typeof port === 'number' && !(Number.isInteger(port) && port >= 1 && port <= 65535))
    throw new Error(`${port} is no port: 1 to 65535`);
}

function sentence(
  { from, to }: Inquiry,
  outcome: InquiryAnswer['outcome'],
  port: string | null,
  open: string,
  pairs: InquiryAnswer['pairs'],
): string {
  const ends = `${capital(placeText(from))} to ${placeText(to)}`;
  const on = port === null ? '' : ` on ${port}`;
  if (port === null && to.type !== 'service') {
    if (open === '') return `${ends}: nothing is allowed.`;
    const what = open === 'All' ? 'every port' : open;
    return `${ends}: ${what} allowed${outcome === 'partial' ? `, but not between all pods` : ''}.`;
  }
  switch (outcome) {
    case 'allowed':
      return `${ends}${on}: allowed.`;
    case 'denied':
      return `${ends}${on}: denied.`;
    case 'undefined':
      return `${ends}${on}: undefined, policies of the same priority disagree.`;
    case 'partial': {
      const all = pairs.allowed + pairs.denied + pairs.undefined;
      return `${ends}${on}: allowed for ${pairs.allowed} of ${all} pairs.`;
    }
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function show(model: NetpolModel, verdict: Verdict): Shown {
  return {
    verdict,
    egress: sideTrace(model, verdict, 'egress'),
    ingress: sideTrace(model, verdict, 'ingress'),
  };
}

/** The flows between two seats; a pod's way to itself is left out where there are others. */
function flows(source: Seat, target: Seat): (readonly [Endpoint, Endpoint, number])[] {
  const { entry } = source.endpoint;
  if (!entry || entry.group !== target.endpoint.entry?.group) {
    return [[source.endpoint, target.endpoint, source.count * target.count]];
  }
  if (source.count > 1 && source.other)
    return [[source.endpoint, source.other, source.count * (source.count - 1)]];
  const to = target.other && entry === target.endpoint.entry ? target.other : target.endpoint;
  return [[source.endpoint, to, Math.max(1, target.count - (to === target.other ? 1 : 0))]];
}

function service(
  { model, services, slices }: World,
  place: { readonly namespace: string; readonly name: string },
  port: number | string | null,
  protocol: Protocol,
): Resolved {
  const found = services.get(`${place.namespace}/${place.name}`);
  if (!found) throw new Error(`Service ${place.namespace}/${place.name} is not known here`);
  return resolveService(
    found,
    slices,
    (function* pods() {
      for (const { pod } of model.pods.values()) yield pod;
    })(),
    port,
    protocol,
  );
}

function backendSeats(model: NetpolModel, { backends }: Resolved): Target[] {
  const seats = new Map<string, { seat: Target; count: number }>();
  for (const backend of backends) {
    const place: Place =
      backend.pod === undefined
        ? { type: 'ip', address: backend.address ?? '' }
        : {
            type: 'pod',
            namespace: backend.pod.slice(0, backend.pod.indexOf('/')),
            name: backend.pod.slice(backend.pod.indexOf('/') + 1),
          };
    if (place.type === 'pod' && !model.pods.has(backend.pod ?? '')) continue;
    const [seat] = seatsOf(model, place);
    if (!seat) continue;
    const key = `${seat.endpoint.entry?.group.key ?? seat.endpoint.name} ${backend.port}`;
    const known = seats.get(key);
    if (known) known.count += 1;
    else seats.set(key, { seat: { ...seat, port: backend.port }, count: 1 });
  }
  return [...seats.values()].map(({ seat, count }) => ({ ...seat, count }));
}

function openBetween(model: NetpolModel, sources: readonly Seat[], targets: readonly Seat[]): string {
  let all = NOTHING;
  for (const source of sources) {
    for (const target of targets)
      all = model.conns.union(all, seatConn(model, source.endpoint, target.endpoint));
    if (all === EVERYTHING) break;
  }
  return formatConn(model.conns.get(all));
}

/** Ports of all protocols that both sides let pass; ends outside of pods let everything pass. */
export function seatConn(model: NetpolModel, from: Endpoint, to: Endpoint): number {
  const out = from.entry?.group ?? null;
  const into = to.entry?.group ?? null;
  const one = (source: number, destination: number): number => {
    const egress = out && !out.host ? evaluateOne(model, out, 'egress', destination) : EVERYTHING;
    const ingress = into && !into.host ? evaluateOne(model, into, 'ingress', source) : EVERYTHING;
    return model.conns.intersect(egress, ingress);
  };
  if (out && into) return overFamilies(model, out, into, one);
  let all = NOTHING;
  for (const source of from.views) for (const to_ of to.views) all = model.conns.union(all, one(source, to_));
  return all;
}

/** A port whose trace stands for the question without one: first an open one, then one the pods have. */
function standsFor(targets: readonly Target[], open: string, protocol: Protocol): number {
  const first = PROTOCOLS.includes(protocol) ? new RegExp(`${protocol} (\\d+)`).exec(open)?.[1] : undefined;
  if (first !== undefined) return Number(first);
  for (const { endpoint } of targets) {
    const port = endpoint.entry?.pod.ports?.find((one) => (one.protocol ?? 'TCP') === protocol && !one.init);
    if (port) return port.port;
  }
  return protocol === 'UDP' ? 53 : 80;
}
