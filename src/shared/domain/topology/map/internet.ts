/**
 * Where traffic enters: one node for everything outside the cluster, joined to what listens there, and
 * the ports of each hop in words. Declared ways only; who really gets through is for policies to say.
 */
import type { RelationNode } from '../graph';
import { dig, get, list, texts } from '../relations/match';

/** Stands for every address outside; it is no object of the graph. */
export const INTERNET: RelationNode = {
  id: '~/Outside//Internet',
  group: '~',
  kind: 'Outside',
  namespace: '',
  name: 'Internet',
  uid: '',
  labels: {},
  object: undefined,
  state: 'virtual',
  out: [],
  in: [],
};

export const ENTERS = 'enters';

/** The ports an object listens on to the outside: `80, 443 TLS`; undefined where it does not. */
export function entryPorts({ group, kind, object }: RelationNode): string | undefined {
  const spec = get(object, 'spec');
  if (!object) return undefined;
  if (kind === 'Ingress' && group === 'networking.k8s.io')
    return list(get(spec, 'tls')).length > 0 ? '80, 443 TLS' : '80';
  if (kind === 'Gateway' && group === 'gateway.networking.k8s.io') {
    const ports = list(get(spec, 'listeners')).map((one) => {
      const isSafe = ['HTTPS', 'TLS'].includes(String(get(one, 'protocol')));
      return `${number(get(one, 'port'))}${isSafe ? ' TLS' : ''}`;
    });
    return joined(ports);
  }
  if (kind !== 'Service' || group !== '') return undefined;
  const type = get(spec, 'type');
  const ports = list(get(spec, 'ports'));
  if (type === 'LoadBalancer' || texts(get(spec, 'externalIPs')).length > 0)
    return joined(ports.map((one) => number(get(one, 'port'))));
  if (type === 'NodePort') return joined(ports.map((one) => number(get(one, 'nodePort'))));
  return undefined;
}

/** What a Service takes and where it hands it on: `80→8080`. */
export function servicePorts(service: RelationNode): string {
  const ports = list(dig(service.object, 'spec', 'ports')).map((one) => {
    const port = number(get(one, 'port'));
    const target = get(one, 'targetPort');
    const shown = typeof target === 'string' ? target : number(target);
    return shown === '' || shown === port ? port : `${port}→${shown}`;
  });
  return joined(ports) ?? '';
}

function number(value: unknown): string {
  return typeof value === 'number' ? String(value) : '';
}

const MOST = 3;

function joined(ports: readonly string[]): string | undefined {
  const known = [...new Set(ports.filter((port) => port !== ''))];
  if (known.length === 0) return undefined;
  const more = known.length > MOST ? `, ${known.length - MOST} more` : '';
  return `${known.slice(0, MOST).join(', ')}${more}`;
}
