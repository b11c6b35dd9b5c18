/** Pods as wholes: scheduling, ends, deletion, mounts, gates: D1-D17, D33, D38-D40. */
import { formatShort } from '../../util/age';
import { containerFindings, nodeStep } from './pod-containers';
import {
  at,
  cond,
  event,
  finding,
  isCond,
  link,
  list,
  namespace,
  number,
  ofCondition,
  ofEvent,
  open,
  seeEvents,
  time,
  word,
} from './read';
import type { Evidence, Finding, Step, Subject } from './types';

export function podFindings(subject: Subject): readonly Finding[] {
  const { object } = subject;
  const stuck = terminating(subject);
  if (at(object, 'metadata', 'deletionTimestamp') !== undefined) return stuck ? [stuck] : [];
  const phase = word(at(object, 'status', 'phase'));
  if (phase === 'Succeeded') return [];
  if (phase === 'Failed') return [...failed(subject), ...containerFindings(subject)];
  if (word(at(object, 'spec', 'nodeName')) === '') return unscheduled(subject);
  const first = [...blocked(subject), ...containerFindings(subject)];
  const more = [gate(subject), resize(subject), silent(subject)];
  return [...first, ...more.filter((one): one is Finding => one !== undefined)];
}

const unfit: readonly (readonly [string, RegExp, string, string])[] = [
  [
    'D5',
    /unbound (?:immediate )?PersistentVolumeClaim|persistentvolumeclaim "|volume node affinity conflict|max volume count/i,
    'its volume',
    'Open its claims: the pod is scheduled when they can be bound.',
  ],
  [
    'D1',
    /Insufficient /,
    'resources',
    'Compare its requests with what nodes have left; lower them or add nodes.',
  ],
  [
    'D3',
    /didn't match Pod's node affinity|node selector|node affinity/,
    'no node matches its selector',
    'Compare nodeSelector and affinity with the labels of nodes.',
  ],
  [
    'D4',
    /topology spread|anti-affinity|pod affinity/,
    'spread or affinity rules',
    'Relax the rule (whenUnsatisfiable) or add nodes.',
  ],
  ['D6', /free ports/, 'its host port is taken', 'Remove hostPort, or spread the pods.'],
  ['D2', /untolerated taint/, 'a taint', 'Add a toleration, or mend the node that is tainted as unhealthy.'],
];

function unscheduled(subject: Subject): readonly Finding[] {
  const { object, now } = subject;
  const scheduled = cond(object, 'PodScheduled');
  if (!scheduled) return nobody(subject);
  const evidence = [ofCondition(object, 'PodScheduled')];
  const gates = list(at(object, 'spec', 'schedulingGates')).map((one) => word(one['name']));
  if (scheduled['reason'] === 'SchedulingGated')
    return [
      finding('D8', `Held back by scheduling gate ${gates.join(', ')}`, {
        tone: 'info',
        cause: 'Whoever set the gate removes it when the pod may start.',
        next: 'Find the controller that owns the gate.',
        evidence: [...evidence, { path: 'spec.schedulingGates', value: gates.join(', ') }],
      }),
    ];
  if (scheduled['status'] !== 'False' || scheduled['reason'] !== 'Unschedulable') return [];
  const message = word(scheduled['message']);
  const found = unfit.filter(([, pattern]) => pattern.test(message));
  const [rule, , words, next] = heaviest(message, found) ?? ['D1', /./, '', 'Read the scheduler’s message.'];
  const none = /no nodes available/.test(message);
  const autoscaler = event(subject, ['NotTriggerScaleUp']);
  const since = time(scheduled['lastTransitionTime']);
  const steps: Step[] =
    rule === 'D5' ? claimSteps(subject) : [open('Nodes', link('nodes', '', ''))].slice(0, 0);
  const extra: Evidence[] =
    rule === 'D3'
      ? [{ path: 'spec.nodeSelector', value: JSON.stringify(at(object, 'spec', 'nodeSelector') ?? {}) }]
      : [];
  return [
    finding(
      rule,
      none ? 'Pending: the cluster has no nodes' : `Pending: no node fits${words === '' ? '' : `, ${words}`}`,
      {
        tone: 'warn',
        cause: `${message}${since === null ? '' : ` Since ${formatShort(now - since)}.`}`,
        next: none ? 'Add a node.' : next,
        steps: [...steps, seeEvents],
        evidence: [...evidence, ...extra, ...(autoscaler ? [ofEvent(autoscaler)] : [])],
      },
    ),
    ...(autoscaler
      ? [
          finding('D7', 'The cluster autoscaler adds no node for it', {
            tone: 'warn',
            cause: autoscaler.message,
            next: 'The message names the reason for each node group.',
            evidence: [ofEvent(autoscaler)],
          }),
        ]
      : []),
  ];
}

