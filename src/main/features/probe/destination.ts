/** What a Service or pod is called from inside the cluster, the TCP ports it names; whose an address is. */
import type { ProbeDestination, ProbeResolver } from '#shared/contract/probe';
import { items, num, str } from '#shared/k8s/read';
import type { Container, ContainerPort, Pod, Service, ServicePort } from '#shared/k8s/types';
import { fail } from '#shared/util/app-error';
import type { Api } from '../../k8s/api';
import { resourcePath } from '../../k8s/path';

interface Named {
  readonly kind: 'pods' | 'services';
  readonly namespace: string;
  readonly name: string;
}

const MOST_PORTS = 50;

/** AppFailure `not-found` for a pod that has no address (yet). */
export async function destinationOf(
  api: Api,
  { kind, namespace, name }: Named,
  signal: AbortSignal,
): Promise<ProbeDestination> {
  const path = resourcePath({ group: '', version: 'v1', resource: kind, namespace, name });
  if (kind === 'services') {
    const { spec } = await api.json<Service>({ path }, signal);
    const ports = items<ServicePort>(spec?.ports)
      .filter(isTcp)
      .map(({ port, name: called }) => named(port, called));
    return { host: `${name}.${namespace}`, ports: ports.slice(0, MOST_PORTS) };
  }
  const { spec, status } = await api.json<Pod>({ path }, signal);
  const host = str(status?.podIP);
  if (host === '') throw fail('not-found', `Pod ${name} has no address yet.`);
  const ports = items<Container>(spec?.containers).flatMap((one) =>
    items<ContainerPort>(one.ports)
      .filter(isTcp)
      .map(({ containerPort, name: called }) => named(containerPort, called)),
  );
  return { host, ports: ports.slice(0, MOST_PORTS) };
}

/** The Service of a cluster address, null where none has it; undefined where Services may not be listed. */
export async function serviceAt(
  api: Api,
  address: string,
  signal: AbortSignal,
): Promise<ProbeResolver['service']> {
  const path = resourcePath({ group: '', version: 'v1', resource: 'services' });
  const query = { fieldSelector: `spec.clusterIP=${address}`, limit: 1 };
  try {
    const [found] = items<Service>(
      (await api.json<{ items?: readonly Service[] }>({ path, query }, signal)).items,
    );
    return found ? { namespace: str(found.metadata?.namespace), name: str(found.metadata?.name) } : null;
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    return undefined;
  }
}

function isTcp({ protocol }: { readonly protocol?: unknown }): boolean {
  return str(protocol) === '' || protocol === 'TCP';
}

function named(port: unknown, name: unknown): ProbeDestination['ports'][number] {
  return { port: num(port) ?? 0, ...(str(name) === '' ? {} : { name: str(name) }) };
}
