/** Probes, ports, mounts and volumes of a container in words. Pure; anything may be missing. */
import { items, num, str } from '#shared/k8s/read';
import type { FactLink, PlainObject } from './facts';
import { field } from './facts';

function list(value: unknown): readonly PlainObject[] {
  return items(Array.isArray(value) ? (value as readonly PlainObject[]) : undefined);
}

/** `GET :8080/ready every 10 s, 1 s timeout, fails after 3`. */
export function probeWords(probe: unknown): string {
  const http = field(probe, 'httpGet');
  const tcp = field(probe, 'tcpSocket');
  const grpc = field(probe, 'grpc');
  const exec = field(probe, 'exec', 'command');
  const what = http
    ? `GET ${str(field(http, 'scheme')) === 'HTTPS' ? 'https ' : ''}:${String(field(http, 'port') ?? '')}${str(field(http, 'path')) || '/'}`
    : tcp
      ? `connect to :${String(field(tcp, 'port') ?? '')}`
      : grpc
        ? `gRPC health of :${String(field(grpc, 'port') ?? '')}`
        : Array.isArray(exec)
          ? `run ${exec.map(String).join(' ')}`
          : 'unknown';
  const every = num(field(probe, 'periodSeconds')) ?? 10;
  const timeout = num(field(probe, 'timeoutSeconds')) ?? 1;
  const fails = num(field(probe, 'failureThreshold')) ?? 3;
  const delay = num(field(probe, 'initialDelaySeconds')) ?? 0;
  return `${what}, every ${every} s${delay > 0 ? ` after ${delay} s` : ''}, ${timeout} s timeout, fails after ${fails}`;
}

export function probesOf(container: unknown): readonly (readonly [string, string])[] {
  return (['startup', 'readiness', 'liveness'] as const).flatMap((type) => {
    const probe = field(container, `${type}Probe`);
    return probe === undefined ? [] : [[type, probeWords(probe)] as const];
  });
}

/** `http 8080/TCP`. */
export function portsOf(container: unknown): string {
  return list(field(container, 'ports'))
    .map((port) =>
      `${str(port['name'])} ${num(port['containerPort']) ?? ''}/${str(port['protocol']) || 'TCP'}`.trim(),
    )
    .join(', ');
}

export interface Mount {
  readonly path: string;
  readonly from: string;
  readonly link?: FactLink;
  readonly readOnly: boolean;
}

/** Mounts with what is behind each, linked where it is an object. */
export function mountsOf(container: unknown, podSpec: unknown, namespace: string): readonly Mount[] {
  const volumes = new Map(list(field(podSpec, 'volumes')).map((one) => [str(one['name']), one]));
  return list(field(container, 'volumeMounts')).map((mount) => {
    const volume = volumes.get(str(mount['name']));
    return {
      path: `${str(mount['mountPath'])}${str(mount['subPath']) === '' ? '' : ` (${str(mount['subPath'])})`}`,
      readOnly: mount['readOnly'] === true,
      ...sourceOf(volume, str(mount['name']), namespace),
    };
  });
}

const named: readonly (readonly [field: string, key: string, kind: string, words: string])[] = [
  ['configMap', 'name', 'configmaps', 'config map'],
  ['secret', 'secretName', 'secrets', 'secret'],
  ['persistentVolumeClaim', 'claimName', 'persistentvolumeclaims', 'claim'],
];

function sourceOf(
  volume: PlainObject | undefined,
  name: string,
  namespace: string,
): Pick<Mount, 'from' | 'link'> {
  for (const [type, key, kind, words] of named) {
    const target = str(field(volume, type, key));
    if (target !== '') return { from: `${words} ${target}`, link: { kind, namespace, name: target } };
  }
  const host = str(field(volume, 'hostPath', 'path'));
  if (host !== '') return { from: `path ${host} of the node` };
  const type = Object.keys(volume ?? {}).find((key) => key !== 'name') ?? 'unknown volume';
  return { from: type === 'projected' ? `projected ${name}` : `${type} ${name}` };
}