/** Each part of the scheduler's message counts nodes: the cause of most nodes is the one to tell. */
function heaviest<T extends readonly [string, RegExp, ...unknown[]]>(
  message: string,
  found: readonly T[],
): T | undefined {
  const parts = message.split(/,\s+(?=\d)|:\s+(?=\d)/);
  let best: T | undefined;
  let most = -1;
  for (const one of found) {
    const nodes = parts.reduce(
      (sum, text) => (one[1].test(text) ? sum + Number(/^\d+/.exec(text)?.[0] ?? 1) : sum),
      0,
    );
    if (nodes > most) [best, most] = [one, nodes];
  }
  return best;
}

function claimSteps({ object }: Subject): Step[] {
  const space = namespace(object);
  return list(at(object, 'spec', 'volumes')).flatMap((volume): Step[] => {
    const name = word(at(volume, 'persistentVolumeClaim', 'claimName'));
    return name === '' ? [] : [open(`Open claim ${name}`, link('persistentvolumeclaims', space, name))];
  });
}

/** D9: a minute without a word from any scheduler. */
function nobody({ object, now }: Subject): readonly Finding[] {
  const created = time(at(object, 'metadata', 'creationTimestamp'));
  if (created === null || now - created < 60_000) return [];
  const scheduler = word(at(object, 'spec', 'schedulerName')) || 'default-scheduler';
  return [
    finding('D9', 'No scheduler has looked at it', {
      tone: 'warn',
      cause: `It asks for ${scheduler}: that one is unknown here, or not running.`,
      next: 'Check spec.schedulerName and the scheduler’s pods and lease.',
      evidence: [{ path: 'spec.schedulerName', value: scheduler }],
    }),
  ];
}

const disruptions: Readonly<Record<string, readonly [string, string, string]>> = {
  PreemptionByScheduler: ['D10', 'Preempted by a pod of higher priority', 'Review its PriorityClass.'],
  DeletionByTaintManager: ['D12', 'Removed because its node was tainted', 'See the events of the node.'],
  EvictionByEvictionAPI: ['D12', 'Evicted on request, as by a drain', 'See who drained the node.'],
  DeletionByPodGC: ['D12', 'Removed because its node is gone', 'See the nodes.'],
  TerminationByKubelet: ['D12', 'Ended by the node', 'See the events of the node.'],
};

function failed(subject: Subject): readonly Finding[] {
  const { object } = subject;
  const reason = word(at(object, 'status', 'reason'));
  const message = word(at(object, 'status', 'message'));
  const evidence = [{ path: 'status.reason', value: [reason, message].filter(Boolean).join(': ') }];
  const target = cond(object, 'DisruptionTarget');
  if (reason === 'Evicted')
    return [
      finding('D11', 'Evicted by its node', {
        cause: message,
        next: 'Check the node’s pressure and the pod’s requests and limits.',
        steps: nodeStep(subject),
        evidence,
      }),
    ];
  if (reason === 'DeadlineExceeded')
    return [
      finding('D14', 'It ran longer than activeDeadlineSeconds', {
        cause: message,
        next: 'Raise the deadline or make it faster.',
        evidence: [
          ...evidence,
          {
            path: 'spec.activeDeadlineSeconds',
            value: String(number(at(object, 'spec', 'activeDeadlineSeconds'))),
          },
        ],
      }),
    ];
  const known = disruptions[word(target?.['reason'])];
  if (known && target?.['status'] === 'True')
    return [
      finding(known[0], known[1], {
        tone: 'warn',
        cause: word(target['message']),
        next: known[2],
        steps: nodeStep(subject),
        evidence: [ofCondition(object, 'DisruptionTarget')],
      }),
    ];
  if (/^OutOf|^Node(Affinity|Ports)$|AdmissionError$|AffinityError$/.test(reason))
    return [
      finding('D13', `Its node refused it: ${reason}`, {
        cause: message,
        next: 'Delete it, so that its controller makes a new one; check the node.',
        steps: nodeStep(subject),
        evidence,
      }),
    ];
  return [];
}

/** D15: past its grace period, by more than the time controllers need. */
function terminating(subject: Subject): Finding | undefined {
  const { object, now } = subject;
  // The server sets deletionTimestamp to the end of the grace period.
  const due = time(at(object, 'metadata', 'deletionTimestamp'));
  if (due === null || now - due < 15_000) return undefined;
  const finalizers = (at(object, 'metadata', 'finalizers') ?? []) as unknown;
  const names = Array.isArray(finalizers) ? finalizers.map(word).filter(Boolean) : [];
  const hook = event(subject, ['FailedKillPod', 'FailedPreStopHook', 'ExceededGracePeriod']);
  const cause =
    names.length > 0
      ? `Finalizer ${names.join(', ')} has not been removed by its owner.`
      : (hook?.message ?? 'The node has not confirmed the end: it may be silent, or a volume busy.');
  return finding('D15', `Stuck terminating, ${formatShort(now - due)} past its grace period`, {
    cause,
    next:
      names.length > 0
        ? 'Find the controller that owns the finalizer.'
        : 'Check its node. Deleting by force leaves the containers running if the node is only silent.',
    steps: nodeStep(subject),
    evidence: [
      { path: 'metadata.deletionTimestamp', value: word(at(object, 'metadata', 'deletionTimestamp')) },
      ...(names.length > 0 ? [{ path: 'metadata.finalizers', value: names.join(', ') }] : []),
      ...(hook ? [ofEvent(hook)] : []),
    ],
  });
}

