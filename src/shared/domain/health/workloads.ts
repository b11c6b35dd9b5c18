/** Deployments, ReplicaSets, StatefulSets, DaemonSets: D73-D81, D86-D91. Paused and scaled to 0 are states. */
import {
  at,
  cond,
  event,
  finding,
  isCond,
  link,
  list,
  name,
  namespace,
  number,
  ofCondition,
  ofEvent,
  open,
  seeEvents,
  word,
} from './read';
import type { Evidence, Finding, PodBrief, Step, Subject } from './types';

export function workloadFindings(subject: Subject): readonly Finding[] {
  const { object, kind } = subject;
  if (at(object, 'metadata', 'deletionTimestamp') !== undefined) return [];
  const create = cannotCreate(subject);
  const found = [
    create,
    stuck(subject),
    notObserved(subject),
    kind === 'statefulsets.apps' ? ordered(subject) : undefined,
    kind === 'daemonsets.apps' ? gaps(subject) : undefined,
  ];
  const all = found.filter((one): one is Finding => one !== undefined);
  const unready = all.length === 0 ? unavailable(subject) : undefined;
  const mixed = mixedVersions(subject);
  return [...all, ...(unready ? [unready] : []), ...(mixed ? [mixed] : []), ...states(subject)];
}

/** The pod that tells most: failing before not ready, newest first. */
export function worstPod(pods: readonly PodBrief[] | undefined): PodBrief | undefined {
  const rank = { bad: 3, warn: 2, progress: 1, idle: 0, ok: -1, done: -1 } as const;
  let worst: PodBrief | undefined;
  for (const pod of pods ?? []) {
    if (rank[pod.tone] < 0) continue;
    if (
      !worst ||
      rank[pod.tone] > rank[worst.tone] ||
      (rank[pod.tone] === rank[worst.tone] && (pod.created ?? 0) > (worst.created ?? 0))
    )
      worst = pod;
  }
  return worst;
}

export function podSteps(pod: PodBrief | undefined): readonly Step[] {
  return pod ? [open(`Open pod ${pod.name}`, link('pods', pod.namespace, pod.name))] : [];
}

export function podEvidence(pod: PodBrief | undefined): readonly Evidence[] {
  return pod ? [{ path: 'status', value: pod.words, of: link('pods', pod.namespace, pod.name) }] : [];
}

interface Denial {
  readonly rule: string;
  readonly what: string;
  readonly next: string;
  readonly link?: (found: RegExpExecArray, space: string) => Step;
}

const denials: readonly (readonly [RegExp, Denial])[] = [
  [
    /exceeded quota: ([\w.-]+)/,
    {
      rule: 'D86',
      what: 'quota $1 is used up',
      next: 'Free some of it, lower the requests or raise the quota.',
      link: (found, space) =>
        open(`Open quota ${found[1] ?? ''}`, link('resourcequotas', space, found[1] ?? '')),
    },
  ],
  [
    /must specify ([\w.,: -]+)/,
    {
      rule: 'D87',
      what: 'a quota asks for requests or limits that it does not set',
      next: 'Set them, or give the namespace defaults by a LimitRange.',
    },
  ],
  [
    /(?:maximum|minimum) .* usage per/,
    { rule: 'D88', what: 'a LimitRange forbids its size', next: 'Adjust the requests and limits.' },
  ],
  [
    /violates PodSecurity "([\w-]+)/,
    {
      rule: 'D89',
      what: 'Pod Security level $1 forbids it',
      next: 'Change what the message lists, or the level of the namespace.',
      link: (_found, space) => open(`Open namespace ${space}`, link('namespaces', '', space)),
    },
  ],
  [
    /admission webhook "([^"]+)" denied/,
    {
      rule: 'D90',
      what: 'webhook $1 denies it',
      next: 'The message is the webhook’s own: follow its policy.',
    },
  ],
  [
    /failed calling webhook "([^"]+)"/,
    { rule: 'D90', what: 'webhook $1 cannot be called', next: 'Check the pods and service of the webhook.' },
  ],
  [
    /serviceaccount "([^"]+)" not found/,
    {
      rule: 'D91',
      what: 'there is no service account $1',
      next: 'Create it, or correct serviceAccountName.',
    },
  ],
];

