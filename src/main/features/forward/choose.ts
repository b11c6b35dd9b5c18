/**
 * Which pod and port a connection goes to, from the objects as they are now. Pure.
 * Guarantees: a pod that is going away is never chosen; a Service only gets ready pods (unless it
 * publishes those that are not); a pod that served before is kept while it can; the words for
 * "there is none" say what was found.
 */
import type { ForwardPort } from '#shared/contract/forward';
import { items, own, str } from '#shared/k8s/read';
import type { Container, Pod, Service, ServicePort } from '#shared/k8s/types';
import { podStatus } from '#shared/kinds/pod-status';
import type { AppError } from '#shared/util/app-error';

export type ForwardService = Service & {
  readonly spec?: { readonly publishNotReadyAddresses?: boolean };
};

export interface Candidates {
  /** For words: `Service shop/frontend`. */
  readonly words: string;
  readonly pods: readonly Pod[];
  readonly service?: ForwardService;
  /** The pod the person pointed at; others only stand in for it. */
  readonly wanted?: string;
}

export type Chosen = { readonly pod: string; readonly port: number } | { readonly why: AppError };

export function isReady(pod: Pod): boolean {
  return items(pod.status?.conditions).some(({ type, status }) => type === 'Ready' && status === 'True');
}

/** `remote` is a number or the name of a port. `before` is the pod that served last. */
export function choose(from: Candidates, remote: string, before: string | undefined): Chosen {
  const { words, service } = from;
  const servicePort = service && findServicePort(service, remote);
  if (service && !servicePort) {
    const known = items(service.spec?.ports).map(portWords).join(', ');
    return unable('not-found', `${words} has no port ${remote}${known === '' ? '' : `; it has ${known}`}.`);
  }
  if (servicePort && isNotTcp(servicePort.protocol))
    return unable(
      'unsupported',
      `Port ${remote} is ${servicePort.protocol}; a port-forward carries TCP only.`,
    );
  const usable = order(from, before);
  const [first] = usable;
  if (!first) return { why: nonePresent(from) };
  const wanted = servicePort ? (servicePort.targetPort ?? servicePort.port ?? 0) : remote;
  for (const pod of usable) {
    const port = podPort(pod, wanted);
    if (port !== undefined) return { pod: str(pod.metadata.name), port };
  }
  const named = containerPorts(first)
    .map(({ port }) => portWords(port))
    .join(', ');
  return unable(
    'not-found',
    `No container of ${str(first.metadata.name)} names a port ${String(wanted)}${named === '' ? '' : `; it names ${named}`}.`,
  );
}

/** Best first: the wanted one, the one that served before, ready ones, and for non-Services those that run. */
function order({ pods, service, wanted }: Candidates, before: string | undefined): Pod[] {
  const unready = service ? service.spec?.publishNotReadyAddresses === true : true;
  const rank = (pod: Pod): number => {
    const name = str(pod.metadata.name);
    const base = isReady(pod) ? 0 : 10;
    return base + (name === wanted ? 0 : name === before ? 1 : 2);
  };
  return pods
    .filter((pod) => isRunning(pod) && (unready || isReady(pod)))
    .sort((a, b) => rank(a) - rank(b) || compare(str(a.metadata.name), str(b.metadata.name)));
}