/** Before containers exist: sandbox, mounts, attachments. They go by events alone. */
function blocked(subject: Subject): readonly Finding[] {
  const { object } = subject;
  const created = list(at(object, 'status', 'containerStatuses')).every((cs) =>
    ['ContainerCreating', 'PodInitializing'].includes(word(at(cs, 'state', 'waiting', 'reason'))),
  );
  if (!created || isCond(object, 'Ready')) return [];
  const attach = event(subject, ['FailedAttachVolume']);
  if (attach)
    return [
      finding('D39', 'A volume cannot be attached to its node', {
        cause: attach.message,
        next: /Multi-Attach/.test(attach.message)
          ? 'Another node still holds it: find the old pod.'
          : 'Check the volume and its driver.',
        steps: [...claimSteps(subject), seeEvents],
        evidence: [ofEvent(attach)],
      }),
    ];
  const mount = event(subject, ['FailedMount', 'FailedMapVolume']);
  if (mount) return [mountFinding(subject, mount.message, ofEvent(mount))];
  const sandbox = event(subject, ['FailedCreatePodSandBox', 'NetworkNotReady']);
  if (sandbox && !isCond(object, 'PodReadyToStartContainers'))
    return [
      finding('D16', 'Its network or sandbox cannot be set up', {
        cause: sandbox.message,
        next: 'Check the pods of the network plugin on this node.',
        steps: nodeStep(subject),
        evidence: [ofEvent(sandbox)],
      }),
    ];
  return [];
}

function mountFinding(subject: Subject, message: string, evidence: Evidence): Finding {
  const missing = /(configmap|secret) "([^"]+)" not found/i.exec(message);
  const csi = /driver name (\S+) not found/.exec(message);
  const volume = /volume "([^"]+)"/.exec(message)?.[1];
  const kind = missing?.[1]?.toLowerCase() === 'secret' ? 'secret' : 'config map';
  if (csi)
    return finding('D40', `The node has no CSI driver ${csi[1]}`, {
      cause: message,
      next: 'Check the driver’s DaemonSet on this node.',
      steps: nodeStep(subject),
      evidence: [evidence],
    });
  return finding(
    'D38',
    missing
      ? `Cannot mount ${volume ?? 'a volume'}: there is no ${kind} ${missing[2]}`
      : `Volume ${volume ?? ''} cannot be mounted`,
    {
      cause: message,
      next: missing
        ? `Create it in ${namespace(subject.object)}, or correct the volume; the pod then starts by itself.`
        : 'Check the volume’s source.',
      steps: [...claimSteps(subject), seeEvents],
      evidence: [evidence],
    },
  );
}

/** D33 */
function gate({ object }: Subject): Finding | undefined {
  if (!isCond(object, 'ContainersReady')) return undefined;
  const missing = list(at(object, 'spec', 'readinessGates'))
    .map((one) => word(one['conditionType']))
    .find((type) => type !== '' && !isCond(object, type));
  if (missing === undefined) return undefined;
  return finding('D33', `Not ready: readiness gate ${missing} is not met`, {
    tone: 'warn',
    cause: word(cond(object, missing)?.['message']) || 'Its controller has not set the condition.',
    next: 'Find the controller of the gate (load balancer, mesh).',
    evidence: [ofCondition(object, missing)],
  });
}

/** D17 */
function resize({ object }: Subject): Finding | undefined {
  const pending = cond(object, 'PodResizePending');
  if (pending?.['status'] !== 'True') return undefined;
  const never = pending['reason'] === 'Infeasible';
  return finding(
    'D17',
    never ? 'The new size does not fit its node' : 'The new size waits for room on its node',
    {
      tone: never ? 'warn' : 'info',
      cause: word(pending['message']),
      next: never
        ? 'Choose a smaller size, or let the pod start on another node.'
        : 'It is applied when the node has room.',
      evidence: [ofCondition(object, 'PodResizePending')],
    },
  );
}

/** D92 seen from the pod: the node controller set Ready apart from what the kubelet says. */
function silent(subject: Subject): Finding | undefined {
  const { object } = subject;
  if (isCond(object, 'Ready') || !cond(object, 'Ready') || !isCond(object, 'ContainersReady'))
    return undefined;
  if (list(at(object, 'spec', 'readinessGates')).length > 0) return undefined;
  return finding('D92', 'Its node is silent', {
    tone: 'warn',
    cause:
      'The kubelet last said that the containers are ready; the node controller set the pod not ready since.',
    next: 'See the node.',
    steps: nodeStep(subject),
    evidence: [ofCondition(object, 'Ready'), ofCondition(object, 'ContainersReady')],
  });
}