/** D74, told by the condition or by the newest event of it or its ReplicaSet; branches D86-D91. */
function cannotCreate(subject: Subject): Finding | undefined {
  const { object } = subject;
  const failure = cond(object, 'ReplicaFailure');
  const seen = event(subject, ['FailedCreate']);
  const isTold = failure?.['status'] === 'True';
  // A condition tells the present; an event only where fewer pods are there than wanted.
  if (!isTold && (!seen || !isShort(subject))) return undefined;
  const message = isTold ? word(failure['message']) : (seen?.message ?? '');
  const evidence = isTold ? ofCondition(object, 'ReplicaFailure') : ofEvent(seen!);
  for (const [pattern, denial] of denials) {
    const found = pattern.exec(message);
    if (!found) continue;
    const what = denial.what.replace('$1', () => found[1] ?? '');
    return finding(denial.rule, `Cannot create pods: ${what}`, {
      cause: message,
      next: denial.next,
      steps: denial.link ? [denial.link(found, namespace(object))] : [seeEvents],
      evidence: [evidence],
    });
  }
  return finding('D74', 'Cannot create pods', {
    cause: message,
    next: 'The message is the server’s: change what it names.',
    steps: [seeEvents],
    evidence: [evidence],
  });
}

function isShort({ object, kind }: Subject): boolean {
  const status = at(object, 'status');
  if (kind === 'daemonsets.apps')
    return number(at(status, 'currentNumberScheduled')) < number(at(status, 'desiredNumberScheduled'));
  return number(at(status, 'replicas')) < wanted(object);
}

function wanted(object: unknown): number {
  const replicas = at(object, 'spec', 'replicas');
  return replicas === undefined ? 1 : number(replicas);
}

/** D73 */
function stuck(subject: Subject): Finding | undefined {
  const { object, around } = subject;
  const progressing = cond(object, 'Progressing');
  if (progressing?.['status'] !== 'False' || progressing['reason'] !== 'ProgressDeadlineExceeded')
    return undefined;
  const worst = worstPod(around.pods);
  const updated = number(at(object, 'status', 'updatedReplicas'));
  const old = number(at(object, 'status', 'replicas')) - updated;
  return finding('D73', 'The rollout is stuck: its deadline has passed', {
    cause: worst ? `Pod ${worst.name}: ${worst.words}.` : word(progressing['message']),
    next: old > 0 ? 'Mend what keeps the new pods back, or roll back.' : 'Mend what keeps its pods back.',
    steps: [
      ...podSteps(worst),
      ...(old > 0 ? [{ do: 'command' as const, title: 'Roll back', id: 'action.rollback' as const }] : []),
    ],
    evidence: [ofCondition(object, 'Progressing'), ...podEvidence(worst)],
  });
}

/** D75, and the same for kinds without an Available condition. */
function unavailable(subject: Subject): Finding | undefined {
  const { object, around, kind } = subject;
  if (kind === 'daemonsets.apps') return undefined;
  const want = wanted(object);
  const ready = number(at(object, 'status', 'readyReplicas'));
  if (want === 0 || ready >= want) return undefined;
  const worst = worstPod(around.pods);
  // Pods on their way are progress, not a fault.
  if (worst && worst.tone === 'progress') return undefined;
  if (!worst && !isCond(object, 'Available', 'False')) return undefined;
  return finding('D75', `${ready} of ${want} pods ready`, {
    tone: ready === 0 ? 'bad' : 'warn',
    cause: worst ? `Pod ${worst.name}: ${worst.words}.` : word(cond(object, 'Available')?.['message']),
    next: 'Open the pod: its details tell the cause.',
    steps: podSteps(worst),
    evidence: [
      { path: 'status.readyReplicas', value: `${ready} of ${want}` },
      ...(cond(object, 'Available') ? [ofCondition(object, 'Available')] : []),
      ...podEvidence(worst),
    ],
  });
}

/** D76 */
function notObserved({ object }: Subject): Finding | undefined {
  const generation = at(object, 'metadata', 'generation');
  const observed = at(object, 'status', 'observedGeneration');
  if (typeof generation !== 'number' || number(observed) >= generation) return undefined;
  return finding('D76', 'Its controller has not seen the newest change yet', {
    tone: 'info',
    cause: 'This passes within seconds while the controller manager runs.',
    next: 'If it stays, check the controller manager.',
    evidence: [{ path: 'status.observedGeneration', value: `${number(observed)} of ${generation}` }],
  });
}

/** D77: an old revision still serves while the new one fails. */
function mixedVersions({ object, around }: Subject): Finding | undefined {
  const live = (around.revisions ?? []).filter((one) => (one.replicas?.[1] ?? 0) > 0);
  const current = live.find((one) => one.current);
  const old = live.find((one) => !one.current && (one.replicas?.[0] ?? 0) > 0);
  if (!current || !old || (current.replicas?.[0] ?? 0) > 0) return undefined;
  if (!isCond(object, 'Progressing', 'False')) return undefined;
  return finding('D77', `Revision ${old.number} still serves; revision ${current.number} does not come up`, {
    tone: 'warn',
    cause: `${old.images.join(', ')} runs, ${current.images.join(', ')} does not.`,
    next: 'Roll back, or mend the new revision.',
    steps: [{ do: 'command', title: 'Roll back', id: 'action.rollback' }],
    evidence: [old, current].map((one) => ({
      path: 'status.readyReplicas',
      value: String(one.replicas?.[0] ?? 0),
      of: link('replicasets.apps', namespace(object), one.name),
    })),
  });
}

