/** What a host that somebody typed stands for, as far as its spelling tells. Pure. */
import type { Place } from '#shared/domain/netpol/places';

/**
 * An address, or the Service that the resolver of a pod in `namespace` would try first; undefined for
 * names of other places.
 */
export function placeOf(host: string, namespace: string): Place | undefined {
  const text = host.trim().toLowerCase().replace(/\.$/, '');
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(text) || text.includes(':')) return { type: 'ip', address: text };
  const [name, second, third, ...rest] = text.split('.');
  if (name === undefined || !/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name)) return undefined;
  if (second === undefined) return { type: 'service', namespace, name };
  if (third === undefined) return { type: 'service', namespace: second, name };
  // A domain of the cluster is not always called cluster.local.
  return third === 'svc' && (rest.length === 0 || rest.length >= 2)
    ? { type: 'service', namespace: second, name }
    : undefined;
}

/** 1 to 65535, else undefined. */
export function portOf(text: string): number | undefined {
  const trimmed = text.trim();
  if (!/^\d{1,5}$/.test(trimmed)) return undefined;
  const port = Number(trimmed);
  return port >= 1 && port <= 65_535 ? port : undefined;
}
