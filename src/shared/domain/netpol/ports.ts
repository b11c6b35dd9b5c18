/**
 * Exact sets of ports: a PortSet is a flat list of inclusive ranges (lo, hi, lo, hi, ...), sorted,
 * apart and never touching, over 1-65535; a ConnSet has one for each protocol policies know.
 * ICMP and other protocols are outside of it: nobody specifies them (S29).
 */

export const PROTOCOLS = ['TCP', 'UDP', 'SCTP'] as const;
export type Protocol = (typeof PROTOCOLS)[number];
export type PortSet = readonly number[];
export type ConnSet = Readonly<Record<Protocol, PortSet>>;

export const MAX_PORT = 65535;
export const NO_PORTS: PortSet = [];
export const ALL_PORTS: PortSet = [1, MAX_PORT];
export const NONE: ConnSet = { TCP: NO_PORTS, UDP: NO_PORTS, SCTP: NO_PORTS };
export const ALL: ConnSet = { TCP: ALL_PORTS, UDP: ALL_PORTS, SCTP: ALL_PORTS };

/** The ports lo to hi of 1-65535; nothing when hi < lo. */
export function portRange(lo: number, hi: number): PortSet {
  const from = Math.max(1, lo);
  const to = Math.min(MAX_PORT, hi);
  return from > to ? NO_PORTS : [from, to];
}

export function unionPorts(a: PortSet, b: PortSet): PortSet {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const out: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const left = j >= b.length || (i < a.length && a[i]! <= b[j]!);
    const lo = left ? a[i]! : b[j]!;
    const hi = left ? a[i + 1]! : b[j + 1]!;
    if (left) i += 2;
    else j += 2;
    const end = out.length - 1;
    if (end > 0 && lo <= out[end]! + 1) out[end] = Math.max(out[end]!, hi);
    else out.push(lo, hi);
  }
  return out;
}

export function intersectPorts(a: PortSet, b: PortSet): PortSet {
  const out: number[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const lo = Math.max(a[i]!, b[j]!);
    const hi = Math.min(a[i + 1]!, b[j + 1]!);
    if (lo <= hi) out.push(lo, hi);
    if (a[i + 1]! < b[j + 1]!) i += 2;
    else j += 2;
  }
  return out;
}

export function subtractPorts(a: PortSet, b: PortSet): PortSet {
  return intersectPorts(a, complementPorts(b));
}

export function complementPorts(a: PortSet): PortSet {
  const out: number[] = [];
  let next = 1;
  for (let i = 0; i < a.length; i += 2) {
    if (a[i]! > next) out.push(next, a[i]! - 1);
    next = a[i + 1]! + 1;
  }
  if (next <= MAX_PORT) out.push(next, MAX_PORT);
  return out;
}

export function hasPort(set: PortSet, port: number): boolean {
  for (let i = 0; i < set.length; i += 2) if (port >= set[i]! && port <= set[i + 1]!) return true;
  return false;
}

export function connOf(protocol: Protocol, ports: PortSet): ConnSet {
  return { ...NONE, [protocol]: ports };
}

function each(a: ConnSet, b: ConnSet, combine: (a: PortSet, b: PortSet) => PortSet): ConnSet {
  return { TCP: combine(a.TCP, b.TCP), UDP: combine(a.UDP, b.UDP), SCTP: combine(a.SCTP, b.SCTP) };
}

export function unionConn(a: ConnSet, b: ConnSet): ConnSet {
  return each(a, b, unionPorts);
}

export function intersectConn(a: ConnSet, b: ConnSet): ConnSet {
  return each(a, b, intersectPorts);
}

export function subtractConn(a: ConnSet, b: ConnSet): ConnSet {
  return each(a, b, subtractPorts);
}

export function hasConn(set: ConnSet, protocol: Protocol, port: number): boolean {
  return hasPort(set[protocol], port);
}

/** The same text for the same set, and only for it. */
export function connKey(set: ConnSet): string {
  return `${set.TCP.join(',')}|${set.UDP.join(',')}|${set.SCTP.join(',')}`;
}

/** `All`, '' for nothing, else `TCP 80,8080-8090;UDP 53;SCTP 1-65535`. */
export function formatConn(set: ConnSet): string {
  if (connKey(set) === connKey(ALL)) return 'All';
  return PROTOCOLS.filter((protocol) => set[protocol].length > 0)
    .map((protocol) => `${protocol} ${formatPorts(set[protocol])}`)
    .join(';');
}

export function formatPorts(set: PortSet): string {
  const parts: string[] = [];
  for (let i = 0; i < set.length; i += 2) {
    parts.push(set[i] === set[i + 1] ? `${set[i]}` : `${set[i]}-${set[i + 1]}`);
  }
  return parts.join(',');
}
