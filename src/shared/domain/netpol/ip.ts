/**
 * Addresses of both families on one line: IPv4 is 0 to 2^32-1, IPv6 follows after it. So one
 * kind of set serves both, and 0.0.0.0/0 holds no IPv6 address (S18). An IpSet is a flat list
 * of inclusive ranges, sorted and apart. IPv4 written as ::ffff:a.b.c.d is IPv4.
 */

export type Family = 4 | 6;
export type IpSet = readonly bigint[];

const V6 = 1n << 32n;
export const V4_FIRST = 0n;
export const V4_LAST = V6 - 1n;
export const V6_FIRST = V6;
export const V6_LAST = V6 + (1n << 128n) - 1n;

/** Place on the line; undefined when the text is no address. */
export function parseIp(text: string): bigint | undefined {
  if (text.length > 64) return undefined;
  if (!text.includes(':')) return parseV4(text);
  const value = parseV6(text);
  if (value === undefined) return undefined;
  return value >> 32n === 0xffffn ? value & 0xffffffffn : V6 + value;
}

export function familyOf(ip: bigint): Family {
  return ip < V6 ? 4 : 6;
}

export interface Cidr {
  readonly first: bigint;
  readonly last: bigint;
}

/** Host bits are ignored (S16); a mask is required, as the API server requires it. */
export function parseCidr(text: string): Cidr | undefined {
  const slash = text.indexOf('/');
  if (slash < 0 || !/^\d{1,3}$/.test(text.slice(slash + 1))) return undefined;
  const address = text.slice(0, slash);
  const v6 = address.includes(':');
  const raw = v6 ? parseV6(address) : parseV4(address);
  const bits = Number(text.slice(slash + 1));
  const width = v6 ? 128 : 32;
  if (raw === undefined || bits > width) return undefined;
  const size = 1n << BigInt(width - bits);
  const first = (raw / size) * size + (v6 ? V6 : 0n);
  return { first, last: first + size - 1n };
}

function parseV4(text: string): bigint | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (!match) return undefined;
  let value = 0;
  for (const part of match.slice(1)) {
    if (Number(part) > 255 || (part.length > 1 && part.startsWith('0'))) return undefined;
    value = value * 256 + Number(part);
  }
  return BigInt(value);
}

function parseV6(text: string): bigint | undefined {
  let rest = text;
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  if (tail) {
    const v4 = parseV4(tail[2]!);
    if (v4 === undefined) return undefined;
    rest = `${tail[1]}${(v4 >> 16n).toString(16)}:${(v4 & 0xffffn).toString(16)}`;
  }
  const halves = rest.split('::');
  if (halves.length > 2) return undefined;
  const words = (half: string): string[] => (half === '' ? [] : half.split(':'));
  const head = words(halves[0]!);
  const end = halves.length === 2 ? words(halves[1]!) : [];
  const missing = 8 - head.length - end.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  let value = 0n;
  for (const word of [...head, ...Array<string>(missing).fill('0'), ...end]) {
    if (!/^[0-9a-fA-F]{1,4}$/.test(word)) return undefined;
    value = (value << 16n) | BigInt(parseInt(word, 16));
  }
  return value;
}

/** `10.0.0.1`, or IPv6 in full lower-case words without leading zeros and with the longest gap as `::`. */
export function formatIp(ip: bigint): string {
  if (ip < V6) {
    const value = Number(ip);
    return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
  }
  const value = ip - V6;
  const words: string[] = [];
  for (let shift = 112n; shift >= 0n; shift -= 16n) words.push(((value >> shift) & 0xffffn).toString(16));
  let [start, length] = [0, 1];
  for (let at = 0; at < 8; at += 1) {
    let end = at;
    while (words[end] === '0') end += 1;
    if (end - at > length) [start, length] = [at, end - at];
  }
  if (length < 2) return words.join(':');
  return `${words.slice(0, start).join(':')}::${words.slice(start + length).join(':')}`;
}

/** `a.b.c.d-e.f.g.h`. */
export function formatRange(first: bigint, last: bigint): string {
  return `${formatIp(first)}-${formatIp(last)}`;
}

/** Union of ranges; touching ranges of one family become one. */
export function ipSet(ranges: readonly Cidr[]): IpSet {
  const sorted = [...ranges].sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  const out: bigint[] = [];
  for (const { first, last } of sorted) {
    const end = out.length - 1;
    if (end > 0 && first <= out[end]! + 1n && first !== V6) {
      if (last > out[end]!) out[end] = last;
    } else out.push(first, last);
  }
  return out;
}

export function subtractIps(set: IpSet, minus: IpSet): IpSet {
  let rest = [...set];
  for (let m = 0; m < minus.length; m += 2) {
    const [lo, hi] = [minus[m]!, minus[m + 1]!];
    const next: bigint[] = [];
    for (let i = 0; i < rest.length; i += 2) {
      const [first, last] = [rest[i]!, rest[i + 1]!];
      if (hi < first || lo > last) next.push(first, last);
      else {
        if (first < lo) next.push(first, lo - 1n);
        if (last > hi) next.push(hi + 1n, last);
      }
    }
    rest = next;
  }
  return rest;
}

export function hasIp(set: IpSet, ip: bigint): boolean {
  let lo = 0;
  let hi = set.length / 2 - 1;
  while (lo <= hi) {
    const middle = (lo + hi) >> 1;
    if (ip < set[middle * 2]!) hi = middle - 1;
    else if (ip > set[middle * 2 + 1]!) lo = middle + 1;
    else return true;
  }
  return false;
}
