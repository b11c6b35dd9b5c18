/** Services: D49-D54. Only what endpoints and fields show. */
import { at, event, finding, list, map, namespace, number, ofEvent, seeEvents, word } from './read';
import type { EndpointBrief, Finding, Subject } from './types';
import { podEvidence, podSteps, worstPod } from './workloads';

export function serviceFindings(subject: Subject): readonly Finding[] {
  const { object, around } = subject;
  const type = word(at(object, 'spec', 'type'));
  if (type === 'ExternalName') return [];
  const selector = map(at(object, 'spec', 'selector'));
  const found: (Finding | undefined)[] = [
    selector.size === 0
      ? noSelector(subject)
      : (noPods(subject, selector) ?? mismatch(subject) ?? noneReady(subject) ?? someReady(subject)),
    type === 'LoadBalancer' ? noAddress(subject) : undefined,
    local(subject, around.endpoints),
  ];
  return found.filter((one): one is Finding => one !== undefined);
}

function words(selector: ReadonlyMap<string, string>): string {
  return [...selector].map(([key, value]) => `${key}=${value}`).join(', ');
}

/** D49 */
function noPods({ object, around }: Subject, selector: ReadonlyMap<string, string>): Finding | undefined {
  if (around.pods === undefined || around.pods.length > 0) return undefined;
  return finding('D49', 'No endpoints: its selector matches no pod', {
    cause: `No pod in ${namespace(object)} has all of ${words(selector)}.`,
    next: 'Compare the selector with the labels of the pods it should reach; or they are scaled to 0.',
    evidence: [
      { path: 'spec.selector', value: words(selector) },
      { path: 'pods that match', value: '0' },
      ...(around.endpoints ? [{ path: 'endpoints', value: String(around.endpoints.length) }] : []),
    ],
  });
}

/** D51: a named or numbered target port that no matching pod has. Numbers need not be declared, so they only hint. */
function mismatch({ object, around }: Subject): Finding | undefined {
  const pods = (around.pods ?? []).filter((pod) => pod.tone !== 'done');
  const ports = list(at(object, 'spec', 'ports'));
  for (const port of ports) {
    const target = at(port, 'targetPort') ?? port['port'];
    const seen = new Set(pods.flatMap((pod) => pod.ports));
    const shown = [...seen].slice(0, 8).join(', ');
    if (
      typeof target === 'string' &&
      pods.length > 0 &&
      ![...seen].some((one) => one.startsWith(`${target}:`))
    )
      return portFinding(port, target, shown, 'bad', `No container of its pods has a port named ${target}.`);
    if (typeof target === 'number' && seen.size > 0 && ![...seen].some((one) => one.endsWith(`:${target}`)))
      return portFinding(
        port,
        String(target),
        shown,
        'warn',
        `Its pods declare ${shown}. A port need not be declared, so something may still listen there.`,
      );
  }
  return undefined;
}

function portFinding(
  port: Readonly<Record<string, unknown>>,
  target: string,
  shown: string,
  tone: 'bad' | 'warn',
  cause: string,
): Finding {
  return finding('D51', `Port ${number(port['port'])} goes to ${target}, which its pods do not name`, {
    tone,
    cause,
    next: 'Make targetPort and the container’s port the same.',
    evidence: [
      { path: `spec.ports[${number(port['port'])}].targetPort`, value: target },
      { path: 'ports of its pods', value: shown === '' ? 'none' : shown },
    ],
  });
}

/** D50 */
function noneReady({ around }: Subject): Finding | undefined {
  const { endpoints, pods } = around;
  if (endpoints === undefined || endpoints.some((one) => one.ready)) return undefined;
  const worst = worstPod(pods);
  const count = pods?.length ?? endpoints.length;
  if (count === 0) return undefined;
  return finding(
    'D50',
    `No endpoints: ${count === 1 ? '1 pod matches, it is not ready' : `${count} pods match, none is ready`}`,
    {
      cause: worst ? `${worst.name}: ${worst.words}.` : '',
      next: 'Open the pod: its details tell why.',
      steps: podSteps(worst),
      evidence: [
        { path: 'endpoints that are ready', value: `0 of ${endpoints.length}` },
        ...podEvidence(worst),
      ],
    },
  );
}

function someReady({ around }: Subject): Finding | undefined {
  const { endpoints, pods } = around;
  const down = (endpoints ?? []).filter((one) => !one.ready && !one.terminating);
  if (!endpoints || down.length === 0) return undefined;
  const names = new Set(down.map((one) => one.pod));
  const worst = worstPod((pods ?? []).filter((pod) => names.has(pod.name)));
  if (!worst || worst.tone === 'progress') return undefined;
  return finding('D50', `${down.length} of ${endpoints.length} endpoints not ready`, {
    tone: 'warn',
    cause: `${worst.name}: ${worst.words}.`,
    next: 'The others serve; open the pod.',
    steps: podSteps(worst),
    evidence: [
      { path: 'endpoints that are ready', value: `${endpoints.length - down.length} of ${endpoints.length}` },
      ...podEvidence(worst),
    ],
  });
}

/** D52 */
function noSelector({ object, around }: Subject): Finding | undefined {
  if (around.endpoints === undefined || around.endpoints.length > 0) return undefined;
  return finding('D52', 'No selector and no endpoints', {
    tone: 'warn',
    cause: 'A service without a selector needs endpoints made by hand or by a controller.',
    next: `Create an EndpointSlice with the label kubernetes.io/service-name=${word(at(object, 'metadata', 'name'))}.`,
    evidence: [
      { path: 'spec.selector', value: 'empty' },
      { path: 'endpoints', value: '0' },
    ],
  });
}

/** D53 */
function noAddress(subject: Subject): Finding | undefined {
  if (list(at(subject.object, 'status', 'loadBalancer', 'ingress')).length > 0) return undefined;
  const failed = event(subject, ['SyncLoadBalancerFailed']);
  return finding('D53', 'The load balancer has no address yet', {
    tone: failed ? 'bad' : 'warn',
    cause: failed?.message ?? 'Nothing has given it one. Without a cloud controller nothing will.',
    next: 'Check the controller that makes load balancers, and its quota.',
    steps: [seeEvents],
    evidence: [{ path: 'status.loadBalancer.ingress', value: 'empty' }, ...(failed ? [ofEvent(failed)] : [])],
  });
}

/** D54, as far as it can be told without the nodes' traffic. */
function local({ object }: Subject, endpoints: readonly EndpointBrief[] | undefined): Finding | undefined {
  const external = word(at(object, 'spec', 'externalTrafficPolicy'));
  const internal = word(at(object, 'spec', 'internalTrafficPolicy'));
  if (external !== 'Local' && internal !== 'Local') return undefined;
  const nodes = new Set((endpoints ?? []).filter((one) => one.ready).map((one) => one.node));
  if (nodes.size === 0) return undefined;
  const field = external === 'Local' ? 'externalTrafficPolicy' : 'internalTrafficPolicy';
  return finding(
    'D54',
    `Only ${[...nodes].slice(0, 4).join(', ')} answer${nodes.size === 1 ? 's' : ''}: its traffic policy is Local`,
    {
      tone: 'info',
      cause: 'Nodes without a ready endpoint drop what comes to them.',
      next: 'Use Cluster, or spread the pods over all nodes that receive traffic.',
      evidence: [{ path: `spec.${field}`, value: 'Local' }],
    },
  );
}