/** D79, D80 */
function ordered({ object, around }: Subject): Finding | undefined {
  const policy = word(at(object, 'spec', 'podManagementPolicy')) || 'OrderedReady';
  const current = word(at(object, 'status', 'currentRevision'));
  const update = word(at(object, 'status', 'updateRevision'));
  const strategy = word(at(object, 'spec', 'updateStrategy', 'type'));
  const partition = number(at(object, 'spec', 'updateStrategy', 'rollingUpdate', 'partition'));
  const first = [...(around.pods ?? [])]
    .sort((a, b) => ordinal(a.name) - ordinal(b.name))
    .find((pod) => pod.tone === 'bad' || pod.tone === 'warn');
  if (
    first &&
    policy === 'OrderedReady' &&
    (number(at(object, 'status', 'replicas')) < wanted(object) || current !== update)
  )
    return finding('D79', `Blocked by ${first.name}: pods start one after the other`, {
      cause: `${first.name}: ${first.words}.`,
      next: 'Mend or delete that pod; the next ones follow.',
      steps: podSteps(first),
      evidence: [{ path: 'spec.podManagementPolicy', value: policy }, ...podEvidence(first)],
    });
  if (current !== update && (strategy === 'OnDelete' || partition > 0))
    return finding('D80', 'A new revision waits by design', {
      tone: 'info',
      cause:
        strategy === 'OnDelete'
          ? 'updateStrategy is OnDelete: pods get it when they are deleted.'
          : `Pods below partition ${partition} keep the old revision.`,
      next: strategy === 'OnDelete' ? 'Delete the pods one by one.' : 'Lower the partition to go on.',
      evidence: [{ path: 'status.updateRevision', value: `${update}, current ${current}` }],
    });
  return undefined;
}

function ordinal(pod: string): number {
  return Number(/-(\d+)$/.exec(pod)?.[1] ?? 0);
}

/** D81 */
function gaps({ object, around }: Subject): Finding | undefined {
  const desired = number(at(object, 'status', 'desiredNumberScheduled'));
  const ready = number(at(object, 'status', 'numberReady'));
  const misplaced = number(at(object, 'status', 'numberMisscheduled'));
  if (ready >= desired && misplaced === 0) return undefined;
  const worst = worstPod(around.pods);
  if (worst?.tone === 'progress' && misplaced === 0) return undefined;
  return finding(
    'D81',
    ready < desired
      ? `${ready} of ${desired} nodes ready`
      : `${misplaced} pods on nodes where none should run`,
    {
      tone: ready === 0 && desired > 0 ? 'bad' : 'warn',
      cause: worst ? `Pod ${worst.name} on ${worst.node}: ${worst.words}.` : '',
      next: 'Open the pod, or compare tolerations with the taints of nodes.',
      steps: podSteps(worst),
      evidence: [
        { path: 'status.numberReady', value: `${ready} of ${desired}` },
        { path: 'status.numberMisscheduled', value: String(misplaced) },
        ...podEvidence(worst),
      ],
    },
  );
}

/** Paused (D76) and scaled to zero (D78): states, said because somebody may have forgotten them. */
function states({ object, around }: Subject): readonly Finding[] {
  const found: Finding[] = [];
  if (at(object, 'spec', 'paused') === true)
    found.push(
      finding('D76', 'Paused: changes are not rolled out', {
        tone: 'info',
        next: 'Resume it when the change is complete.',
        steps: [{ do: 'command', title: 'Resume', id: 'action.resume' }],
        evidence: [{ path: 'spec.paused', value: 'true' }],
      }),
    );
  const scaler = (around.applies ?? []).find((one) => one.kind === 'horizontalpodautoscalers.autoscaling');
  if (at(object, 'spec', 'replicas') === 0 && scaler)
    found.push(
      finding('D78', 'Scaled to 0: its autoscaler is off until somebody scales it up', {
        tone: 'info',
        cause: whoSet(object),
        next: 'Scale it to 1 or more.',
        steps: [{ do: 'command', title: 'Scale', id: 'action.scale' }],
        evidence: [
          { path: 'spec.replicas', value: '0' },
          { path: name(object), value: scaler.words, of: scaler },
        ],
      }),
    );
  return found;
}

function whoSet(object: unknown): string {
  const owner = list(at(object, 'metadata', 'managedFields')).find(
    (one) => at(one, 'fieldsV1', 'f:spec', 'f:replicas') !== undefined,
  );
  const manager = word(owner?.['manager']);
  return manager === '' ? '' : `spec.replicas was last set by ${manager}.`;
}