function isRunning(pod: Pod): boolean {
  return pod.status?.phase === 'Running' && pod.metadata.deletionTimestamp === undefined;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** `No endpoints: 2 pods match Service shop/frontend, none is ready (1 Pending, 1 not ready).` */
function nonePresent({ words, pods, service, wanted }: Candidates): AppError {
  if (pods.length === 0) {
    return {
      code: 'not-found',
      message:
        wanted === undefined ? `No pod belongs to ${words}.` : `${words} is gone and nothing replaced it.`,
      ...(service ? { hint: 'No pod carries the labels of its selector; it may be scaled to 0.' } : {}),
    };
  }
  const counts = new Map<string, number>();
  for (const pod of pods) {
    const { text } = podStatus(pod);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const states = [...counts]
    .map(([state, count]) => (pods.length === 1 ? state : `${count} ${state}`))
    .join(', ');
  const many = pods.length === 1 ? '1 pod' : `${pods.length} pods`;
  const head = service ? 'No endpoints: ' : '';
  const state = service ? 'none is ready' : 'none is running';
  return {
    code: 'not-found',
    message: `${head}${many} ${pods.length === 1 ? 'belongs' : 'belong'} to ${words}, ${state} (${states}).`,
    hint: 'The forward goes on by itself as soon as a pod is ready.',
  };
}

export function findServicePort(service: Service, remote: string): ServicePort | undefined {
  const ports = items(service.spec?.ports);
  return ports.find(({ name }) => name === remote) ?? ports.find(({ port }) => String(port) === remote);
}

interface NamedPort {
  readonly container: string;
  readonly port: { readonly name?: string; readonly port?: number; readonly protocol?: string };
}

function portsOfPod(pod: Pod | undefined): NamedPort[] {
  return pod ? containerPorts(pod) : [];
}

function containerPorts(pod: Pod): NamedPort[] {
  // Sidecars among the init containers listen too.
  const all = [...items<Container>(pod.spec?.containers), ...items<Container>(pod.spec?.initContainers)];
  return all.flatMap((container) =>
    items(container.ports).map(({ name, containerPort, protocol }) => ({
      container: str(container.name),
      port: { name, port: containerPort, protocol },
    })),
  );
}

/** A number stands for itself; a name for the first container port with that name. */
function podPort(pod: Pod, wanted: string | number): number | undefined {
  if (/^\d+$/.test(String(wanted))) return inRange(Number(wanted));
  const found = containerPorts(pod).find(({ port }) => port.name === wanted && !isNotTcp(port.protocol));
  return found?.port.port === undefined ? undefined : inRange(found.port.port);
}

function inRange(port: number): number | undefined {
  return Number.isInteger(port) && port >= 1 && port <= 65_535 ? port : undefined;
}

function isNotTcp(protocol: string | undefined): boolean {
  return protocol !== undefined && protocol !== '' && protocol !== 'TCP';
}

function portWords({ name, port }: { readonly name?: string; readonly port?: number }): string {
  return name === undefined || name === '' ? String(port) : `${port} (${name})`;
}

/** What can be forwarded to: TCP ports of the Service, or of the best pod's containers. */
export function portsOf(from: Candidates): ForwardPort[] {
  const ports = from.service
    ? items(from.service.spec?.ports)
        .filter(({ protocol }) => !isNotTcp(protocol))
        .map(({ name, port, targetPort }) => ({
          name,
          number: Number(port),
          detail: `to ${String(targetPort ?? port)} of the pod`,
        }))
    : portsOfPod(order(from, undefined)[0] ?? from.pods[0])
        .filter(({ port }) => !isNotTcp(port.protocol))
        .map(({ container, port }) => ({ name: port.name, number: Number(port.port), detail: container }));
  return ports
    .filter(({ number }) => inRange(number) !== undefined)
    .slice(0, 50)
    .map(({ name, number, detail }) => {
      const scheme = schemeOf(str(name), number);
      return {
        // The number would do for a pod, but a name follows the pods when they change it.
        remote: from.service || name === undefined || name === '' ? String(number) : str(name),
        number,
        detail,
        ...(name === undefined || name === '' ? {} : { name: str(name) }),
        ...(scheme === undefined ? {} : { scheme }),
      };
    });
}

const httpPorts = new Set([80, 3000, 5000, 5601, 8000, 8080, 8081, 8888, 9090, 9093, 15672]);
const httpsPorts = new Set([443, 6443, 8443, 9443]);

export function schemeOf(name: string, port: number): 'http' | 'https' | undefined {
  if (/https|tls/.test(name) || httpsPorts.has(port)) return 'https';
  if (/http|web|ui|metrics/.test(name) || httpPorts.has(port)) return 'http';
  return undefined;
}

/** `app=web,tier in (a,b)` for a request; undefined: it selects nothing. */
export function labelQuery(labels: Readonly<Record<string, string>> | null | undefined): string | undefined {
  const pairs = Object.keys(labels ?? {}).map((key) => `${key}=${own(labels, key)}`);
  return pairs.length === 0 ? undefined : pairs.join(',');
}

function unable(code: AppError['code'], message: string): Chosen {
  return { why: { code, message } };
}
