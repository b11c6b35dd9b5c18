/** Questions about literal IP addresses; names are never resolved here. */
import { BlockList, isIP } from 'node:net';

function family(address: string): 'ipv4' | 'ipv6' | undefined {
  const kind = isIP(address);
  return kind === 4 ? 'ipv4' : kind === 6 ? 'ipv6' : undefined;
}

/** False for anything that is no address or no range. */
export function inCidr(address: string, cidr: string): boolean {
  const kind = family(address);
  const [base = '', bits = ''] = cidr.split('/');
  if (kind === undefined || family(base) !== kind || !/^\d{1,3}$/.test(bits)) return false;
  if (Number(bits) > (kind === 'ipv4' ? 32 : 128)) return false;
  const list = new BlockList();
  list.addSubnet(base, Number(bits), kind);
  return list.check(address, kind);
}

export function isLoopback(host: string): boolean {
  return inCidr(host, '127.0.0.0/8') || host === '::1';
}

/** This machine or a private network: bytes are cheaper there than compressing them. */
export function isNear(host: string): boolean {
  if (host === 'localhost' || isLoopback(host)) return true;
  return ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '198.18.0.0/15'].some((range) =>
    inCidr(host, range),
  );
}
